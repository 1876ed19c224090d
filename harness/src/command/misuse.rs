//! Errors about arguments that are not understood. Any of them may be a secret, so none is repeated.

use clap::CommandFactory;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use hookproof_harness::pen::visible;

/// Stands for what was typed.
const HIDDEN: &str = "…";

/// How many letters of an option's name may be wrong where it is repeated: too few to be a secret.
const MAX_TYPOS: usize = 2;

/// The error without what was typed. It keeps the names of options, the values that they take, and suggestions.
pub(crate) fn hidden(mut error: clap::Error, args: &[String]) -> clap::Error {
    // Suggestions of this kind repeat the argument; those of names have kinds of their own.
    error.remove(ContextKind::Suggested);
    hide(&mut error, ContextKind::InvalidValue, HIDDEN);
    hide(&mut error, ContextKind::InvalidSubcommand, HIDDEN);
    // In every other error this is the name of an option that exists.
    if error.kind() == ErrorKind::UnknownArgument {
        let option = unknown_option(&error, args);
        hide(&mut error, ContextKind::InvalidArg, option.as_deref().unwrap_or(HIDDEN));
    }
    error
}

/// Shows another text in place of one that was typed. Where a value is missing, clap has an empty one.
fn hide(error: &mut clap::Error, kind: ContextKind, shown: &str) {
    if matches!(error.get(kind), Some(ContextValue::String(typed)) if !typed.is_empty()) {
        error.insert(kind, ContextValue::String(shown.to_owned()));
    }
}

/// As much of an unknown option as is surely the name of one.
fn unknown_option(error: &clap::Error, args: &[String]) -> Option<String> {
    let Some(ContextValue::String(typed)) = error.get(ContextKind::InvalidArg) else {
        return None;
    };
    let is_letter = typed.len() == 2 && typed.starts_with('-');
    if is_letter && args.contains(typed) {
        return Some(visible(typed));
    }
    let command = super::Command::command();
    let options = command.get_subcommands().flat_map(clap::Command::get_arguments);
    let names = options.filter_map(clap::Arg::get_long).map(|name| format!("--{name}"));
    let names: Vec<_> = names.collect();
    if names.iter().any(|name| typos(&typed.to_lowercase(), name) <= MAX_TYPOS) {
        return Some(visible(typed));
    }
    let begun = names.into_iter().filter(|name| typed.starts_with(name));
    begun.max_by_key(String::len).map(|name| name + HIDDEN)
}

/// How many letters must be added, left out or changed to make one text of the other.
fn typos(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, c) in one.chars().enumerate() {
        let mut next = vec![at + 1];
        for (column, each) in other.iter().enumerate() {
            let changed = row[column] + usize::from(*each != c);
            next.push(changed.min(row[column + 1] + 1).min(next[column] + 1));
        }
        row = next;
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typos_are_counted() {
        for (one, other, count) in [
            ("--secret", "--secret", 0),
            ("--secrets", "--secret", 1),
            ("--secrt", "--secret", 1),
            ("--secretabc", "--secret", 3),
            ("", "--now", 5),
        ] {
            assert_eq!(typos(one, other), count, "{one} {other}");
        }
    }
}
