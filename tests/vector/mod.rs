//! Reads `vectors/*.json`. The schema is in `vectors/README.md`.

use std::fs;
use std::path::Path;

use base64ct::{Base64, Encoding as _};
use hookproof::Form;
use hookproof::scheme::Scheme;
use serde_json::Value;

mod scheme;

/// A row.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) subject: Subject,
    pub(crate) secrets: Vec<Vec<u8>>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) payload: Vec<u8>,
    pub(crate) now: u64,
    pub(crate) tolerance_secs: Option<u64>,
    pub(crate) expected: Expected,
}

/// What a row is about.
pub(crate) enum Subject {
    Provider(String),
    Scheme(Scheme<'static>),
    /// A scheme that no `Scheme` can hold: a word in it means nothing. The door to JavaScript refuses it
    /// where it takes the words, and its own test reads these rows again.
    WrongScheme {
        field: String,
    },
    Form {
        form: Option<Form>,
        signature: String,
    },
}

/// What must come of it.
#[derive(Debug, PartialEq)]
pub(crate) enum Expected {
    Bool(bool),
    Accepted {
        id: Option<String>,
        timestamp: Option<u64>,
        signed: Vec<String>,
        secret_index: usize,
        key: String,
    },
    Refused {
        code: String,
        field: Option<String>,
    },
}

/// Every row of every file.
pub(crate) fn all() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors");
    let mut files: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    files.iter().flat_map(|path| read(path)).collect()
}

fn read(path: &Path) -> Vec<Case> {
    let file: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let name = path.file_name().unwrap().to_str().unwrap();
    file["cases"].as_array().unwrap().iter().map(|row| case(name, row)).collect()
}

fn case(file: &str, row: &Value) -> Case {
    let expected = expected(&row["expected"]);
    Case {
        name: format!("{file}: {}", text(&row["name"])),
        subject: subject(row, &expected),
        secrets: match &row["secret"] {
            Value::Array(secrets) => secrets.iter().map(bytes).collect(),
            secret => vec![bytes(secret)],
        },
        headers: row["headers"].as_array().into_iter().flatten().map(pair).collect(),
        payload: bytes(&row["payload"]),
        now: row["now"].as_u64().unwrap(),
        tolerance_secs: match &row["toleranceSeconds"] {
            Value::Null => None,
            Value::String(infinity) => (infinity == "Infinity").then_some(u64::MAX),
            seconds => Some(seconds.as_u64().unwrap()),
        },
        expected,
    }
}

fn subject(row: &Value, expected: &Expected) -> Subject {
    if let Some(form) = row["form"].as_str() {
        return Subject::Form { form: Form::from_name(form), signature: text(&row["signature"]) };
    }
    if let Some(name) = row["provider"].as_str() {
        return Subject::Provider(name.to_owned());
    }
    match (scheme::read(&row["scheme"]), expected) {
        (Some(scheme), _) => Subject::Scheme(scheme),
        (None, Expected::Refused { field: Some(field), .. }) => {
            Subject::WrongScheme { field: field.clone() }
        }
        (None, _) => panic!("no scheme, and no error expected: {row}"),
    }
}

fn expected(value: &Value) -> Expected {
    if let Some(yes) = value.as_bool() {
        return Expected::Bool(yes);
    }
    if value["ok"] == false {
        let field = value["field"].as_str().map(str::to_owned);
        return Expected::Refused { code: text(&value["code"]), field };
    }
    Expected::Accepted {
        id: value["id"].as_str().map(str::to_owned),
        timestamp: value["timestamp"].as_u64(),
        signed: value["signed"].as_array().unwrap().iter().map(text).collect(),
        secret_index: usize::try_from(value["secretIndex"].as_u64().unwrap()).unwrap(),
        key: text(&value["key"]),
    }
}

fn pair(pair: &Value) -> (String, String) {
    (text(&pair[0]), text(&pair[1]))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("not a text: {value}")).to_owned()
}

fn bytes(value: &Value) -> Vec<u8> {
    if let Some(base64) = value["base64"].as_str() {
        return Base64::decode_vec(base64).unwrap();
    }
    match value["times"].as_u64() {
        Some(times) => text(&value["repeat"]).repeat(usize::try_from(times).unwrap()).into_bytes(),
        None => text(value).into_bytes(),
    }
}
