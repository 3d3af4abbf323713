//! Which statements of lists the connections keep prepared.
//!
//! Planning a list through views and walls takes as long as running it, or longer. But a list has many texts, one for each
//! set of filters, order and page size, and a plan that is kept holds about half a megabyte on every connection. So those are
//! kept that are asked for again and again, up to a number.

use std::collections::{HashMap, HashSet};
use std::sync::{LazyLock, Mutex, PoisonError};

/// Statements that are kept at most.
const KEPT: usize = 32;
/// So often is one asked for before it is kept.
const OFTEN: u32 = 3;
/// Texts that are counted at most; then counting begins anew.
const COUNTED: usize = 1_000;

static TEXTS: LazyLock<Mutex<Texts>> = LazyLock::new(Mutex::default);

/// The texts that were asked for.
#[derive(Debug, Default)]
struct Texts {
    counted: HashMap<String, u32>,
    kept: HashSet<String>,
}

impl Texts {
    fn ask(&mut self, text: &str) -> bool {
        if self.kept.contains(text) || self.kept.len() >= KEPT {
            return self.kept.contains(text);
        }
        if self.counted.len() >= COUNTED {
            self.counted.clear();
        }
        let count = self.counted.entry(text.to_owned()).or_default();
        *count += 1;
        if *count < OFTEN {
            return false;
        }
        self.counted.remove(text);
        self.kept.insert(text.to_owned())
    }
}

/// Whether the statement of this text is kept, now that it is asked for once more.
pub fn is_kept(text: &str) -> bool {
    TEXTS.lock().unwrap_or_else(PoisonError::into_inner).ask(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_again_and_again_is_kept() {
        let mut texts = Texts::default();
        assert_eq!([1, 2, 3, 4].map(|_| texts.ask("orders")), [false, false, true, true]);
        assert!(!texts.ask("orders of one subcontractor"));
    }

    #[test]
    fn no_more_than_so_many_are_kept_whatever_is_asked_for() {
        let mut texts = Texts::default();
        for text in (0..2_000).map(|number| number.to_string()) {
            for _ in 0..OFTEN {
                texts.ask(&text);
            }
        }
        assert_eq!(texts.kept.len(), KEPT);
        assert!(texts.ask("0") && !texts.ask("1999") && texts.counted.len() <= COUNTED);
    }

    #[test]
    fn texts_that_come_once_do_not_pile_up() {
        let mut texts = Texts::default();
        for text in (0..5_000).map(|number| number.to_string()) {
            texts.ask(&text);
        }
        assert!(texts.kept.is_empty() && texts.counted.len() <= COUNTED);
    }
}
