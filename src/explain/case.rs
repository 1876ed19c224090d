//! One delivery under examination: what is asked first, and what is made of the answers.

use alloc::string::String;
use alloc::vec::Vec;

use super::body::{self, Body};
use super::cause::{Cause, Fault};
use super::encoding::number;
use super::evidence::{Evidence, Finding, Shower};
use super::header::Texts;
use super::search::{Match, Search};
use super::sentence::{decimal, join};
use super::{
    Endpoint, Explanation, MAX_HASHED_BYTES, MAX_MACS, MAX_OTHERS, Options, Received, content,
    header, secret, time,
};
use crate::time::Freshness;
use crate::{Draft, Error, Key, Stamp, UnixTime, verify};

/// One delivery under examination.
pub(super) struct Case<'a> {
    endpoint: &'a Endpoint<'a>,
    others: &'a [Endpoint<'a>],
    received: &'a Received<'a>,
    options: &'a Options<'a>,
    headers: Texts<'a>,
    shower: Shower<'a>,
    macs: usize,
}

impl<'a> Case<'a> {
    pub(super) fn new(
        endpoint: &'a Endpoint<'a>,
        others: &'a [Endpoint<'a>],
        received: &'a Received<'a>,
        options: &'a Options<'a>,
    ) -> Self {
        let others = others.get(..MAX_OTHERS).unwrap_or(others);
        let secrets =
            core::iter::once(endpoint).chain(others).flat_map(|endpoint| endpoint.secrets);
        Self {
            endpoint,
            others,
            received,
            options,
            headers: header::texts(received.headers),
            shower: Shower::new(secrets.copied()),
            macs: 0,
        }
    }

    pub(super) fn explain(mut self) -> Explanation {
        let verdict = self.verdict(self.endpoint, self.endpoint.secrets);
        let evidence = Evidence {
            code: verdict.as_ref().err().map(|error| error.code()),
            provider: self.endpoint.scheme.name.into(),
            content: self.content(),
            age: self.timestamp().map(|timestamp| time::age(timestamp, self.options.now)),
            expected: self.expected(),
            complete: true,
            ..Evidence::default()
        };
        match verdict {
            Ok(secret_index) => {
                let fault = Fault::new(Cause::Verified, "{}", &[self.endpoint.scheme.name]);
                let evidence =
                    Evidence { secret_index: Some(secret_index), proven: true, ..evidence };
                return self.conclude(&[fault], evidence);
            }
            Err(error) if error.code() == "invalid_option" => {
                return self.conclude(
                    &[Fault::new(Cause::InvalidOption, "{}", &[&error.text()])],
                    evidence,
                );
            }
            Err(_) => {}
        }
        let late = matches!(verdict, Err(Error::TooOld { .. } | Error::TooNew { .. }));
        if !late && let Some((provider, fault)) = self.elsewhere() {
            let late = self.late(None);
            let faults: Vec<_> = core::iter::once(fault).chain(late).collect();
            let evidence = Evidence { provider, proven: true, ..evidence };
            return self.conclude(&faults, evidence);
        }
        self.search(verdict.err(), evidence)
    }

    /// What the core says of the delivery at an endpoint: the secret that fits, or the error.
    fn verdict<'s>(
        &mut self,
        endpoint: &Endpoint<'s>,
        secrets: &[&[u8]],
    ) -> Result<usize, Error<'s>> {
        let keys = secrets.iter().map(|secret| Key::new(secret, endpoint.scheme.secret));
        let keys: Vec<Key> = keys.collect::<Result<_, _>>()?;
        let options =
            crate::Options { now: self.options.now, tolerance_secs: endpoint.tolerance_secs };
        let verdict =
            verify(&endpoint.scheme, &keys, self.received.headers, self.received.payload, &options);
        let made = match verdict {
            Ok(_)
            | Err(Error::TooOld { .. } | Error::TooNew { .. } | Error::SignatureMismatch { .. }) => {
                keys.len()
            }
            Err(_) => 0,
        };
        self.macs = self.macs.saturating_add(made);
        verdict.map(|delivery| delivery.secret_index())
    }

    /// Whether the delivery verifies at another endpoint, or as another provider's with the same secrets.
    fn elsewhere(&mut self) -> Option<(String, Fault)> {
        let accepted = |verdict: Result<usize, Error<'_>>| {
            matches!(verdict, Ok(_) | Err(Error::TooOld { .. } | Error::TooNew { .. }))
        };
        let own = self.endpoint.scheme;
        for (number, other) in (2_usize..).zip(self.others) {
            if !self.affords(other.secrets.len()) {
                return None;
            }
            let verdict = self.verdict(other, other.secrets);
            if accepted(verdict) {
                let name = other.scheme.name;
                let fault = if other.scheme == own {
                    Fault::new(
                        Cause::SecretOfAnotherEndpoint,
                        "that of number {} of the hooks passed, {}",
                        &[&decimal(number), name],
                    )
                } else {
                    Fault::new(
                        Cause::OtherProvider,
                        "the signature is right, but under {}, number {} of the hooks passed, and not under {}",
                        &[name, &decimal(number), own.name],
                    )
                };
                return Some((name.into(), fault));
            }
        }
        for row in self.options.table {
            let named =
                Endpoint { scheme: *row, secrets: self.endpoint.secrets, tolerance_secs: None };
            if *row != own
                && self.affords(named.secrets.len())
                && accepted(self.verdict(&named, named.secrets))
            {
                let fault = Fault::new(
                    Cause::OtherProvider,
                    "the signature is right, but under {}, and not under {}",
                    &[row.name, own.name],
                );
                return Some((row.name.into(), fault));
            }
        }
        None
    }

    /// Whether so many more MACs of the payload are within the bounds.
    fn affords(&self, more: usize) -> bool {
        let macs = self.macs.saturating_add(more);
        macs <= MAX_MACS && macs.saturating_mul(self.received.payload.len()) <= MAX_HASHED_BYTES
    }

    fn search(self, error: Option<Error<'_>>, evidence: Evidence) -> Explanation {
        let length = header::value(&self.headers, "content-length");
        let length = length.and_then(|digits| usize::try_from(number(digits, 10)?).ok());
        let body = Body::new(self.received.payload, length);
        let secrets = secret::trials(self.endpoint, self.others);
        let mut search = Search::new(
            &self.endpoint.scheme,
            &self.headers,
            self.options.table,
            secrets,
            &body,
            self.macs,
        );
        let found = search.run();
        let evidence =
            Evidence { macs_tried: search.macs, complete: search.is_complete(), ..evidence };
        if let Some(found) = found {
            return self.proven(&search, &found, error, evidence);
        }
        let fault = self.suspect(&body, error).unwrap_or_else(|| {
            let listed = join(&search.ruled_out, "; ");
            let tried =
                if listed.is_empty() { String::from("little could be tried") } else { listed };
            let rest =
                "what is left is another secret, or a payload that was changed beyond recognition";
            Fault::new(Cause::Unknown, "{}; {}", &[&tried, rest])
        });
        let evidence = Evidence { ruled_out: search.ruled_out.clone(), ..evidence };
        self.conclude(&[fault], evidence)
    }

    /// Puts together what a match proves.
    fn proven(
        &self,
        search: &Search<'_>,
        found: &Match,
        error: Option<Error<'_>>,
        evidence: Evidence,
    ) -> Explanation {
        let content = search.contents.get(found.content);
        let secret = search.secrets.get(found.secret);
        let offered = search.offered.get(found.offered);
        let body = found.body.as_ref().map(|(variant, _)| search.body.fault(*variant));
        let header = offered
            .and_then(|offered| offered.fault(&self.endpoint.scheme, &self.headers, &found.tag));
        let in_content = content.and_then(|content| content.fault.clone());
        let mut faults: Vec<_> =
            [body, secret.and_then(|secret| secret.fault.clone()), in_content, header]
                .into_iter()
                .flatten()
                .collect();
        if faults.is_empty() {
            // The bytes are right, and verification still refuses them: its own words say why.
            faults.extend(error.and_then(|error| refusal(error)));
        }
        faults.extend(self.late(content.and_then(|content| content.timestamp.as_deref())));

        let payload = found.body.as_ref().map_or(self.received.payload, |(_, signed)| signed);
        let evidence = Evidence {
            proven: true,
            complete: true,
            secret_index: secret.and_then(|secret| secret.secret),
            difference: found
                .body
                .as_ref()
                .map(|(_, signed)| self.shower.difference(self.received.payload, signed)),
            content: content.map_or(String::new(), |content| {
                self.shower.content([&content.before, payload, &content.after])
            }),
            ..evidence
        };
        self.conclude(&faults, evidence)
    }

    /// What the delivery looks like where nothing is proven.
    fn suspect(&self, body: &Body<'_>, error: Option<Error<'_>>) -> Option<Fault> {
        let scheme = &self.endpoint.scheme;
        let encoding = header::value(&self.headers, "content-encoding")
            .filter(|encoding| *encoding != "identity");
        header::suspect(scheme, &self.headers, self.options.table)
            .or_else(|| error.filter(|error| error.code() != "invalid_secret").and_then(refusal))
            .or_else(|| secret::suspect(self.endpoint))
            .or_else(|| body::suspect(body, encoding))
    }

    /// Why the signed timestamp is refused, if it is.
    fn late(&self, text: Option<&str>) -> Option<Fault> {
        let timestamp = text.map_or_else(|| self.timestamp(), UnixTime::parse)?;
        let scheme = &self.endpoint.scheme;
        if !scheme.signs_timestamp() {
            return None;
        }
        let options =
            crate::Options { now: self.options.now, tolerance_secs: self.endpoint.tolerance_secs };
        let tolerance_secs = Freshness::new(&options, scheme.tolerance_secs).tolerance_secs();
        time::fault(timestamp, self.options.now, tolerance_secs)
    }

    fn timestamp(&self) -> Option<UnixTime> {
        let own = content::own_texts(&self.endpoint.scheme, &self.headers).0;
        own.and_then(UnixTime::parse)
    }

    /// The content that the scheme would have signed for the payload received.
    fn content(&self) -> String {
        let (timestamp, id) = content::own_texts(&self.endpoint.scheme, &self.headers);
        let content = crate::content::Content {
            parts: self.endpoint.scheme.content,
            timestamp: timestamp.unwrap_or_default(),
            id,
        };
        let [before, after] = content::around(&content);
        self.shower.content([&before, self.received.payload, &after])
    }

    /// The signature that the payload received would need, if it was asked for.
    fn expected(&self) -> Option<String> {
        let scheme = &self.endpoint.scheme;
        let secret = self.endpoint.secrets.first().filter(|_| self.options.reveal_expected)?;
        let key = Key::new(secret, scheme.secret).ok()?;
        let id = content::own_texts(scheme, &self.headers).1;
        let stamp = Stamp { timestamp: self.timestamp().unwrap_or(self.options.now), id };
        let draft = Draft::new(scheme, &stamp).ok()?;
        let tag = key.mac().tag(&draft.content(), self.received.payload);
        let mut text = String::new();
        draft.sign(tag).signature().write(&mut text).ok()?;
        Some(text)
    }

    fn conclude(&self, faults: &[Fault], evidence: Evidence) -> Explanation {
        let macs_tried = evidence.macs_tried.max(self.macs);
        let cause = faults.first().map_or(Cause::Unknown, |fault| fault.cause);
        let messages: Vec<_> = faults.iter().map(Fault::message).collect();
        let messages: Vec<_> = messages.iter().map(String::as_str).collect();

        let mut fixes: Vec<_> = faults.iter().map(|fault| fault.cause.fix()).collect();
        fixes.dedup();
        Explanation {
            cause,
            message: join(&messages, "; and "),
            fix: join(&fixes, "; and "),
            evidence: Evidence {
                macs_tried,
                faults: faults.iter().map(Finding::from).collect(),
                ..evidence
            },
        }
    }
}

/// What verification's own refusal says about headers, where it is the cause.
fn refusal(error: Error<'_>) -> Option<Fault> {
    let cause = match error {
        Error::MissingHeader { header } => match header.role {
            crate::Role::Signature => Cause::MissingHeader,
            crate::Role::Timestamp => Cause::MissingTimestamp,
            crate::Role::Id => Cause::MissingId,
        },
        Error::MalformedHeader { .. } => Cause::RepeatedHeader,
        Error::LongHeader { .. }
        | Error::MalformedSignature { .. }
        | Error::TooManyCandidates { .. } => Cause::MalformedSignature,
        Error::AmbiguousId { .. } => Cause::MissingId,
        Error::MalformedTimestamp { .. } => Cause::MalformedTimestamp,
        Error::BlankSecret {}
        | Error::UndecodableSecret {}
        | Error::LongSecret { .. }
        | Error::SecretCount { .. } => Cause::InvalidSecret,
        _ => return None,
    };
    Some(Fault::new(cause, "{}", &[&error.text()]))
}
