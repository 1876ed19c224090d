//! The packed package, the native core and a reference in Python answer the same random cases, and every answer must
//! be the same. `tests/differential/generate.py` describes a case.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, bail, ensure};
use hookproof::Error;
use serde_json::Value;

use super::Options;
use crate::step::say;
use crate::test::{self, Built};
use crate::{npm, step, tree, wasm};

/// Each code must be the answer of at least one case in so many, or the proof proves little about it.
const CASES_PER_CODE: usize = 300;

/// At least this share of the cases must be accepted, in percent.
const ACCEPTED_PERCENT: usize = 20;

type Answerer = fn(&Path) -> Command;

const ANSWERERS: [(&str, Answerer); 3] =
    [("the package", package), ("native Rust", native), ("the Python reference", reference)];

pub(super) fn run(options: &Options, built: &Built) -> anyhow::Result<()> {
    let folder = test::install(&built.tarball()?, "differential")?;
    tree::copy(&tree::at("js-tests/proof"), &folder.join("proof"))?;

    let seed = options.seed.unwrap_or_else(clock);
    let again = format!("cargo xtask proof differential --seed {seed} --cases {}", options.cases);
    let file = folder.join("cases.jsonl");
    step::run(
        &format!("generate {} cases from seed {seed}", options.cases),
        python("tests/differential/generate.py")
            .arg(&file)
            .args([seed.to_string(), options.cases.to_string()]),
    )?;
    let answers = answer(&file, true)?;
    let cases = fs::read_to_string(&file)?;
    let disagreeing: Vec<_> =
        cases.lines().zip(&answers).filter(|(_, answers)| disagree(answers)).collect();
    if let Some((case, _)) = disagreeing.iter().min_by_key(|(case, _)| case.len()) {
        let (case, answers) = simplify(case, &folder.join("simpler.jsonl"))?;
        let answers =
            ANSWERERS.iter().zip(answers).map(|((name, _), answer)| format!("{name}: {answer}\n"));
        let count = disagreeing.len();
        bail!(
            "{count} of {} cases disagree ({again}). The smallest:\n{case}\n{}",
            options.cases,
            answers.collect::<String>()
        );
    }
    report(&answers).with_context(|| format!("the cases prove too little: {again}"))
}

fn clock() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// The cases are in the folder that the package is installed in.
fn package(cases: &Path) -> Command {
    let mut node = npm::node(cases.parent().unwrap_or(cases));
    node.arg("proof/answer.js").arg(cases);
    node
}

fn native(cases: &Path) -> Command {
    let mut cargo = wasm::cargo();
    cargo.args(["run", "--quiet", "--locked", "--package", "differential", "--"]).arg(cases);
    cargo
}

fn reference(cases: &Path) -> Command {
    let mut python = python("vectors/reference.py");
    python.arg(cases);
    python
}

fn python(script: &str) -> Command {
    let mut python = Command::new("python3");
    // Its caches would lie between the sources.
    python.env("PYTHONDONTWRITEBYTECODE", "1").arg(tree::at(script));
    python
}

/// The three answers to each case of a file. Rust's is null for a case that it has no values for.
fn answer(cases: &Path, shown: bool) -> anyhow::Result<Vec<[Value; 3]>> {
    let mut all = Vec::new();
    for (name, answerer) in ANSWERERS {
        let mut command = answerer(cases);
        let said = match shown {
            true => step::output(&format!("{name} answers"), &mut command)?,
            false => {
                let output = command.output()?;
                ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
                String::from_utf8(output.stdout)?
            }
        };
        let answers = said.lines().map(serde_json::from_str).collect::<Result<Vec<Value>, _>>();
        all.push(answers.with_context(|| format!("{name} printed what is not JSON"))?);
    }
    let [package, native, reference] =
        <[Vec<Value>; 3]>::try_from(all).map_err(|_| anyhow::anyhow!("three answer"))?;
    ensure!(
        package.len() == native.len() && native.len() == reference.len(),
        "not every case was answered: {} {} {}",
        package.len(),
        native.len(),
        reference.len()
    );
    let rows = package.into_iter().zip(native).zip(reference);
    Ok(rows.map(|((package, native), reference)| [package, native, reference]).collect())
}

fn disagree([package, native, reference]: &[Value; 3]) -> bool {
    package != reference || (!native.is_null() && native != package)
}

/// Makes a disagreeing case as simple as it gets while the answers still disagree.
fn simplify(case: &str, file: &Path) -> anyhow::Result<(String, [Value; 3])> {
    step::work("simplify the smallest", |_| {
        let mut simplest = case.to_owned();
        loop {
            fs::write(file, format!("{simplest}\n"))?;
            let output = python("tests/differential/simplify.py").arg(file).output()?;
            let simpler = String::from_utf8(output.stdout)?;
            fs::write(file, format!("{simpler}{simplest}\n"))?;
            let answers = answer(file, false)?;
            let cases = simpler.lines().chain([simplest.as_str()]);
            let (case, answers) = cases
                .zip(answers)
                .find(|(_, answers)| disagree(answers))
                .context("the answers differ between two runs")?;
            if case == simplest {
                return Ok((simplest, answers));
            }
            simplest = case.to_owned();
        }
    })
}

/// Prints how often each verdict was given, and fails where a verdict is too rare to prove anything.
fn report(answers: &[[Value; 3]]) -> anyhow::Result<()> {
    let cases = answers.len();
    let mut counts = BTreeMap::<&str, usize>::new();
    for [package, ..] in answers {
        *counts.entry(verdict(package)).or_default() += 1;
    }
    let not_native = answers.iter().filter(|[_, native, _]| native.is_null()).count();
    let percent = |count: usize| 100.0 * count as f64 / cases as f64;
    for (verdict, count) in &counts {
        say!("         {verdict:<22} {count:>7} {:>5.1} %", percent(*count));
    }
    say!("         {cases} cases, all answered alike; Rust has no values for {not_native} of them");

    let least = cases / CASES_PER_CODE;
    let codes: BTreeSet<_> = Error::ROWS.iter().map(|(_, code, ..)| *code).collect();
    let rare: Vec<_> =
        codes.iter().filter(|code| counts.get(*code).is_none_or(|count| *count < least)).collect();
    ensure!(rare.is_empty(), "fewer than {least} cases ended with {rare:?}");
    let accepted =
        [ACCEPTED, VERIFIED].iter().filter_map(|verdict| counts.get(verdict)).sum::<usize>();
    ensure!(
        accepted * 100 >= cases * ACCEPTED_PERCENT,
        "{accepted} of {cases} cases were accepted, and {ACCEPTED_PERCENT} % must be"
    );
    Ok(())
}

const ACCEPTED: &str = "accepted";
const VERIFIED: &str = "verifyWebhook: true";

/// The code with which a case ended, or how it was accepted.
fn verdict(answer: &Value) -> &str {
    match (&answer["verify"], &answer["made"], &answer["check"]) {
        (Value::Bool(true), ..) => VERIFIED,
        (Value::Bool(false), ..) => "verifyWebhook: false",
        (_, Value::String(code), _) | (_, _, Value::String(code)) => code,
        _ => ACCEPTED,
    }
}
