//! The address that a person writes, and how it is shown.

use anyhow::{Context, ensure};
use reqwest::Url;

/// What stands for a provider's name in an address.
const PLACE: &str = "{provider}";

/// The address for a provider.
///
/// # Errors
/// Where the text is not an address of HTTP.
pub fn url(template: &str, provider: &str) -> anyhow::Result<Url> {
    let text = template.replace(PLACE, provider);
    let parsed = Url::parse(&text).ok().filter(|_| text.contains("://"));
    let url = parsed.with_context(|| {
        let whole = format!("http://{text}");
        // What stands before an `@` may be a password, and is not repeated in an example.
        let is_whole = !text.starts_with('/') && !text.contains('@') && Url::parse(&whole).is_ok();
        let example = if is_whole { &whole } else { "http://127.0.0.1:3000/hooks" };
        format!("{} is no address: write it as {example}", without_user(&text))
    })?;
    ensure!(
        matches!(url.scheme(), "http" | "https"),
        "{} begins with {}, and webhooks come over http or https",
        shown(&url),
        url.scheme()
    );
    Ok(url)
}

/// An address without the password that may stand in it.
pub fn shown(url: &Url) -> String {
    let mut shown = url.clone();
    match shown.set_password(None) {
        Ok(()) => shown.into(),
        // An address without a host has no password, and may be one that was written wrong.
        Err(()) => without_user(url.as_str()),
    }
}

/// A text that was meant for an address, without what may be a user's name and password. Where it is no address
/// nothing says where a password ends, so all that stands before the last `@` is left out, but for the scheme.
pub fn without_user(text: &str) -> String {
    let Some((before, after)) = text.rsplit_once('@') else {
        return text.to_owned();
    };
    let is_of_schemes = |c: char| c.is_ascii_alphanumeric() || "+-.".contains(c);
    let scheme = before.split_once("://").filter(|(scheme, _)| scheme.chars().all(is_of_schemes));
    scheme.map_or(after.to_owned(), |(scheme, _)| format!("{scheme}://{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_address_is_refused_with_one_that_is() {
        for (text, example) in [
            ("localhost/hooks", "http://localhost/hooks"),
            ("localhost:3100/{provider}", "http://localhost:3100/kyc"),
            ("127.0.0.1:9", "http://127.0.0.1:9"),
            ("/hooks", "http://127.0.0.1:3000/hooks"),
            ("", "http://127.0.0.1:3000/hooks"),
            ("mailto:x", "http://127.0.0.1:3000/hooks"),
        ] {
            let error = url(text, "kyc").unwrap_err().to_string();
            assert!(error.ends_with(&format!("write it as {example}")), "{error}");
        }
        let error = url("ftp://localhost/", "kyc").unwrap_err();
        assert!(error.to_string().contains("http or https"));
    }

    #[test]
    fn a_password_in_an_address_is_not_shown() {
        let address = "http://ada:hidden@127.0.0.1/".parse().unwrap();
        assert_eq!(shown(&address), "http://ada@127.0.0.1/");
        for text in [
            "ftp://ada:hidden@localhost/",
            "http://ada:hidden@local host/",
            "http://ada:hid/den@localhost/",
            "http://ada:hidden@hidden@local host/",
            "ada:hid://den@localhost/",
            "ada:hidden@http://localhost/",
            "ada:hidden@localhost:3000/hooks",
            "mailto:ada:hidden@localhost",
        ] {
            let error = url(text, "kyc").unwrap_err().to_string();
            assert!(!error.contains("hid") && !error.contains("den"), "{text}: {error}");
            assert!(error.contains("local"), "{text}: {error}");
        }
    }

    #[test]
    fn the_provider_takes_its_place() {
        let url = url("http://127.0.0.1/hooks/{provider}", "kyc").unwrap();
        assert_eq!(url.path(), "/hooks/kyc");
    }
}
