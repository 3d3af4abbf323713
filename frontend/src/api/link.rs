//! The link by which somebody without an account confirms a delivery: its token is what they have instead of a session.

use std::cell::RefCell;

use web_sys::Storage;

/// What the operations of whoever has a link begin with.
const LINKED: &str = "/linked-delivery";
/// Where the token is kept while its window is open.
const KEPT: &str = "hand-over";

thread_local! {
    static TOKEN: RefCell<Option<String>> = const { RefCell::new(None) };
}

fn storage() -> Option<Storage> {
    web_sys::window()?.session_storage().ok().flatten()
}

/// Takes the token out of an address's fragment, or else the one that was there before a reload. Whether the fragment
/// had one.
pub fn take(fragment: &str) -> bool {
    let told = token_of(fragment);
    if let Some(token) = told {
        TOKEN.set(Some(token.to_owned()));
        if let Some(storage) = storage() {
            // A browser that keeps nothing is no reason to stop: only a reload needs the link again.
            let _ = storage.set_item(KEPT, token);
        }
    } else if TOKEN.with_borrow(Option::is_none) {
        TOKEN.set(kept());
    }
    told.is_some()
}

fn kept() -> Option<String> {
    storage()?.get_item(KEPT).ok().flatten()
}

/// Forgets a token that has been used.
pub fn forget() {
    TOKEN.set(None);
    if let Some(storage) = storage() {
        let _ = storage.remove_item(KEPT);
    }
}

/// A header takes no other letters, and no token has them.
fn token_of(fragment: &str) -> Option<&str> {
    let token = fragment.trim_start_matches('#');
    (!token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic())).then_some(token)
}

/// What a request proves itself by where the operation is one of a link's: no other is told its token.
pub fn authorization(path: &str) -> Option<String> {
    path.strip_prefix(LINKED)?;
    TOKEN.with_borrow(|token| token.as_ref().map(|token| format!("Link {token}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_operations_of_a_link_are_told_its_token() {
        assert_eq!(authorization("/linked-delivery"), None);
        TOKEN.set(Some("abc".to_owned()));
        assert_eq!(authorization("/linked-delivery/confirmation").as_deref(), Some("Link abc"));
        assert_eq!(authorization("/portal/deliveries"), None);
    }

    #[test]
    fn a_fragment_is_a_token_only_when_a_header_can_carry_it() {
        assert_eq!(token_of("#0f3a-_Z"), Some("0f3a-_Z"));
        for fragment in ["", "#", "#a b", "#令牌", "#a\n"] {
            assert_eq!(token_of(fragment), None, "{fragment}");
        }
    }
}
