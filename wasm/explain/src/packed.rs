//! Values as bytes: a number is four of them, little endian; bytes and texts stand behind their length, the
//! items of a list behind their count.

use alloc::vec::Vec;

/// In place of a number or a length where there is none.
const ABSENT: u32 = u32::MAX;

/// What is left to read. What is not there is empty: the writer is this package's own.
pub(crate) struct Unpacked<'a> {
    rest: &'a [u8],
}

impl<'a> Unpacked<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    fn number(&mut self) -> usize {
        let Some((number, rest)) = self.rest.split_first_chunk() else {
            return 0;
        };
        self.rest = rest;
        u32::from_le_bytes(*number) as usize
    }

    pub(crate) fn bytes(&mut self) -> &'a [u8] {
        let length = self.number();
        let (bytes, rest) = self.rest.split_at_checked(length).unwrap_or_default();
        self.rest = rest;
        bytes
    }

    pub(crate) fn text(&mut self) -> &'a str {
        core::str::from_utf8(self.bytes()).unwrap_or_default()
    }

    pub(crate) fn list<T>(&mut self, mut item: impl FnMut(&mut Self) -> T) -> Vec<T> {
        (0..self.number()).map(|_| item(self)).collect()
    }
}

/// What was written so far.
pub(crate) struct Packed {
    bytes: Vec<u8>,
}

impl Packed {
    pub(crate) fn new() -> Self {
        Self { bytes: Vec::new() }
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    pub(crate) fn number(&mut self, number: usize) {
        self.maybe_number(Some(number));
    }

    pub(crate) fn maybe_number(&mut self, number: Option<usize>) {
        let number = number.map_or(ABSENT, |number| number as u32);
        self.bytes.extend(number.to_le_bytes());
    }

    pub(crate) fn flag(&mut self, flag: bool) {
        self.number(flag.into());
    }

    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        self.number(bytes.len());
        self.bytes.extend(bytes);
    }

    pub(crate) fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    pub(crate) fn maybe_text(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.text(text),
            None => self.maybe_number(None),
        }
    }

    pub(crate) fn texts(&mut self, texts: &[&str]) {
        texts.iter().for_each(|text| self.text(text));
    }
}
