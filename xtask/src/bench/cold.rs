//! Cold start: from import to the first verdict in a process that has done nothing else, and the whole
//! process as its starter sees it.

use std::process::Command;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context, ensure};
use hookproof::scheme::SecretFormat;
use hookproof::{Key, Stamp, UnixTime, providers, sign};
use serde_json::{Value, json};

use super::Options;
use super::results::{HOOKPROOF, RECIPE, STANDARD, median};
use crate::{step, tree};

/// Who starts. The programs are alike but for what they import and call.
const PROGRAMS: &[(&str, &str)] =
    &[(HOOKPROOF, "cold/hookproof.js"), (RECIPE, "cold/recipe.js"), (STANDARD, "cold/standard.js")];

const RUNTIMES: &[(&str, &[&str])] = &[
    ("node20", &["node_modules/node20/bin/node"]),
    ("node22", &["node_modules/node22/bin/node"]),
    ("node24", &["node_modules/node24/bin/node"]),
    ("deno", &["node_modules/.bin/deno", "run", "--allow-all", "--no-lock"]),
    ("bun", &["node_modules/.bin/bun"]),
];

const PAYLOAD: &str = r#"{"id":"evt_123","type":"started"}"#;

/// A runtime and a program, in milliseconds: medians.
pub(crate) struct Cold {
    pub(crate) runtime: &'static str,
    pub(crate) name: &'static str,
    pub(crate) first_verdict_ms: f64,
    pub(crate) process_ms: f64,
}

impl Cold {
    pub(crate) fn json(&self) -> Value {
        json!({
            "runtime": self.runtime,
            "name": self.name,
            "first_verdict_ms": self.first_verdict_ms,
            "process_ms": self.process_ms,
        })
    }
}

/// Starts each program in each runtime in turn.
pub(crate) fn measure(options: &Options) -> anyhow::Result<Vec<Cold>> {
    let rounds = if options.quick { 9 } else { 25 };
    let mut all = Vec::new();
    for (runtime, words) in RUNTIMES.iter().filter(|(runtime, _)| options.wants(runtime)) {
        let mut times = vec![(Vec::new(), Vec::new()); PROGRAMS.len()];
        step::work(&format!("{runtime}, cold start"), |bar| {
            for round in 0..=rounds {
                bar.set_message(format!("{round} of {rounds}"));
                for turn in 0..PROGRAMS.len() {
                    let program = (turn + round) % PROGRAMS.len();
                    let (first_verdict, process) = start(words, PROGRAMS[program].1)?;
                    // The first round fills the machine's caches of files.
                    if round > 0 {
                        times[program].0.push(first_verdict);
                        times[program].1.push(process.as_secs_f64() * 1000.0);
                    }
                }
            }
            Ok(())
        })?;
        all.extend(PROGRAMS.iter().zip(times).map(|((name, _), (first_verdict, process))| Cold {
            runtime,
            name,
            first_verdict_ms: median(first_verdict.into_iter()),
            process_ms: median(process.into_iter()),
        }));
    }
    Ok(all)
}

/// Starts a program once: its own milliseconds to the first verdict, and the whole process.
fn start(words: &[&str], program: &str) -> anyhow::Result<(f64, Duration)> {
    let folder = tree::at("benches/js");
    let mut command = Command::new(folder.join(words[0]));
    command.current_dir(&folder).args(&words[1..]).arg(program).args(arguments(program)?);
    let start = Instant::now();
    let done = command.output().with_context(|| format!("cannot start {command:?}"))?;
    let process = start.elapsed();
    let said = String::from_utf8_lossy(&done.stdout);
    let complaint = String::from_utf8_lossy(&done.stderr);
    ensure!(done.status.success(), "{command:?} failed:\n{said}{complaint}");
    Ok((said.trim().parse().with_context(|| format!("{command:?} said {said:?}"))?, process))
}

/// Payload, secret and headers, signed by the core: the programs have only to verify.
fn arguments(program: &str) -> anyhow::Result<Vec<String>> {
    const SECRET: &str = "YSBzZWNyZXQgdGhhdCBpcyBiYXNlNjQsIGFuZCBhbHNvIHRleHQ=";
    let now = SystemTime::now().duration_since(UNIX_EPOCH).context("the clock is before 1970")?;
    let (scheme, secret) = match program {
        "cold/standard.js" => (&providers::STANDARD_WEBHOOKS.scheme, SecretFormat::Whsec),
        _ => (&providers::IMMUTIS.scheme, SecretFormat::Utf8),
    };
    let fault = |error: hookproof::Error<'_>| anyhow::anyhow!("the core cannot sign: {error}");
    let key = Key::new(SECRET.as_bytes(), secret).map_err(fault)?;
    let stamp = Stamp { timestamp: UnixTime::from_secs(now.as_secs()), id: Some("msg_1") };
    let stamp = if secret == SecretFormat::Utf8 { Stamp { id: None, ..stamp } } else { stamp };
    let signed = sign(scheme, &key, PAYLOAD.as_bytes(), &stamp).map_err(fault)?;
    let signature = signed.signature().to_string();
    Ok([PAYLOAD, SECRET, &signature, &now.as_secs().to_string()].map(str::to_owned).into())
}
