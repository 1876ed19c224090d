//! The conversation's state, and the calls of the core that move it on.

use core::fmt::{self, Write};

use hookproof::parts::{Draft, Macs, Tag};
use hookproof::scheme::SecretFormat;
use hookproof::{
    Error, Form, HeaderCheck, HeaderValue, MAX_KEYS, Options, PayloadDigest, Role, Scheme, Stamp,
    UnixTime,
};
use spin::{Mutex, MutexGuard};

use crate::area::{Answers, Areas, Data, HeaderBytes, MISSING, NO_DATA, SCHEME_BYTES};
use crate::flat::{self, Extent};
use crate::keys::Keys;
use crate::stage::Stage;

/// 0, or one more than the row of the core's error table.
pub(crate) type Status = usize;

const OK: Status = 0;

/// Everything that lasts from call to call. There are no threads: a lock is how safe Rust spells a static
/// that changes. All of it is zero at first, so the module need not carry it.
static DOOR: Mutex<Door> = Mutex::new(Door::new());

/// The one door of this instance. Only a call that never returned can still hold the lock, so waiting for it would
/// never end: the call traps.
#[inline(never)]
pub(crate) fn door() -> MutexGuard<'static, Door> {
    DOOR.try_lock().unwrap_or_else(|| core::arch::wasm32::unreachable())
}

/// What a call works on.
pub(crate) struct Door {
    pub(crate) areas: Areas,
    pub(crate) stage: Stage,
    pub(crate) answers: Answers,
    keys: Keys,
    talk: Conversation,
}

/// Which scheme a conversation is about.
#[derive(Clone, Copy)]
pub(crate) enum Choice {
    /// The one that lies in its area and was let through.
    Scheme,
    /// That of a form.
    Form(Form),
}

/// Seconds as JavaScript has them.
#[derive(Clone, Copy)]
pub(crate) struct Clock {
    pub(crate) now: f64,
    pub(crate) tolerance: Option<f64>,
}

/// Whole seconds, or `None` for what is no number of seconds from zero up. Infinity stays the largest.
pub(crate) fn seconds(seconds: f64) -> Option<u64> {
    // A cast floors, and holds at the largest value: both are what is meant.
    (seconds >= 0.0).then_some(seconds as u64)
}

impl Clock {
    fn options(self) -> Result<Options, Error<'static>> {
        let read = |value| seconds(value).ok_or(Error::InvalidSeconds {});
        if self.now.is_infinite() {
            return Err(Error::InvalidSeconds {});
        }
        let now = UnixTime::from_secs(read(self.now)?);
        Ok(Options { now, tolerance_secs: self.tolerance.map(read).transpose()? })
    }
}

/// What one call leaves for the next.
struct Conversation {
    /// How many bytes the scheme in its area has, once it was let through.
    scheme_bytes: usize,
    /// How many tags the check will compare.
    keys: usize,
    check: HeaderCheck,
    /// How many bytes of the id's header stand before and after the id.
    id: Option<[usize; 2]>,
    /// What is being signed under.
    choice: Choice,
    timestamp: UnixTime,
    /// Running, once the payload comes in more than one chunk.
    macs: Macs,
    digest: Option<PayloadDigest>,
}

impl Conversation {
    const fn new() -> Self {
        Self {
            scheme_bytes: 0,
            keys: 0,
            check: HeaderCheck::new(),
            id: None,
            choice: Choice::Form(Form::Hex),
            timestamp: UnixTime::from_secs(0),
            macs: Macs::none(),
            digest: None,
        }
    }
}

impl Door {
    const fn new() -> Self {
        Self {
            areas: Areas::new(),
            stage: Stage::new(),
            answers: Answers::new(),
            keys: Keys::new(),
            talk: Conversation::new(),
        }
    }

    /// Where the area of this number begins, and how many bytes it has; nothing where there is none.
    pub(crate) fn area(&self, number: usize) -> (usize, usize) {
        let bytes = match number {
            8 => &self.answers.written,
            6 => self.stage.chunk(),
            9 => {
                let data = &self.answers.data;
                return (data.as_ptr().addr(), size_of_val(data));
            }
            _ => self.areas.area(number),
        };
        (bytes.as_ptr().addr(), bytes.len())
    }

    pub(crate) fn check_keys(&mut self, keys: usize) -> Status {
        let (secrets, max_secrets) = (keys as u64, MAX_KEYS as u64);
        if (1..=max_secrets).contains(&secrets) {
            return OK;
        }
        self.answers.refuse(Error::SecretCount { secrets, max_secrets })
    }

    pub(crate) fn key(&mut self, slot: usize, bytes: usize, format: SecretFormat) -> Status {
        let secret = self.areas.secret.get(..bytes).unwrap_or(&self.areas.secret);
        let put = self.keys.put(slot, secret, format);
        // A secret that was too long was written as far as there was room.
        let written = bytes.min(self.areas.secret.len());
        self.areas.secret.get_mut(..written).unwrap_or_default().fill(0);
        self.answers.answer(put.map(|()| NO_DATA))
    }

    pub(crate) fn use_scheme(&mut self, bytes: usize) -> Status {
        self.talk.scheme_bytes = bytes;
        let mut parts = flat::NO_PARTS;
        let scheme = chosen(&self.areas, bytes, Choice::Scheme, Extent::Whole, &mut parts);
        let checked = scheme.and_then(|scheme| scheme.validate());
        if checked.is_err() {
            self.talk.scheme_bytes = 0;
        }
        self.answers.answer(checked.map(|()| NO_DATA))
    }

    pub(crate) fn check_options(&mut self, clock: Clock) -> Status {
        let mut parts = flat::NO_PARTS;
        let bytes = self.talk.scheme_bytes;
        let scheme = chosen(&self.areas, bytes, Choice::Scheme, Extent::Nameless, &mut parts);
        let checked = scheme.and_then(|scheme| {
            let options = clock.options()?;
            scheme.validate_options(&options)?;
            let settled = match scheme.effective_tolerance_secs(options.tolerance_secs) {
                None => f64::NAN,
                // What `seconds` makes of Infinity.
                Some(u64::MAX) => f64::INFINITY,
                Some(secs) => secs as f64,
            };
            let signs_id = f64::from(u8::from(scheme.signs_id()));
            Ok([settled, signs_id, f64::NAN, f64::NAN])
        });
        self.answers.answer(checked)
    }

    pub(crate) fn open_form(
        &mut self,
        form: Option<Form>,
        keys: usize,
        signature_bytes: isize,
        first_bytes: usize,
        clock: Clock,
    ) -> Status {
        let headers = [signature_bytes, MISSING, MISSING];
        self.areas.header_bytes = headers;
        let signature = match self.areas.header(Role::Signature) {
            HeaderValue::One(signature) => signature,
            HeaderValue::Missing | HeaderValue::Malformed => &[],
        };
        // What could not be written is never taken for a beginning that is no timestamp.
        let Some(first) = self.stage.chunk().get(..first_bytes) else {
            return self.answers.refuse(Error::PayloadNotText {});
        };
        match clock.options().and_then(|o| Form::effective(form, signature, first, &o)) {
            Ok((form, options)) => self.open(Choice::Form(form), keys, headers, &options),
            Err(error) => self.answers.refuse(error),
        }
    }

    pub(crate) fn open_scheme(
        &mut self,
        keys: usize,
        headers: HeaderBytes,
        clock: Clock,
    ) -> Status {
        match clock.options() {
            Ok(options) => self.open(Choice::Scheme, keys, headers, &options),
            Err(error) => self.answers.refuse(error),
        }
    }

    /// Checks the headers, and lays out what is signed beside the payload.
    // Not copied into its two callers.
    #[inline(never)]
    fn open(
        &mut self,
        choice: Choice,
        keys: usize,
        headers: HeaderBytes,
        options: &Options,
    ) -> Status {
        self.areas.header_bytes = headers;
        self.talk.macs.stop();
        self.talk.keys = keys;
        let mut parts = flat::NO_PARTS;
        let check = &mut self.talk.check;
        let bytes = self.talk.scheme_bytes;
        let opened = chosen(&self.areas, bytes, choice, Extent::Nameless, &mut parts)
            .and_then(|scheme| check.read(&scheme, keys, &&self.areas, options))
            .map(|content| {
                self.stage.surround(&content);
                self.talk.id = content.header_id().map(|id| self.areas.around_id(id));
                NO_DATA
            });
        self.answers.answer(opened)
    }

    pub(crate) fn update(&mut self, bytes: usize) {
        let macs = &mut self.talk.macs;
        if macs.are_running() {
            macs.update(self.stage.chunk_on(bytes));
        } else {
            macs.start(self.areas.slots(self.talk.keys).filter_map(|slot| self.keys.key(slot)));
            // What stands before the payload lies before the first chunk.
            macs.update(self.stage.content(bytes));
        }
    }

    pub(crate) fn finish(&mut self, bytes: usize) -> Status {
        #[cfg(feature = "injected-trap")]
        crate::injected_trap::spring(self.stage.chunk());
        let bytes = self.stage.seal(bytes);
        let macs = &mut self.talk.macs;
        let decided = if macs.are_running() {
            macs.update(self.stage.chunk_on(bytes));
            self.talk.check.decide(macs.finish())
        } else {
            let content = self.stage.content(bytes);
            let keys = self.areas.slots(self.talk.keys).filter_map(|slot| self.keys.key(slot));
            self.talk.check.decide(keys.map(|key| key.tag([content])))
        };
        self.verdict(decided)
    }

    pub(crate) fn begin(&mut self, index: usize) -> usize {
        let slot = self.areas.slots.get(index).copied().unwrap_or(u8::MAX);
        let split = self.keys.split(slot);
        split.map_or(0, |split| self.stage.begin(split.inner_block()))
    }

    pub(crate) fn seal(&mut self, bytes: usize) -> usize {
        self.stage.seal(bytes)
    }

    pub(crate) fn decide(&mut self) -> Status {
        self.stage.end();
        let splits = self.areas.slots(self.talk.keys).filter_map(|slot| self.keys.split(slot));
        let tags = splits.zip(&self.areas.digests.0).map(|(split, digest)| split.tag(digest));
        let decided = self.talk.check.decide(tags);
        self.verdict(decided)
    }

    /// The numbers of a verdict: which secret matched; the timestamp; how many bytes of the
    /// id's header stand before the id; how many after it.
    fn verdict(&mut self, decided: Result<usize, Error<'static>>) -> Status {
        let timestamp = self.talk.check.timestamp();
        let [before, after] =
            self.talk.id.map_or([f64::NAN; 2], |id| id.map(|number| number as f64));
        self.answers.answer(decided.map(|secret_index| {
            let timestamp = timestamp.map_or(f64::NAN, |timestamp| timestamp.as_secs() as f64);
            [secret_index as f64, timestamp, before, after]
        }))
    }

    pub(crate) fn open_signing(
        &mut self,
        form: Option<Form>,
        id_bytes: isize,
        timestamp: f64,
    ) -> Status {
        self.areas.header_bytes = [MISSING, MISSING, id_bytes];
        self.talk.macs.stop();
        self.talk.keys = 1;
        self.talk.choice = form.map_or(Choice::Scheme, Choice::Form);
        match (Clock { now: timestamp, tolerance: None }).options() {
            Ok(options) => self.talk.timestamp = options.now,
            Err(error) => return self.answers.refuse(error),
        }
        let mut parts = flat::NO_PARTS;
        let drafted = self.talk.draft(&self.areas, &mut parts);
        let drafted = drafted.map(|draft| self.stage.surround(&draft.content()));
        self.answers.answer(drafted.map(|()| NO_DATA))
    }

    pub(crate) fn finish_signing(&mut self, bytes: usize) -> Status {
        let bytes = self.stage.seal(bytes);
        self.update(bytes);
        let Some(tag) = self.talk.macs.finish().next() else {
            return self.check_keys(0);
        };
        self.talk.keys = 0;
        let mut parts = flat::NO_PARTS;
        let mut lines = Lines { area: &mut self.answers.written, bytes: 0 };
        let signed = self.talk.draft(&self.areas, &mut parts).map(|draft| {
            // There is room for the longest headers of the longest scheme.
            let _ = lines.write_headers(draft, tag);
            [lines.bytes as f64, f64::NAN, f64::NAN, f64::NAN]
        });
        self.answers.answer(signed)
    }

    pub(crate) fn digest(&mut self, bytes: usize) {
        let digest = self.talk.digest.get_or_insert_default();
        digest.update(self.stage.chunk().get(..bytes).unwrap_or_default());
    }

    pub(crate) fn finish_digest(&mut self) -> usize {
        let mut lines = Lines { area: &mut self.answers.written, bytes: 0 };
        // 64 characters; there is room for thousands.
        let _ = self.talk.digest.take().unwrap_or_default().finish().write(&mut lines);
        lines.bytes
    }
}

/// Takes the chosen scheme off the boundary.
#[inline(never)]
fn chosen<'a>(
    areas: &'a Areas,
    scheme_bytes: usize,
    choice: Choice,
    extent: Extent,
    parts: &'a mut flat::Parts<'a>,
) -> Result<Scheme<'a>, Error<'a>> {
    match choice {
        Choice::Form(form) => Ok(*form.scheme()),
        Choice::Scheme => {
            let max_bytes = SCHEME_BYTES as u64;
            let flat = areas.scheme.get(..scheme_bytes);
            flat::read(flat.ok_or(Error::LargeScheme { max_bytes })?, extent, parts)
        }
    }
}

impl Conversation {
    /// What a signature will say, with the id that lies in its area.
    #[inline(never)]
    fn draft<'a>(
        &self,
        areas: &'a Areas,
        parts: &'a mut flat::Parts<'a>,
    ) -> Result<Draft<'a, 'a>, Error<'a>> {
        let scheme = chosen(areas, self.scheme_bytes, self.choice, Extent::Whole, parts)?;
        let id = areas.header(Role::Id);
        // What is no text becomes an empty one, which the core refuses to sign.
        let id = (id != HeaderValue::Missing).then(|| text(id).unwrap_or_default());
        Draft::new(&scheme, &Stamp { timestamp: self.timestamp, id })
    }
}

impl Answers {
    /// Writes down what came of a call, where JavaScript reads it, and gives the status.
    #[inline(always)]
    fn answer(&mut self, answer: Result<Data, Error<'_>>) -> Status {
        match answer {
            Ok(data) => {
                self.data = data;
                OK
            }
            Err(error) => self.refuse(error),
        }
    }

    // Not copied into its callers: it is long, and being refused may take a call more.
    #[inline(never)]
    fn refuse(&mut self, error: Error<'_>) -> Status {
        let (row, [first, second]) = error.row();
        self.data = [first as f64, second as f64, f64::NAN, f64::NAN];
        row + 1
    }
}

fn text(value: HeaderValue<'_>) -> Option<&str> {
    match value {
        HeaderValue::One(bytes) => core::str::from_utf8(bytes).ok(),
        HeaderValue::Missing | HeaderValue::Malformed => None,
    }
}

/// Writes text into an area, as far as there is room.
struct Lines<'a> {
    area: &'a mut [u8],
    bytes: usize,
}

impl Lines<'_> {
    /// A line `name: value` for each header.
    fn write_headers(&mut self, draft: Draft<'_, '_>, tag: Tag) -> fmt::Result {
        for (name, value) in draft.sign(tag).headers() {
            self.write_str(name)?;
            self.write_str(": ")?;
            value.write(self)?;
            self.write_str("\n")?;
        }
        Ok(())
    }
}

impl Write for Lines<'_> {
    // Not copied into its callers, of which one has seven.
    #[inline(never)]
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let free = self.area.get_mut(self.bytes..).and_then(|free| free.get_mut(..text.len()));
        free.ok_or(fmt::Error)?.copy_from_slice(text.as_bytes());
        self.bytes += text.len();
        Ok(())
    }

    /// Only signs are written one by one, which are ASCII; what would write others is most of the module's UTF-8.
    fn write_char(&mut self, sign: char) -> fmt::Result {
        let sign = [u8::try_from(sign).map_err(|_| fmt::Error)?];
        self.write_str(core::str::from_utf8(&sign).map_err(|_| fmt::Error)?)
    }
}
