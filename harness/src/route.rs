//! Which socket addresses an endpoint may be reached at: those that were checked, and no others.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{ClientBuilder, Url};
use tokio::net::lookup_host;
use tokio::time;

use crate::pen::visible;

/// Which machines may be connected to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// This one: every address that a name resolves to must be a loopback address.
    ThisMachine,
    /// Any, because the caller asked for it.
    AnyMachine,
}

/// The way to one endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    /// These loopback addresses, and never through a proxy.
    ThisMachine(Vec<SocketAddr>),
    /// As the system resolves it, through the environment's proxy if it names one.
    AnyMachine,
}

impl Route {
    /// Looks the host up and decides by its addresses, because a name says nothing about the machine behind it.
    ///
    /// # Errors
    /// Where an address is not a loopback address, or none is found, and only this machine may be reached.
    pub(crate) async fn find(url: &Url, reach: Reach, timeout: Duration) -> anyhow::Result<Self> {
        let host = bare_host(url);
        let port = url.port_or_known_default().context("the address names no port")?;
        let late = |_| Err(io::Error::new(io::ErrorKind::TimedOut, "no answer in time"));
        let found = time::timeout(timeout, lookup_host((host, port))).await;
        Self::choose(host, reach, found.map_or_else(late, |found| found.map(Iterator::collect)))
    }

    fn choose(
        host: &str,
        reach: Reach,
        found: io::Result<Vec<SocketAddr>>,
    ) -> anyhow::Result<Self> {
        let other = |found: &[SocketAddr]| {
            found.iter().map(SocketAddr::ip).find(|ip| {
                // `::ffff:127.0.0.1` connects to 127.0.0.1.
                !ip.to_canonical().is_loopback()
            })
        };
        match (found, reach) {
            (Ok(found), _) if !found.is_empty() && other(&found).is_none() => {
                Ok(Self::ThisMachine(found))
            }
            (_, Reach::AnyMachine) => Ok(Self::AnyMachine),
            (Ok(found), Reach::ThisMachine) => match other(&found) {
                None => bail!("{host} has no address: check the name, or write 127.0.0.1"),
                Some(ip) if ip.to_canonical().is_unspecified() => bail!(
                    "{host} is for listening, not for connecting: write 127.0.0.1, or pass --allow-remote"
                ),
                Some(ip) if ip.to_string() == host => bail!("{host} is not this machine: {ASK}"),
                Some(ip) => bail!("{host} resolves to {ip}, which is not this machine: {ASK}"),
            },
            (Err(error), Reach::ThisMachine) => Err(anyhow!(
                "cannot look up {host} ({}): check the name; an endpoint on another machine also needs \
                 --allow-remote",
                visible(&error.to_string())
            )),
        }
    }

    /// A client that connects along this route.
    pub(crate) fn apply(&self, url: &Url, client: ClientBuilder) -> ClientBuilder {
        match self {
            Self::ThisMachine(addresses) => client.no_proxy().dns_resolver(Checked {
                host: bare_host(url).to_owned(),
                addresses: addresses.clone(),
            }),
            Self::AnyMachine => client,
        }
    }
}

const ASK: &str = "pass --allow-remote if the endpoint is yours to attack";

/// The host without the brackets of IPv6. The URL's parser has already turned every spelling of an IPv4 address,
/// such as `0x7f.1` and `2130706433`, into the usual one.
fn bare_host(url: &Url) -> &str {
    url.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']')
}

/// Gives a client the addresses that were checked. A second lookup could give others.
struct Checked {
    host: String,
    addresses: Vec<SocketAddr>,
}

impl Resolve for Checked {
    fn resolve(&self, name: Name) -> Resolving {
        let found = match name.as_str() == self.host {
            true => Ok(Box::new(self.addresses.clone().into_iter()) as Addrs),
            false => Err(format!("the address of {} was not checked", name.as_str()).into()),
        };
        Box::pin(async { found })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIMEOUT: Duration = Duration::from_secs(5);

    fn chosen(host: &str, reach: Reach, addresses: &[&str]) -> anyhow::Result<Route> {
        let addresses = addresses.iter().map(|ip| SocketAddr::new(ip.parse().unwrap(), 80));
        Route::choose(host, reach, Ok(addresses.collect()))
    }

    #[test]
    fn a_name_is_this_machine_by_its_addresses() {
        for (name, addresses) in [
            ("kyc.localhost", &["127.0.0.1"][..]),
            ("localhost", &["::1", "127.0.0.1"]),
            ("receiver.example", &["127.8.9.10"]),
            ("mapped.example", &["::ffff:127.0.0.1"]),
        ] {
            for reach in [Reach::ThisMachine, Reach::AnyMachine] {
                let route = chosen(name, reach, addresses).unwrap();
                assert!(
                    matches!(route, Route::ThisMachine(found) if found.len() == addresses.len())
                );
            }
        }
        for (name, addresses, says) in [
            (
                "kyc.localhost",
                &["192.0.2.2"][..],
                "kyc.localhost resolves to 192.0.2.2, which is not",
            ),
            ("localhost", &["127.0.0.1", "192.0.2.2"], "resolves to 192.0.2.2"),
            ("localhost", &["::1", "2001:db8::1"], "resolves to 2001:db8::1"),
            ("localhost", &["::ffff:192.0.2.2"], "resolves to ::ffff:192.0.2.2"),
            ("localhost", &["0.0.0.0"], "is for listening"),
            ("localhost", &[], "has no address"),
        ] {
            let error = chosen(name, Reach::ThisMachine, addresses).unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
            assert_eq!(chosen(name, Reach::AnyMachine, addresses).unwrap(), Route::AnyMachine);
        }
    }

    #[tokio::test]
    async fn every_spelling_of_an_address_is_decided_by_its_value() {
        let find = |text: &str, reach| {
            let url: Url = text.parse().unwrap();
            async move { Route::find(&url, reach, TIMEOUT).await }
        };
        for text in [
            "http://127.0.0.1:3000/",
            "http://127.1/",
            "http://2130706433/",
            "http://0x7f.0.0.1/",
            "http://0177.0.0.1/",
            "http://[::1]:8080/",
            "http://[::ffff:127.0.0.1]/",
            "http://[0:0:0:0:0:ffff:7f00:1]/",
            "https://LOCALHOST/",
        ] {
            let route = find(text, Reach::ThisMachine).await;
            assert!(matches!(route, Ok(Route::ThisMachine(_))), "{text}: {route:?}");
        }
        for text in [
            "http://0.0.0.0/",
            "http://0/",
            "http://[::]/",
            "http://[::ffff:0.0.0.0]/",
            "http://192.168.0.1/",
            "http://3232235521/",
            "http://0300.0250.0.1/",
            "http://[::ffff:192.168.0.1]/",
            "http://[::127.0.0.1]/",
            "http://127.0.0.1@192.168.0.1/",
            "http://localhost.invalid/",
            "http://127.0.0.1.invalid/",
        ] {
            let error = find(text, Reach::ThisMachine).await.unwrap_err().to_string();
            assert!(error.contains("--allow-remote"), "{text}: {error}");
            assert_eq!(find(text, Reach::AnyMachine).await.unwrap(), Route::AnyMachine, "{text}");
        }
    }
}
