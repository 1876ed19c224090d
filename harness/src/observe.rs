//! How often a receiver's handler ran for each delivery, as the receiver itself says.

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;

use anyhow::Context;
use reqwest::Url;
use serde_json::Value;

use crate::target;
use crate::wire::Wire;

/// Who says how often a handler ran: an address that answers a GET, or a file that the handler writes to.
///
/// The text is a JSON object of numbers by name, or has the name of a delivery in a line for each time that
/// it was handled. A delivery's name is its deduplication key or its id.
pub enum Observer {
    /// An address.
    Url(Url),
    /// A file.
    File(PathBuf),
}

impl Observer {
    /// Reads an address or else the path of a file.
    ///
    /// # Errors
    /// Where the address is another machine's without `allow_remote`.
    pub fn new(text: &str, allow_remote: bool) -> anyhow::Result<Self> {
        if text.starts_with("http://") || text.starts_with("https://") {
            return Ok(Self::Url(target::url(text, "", allow_remote)?));
        }
        Ok(Self::File(text.into()))
    }

    /// How often the handler has run until now.
    ///
    /// # Errors
    /// Where the address does not answer 2xx, or the file cannot be read.
    pub async fn runs(&self, wire: &Wire) -> anyhow::Result<Runs> {
        let text = match self {
            Self::Url(url) => {
                wire.text(url).await.with_context(|| format!("cannot read --observe {url}"))?
            }
            Self::File(path) => std::fs::read_to_string(path)
                .with_context(|| format!("cannot read --observe {}", path.display()))?,
        };
        Ok(Runs::read(&text))
    }
}

/// How often a handler ran for each delivery.
#[derive(Debug, Default)]
pub struct Runs(HashMap<String, u64>);

impl Runs {
    fn read(text: &str) -> Self {
        let mut runs = HashMap::new();
        if let Ok(Value::Object(members)) = serde_json::from_str(text) {
            for (name, times) in members {
                runs.insert(name, times.as_u64().unwrap_or_default());
            }
            return Self(runs);
        }
        for name in text.lines().map(str::trim).filter(|name| !name.is_empty()) {
            *runs.entry(name.to_owned()).or_default() += 1;
        }
        Self(runs)
    }

    /// How often the handler ran for the delivery of these names.
    pub fn of(&self, names: &BTreeSet<&str>) -> u64 {
        names.iter().filter_map(|name| self.0.get(*name)).sum()
    }
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
            let runs = Runs::read(text);
            assert_eq!(runs.of(&BTreeSet::from(["kyc:id:evt_1"])), 2);
            assert_eq!(runs.of(&BTreeSet::from(["kyc:id:evt_1", "kyc:id:evt_2"])), 3);
            assert_eq!(runs.of(&BTreeSet::from(["evt_1"])), 0);
        }
        assert_eq!(Runs::read("{}").of(&BTreeSet::from(["evt_1"])), 0);
    }
}
