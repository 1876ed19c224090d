//! Receivers that are careless in one way, and what `check` finds of each: that, and nothing else.

use std::collections::BTreeSet;
use std::time::Duration;

use hookproof::providers::{self, Provider};
use hookproof_harness::attack;
use hookproof_harness::check::{self, Check};
use hookproof_harness::endpoint::Endpoint;
use hookproof_harness::observe::Observer;
use hookproof_harness::report::{self, Format};
use hookproof_harness::route::Reach;
use hookproof_harness::row::Row;
use hookproof_harness::sender::Sender;

use crate::receiver::{Answers, Receive, SECRET, careful, start};

mod answers;
mod effects;
mod verification;

const TIMEOUT: Duration = Duration::from_secs(4);

#[tokio::test]
async fn a_careful_receiver_passes() {
    let rows = check(&providers::HUMIRIS, careful).await;
    assert_eq!(
        wrong(&rows),
        BTreeSet::new(),
        "{}",
        report::write(&rows, Format::Table, false).unwrap()
    );
}

async fn check(provider: &'static Provider, receive: Receive) -> Vec<Row> {
    observed(provider, start(provider, Answers::After, receive)).await
}

async fn observed(provider: &'static Provider, url: reqwest::Url) -> Vec<Row> {
    let observer =
        Observer::new(url.join("observed").unwrap().as_str(), Reach::ThisMachine, TIMEOUT)
            .await
            .unwrap();
    run(provider, url, Some(observer)).await
}

async fn run(
    provider: &'static Provider,
    url: reqwest::Url,
    observer: Option<Observer>,
) -> Vec<Row> {
    let check = of(provider, url, observer);
    let mut told = 0;
    let rows = check.run(|_| told += 1).await.unwrap();
    assert_eq!((told, rows.len()), (check.count(), check.count()));
    rows
}

fn of(provider: &'static Provider, url: reqwest::Url, observer: Option<Observer>) -> Check {
    let sender = Sender::new(provider, SECRET).unwrap();
    let endpoints = vec![Endpoint { sender, url, reach: Reach::ThisMachine, options: Vec::new() }];
    let ids = check::ids().map(|(id, _)| id).collect();
    Check { endpoints, timeout: TIMEOUT, ids, observer, timing_samples: 40 }
}

/// The ids of what lacks a right signature.
fn unauthentic(provider: &Provider) -> BTreeSet<&'static str> {
    applying(provider, attack::all().filter(|attack| attack.expected.is_unauthentic()))
}

fn applying(
    provider: &Provider,
    attacks: impl Iterator<Item = &'static attack::Attack>,
) -> BTreeSet<&'static str> {
    attacks.filter(|attack| attack.lacking(provider).is_none()).map(|attack| attack.id).collect()
}

fn wrong(rows: &[Row]) -> BTreeSet<&'static str> {
    rows.iter().filter(|row| row.verdict.is_wrong()).map(|row| row.id).collect()
}

fn text<'r>(rows: &'r [Row], id: &str) -> &'r str {
    rows.iter().find(|row| row.id == id).unwrap().verdict.text()
}
