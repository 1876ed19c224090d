//! The calls that sign.

use core::fmt::{self, Write};

use hookproof::parts::{Draft, Tag};
use hookproof::{Form, HeaderValue, Stamp};
use hookproof_boundary::memory::{HeaderBytes, Memory, NO_NUMBERS};
use hookproof_boundary::scheme::{NO_PARTS, Names};

use crate::session::{Answer, Clock, SchemeChoice, Session, Signing, TextWriter, header_value};

impl Session {
    pub(crate) fn open_signing(
        &mut self,
        scheme: u32,
        form: Option<Form>,
        id_bytes: isize,
        timestamp: f64,
    ) -> Answer {
        self.macs.stop();
        self.keys = 1;
        let timestamp = Clock::new(timestamp, false, 0.0).options()?.now;
        let choice = form.map_or(SchemeChoice::InUse, SchemeChoice::OfForm);
        if form.is_none() {
            self.scheme.expect(scheme);
        }
        self.signing = Signing { choice, timestamp, id_bytes };
        let Memory { scheme: encoded, id, content, .. } = &mut self.memory;
        let mut parts = NO_PARTS;
        let scheme = self.scheme.choose(choice, encoded, Names::Read, &mut parts);
        let draft = Draft::new(&scheme, &self.signing.stamp(id))?;
        self.content.surround(content, &draft.content());
        Ok(NO_NUMBERS)
    }

    pub(crate) fn finish_signing(&mut self, bytes: usize) -> Answer {
        let bytes = self.seal(bytes);
        self.update(bytes);
        let tag = self.macs.finish().next();
        self.keys = 0;
        let Some(tag) = tag else {
            return self.check_keys(0);
        };
        let Memory { scheme: encoded, id, text, .. } = &mut self.memory;
        let mut parts = NO_PARTS;
        let scheme = self.scheme.choose(self.signing.choice, encoded, Names::Read, &mut parts);
        let draft = Draft::new(&scheme, &self.signing.stamp(id))?;
        let mut writer = TextWriter { field: text, bytes: 0 };
        // There is room for the longest headers of the longest scheme.
        let _ = write_headers(&mut writer, draft, tag);
        Ok([writer.bytes as f64, f64::NAN, f64::NAN, f64::NAN])
    }
}

impl Signing {
    fn stamp<'a>(&self, id: &'a HeaderBytes) -> Stamp<'a> {
        let id = match header_value(id, self.id_bytes) {
            HeaderValue::Missing => None,
            HeaderValue::One(bytes) => Some(core::str::from_utf8(bytes).unwrap_or_default()),
            // An empty id, which the core refuses to sign.
            HeaderValue::Malformed => Some(""),
        };
        Stamp { timestamp: self.timestamp, id }
    }
}

/// A line `name: value` for each header.
fn write_headers(writer: &mut TextWriter<'_>, draft: Draft<'_, '_>, tag: Tag) -> fmt::Result {
    for (name, value) in draft.sign(tag).headers() {
        writer.write_str(name)?;
        writer.write_str(": ")?;
        value.write(writer)?;
        writer.write_str("\n")?;
    }
    Ok(())
}
