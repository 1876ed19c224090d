//! Receives webhooks, each provider's on its own path and with its own secret.

use std::collections::BTreeMap;
use std::env;
use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use hookproof::providers::{self, Provider};
use hookproof::{Key, Options, UnixTime, verify};
use tokio::net::TcpListener;

use claims::{Claim, Claims};

mod claims;

/// What is longer is answered 413 before it is read to its end.
const MAX_PAYLOAD_BYTES: usize = 1024 * 1024;

struct Receiver {
    hooks: BTreeMap<&'static str, Hook>,
    claims: Claims,
    /// How often each delivery was handled, where `hookproof check --observe` is to see it.
    observed: Option<Mutex<BTreeMap<String, u32>>>,
}

/// A provider, and the keys that it may sign with: two while a secret is rotated.
struct Hook {
    provider: &'static Provider,
    keys: Vec<Key>,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let observed = env::var_os("OBSERVE").map(|_| Mutex::default());
    let receiver = Receiver { hooks: hooks()?, claims: Claims::default(), observed };
    let app = Router::new()
        .route("/webhooks/{provider}", post(receive))
        .route("/observed", get(observed_runs))
        .layer(DefaultBodyLimit::max(MAX_PAYLOAD_BYTES))
        .with_state(Arc::new(receiver));
    let port = env::var("PORT").unwrap_or_else(|_| "3000".to_owned());
    let listener = TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    println!("listening on http://{}", listener.local_addr()?);
    Ok(axum::serve(listener, app).await?)
}

/// Every provider whose secret is in the environment, as `KYC_WEBHOOK_SECRET`.
fn hooks() -> Result<BTreeMap<&'static str, Hook>, Box<dyn Error>> {
    let mut hooks = BTreeMap::new();
    for provider in providers::ALL {
        let name = provider.scheme.name;
        let variable = format!("{}_WEBHOOK_SECRET", name.to_uppercase().replace('-', "_"));
        if let Ok(secret) = env::var(&variable) {
            let key = Key::new(secret.as_bytes(), provider.scheme.secret)
                .map_err(|error| format!("{variable}: {error}"))?;
            hooks.insert(name, Hook { provider, keys: vec![key] });
        }
    }
    if hooks.is_empty() {
        return Err("set KYC_WEBHOOK_SECRET, or another provider's, to its secret".into());
    }
    Ok(hooks)
}

async fn receive(
    State(receiver): State<Arc<Receiver>>,
    Path(name): Path<String>,
    headers: HeaderMap,
    payload: Bytes,
) -> Response {
    let Some(hook) = receiver.hooks.get(name.as_str()) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    // The values of a header that came twice stay apart, and such a delivery is refused.
    let pairs: Vec<_> = headers.iter().map(|(name, value)| (name, value.as_bytes())).collect();
    let options = Options { now: now(), tolerance_secs: None };
    let key = match verify(&hook.provider.scheme, &hook.keys, &pairs[..], &payload, &options) {
        Ok(delivery) => delivery.key().unwrap_or_default(),
        Err(error) => {
            // The operator learns the reason; the sender learns that it was refused, and no more.
            eprintln!("{name}: refused, {}", error.code());
            return StatusCode::UNAUTHORIZED.into_response();
        }
    };
    let token = match receiver.claims.claim(&key, Instant::now()) {
        Claim::New(token) => token,
        Claim::Done => return StatusCode::OK.into_response(),
        Claim::Busy => return (StatusCode::CONFLICT, [(header::RETRY_AFTER, "1")]).into_response(),
        Claim::Full => return StatusCode::SERVICE_UNAVAILABLE.into_response(),
    };
    // In a task of its own it goes on when the sender does not wait for the answer.
    let receiver = Arc::clone(&receiver);
    let handling = tokio::spawn(async move {
        if let Err(reason) = handle(&name, &payload).await {
            eprintln!("{name}: not handled, {reason}");
            receiver.claims.release(&key, token);
            return StatusCode::INTERNAL_SERVER_ERROR;
        }
        receiver.claims.complete(&key, token, Instant::now());
        receiver.observe(key);
        StatusCode::OK
    });
    // After a panic the claim lapses with its lease, and the provider sends again.
    handling.await.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR).into_response()
}

/// What to do with a verified event. What takes long belongs in a queue that outlives this process.
async fn handle(name: &str, payload: &[u8]) -> Result<(), String> {
    // A provider signs what it likes: a payload that is no JSON is an event without a type.
    let event: serde_json::Value = serde_json::from_slice(payload).unwrap_or_default();
    println!("{name}: {}", event["type"].as_str().unwrap_or("an event without a type"));
    Ok(())
}

impl Receiver {
    fn observe(&self, key: String) {
        if let Some(observed) = &self.observed {
            *observed.lock().unwrap_or_else(PoisonError::into_inner).entry(key).or_default() += 1;
        }
    }
}

async fn observed_runs(State(receiver): State<Arc<Receiver>>) -> Response {
    match &receiver.observed {
        Some(observed) => {
            Json(&*observed.lock().unwrap_or_else(PoisonError::into_inner)).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn now() -> UnixTime {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    UnixTime::from_secs(since.unwrap_or_default().as_secs())
}
