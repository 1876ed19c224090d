//! `load`: many deliveries, some of them hostile.

use std::time::Duration;

use clap::{Args, ValueEnum};
use comfy_table::CellAlignment;
use hookproof_harness::columns;
use hookproof_harness::json;
use hookproof_harness::load::{KINDS, Load, Loaded, Mix, Pace};
use hookproof_harness::report::{ASK, NOTHING_VALID};
use indicatif::{ProgressBar, ProgressStyle};

use super::number::number;
use super::output::say;
use super::provider::{provider, provider_names};
use super::to::To;

/// Send many deliveries, and say how long the answers took and whether each was right.
///
/// Every valid delivery must be answered 2xx, every one that was tampered with 4xx, and of two copies at the
/// same instant each 2xx or 409 and one of them 2xx.
#[derive(Args)]
#[command(after_help = "\
Examples:
  hookproof load kyc http://127.0.0.1:3000/ --secret-env KYC_SECRET --rate 200
  hookproof load github http://127.0.0.1:3000/ --secret-file secret.txt \\
    --concurrency 50 --duration-secs 60 --mix valid=50,tampered=25,duplicated=25")]
pub(crate) struct LoadCommand {
    /// Whose deliveries to send.
    #[arg(value_parser = provider_names())]
    provider: String,
    /// The endpoint.
    url: String,
    #[command(flatten)]
    to: To,
    /// So many deliveries a second, whatever the endpoint does.
    #[arg(long, value_name = "PER SECOND", value_parser = number(0.01..=100_000_f64), conflicts_with = "concurrency")]
    rate: Option<f64>,
    /// So many deliveries at any time.
    #[arg(long, value_name = "COUNT", default_value_t = 10, value_parser = number(1..=1000_u16))]
    concurrency: u16,
    /// For how long.
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = number(1..=86_400_u64))]
    duration_secs: u64,
    /// What the deliveries are, in parts.
    #[arg(long, value_parser = Mix::parse, default_value = "valid=80,tampered=10,duplicated=10")]
    mix: Mix,
    /// How the result is written.
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// For a terminal.
    Table,
    /// One object.
    Json,
}

impl LoadCommand {
    pub(super) async fn run(self) -> anyhow::Result<bool> {
        let load = Load {
            endpoint: self.to.endpoint(provider(&self.provider)?, &self.url)?,
            pace: self.rate.map_or(Pace::Concurrency(self.concurrency.into()), Pace::Rate),
            duration: Duration::from_secs(self.duration_secs),
            mix: self.mix,
            timeout: self.to.timeout(),
        };
        let bar = ProgressBar::new(self.duration_secs * 1000);
        bar.set_style(ProgressStyle::with_template("{wide_bar} {msg} deliveries")?);
        let mut sent = 0_u64;
        let loaded = load
            .run(|elapsed| {
                sent += 1;
                bar.set_position(elapsed.as_millis().try_into().unwrap_or(u64::MAX));
                bar.set_message(sent.to_string());
            })
            .await;
        bar.finish_and_clear();
        let loaded = loaded?;
        match self.format {
            Format::Table => say(&table(&loaded))?,
            Format::Json => say(&json::text(&loaded.json()))?,
        }
        Ok(loaded.is_right())
    }
}

fn table(loaded: &Loaded) -> String {
    let quantiles = loaded.tallies[0].millis().map(|(name, _)| name.to_owned());
    let header = ["deliveries", "sent", "right"].map(str::to_owned).into_iter().chain(quantiles);
    let mut table = columns::table();
    table.add_row(header);
    let mut others = String::new();
    for ((_, name), tally) in KINDS.iter().zip(&loaded.tallies).filter(|(_, tally)| tally.sent > 0)
    {
        let counts = [(*name).to_owned(), tally.sent.to_string(), tally.right.to_string()];
        let millis = tally.millis().map(|(_, millis)| format!("{millis:.1} ms"));
        table.add_row(counts.into_iter().chain(millis));
        for (word, times) in &tally.others {
            others += &format!("WRONG: {times} {name} were answered {word}\n");
        }
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    let lines: String = columns::lines(&table).collect();
    let seconds = loaded.elapsed.as_secs_f64();
    let shut = if loaded.is_shut() { format!("{NOTHING_VALID}: {ASK}\n") } else { String::new() };
    format!("{lines}\n{others}{shut}{:.0} a second for {seconds:.1} s\n", loaded.rate())
}
