//! The conversation's state, and the calls of the core that move it on.

use core::fmt::{self, Write};

use arrayvec::ArrayVec;
use hookproof::scheme::{MAX_PARTS, Part};
use hookproof::{
    Datum, Error, Form, HeaderValue, Key, MAX_HEADER_BYTES, MAX_KEYS, Macs, Options, PayloadDigest,
    Role, Scheme, Signer, Stamp, UnixTime, Verifier,
};

use spin::Mutex;

use crate::area::{Areas, Named, SCHEME_BYTES};
use crate::flat;

/// 0, or one more than the row of the core's error table.
pub(crate) type Status = usize;

const OK: Status = 0;

/// The one door of this instance. There are no threads: a lock is how safe Rust spells a static that
/// changes, and it is never contended. All areas are zero at first, so the module need not carry them.
pub(crate) static DOOR: Doorway = Doorway;
static AREAS: Mutex<Areas> = Mutex::new(Areas::new());
static WRITTEN: Mutex<[u8; WRITTEN_BYTES]> = Mutex::new([0; WRITTEN_BYTES]);
static CONVERSATION: Mutex<Conversation> = Mutex::new(Conversation::new());

pub(crate) struct Doorway;

impl Doorway {
    pub(crate) fn with<T>(&self, visit: impl FnOnce(&mut Door<'_>) -> T) -> T {
        visit(&mut Door {
            areas: &mut AREAS.lock(),
            written: &mut *WRITTEN.lock(),
            talk: &mut CONVERSATION.lock(),
        })
    }
}

/// What a call works on.
pub(crate) struct Door<'a> {
    pub(crate) areas: &'a mut Areas,
    written: &'a mut [u8],
    talk: &'a mut Conversation,
}

/// Which scheme a conversation is about.
#[derive(Clone, Copy)]
pub(crate) enum Choice {
    /// The one that lies in its area, in so many bytes.
    Scheme(usize),
    /// That of a form, or of whichever form the signature is in.
    Form(Option<Form>),
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

/// What an answer carries beside its status.
type Data = [f64; 4];

const NO_DATA: Data = [f64::NAN; 4];

/// An error, as the boundary carries it.
struct Refusal(Status, Data);

impl From<Error<'_>> for Refusal {
    fn from(error: Error<'_>) -> Self {
        let (row, [first, second]) = error.row();
        let number =
            |datum: Option<Datum<'_>>| datum.map_or(f64::NAN, |datum| datum.number() as f64);
        Self(row + 1, [number(first), number(second), f64::NAN, f64::NAN])
    }
}

/// Room for the longest headers that the longest scheme can sign.
const WRITTEN_BYTES: usize = 3 * SCHEME_BYTES + MAX_HEADER_BYTES;

/// What one call leaves for the next.
struct Conversation {
    choice: Choice,
    keys: ArrayVec<Key, MAX_KEYS>,
    macs: Option<Macs>,
    digest: Option<PayloadDigest>,
    clock: Clock,
    data: Data,
}

impl Conversation {
    const fn new() -> Self {
        Self {
            choice: Choice::Form(None),
            keys: ArrayVec::new_const(),
            macs: None,
            digest: None,
            clock: Clock { now: 0.0, tolerance: None },
            data: NO_DATA,
        }
    }
}

impl Door<'_> {
    pub(crate) fn area(&self, number: usize) -> &[u8] {
        if number == 6 { self.written } else { self.areas.area(number) }
    }

    pub(crate) fn datum(&self, number: usize) -> f64 {
        self.talk.data.get(number).copied().unwrap_or(f64::NAN)
    }

    fn answer(&mut self, answer: Result<Data, Refusal>) -> Status {
        let Refusal(status, data) = answer.map_or_else(|refusal| refusal, |data| Refusal(OK, data));
        self.talk.data = data;
        if status != OK {
            self.end();
        }
        status
    }

    /// Forgets what is secret.
    pub(crate) fn end(&mut self) {
        self.talk.keys.clear();
        self.talk.macs = None;
    }

    pub(crate) fn begin(&mut self, choice: Choice, secrets: usize) -> Status {
        self.end();
        self.talk.choice = choice;
        self.talk.digest = None;
        self.areas.clear_headers();
        let (secrets, max_secrets) = (secrets as u64, MAX_KEYS as u64);
        let counted = (1..=max_secrets).contains(&secrets);
        let error = Error::SecretCount { secrets, max_secrets };
        self.answer(if counted { Ok(NO_DATA) } else { Err(error.into()) })
    }

    pub(crate) fn check_scheme(&mut self, clock: Clock) -> Status {
        let checked = with_scheme(self.areas, self.talk.choice, |scheme, _| {
            scheme.validate()?;
            scheme.validate_options(&clock.options()?)?;
            let says = |yes: bool| f64::from(u8::from(yes));
            Ok([says(scheme.signs_timestamp()), says(scheme.signs_id()), f64::NAN, f64::NAN])
        });
        self.answer(checked)
    }

    pub(crate) fn key(&mut self, bytes: usize) -> Status {
        let secret = self.areas.secret.get(..bytes).unwrap_or(&self.areas.secret);
        let keys = &mut self.talk.keys;
        let kept = with_scheme(self.areas, self.talk.choice, |scheme, _| {
            // There is room: secrets were counted when the conversation began.
            let _ = keys.try_push(Key::new(secret, scheme.secret)?);
            Ok(NO_DATA)
        });
        if let Some(used) = self.areas.secret.get_mut(..bytes) {
            used.fill(0);
        }
        self.answer(kept)
    }

    pub(crate) fn open(&mut self, clock: Clock, first_chunk_bytes: usize) -> Status {
        #[cfg(feature = "injected-trap")]
        crate::injected_trap::spring(&self.areas.chunk);
        self.talk.clock = clock;
        let opened = self.settle(first_chunk_bytes).and_then(|()| {
            let (keys, macs, clock) = (&self.talk.keys, &mut self.talk.macs, self.talk.clock);
            with_scheme(self.areas, self.talk.choice, |scheme, headers| {
                *macs = Some(Verifier::new(scheme, keys, headers, &clock.options()?)?.suspend());
                Ok(NO_DATA)
            })
        });
        self.answer(opened)
    }

    /// Settles which form a signature is in, and whether a tolerance means anything there.
    fn settle(&mut self, first_chunk_bytes: usize) -> Result<(), Refusal> {
        let Choice::Form(form) = self.talk.choice else {
            return Ok(());
        };
        let signature = text(self.areas.header(Role::Signature)).unwrap_or_default();
        let chunk = self.areas.chunk.get(..first_chunk_bytes).unwrap_or_default();
        let (form, options) = Form::settle(form, signature, chunk, &self.talk.clock.options()?)?;
        self.talk.choice = Choice::Form(Some(form));
        self.talk.clock.tolerance =
            self.talk.clock.tolerance.filter(|_| options.tolerance_secs.is_some());
        Ok(())
    }

    pub(crate) fn update(&mut self, bytes: usize) {
        let chunk = self.areas.chunk.get(..bytes).unwrap_or_default();
        if let Some(digest) = &mut self.talk.digest {
            digest.update(chunk);
        } else if let Some(macs) = &mut self.talk.macs {
            macs.update(chunk);
        }
    }

    pub(crate) fn finish(&mut self) -> Status {
        let Some(macs) = self.talk.macs.take() else {
            return self.begin(self.talk.choice, 0);
        };
        let (keys, clock) = (&self.talk.keys, self.talk.clock);
        let verdict = with_scheme(self.areas, self.talk.choice, |scheme, headers| {
            let options = clock.options()?;
            let delivery = Verifier::resume(macs, scheme, keys, headers, &options)?.finish()?;
            let data = [
                Some(delivery.secret_index() as f64),
                delivery.timestamp().map(|timestamp| timestamp.as_secs() as f64),
                delivery.header_id().map(|id| id.as_ptr().addr() as f64),
                delivery.header_id().map(|id| id.len() as f64),
            ];
            Ok(data.map(|datum| datum.unwrap_or(f64::NAN)))
        });
        self.talk.keys.clear();
        self.answer(verdict)
    }

    pub(crate) fn open_signing(&mut self, timestamp: f64) -> Status {
        self.talk.clock = Clock { now: timestamp, tolerance: None };
        let (keys, macs) = (&self.talk.keys, &mut self.talk.macs);
        let opened = with_stamp(self.areas, self.talk.choice, self.talk.clock, |scheme, stamp| {
            if let Some(key) = keys.first() {
                *macs = Some(Signer::new(scheme, key, stamp)?.suspend());
            }
            Ok(NO_DATA)
        });
        self.answer(opened)
    }

    pub(crate) fn finish_signing(&mut self) -> Status {
        let Some(macs) = self.talk.macs.take() else {
            return self.begin(self.talk.choice, 0);
        };
        let mut lines = Lines { area: self.written, bytes: 0 };
        let signed = with_stamp(self.areas, self.talk.choice, self.talk.clock, |scheme, stamp| {
            let signed = Signer::resume(macs, scheme, stamp)?.finish();
            for (name, value) in signed.headers() {
                // There is room for the longest headers of the longest scheme.
                let _ = writeln!(lines, "{name}: {value}");
            }
            Ok([lines.bytes as f64, f64::NAN, f64::NAN, f64::NAN])
        });
        self.talk.keys.clear();
        self.answer(signed)
    }

    pub(crate) fn open_digest(&mut self) {
        self.talk.digest = Some(PayloadDigest::default());
    }

    pub(crate) fn finish_digest(&mut self) -> usize {
        let mut lines = Lines { area: self.written, bytes: 0 };
        if let Some(digest) = self.talk.digest.take() {
            // 64 characters; there is room for thousands.
            let _ = write!(lines, "{}", digest.finish());
        }
        lines.bytes
    }
}

/// Takes the chosen scheme off the boundary, with the headers by the names that it gives them.
fn with_scheme<T>(
    areas: &Areas,
    choice: Choice,
    visit: impl for<'a> FnOnce(&Scheme<'a>, Named<'a>) -> Result<T, Error<'a>>,
) -> Result<T, Refusal> {
    let mut parts = [Part::Payload; MAX_PARTS + 1];
    let scheme = match choice {
        Choice::Form(form) => *form.unwrap_or(Form::Hex).scheme(),
        Choice::Scheme(bytes) => {
            let max_bytes = SCHEME_BYTES as u64;
            let flat = areas.scheme.get(..bytes).ok_or(Error::LargeScheme { max_bytes })?;
            flat::read(flat, &mut parts)?
        }
    };
    visit(&scheme, Named { areas, scheme: &scheme }).map_err(Refusal::from)
}

/// The same for signing: with the time, and the id that lies in its area.
fn with_stamp<T>(
    areas: &Areas,
    choice: Choice,
    clock: Clock,
    visit: impl for<'a> FnOnce(&Scheme<'a>, &Stamp<'_>) -> Result<T, Error<'a>>,
) -> Result<T, Refusal> {
    let id = areas.header(Role::Id);
    with_scheme(areas, choice, |scheme, _| {
        let timestamp = clock.options()?.now;
        // What is no text becomes an empty one, which the core refuses to sign.
        let id = (id != HeaderValue::Missing).then(|| text(id).unwrap_or_default());
        visit(scheme, &Stamp { timestamp, id })
    })
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

impl fmt::Write for Lines<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.bytes.saturating_add(text.len());
        let free = self.area.get_mut(self.bytes..end).ok_or(fmt::Error)?;
        free.copy_from_slice(text.as_bytes());
        self.bytes = end;
        Ok(())
    }
}
