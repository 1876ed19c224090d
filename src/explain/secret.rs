//! What happens to a secret between the provider's dashboard and the verifier.

use alloc::format;
use alloc::string::ToString;
use alloc::vec::Vec;

use super::cause::{Cause, Fault};
use super::encoding::{Space, from_base64, from_hex, from_percent, to_base64, to_hex, to_percent};
use super::input::Endpoint;
use crate::crypto::MAX_KEYS;
use crate::invisible::is_invisible;
use crate::scheme::SecretFormat;
use crate::secret::{Key, WHSEC_PREFIX, is_blank};

/// A key that may have signed, and what would then be wrong with the secret.
pub(crate) struct Trial {
    pub(crate) key: Key,
    pub(crate) fault: Option<Fault>,
    /// Of which of the first endpoint's secrets it was made; `None` for another endpoint's.
    pub(crate) secret: Option<usize>,
}

/// A fault, the detail of it, and the key's bytes if it happened.
struct Row {
    cause: Cause,
    what: &'static str,
    key: Undo,
    /// Whether the result is a secret's text still, which the scheme turns into the key.
    is_text: bool,
}

/// What gives the sender's secret.
enum Undo {
    /// It has these before and behind.
    Add(&'static [u8], &'static [u8]),
    By(fn(&[u8]) -> Option<Vec<u8>>),
}

macro_rules! rows {
    ($($cause:ident, $what:expr, $is_text:literal, $key:ident $arguments:tt;)+) => {
        &[$(Row { cause: Cause::$cause, what: $what, is_text: $is_text, key: Undo::$key $arguments }),+]
    };
}

const ROWS: &[Row] = rows! {
    SecretWhiteSpace, "there is some that is not part of it", true, By(|secret| Some(trim(secret).into()));
    SecretWhiteSpace, "the sender's ends with a line feed", true, Add(b"", b"\n");
    SecretWhiteSpace, "the sender's ends with a carriage return and a line feed", true, Add(b"", b"\r\n");
    SecretWhiteSpace, "the sender's ends with a space", true, Add(b"", b" ");
    SecretWhiteSpace, "the sender's begins with a space", true, Add(b" ", b"");
    SecretQuotes, "", true, By(|secret| unquote(trim(secret)).map(Vec::from));
    SecretLine, "a name and an equals sign before it", true, By(|secret| value_of(assigned(secret)?));
    SecretLine, "a semicolon or a comment behind it", true, By(value_of);
    SecretEncoding, "its bytes are the key, as they are", false, By(|secret| Some(secret.into()));
    SecretEncoding, "its bytes without the prefix are the key", false, By(|secret| prefixed(secret).map(Vec::from));
    SecretEncoding, "the key is decoded from base64", false, By(from_base64);
    SecretEncoding, "the key is decoded from base64, after the prefix", false, By(|secret| from_base64(prefixed(secret)?));
    SecretEncoding, "the key is decoded from hex", false, By(from_hex);
    SecretEncoding, "the key is decoded from hex, after the prefix", false, By(|secret| from_hex(prefixed(secret)?));
    SecretEncoding, "the prefix whsec_ is part of the key and was lost", false, Add(WHSEC_PREFIX, b"");
    SecretEncoding, "the key is the base64 text, and the secret was decoded", false, By(|secret| Some(to_base64(secret)));
    SecretEncoding, "the key is the hex text, and the secret was decoded", false, By(|secret| Some(to_hex(secret)));
    SecretEncoding, "the key is the hex text of what the base64 stands for", false, By(|secret| {
        Some(to_hex(&from_base64(prefixed(secret).unwrap_or(secret))?))
    });
    SecretEncoding, "the key is the base64 text of what the hex stands for", false, By(|secret| Some(to_base64(&from_hex(secret)?)));
    SecretUrlEncoded, "the secret is still encoded", true, By(|secret| from_percent(secret, Space::Percent));
    SecretUrlEncoded, "a plus sign was lost to a space", true, By(|secret| {
        let spaced = secret.contains(&b' ');
        spaced.then(|| secret.iter().map(|byte| if *byte == b' ' { b'+' } else { *byte }).collect())
    });
    SecretUrlEncoded, "the sender's is encoded", true, By(|secret| Some(to_percent(secret, Space::Percent)));
    SecretCase, "the sender's is in small letters", true, By(|secret| Some(secret.to_ascii_lowercase()));
    SecretCase, "the sender's is in capitals", true, By(|secret| Some(secret.to_ascii_uppercase()));
    SecretRepeated, "", true, By(|secret| {
        let (first, second) = secret.split_at_checked(secret.len().checked_div(2)?)?;
        (first == second).then(|| first.into())
    });
};

/// The keys to try, the secrets as they are first. None is blank.
pub(crate) fn trials(first: &Endpoint<'_>, others: &[Endpoint<'_>]) -> Vec<Trial> {
    let format = first.scheme.secret;
    let mut trials = Vec::new();
    for (index, secret) in first.secrets.iter().enumerate().take(MAX_KEYS) {
        push(&mut trials, Key::new(secret, format).ok(), None, Some(index));
    }
    for (number, other) in (2_usize..).zip(others) {
        for secret in other.secrets.iter().take(MAX_KEYS) {
            for format in [format, other.scheme.secret] {
                let name = other.scheme.name;
                let what = format!("that of number {number} of the endpoints passed, {name}");
                let fault = Fault::new(Cause::SecretOfAnotherEndpoint, what);
                push(&mut trials, Key::new(secret, format).ok(), Some(fault), None);
            }
        }
    }
    for (index, secret) in first.secrets.iter().enumerate().take(MAX_KEYS) {
        for row in ROWS {
            let bytes = match row.key {
                Undo::Add(start, end) => Some([start, *secret, end].concat()),
                Undo::By(key) => key(secret),
            };
            let Some(bytes) = bytes.filter(|bytes| !row.is_text || bytes != secret) else {
                continue;
            };
            let key = if row.is_text { Key::new(&bytes, format) } else { Key::from_bytes(&bytes) };
            let is_own = !row.is_text && format == SecretFormat::Utf8 && bytes == *secret;
            let fault = Fault::new(row.cause, row.what);
            push(&mut trials, key.ok().filter(|_| !is_own), Some(fault), Some(index));
        }
    }
    trials
}

/// What the sender's secret may be where it is not quite this one. What has more at its ends holds it.
pub(crate) fn forms(secret: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    ROWS.iter().filter_map(move |row| match row.key {
        Undo::Add(..) => None,
        Undo::By(key) => key(secret),
    })
}

fn push(trials: &mut Vec<Trial>, key: Option<Key>, fault: Option<Fault>, secret: Option<usize>) {
    if let Some(key) = key {
        trials.push(Trial { key, fault, secret });
    }
}

/// The secret without the spaces and the invisible characters that are copied along with it.
fn trim(secret: &[u8]) -> &[u8] {
    match core::str::from_utf8(secret) {
        Ok(text) => text.trim_matches(|c: char| c == ' ' || is_invisible(c)).as_bytes(),
        Err(_) => secret.trim_ascii(),
    }
}

fn unquote(secret: &[u8]) -> Option<&[u8]> {
    ["\"", "'", "`"].iter().find_map(|quote| {
        secret
            .strip_prefix(quote.as_bytes())?
            .strip_suffix(quote.as_bytes())
            .filter(|inner| !inner.is_empty())
    })
}

/// What stands after the equals sign of `NAME=`, with or without an `export` in front.
fn assigned(line: &[u8]) -> Option<&[u8]> {
    let line = trim(line);
    let line = line.strip_prefix(b"export ").unwrap_or(line);
    let at = line.iter().position(|byte| *byte == b'=')?;
    let (name, rest) = line.split_at_checked(at)?;
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let name = name.trim_ascii();
    rest.get(1..).filter(|_| !name.is_empty() && name.iter().all(is_name))
}

/// A value without a comment, a semicolon and quotes around what is left.
fn value_of(text: &[u8]) -> Option<Vec<u8>> {
    let comment = text.windows(2).position(|pair| pair == b" #").unwrap_or(text.len());
    let value = trim(text.get(..comment)?);
    let value = trim(value.strip_suffix(b";").unwrap_or(value));
    Some(unquote(value).unwrap_or(value).into())
}

/// What stands after the first underscore, if letters and digits stand before it.
fn prefixed(secret: &[u8]) -> Option<&[u8]> {
    let at = secret.iter().position(|byte| *byte == b'_')?;
    let (prefix, rest) = secret.split_at_checked(at)?;
    let is_prefix = matches!(at, 1..=12) && prefix.iter().all(u8::is_ascii_alphanumeric);
    rest.get(1..).filter(|rest| is_prefix && !rest.is_empty())
}

/// What begins keys that are no webhook's secret, and what they are.
const KEYS: &[(&str, &str)] = &[
    ("sk_", "a secret API key"),
    ("sk-", "a secret API key"),
    ("pk_", "a publishable API key"),
    ("rk_", "a restricted API key"),
    ("we_", "the id of a webhook endpoint"),
    ("wh_", "the id of a webhook"),
    ("ep_", "the id of an endpoint"),
    ("evt_", "the id of an event"),
    ("acct_", "the id of an account"),
    ("api_", "an API key"),
    ("key_", "an API key"),
    ("ghp_", "a personal access token"),
    ("gho_", "an access token"),
    ("ghs_", "an access token"),
    ("github_pat_", "a personal access token"),
    ("shpat_", "an access token"),
    ("shpca_", "an access token"),
    ("xoxb-", "a bot's token"),
    ("xoxp-", "a user's token"),
    ("xapp-", "an app's token"),
    ("AKIA", "an access key's id"),
    ("Bearer ", "a value of the Authorization header"),
    ("Basic ", "a value of the Authorization header"),
    ("eyJ", "a JSON web token"),
    ("-----BEGIN", "a key or certificate in PEM"),
    ("ssh-", "an SSH key"),
    ("http://", "a URL"),
    ("https://", "a URL"),
];

/// What stands where a secret was forgotten.
const PLACEHOLDERS: &[&str] = &[
    "undefined",
    "null",
    "none",
    "nil",
    "nan",
    "true",
    "false",
    "[object object]",
    "secret",
    "changeme",
    "change_me",
    "change-me",
    "xxx",
    "test",
    "password",
    "example",
    "webhook_secret",
    "your_secret",
    "your-secret",
    "your_webhook_secret",
    "your-webhook-secret",
    "whsec_...",
    "whsec_your_secret",
];

/// What the secrets look like where nothing was proven.
pub(crate) fn suspect(endpoint: &Endpoint<'_>) -> Option<Fault> {
    if let Some(error) =
        endpoint.secrets.iter().find_map(|secret| Key::new(secret, endpoint.scheme.secret).err())
    {
        // A masked or forgotten secret does not decode either, and that says more.
        let shape = endpoint.secrets.iter().find_map(|secret| shape(secret));
        return shape.or_else(|| Some(Fault::new(Cause::InvalidSecret, error.to_string())));
    }
    endpoint.secrets.iter().find_map(|secret| shape(secret))
}

fn shape(secret: &[u8]) -> Option<Fault> {
    let text = core::str::from_utf8(trim(secret)).ok()?;
    let text = core::str::from_utf8(unquote(text.as_bytes()).unwrap_or(text.as_bytes())).ok()?;
    if is_blank(text.as_bytes()) {
        return None;
    }
    let masks = text.chars().filter(|c| matches!(c, '*' | '•' | '●' | '·' | '…')).count();
    let dots = ["...", "…"].iter().any(|dots| text.contains(dots));
    let all = |mask: char| text.chars().all(|c| c == mask);
    if masks >= 3 || dots || all('x') || all('X') {
        return Some(Fault::new(Cause::MaskedSecret, ""));
    }
    let variable = text.starts_with("process.env")
        || text.starts_with("os.environ")
        || text.starts_with("ENV[")
        || (text.starts_with('$') && text.len() > 1)
        || (text.starts_with('<') && text.ends_with('>'))
        || (text.starts_with("{{") && text.ends_with("}}"));
    if variable {
        return Some(Fault::new(
            Cause::PlaceholderSecret,
            "the name of a variable or a field of a template",
        ));
    }
    if PLACEHOLDERS.contains(&text.to_ascii_lowercase().as_str()) {
        return Some(Fault::new(
            Cause::PlaceholderSecret,
            "a word from an example, or an unset value turned into text",
        ));
    }
    let key = KEYS.iter().find(|(prefix, _)| text.starts_with(prefix));
    key.map(|(_, kind)| Fault::new(Cause::ApiKeyAsSecret, *kind))
}
