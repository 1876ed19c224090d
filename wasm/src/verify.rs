//! The calls that verify.

use hookproof::{Error, Form, HeaderValue, Options};
use hookproof_boundary::memory::{Memory, NO_NUMBERS, PAYLOAD_BYTES};
use hookproof_boundary::scheme::{NO_PARTS, Names};
use hookproof_boundary::status::MISSING;

use crate::content_buffer::payload;
use crate::session::{Answer, Clock, RoleHeaders, SchemeChoice, Session, header_value};

impl Session {
    pub(crate) fn open_form(
        &mut self,
        form: Option<Form>,
        keys: usize,
        signature_bytes: isize,
        first_bytes: usize,
        clock: Clock,
    ) -> Answer {
        let signature = match header_value(&self.memory.signature, signature_bytes) {
            HeaderValue::One(signature) => signature,
            HeaderValue::Missing | HeaderValue::Malformed => &[],
        };
        // A beginning that could not be written is never taken for one without a timestamp.
        if first_bytes > PAYLOAD_BYTES {
            return Err(Error::PayloadNotText {}.into());
        }
        let first = payload(&self.memory.content, first_bytes);
        let options = clock.options()?;
        let (form, options) = Form::effective(form, signature, first, &options)?;
        let headers = [signature_bytes, MISSING, MISSING];
        self.open(SchemeChoice::OfForm(form), keys, headers, &options)
    }

    pub(crate) fn open_scheme(
        &mut self,
        scheme: u32,
        keys: usize,
        header_bytes: [isize; 3],
        clock: Clock,
    ) -> Answer {
        self.scheme.expect(scheme);
        let options = clock.options()?;
        self.open(SchemeChoice::InUse, keys, header_bytes, &options)
    }

    /// Checks the headers, and writes what is signed around the payload.
    // Not copied into its two callers.
    #[inline(never)]
    fn open(
        &mut self,
        choice: SchemeChoice,
        keys: usize,
        header_bytes: [isize; 3],
        options: &Options,
    ) -> Answer {
        self.macs.stop();
        self.keys = keys;
        let Memory { scheme: encoded, signature, timestamp, id, content, .. } = &mut self.memory;
        let [signature_bytes, timestamp_bytes, id_bytes] = header_bytes;
        let headers = RoleHeaders([
            header_value(signature, signature_bytes),
            header_value(timestamp, timestamp_bytes),
            header_value(id, id_bytes),
        ]);
        let mut parts = NO_PARTS;
        let scheme = self.scheme.choose(choice, encoded, Names::Skip, &mut parts);
        let signed = self.check.read(&scheme, keys, &&headers, options)?;
        self.content.surround(content, &signed);
        self.around_id = signed.header_id().map(|text| {
            let before = text.as_ptr().addr().wrapping_sub(id.as_ptr().addr());
            [before, id_bytes.unsigned_abs().wrapping_sub(before).wrapping_sub(text.len())]
        });
        Ok(NO_NUMBERS)
    }

    pub(crate) fn update(&mut self, bytes: usize) {
        let Memory { content, keys, .. } = &self.memory;
        if self.macs.are_running() {
            self.macs.update(payload(content, bytes));
        } else {
            self.macs.start_from(keys.iter().take(self.keys));
            // The signed bytes before the payload come before its first piece.
            self.macs.update(self.content.content_to(content, bytes));
        }
    }

    pub(crate) fn finish(&mut self, bytes: usize) -> Answer {
        let Memory { content, keys, .. } = &mut self.memory;
        #[cfg(feature = "injected-trap")]
        crate::injected_trap::spring(payload(content, PAYLOAD_BYTES));
        let bytes = self.content.seal(content, bytes);
        let decided = if self.macs.are_running() {
            self.macs.update(payload(content, bytes));
            self.check.decide(self.macs.finish())
        } else {
            // A runtime's hash that failed has left it there.
            self.content.wipe_block(content);
            let content = self.content.content_to(content, bytes);
            self.check.decide(keys.iter().take(self.keys).map_while(|key| key.tag(content)))
        };
        self.verdict(decided)
    }

    pub(crate) fn seal(&mut self, bytes: usize) -> usize {
        self.content.seal(&mut self.memory.content, bytes)
    }

    pub(crate) fn begin(&mut self, index: usize) -> usize {
        let Memory { content, keys, .. } = &mut self.memory;
        let Some(key) = keys.get(index) else {
            return 0;
        };
        content.as_ptr().addr() + self.content.begin(content, key.inner_block())
    }

    pub(crate) fn decide(&mut self) -> Answer {
        let Memory { content, keys, inner_digests, .. } = &mut self.memory;
        self.content.wipe_block(content);
        let keys = keys.iter().take(self.keys).zip(inner_digests);
        let tags = keys.map_while(|(key, digest)| key.tag_of_digest(digest));
        let decided = self.check.decide(tags);
        self.verdict(decided)
    }

    fn verdict(&self, decided: Result<usize, Error<'static>>) -> Answer {
        let secret_index = decided?;
        let timestamp = self.check.timestamp().map_or(f64::NAN, |time| time.as_secs() as f64);
        let [before, after] =
            self.around_id.map_or([f64::NAN; 2], |bytes| bytes.map(|number| number as f64));
        Ok([secret_index as f64, timestamp, before, after])
    }
}
