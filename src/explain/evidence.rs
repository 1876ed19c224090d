use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Serialize, Serializer};

use super::cause::{Cause, Fault};
use super::secret::forms;
use super::visible::show;

/// What speaks for an explanation. It holds no secret, and no valid signature but what
/// [`Options::reveal_expected`](super::Options::reveal_expected) asked for; of the payload it shows short
/// pieces, unless [`Options::reveal_signed`](super::Options::reveal_signed) asked for it.
#[derive(Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Evidence {
    /// Whether the signature itself proves the cause: with what is named undone, it verifies. Where it is
    /// false the cause is what the delivery looks like, and no more.
    pub proven: bool,
    /// The code of the error that verification gives, if it gives one.
    pub code: Option<&'static str>,
    /// The name of the scheme that fits, or of that which was tried first.
    pub provider: String,
    /// Which of the hook's secrets fits, counted from zero; `None` where none does.
    pub secret_index: Option<usize>,
    /// Everything that is wrong. The first is the cause; a second is there where two faults meet.
    pub faults: Vec<Finding>,
    /// Where the payload received first differs from the one that was signed.
    pub difference: Option<Difference>,
    /// The content that was signed, if that is known, else the one that would have to be: its beginning.
    pub content: String,
    /// How old the signature is, in words, where the timestamp is known.
    pub age: Option<String>,
    /// The signature that the payload received would need: a valid signature, for whoever holds it. Only
    /// where it was asked for.
    pub expected: Option<String>,
    /// What was signed, where the signature proves it and it was asked for.
    pub signed: Option<Signed>,
    /// What was tried and does not fit. Empty where the cause is proven.
    pub ruled_out: Vec<&'static str>,
    /// How many MACs were made, of at most [`MAX_MACS`](super::MAX_MACS).
    pub macs_tried: usize,
    /// Whether everything there is to try was tried. False where a bound was reached before.
    pub complete: bool,
}

/// Shows what was found, and neither a valid signature nor what was signed.
impl core::fmt::Debug for Evidence {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Evidence")
            .field("proven", &self.proven)
            .field("code", &self.code)
            .field("provider", &self.provider)
            .field("secret_index", &self.secret_index)
            .field("faults", &self.faults)
            .field("complete", &self.complete)
            .finish_non_exhaustive()
    }
}

/// One thing that is wrong.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// Its code.
    pub cause: Cause,
    /// It, in a sentence.
    pub message: String,
    /// What to do about it.
    pub fix: &'static str,
}

/// Where two payloads part, with what stands around in each. Invisible characters are made visible.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Difference {
    /// How many bytes are the same from the start.
    pub offset_bytes: usize,
    /// The payload received, around that place.
    pub received: String,
    /// The payload that was signed, around the same place.
    pub signed: String,
    /// How long the payload received is.
    pub received_bytes: usize,
    /// How long the payload that was signed is.
    pub signed_bytes: usize,
}

/// What was signed, whole, and its signature as it came: whoever verifies by hand what an explanation says, or
/// puts the delivery right, needs no search of their own.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Signed {
    /// The payload.
    #[serde(serialize_with = "bytes")]
    pub payload: Vec<u8>,
    /// The timestamp's text, where one was signed.
    pub timestamp: Option<String>,
    /// The id from the headers, where one was signed.
    pub id: Option<String>,
    /// The signature that came, decoded: fewer than 32 bytes where it was cut off.
    #[serde(serialize_with = "bytes")]
    pub tag: Vec<u8>,
}

impl core::fmt::Debug for Signed {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Signed").field("timestamp", &self.timestamp).finish_non_exhaustive()
    }
}

fn bytes<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_bytes(bytes)
}

/// How much of a payload is shown before and from where it differs, and how much of a content.
const SHOWN_BEFORE_BYTES: usize = 16;
const SHOWN_BYTES: usize = 24;
const SHOWN_CONTENT_BYTES: usize = 96;

/// The fewest bytes of a secret that are looked for in what is shown.
const MIN_REDACTED_BYTES: usize = 4;

impl From<&Fault> for Finding {
    fn from(fault: &Fault) -> Self {
        let fix = fault.fix.unwrap_or_else(|| fault.cause.fix());
        Self { cause: fault.cause, message: fault.message(), fix }
    }
}

/// Shows bytes, without the secrets that may be among them, in whichever form they are the sender's.
pub(crate) struct Redactor {
    hidden: Vec<Vec<u8>>,
}

impl Redactor {
    pub(crate) fn new(secrets: &[&[u8]]) -> Self {
        let mut hidden = Vec::new();
        for form in secrets.iter().flat_map(|secret| forms(secret)) {
            if form.len() >= MIN_REDACTED_BYTES && !hidden.contains(&form) {
                hidden.push(form);
            }
        }
        Self { hidden }
    }

    pub(crate) fn difference(&self, received: &[u8], signed: &[u8]) -> Difference {
        let same = received.iter().zip(signed).take_while(|(left, right)| left == right).count();
        Difference {
            offset_bytes: same,
            received: self.around(received, same),
            signed: self.around(signed, same),
            received_bytes: received.len(),
            signed_bytes: signed.len(),
        }
    }

    pub(crate) fn content(&self, parts: [&[u8]; 3]) -> String {
        let [before, payload, after] = parts;
        let shown = payload.len().min(SHOWN_CONTENT_BYTES);
        let left = payload.len().saturating_sub(shown);
        let more = if left > 0 { format!("… ({left} more bytes)") } else { String::new() };
        let [before, payload, after] =
            [(before, before.len()), (payload, shown), (after, after.len())]
                .map(|(bytes, end)| self.visible(bytes, 0, end));
        format!("{before}{payload}{more}{after}")
    }

    fn around(&self, bytes: &[u8], at: usize) -> String {
        let start = at.saturating_sub(SHOWN_BEFORE_BYTES);
        let end = at.saturating_add(SHOWN_BYTES).min(bytes.len());
        let shown = self.visible(bytes, start, end);
        let (head, tail) =
            (if start > 0 { "…" } else { "" }, if end < bytes.len() { "…" } else { "" });
        format!("{head}{shown}{tail}")
    }

    /// Some bytes as text: what cannot be seen is escaped, a space is a dot, a byte that is no text is its
    /// hex. A secret among them is stars, also where only a part of it is shown.
    fn visible(&self, bytes: &[u8], start: usize, end: usize) -> String {
        let longest = self.hidden.iter().map(|secret| secret.len()).max().unwrap_or(0);
        let (wide_start, wide_end) =
            (start.saturating_sub(longest), end.saturating_add(longest).min(bytes.len()));
        let mut wide = Vec::from(bytes.get(wide_start..wide_end).unwrap_or_default());
        // All are found before one is covered: one may be a part of another.
        let mut found = Vec::new();
        for secret in &self.hidden {
            for (at, window) in wide.windows(secret.len()).enumerate() {
                if window == *secret {
                    found.push(at..at.saturating_add(secret.len()));
                }
            }
        }
        for place in found {
            wide.get_mut(place).unwrap_or_default().fill(b'*');
        }
        let mut shown = String::new();
        wide.truncate(end.saturating_sub(wide_start));
        let narrow = wide.get(start.saturating_sub(wide_start)..).unwrap_or_default();
        for chunk in narrow.utf8_chunks() {
            chunk.valid().chars().for_each(|c| show(c, &mut shown));
            chunk.invalid().iter().for_each(|byte| shown.push_str(&format!("\\x{byte:02x}")));
        }
        shown
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::visible::visible;
    use crate::invisible::is_invisible;

    #[test]
    fn what_cannot_be_seen_is_shown_and_secrets_are_not() {
        let redactor = Redactor::new(&[b"hunter22"]);
        let difference = redactor.difference(b"{\"a\": 1}\r\n", b"{\"a\":1}");
        assert_eq!(difference.offset_bytes, 5);
        assert_eq!(difference.received, "{\"a\":·1}\\r\\n");
        assert_eq!(difference.signed, "{\"a\":1}");
        let bytes = b"\xef\xbb\xbf\xff hunter22\t";
        assert_eq!(redactor.visible(bytes, 0, bytes.len()), "\\u{feff}\\xff·********\\t");
        assert_eq!(redactor.visible(bytes, 6, 9), "***");
    }

    #[test]
    fn every_invisible_character_is_escaped_and_no_other() {
        let redactor = Redactor::new(&[]);
        // Above plane 3 there is one range, of which some will do.
        let is_tried = |c: &char| *c != ' ' && (*c < '\u{40000}' || u32::from(*c) % 251 == 0);
        let all: Vec<char> = ('\0'..=char::MAX).filter(is_tried).collect();
        for some in all.chunks(4096) {
            let text: String = some.iter().collect();
            let mut escaped = String::new();
            for c in some {
                match c {
                    '\n' => escaped.push_str("\\n"),
                    '\r' => escaped.push_str("\\r"),
                    '\t' => escaped.push_str("\\t"),
                    c if is_invisible(*c) => escaped.extend(c.escape_unicode()),
                    c => escaped.push(*c),
                }
            }
            assert!(
                redactor.visible(text.as_bytes(), 0, text.len()) == escaped,
                "{:?}",
                some.first()
            );
            assert!(visible(&text) == escaped, "{:?}", some.first());
        }
        assert_eq!(visible("a b"), "a b");
    }

    #[test]
    fn a_secret_is_hidden_in_every_form_and_whatever_other_secret_is_a_part_of_it() {
        for secret in [
            "\"acme-top1\"",
            "HOOK_SECRET=acme-top1 # of the test account",
            "export A='acme-top1'",
            "\u{a0}acme-top1\u{feff}",
            "acme%2Dtop1",
            "acme-top1acme-top1",
        ] {
            let redactor = Redactor::new(&[b"acme", secret.as_bytes()]);
            assert_eq!(redactor.visible(b"{acme-top1}", 0, 11), "{*********}", "{secret:?}");
        }
    }
}
