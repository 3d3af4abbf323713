//! The check character of HIBC codes: the sum of all character values modulo 43.

const ORDER: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%";

/// Whether HIBC codes may hold a character.
#[must_use]
pub fn is_hibc_character(character: char) -> bool {
    ORDER.contains(character)
}

/// The check character that belongs behind a text. None when a character is outside the alphabet.
#[must_use]
pub fn check_character(text: &str) -> Option<char> {
    let mut sum = 0;
    for character in text.chars() {
        sum += ORDER.find(character)?;
    }
    ORDER.chars().nth(sum % 43)
}
