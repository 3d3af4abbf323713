//! What a scanner types: it comes as keys, faster than a hand, with Ctrl+] for the GS1 separator.

use lotline_common::ledger::Capture;

/// The separator of GS1 element strings as scanners send it, and as it is shown: its own sign, ␝, is in few fonts.
pub const SEPARATOR: char = '\u{1d}';
const SEPARATOR_SHOWN: &str = "<GS>";

/// Hands need more than this for a character; scanners that type need less.
const SCANNER_MILLISECONDS: f64 = 50.0;

/// What a scan looks like to people: the separator would not be seen.
pub fn shown(raw: &str) -> String {
    raw.replace(SEPARATOR, SEPARATOR_SHOWN)
}

/// What a key means for the scan field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// A character.
    Character,
    /// The GS1 separator.
    Separator,
    /// The end of the scan.
    End,
    /// Nothing.
    Other,
}

impl Key {
    /// Reads a key. Ctrl with Alt is AltGr, which types characters.
    pub fn of(event: &web_sys::KeyboardEvent) -> Self {
        let key = event.key();
        let command = event.meta_key() || (event.ctrl_key() && !event.alt_key());
        match key.as_str() {
            "Enter" => Self::End,
            "]" if event.ctrl_key() && !event.alt_key() && !event.meta_key() => Self::Separator,
            _ if key.chars().count() == 1 && !command => Self::Character,
            _ => Self::Other,
        }
    }
}

/// How what stands in the scan field was typed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Typing {
    characters: u32,
    first: f64,
    last: f64,
}

impl Typing {
    /// Counts a key at a time in milliseconds.
    pub fn key(&mut self, key: Key, at: f64) {
        match key {
            Key::Character | Key::Separator => {
                if self.characters == 0 {
                    self.first = at;
                }
                self.characters += 1;
                self.last = at;
            }
            Key::End => self.last = at,
            Key::Other => {}
        }
    }

    /// By which way a scan came: a scanner typed all of it, faster than a hand. What was pasted or
    /// corrected came by hand.
    pub fn capture(&self, raw: &str) -> Capture {
        let whole =
            u32::try_from(raw.chars().count()).is_ok_and(|characters| characters > 0 && characters == self.characters);
        let fast = self.last - self.first <= SCANNER_MILLISECONDS * f64::from(self.characters);
        if whole && fast { Capture::Wedge } else { Capture::Manual }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(raw: &str, milliseconds: f64) -> Typing {
        let mut typing = Typing::default();
        let mut at = 1000.0;
        for character in raw.chars() {
            typing.key(if character == SEPARATOR { Key::Separator } else { Key::Character }, at);
            at += milliseconds;
        }
        typing.key(Key::End, at);
        typing
    }

    #[test]
    fn a_scanner_is_told_from_a_hand_by_its_speed() {
        let raw = "]d20106901234567892\u{1d}10TI-1";
        assert_eq!(typed(raw, 8.0).capture(raw), Capture::Wedge);
        assert_eq!(typed(raw, 90.0).capture(raw), Capture::Manual);
    }

    #[test]
    fn what_was_not_typed_key_by_key_came_by_hand() {
        assert_eq!(Typing::default().capture("TI-1"), Capture::Manual);
        assert_eq!(typed("TI-", 8.0).capture("TI-1"), Capture::Manual);
    }

    #[test]
    fn the_separator_is_shown() {
        assert_eq!(shown("10A\u{1d}37 2"), "10A<GS>37 2");
    }
}
