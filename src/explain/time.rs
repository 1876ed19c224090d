//! Times that are off, in words.

use alloc::format;
use alloc::string::String;

use super::cause::{Cause, Fault};
use crate::UnixTime;

/// From here on a number is taken for milliseconds: in seconds it is the year 5138.
const MILLISECONDS_FROM: u64 = 100_000_000_000;

/// Time zones differ by whole quarters of an hour, by at most so much, and clocks by a few seconds more.
const QUARTER_SECS: u64 = 900;
const MAX_ZONE_SECS: u64 = 14 * 3600;
const SLACK_SECS: u64 = 5;

/// Why a timestamp that is signed rightly is refused; `None` where it is fresh.
pub(crate) fn fault(timestamp: UnixTime, now: UnixTime, tolerance_secs: u64) -> Option<Fault> {
    let off_secs = timestamp.as_secs().abs_diff(now.as_secs());
    if off_secs <= tolerance_secs {
        return None;
    }
    let past = timestamp < now;
    let (age, tolerance) = (age(timestamp, now), duration(tolerance_secs));
    let what = format!("{age}, and {tolerance} is allowed");
    let in_seconds = now.as_secs().checked_div(1000).unwrap_or(0).abs_diff(timestamp.as_secs());
    if now.as_secs() >= MILLISECONDS_FROM && timestamp.as_secs() < MILLISECONDS_FROM {
        let fresh = if in_seconds <= tolerance_secs {
            "as seconds it is fresh"
        } else {
            "even as seconds it is not fresh"
        };
        return Some(Fault::new(Cause::NowInMilliseconds, fresh));
    }
    let beyond = off_secs.checked_rem(QUARTER_SECS).unwrap_or(0);
    let near_quarter = beyond <= SLACK_SECS || beyond >= QUARTER_SECS.saturating_sub(SLACK_SECS);
    let hours = off_secs.saturating_add(SLACK_SECS) >= 3600;
    if near_quarter && hours && off_secs <= MAX_ZONE_SECS.saturating_add(SLACK_SECS) {
        return Some(Fault::new(Cause::TimeZone, what));
    }
    Some(Fault::new(if past { Cause::TooOld } else { Cause::TooNew }, what))
}

/// How far a timestamp is from now: `2 hours 5 seconds ago`.
pub(crate) fn age(timestamp: UnixTime, now: UnixTime) -> String {
    let off = duration(timestamp.as_secs().abs_diff(now.as_secs()));
    if timestamp > now { format!("{off} in the future") } else { format!("{off} ago") }
}

/// The two largest units of so many seconds.
fn duration(secs: u64) -> String {
    let units =
        [("year", 31_536_000), ("day", 86_400), ("hour", 3600), ("minute", 60), ("second", 1)];
    let mut rest = secs;
    let mut words = String::new();
    let mut count = 0;
    for (name, unit_secs) in units {
        let number = rest.checked_div(unit_secs).unwrap_or(0);
        rest = rest.checked_rem(unit_secs).unwrap_or(0);
        if number > 0 && count < 2 {
            let (space, plural) =
                (if count == 0 { "" } else { " " }, if number == 1 { "" } else { "s" });
            words.push_str(&format!("{space}{number} {name}{plural}"));
            count = 1_i32.saturating_add(count);
        }
    }
    if words.is_empty() { String::from("0 seconds") } else { words }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_told_in_plain_words() {
        let at = UnixTime::from_secs;
        assert_eq!(age(at(100), at(100)), "0 seconds ago");
        assert_eq!(age(at(100), at(3801)), "1 hour 1 minute ago");
        assert_eq!(age(at(200_000), at(20_000)), "2 days 2 hours in the future");
        assert_eq!(age(at(0), at(u64::MAX)), "584942417355 years 26 days ago");
    }

    #[test]
    fn zones_and_milliseconds_are_told_from_age() {
        let cause = |timestamp, now| {
            let fault = fault(UnixTime::from_secs(timestamp), UnixTime::from_secs(now), 300);
            fault.map(|fault| fault.cause.code())
        };
        let now = 1_712_419_200;
        assert_eq!(cause(now - 300, now), None);
        assert_eq!(cause(now - 301, now), Some("too_old"));
        assert_eq!(cause(now + 301, now), Some("too_new"));
        assert_eq!(cause(now + 7200, now), Some("time_zone"));
        assert_eq!(cause(now - 19_800, now), Some("time_zone"));
        assert_eq!(cause(now - 54_000, now), Some("too_old"));
        assert_eq!(cause(now, now * 1000), Some("now_in_milliseconds"));
    }
}
