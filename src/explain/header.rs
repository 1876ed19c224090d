//! Where tags stand in the headers, and how they are written, whatever the scheme says.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

use super::cause::{Cause, Fault};
use super::encoding::{Space, from_base64, from_hex, from_percent};
use crate::crypto::{Encoding, Tag};
use crate::scheme::{Layout, Scheme};
use crate::signature::Candidates;

/// The most headers, bytes of a value and tags that are looked at.
pub(super) const MAX_HEADERS: usize = 200;
const MAX_VALUE_BYTES: usize = 8192;
const MAX_OFFERED: usize = 128;

/// Bytes in some header that are a tag, or the beginning of one.
pub(crate) struct Offered {
    header: usize,
    at: Range<usize>,
    bytes: Vec<u8>,
    encoding: Encoding,
    /// Whether the place is one in what the header was before it went through a URL.
    from_url: bool,
}

/// A header as text, if its value is text.
pub(crate) type Texts<'d> = Vec<(&'d str, &'d str)>;

/// The headers that are text, up to a bound, which does not hold for those that the scheme reads.
pub(crate) fn texts<'d>(scheme: &Scheme<'_>, headers: &[(&'d str, &'d [u8])]) -> Texts<'d> {
    let due = [Some(scheme.signature_header()), scheme.timestamp_header(), scheme.id_header()];
    let is_due = |name: &str| due.iter().flatten().any(|due| due.name.eq_ignore_ascii_case(name));
    let mut texts = Vec::new();
    for (at, (name, value)) in headers.iter().enumerate() {
        let value = value.get(..MAX_VALUE_BYTES).unwrap_or(value);
        if let (Ok(value), true) = (core::str::from_utf8(value), at < MAX_HEADERS || is_due(name)) {
            texts.push((*name, value));
        }
    }
    texts.truncate(2 * MAX_HEADERS);
    texts
}

/// Every tag that stands anywhere in the headers; in the scheme's own header also beginnings of tags, and those that
/// went through a URL.
pub(crate) fn offered(scheme: &Scheme<'_>, headers: &Texts<'_>) -> Vec<Offered> {
    let (mut whole, mut parts) = (Vec::new(), Vec::new());
    for (header, (name, value)) in headers.iter().enumerate() {
        let own = name.eq_ignore_ascii_case(scheme.signature.name);
        let decoded = if own { decoded(value) } else { String::new() };
        for (text, from_url) in [(*value, false), (&decoded, true)] {
            for encoding in [Encoding::Hex, Encoding::Base64] {
                let is_part = if encoding == Encoding::Hex { hex_digit } else { base64_digit };
                for at in runs(text, is_part) {
                    let run = text.get(at.clone()).unwrap_or_default();
                    let Some(bytes) = decode(run, encoding) else {
                        continue;
                    };
                    let found = match bytes.len() {
                        32 => &mut whole,
                        8..32 if own => &mut parts,
                        _ => continue,
                    };
                    found.push(Offered { header, at, bytes, encoding, from_url });
                }
            }
        }
    }
    // Whole tags first: a beginning is looked for only where there is no whole one.
    whole.extend(parts);
    whole.truncate(MAX_OFFERED);
    whole
}

/// The value before it went through a URL, as far as a tag goes: there percent signs stand for bytes, and a plus sign
/// may have become a space.
fn decoded(value: &str) -> String {
    let decoded = from_percent(value.as_bytes(), Space::Percent);
    let mut decoded = decoded.unwrap_or_else(|| value.into());
    decoded.iter_mut().filter(|byte| **byte == b' ').for_each(|byte| *byte = b'+');
    String::from_utf8(decoded).unwrap_or_default()
}

fn hex_digit(byte: &u8) -> bool {
    byte.is_ascii_hexdigit()
}

fn base64_digit(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_')
}

fn decode(text: &str, encoding: Encoding) -> Option<Vec<u8>> {
    match encoding {
        Encoding::Hex => {
            from_hex(text.get(..text.len() & !1)?.as_bytes()).filter(|_| text.len() <= 64)
        }
        Encoding::Base64 if matches!(text.len(), 11..=43) => {
            // What was cut off in the middle of four characters is read up to them.
            let whole = text.get(..if text.len() == 43 { 43 } else { text.len() & !3 })?;
            from_base64(whole.as_bytes())
        }
        Encoding::Base64 => None,
    }
}

/// The longest runs of such bytes.
fn runs(text: &str, is_part: fn(&u8) -> bool) -> Vec<Range<usize>> {
    let (mut runs, mut at) = (Vec::new(), 0_usize);
    for run in text.as_bytes().split(|byte| !is_part(byte)) {
        let end = at.saturating_add(run.len());
        if !run.is_empty() {
            runs.push(at..end);
        }
        at = end.saturating_add(1);
    }
    runs
}

impl Offered {
    pub(crate) fn matches(&self, tag: &Tag) -> bool {
        tag.begins_with(&self.bytes)
    }

    /// The tag's bytes as they came: its beginning, where that is all that came.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What is wrong with how the scheme's sender would have written the tag; `None` where nothing is. Where the content
    /// is the scheme's own, its timestamp stands in the same header and must be readable there, too.
    pub(crate) fn fault(
        &self,
        scheme: &Scheme<'_>,
        headers: &Texts<'_>,
        tag: &Tag,
        is_own_content: bool,
    ) -> Option<Fault> {
        let (name, value) = headers.get(self.header)?;
        let due = scheme.signature.name;
        if !name.eq_ignore_ascii_case(due) {
            return Some(Fault::new(
                Cause::RenamedHeader,
                format!(
                    "the signature is right but stands in another header: in {name}, and not in {due}"
                ),
            ));
        }
        let copies = headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case(due)).count();
        if copies > 1 {
            return Some(Fault::new(
                Cause::RepeatedHeader,
                format!("the {due} header came {copies} times"),
            ));
        }
        let mut candidates = Candidates::none();
        let timestamp = candidates.read(scheme, trim(value).as_bytes());
        let is_read = timestamp.is_some() || scheme.field().is_none() || !is_own_content;
        if is_read && candidates.usable().is_some_and(|tags| tag.is_one_of(tags)) {
            return None;
        }
        Some(self.shape(scheme, value))
    }

    fn shape(&self, scheme: &Scheme<'_>, value: &str) -> Fault {
        let before = value.get(..self.at.start).unwrap_or_default();
        let after = value.get(self.at.end..).unwrap_or_default();
        let text = value.get(self.at.clone()).unwrap_or_default();
        let fault = |cause, what| Fault::new(cause, what);
        let layout = "the tag is there, among characters the scheme does not have";
        if self.from_url {
            let what = "it is percent-encoded, or a plus sign of it became a space";
            return fault(Cause::SignatureEncoding, what);
        }
        if self.bytes.len() < 32 {
            let rest = match scheme.signature.layout {
                Layout::List { separator, .. } => after.split(separator).next(),
                _ => Some(after),
            };
            // What goes on after a sign that no tag has was not cut off.
            if rest.is_some_and(|rest| rest.bytes().any(|byte| base64_digit(&byte))) {
                return fault(Cause::SignatureLayout, layout);
            }
            return Fault::new(
                Cause::SignatureTruncated,
                format!("{} characters of it are here", text.len()),
            );
        }
        let due = scheme.encoding;
        if self.encoding != due {
            return Fault::new(
                Cause::SignatureEncoding,
                format!("it came as {}, and {} is due", self.encoding.name(), due.name()),
            );
        }
        let url = text.bytes().any(|byte| matches!(byte, b'-' | b'_'));
        if due == Encoding::Base64 && (url || !after.starts_with('=')) {
            let what = if url {
                "it came as base64url, and standard base64 is due"
            } else {
                "its padding (=) is missing"
            };
            return fault(Cause::SignatureEncoding, what);
        }
        let value = value.trim();
        if value.starts_with(['"', '\'']) || value.ends_with(['"', '\'']) {
            return fault(Cause::SignatureQuoted, "");
        }
        let (list, joined) = match scheme.signature.layout {
            // A list has commas of its own, but its timestamp once.
            Layout::List { separator, assign, .. } => {
                let names = value.split(separator).map(|entry| entry.trim().split(assign).next());
                (true, names.filter(|name| *name == scheme.field()).count() > 1)
            }
            _ => (false, value.bytes().any(|byte| byte == b',')),
        };
        if joined {
            return fault(Cause::SignatureJoined, "a comma stands between them");
        }
        match prefix_fault(scheme, before, list) {
            Some(what) => Fault::new(Cause::SignaturePrefix, what),
            None => fault(Cause::SignatureLayout, layout),
        }
    }
}

fn prefix_fault(scheme: &Scheme<'_>, before: &str, list: bool) -> Option<String> {
    let before = before.trim();
    match scheme.signature.layout {
        Layout::Bare if !before.is_empty() => Some(String::from("there is one, and none is due")),
        Layout::Bare => None,
        Layout::Prefix(prefix) if before == format!("{prefix}{prefix}") => {
            Some(format!("{prefix} stands twice"))
        }
        Layout::Prefix(prefix) if before.is_empty() => Some(format!("{prefix} is missing")),
        Layout::Prefix(prefix) => (before != prefix).then(|| format!("{prefix} is due")),
        Layout::List { assign, name, .. } if list => {
            let due = format!("{}{}", name, assign.encode_utf8(&mut [0; 4]));
            let twice = before.ends_with(&format!("{due}{due}"));
            let missing = !before.ends_with(assign);
            match (twice, missing) {
                (true, _) => Some(format!("{due} stands twice")),
                (_, true) => Some(format!("{due} is missing")),
                _ => (!before.ends_with(&due)).then(|| format!("{due} is due")),
            }
        }
        Layout::List { .. } => None,
    }
}

/// How many characters other hashes have in hex and, without the padding, in base64.
const OTHER_HASHES: &[(usize, usize, &str)] =
    &[(32, 22, "MD5"), (40, 27, "SHA-1"), (128, 86, "SHA-512")];

/// What the headers look like where nothing was proven and no header holds a tag.
pub(crate) fn suspect(
    scheme: &Scheme<'_>,
    headers: &Texts<'_>,
    table: &[Scheme<'_>],
) -> Option<Fault> {
    let due = scheme.signature.name;
    let own: Vec<_> = headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case(due)).collect();
    let missing = own.iter().all(|(_, value)| value.trim().is_empty());
    let hash = |value: &str| {
        let (hex, base64) = (runs(value, hex_digit), runs(value, base64_digit));
        let found = OTHER_HASHES.iter().find(|(in_hex, in_base64, _)| {
            let is_padded = |end| value.get(end..).is_some_and(|after| after.starts_with('='));
            hex.iter().any(|at| at.len() == *in_hex)
                || base64.iter().any(|at| at.len() == *in_base64 && is_padded(at.end))
        });
        found.map(|(_, _, name)| *name)
    };
    let other_hash = own.iter().find_map(|(_, value)| hash(value));
    if let Some(hash) = other_hash {
        return Some(Fault::new(
            Cause::OtherHash,
            format!(
                "the {due} header holds a signature of the length of {hash}, and SHA-256 is due"
            ),
        ));
    }
    if !missing {
        return None;
    }
    if headers.is_empty() {
        return Some(Fault::new(Cause::MissingHeader, "there is no header at all"));
    }
    let legacy = headers
        .iter()
        .find_map(|(name, value)| Some((name, hash(value).filter(|_| is_near(name, due))?)));
    if let Some((name, hash)) = legacy {
        return Some(Fault::new(
            Cause::OtherHash,
            format!(
                "the {due} header is missing; {name} is there, with a signature of the length of {hash}"
            ),
        ));
    }
    let other = table.iter().filter(|row| !row.signature.name.eq_ignore_ascii_case(due));
    let other = other.filter(|row| {
        headers.iter().any(|(name, _)| name.eq_ignore_ascii_case(row.signature.name))
    });
    if let Some(row) = other.into_iter().next() {
        return Some(Fault::new(
            Cause::OtherProvider,
            format!(
                "the {} header is missing, and {}, the header of {}, is there: is that the sender?",
                due, row.signature.name, row.name
            ),
        ));
    }
    let near = headers.iter().find(|(name, _)| is_near(name, due));
    Some(match near {
        Some((name, _)) => Fault::new(
            Cause::MissingHeader,
            format!("the {due} header is missing; the nearest that is there is {name}"),
        ),
        None => Fault::new(
            Cause::MissingHeader,
            format!(
                "the {due} header is missing, and no other header looks like one that carries a signature"
            ),
        ),
    })
}

/// Whether a header's name speaks of a signature, or shares all but one of its words with the one due.
fn is_near(name: &str, due: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let speaks =
        ["signature", "hmac", "digest", "sha256", "sha1"].iter().any(|word| lower.contains(word));
    let (mut shares_any, mut lacks) = (false, 0_usize);
    for word in due.split('-').filter(|word| !word.eq_ignore_ascii_case("x")) {
        let mut words = name.split(['-', '_']);
        let shares = words.any(|each| each.eq_ignore_ascii_case(word));
        shares_any |= shares;
        lacks = lacks.saturating_add((!shares).into());
    }
    speaks || (shares_any && lacks <= 1)
}

/// A value without the white space that HTTP allows around it.
pub(crate) fn trim(value: &str) -> &str {
    core::str::from_utf8(crate::headers::trim(value.as_bytes())).unwrap_or_default()
}

/// The value of the first header of this name, where there is anything in it.
pub(crate) fn value<'d>(headers: &Texts<'d>, name: &str) -> Option<&'d str> {
    let found = headers.iter().find(|(each, _)| each.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
}
