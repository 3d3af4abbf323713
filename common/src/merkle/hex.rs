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

/// The value of a digit; of anything else, one beyond 15. A processor cannot foresee the digits of a hash, so nothing
/// is decided anew at each of them.
const fn value(digit: u8) -> u8 {
    let (number, letter) = (digit.wrapping_sub(b'0'), digit.wrapping_sub(b'a'));
    if number < 10 {
        number
    } else if letter < 6 {
        letter + 10
    } else {
        u8::MAX
    }
}

/// A hash from its 64 digits.
#[must_use]
pub fn decode(text: &str) -> Option<Hash> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if pairs.len() != 32 || !rest.is_empty() {
        return None;
    }
    let (mut hash, mut all) = ([0; 32], 0);
    for (byte, [high, low]) in hash.iter_mut().zip(pairs) {
        let (high, low) = (value(*high), value(*low));
        all |= high | low;
        *byte = high << 4 | low;
    }
    (all < 16).then_some(hash)
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
