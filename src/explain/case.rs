//! One delivery under examination: what is asked first, and what is made of the answers.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::body::{self, Body};
use super::cause::{Cause, Fault};
use super::encoding::number;
use super::evidence::{Evidence, Finding, Redactor, Signed};
use super::explanation::Explanation;
use super::header::Texts;
use super::input::{Endpoint, MAX_OTHERS, Options, Received};
use super::search::{MAX_HASHED_BYTES, MAX_MACS, Match, Search};
use super::{content, header, secret, time};
use crate::sign::Draft;
use crate::{Error, Key, Scheme, Stamp, UnixTime, verify};

/// One delivery under examination.
pub(super) struct Case<'a> {
    endpoint: &'a Endpoint<'a>,
    others: &'a [Endpoint<'a>],
    received: &'a Received<'a>,
    options: &'a Options<'a>,
    headers: Texts<'a>,
    redactor: Redactor,
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
        let mut secrets = Vec::from(endpoint.secrets);
        others.iter().for_each(|other| secrets.extend(other.secrets));
        Self {
            endpoint,
            others,
            received,
            options,
            headers: header::texts(&endpoint.scheme, received.headers),
            redactor: Redactor::new(&secrets),
            macs: 0,
        }
    }

    pub(super) fn explain(mut self) -> Explanation {
        let verdict = self.verdict(self.endpoint);
        let mut evidence = Evidence {
            code: verdict.as_ref().err().map(|error| error.code()),
            expected: self.expected(),
            complete: true,
            ..self.seen_as(&self.endpoint.scheme)
        };
        let mut faults = Vec::new();
        match verdict {
            Ok(secret_index) => {
                evidence.secret_index = Some(secret_index);
                evidence.proven = true;
                faults.push(Fault::new(Cause::Verified, self.endpoint.scheme.name));
            }
            Err(error) if error.code() == "invalid_option" => {
                faults.push(Fault::new(Cause::InvalidOption, error.to_string()));
            }
            Err(error) => {
                let late = matches!(error, Error::TooOld { .. } | Error::TooNew { .. });
                let elsewhere = if late { None } else { self.elsewhere() };
                let Some((there, secret_index, fault)) = elsewhere else {
                    return self.search(error, evidence);
                };
                let Evidence { provider, content, age, .. } = self.seen_as(&there.scheme);
                evidence =
                    Evidence { provider, content, age, secret_index, proven: true, ..evidence };
                faults.push(fault);
                faults.extend(self.late(&there, None));
            }
        }
        self.conclude(&faults, evidence)
    }

    /// What there is to see without any key, where the delivery is one of this scheme.
    fn seen_as(&self, scheme: &Scheme<'_>) -> Evidence {
        let age = |timestamp| time::age(timestamp, self.options.now);
        Evidence {
            provider: scheme.name.into(),
            content: self.content(scheme),
            age: self.timestamp(scheme).map(age),
            ..Evidence::default()
        }
    }

    /// What the core says of the delivery at an endpoint: the secret that fits, or the error.
    fn verdict<'s>(&mut self, endpoint: &Endpoint<'s>) -> Result<usize, Error<'s>> {
        let mut keys = Vec::new();
        for secret in endpoint.secrets {
            keys.push(Key::new(secret, endpoint.scheme.secret)?);
        }
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

    /// Where else the delivery verifies: at another endpoint, or as another provider's with the same secrets. With
    /// it comes the secret that fits, where it is known, of the endpoint's own.
    fn elsewhere(&mut self) -> Option<(Endpoint<'a>, Option<usize>, Fault)> {
        let accepted = |verdict: &Result<usize, Error<'_>>| {
            matches!(verdict, Ok(_) | Err(Error::TooOld { .. } | Error::TooNew { .. }))
        };
        let own = self.endpoint.scheme;
        for (number, other) in (2_usize..).zip(self.others) {
            if !self.affords(other.secrets.len()) {
                return None;
            }
            if accepted(&self.verdict(other)) {
                let name = other.scheme.name;
                let fault = if other.scheme == own {
                    Fault::new(
                        Cause::SecretOfAnotherEndpoint,
                        format!("that of number {number} of the endpoints passed, {name}"),
                    )
                } else {
                    Fault::new(
                        Cause::OtherProvider,
                        format!(
                            "the signature is right, but under {}, number {} of the endpoints passed, and not under {}",
                            name, number, own.name
                        ),
                    )
                };
                return Some((*other, None, fault));
            }
        }
        for row in self.options.table {
            let named =
                Endpoint { scheme: *row, secrets: self.endpoint.secrets, tolerance_secs: None };
            if *row != own && self.affords(named.secrets.len()) {
                let verdict = self.verdict(&named);
                if accepted(&verdict) {
                    let fault = Fault::new(
                        Cause::OtherProvider,
                        format!(
                            "the signature is right, but under {}, and not under {}",
                            row.name, own.name
                        ),
                    );
                    return Some((named, verdict.ok(), fault));
                }
            }
        }
        None
    }

    /// Whether so many more MACs of the payload are within the bounds.
    fn affords(&self, more: usize) -> bool {
        let macs = self.macs.saturating_add(more);
        macs <= MAX_MACS && macs.saturating_mul(self.received.payload.len()) <= MAX_HASHED_BYTES
    }

    fn search(self, error: Error<'_>, mut evidence: Evidence) -> Explanation {
        let length = header::value(&self.headers, "content-length");
        let length = length.and_then(|digits| usize::try_from(number(digits, 10)?).ok());
        let around = self.around(&self.endpoint.scheme);
        let body = Body::new(self.received.payload, length, around);
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
        evidence.macs_tried = search.macs;
        evidence.complete =
            search.is_complete() && self.received.headers.len() <= header::MAX_HEADERS;
        if let Some(found) = found {
            return self.proven(&search, &found, error, evidence);
        }
        let fault = self.suspect(&body, error).unwrap_or_else(|| {
            let tried = match search.ruled_out.as_slice() {
                [] => "something of which little could be tried",
                ruled_out => &ruled_out.join("; "),
            };
            Fault::new(Cause::Unknown, tried)
        });
        evidence.ruled_out = search.ruled_out;
        self.conclude(&[fault], evidence)
    }

    /// Puts together what a match proves.
    fn proven(
        &self,
        search: &Search<'_>,
        found: &Match,
        error: Error<'_>,
        mut evidence: Evidence,
    ) -> Explanation {
        let content = search.contents.get(found.content);
        let secret = search.secrets.get(found.secret);
        let offered = search.offered.get(found.offered);
        let mut payload = self.received.payload;
        let mut faults = Vec::new();
        if let Some((variant, signed)) = &found.body {
            faults.push(search.body.fault(*variant));
            evidence.difference = Some(self.redactor.difference(payload, signed));
            payload = signed;
        }
        if let Some(secret) = secret {
            faults.extend(secret.fault.clone());
            evidence.secret_index = secret.secret;
        }
        if let Some(content) = content {
            faults.extend(content.fault.clone());
            evidence.content = self.redactor.content([&content.before, payload, &content.after]);
        }
        if let (Some(content), Some(offered), true) = (content, offered, self.options.reveal_signed)
        {
            evidence.signed = Some(Signed {
                payload: payload.into(),
                timestamp: content.timestamp.clone(),
                id: content.id.clone(),
                tag: offered.bytes().into(),
            });
        }
        let scheme = &self.endpoint.scheme;
        let is_own = content.is_some_and(|content| content.fault.is_none());
        let fault =
            offered.and_then(|offered| offered.fault(scheme, &self.headers, &found.tag, is_own));
        faults.extend(fault);
        if faults.is_empty() {
            // The bytes are right, and verification still refuses them: its own words say why.
            faults.extend(refusal(error));
        }
        let timestamp = content.and_then(|content| content.timestamp.as_deref());
        faults.extend(self.late(self.endpoint, timestamp));
        evidence.proven = true;
        evidence.complete = true;
        self.conclude(&faults, evidence)
    }

    /// What the delivery looks like where nothing is proven.
    fn suspect(&self, body: &Body<'_>, error: Error<'_>) -> Option<Fault> {
        let scheme = &self.endpoint.scheme;
        let encoding = header::value(&self.headers, "content-encoding")
            .filter(|encoding| !encoding.eq_ignore_ascii_case("identity"));
        header::suspect(scheme, &self.headers, self.options.table)
            .or_else(|| if error.code() == "invalid_secret" { None } else { refusal(error) })
            .or_else(|| secret::suspect(self.endpoint))
            .or_else(|| body::suspect(body, encoding))
    }

    /// Why an endpoint refuses the signed timestamp, if it does.
    fn late(&self, endpoint: &Endpoint<'_>, text: Option<&str>) -> Option<Fault> {
        let timestamp = match text {
            Some(text) => UnixTime::parse(text.as_bytes())?,
            None => self.timestamp(&endpoint.scheme)?,
        };
        let tolerance_secs = endpoint.scheme.effective_tolerance_secs(endpoint.tolerance_secs)?;
        time::fault(timestamp, self.options.now, tolerance_secs)
    }

    fn timestamp(&self, scheme: &Scheme<'_>) -> Option<UnixTime> {
        let own = content::own_texts(scheme, &self.headers).0;
        own.and_then(|text| UnixTime::parse(text.as_bytes()))
    }

    /// The content that a scheme would have signed for the payload received.
    fn content(&self, scheme: &Scheme<'_>) -> String {
        let [before, after] = self.around(scheme);
        self.redactor.content([&before, self.received.payload, &after])
    }

    /// What stands before and after the payload in it.
    fn around(&self, scheme: &Scheme<'_>) -> [Vec<u8>; 2] {
        let (timestamp, id) = content::own_texts(scheme, &self.headers);
        let content = crate::content::Content {
            parts: scheme.content,
            timestamp: timestamp.unwrap_or_default().as_bytes(),
            id,
        };
        content::around(&content)
    }

    /// The signature that the payload received would need, if it was asked for.
    fn expected(&self) -> Option<String> {
        let scheme = &self.endpoint.scheme;
        let secret = self.endpoint.secrets.first().filter(|_| self.options.reveal_expected)?;
        let key = Key::new(secret, scheme.secret).ok()?;
        let id = content::own_texts(scheme, &self.headers).1;
        let stamp = Stamp { timestamp: self.timestamp(scheme).unwrap_or(self.options.now), id };
        let draft = Draft::new(scheme, &stamp).ok()?;
        let content = draft.content();
        let parts = content.parts().map(|part| part.unwrap_or(self.received.payload));
        let tag = key.tag(parts);
        let mut text = String::new();
        draft.sign(tag).signature().write(&mut text).ok()?;
        Some(text)
    }

    fn conclude(&self, faults: &[Fault], mut evidence: Evidence) -> Explanation {
        evidence.macs_tried = evidence.macs_tried.max(self.macs);
        evidence.faults.extend(faults.iter().map(Finding::from));
        let (mut messages, mut fixes) = (Vec::new(), Vec::new());
        for fault in &evidence.faults {
            messages.push(fault.message.as_str());
            fixes.push(fault.fix);
        }
        fixes.dedup();
        Explanation {
            cause: faults.first().map_or(Cause::Unknown, |fault| fault.cause),
            message: messages.join("; and "),
            fix: fixes.join("; and "),
            evidence,
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
    let fix = matches!(error, Error::AmbiguousId { .. }).then_some(
        "have the sender leave that sign out of its ids: with it a delivery is refused, although its signature is right",
    );
    Some(Fault { fix, ..Fault::new(cause, error.to_string()) })
}
