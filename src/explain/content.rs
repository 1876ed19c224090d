//! What may have been signed around the payload: timestamps, ids and the signs between them.

use alloc::string::String;
use alloc::vec::Vec;

use super::cause::{Cause, Fault};
use super::header::{Texts, value};
use super::json::quoted;
use super::sentence::{fill, holds};
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
}

/// The contents to try, that of the scheme first.
pub(crate) fn trials(scheme: &Scheme<'_>, headers: &Texts<'_>, table: &[Scheme<'_>]) -> Vec<Trial> {
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
    scheme: Scheme<'a>,
    timestamp: Option<&'a str>,
    id: Option<&'a str>,
    /// Texts elsewhere in the headers that could be a timestamp or an id, each with its header's name.
    timestamps: Vec<(&'a str, &'a str)>,
    ids: Vec<(&'a str, &'a str)>,
    trials: Vec<Trial>,
}

impl<'a> Contents<'a> {
    fn new(scheme: &Scheme<'a>, headers: &Texts<'a>) -> Self {
        let (timestamp, id) = own_texts(scheme, headers);
        let signature = |name: &str| name.eq_ignore_ascii_case(scheme.signature.name);
        let is_time = |name: &str| {
            let name = name.to_ascii_lowercase();
            signature(&name) || ["time", "stamp", "date"].iter().any(|word| holds(&name, word))
        };
        let is_id = |name: &str| {
            let name = name.to_ascii_lowercase();
            name == "id"
                || ["-id", "_id", "delivery", "idempotency-key"]
                    .iter()
                    .any(|end| name.ends_with(end))
        };
        let digits = |(name, value): &(&'a str, &'a str)| {
            let runs = value.split(|c: char| !c.is_ascii_digit());
            let runs = runs.filter(|run| matches!(run.len(), 9..=16));
            runs.map(|run| (*name, run)).collect::<Vec<_>>()
        };
        let timestamps = headers.iter().filter(|(name, _)| is_time(name)).flat_map(digits);
        let ids = headers.iter().filter(|(name, _)| is_id(name));
        let ids = ids.map(|(name, value)| (*name, value.trim()));
        Self {
            scheme: *scheme,
            timestamp,
            id,
            timestamps: timestamps.take(MAX_TEXTS).collect(),
            ids: ids.take(MAX_TEXTS).collect(),
            trials: Vec::new(),
        }
    }

    /// Adds a content, unless it has a part for which there is no text, or is there already.
    fn add(
        &mut self,
        parts: &[Part<'_>],
        timestamp: Option<&str>,
        id: Option<&str>,
        fault: Option<Fault>,
    ) {
        let needs = |part: Part<'_>| parts.contains(&part);
        if (needs(Part::Timestamp) && timestamp.is_none()) || (needs(Part::Id) && id.is_none()) {
            return;
        }
        let content = Content { parts, timestamp: timestamp.unwrap_or_default(), id };
        let before: Vec<u8> = content.before().flatten().copied().collect();
        let after: Vec<u8> = content.after().flatten().copied().collect();
        if self.trials.iter().any(|trial| trial.before == before && trial.after == after) {
            return;
        }
        let timestamp = timestamp.filter(|_| needs(Part::Timestamp)).map(String::from);
        self.trials.push(Trial { before, after, fault, timestamp });
    }

    fn own(&mut self) {
        let Self { scheme, timestamp, id, .. } = *self;
        self.add(scheme.content, timestamp, id, None);
        let header = scheme.timestamp_header().map(|header| header.name).unwrap_or_default();
        if scheme.signs_timestamp() && timestamp.is_none() {
            for (name, text) in self.timestamps.clone() {
                let what = fill(
                    "the timestamp is missing in the {} header; that of {} was signed",
                    &[header, name],
                );
                self.add(
                    scheme.content,
                    Some(text),
                    id,
                    Some(Fault::new(Cause::MissingTimestamp, what)),
                );
            }
        }
    }

    fn timestamp_left_out(&mut self) {
        let Self { scheme, id, .. } = *self;
        if !scheme.signs_timestamp() {
            return;
        }
        let others =
            scheme.content.iter().copied().filter(|part| matches!(part, Part::Payload | Part::Id));
        let others: Vec<_> = join(others.collect(), ".");
        for parts in [&[Part::Payload][..], &others] {
            let fault =
                Fault::new(Cause::TimestampNotSigned, fill("signed is {}", &[&show(parts)]));
            self.add(parts, None, id, Some(fault));
        }
    }

    fn timestamp_put_in(&mut self) {
        if self.scheme.signs_timestamp() {
            return;
        }
        let timestamps = self.timestamps.clone();
        for order in [[Part::Timestamp, Part::Payload], [Part::Payload, Part::Timestamp]] {
            for separator in SEPARATORS {
                let parts = join(order.into(), separator);
                for (name, text) in &timestamps {
                    let what =
                        fill("signed is {}, with the timestamp of {}", &[&show(&parts), name]);
                    let fault = Fault::new(Cause::TimestampSigned, what);
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
        let seconds = (text.len() > 10).then(|| text.get(..text.len().saturating_sub(3))).flatten();
        let other = match seconds {
            Some(seconds) => {
                (String::from(seconds), "the header has milliseconds, and seconds were signed")
            }
            None => {
                ([text, "000"].concat(), "the header has seconds, and milliseconds were signed")
            }
        };
        let fault = Fault::new(Cause::TimestampMilliseconds, other.1);
        self.add(scheme.content, Some(&other.0), id, Some(fault));
    }

    fn separators(&mut self) {
        let Self { scheme, timestamp, id, .. } = *self;
        let own = |part: &Part<'_>| !matches!(part, Part::Literal(_));
        let parts: Vec<_> = scheme.content.iter().copied().filter(own).collect();
        let leading = scheme.content.first().copied().filter(|part| !own(part));
        for separator in SEPARATORS {
            let joined = join(parts.clone(), separator);
            let led = leading.into_iter().chain(joined.iter().copied()).collect();
            for parts in [joined, led] {
                let fault =
                    Fault::new(Cause::ContentSeparator, fill("signed is {}", &[&show(&parts)]));
                self.add(&parts, timestamp, id, Some(fault));
            }
        }
    }

    /// The parts in every order, with the literals where they are, and with each separator.
    fn orders(&mut self) {
        let Self { scheme, timestamp, id, .. } = *self;
        let own = |part: &Part<'_>| !matches!(part, Part::Literal(_));
        let parts: Vec<_> = scheme.content.iter().copied().filter(own).collect();
        let orders: usize = (1..=parts.len()).product();
        for number in 0..orders {
            let order = super::json::permuted(parts.clone(), number);
            let mut next = order.iter().copied();
            let in_place = scheme
                .content
                .iter()
                .map(|part| if own(part) { next.next().unwrap_or(*part) } else { *part });
            let mut contents = alloc::vec![in_place.collect::<Vec<_>>()];
            contents.extend(SEPARATORS.iter().map(|separator| join(order.clone(), separator)));
            for parts in contents {
                let fault = Fault::new(Cause::ContentOrder, fill("signed is {}", &[&show(&parts)]));
                self.add(&parts, timestamp, id, Some(fault));
            }
        }
    }

    fn ids(&mut self) {
        let Self { scheme, timestamp, .. } = *self;
        if !scheme.content.contains(&Part::Id) {
            return;
        }
        for (name, id) in self.ids.clone() {
            let fault = Fault::new(Cause::WrongId, fill("that of {}", &[name]));
            self.add(scheme.content, timestamp, Some(id), Some(fault));
        }
    }

    /// The content of another row, with its own headers or with this scheme's texts.
    fn other(&mut self, row: &Scheme<'_>, headers: &Texts<'a>) {
        let (timestamp, id) = own_texts(row, headers);
        let any = self.timestamps.first().map(|(_, text)| *text);
        let any_id = self.ids.first().map(|(_, id)| *id);
        let fault = || {
            Some(Fault::new(
                Cause::OtherContent,
                fill("signed is {}, as {} does", &[&show(row.content), row.name]),
            ))
        };
        self.add(
            row.content,
            timestamp.or(self.timestamp).or(any),
            id.or(self.id).or(any_id),
            fault(),
        );
    }
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
            let own = value(headers, scheme.signature.name);
            let texts = own
                .into_iter()
                .chain(headers.iter().filter(|_| own.is_none()).map(|header| header.1));
            texts
                .into_iter()
                .find_map(|text| Candidates::none().read(scheme, text.trim_matches('"')))
        }
        None => None,
    };
    let id = match scheme.id {
        Some(IdSource::Header(name)) => value(headers, name),
        _ => None,
    };
    (timestamp, id)
}

fn join<'s>(parts: Vec<Part<'s>>, separator: &'s str) -> Vec<Part<'s>> {
    let mut joined = Vec::new();
    for part in parts {
        if !joined.is_empty() && !separator.is_empty() {
            joined.push(Part::Literal(separator));
        }
        joined.push(part);
    }
    joined
}

/// A content in words: `timestamp "." payload`.
fn show(parts: &[Part<'_>]) -> String {
    let word = |part: &Part<'_>| match part {
        Part::Payload => String::from("payload"),
        Part::Timestamp => String::from("timestamp"),
        Part::Id => String::from("id"),
        Part::Literal(text) => String::from_utf8_lossy(&quoted(text)).into_owned(),
    };
    parts.iter().map(word).collect::<Vec<_>>().join(" ")
}
