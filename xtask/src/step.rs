//! A tool run as one named step: a line that moves while it works, a line with its time when it is done,
//! and everything it said when it fails.

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use indicatif::{ProgressBar, ProgressStyle};

/// Runs the tool and gives all it printed.
pub(crate) fn run(title: &str, command: &mut Command) -> anyhow::Result<String> {
    watched(title, command).map(|said| said.all)
}

/// Runs the tool and gives what it printed to its standard output.
pub(crate) fn output(title: &str, command: &mut Command) -> anyhow::Result<String> {
    watched(title, command).map(|said| said.output)
}

fn watched(title: &str, command: &mut Command) -> anyhow::Result<Said> {
    work(title, |bar| {
        let (said, ok) = watch(command, |line| bar.set_message(line.to_owned()))?;
        if !ok {
            bail!("{title} failed: {command:?}\n\n{}", said.all);
        }
        Ok(said)
    })
}

/// What a tool printed: all of it as it came, and what went to standard output.
#[derive(Default)]
struct Said {
    all: String,
    output: String,
}

/// Runs a piece of our own work as a step.
pub(crate) fn work<T>(
    title: &str,
    job: impl FnOnce(&ProgressBar) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let bar = ProgressBar::new_spinner().with_prefix(title.to_owned());
    bar.set_style(ProgressStyle::with_template(
        "{spinner} {prefix} {elapsed:.dim} {wide_msg:.dim}",
    )?);
    bar.enable_steady_tick(Duration::from_millis(100));
    if bar.is_hidden() {
        println!("  ... {title}");
    }
    let start = Instant::now();
    let result = job(&bar);
    bar.finish_and_clear();
    let mark = if result.is_ok() { "ok" } else { "FAILED" };
    println!("  {mark:<6} {title}  ({:.1} s)", start.elapsed().as_secs_f64());
    result
}

/// Runs a command, hands on each line as it comes, and gives all of them.
fn watch(command: &mut Command, mut each: impl FnMut(&str)) -> anyhow::Result<(Said, bool)> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {command:?}: is it installed?"))?;
    let (sender, lines) = mpsc::channel();
    let forward = |stream: Box<dyn Read + Send>, is_output: bool| {
        let sender = sender.clone();
        thread::spawn(move || {
            for line in BufReader::new(stream).split(b'\n').map_while(Result::ok) {
                let line = String::from_utf8_lossy(&line).into_owned();
                if sender.send((is_output, line)).is_err() {
                    return;
                }
            }
        });
    };
    forward(Box::new(child.stdout.take().context("no standard output")?), true);
    forward(Box::new(child.stderr.take().context("no standard error")?), false);
    drop(sender);
    let mut said = Said::default();
    for (is_output, line) in lines {
        each(line.trim());
        let line = line + "\n";
        said.all.push_str(&line);
        if is_output {
            said.output.push_str(&line);
        }
    }
    Ok((said, child.wait()?.success()))
}
