//! What the deliveries of a load are, and in which parts.

use anyhow::Context;

/// What a delivery is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// As the provider sends it: it must be answered 2xx.
    Valid,
    /// One bit of its payload flipped: it must be refused.
    Tampered,
    /// Two copies at the same instant: each is answered 2xx or 409, and one of them 2xx.
    Duplicated,
}

/// Every kind, with its name.
pub const KINDS: [(Kind, &str); 3] =
    [(Kind::Valid, "valid"), (Kind::Tampered, "tampered"), (Kind::Duplicated, "duplicated")];

/// How many parts of a load are of each kind, in the order of [`KINDS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mix(pub [u32; 3]);

impl Mix {
    /// Reads `valid=80,tampered=10,duplicated=10`. What is not named has no part.
    ///
    /// # Errors
    /// Where a kind is unknown, a part is no number up to 1000, or all are 0.
    pub fn parse(text: &str) -> anyhow::Result<Self> {
        let wanted = || "write it as valid=80,tampered=10,duplicated=10";
        let mut parts = [0; 3];
        for entry in text.split(',') {
            let (name, part) = entry.split_once('=').with_context(wanted)?;
            let index = KINDS.iter().position(|(_, kind)| *kind == name).with_context(wanted)?;
            let part = part.parse().ok().filter(|part| *part <= 1000).with_context(wanted)?;
            parts[index] = part;
        }
        anyhow::ensure!(parts.iter().any(|part| *part > 0), wanted());
        Ok(Self(parts))
    }

    /// The kind of a delivery: kinds are spread evenly, and a load is the same each time.
    pub(super) fn kind(self, index: u64) -> Kind {
        // A prime larger than any sum visits every place of the cycle, in no order that a server knows.
        let cycle = u64::from(self.0.iter().sum::<u32>()).max(1);
        let mut place = index.wrapping_mul(7919) % cycle;
        for ((kind, _), part) in KINDS.iter().zip(self.0) {
            match place.checked_sub(part.into()) {
                Some(rest) => place = rest,
                None => return *kind,
            }
        }
        Kind::Valid
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mix_is_spread_in_its_parts() {
        let mix = Mix::parse("valid=8,tampered=1,duplicated=1").unwrap();
        let kinds: Vec<_> = (0..10).map(|index| mix.kind(index)).collect();
        let count = |wanted| kinds.iter().filter(|kind| **kind == wanted).count();
        assert_eq!([Kind::Valid, Kind::Tampered, Kind::Duplicated].map(count), [8, 1, 1]);
        let only = Mix::parse("tampered=1").unwrap();
        assert!((0..10).all(|index| only.kind(index) == Kind::Tampered));
    }

    #[test]
    fn what_is_no_mix_is_refused_with_one_that_is() {
        for text in ["", "valid", "valid=x", "valid=1001", "wrong=1", "valid=0"] {
            let error = Mix::parse(text).unwrap_err().to_string();
            assert!(error.contains("write it as valid=80"), "{error}");
        }
    }
}
