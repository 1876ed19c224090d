use core::fmt;

use crate::{Error, Options, Scheme};

/// A moment, in whole seconds since 1970-01-01T00:00:00Z.
///
/// The core has no clock: whoever calls it says what time it is.
///
/// ```
/// use hookproof::UnixTime;
///
/// let now = UnixTime::from_secs(1_712_419_200);
/// assert_eq!(now.as_secs(), 1_712_419_200);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnixTime(u64);

/// The largest timestamp that twelve digits can write.
pub(crate) const MAX_TIMESTAMP_SECS: u64 = 999_999_999_999;

/// The freshness that holds where neither the caller nor the scheme says otherwise.
pub(crate) const DEFAULT_TOLERANCE_SECS: u64 = 300;

impl UnixTime {
    /// The moment `secs` seconds after the epoch.
    pub const fn from_secs(secs: u64) -> Self {
        Self(secs)
    }

    /// Seconds since the epoch.
    pub const fn as_secs(self) -> u64 {
        self.0
    }

    /// Reads a timestamp as senders must write it: 1 to 12 ASCII digits, no sign, no leading zero but in
    /// `0` itself. So every moment has one text, and no byte can move between a timestamp and what is
    /// signed beside it.
    pub(crate) fn parse(digits: &[u8]) -> Option<Self> {
        let strict = match digits {
            [] => false,
            [_] => true,
            [first, ..] => *first != b'0' && digits.len() <= 12,
        };
        if !strict || !digits.iter().all(u8::is_ascii_digit) {
            return None;
        }
        // Twelve digits have room: nothing wraps, and a check would cost more than the rest.
        let add = |secs: u64, digit: &u8| {
            secs.wrapping_mul(10).wrapping_add(u64::from(digit.wrapping_sub(b'0')))
        };
        Some(Self(digits.iter().fold(0, add)))
    }

    /// Accepts a timestamp at most `tolerance_secs` away from now, before or after, bounds included.
    pub(crate) fn check_fresh(self, options: &Freshness) -> Result<(), Error<'static>> {
        let Freshness { now, tolerance_secs } = *options;
        let age_secs = now.0.saturating_sub(self.0);
        let ahead_secs = self.0.saturating_sub(now.0);
        if age_secs > tolerance_secs {
            return Err(Error::TooOld { age_secs, tolerance_secs });
        }
        if ahead_secs > tolerance_secs {
            return Err(Error::TooNew { ahead_secs, tolerance_secs });
        }
        Ok(())
    }
}

/// The canonical text: decimal digits, as [`sign`](crate::sign()) writes them.
impl fmt::Display for UnixTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What a signed timestamp is held against.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Freshness {
    now: UnixTime,
    tolerance_secs: u64,
}

impl Freshness {
    /// What `scheme` asks for under these options; `None` where it signs no timestamp.
    pub(crate) fn new(options: &Options, scheme: &Scheme<'_>) -> Option<Self> {
        let tolerance_secs = scheme.settle_tolerance_secs(options.tolerance_secs)?;
        Some(Self { now: options.now, tolerance_secs })
    }
}
