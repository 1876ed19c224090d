//! A delivery as it came, as every command that looks into one takes it.

use std::io::{IsTerminal, stdin};

use anyhow::{Context, anyhow, bail, ensure};
use clap::{Args, ValueEnum, ValueHint};
use hookproof::UnixTime;
use hookproof::capture::{self, Capture, CaptureFlaw};
use hookproof_harness::wire;

use super::payload;
use super::secret::SecretArgs;

/// How what is found out about a delivery is written.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Format {
    /// For a terminal.
    Text,
    /// One object.
    Json,
}

/// The delivery: as it was saved, or its payload and its headers.
#[derive(Args)]
pub(crate) struct Received {
    /// The payload, if there is no capture: a text, @ and the path of a file, or @- for standard input.
    #[arg(conflicts_with = "input")]
    payload: Option<String>,
    /// A header that came with the payload, as `Name: value`. Those that are not the provider's do not
    /// matter.
    #[arg(short = 'H', long = "header", value_name = "HEADER", requires = "payload", value_parser = header)]
    headers: Vec<(String, String)>,
    /// The file that the delivery was saved to: a raw HTTP request, a curl command or a HAR entry. Without
    /// it and without a payload, standard input.
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    input: Option<String>,
    #[command(flatten)]
    pub(crate) secret: SecretArgs,
    /// What time it is taken to be, in unix seconds; without it now. For a saved delivery, when it came.
    #[arg(long, value_name = "SECONDS")]
    pub(crate) now: Option<u64>,
    /// How far a signed time may be from now; without it as far as the provider says.
    #[arg(long, value_name = "SECONDS")]
    pub(crate) tolerance_secs: Option<u64>,
}

impl Received {
    /// The delivery, taken apart.
    ///
    /// # Errors
    /// Where there is none, it cannot be read, or it is not understood.
    pub(crate) fn capture(&self) -> anyhow::Result<Capture> {
        if let Some(payload) = &self.payload {
            ensure!(
                !self.headers.is_empty(),
                "a payload alone is not signed: pass its headers with -H, or a saved delivery with -i <FILE>"
            );
            let payload = payload::read(payload)?;
            return Ok(Capture { headers: self.headers.clone(), payload, ..Capture::default() });
        }
        let (text, name) = match self.input.as_deref() {
            None if stdin().is_terminal() => {
                // A terminal cuts lines off after 4096 bytes, so nothing is asked to be pasted there.
                bail!("no delivery: pass -i <FILE>, or a payload with -H, or pipe a capture in")
            }
            None | Some("-") => (payload::read("@-")?, "standard input"),
            Some(path) => (payload::file(path)?, path),
        };
        capture::parse(&text).map_err(|error| {
            let place = self.input.as_deref().unwrap_or("-");
            let hint = match error.flaw {
                CaptureFlaw::NotHar => {
                    format!("; a payload alone is given as @{place}, with each header as -H 'Name: value'")
                }
                _ => String::new(),
            };
            anyhow!("cannot make a delivery of {name}: {error}{hint}")
        })
    }

    /// The time that the delivery is held against.
    pub(crate) fn time(&self) -> UnixTime {
        self.now.map_or_else(wire::now, UnixTime::from_secs)
    }
}

fn header(text: &str) -> anyhow::Result<(String, String)> {
    let (name, value) = text.split_once(':').context("write a header as 'Name: value'")?;
    let (name, value) = (name.trim(), value.trim());
    ensure!(
        !name.contains(['\r', '\n']) && !value.contains(['\r', '\n']),
        "a header is one line, and this is more: pass each with a -H of its own"
    );
    Ok((name.to_owned(), value.to_owned()))
}
