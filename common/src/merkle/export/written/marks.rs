//! Where the texts of a line end: all quotes and escapes, found in one pass before the line is walked through. An event
//! has hundreds of texts, most of them of a few bytes, and to begin a search at each takes longer than to look at every
//! byte once, eight at a time and with nothing to be decided at any of them.

/// Bytes that a word tells of: a bit for each, the first the lowest.
const BLOCK: usize = 64;
const HIGHEST: u64 = each(0x80);
const REST: u64 = each(0x7f);
/// Brings the highest bits of eight bytes together in one byte, the highest, when they are multiplied by it. No two of
/// the products meet, so that nothing is carried.
const GATHER: u64 = 0x0002_0408_1020_4081;

const fn each(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; 8])
}

/// The bytes of a line at which a text does not just go on: quotes, escapes, and control characters, which no text has.
pub(super) struct Marks(Vec<u64>);

impl Marks {
    /// Marks a line.
    pub(super) fn of(line: &[u8]) -> Self {
        let (blocks, rest) = line.as_chunks::<BLOCK>();
        let mut words = Vec::with_capacity(blocks.len() + 2);
        words.extend(blocks.iter().map(word));
        // Nothing is marked behind the end.
        let mut last = [b' '; BLOCK];
        for (byte, from) in last.iter_mut().zip(rest) {
            *byte = *from;
        }
        words.extend([word(&last), 0]);
        Self(words)
    }

    /// The first of them from a place on.
    #[inline]
    pub(super) fn next(&self, mut from: usize) -> Option<usize> {
        loop {
            let (place, within) = (from / BLOCK, from % BLOCK);
            let &[word, after, ..] = self.0.get(place..)? else { return None };
            // As many bytes as a word tells of, from this one on: they lie in two words.
            let ahead = word >> within | after << 1 << (BLOCK - 1 - within);
            if ahead != 0 {
                return Some(from + usize::try_from(ahead.trailing_zeros()).ok()?);
            }
            from += BLOCK;
        }
    }
}

fn word(block: &[u8; BLOCK]) -> u64 {
    let (eights, _) = block.as_chunks::<8>();
    let gathered = |eight: &[u8; 8]| marked(u64::from_le_bytes(*eight)).wrapping_mul(GATHER) >> 56;
    eights.iter().rev().fold(0, |word, eight| word << 8 | gathered(eight))
}

/// The highest bit of each of eight bytes that is marked. No sum goes beyond its byte.
const fn marked(eight: u64) -> u64 {
    // With this bit turned the quote comes next to the control characters, and everything else behind it.
    let turned = eight ^ each(b'"' ^ b' ');
    let is_behind = ((turned & REST) + each(0x7f - b' ')) | turned;
    let differing = eight ^ each(b'\\');
    let is_other = ((differing & REST) + REST) | differing;
    !(is_behind & is_other) & HIGHEST
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;

    /// Bytes that differ in one bit from those that are marked, and the least and the greatest.
    const ALIKE: &[u8] = &[0, 0x1f, b' ', b'!', b'"', b'#', b'[', b'\\', b']', b'a', 0x7f, 0x80, 0xa2, 0xdc, u8::MAX];

    fn is_marked(byte: u8) -> bool {
        matches!(byte, b'"' | b'\\' | ..b' ')
    }

    /// Compares what is found from every place on with what is found byte by byte.
    fn compare(line: &[u8]) {
        let marks = Marks::of(line);
        for from in 0..=line.len() {
            let found = line[from..].iter().position(|byte| is_marked(*byte));
            assert_eq!(marks.next(from), found.map(|many| from + many), "{from} of {line:?}");
        }
    }

    #[test]
    fn every_byte_is_marked_or_not_whatever_stands_beside_it() {
        for byte in u8::MIN..=u8::MAX {
            for beside in ALIKE {
                compare(&[*beside, byte, *beside, byte, byte, *beside, *beside, *beside, byte]);
            }
        }
    }

    #[test]
    fn an_end_is_found_at_every_place_of_every_length() {
        for length in 0..=3 * BLOCK {
            let plain = vec![b'a'; length];
            assert_eq!(Marks::of(&plain).next(0), None, "{length}");
            for place in 0..length {
                let mut line = plain.clone();
                line[place] = b'"';
                let marks = Marks::of(&line);
                assert_eq!((marks.next(0), marks.next(place)), (Some(place), Some(place)), "{length}");
                assert_eq!(marks.next(place + 1), None, "{length}");
            }
        }
    }

    #[test]
    fn nothing_is_found_from_beyond_the_end() {
        assert_eq!(Marks::of(b"\"").next(1000), None);
    }

    proptest! {
        #[test]
        fn all_ends_are_found_in_any_bytes(line in vec(prop_oneof![3 => Just(b'a'), 1 => any::<u8>()], 0..300)) {
            compare(&line);
        }

        #[test]
        fn all_ends_are_found_among_what_is_like_them(line in vec(select(ALIKE), 0..100)) {
            compare(&line);
        }
    }
}
