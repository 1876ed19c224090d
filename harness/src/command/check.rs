//! `check`: the attack table, sent to an endpoint.

use std::collections::BTreeSet;

use anyhow::bail;
use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser};
use hookproof::providers::{self, Provider};
use hookproof_harness::check::{self, Check};
use hookproof_harness::endpoint::Endpoint;
use hookproof_harness::observe::Observer;
use hookproof_harness::report::{self, Format};
use hookproof_harness::row::{self, Row};
use indicatif::{ProgressBar, ProgressStyle};

use super::number::number;
use super::output::{is_coloured, say};
use super::provider::provider;
use super::to::To;

/// Names for several providers at once.
const FIVE: &str = "five";
const ALL: &str = "all";

/// Send valid deliveries and attacks, and say of each whether the endpoint did right.
#[derive(Args)]
#[command(after_help = "\
Examples:
  hookproof check kyc http://127.0.0.1:3000/webhooks/kyc --secret-env KYC_SECRET
  hookproof check five 'http://127.0.0.1:3000/webhooks/{provider}' \\
    --secret-env '{PROVIDER}_SECRET' --observe http://127.0.0.1:3000/observed
  hookproof check stripe http://127.0.0.1:3000/ --only replay \\
    --secret-file secret.txt
  hookproof check github http://127.0.0.1:3000/ --secret-env SECRET \\
    --format junit > report.xml")]
pub(crate) struct CheckCommand {
    /// Whose deliveries to send: names with commas between them, `five` for the first five of
    /// `hookproof providers`, or `all`.
    #[arg(value_delimiter = ',', num_args = 1, required = true, hide_possible_values = true, value_parser = names())]
    providers: Vec<String>,
    /// The endpoint; `{provider}` in it is replaced by the provider's name.
    url: String,
    #[command(flatten)]
    to: To,
    /// Look at this attack alone; several may be named.
    #[arg(long, value_name = "ATTACK", value_delimiter = ',', hide_possible_values = true, value_parser = ids())]
    only: Vec<String>,
    /// Leave this attack out; several may be named.
    #[arg(long, value_name = "ATTACK", value_delimiter = ',', hide_possible_values = true, value_parser = ids())]
    skip: Vec<String>,
    /// Where the endpoint says how often it handled a delivery: an address or a file, which holds a JSON
    /// object of numbers or a line for each time, by deduplication key or id.
    #[arg(long, value_name = "URL OR FILE")]
    observe: Option<String>,
    /// How the report is written.
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// How many near and how many far tags are timed.
    #[arg(long, value_name = "COUNT", default_value_t = 100, value_parser = number(10..=100_000_u32))]
    timing_samples: u32,
}

impl CheckCommand {
    pub(super) async fn run(self) -> anyhow::Result<bool> {
        let observer = match &self.observe {
            Some(text) => Some(Observer::new(text, self.to.reach(), self.to.timeout()).await?),
            None => None,
        };
        let endpoints = chosen(&self.providers)?
            .into_iter()
            .map(|provider| self.endpoint(provider, observer.as_ref()))
            .collect::<anyhow::Result<Vec<_>>>()?;
        let check = Check {
            endpoints,
            timeout: self.to.timeout(),
            ids: self.chosen_ids(),
            observer,
            timing_samples: self.timing_samples.try_into()?,
        };
        let bar = ProgressBar::new(check.count().try_into()?);
        bar.set_style(ProgressStyle::with_template("{wide_bar} {pos} of {len}  {msg:36!}")?);
        let rows = check
            .run(|title| {
                bar.set_message(title.to_owned());
                bar.inc(1);
            })
            .await;
        bar.finish_and_clear();
        let rows = rows?;
        ensure_applies(&rows)?;
        say(&report::write(&rows, self.format, is_coloured())?)?;
        Ok(row::is_right(&rows))
    }

    fn endpoint(
        &self,
        provider: &'static Provider,
        observer: Option<&Observer>,
    ) -> anyhow::Result<Endpoint> {
        let mut endpoint = self.to.endpoint(provider, &self.url)?;
        endpoint.options.extend(observer.into_iter().flat_map(Observer::option));
        Ok(endpoint)
    }

    fn chosen_ids(&self) -> BTreeSet<&'static str> {
        let has = |list: &[String], id: &str| list.iter().any(|each| each == id);
        let only = |id: &&str| self.only.is_empty() || has(&self.only, id);
        check::ids().map(|(id, _)| id).filter(only).filter(|id| !has(&self.skip, id)).collect()
    }
}

/// Fails where nothing that was asked for means anything: no verdict came of it, and none is no success.
fn ensure_applies(rows: &[Row]) -> anyhow::Result<()> {
    let lacking = |row: &Row| Some(format!("{}: {} {}", row.id, row.provider, row.lacking()?));
    let reasons: Option<Vec<_>> = rows.iter().map(lacking).collect();
    match reasons {
        Some(reasons) => bail!("nothing of this applies: {}", reasons.join("; ")),
        None => Ok(()),
    }
}

fn chosen(names: &[String]) -> anyhow::Result<Vec<&'static Provider>> {
    let mut chosen = Vec::new();
    for name in names {
        match name.as_str() {
            FIVE => chosen.extend(providers::ALL.iter().take(5)),
            ALL => chosen.extend(providers::ALL),
            name => chosen.push(provider(name)?),
        }
    }
    Ok(chosen)
}

fn names() -> PossibleValuesParser {
    let names = providers::ALL.iter().map(|row| row.scheme.name);
    PossibleValuesParser::new(names.chain([FIVE, ALL]))
}

fn ids() -> PossibleValuesParser {
    PossibleValuesParser::new(check::ids().map(|(id, title)| PossibleValue::new(id).help(title)))
}
