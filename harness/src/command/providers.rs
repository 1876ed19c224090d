//! `providers`: the table, or one row of it.

use clap::Args;
use comfy_table::ContentArrangement;
use hookproof::providers::{self, EventSource, Provider};
use hookproof::scheme::{IdSource, Layout, Part, TimestampSource};

use hookproof_harness::columns;
use hookproof_harness::json;

use super::output::say;
use super::provider::{provider, provider_names};

/// Show the providers, or all that is known of one.
#[derive(Args)]
#[command(after_help = "\
Examples:
  hookproof providers
  hookproof providers humiris")]
pub(crate) struct Providers {
    /// The provider.
    #[arg(value_parser = provider_names())]
    provider: Option<String>,
}

impl Providers {
    pub(super) fn run(self) -> anyhow::Result<bool> {
        match self.provider {
            None => say(&table())?,
            Some(name) => say(&row(provider(&name)?))?,
        }
        Ok(true)
    }
}

fn table() -> String {
    let header = ["name", "signature", "written as", "fresh", "deadline"];
    let mut table = columns::table();
    table.add_row(header);
    for row in providers::ALL {
        table.add_row([
            row.scheme.name.to_owned(),
            row.scheme.signature.name.to_owned(),
            layout(row),
            row.scheme
                .effective_tolerance_secs(None)
                .map_or("-".to_owned(), |secs| format!("{secs} s")),
            row.deadline_secs.map_or("-".to_owned(), |secs| format!("{secs} s")),
        ]);
    }
    columns::lines(&table).collect::<String>()
}

fn row(row: &Provider) -> String {
    let scheme = &row.scheme;
    let content = scheme.content.iter().map(|part| match part {
        Part::Payload => "payload".to_owned(),
        Part::Timestamp => "timestamp".to_owned(),
        Part::Id => "id".to_owned(),
        Part::Literal(text) => format!("\"{text}\""),
    });
    let timestamp = match scheme.timestamp {
        None => "none".to_owned(),
        Some(TimestampSource::Header(name)) => signed(name, scheme.signs_timestamp()),
        Some(TimestampSource::Field(field)) => format!("in the signature, as {field}; signed"),
    };
    let id = match scheme.id {
        None => "none".to_owned(),
        Some(IdSource::Header(name)) => signed(name, scheme.signs_id()),
        Some(IdSource::Payload { member, repeated_in }) => {
            let repeated = repeated_in.map(|name| format!("; repeated in {name}, unsigned"));
            format!("the payload's {member}, signed{}", repeated.unwrap_or_default())
        }
    };
    let event = match row.event_in {
        EventSource::Payload(member) => format!("the payload's {member}"),
        EventSource::Header(name) => format!("{name}, unsigned"),
    };
    let seconds = |secs: &u32| format!("{secs} s");
    let retries: Vec<_> = row.retry_secs.iter().map(seconds).collect();
    let known = |text: String| if text.is_empty() { "not documented".to_owned() } else { text };
    let mut table = columns::table();
    table.set_content_arrangement(ContentArrangement::Dynamic).set_width(80);
    table.add_row(["signature", scheme.signature.name]);
    table.add_row(["written as".to_owned(), layout(row)]);
    table.add_row(["signed".to_owned(), content.collect::<Vec<_>>().join(" ")]);
    table.add_row(["secret", scheme.secret.name()]);
    table.add_row(["timestamp".to_owned(), timestamp]);
    let tolerance_secs = scheme.effective_tolerance_secs(None);
    let fresh = tolerance_secs.map(|secs| format!("{secs} s, both ways"));
    let fresh = fresh.unwrap_or_else(|| "no timestamp is signed".to_owned());
    table.add_row(["fresh".to_owned(), fresh]);
    table.add_row(["id".to_owned(), id]);
    table.add_row(["deadline".to_owned(), known(row.deadline_secs.iter().map(seconds).collect())]);
    table.add_row(["retried after".to_owned(), known(retries.join(", "))]);
    table.add_row(["event in".to_owned(), event]);
    table.add_row(["events".to_owned(), row.events.join(", ")]);
    let (is_address, docs) = (row.docs.starts_with("https://"), ["documents", row.docs]);
    if !is_address {
        table.add_row(docs);
    }
    for note in row.notes {
        table.add_row(["note", note]);
    }
    let sample: serde_json::Value = serde_json::from_str(row.sample).unwrap_or_default();
    let event = row.events.first().copied().unwrap_or_default();
    let mut lines = columns::lines(&table).collect::<String>();
    if is_address {
        // In one piece, so that it can be copied and followed.
        lines += &format!("{:13}  {}\n", docs[0], docs[1]);
    }
    format!("{} ({})\n\n{lines}\n{event}:\n{}", row.title, scheme.name, json::text(&sample))
}

fn layout(row: &Provider) -> String {
    let tag = format!("<{}>", row.scheme.encoding.name());
    match row.scheme.signature.layout {
        Layout::Bare => tag,
        Layout::Prefix(prefix) => format!("{prefix}{tag}"),
        Layout::List { separator, assign, name } => {
            let time = match row.scheme.timestamp {
                Some(TimestampSource::Field(field)) => format!("{field}{assign}<secs>{separator}"),
                _ => String::new(),
            };
            format!("{time}{name}{assign}{tag}")
        }
    }
}

fn signed(name: &str, is_signed: bool) -> String {
    format!("{name}, {}", if is_signed { "signed" } else { "unsigned" })
}
