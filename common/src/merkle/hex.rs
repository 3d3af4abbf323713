//! Hashes as text: lower-case hexadecimal.

use super::Hash;

const DIGITS: &[u8; 16] = b"0123456789abcdef";

fn digit(value: u8) -> char {
    DIGITS.get(usize::from(value & 15)).map_or('0', |digit| char::from(*digit))
}

/// Bytes as text.
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(*byte)]).collect()
}

const fn value(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

/// A hash from its 64 digits.
#[must_use]
pub fn decode(text: &str) -> Option<Hash> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if pairs.len() != 32 || !rest.is_empty() {
        return None;
    }
    let mut hash = [0; 32];
    for (byte, [high, low]) in hash.iter_mut().zip(pairs) {
        *byte = value(*high)? << 4 | value(*low)?;
    }
    Some(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_survives_its_text_and_nothing_else_is_one() {
        let hash: Hash = std::array::from_fn(|at| u8::try_from(at * 7).unwrap_or_default());
        let text = encode(&hash);
        assert_eq!(decode(&text), Some(hash));
        for wrong in [&text[1..], &text.to_uppercase(), &format!("{text}00"), &text.replace('0', "g"), ""] {
            assert_eq!(decode(wrong), None, "{wrong}");
        }
    }
}
