//! A step: a tool or a piece of our own work with a title. A terminal shows a line that moves while the
//! step works; then one line states its result and its time. A step that fails prints the tool's whole output.

use std::cell::RefCell;
use std::fmt::Display;
use std::io::{BufRead, BufReader, Read};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use crate::tree;

/// The moving lines of all steps that work at this moment.
static BARS: LazyLock<MultiProgress> = LazyLock::new(MultiProgress::new);

thread_local! {
    /// The group that this thread runs, and the lines it has printed so far.
    static GROUP: RefCell<Option<(&'static str, String)>> = const { RefCell::new(None) };
}

/// Runs a group of steps and returns everything they printed, so that groups which run at the same time
/// do not mix their lines.
pub(crate) fn group<T>(name: &'static str, job: impl FnOnce() -> T) -> (String, T) {
    GROUP.set(Some((name, String::new())));
    let result = job();
    (GROUP.take().map(|(_, printed)| printed).unwrap_or_default(), result)
}

/// Prints a line, formatted as by `println!`, or keeps it for the group that this thread runs.
macro_rules! say {
    ($($line:tt)*) => { $crate::step::print(format_args!($($line)*)) };
}
pub(crate) use say;

pub(crate) fn print(line: impl Display) {
    let kept = GROUP.with_borrow_mut(|group| match group {
        Some((_, printed)) => {
            printed.push_str(&format!("{line}\n"));
            true
        }
        None => false,
    });
    if !kept {
        print_now(line);
    }
}

/// Prints a line at once, above the moving lines.
pub(crate) fn print_now(line: impl Display) {
    BARS.suspend(|| println!("{line}"));
}

/// Held while something is installed for every group: installers of one kind do not run at the same time.
pub(crate) fn installing() -> MutexGuard<'static, ()> {
    static INSTALLING: Mutex<()> = Mutex::new(());
    // A poisoned lock means that an installation failed, and the next one may still succeed.
    INSTALLING.lock().unwrap_or_else(PoisonError::into_inner)
}

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

/// Runs a quick command in the project's root without a line of its own; gives what it printed.
pub(crate) fn quiet(program: &str, arguments: &[&str]) -> anyhow::Result<String> {
    let mut command = Command::new(program);
    command.current_dir(tree::root()).args(arguments);
    let output = command.output().with_context(|| format!("cannot start {program}"))?;
    let error = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{command:?} failed: {error}");
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs a command whose output is for the reader: shown as it comes, or kept for the group that this thread
/// runs.
pub(crate) fn show(command: &mut Command) -> anyhow::Result<ExitStatus> {
    if GROUP.with_borrow(Option::is_none) {
        return command.status().with_context(|| format!("cannot start {command:?}"));
    }
    let output = command.output().with_context(|| format!("cannot start {command:?}"))?;
    print(String::from_utf8_lossy(&output.stdout).trim_end());
    Ok(output.status)
}

/// Runs a piece of our own work as a step.
pub(crate) fn work<T>(
    title: &str,
    job: impl FnOnce(&ProgressBar) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let bar = BARS.add(ProgressBar::new_spinner().with_prefix(title.to_owned()));
    bar.set_style(ProgressStyle::with_template(
        "{spinner} {prefix} {elapsed:.dim} {wide_msg:.dim}",
    )?);
    bar.enable_steady_tick(Duration::from_millis(100));
    if bar.is_hidden() {
        let group = GROUP.with_borrow(|group| group.as_ref().map(|(name, _)| format!("{name}: ")));
        print_now(format_args!("  ... {}{title}", group.unwrap_or_default()));
    }
    let start = Instant::now();
    let result = job(&bar);
    bar.finish_and_clear();
    let mark = if result.is_ok() { "ok" } else { "FAILED" };
    say!("  {mark:<6} {title}  ({:.1} s)", start.elapsed().as_secs_f64());
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
