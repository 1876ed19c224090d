//! The address that a person writes, and how it is shown.

use std::net::Ipv4Addr;

use anyhow::{Context, bail, ensure};
use reqwest::Url;

/// What stands for a provider's name in an address.
const PLACE: &str = "{provider}";

/// The suggestion where the text gives no hint of the intended address.
const EXAMPLE: &str = "http://127.0.0.1:3000/hooks";

/// The address for a provider.
///
/// # Errors
/// Where the text is not an address of HTTP.
pub fn url(template: &str, provider: &str) -> anyhow::Result<Url> {
    let text = template.replace(PLACE, provider);
    let Some((scheme, rest)) = scheme_of(&text) else {
        bail!("the address has no scheme: write it as {}", with_scheme(&text));
    };
    ensure!(
        ["http", "https"].iter().any(|each| each.eq_ignore_ascii_case(scheme)),
        "{} begins with {scheme}, and webhooks come over http or https",
        without_user(&text)
    );
    ensure!(!has_scheme(rest), "{} has two schemes: leave the first out", without_user(&text));
    Url::parse(&text)
        .ok()
        .with_context(|| format!("{} is not an address; one is {EXAMPLE}", without_user(&text)))
}

/// The scheme of an address and what follows its slashes.
fn scheme_of(text: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = text.split_once("://")?;
    let is_scheme = |c: char| c.is_ascii_alphanumeric() || "+-.".contains(c);
    (!scheme.is_empty() && scheme.chars().all(is_scheme)).then_some((scheme, rest))
}

/// Whether what stands in a host's place is a scheme. A host may be called `http`, and then its port follows.
fn has_scheme(rest: &str) -> bool {
    let (name, after) = rest.split_once(':').unwrap_or_default();
    let is_scheme = name.eq_ignore_ascii_case("http") || name.eq_ignore_ascii_case("https");
    is_scheme && !after.starts_with(|c: char| c.is_ascii_digit())
}

/// The text as an address, if a host is surely what it begins with. Anything else may be a secret or hold a password,
/// and is not repeated.
fn with_scheme(text: &str) -> String {
    let text = text.strip_prefix("//").unwrap_or(text);
    let host = text.split(['/', '?', '#']).next().unwrap_or_default();
    let (name, port) = host.rsplit_once(':').unwrap_or((host, ""));
    let is_port = port.len() <= 5 && port.bytes().all(|byte| byte.is_ascii_digit());
    let is_local = name.eq_ignore_ascii_case("localhost") || name.ends_with(".localhost");
    let address = format!("http://{text}");
    let is_host = is_local || name.parse::<Ipv4Addr>().is_ok() || name.starts_with("[::");
    let is_whole = is_host && is_port && Url::parse(&address).is_ok();
    if is_whole { address } else { EXAMPLE.to_owned() }
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
    fn what_lacks_a_scheme_is_refused_with_an_address() {
        for (text, example) in [
            ("localhost", "http://localhost"),
            ("localhost/hooks", "http://localhost/hooks"),
            ("localhost:3100/{provider}", "http://localhost:3100/kyc"),
            ("LOCALHOST:3100", "http://LOCALHOST:3100"),
            ("kyc.localhost:3100", "http://kyc.localhost:3100"),
            ("127.0.0.1:9", "http://127.0.0.1:9"),
            ("[::1]:9/x", "http://[::1]:9/x"),
            ("//localhost:3000/x", "http://localhost:3000/x"),
            ("//example.com/x", EXAMPLE),
            ("/hooks", EXAMPLE),
            ("", EXAMPLE),
            ("mailto:x", EXAMPLE),
            ("http:x", EXAMPLE),
            ("http:/localhost", EXAMPLE),
            ("HTTPS:/localhost", EXAMPLE),
            ("https:", EXAMPLE),
            ("whsec_c2VjcmV0", EXAMPLE),
            ("c2Vj/cmV0+c2VjcmV0==", EXAMPLE),
            ("localhost:c2VjcmV0", EXAMPLE),
            ("localhost:123456789", EXAMPLE),
        ] {
            let error = url(text, "kyc").unwrap_err().to_string();
            assert_eq!(
                error,
                format!("the address has no scheme: write it as {example}"),
                "{text}"
            );
        }
    }

    #[test]
    fn no_scheme_is_put_before_another() {
        for text in [
            "http://",
            "https://",
            "HTTP://",
            "http:///",
            "http://local host/",
            "http://127.0.0.1:x/",
            "https:/localhost",
            "http:localhost",
            "//localhost",
            "//",
            "ftp://localhost/",
            "ftp://local host/",
            "http://http://localhost/",
            "http://HTTPS://localhost/",
            "https://http:localhost/",
            "HTTP://http:/localhost/",
            "http:http://localhost/",
            "://localhost",
            "http ://localhost",
        ] {
            let error = url(text, "kyc").unwrap_err().to_string();
            let suggested = error.rsplit_once(" as ").or(error.rsplit_once(" is "));
            if let Some((_, suggested)) = suggested {
                assert!(url(suggested, "kyc").is_ok(), "{text}: {error}");
            } else {
                assert!(
                    error.contains("http or https") || error.contains("two schemes"),
                    "{error}"
                );
            }
        }
        for text in [
            "HTTP://localhost/",
            "Https://localhost/",
            "http://http.localhost/",
            "http://http:8080/",
        ] {
            assert!(url(text, "kyc").is_ok(), "{text}");
        }
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
        }
    }

    #[test]
    fn the_provider_takes_its_place() {
        let url = url("http://127.0.0.1/hooks/{provider}", "kyc").unwrap();
        assert_eq!(url.path(), "/hooks/kyc");
    }
}
