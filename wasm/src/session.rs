//! The state that lasts from call to call.

use core::fmt::{self, Write};

use hookproof::parts::Macs;
use hookproof::scheme::SecretFormat;
use hookproof::{
    Error, Form, Header, HeaderCheck, HeaderValue, Headers, MAX_KEYS, Options, PayloadDigest, Role,
    Scheme, UnixTime,
};
use hookproof_boundary::memory::{HeaderBytes, MAX_SCHEME_BYTES, Memory, NO_NUMBERS, Numbers};
use hookproof_boundary::scheme::{DecodedScheme, NO_PARTS, Names, Parts};
use hookproof_boundary::status::{MISSING, OK, Refusal, Status, seconds};
use spin::{Mutex, MutexGuard};

use crate::content_buffer::ContentBuffer;

/// There are no threads; the lock is how safe Rust writes a static that changes. All of the session is zero at first,
/// so it adds no bytes to the module.
static SESSION: Mutex<Session> = Mutex::new(Session::new());

/// The session of this instance. Traps while another call has it: that call trapped, and what it left is unusable.
#[inline(never)]
pub(crate) fn session() -> MutexGuard<'static, Session> {
    SESSION.try_lock().unwrap_or_else(|| core::arch::wasm32::unreachable())
}

/// The state that calls share. A call needs nothing that was borrowed by the call before it.
pub(crate) struct Session {
    pub(crate) memory: Memory,
    pub(crate) content: ContentBuffer,
    pub(crate) check: HeaderCheck,
    /// How many key states the call uses.
    pub(crate) keys: usize,
    /// The number of bytes of the id's header before and after the id.
    pub(crate) around_id: Option<[usize; 2]>,
    /// Running while the payload arrives in more than one piece.
    pub(crate) macs: Macs,
    pub(crate) signing: Signing,
    pub(crate) digest: Option<PayloadDigest>,
    pub(crate) scheme: SchemeInUse,
}

/// The delivery that is being signed, and its scheme or form.
pub(crate) struct Signing {
    pub(crate) choice: SchemeChoice,
    pub(crate) timestamp: UnixTime,
    pub(crate) id_bytes: isize,
}

/// The scheme that a call is about.
#[derive(Clone, Copy)]
pub(crate) enum SchemeChoice {
    /// The one that was set.
    InUse,
    /// That of a form.
    OfForm(Form),
}

/// The scheme that was set: its number, or 0 where there is none, and its columns.
pub(crate) struct SchemeInUse {
    number: u32,
    decoded: DecodedScheme,
}

impl SchemeInUse {
    /// The scheme of a choice. `encoded` is the field that it was decoded from.
    #[inline(never)]
    pub(crate) fn choose<'a>(
        &self,
        choice: SchemeChoice,
        encoded: &'a [u8; MAX_SCHEME_BYTES],
        names: Names,
        parts: &'a mut Parts<'a>,
    ) -> Scheme<'a> {
        match choice {
            SchemeChoice::OfForm(form) => *form.scheme(),
            SchemeChoice::InUse => self.decoded.scheme(encoded, names, parts),
        }
    }

    /// Traps where the caller means another scheme than the one that was set: a delivery must not be verified by
    /// another sender's rule.
    pub(crate) fn expect(&self, number: u32) {
        if number == 0 || number != self.number {
            core::arch::wasm32::unreachable();
        }
    }
}

/// Seconds as JavaScript has them.
#[derive(Clone, Copy)]
pub(crate) struct Clock {
    now: f64,
    tolerance_secs: Option<f64>,
}

impl Clock {
    pub(crate) fn new(now: f64, has_tolerance: bool, tolerance_secs: f64) -> Self {
        Self { now, tolerance_secs: has_tolerance.then_some(tolerance_secs) }
    }

    pub(crate) fn options(self) -> Result<Options, Error<'static>> {
        let read = |number| seconds(number).ok_or(Error::InvalidSeconds {});
        if self.now.is_infinite() {
            return Err(Error::InvalidSeconds {});
        }
        let now = UnixTime::from_secs(read(self.now)?);
        Ok(Options { now, tolerance_secs: self.tolerance_secs.map(read).transpose()? })
    }
}

/// The numbers of a call that succeeded, or why it was refused.
pub(crate) type Answer = Result<Numbers, Refusal>;

impl Session {
    const fn new() -> Self {
        Self {
            memory: Memory::new(),
            content: ContentBuffer::new(),
            check: HeaderCheck::new(),
            keys: 0,
            around_id: None,
            macs: Macs::none(),
            signing: Signing {
                choice: SchemeChoice::OfForm(Form::Hex),
                timestamp: UnixTime::from_secs(0),
                id_bytes: 0,
            },
            digest: None,
            scheme: SchemeInUse { number: 0, decoded: DecodedScheme::none() },
        }
    }

    pub(crate) fn memory_address(&self) -> usize {
        core::ptr::from_ref(&self.memory).addr()
    }

    /// Writes the numbers of an answer where JavaScript reads them, and gives the status.
    pub(crate) fn answer(&mut self, answer: Answer) -> Status {
        match answer {
            Ok(numbers) => {
                self.memory.numbers = numbers;
                OK
            }
            Err(Refusal { status, data: [first, second] }) => {
                self.memory.numbers = [first as f64, second as f64, f64::NAN, f64::NAN];
                status
            }
        }
    }

    pub(crate) fn set_scheme(&mut self, number: u32, bytes: usize) -> Answer {
        self.scheme.number = 0;
        let max_bytes = MAX_SCHEME_BYTES as u64;
        let encoded = self.memory.scheme.get(..bytes).ok_or(Error::LargeScheme { max_bytes })?;
        let decoded = DecodedScheme::decode(encoded)?;
        decoded.scheme(encoded, Names::Read, &mut NO_PARTS.clone()).validate()?;
        self.scheme = SchemeInUse { number, decoded };
        Ok(NO_NUMBERS)
    }

    pub(crate) fn check_options(&self, scheme: u32, clock: Clock) -> Answer {
        self.scheme.expect(scheme);
        let mut parts = NO_PARTS;
        let encoded = &self.memory.scheme;
        let scheme = self.scheme.choose(SchemeChoice::InUse, encoded, Names::Skip, &mut parts);
        let options = clock.options()?;
        scheme.validate_options(&options)?;
        let tolerance_secs = match scheme.effective_tolerance_secs(options.tolerance_secs) {
            None => f64::NAN,
            // What `seconds` makes of infinity.
            Some(u64::MAX) => f64::INFINITY,
            Some(secs) => secs as f64,
        };
        Ok([tolerance_secs, f64::from(u8::from(scheme.signs_id())), f64::NAN, f64::NAN])
    }

    pub(crate) fn check_keys(&self, keys: usize) -> Answer {
        let (secrets, max_secrets) = (keys as u64, MAX_KEYS as u64);
        if (1..=max_secrets).contains(&secrets) {
            return Ok(NO_NUMBERS);
        }
        Err(Error::SecretCount { secrets, max_secrets }.into())
    }

    pub(crate) fn make_key(&mut self, index: usize, bytes: usize, format: SecretFormat) -> Answer {
        let Memory { secret, keys, .. } = &mut self.memory;
        let Some(states) = keys.get_mut(index) else {
            return self.check_keys(index.saturating_add(1));
        };
        let made = states.set(secret.get(..bytes).unwrap_or(secret), format);
        // A secret that is too long was written as far as there was room.
        let written = bytes.min(secret.len());
        secret.get_mut(..written).unwrap_or_default().fill(0);
        made?;
        Ok(NO_NUMBERS)
    }
}

/// Headers by role: their names do not cross the boundary.
pub(crate) struct RoleHeaders<'a>(pub(crate) [HeaderValue<'a>; Role::ALL.len()]);

impl<'a> Headers<'a> for &RoleHeaders<'a> {
    fn value(&self, _: &str) -> HeaderValue<'a> {
        HeaderValue::Missing
    }

    fn header(&self, header: Header<'_>) -> HeaderValue<'a> {
        self.0.get(header.role as usize).copied().unwrap_or(HeaderValue::Missing)
    }
}

/// The value of a header that was written to its field, or the number that JavaScript passes in place of its length.
pub(crate) fn header_value(field: &HeaderBytes, bytes: isize) -> HeaderValue<'_> {
    if bytes == MISSING {
        return HeaderValue::Missing;
    }
    let value = usize::try_from(bytes).ok().and_then(|bytes| field.get(..bytes));
    value.map_or(HeaderValue::Malformed, HeaderValue::One)
}

/// Writes text to the memory, as far as there is room.
pub(crate) struct TextWriter<'a> {
    pub(crate) field: &'a mut [u8],
    pub(crate) bytes: usize,
}

impl Write for TextWriter<'_> {
    // Not copied into its callers, of which one has seven.
    #[inline(never)]
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let free = self.field.get_mut(self.bytes..).and_then(|free| free.get_mut(..text.len()));
        free.ok_or(fmt::Error)?.copy_from_slice(text.as_bytes());
        self.bytes += text.len();
        Ok(())
    }

    /// Only ASCII is written character by character; encoding others would be most of the module's UTF-8.
    fn write_char(&mut self, character: char) -> fmt::Result {
        let character = [u8::try_from(character).map_err(|_| fmt::Error)?];
        self.write_str(core::str::from_utf8(&character).map_err(|_| fmt::Error)?)
    }
}
