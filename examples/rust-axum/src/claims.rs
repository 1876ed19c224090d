//! Which deliveries are being handled, and which were: in memory, so until the process ends.
//!
//! A receiver that must not handle a delivery twice across restarts, or that runs more than once, keeps the
//! same three calls in a database.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long a handler may take before its delivery is given to the next attempt.
const LEASE: Duration = Duration::from_secs(60);

/// How long a handled delivery is remembered: longer than any provider of the table retries.
const REMEMBERED: Duration = Duration::from_secs(72 * 3600);

/// How many deliveries are remembered. When there are more, new ones are put off and none is forgotten.
const MAX_CLAIMS: usize = 100_000;

/// The claims on deliveries, by deduplication key.
#[derive(Default)]
pub(crate) struct Claims(Mutex<Held>);

#[derive(Default)]
struct Held {
    by_key: HashMap<String, Entry>,
    tokens: u64,
}

struct Entry {
    /// Of whoever handles the delivery; `None` once it is handled.
    token: Option<u64>,
    until: Instant,
}

/// What came of a claim.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Claim {
    /// The delivery is the caller's to handle, with this token.
    New(u64),
    /// Someone else is handling it.
    Busy,
    /// It was handled.
    Done,
    /// There is no room to remember it.
    Full,
}

impl Claims {
    /// Claims a delivery, in one step: of two callers one gets it.
    pub(crate) fn claim(&self, key: &str, now: Instant) -> Claim {
        let mut held = self.held();
        match held.by_key.get(key) {
            Some(Entry { token: None, until }) if *until > now => return Claim::Done,
            Some(Entry { token: Some(_), until }) if *until > now => return Claim::Busy,
            _ => {}
        }
        if held.by_key.len() >= MAX_CLAIMS {
            held.by_key.retain(|_, entry| entry.until > now);
        }
        if held.by_key.len() >= MAX_CLAIMS {
            return Claim::Full;
        }
        held.tokens += 1;
        let token = held.tokens;
        held.by_key.insert(key.to_owned(), Entry { token: Some(token), until: now + LEASE });
        Claim::New(token)
    }

    /// Remembers a delivery as handled. A token that has lapsed does nothing.
    pub(crate) fn complete(&self, key: &str, token: u64, now: Instant) {
        if let Some(entry) = self.held().by_key.get_mut(key)
            && entry.token == Some(token)
        {
            *entry = Entry { token: None, until: now + REMEMBERED };
        }
    }

    /// Gives a delivery back, for the next attempt. A token that has lapsed does nothing.
    pub(crate) fn release(&self, key: &str, token: u64) {
        let mut held = self.held();
        if held.by_key.get(key).is_some_and(|entry| entry.token == Some(token)) {
            held.by_key.remove(key);
        }
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delivery_is_claimed_once_and_remembered_once_handled() {
        let (claims, now) = (Claims::default(), Instant::now());
        let Claim::New(token) = claims.claim("a", now) else { panic!() };
        assert_eq!(claims.claim("a", now), Claim::Busy);
        claims.complete("a", token, now);
        assert_eq!(claims.claim("a", now + LEASE), Claim::Done);
        assert!(matches!(claims.claim("a", now + REMEMBERED), Claim::New(_)));
    }

    #[test]
    fn a_failed_delivery_is_free_at_once() {
        let (claims, now) = (Claims::default(), Instant::now());
        let Claim::New(token) = claims.claim("a", now) else { panic!() };
        claims.release("a", token);
        assert!(matches!(claims.claim("a", now), Claim::New(_)));
    }

    #[test]
    fn whoever_outlives_its_lease_completes_and_releases_nothing() {
        let (claims, now) = (Claims::default(), Instant::now());
        let Claim::New(first) = claims.claim("a", now) else { panic!() };
        let Claim::New(second) = claims.claim("a", now + LEASE) else { panic!() };
        claims.release("a", first);
        claims.complete("a", first, now);
        assert_eq!(claims.claim("a", now + LEASE), Claim::Busy);
        claims.complete("a", second, now + LEASE);
        assert_eq!(claims.claim("a", now + LEASE), Claim::Done);
    }

    #[test]
    fn what_cannot_be_remembered_is_put_off() {
        let (claims, now) = (Claims::default(), Instant::now());
        for index in 0..MAX_CLAIMS {
            assert!(matches!(claims.claim(&index.to_string(), now), Claim::New(_)));
        }
        assert_eq!(claims.claim("one more", now), Claim::Full);
        assert!(matches!(claims.claim("one more", now + LEASE), Claim::New(_)));
    }
}
