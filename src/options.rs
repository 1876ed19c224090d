use crate::error::Error;
use crate::scheme::Scheme;
use crate::time::UnixTime;

/// The time and the tolerance of a verification.
///
/// ```
/// use hookproof::{Options, UnixTime};
///
/// let options = Options { now: UnixTime::from_secs(1_712_419_200), tolerance_secs: Some(60) };
/// # let _ = options;
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The current time. The core has no clock.
    pub now: UnixTime,
    /// The most seconds that a signed timestamp may be away from now, before or after, bounds included. `None`
    /// leaves it to the scheme; `u64::MAX` turns freshness off. `Some` is an error where the scheme signs no
    /// timestamp.
    pub tolerance_secs: Option<u64>,
}

/// The times between which a signed timestamp is fresh.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Freshness {
    now: UnixTime,
    tolerance_secs: u64,
}

impl Freshness {
    /// The freshness that `scheme` requires under these options. `None` where it signs no timestamp.
    pub(crate) fn new(options: &Options, scheme: &Scheme<'_>) -> Option<Self> {
        let tolerance_secs = scheme.effective_tolerance_secs(options.tolerance_secs)?;
        Some(Self { now: options.now, tolerance_secs })
    }

    /// Accepts a timestamp at most `tolerance_secs` away from now, before or after, bounds included.
    pub(crate) fn check(&self, timestamp: UnixTime) -> Result<(), Error<'static>> {
        let Self { now, tolerance_secs } = *self;
        let age_secs = now.as_secs().saturating_sub(timestamp.as_secs());
        let ahead_secs = timestamp.as_secs().saturating_sub(now.as_secs());
        if age_secs > tolerance_secs {
            return Err(Error::TooOld { age_secs, tolerance_secs });
        }
        if ahead_secs > tolerance_secs {
            return Err(Error::TooNew { ahead_secs, tolerance_secs });
        }
        Ok(())
    }
}
