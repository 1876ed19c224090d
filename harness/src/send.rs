//! A delivery over HTTP, and what came back.

use std::error::Error;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::Context;
use hookproof::UnixTime;
use reqwest::header::{CONTENT_LENGTH, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Url, redirect};

use crate::delivery::{Delivery, Writing};
use crate::target;

/// How much of an answer's body is read. It is only held against other bodies.
const MAX_BODY_BYTES: usize = 64 * 1024;

/// The way to an endpoint.
pub struct Wire {
    title_case: Client,
    lower_case: Client,
}

/// What came of a delivery.
pub struct Answer {
    /// What came back.
    pub outcome: Outcome,
    /// How long it took, the connection included.
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
}

impl Wire {
    /// Makes the clients for an endpoint.
    ///
    /// # Errors
    /// Where the system gives no client.
    pub fn new(url: &Url, timeout: Duration) -> anyhow::Result<Self> {
        // There is one provider in this program; that it is there already is no failure.
        drop(rustls::crypto::ring::default_provider().install_default());
        let builder = || {
            let builder = Client::builder()
                .timeout(timeout)
                // Each delivery has a connection of its own, so that a closed one is the endpoint's doing.
                .pool_max_idle_per_host(0)
                // A redirect is an answer, and could lead to another machine.
                .redirect(redirect::Policy::none())
                .retry(reqwest::retry::never());
            // A proxy that the environment names is for other machines.
            if target::is_loopback(url) { builder.no_proxy() } else { builder }
        };
        Ok(Self {
            title_case: builder().http1_title_case_headers().build()?,
            lower_case: builder().build()?,
        })
    }

    /// Posts a delivery. What goes wrong on the way is an outcome.
    ///
    /// # Errors
    /// Where a header cannot be sent at all.
    pub async fn post(&self, url: &Url, delivery: &Delivery) -> anyhow::Result<Answer> {
        let client = match delivery.writing {
            Writing::LowerCase => &self.lower_case,
            Writing::Usual | Writing::NoBody => &self.title_case,
        };
        let request =
            client.post(url.clone()).headers(headers(delivery)?).body(delivery.payload.clone());
        let start = Instant::now();
        let outcome = match exchange(request).await {
            Ok(outcome) => outcome,
            Err(error) if error.is_timeout() => Outcome::TimedOut,
            Err(error) if error.is_connect() => Outcome::Unreachable(root_cause(&error)),
            Err(_) => Outcome::Closed,
        };
        let elapsed = start.elapsed();
        Ok(Answer { outcome, elapsed })
    }
}

/// What time it is on this machine.
pub fn now() -> UnixTime {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    UnixTime::from_secs(since.unwrap_or_default().as_secs())
}

/// What is at the bottom of an error: the rest says that there was one.
fn root_cause(error: &dyn Error) -> String {
    match error.source() {
        Some(source) => root_cause(source),
        None => error.to_string(),
    }
}

async fn exchange(request: reqwest::RequestBuilder) -> reqwest::Result<Outcome> {
    let mut response = request.send().await?;
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        body.extend_from_slice(&chunk);
        if body.len() >= MAX_BODY_BYTES {
            body.truncate(MAX_BODY_BYTES);
            break;
        }
    }
    Ok(Outcome::Status(response.status().as_u16(), body))
}

fn headers(delivery: &Delivery) -> anyhow::Result<HeaderMap> {
    let mut map = HeaderMap::new();
    for (name, value) in &delivery.headers {
        let value = HeaderValue::from_bytes(value).with_context(|| {
            format!("the {name} header cannot carry a line break or another control character")
        })?;
        map.append(HeaderName::from_bytes(name.as_bytes())?, value);
    }
    // The client would leave the length of an empty body out.
    if delivery.writing != Writing::NoBody {
        map.insert(CONTENT_LENGTH, delivery.payload.len().into());
    }
    Ok(map)
}
