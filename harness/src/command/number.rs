//! An argument that is a number within bounds.

use std::fmt::Display;
use std::ops::RangeInclusive;
use std::str::FromStr;

use anyhow::ensure;

/// Takes a number within these bounds. Unlike clap's own parser it does not repeat one that is outside.
pub(super) fn number<T>(bounds: RangeInclusive<T>) -> impl Fn(&str) -> anyhow::Result<T> + Clone
where
    T: Clone + Display + FromStr<Err: std::error::Error + Send + Sync + 'static> + PartialOrd,
{
    move |text| {
        let number = text.parse()?;
        let (least, most) = (bounds.start(), bounds.end());
        ensure!(bounds.contains(&number), "it must be from {least} to {most}");
        Ok(number)
    }
}
