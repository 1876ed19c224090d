//! The rules of plain English that can be counted, each with a number that the project must not exceed. It does exceed
//! them today, so no test group runs this yet.

use std::fs;
use std::sync::LazyLock;

use anyhow::{Context, bail};
use regex::Regex;

use crate::step::say;
use crate::{check, step, tree};

/// Prints the numbers, and fails with every place where one is exceeded.
pub(crate) fn run() -> anyhow::Result<()> {
    let texts = texts()?;
    let subjects = commit_subjects()?;
    let mut faults = Vec::new();
    for rule in [words, openings, test_names, sentences, table_cells] {
        let found = rule(&texts);
        say!("         {}", found.figure);
        faults.extend(found.faults);
    }
    faults.extend(subjects.iter().filter_map(|subject| fault_of_subject(subject)));
    if !faults.is_empty() {
        bail!("these places break the rules of plain English\n{}", faults.join("\n"));
    }
    Ok(())
}

/// A tracked file that people write by hand.
struct Text {
    path: String,
    text: String,
}

/// The result of one rule: its figure for the report, and the places that break it.
struct Found {
    figure: String,
    faults: Vec<String>,
}

/// Files whose English is not ours, and those that quote what they forbid.
const EXEMPT: &[&str] =
    &["LICENSE-", "package-lock.json", "Cargo.lock", "docs/STYLE.md", "xtask/src/english.rs"];

const PROSE: &[&str] = &[
    ".rs", ".js", ".mjs", ".cjs", ".ts", ".cts", ".html", ".css", ".md", ".py", ".json", ".toml",
    ".yml", ".sh",
];

fn texts() -> anyhow::Result<Vec<Text>> {
    let paths = check::tracked()?;
    let ours = paths.into_iter().filter(|path| {
        PROSE.iter().any(|end| path.ends_with(end))
            && !EXEMPT.iter().any(|name| path.contains(name))
    });
    ours.map(|path| {
        let text = fs::read_to_string(tree::at(&path)).with_context(|| path.clone())?;
        Ok(Text { path, text })
    })
    .collect()
}

/// Words and phrases of another language or century, and the constructions that go with them.
const FORBIDDEN: &str = r"(?i)\b(anew|mend(s|ed|ing)?|besides?|held (against|to)|lent|dear|told of|stands?|lies|let(s|ting)? through|com(e|es|ing) of|lately|mirror(s|ed)?|tak(e|es|en|ing) back|so many|nobody|nobody's|whoever|is none|is no [a-z]+|what is no)\b";

fn words(texts: &[Text]) -> Found {
    static WORDS: LazyLock<Regex> = LazyLock::new(|| Regex::new(FORBIDDEN).expect("a pattern"));
    let mut faults = Vec::new();
    for Text { path, text } in texts {
        for (number, line) in (1..).zip(text.lines()) {
            let found = WORDS.find_iter(line).map(|word| word.as_str());
            faults.extend(found.map(|word| format!("{path}:{number}: {word:?}")));
        }
    }
    Found { figure: format!("{} forbidden words", faults.len()), faults }
}

/// Openings that name a thing by a clause, which a reader has to translate.
const OPENINGS: &[(&[&str], usize)] = &[
    (&["What ", "Who ", "Whoever ", "Of ", "So many "], 10),
    (&["What ", "Who ", "Whoever ", "Of ", "So many ", "Whether ", "Where ", "How "], 40),
];

fn openings(texts: &[Text]) -> Found {
    let comments: Vec<_> = texts.iter().flat_map(comments).collect();
    let mut figures = Vec::new();
    let mut faults = Vec::new();
    for (openings, most_per_mille) in OPENINGS {
        let opens = |comment: &&Comment| openings.iter().any(|word| comment.text.starts_with(word));
        let found: Vec<_> = comments.iter().filter(opens).collect();
        let per_mille = found.len() * 1000 / comments.len().max(1);
        figures.push(format!("{}.{} %", per_mille / 10, per_mille % 10));
        if per_mille >= *most_per_mille {
            faults.extend(found.iter().map(|comment| {
                let Comment { path, line, text } = comment;
                let start: String = text.chars().take(60).collect();
                format!("{path}:{line}: a comment opens with a clause: {start}")
            }));
        }
    }
    let figure =
        format!("{} of {} comments open with a clause", figures.join(", "), comments.len());
    Found { figure, faults }
}

/// One comment: consecutive lines of it, joined.
struct Comment {
    path: String,
    line: usize,
    text: String,
}

fn comments(Text { path, text }: &Text) -> Vec<Comment> {
    static MARK: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^\s*(///|//!|//|/\*\*?|\*/?|<!--)\s?|^\s*#\s").expect("a pattern")
    });
    let hash = [".py", ".toml", ".yml", ".sh"].iter().any(|end| path.ends_with(end));
    if path.ends_with(".md") || path.ends_with(".json") {
        return Vec::new();
    }
    let mut comments: Vec<Comment> = Vec::new();
    let mut open = false;
    for (line, text) in (1..).zip(text.lines()) {
        let mark = MARK.find(text).filter(|mark| mark.as_str().contains('#') == hash);
        let content = mark.map(|mark| text[mark.end()..].trim());
        match content {
            Some("") | None => open = false,
            Some(content) if open => {
                if let Some(comment) = comments.last_mut() {
                    comment.text = format!("{} {content}", comment.text);
                }
            }
            Some(content) => {
                comments.push(Comment { path: path.clone(), line, text: content.to_owned() });
                open = true;
            }
        }
    }
    comments
}

const MOST_WORDS_IN_NAME: usize = 12;
const AVERAGE_WORDS_IN_NAME: f64 = 7.0;

fn test_names(texts: &[Text]) -> Found {
    static RUST: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"#\[(?:tokio::)?test\][^{;]*?fn ([a-z0-9_]+)").expect("a pattern")
    });
    static JS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?m)^\s*(?:await )?(?:t\.)?(?:test|it)\(\s*(?:'([^']+)'|`([^`]+)`)")
            .expect("a pattern")
    });
    let mut counts = Vec::new();
    let mut faults = Vec::new();
    for Text { path, text } in texts {
        let names: Vec<_> = if path.ends_with(".rs") {
            RUST.captures_iter(text).map(|found| found[1].replace('_', " ")).collect()
        } else if path.starts_with("js-tests/") && path.ends_with("js") {
            let name = |found: regex::Captures<'_>| {
                found.get(1).or(found.get(2)).map_or(String::new(), |name| name.as_str().to_owned())
            };
            JS.captures_iter(text).map(name).collect()
        } else {
            continue;
        };
        for name in names {
            let count = name.split_whitespace().count();
            counts.push(count);
            if count > MOST_WORDS_IN_NAME {
                faults.push(format!("{path}: a test name of {count} words: {name}"));
            }
        }
    }
    let average = average(&counts);
    if average > AVERAGE_WORDS_IN_NAME {
        faults.push(format!("test names have {average:.1} words on average"));
    }
    Found {
        figure: format!("{average:.1} words in a test name on average, of {}", counts.len()),
        faults,
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of words are small")]
fn average(counts: &[usize]) -> f64 {
    counts.iter().sum::<usize>() as f64 / counts.len().max(1) as f64
}

const MOST_WORDS_IN_SENTENCE: usize = 35;
const AVERAGE_WORDS_IN_SENTENCE: f64 = 20.0;

fn sentences(texts: &[Text]) -> Found {
    let mut counts = Vec::new();
    let mut faults = Vec::new();
    for Text { path, text } in texts.iter().filter(|text| text.path.ends_with(".md")) {
        for paragraph in paragraphs(text) {
            for sentence in sentences_of(&paragraph) {
                let count = sentence.split_whitespace().count();
                counts.push(count);
                if count > MOST_WORDS_IN_SENTENCE {
                    let start: String = sentence.chars().take(60).collect();
                    faults.push(format!("{path}: a sentence of {count} words: {start}"));
                }
            }
        }
    }
    let average = average(&counts);
    if average > AVERAGE_WORDS_IN_SENTENCE {
        faults.push(format!("sentences have {average:.1} words on average"));
    }
    Found { figure: format!("{average:.1} words in a sentence of the docs on average"), faults }
}

/// Paragraphs and list items, without code, tables and headings. A piece of inline code counts as one word.
fn paragraphs(markdown: &str) -> Vec<String> {
    static CODE: LazyLock<Regex> = LazyLock::new(|| Regex::new("`[^`]*`").expect("a pattern"));
    let mut paragraphs = vec![String::new()];
    let mut in_code = false;
    for line in markdown.lines() {
        let trimmed = line.trim();
        if trimmed.starts_with("```") {
            in_code = !in_code;
        }
        let is_break =
            in_code || trimmed.is_empty() || trimmed.starts_with(['`', '#', '|', '<', '>']);
        let starts_item = trimmed.starts_with("- ")
            || trimmed.split_once(". ").is_some_and(|(number, _)| number.parse::<u32>().is_ok());
        if (is_break && !(trimmed.starts_with('`') && !trimmed.starts_with("```") && !in_code))
            || starts_item
        {
            paragraphs.push(String::new());
        }
        if in_code || trimmed.starts_with("```") || trimmed.starts_with(['#', '|', '<']) {
            continue;
        }
        if let Some(paragraph) = paragraphs.last_mut() {
            paragraph.push_str(trimmed.trim_start_matches("- "));
            paragraph.push(' ');
        }
    }
    paragraphs.iter().map(|paragraph| CODE.replace_all(paragraph, "code").into_owned()).collect()
}

fn sentences_of(paragraph: &str) -> Vec<&str> {
    static END: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r#"[.!?]["”)*]*(\s+|$)"#).expect("a pattern"));
    END.split(paragraph).map(str::trim).filter(|sentence| !sentence.is_empty()).collect()
}

const MOST_WORDS_IN_CELL: usize = 30;

fn table_cells(texts: &[Text]) -> Found {
    let mut longest = 0;
    let mut faults = Vec::new();
    for Text { path, text } in texts.iter().filter(|text| text.path.ends_with(".md")) {
        for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| line.starts_with('|')) {
            for cell in line.split('|') {
                let count = cell.split_whitespace().count();
                longest = longest.max(count);
                if count > MOST_WORDS_IN_CELL {
                    faults.push(format!("{path}:{number}: a table cell of {count} words"));
                }
            }
        }
    }
    Found { figure: format!("{longest} words in the longest table cell"), faults }
}

/// The subjects of the commits since docs/STYLE.md, the page of the rules, exists.
fn commit_subjects() -> anyhow::Result<Vec<String>> {
    let git = |arguments: &[&str]| step::quiet("git", arguments);
    let first = git(&["log", "--diff-filter=A", "--format=%H", "--", "docs/STYLE.md"])?;
    let Some(first) = first.lines().last() else { return Ok(Vec::new()) };
    let range = format!("{first}..HEAD");
    Ok(git(&["log", "--no-merges", "--format=%s", &range])?.lines().map(str::to_owned).collect())
}

const MOST_CHARACTERS_IN_SUBJECT: usize = 72;

fn fault_of_subject(subject: &str) -> Option<String> {
    static SHAPE: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"^[a-z][a-z0-9 ,./_-]*: \S").expect("a pattern"));
    let length = subject.chars().count();
    if length > MOST_CHARACTERS_IN_SUBJECT {
        return Some(format!("a commit subject of {length} characters: {subject}"));
    }
    (!SHAPE.is_match(subject))
        .then(|| format!("a commit subject without `area: verb …`: {subject}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(path: &str, text: &str) -> Vec<Text> {
        vec![Text { path: path.to_owned(), text: text.to_owned() }]
    }

    fn faults(rule: fn(&[Text]) -> Found, path: &str, content: &str) -> usize {
        rule(&text(path, content)).faults.len()
    }

    #[test]
    fn forbidden_words_are_found_in_any_case() {
        assert_eq!(faults(words, "a.js", "// Mended, and made anew."), 2);
        assert_eq!(faults(words, "a.md", "The mender amends it; understands; relies."), 0);
    }

    #[test]
    fn clauses_as_openings_are_found() {
        assert_eq!(faults(openings, "a.rs", "/// What a sender sent.\nfn a() {}"), 2);
        assert_eq!(
            faults(openings, "a.rs", "/// The payload.\n/// What follows is a second line."),
            0
        );
        assert_eq!(faults(openings, "a.toml", "# Of all crates"), 2);
    }

    #[test]
    fn long_test_names_are_found() {
        let name = "one_two_three_four_five_six_seven_eight_nine_ten_eleven_twelve_thirteen";
        assert_eq!(faults(test_names, "a.rs", &format!("#[test]\nfn {name}() {{}}")), 2);
        let name = name.replace('_', " ");
        assert_eq!(
            faults(test_names, "js-tests/a.test.js", &format!("test('{name}', () => {{}})")),
            2
        );
        assert_eq!(faults(test_names, "a.rs", "#[test]\nfn stale_is_refused() {}"), 0);
    }

    #[test]
    fn long_sentences_and_cells_are_found() {
        let long = "word ".repeat(36);
        assert_eq!(faults(sentences, "a.md", &format!("Short. {long}.")), 1);
        assert_eq!(faults(sentences, "a.md", &format!("```\n{long}\n```\n| {long} |")), 0);
        assert_eq!(faults(table_cells, "a.md", &format!("| {long} |")), 1);
        let items = "- word word.\n".repeat(30);
        assert_eq!(faults(sentences, "a.md", &items), 0);
    }

    #[test]
    fn commit_subjects_name_their_area() {
        assert!(fault_of_subject("core: refuse padded tags").is_none());
        assert!(fault_of_subject("Refuse padded tags").is_some());
        assert!(fault_of_subject(&format!("core: {}", "x".repeat(80))).is_some());
    }
}
