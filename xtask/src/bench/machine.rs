//! What it was measured on, and when: figures mean nothing without.

use std::fs;
use std::thread;

use jiff::Timestamp;

/// The date by the system's clock, the processor, and how many of its cores are ours.
pub(crate) fn describe() -> String {
    let date = Timestamp::now().strftime("%Y-%m-%d %H:%M UTC");
    let cores = thread::available_parallelism().map_or(0, usize::from);
    let os = std::env::consts::OS;
    format!("{date}, {}, {cores} cores, {os} {}", processor(), std::env::consts::ARCH)
}

fn processor() -> String {
    let about = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let field = |name: &str| {
        about
            .lines()
            .filter_map(|line| line.split_once(':'))
            .find(|(key, _)| key.trim() == name)
            .map(|(_, value)| value.trim().to_owned())
    };
    let model = field("model name").unwrap_or_else(|| "processor unknown".to_owned());
    let extensions = field("flags").unwrap_or_default();
    let sha = if extensions.split(' ').any(|word| word == "sha_ni") { "with" } else { "without" };
    format!("{model} ({sha} SHA extensions)")
}
