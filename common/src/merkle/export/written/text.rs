//! Where a text ends. Most texts of a record are shorter than what calling a search for long ones takes.

use memchr::memchr2;

/// Bytes that are looked at at once.
const WORD: usize = 8;
/// Words that are looked at one after the other, before a search for long texts goes on.
const WORDS: usize = 6;
/// One in each byte.
const ONES: u64 = u64::from_ne_bytes([1; WORD]);
/// The highest bit of each byte.
const HIGHEST: u64 = u64::from_ne_bytes([0x80; WORD]);
const QUOTES: u64 = u64::from_ne_bytes([b'"'; WORD]);
const ESCAPES: u64 = u64::from_ne_bytes([b'\\'; WORD]);

/// Bytes before the first quote or escape.
pub(super) fn end(bytes: &[u8]) -> Option<usize> {
    let (words, _) = bytes.as_chunks::<WORD>();
    let mut passed = 0;
    for word in words.iter().take(WORDS) {
        let word = u64::from_le_bytes(*word);
        let found = zeros(word ^ QUOTES) | zeros(word ^ ESCAPES);
        if found != 0 {
            return Some(passed + usize::try_from(found.trailing_zeros()).ok()? / WORD);
        }
        passed += WORD;
    }
    Some(passed + memchr2(b'"', b'\\', bytes.get(passed..)?)?)
}

/// The highest bit of each byte that is zero. A byte of one behind a zero, which lends to it, is marked too: so only the
/// first mark counts.
const fn zeros(word: u64) -> u64 {
    word.wrapping_sub(ONES) & !word & HIGHEST
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;

    fn found(bytes: &[u8]) -> Option<usize> {
        bytes.iter().position(|byte| matches!(byte, b'"' | b'\\'))
    }

    #[test]
    fn an_end_is_found_at_every_place_of_every_length() {
        for length in 0..100 {
            assert_eq!(end(&vec![b'a'; length]), None);
            for place in 0..length {
                for mark in [b'"', b'\\'] {
                    let mut bytes = vec![b'a'; length];
                    bytes.iter_mut().skip(place).for_each(|byte| *byte = mark);
                    assert_eq!(end(&bytes), Some(place), "{length}");
                }
            }
        }
    }

    proptest! {
        // Bytes that differ from what is looked for in one bit, or are the lowest and the highest.
        #[test]
        fn the_first_end_is_found_whatever_stands_around_it(
            bytes in vec(select(vec![0, 1, b'!', b'"', b'#', b'[', b'\\', b']', 0x7f, 0x80, 0xa2, 0xdc, 0xff]), 0..80)
        ) {
            prop_assert_eq!(end(&bytes), found(&bytes));
        }
    }
}
