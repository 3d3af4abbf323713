//! Reading a dropped file in parts. Only a worker may wait for them.

use std::io::{Error, Read, Result, Seek, SeekFrom};

use js_sys::Uint8Array;
use wasm_bindgen::JsValue;
use web_sys::{Blob, FileReaderSync};

/// A file, from some place on.
pub struct BlobReader {
    blob: Blob,
    reader: FileReaderSync,
    place: u64,
    size: u64,
}

/// Sizes and places of files are numbers of JavaScript, exact far beyond any file.
#[expect(clippy::as_conversions, reason = "a size in JavaScript is a float without a fraction")]
const fn whole(number: f64) -> u64 {
    number as u64
}

#[expect(clippy::as_conversions, reason = "a place in JavaScript is a float without a fraction")]
const fn number(whole: u64) -> f64 {
    whole as f64
}

impl BlobReader {
    /// A file from its beginning; nothing where files cannot be read.
    pub fn new(blob: &Blob) -> Option<Self> {
        let size = whole(blob.size());
        Some(Self { blob: blob.clone(), reader: FileReaderSync::new().ok()?, place: 0, size })
    }
}

fn broken(_: JsValue) -> Error {
    Error::other("the file cannot be read")
}

impl Read for BlobReader {
    fn read(&mut self, out: &mut [u8]) -> Result<usize> {
        let wanted = u64::try_from(out.len()).unwrap_or(u64::MAX);
        let end = self.size.min(self.place.saturating_add(wanted));
        let part = self.blob.slice_with_f64_and_f64(number(self.place), number(end)).map_err(broken)?;
        let buffer = self.reader.read_as_array_buffer(&part).map_err(broken)?;
        let bytes = Uint8Array::new(&buffer);
        let read = usize::try_from(bytes.length()).map_err(Error::other)?;
        if let Some(out) = out.get_mut(..read) {
            bytes.copy_to(out);
        }
        self.place = end.max(self.place);
        Ok(read)
    }
}

impl Seek for BlobReader {
    fn seek(&mut self, to: SeekFrom) -> Result<u64> {
        let place = match to {
            SeekFrom::Start(place) => Some(place),
            SeekFrom::End(by) => self.size.checked_add_signed(by),
            SeekFrom::Current(by) => self.place.checked_add_signed(by),
        };
        self.place = place.ok_or(std::io::ErrorKind::InvalidInput)?;
        Ok(self.place)
    }
}
