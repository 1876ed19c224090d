use core::fmt;

/// A moment, in whole seconds since 1970-01-01T00:00:00Z.
///
/// The core has no clock, so the caller passes the time.
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

impl UnixTime {
    /// The moment `secs` seconds after the epoch.
    pub const fn from_secs(secs: u64) -> Self {
        Self(secs)
    }

    /// Seconds since the epoch.
    pub const fn as_secs(self) -> u64 {
        self.0
    }

    /// Reads a timestamp as senders must write it: 1 to 12 ASCII digits, no sign, and no leading zero except in
    /// `0` itself. Therefore every moment has one text, and no byte can move between a timestamp and the next part
    /// of the content.
    pub(crate) fn parse(digits: &[u8]) -> Option<Self> {
        let strict = match digits {
            [] => false,
            [_] => true,
            [first, ..] => *first != b'0' && digits.len() <= 12,
        };
        if !strict || !digits.iter().all(u8::is_ascii_digit) {
            return None;
        }
        // Twelve digits fit, so nothing wraps. A check would cost more than the rest.
        let add = |secs: u64, digit: &u8| {
            secs.wrapping_mul(10).wrapping_add(u64::from(digit.wrapping_sub(b'0')))
        };
        Some(Self(digits.iter().fold(0, add)))
    }
}

/// The canonical text: decimal digits, as [`sign`](crate::sign()) writes them.
impl fmt::Display for UnixTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
