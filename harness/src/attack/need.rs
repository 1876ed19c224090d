//! The requirements of an attack on its provider.

use hookproof::providers::Provider;
use hookproof::scheme::{Layout, Part, Scheme, TimestampSource};

/// A requirement of an attack on its provider. Without it the attack means nothing.
pub struct Need {
    /// The missing requirement, as half a sentence.
    pub lacking: &'static str,
    /// Whether it has it.
    pub met: fn(&Provider) -> bool,
}

pub(super) const NOTHING: Need = Need { lacking: "", met: |_| true };
pub(super) const SIGNED_TIME: Need =
    Need { lacking: "signs no time", met: |row| row.scheme.signs_timestamp() };
pub(super) const LIST: Need = Need {
    lacking: "carries one signature",
    met: |row| matches!(row.scheme.signature.layout, Layout::List { .. }),
};
pub(super) const UNSIGNED_ID: Need =
    Need { lacking: "has no unsigned id header", met: |row| unsigned_id(&row.scheme).is_some() };
pub(super) const UNSIGNED_TIME: Need = Need {
    lacking: "has no unsigned time header",
    met: |row| unsigned_time(&row.scheme).is_some(),
};
pub(super) const UNSIGNED_HEADER: Need = Need {
    lacking: "has no unsigned header",
    met: |row| unsigned_headers(&row.scheme).next().is_some(),
};
pub(super) const MARKED_TAG: Need = Need {
    lacking: "marks its tag with nothing",
    met: |row| row.scheme.signature.layout != Layout::Bare,
};

/// The headers of a scheme that its signature does not cover.
pub(super) fn unsigned_headers<'s>(scheme: &Scheme<'s>) -> impl Iterator<Item = &'s str> {
    [unsigned_time(scheme), unsigned_id(scheme)].into_iter().flatten()
}

pub(super) fn unsigned_time<'s>(scheme: &Scheme<'s>) -> Option<&'s str> {
    match scheme.timestamp {
        Some(TimestampSource::Header(name)) if !scheme.signs_timestamp() => Some(name),
        _ => None,
    }
}

pub(super) fn unsigned_id<'s>(scheme: &Scheme<'s>) -> Option<&'s str> {
    let id = scheme.id_header().filter(|_| !scheme.content.contains(&Part::Id));
    id.map(|header| header.name)
}
