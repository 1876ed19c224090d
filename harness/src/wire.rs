//! A delivery over HTTP, and what came back.

use std::error::Error;
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context, anyhow, ensure};
use futures_util::stream;
use hookproof::UnixTime;
use reqwest::header::{CONTENT_LENGTH, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Body, Client, ClientBuilder, Method, Url, redirect};
use rustls::InvalidMessage;
use tokio::sync::Notify;
use tokio::time::sleep;

use crate::delivery::{Delivery, Writing};
use crate::input::{self, MAX_OBSERVED_BYTES};
use crate::route::{Reach, Route};
use crate::target;

/// Why an endpoint that speaks HTTP alone is not connected to over TLS.
const NO_TLS: &str = "it does not speak TLS";

/// How much of an answer's body is read. It is only held against other bodies.
const MAX_BODY_BYTES: usize = 64 * 1024;

/// In how many pieces a slow body comes, and how long the pause before each is.
const SLOW_PIECES: usize = 10;
const SLOW_PAUSE: Duration = Duration::from_millis(100);

/// How long a sender that gives up waits for an answer, once its body has gone.
const GIVE_UP_AFTER: Duration = Duration::from_millis(20);

/// The way to one address, and to no other.
pub struct Wire {
    url: Url,
    title_case: Client,
    lower_case: Client,
    timeout: Duration,
}

/// How long a connection lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connections {
    /// One for each delivery, so that a closed one is the endpoint's doing.
    Fresh,
    /// As long as both sides like, as busy senders have them.
    Kept,
}

/// What came of a delivery.
#[derive(Clone, Debug)]
pub struct Answer {
    /// What came back.
    pub outcome: Outcome,
    /// The answer's headers; none where there is no answer.
    pub headers: HeaderMap,
    /// How long it took, a fresh connection included.
    pub elapsed: Duration,
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// An answer, with the beginning of its body.
    Status(u16, Vec<u8>),
    /// Nothing, or not all of it, within the time allowed.
    TimedOut,
    /// The end of the connection, before the whole answer.
    Closed,
    /// No connection, for this reason: nobody listens, a name or a certificate is wrong.
    Unreachable(String),
    /// Nobody waited for an answer.
    NotAwaited,
}

impl Outcome {
    /// Whether the provider takes the delivery for handled.
    pub fn is_success(&self) -> bool {
        matches!(self, Self::Status(200..300, _))
    }

    /// The status, or what came in its place.
    pub fn word(&self) -> String {
        match self {
            Self::Status(status, _) => status.to_string(),
            Self::TimedOut => "timeout".to_owned(),
            Self::Closed => "closed".to_owned(),
            Self::Unreachable(_) => "no server".to_owned(),
            Self::NotAwaited => "-".to_owned(),
        }
    }
}

impl Wire {
    /// Makes the clients for an address, which is looked up once: they connect only to what was found then.
    ///
    /// # Errors
    /// Where the address is out of reach, or the system gives no client.
    pub async fn new(
        url: &Url,
        reach: Reach,
        timeout: Duration,
        connections: Connections,
    ) -> anyhow::Result<Self> {
        let route = Route::find(url, reach, timeout).await?;
        Self::along(&route, url, timeout, connections)
    }

    fn along(
        route: &Route,
        url: &Url,
        timeout: Duration,
        connections: Connections,
    ) -> anyhow::Result<Self> {
        // There is one provider in this program; that it is there already is no failure.
        drop(rustls::crypto::ring::default_provider().install_default());
        let builder = || {
            let builder = Client::builder()
                .timeout(timeout)
                // A redirect is an answer, and could lead to another machine.
                .redirect(redirect::Policy::none())
                .retry(reqwest::retry::never());
            let builder = match connections {
                Connections::Fresh => builder.pool_max_idle_per_host(0),
                Connections::Kept => builder,
            };
            route.apply(url, builder)
        };
        Ok(Self {
            url: url.clone(),
            title_case: client(url, || builder().http1_title_case_headers())?,
            lower_case: client(url, builder)?,
            timeout,
        })
    }

    /// How long an answer is waited for.
    pub fn timeout(&self) -> Duration {
        self.timeout
    }

    /// Sends a delivery. What goes wrong on the way is an outcome.
    ///
    /// # Errors
    /// Where a header cannot be sent at all.
    pub async fn send(&self, delivery: &Delivery) -> anyhow::Result<Answer> {
        let writing = delivery.writing;
        let client = match writing {
            Writing::LowerCase => &self.lower_case,
            _ => &self.title_case,
        };
        let method = if writing == Writing::Put { Method::PUT } else { Method::POST };
        let request = client.request(method, self.url.clone()).headers(headers(delivery)?);
        let gone = Arc::new(Notify::new());
        let request = request.body(body(&delivery.payload, writing, Arc::clone(&gone)));
        let start = Instant::now();
        let exchange = async {
            match exchange(request).await {
                Ok((outcome, headers)) => (outcome, headers),
                Err(error) => (failure(&error), HeaderMap::new()),
            }
        };
        let (outcome, headers) = match writing {
            Writing::Abandoned => tokio::select! {
                came = exchange => not_awaited(came),
                () = async { gone.notified().await; sleep(GIVE_UP_AFTER).await } => {
                    (Outcome::NotAwaited, HeaderMap::new())
                }
            },
            Writing::Cut => not_awaited(exchange.await),
            _ => exchange.await,
        };
        Ok(Answer { outcome, headers, elapsed: start.elapsed() })
    }

    /// The answer to a GET, where it is 2xx.
    ///
    /// # Errors
    /// Where it is not, or is too long, or is no UTF-8.
    pub async fn text(&self) -> anyhow::Result<String> {
        let mut response = self.title_case.get(self.url.clone()).send().await?;
        let status = response.status();
        // A redirect is followed by nobody here, and says nothing of what was asked for.
        ensure!(status.is_success(), "it answers {status}");
        let mut text = Vec::new();
        while let Some(chunk) = response.chunk().await? {
            text.extend_from_slice(&chunk);
            ensure!(
                text.len() <= MAX_OBSERVED_BYTES,
                "its answer is longer than {}",
                input::size(MAX_OBSERVED_BYTES)
            );
        }
        Ok(String::from_utf8(text)?)
    }
}

/// A client for an endpoint. A machine that has no certificates, such as a small container, still speaks
/// HTTP.
fn client(url: &Url, builder: impl Fn() -> ClientBuilder) -> anyhow::Result<Client> {
    match builder().build() {
        Err(_) if url.scheme() == "http" => Ok(builder().tls_certs_only([]).build()?),
        Err(error) => Err(error).context(
            "cannot speak HTTPS: install the system's certificates, or name a file of them in SSL_CERT_FILE",
        ),
        Ok(client) => Ok(client),
    }
}

/// What time it is on this machine.
pub fn now() -> UnixTime {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    UnixTime::from_secs(since.unwrap_or_default().as_secs())
}

/// What is said where an endpoint cannot be connected to, for this reason.
pub fn unreachable(url: &Url, why: &str) -> anyhow::Error {
    let url = target::shown(url);
    match why {
        NO_TLS => anyhow!("{url} does not speak TLS: try it with http://"),
        _ => anyhow!("cannot connect to {url} ({why}): is the receiver running?"),
    }
}

/// An answer that came before the sender went away says no more than none; no server is worth saying.
fn not_awaited((outcome, headers): (Outcome, HeaderMap)) -> (Outcome, HeaderMap) {
    match outcome {
        Outcome::Unreachable(_) => (outcome, headers),
        _ => (Outcome::NotAwaited, headers),
    }
}

fn failure(error: &reqwest::Error) -> Outcome {
    match error {
        error if error.is_timeout() => Outcome::TimedOut,
        error if error.is_connect() => Outcome::Unreachable(root_cause(error)),
        _ => Outcome::Closed,
    }
}

/// What is at the bottom of an error: the rest says that there was one.
fn root_cause(error: &(dyn Error + 'static)) -> String {
    match error.source() {
        Some(source) => root_cause(source),
        None if is_no_tls(error) => NO_TLS.to_owned(),
        None => error.to_string(),
    }
}

/// Whether what came in place of TLS is none.
fn is_no_tls(error: &(dyn Error + 'static)) -> bool {
    // An I/O error does not name the error that it was made of as its source.
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(inner) => is_no_tls(inner),
        None => matches!(
            error.downcast_ref(),
            Some(rustls::Error::InvalidMessage(InvalidMessage::InvalidContentType))
        ),
    }
}

async fn exchange(request: reqwest::RequestBuilder) -> reqwest::Result<(Outcome, HeaderMap)> {
    let mut response = request.send().await?;
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        body.extend_from_slice(&chunk);
        if body.len() >= MAX_BODY_BYTES {
            body.truncate(MAX_BODY_BYTES);
            break;
        }
    }
    let headers = std::mem::take(response.headers_mut());
    Ok((Outcome::Status(response.status().as_u16(), body), headers))
}

/// A body, which says when it has gone if its sender is to give up then.
fn body(payload: &[u8], writing: Writing, gone: Arc<Notify>) -> Body {
    let whole = payload.to_vec();
    match writing {
        Writing::Chunked => Body::wrap_stream(stream::iter([Ok::<_, io::Error>(whole)])),
        Writing::Slow => {
            let size = payload.len().div_ceil(SLOW_PIECES).max(1);
            let pieces: Vec<_> = payload.chunks(size).map(|piece| Ok(piece.to_vec())).collect();
            paused(pieces)
        }
        Writing::Cut => {
            let half = payload[..payload.len() / 2].to_vec();
            paused(vec![Ok(half), Err(io::Error::other("the sender goes away"))])
        }
        Writing::Abandoned => Body::wrap_stream(stream::once(async move {
            gone.notify_one();
            Ok::<_, io::Error>(whole)
        })),
        _ => whole.into(),
    }
}

/// A body that comes in these pieces, with a pause before each.
fn paused(pieces: Vec<io::Result<Vec<u8>>>) -> Body {
    let pieces = pieces.into_iter();
    Body::wrap_stream(stream::unfold(pieces, |mut pieces| async {
        let piece = pieces.next()?;
        sleep(SLOW_PAUSE).await;
        Some((piece, pieces))
    }))
}

fn headers(delivery: &Delivery) -> anyhow::Result<HeaderMap> {
    let mut map = HeaderMap::new();
    for (name, value) in &delivery.headers {
        let value = HeaderValue::from_bytes(value).with_context(|| {
            format!("the {name} header cannot carry a line break or another control character")
        })?;
        map.append(HeaderName::from_bytes(name.as_bytes())?, value);
    }
    // The client would leave the length of an empty body out, and not know that of a body in pieces.
    if !matches!(delivery.writing, Writing::NoBody | Writing::Chunked) {
        map.insert(CONTENT_LENGTH, delivery.payload.len().into());
    }
    Ok(map)
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::thread;

    use super::*;

    #[tokio::test]
    async fn a_client_connects_to_the_checked_addresses_and_looks_nothing_up() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        // No resolver knows a name that ends so.
        let url: Url = format!("http://checked.invalid:{}/", address.port()).parse().unwrap();
        let route = Route::ThisMachine(vec![address]);
        let answering = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            assert!(stream.read(&mut [0; 4096]).unwrap() > 0);
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nevt_1").unwrap();
        });
        let wire = Wire::along(&route, &url, Duration::from_secs(20), Connections::Fresh).unwrap();
        assert_eq!(wire.text().await.unwrap(), "evt_1");
        answering.join().unwrap();

        let other = Wire { url: "http://other.invalid/".parse().unwrap(), ..wire };
        let error = format!("{:#}", other.text().await.unwrap_err());
        assert!(error.contains("the address of other.invalid was not checked"), "{error}");
    }
}
