//! What may have been signed around the payload: timestamps, ids and the signs between them.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::cause::{Cause, Fault};
use super::encoding::number;
use super::header::{Texts, value};
use super::json::{permutation, quoted};
use crate::Header;
use crate::content::Content;
use crate::scheme::{IdSource, Part, Scheme, TimestampSource};
use crate::signature::Candidates;

/// The most timestamps, and the most ids, that are taken from the headers.
const MAX_TEXTS: usize = 6;

/// The signs that senders put between parts.
const SEPARATORS: &[&str] = &[".", ":", "", ",", "\n", " ", "|", "-", "_", "&", "+", ";", "/"];

/// What stands around the payload in a content that may have been signed.
pub(crate) struct Trial {
    pub(crate) before: Vec<u8>,
    pub(crate) after: Vec<u8>,
    pub(crate) fault: Option<Fault>,
    /// The timestamp's text in it, if it has one.
    pub(crate) timestamp: Option<String>,
    /// The id's, likewise.
    pub(crate) id: Option<String>,
}

/// The contents to try, that of the scheme first.
pub(crate) fn trials<'a>(
    scheme: &'a Scheme<'a>,
    headers: &Texts<'a>,
    table: &[Scheme<'_>],
) -> Vec<Trial> {
    let mut contents = Contents::new(scheme, headers);
    contents.own();
    contents.timestamp_left_out();
    contents.timestamp_put_in();
    contents.milliseconds();
    contents.separators();
    contents.orders();
    contents.ids();
    table.iter().for_each(|row| contents.other(row, headers));
    contents.trials
}

struct Contents<'a> {
    scheme: &'a Scheme<'a>,
    timestamp: Option<&'a str>,
    id: Option<&'a str>,
    /// Texts elsewhere in the headers that could be a timestamp or an id, each with its header's name.
    timestamps: Vec<(&'a str, &'a str)>,
    ids: Vec<(&'a str, &'a str)>,
    /// Whether the signature's own header is lost, as are those that a proxy renamed with it.
    is_renamed: bool,
    trials: Vec<Trial>,
}

impl<'a> Contents<'a> {
    fn new(scheme: &'a Scheme<'a>, headers: &Texts<'a>) -> Self {
        let (timestamp, id) = own_texts(scheme, headers);
        let (mut timestamps, mut ids) = (Vec::new(), Vec::new());
        for (name, value) in headers {
            let lower = name.to_ascii_lowercase();
            let is_time = ["time", "stamp", "date"].iter().any(|word| lower.contains(word));
            let digits = value.split(|c: char| !c.is_ascii_digit());
            let digits = digits.filter(|run| matches!(run.len(), 9..=16));
            if is_time || name.eq_ignore_ascii_case(scheme.signature.name) {
                timestamps.extend(digits.map(|run| (*name, run)));
            }
            let ends = ["-id", "_id", "delivery", "idempotency-key"];
            if lower == "id" || ends.iter().any(|end| lower.ends_with(end)) {
                ids.push((*name, value.trim()));
            }
        }
        timestamps.truncate(MAX_TEXTS);
        ids.truncate(MAX_TEXTS);
        let is_renamed = value(headers, scheme.signature.name).is_none();
        Self { scheme, timestamp, id, timestamps, ids, is_renamed, trials: Vec::new() }
    }

    /// Adds a content, unless it has a part for which there is no text, or is there already.
    fn add(
        &mut self,
        parts: &[Part<'_>],
        timestamp: Option<&str>,
        id: Option<&str>,
        fault: Option<Fault>,
    ) {
        let has_timestamp = parts.iter().any(|part| matches!(part, Part::Timestamp));
        let has_id = parts.iter().any(|part| matches!(part, Part::Id));
        if (has_timestamp && timestamp.is_none()) || (has_id && id.is_none()) {
            return;
        }
        let content = Content { parts, timestamp: timestamp.unwrap_or_default().as_bytes(), id };
        let [before, after] = around(&content);
        if self.trials.iter().any(|trial| trial.before == before && trial.after == after) {
            return;
        }
        let timestamp = timestamp.filter(|_| has_timestamp).map(String::from);
        let id = id.filter(|_| has_id).map(String::from);
        self.trials.push(Trial { before, after, fault, timestamp, id });
    }

    /// Adds a content of which the cause is seen from its parts.
    fn add_shown(&mut self, cause: Cause, parts: &[Part<'_>], timestamp: Option<&str>) {
        let fault = Fault::new(cause, format!("signed is {}", show(parts)));
        self.add(parts, timestamp, self.id, Some(fault));
    }

    /// The scheme's own content; where a header of it is lost, with what other headers hold.
    fn own(&mut self) {
        let scheme = self.scheme;
        let (time_header, id_header) = (scheme.timestamp_header(), scheme.id_header());
        let times = held(time_header, self.timestamp, &self.timestamps);
        let ids = held(id_header, self.id, &self.ids);
        for (time_in, timestamp) in &times {
            for (id_in, id) in &ids {
                let time = self.lost(Cause::MissingTimestamp, time_header, time_in);
                let mut fault = self.lost(Cause::MissingId, id_header, id_in);
                if let (Some(fault), Some(time)) = (&mut fault, &time) {
                    fault.what = format!("{}, and {}", time.what, fault.what);
                }
                self.add(scheme.content, *timestamp, *id, fault.or(time));
            }
        }
    }

    /// What is wrong where a text of the content was found in that header. In the due one it is not lost: of how that
    /// is laid out the tag's own fault tells.
    fn lost(&self, cause: Cause, due: Option<Header<'_>>, found_in: &str) -> Option<Fault> {
        let due =
            due.filter(|due| !found_in.is_empty() && !due.name.eq_ignore_ascii_case(found_in))?;
        let cause = if self.is_renamed { Cause::RenamedHeader } else { cause };
        let (role, name) = (due.role.name(), due.name);
        let what =
            format!("the {role} is missing in the {name} header; that of {found_in} was signed");
        Some(Fault::new(cause, what))
    }

    fn timestamp_left_out(&mut self) {
        if !self.scheme.signs_timestamp() {
            return;
        }
        let mut others = self.texts();
        others.retain(|part| !matches!(part, Part::Timestamp));
        for parts in [&[Part::Payload][..], &join(&others, ".")] {
            self.add_shown(Cause::TimestampNotSigned, parts, None);
        }
    }

    fn timestamp_put_in(&mut self) {
        if self.scheme.signs_timestamp() {
            return;
        }
        let timestamps = self.timestamps.clone();
        for order in [[Part::Timestamp, Part::Payload], [Part::Payload, Part::Timestamp]] {
            for separator in SEPARATORS {
                let parts = join(&order, separator);
                for (name, text) in &timestamps {
                    let fault = Fault::new(
                        Cause::TimestampSigned,
                        format!("signed is {}, with the timestamp of {}", show(&parts), name),
                    );
                    self.add(&parts, Some(text), self.id, Some(fault));
                }
            }
        }
    }

    fn milliseconds(&mut self) {
        let Self { scheme, timestamp, id, .. } = *self;
        let Some(text) = timestamp.filter(|_| scheme.signs_timestamp()) else {
            return;
        };
        let (other, what) = match text.split_at_checked(text.len().saturating_sub(3)) {
            Some((seconds, _)) if text.len() > 10 => {
                (String::from(seconds), "the header has milliseconds, and seconds were signed")
            }
            _ => {
                let milliseconds = format!("{text}000");
                (milliseconds, "the header has seconds, and milliseconds were signed")
            }
        };
        let fault = Fault::new(Cause::TimestampMilliseconds, what);
        self.add(scheme.content, Some(&other), id, Some(fault));
    }

    /// The scheme's parts but for the literals.
    fn texts(&self) -> Vec<Part<'a>> {
        let mut parts = Vec::from(self.scheme.content);
        parts.retain(|part| !matches!(part, Part::Literal(_)));
        parts
    }

    fn separators(&mut self) {
        let Self { scheme, timestamp, .. } = *self;
        let texts = self.texts();
        for separator in SEPARATORS {
            let mut parts = join(&texts, separator);
            self.add_shown(Cause::ContentSeparator, &parts, timestamp);
            if let Some(leading @ Part::Literal(_)) = scheme.content.first() {
                parts.insert(0, *leading);
                self.add_shown(Cause::ContentSeparator, &parts, timestamp);
            }
        }
    }

    /// The parts in every order, with the literals where they are, and with each separator.
    fn orders(&mut self) {
        let Self { scheme, timestamp, .. } = *self;
        let texts = self.texts();
        let orders: usize = (1..=texts.len()).product();
        for number in 0..orders {
            let mut order = Vec::new();
            for at in permutation(texts.len(), number) {
                order.extend(texts.get(at));
            }
            let mut in_place = Vec::from(scheme.content);
            let places = in_place.iter_mut().filter(|part| !matches!(part, Part::Literal(_)));
            for (place, part) in places.zip(&order) {
                *place = *part;
            }
            self.add_shown(Cause::ContentOrder, &in_place, timestamp);
            for separator in SEPARATORS {
                self.add_shown(Cause::ContentOrder, &join(&order, separator), timestamp);
            }
        }
    }

    fn ids(&mut self) {
        let Self { scheme, timestamp, .. } = *self;
        if !scheme.content.iter().any(|part| matches!(part, Part::Id)) {
            return;
        }
        for (name, id) in self.ids.clone() {
            let fault = Fault::new(Cause::WrongId, format!("that of {name}"));
            self.add(scheme.content, timestamp, Some(id), Some(fault));
        }
    }

    /// The content of another row, with its own headers or with this scheme's texts.
    fn other(&mut self, row: &Scheme<'_>, headers: &Texts<'a>) {
        let (timestamp, id) = own_texts(row, headers);
        let any = self.timestamps.first().map(|(_, text)| *text);
        let any_id = self.ids.first().map(|(_, id)| *id);
        let fault = Fault::new(
            Cause::OtherContent,
            format!("signed is {}, as {} does", show(row.content), row.name),
        );
        let timestamp = timestamp.or(self.timestamp).or(any);
        self.add(row.content, timestamp, id.or(self.id).or(any_id), Some(fault));
    }
}

/// The bytes that stand before the payload and after it.
pub(crate) fn around(content: &Content<'_, '_>) -> [Vec<u8>; 2] {
    let (mut before, mut after) = (Vec::new(), Vec::new());
    content.before().for_each(|part| before.extend(part));
    content.after().for_each(|part| after.extend(part));
    [before, after]
}

/// The texts of a scheme's own timestamp and id, as loosely as they can be read.
pub(crate) fn own_texts<'d>(
    scheme: &Scheme<'_>,
    headers: &Texts<'d>,
) -> (Option<&'d str>, Option<&'d str>) {
    let timestamp = match scheme.timestamp {
        Some(TimestampSource::Header(name)) => value(headers, name),
        Some(TimestampSource::Field(_)) => {
            // The scheme's own header first; if that is lost, whichever is laid out like it.
            let field = |text: &'d str| {
                let field = Candidates::none().read(scheme, text.trim_matches('"').as_bytes())?;
                core::str::from_utf8(field).ok()
            };
            match value(headers, scheme.signature.name) {
                Some(own) => field(own),
                None => headers.iter().find_map(|header| field(header.1)),
            }
        }
        None => None,
    };
    let id = match scheme.id {
        Some(IdSource::Header(name)) => value(headers, name),
        _ => None,
    };
    (timestamp, id)
}

/// A text of the content, or what may stand in its place if it is lost or its header hard to read: each with the
/// header that it was found in, but for the text itself.
fn held<'a>(
    due: Option<Header<'_>>,
    own: Option<&'a str>,
    others: &[(&'a str, &'a str)],
) -> Vec<(&'a str, Option<&'a str>)> {
    let mut held = Vec::from([("", own)]);
    for (name, text) in others {
        let is_here = due.is_some_and(|due| due.name.eq_ignore_ascii_case(name));
        if own.is_none_or(|own| is_here && number(own, 10).is_none()) {
            held.push((name, Some(text)));
        }
    }
    held
}

fn join<'s>(parts: &[Part<'s>], separator: &'s str) -> Vec<Part<'s>> {
    let mut joined = Vec::new();
    for part in parts {
        if !joined.is_empty() && !separator.is_empty() {
            joined.push(Part::Literal(separator));
        }
        joined.push(*part);
    }
    joined
}

/// A content in words: `timestamp "." payload`.
fn show(parts: &[Part<'_>]) -> String {
    let mut words = String::new();
    for part in parts {
        if !words.is_empty() {
            words.push(' ');
        }
        match part {
            Part::Payload => words.push_str("payload"),
            Part::Timestamp => words.push_str("timestamp"),
            Part::Id => words.push_str("id"),
            Part::Literal(text) => {
                words.push_str(&String::from_utf8(quoted(text)).unwrap_or_default())
            }
        }
    }
    words
}
