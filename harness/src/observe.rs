//! How often a receiver's handler ran for each delivery, as the receiver itself says.

use std::collections::{BTreeSet, HashMap};
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, ensure};
use reqwest::Url;
use serde_json::Value;

use crate::input::{self, MAX_OBSERVED_BYTES};
use crate::route::Reach;
use crate::target;
use crate::wire::{Connections, Wire};

/// Who says how often a handler ran: an address that answers a GET, or a file that the handler writes to.
///
/// The text is a JSON object of numbers by name, or has the name of a delivery in a line for each time that
/// it was handled. A delivery's name is its deduplication key or its id.
pub enum Observer {
    /// An address, over connections of its own: the endpoint's may lead to another machine.
    Url(Url, Box<Wire>),
    /// A file.
    File(PathBuf),
}

impl Observer {
    /// Reads an address or else the path of a file.
    ///
    /// # Errors
    /// Where the text has a scheme and is not an address of HTTP, or the address is out of reach.
    pub async fn new(text: &str, reach: Reach, timeout: Duration) -> anyhow::Result<Self> {
        if text.contains("://") {
            let url = target::url(text, "").context("--observe")?;
            let wire = Wire::new(&url, reach, timeout, Connections::Fresh).await;
            return Ok(Self::Url(url, Box::new(wire.context("--observe")?)));
        }
        Ok(Self::File(text.into()))
    }

    /// How often the handler has run until now.
    ///
    /// # Errors
    /// Where the address does not answer 2xx, the file cannot be read, or a number in it is none.
    pub async fn runs(&self) -> anyhow::Result<Runs> {
        self.read().await.with_context(|| format!("cannot read --observe {}", self.place()))
    }

    async fn read(&self) -> anyhow::Result<Runs> {
        match self {
            Self::Url(_, wire) => Runs::read(&wire.text().await?),
            Self::File(path) => {
                let bytes = input::file(path, MAX_OBSERVED_BYTES)?;
                Runs::read(&String::from_utf8(bytes).context("it is not UTF-8 text")?)
            }
        }
    }

    /// The option that names the same again, as words and without a password.
    pub fn option(&self) -> [String; 2] {
        ["--observe".to_owned(), self.place()]
    }

    fn place(&self) -> String {
        match self {
            Self::Url(url, _) => target::shown(url),
            Self::File(path) => path.to_string_lossy().into_owned(),
        }
    }
}

/// The whole numbers that a float tells from one another.
const WHOLE: RangeInclusive<f64> = 0.0..=9_007_199_254_740_991.0;

/// How often a handler ran for each delivery.
#[derive(Debug, Default)]
pub struct Runs(HashMap<String, u64>);

impl Runs {
    fn read(text: &str) -> anyhow::Result<Self> {
        let mut runs = HashMap::new();
        if let Ok(Value::Object(members)) = serde_json::from_str(text) {
            for (name, value) in members {
                // Taken for none it would blame a receiver that handled the delivery.
                let times = times(&value)
                    .with_context(|| format!("what it says of {name} is no whole number"))?;
                runs.insert(name, times);
            }
            return Ok(Self(runs));
        }
        // A page of HTML, or JSON of another shape, would be read as names that no delivery has.
        ensure!(
            !text.trim_start_matches('\u{feff}').trim_start().starts_with(['<', '{', '[', '"']),
            "it is neither a JSON object of numbers nor a line for each time: is it the right address?"
        );
        for name in text.lines().map(str::trim).filter(|name| !name.is_empty()) {
            *runs.entry(name.to_owned()).or_default() += 1;
        }
        Ok(Self(runs))
    }

    /// How often the handler ran for the delivery of these names.
    pub fn of(&self, names: &BTreeSet<&str>) -> u64 {
        names.iter().filter_map(|name| self.0.get(*name)).sum()
    }
}

/// A number of times. Some languages write every number as `1.0`.
fn times(value: &Value) -> Option<u64> {
    let float = || value.as_f64().filter(|float| WHOLE.contains(float) && float.fract() == 0.0);
    value.as_u64().or_else(|| float().map(|float| float as u64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_of_numbers_and_a_line_for_each_run_say_the_same() {
        for text in [
            r#"{"kyc:id:evt_1": 2, "kyc:id:evt_2": 1}"#,
            "kyc:id:evt_1\nkyc:id:evt_2\r\n\nkyc:id:evt_1\n",
        ] {
            let runs = Runs::read(text).unwrap();
            assert_eq!(runs.of(&BTreeSet::from(["kyc:id:evt_1"])), 2);
            assert_eq!(runs.of(&BTreeSet::from(["kyc:id:evt_1", "kyc:id:evt_2"])), 3);
            assert_eq!(runs.of(&BTreeSet::from(["evt_1"])), 0);
        }
        assert_eq!(Runs::read("{}").unwrap().of(&BTreeSet::from(["evt_1"])), 0);
    }

    #[test]
    fn a_whole_number_is_one_however_it_is_written_and_anything_else_is_an_error() {
        for (number, times) in [("2", 2), ("2.0", 2), ("2e0", 2), ("0.0", 0), ("-0.0", 0)] {
            let runs = Runs::read(&format!(r#"{{"evt_1": {number}}}"#)).unwrap();
            assert_eq!(runs.of(&BTreeSet::from(["evt_1"])), times, "{number}");
        }
        for other in ["1.5", "-1", "-1.0", "1e300", "\"1\"", "true", "null", "[1]", "{\"n\": 1}"] {
            let error = Runs::read(&format!(r#"{{"evt_1": {other}}}"#)).unwrap_err().to_string();
            assert_eq!(error, "what it says of evt_1 is no whole number", "{other}");
        }
    }

    #[test]
    fn a_page_and_other_json_are_not_lists_of_names() {
        for text in [
            "<!DOCTYPE html>\n<p>Log in</p>\n",
            " \n<html>",
            "\u{feff}<html>",
            "[\"evt_1\"]",
            "\"evt_1\"",
            "{\"evt_1\": 1",
            "{\"evt_1\": 1}\n{\"evt_1\": 1}",
        ] {
            let error = Runs::read(text).unwrap_err().to_string();
            assert!(error.starts_with("it is neither a JSON object of numbers nor"), "{text}");
        }
    }

    #[tokio::test]
    async fn an_option_shows_no_password_and_a_whole_path() {
        for (text, shown) in [
            ("http://ada:hidden@127.0.0.1/observed", "http://ada@127.0.0.1/observed"),
            ("logs/@home/a:b@c", "logs/@home/a:b@c"),
        ] {
            let observer = Observer::new(text, Reach::ThisMachine, Duration::from_secs(5)).await;
            assert_eq!(observer.unwrap().option(), ["--observe", shown]);
        }
    }
}
