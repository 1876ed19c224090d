//! The axum example, started as a user starts it, against everything that the harness has.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use futures_util::{StreamExt, stream};
use hookproof::providers;
use hookproof_harness::check::{self, Check};
use hookproof_harness::endpoint::Endpoint;
use hookproof_harness::load::{Load, Mix, Pace};
use hookproof_harness::observe::Observer;
use hookproof_harness::report::{self, Format};
use hookproof_harness::route::Reach;
use hookproof_harness::row;
use hookproof_harness::sender::Sender;

use crate::receiver::SECRET;

#[tokio::test]
async fn the_axum_example_passes_every_attack_for_every_provider() {
    let example = Example::start();
    let checks = providers::ALL.iter().map(|provider| async {
        let check = Check {
            endpoints: vec![example.endpoint(provider)],
            timeout: Duration::from_secs(20),
            ids: check::ids().map(|(id, _)| id).collect(),
            observer: Some(example.observer().await),
            timing_samples: 20,
        };
        check.run(|_| ()).await.unwrap()
    });
    // Two at a time: more would wait for this machine, and providers do not.
    let mut checked = std::pin::pin!(stream::iter(checks).buffer_unordered(2));
    while let Some(rows) = checked.next().await {
        assert!(row::is_right(&rows), "{}", report::write(&rows, Format::Table, false).unwrap());
    }
}

#[tokio::test]
async fn the_axum_example_keeps_its_head_under_load() {
    let example = Example::start();
    for pace in [Pace::Concurrency(20), Pace::Rate(50.0)] {
        let load = Load {
            endpoint: example.endpoint(&providers::HUMIRIS),
            pace,
            duration: Duration::from_secs(1),
            mix: Mix::parse("valid=2,tampered=1,duplicated=1").unwrap(),
            timeout: Duration::from_secs(20),
        };
        let loaded = load.run(|_| ()).await.unwrap();
        assert!(loaded.is_right(), "{:#}", loaded.json());
        assert!(loaded.tallies.iter().all(|tally| tally.sent > 0), "{:#}", loaded.json());
    }
}

/// The example, until this is dropped.
struct Example {
    process: Child,
    address: String,
}

impl Example {
    fn start() -> Self {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["run", "--quiet", "--locked", "--package", "hookproof-example-rust-axum"]);
        for provider in providers::ALL {
            let name = provider.scheme.name.to_uppercase().replace('-', "_");
            cargo.env(format!("{name}_WEBHOOK_SECRET"), SECRET);
        }
        // What it says of each delivery is not what is tested.
        let cargo = cargo.env("PORT", "0").env("OBSERVE", "1").stderr(Stdio::null());
        let mut process = cargo.stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let greeting = lines.next().expect("the example starts").unwrap();
        let address = greeting.strip_prefix("listening on ").unwrap().to_owned();
        // Read to the end, so that the example never waits for its output to be read.
        std::thread::spawn(move || lines.for_each(drop));
        Self { process, address }
    }

    async fn observer(&self) -> Observer {
        let url = format!("{}/observed", self.address);
        Observer::new(&url, Reach::ThisMachine, Duration::from_secs(20)).await.unwrap()
    }

    fn endpoint(&self, provider: &'static providers::Provider) -> Endpoint {
        let url = format!("{}/webhooks/{}", self.address, provider.scheme.name);
        let sender = Sender::new(provider, SECRET).unwrap();
        let (url, reach) = (url.parse().unwrap(), Reach::ThisMachine);
        Endpoint { sender, url, reach, options: Vec::new() }
    }
}

impl Drop for Example {
    fn drop(&mut self) {
        // Cargo has become the example: there is one process.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}
