//! Where deliveries go, and where they may not go unasked.

use std::net::IpAddr;

use anyhow::{Context, ensure};
use reqwest::Url;

/// What stands for a provider's name in an address.
const PLACE: &str = "{provider}";

/// The address for a provider. Attacks on other machines must be asked for.
///
/// # Errors
/// Where the text is no address of HTTP, or another machine's without `allow_remote`.
pub fn url(template: &str, provider: &str, allow_remote: bool) -> anyhow::Result<Url> {
    let text = template.replace(PLACE, provider);
    let parsed = Url::parse(&text).ok().filter(|_| text.contains("://"));
    let url = parsed.with_context(|| {
        let whole = format!("http://{text}");
        let is_whole = !text.starts_with('/') && Url::parse(&whole).is_ok();
        let example = if is_whole { &whole } else { "http://127.0.0.1:3000/hooks" };
        format!("{text} is no address: write it as {example}")
    })?;
    ensure!(
        matches!(url.scheme(), "http" | "https"),
        "{text} begins with {}, and webhooks come over http or https",
        url.scheme()
    );
    ensure!(
        allow_remote || is_loopback(&url),
        "{} is not this machine: pass --allow-remote if the endpoint is yours to attack",
        url.host_str().unwrap_or_default()
    );
    Ok(url)
}

/// Whether an address is this machine's own.
pub fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    match bare.parse::<IpAddr>() {
        Ok(address) => address.is_loopback(),
        Err(_) => host == "localhost" || host.ends_with(".localhost"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_is_let_through() {
        for text in [
            "http://127.0.0.1:3000/{provider}",
            "http://localhost/",
            "https://LOCALHOST/",
            "http://[::1]:8080/",
            "http://127.1/",
            "http://kyc.localhost/",
        ] {
            assert!(url(text, "kyc", false).is_ok(), "{text}");
        }
    }

    #[test]
    fn other_machines_must_be_asked_for() {
        for text in [
            "https://example.com/",
            "http://localhost.example.com/",
            "http://127.0.0.1.example.com/",
            "http://0.0.0.0/",
            "http://192.168.0.1/",
            "http://127.0.0.1@example.com/",
        ] {
            let error = url(text, "kyc", false).unwrap_err().to_string();
            assert!(error.contains("--allow-remote"), "{error}");
            assert!(url(text, "kyc", true).is_ok(), "{text}");
        }
    }

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
            let error = url(text, "kyc", true).unwrap_err().to_string();
            assert!(error.ends_with(&format!("write it as {example}")), "{error}");
        }
        let error = url("ftp://localhost/", "kyc", true).unwrap_err();
        assert!(error.to_string().contains("http or https"));
    }

    #[test]
    fn the_provider_takes_its_place() {
        let url = url("http://127.0.0.1/hooks/{provider}", "kyc", false).unwrap();
        assert_eq!(url.path(), "/hooks/kyc");
    }
}
