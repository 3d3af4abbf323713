//! Check digits and check characters of GS1 keys (General Specifications 7.9).

/// The check digit that belongs behind these digits. None when one of them is no digit.
#[must_use]
pub fn check_digit(digits: &str) -> Option<char> {
    let mut sum = 0;
    for (index, character) in digits.chars().rev().enumerate() {
        let weight = if index % 2 == 0 { 3 } else { 1 };
        sum += character.to_digit(10)? * weight;
    }
    char::from_digit((10 - sum % 10) % 10, 10)
}

/// Whether the last of these digits is the check digit of those before it. Fits every numeric GS1
/// key: GTIN of 8, 12, 13 or 14 digits, GLN, SSCC, GRAI, GSRN.
#[must_use]
pub fn has_check_digit(digits: &str) -> bool {
    let mut characters = digits.chars();
    let last = characters.next_back();
    !characters.as_str().is_empty() && last.is_some() && check_digit(characters.as_str()) == last
}

/// The 82 characters of GS1 text in the order of their values.
const TEXT_ORDER: &str = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";

/// The 32 characters of a check pair in the order of their values.
const PAIR_ORDER: &str = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/// Weights from the right; a model number has at most 23 characters before its pair.
const WEIGHTS: [usize; 23] = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83];

/// The check pair that belongs behind the text of a global model number. None when a character is
/// outside the GS1 text set or there are more than 23.
#[must_use]
pub fn check_pair(text: &str) -> Option<String> {
    if text.len() > WEIGHTS.len() {
        return None;
    }
    let mut sum = 0;
    for (character, weight) in text.chars().rev().zip(WEIGHTS) {
        sum += TEXT_ORDER.find(character)? * weight;
    }
    let sum = sum % 1021;
    let character = |value: usize| PAIR_ORDER.chars().nth(value);
    Some([character(sum / 32)?, character(sum % 32)?].iter().collect())
}

/// Whether the last two characters are the check pair of those before them.
#[must_use]
pub fn has_check_pair(text: &str) -> bool {
    text.len()
        .checked_sub(2)
        .and_then(|length| text.split_at_checked(length))
        .is_some_and(|(body, pair)| check_pair(body).as_deref() == Some(pair))
}

/// Whether a character is in the GS1 text set.
#[must_use]
pub fn is_text_character(character: char) -> bool {
    TEXT_ORDER.contains(character)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_keys_have_their_check_digit() {
        for key in
            ["80614141123458", "106141412345678908", "24012345678905", "2112233789657", "416000336108", "02345680"]
        {
            assert!(has_check_digit(key), "{key}");
        }
        for key in ["80614141123459", "8061414112345X", "", "0"] {
            assert!(!has_check_digit(key), "{key}");
        }
    }

    #[test]
    fn known_model_numbers_have_their_check_pair() {
        for text in [
            "1987654Ad4X4bL5ttr2310c2K",
            "12345_ABCDEFGHIJKLMCP",
            "12345_!\"%&'()*+,-./LC",
            "99999zzzzzzzzzzzzzzzzzzT2",
            "22",
        ] {
            assert!(has_check_pair(text), "{text}");
        }
        for text in ["1987654Ad4X4bL5ttr2310cXK", "33", "2", "", "12345 A22", "钛合金"] {
            assert!(!has_check_pair(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn one_wrong_digit_is_always_found(digits in "[0-9]{13}", at in 0usize..14, step in 1u32..10) {
            let mut key: Vec<char> = digits.chars().collect();
            key.push(check_digit(&digits).unwrap());
            prop_assert!(has_check_digit(&key.iter().collect::<String>()));
            let digit = key[at].to_digit(10).unwrap();
            key[at] = char::from_digit((digit + step) % 10, 10).unwrap();
            prop_assert!(!has_check_digit(&key.iter().collect::<String>()));
        }
    }
}
