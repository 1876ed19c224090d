//! The same vectors that drive `js-tests/`, against the core. A row's verdict, code, ids and key must be
//! what the row says, whole payload or chunked.

mod vector;

use hookproof::scheme::Scheme;
use hookproof::{
    Delivery, Error, Form, Key, Options, UnixTime, Verifier, providers, verify, verify_webhook,
};
use serde_json::json;
use vector::{Case, Expected, Subject};

#[test]
fn every_vector_gets_its_verdict() {
    let cases = vector::all();
    assert!(cases.len() > 1000, "only {} vectors were found", cases.len());
    let outcomes: Vec<_> = cases.iter().map(check).collect();
    let wrong: Vec<_> =
        outcomes.iter().filter_map(|outcome| outcome.as_ref().err().cloned()).collect();
    assert!(wrong.is_empty(), "{} of {} rows:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
    // What came of each row, to be compared with what comes of it in every other environment.
    if let Some(path) = std::env::var_os("TRANSCRIPT") {
        let lines: Vec<_> = outcomes.into_iter().filter_map(Result::ok).collect();
        std::fs::write(path, lines.join("\n")).unwrap();
    }
}

/// A line that tells what came of the row, the same in `js-tests/suite.js`.
fn check(case: &Case) -> Result<String, String> {
    let got = match &case.subject {
        Subject::Form { form, signature } => Expected::Bool(by_form(case, *form, signature)),
        Subject::Provider(name) => match providers::by_name(name) {
            Ok(row) => by_scheme(case, &row.scheme),
            Err(error) => refused(error),
        },
        Subject::Scheme(scheme) => by_scheme(case, scheme),
        Subject::WrongScheme { field } => {
            Expected::Refused { code: "invalid_option".to_owned(), field: Some(field.clone()) }
        }
    };
    if got != case.expected {
        return Err(format!("{}: expected {:?}, got {got:?}", case.name, case.expected));
    }
    Ok(format!("{}: {}", case.name, show(&got)))
}

fn by_form(case: &Case, form: Option<Form>, signature: &str) -> bool {
    // The door counts the secrets and makes the keys; a list with one that cannot be is refused whole.
    let keys = case.secrets.iter().map(|secret| Key::new(secret, Form::Hex.scheme().secret));
    let Ok(keys) = keys.collect::<Result<Vec<_>, _>>() else {
        return false;
    };
    verify_webhook(&case.payload, signature, &keys, form, &options(case))
}

fn by_scheme(case: &Case, scheme: &Scheme<'_>) -> Expected {
    let whole = attempt(case, scheme);
    let chunked = attempt_chunked(case, scheme);
    let same = match (&whole, &chunked) {
        (Ok(whole), Ok(chunked)) => whole.secret_index() == chunked.secret_index(),
        (Err(whole), Err(chunked)) => whole == chunked,
        _ => false,
    };
    assert!(same, "{}: {whole:?} as a whole, {chunked:?} in chunks", case.name);
    match whole {
        Err(error) => refused(error),
        Ok(delivery) => accepted(&delivery),
    }
}

fn attempt<'c>(case: &'c Case, scheme: &Scheme<'c>) -> Result<Delivery<'c, 'c>, Error<'c>> {
    let keys = keys(case, scheme)?;
    verify(scheme, &keys, case.headers.as_slice(), &case.payload, &options(case))
}

fn attempt_chunked<'c>(case: &'c Case, scheme: &Scheme<'c>) -> Result<Delivery<'c, 'c>, Error<'c>> {
    let keys = keys(case, scheme)?;
    let (headers, options) = (case.headers.as_slice(), options(case));
    let mut verifier = Verifier::new(scheme, &keys, headers, &options)?;
    let mut chunks = case.payload.chunks(7);
    verifier.update(chunks.next().unwrap_or_default());
    chunks.for_each(|chunk| verifier.update(chunk));
    verifier.finish()
}

/// Checks what a caller builds once, in the order in which a `Webhook` does.
fn keys<'s>(case: &Case, scheme: &Scheme<'s>) -> Result<Vec<Key>, Error<'s>> {
    scheme.validate()?;
    scheme.validate_options(&options(case))?;
    case.secrets.iter().map(|secret| Key::new(secret, scheme.secret)).collect()
}

fn show(got: &Expected) -> String {
    match got {
        Expected::Bool(yes) => yes.to_string(),
        Expected::Accepted { id, timestamp, signed, secret_index, key } => {
            let [id, timestamp, signed, key] =
                [json!(id), json!(timestamp), json!(signed), json!(key)];
            format!(
                r#"{{"id":{id},"timestamp":{timestamp},"signed":{signed},"secretIndex":{secret_index},"key":{key}}}"#
            )
        }
        Expected::Refused { code, field: None } => format!(r#"{{"code":"{code}"}}"#),
        Expected::Refused { code, field: Some(field) } => {
            format!(r#"{{"code":"{code}","field":"{field}"}}"#)
        }
    }
}

fn options(case: &Case) -> Options {
    Options { now: UnixTime::from_secs(case.now), tolerance_secs: case.tolerance_secs }
}

fn refused(error: Error<'_>) -> Expected {
    let field = match error {
        Error::InvalidScheme { column, .. } => Some(column.name().to_owned()),
        Error::UnusedTolerance {} | Error::WideTolerance { .. } => {
            Some("toleranceSeconds".to_owned())
        }
        _ => None,
    };
    Expected::Refused { code: error.code().to_owned(), field }
}

fn accepted(delivery: &Delivery<'_, '_>) -> Expected {
    let mut signed = vec!["payload".to_owned()];
    signed.extend(delivery.signs_timestamp().then(|| "timestamp".to_owned()));
    signed.extend(delivery.signs_id().then(|| "id".to_owned()));
    Expected::Accepted {
        id: delivery.id().map(|id| id.into_owned()),
        timestamp: delivery.timestamp().map(UnixTime::as_secs),
        signed,
        secret_index: delivery.secret_index(),
        key: delivery.key().unwrap_or_default(),
    }
}
