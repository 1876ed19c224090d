//! A receiver in a thread, careful but for what a test puts in its place, that counts what it handles.

use std::collections::BTreeMap;
use std::net::TcpListener as StdListener;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use hookproof::providers::Provider;
use hookproof::{Error, Key, Options, PayloadDigest, verify};
use hookproof_harness::wire;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONNECTION, HeaderMap, RETRY_AFTER};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Response};
use hyper_util::rt::TokioIo;
use rcgen::CertifiedKey;
use reqwest::Url;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

/// Base64 and text alike, so that it is a secret in every format.
pub(crate) const SECRET: &str = "YW4gZXhhbXBsZSwgbm90IGEgc2VjcmV0IGF0IGFsbCE=";

const MAX_PAYLOAD_BYTES: usize = 1024 * 1024;

/// A delivery as it came.
#[derive(Clone)]
pub(crate) struct Request {
    pub(crate) provider: &'static Provider,
    pub(crate) headers: Vec<(String, Vec<u8>)>,
    pub(crate) payload: Vec<u8>,
}

impl Request {
    /// Its deduplication key, if it is the provider's.
    pub(crate) fn key(&self) -> Result<String, Error<'static>> {
        let keys = [Key::new(SECRET.as_bytes(), self.provider.scheme.secret)?];
        let options = Options { now: wire::now(), tolerance_secs: None };
        let headers = self.headers.as_slice();
        let delivery = verify(&self.provider.scheme, &keys, headers, &self.payload, &options)?;
        Ok(delivery.key().unwrap())
    }

    /// The key by its payload's digest, whoever sent it.
    pub(crate) fn digest(&self) -> String {
        let mut digest = PayloadDigest::default();
        digest.update(&self.payload);
        format!("{}:sha256:{}", self.provider.scheme.name, digest.finish())
    }

    /// The signature header as frameworks give it that know no doubled headers.
    pub(crate) fn signature(&self) -> Option<String> {
        let name = self.provider.scheme.signature.name;
        let all = self.headers.iter().filter(|(each, _)| each.eq_ignore_ascii_case(name));
        let all: Vec<_> = all.map(|(_, value)| String::from_utf8_lossy(value)).collect();
        (!all.is_empty()).then(|| all.join(", "))
    }
}

/// How often each delivery was handled.
#[derive(Clone, Default)]
pub(crate) struct Handled(Arc<Mutex<BTreeMap<String, u32>>>);

impl Handled {
    /// Handles a delivery, however often it was.
    pub(crate) fn again(&self, key: String) -> Reply {
        *self.0.lock().unwrap().entry(key).or_default() += 1;
        OK
    }

    /// How often a delivery was handled.
    pub(crate) fn times(&self, key: &str) -> u32 {
        self.0.lock().unwrap().get(key).copied().unwrap_or_default()
    }

    /// Handles a delivery if it was not.
    pub(crate) fn once(&self, key: String) -> Reply {
        self.0.lock().unwrap().entry(key).or_insert(1);
        OK
    }
}

pub(crate) enum Reply {
    Answer(u16, String),
    /// 409, and when to ask again.
    Busy,
    Close,
    Hang,
}

pub(crate) use Reply::{Answer, Busy, Close, Hang};

pub(crate) const OK: Reply = Answer(200, String::new());
pub(crate) const REFUSED: Reply = Answer(401, String::new());

/// What a careful receiver does.
pub(crate) fn careful(request: &Request, handled: &Handled) -> Reply {
    match request.key() {
        Ok(key) => handled.once(key),
        Err(_) => REFUSED,
    }
}

/// What a receiver does with a delivery.
pub(crate) type Receive = fn(&Request, &Handled) -> Reply;

/// When a receiver answers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answers {
    /// Once it knows.
    After,
    /// 202, before it reads.
    Before,
}

/// Starts a receiver and gives its address. It lives as long as the tests.
pub(crate) fn start(provider: &'static Provider, answers: Answers, receive: Receive) -> Url {
    let server = Server { provider, answers, receive, handled: Handled::default() };
    let port = listen(server, None);
    format!("http://127.0.0.1:{port}/").parse().unwrap()
}

/// Starts a receiver that speaks TLS as `localhost`, and gives its address and its certificate.
pub(crate) fn start_tls(provider: &'static Provider, receive: Receive) -> (Url, String) {
    let CertifiedKey { cert, signing_key } =
        rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
    let crypto = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(crypto).with_safe_default_protocol_versions();
    let config = config.unwrap().with_no_client_auth();
    let config = config.with_single_cert(vec![cert.der().clone()], key).unwrap();
    let answers = Answers::After;
    let server = Server { provider, answers, receive, handled: Handled::default() };
    let port = listen(server, Some(TlsAcceptor::from(Arc::new(config))));
    (format!("https://localhost:{port}/").parse().unwrap(), cert.pem())
}

fn listen(server: Server, tls: Option<TlsAcceptor>) -> u16 {
    let listener = StdListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(serve(listener, server, tls))
    });
    port
}

#[derive(Clone)]
struct Server {
    provider: &'static Provider,
    answers: Answers,
    receive: Receive,
    handled: Handled,
}

type HttpResponse = Response<Full<Bytes>>;

async fn serve(listener: StdListener, server: Server, tls: Option<TlsAcceptor>) {
    let listener = TcpListener::from_std(listener).unwrap();
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        let (server, tls) = (server.clone(), tls.clone());
        tokio::spawn(async move {
            let Some(tls) = tls else {
                return server.attend(stream).await;
            };
            // A sender that does not trust the certificate goes away.
            if let Ok(stream) = tls.accept(stream).await {
                server.attend(stream).await;
            }
        });
    }
}

impl Server {
    async fn attend(self, stream: impl AsyncRead + AsyncWrite + Unpin) {
        let service = service_fn(move |request| self.clone().respond(request));
        let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
        // A connection that a receiver or a sender cuts ends in an error.
        drop(connection.await);
    }

    async fn respond(
        self,
        request: hyper::Request<Incoming>,
    ) -> Result<HttpResponse, &'static str> {
        let (head, body) = request.into_parts();
        match (head.method, head.uri.path()) {
            (Method::GET, "/observed") => {
                let runs = serde_json::to_vec(&*self.handled.0.lock().unwrap()).unwrap();
                return Ok(Response::new(Full::new(runs.into())));
            }
            (Method::POST, "/") => {}
            _ => return Ok(answer(405, "")),
        }
        if self.answers == Answers::Before {
            tokio::spawn(async move {
                if let Ok(body) = body.collect().await {
                    let request = self.request(&head.headers, body.to_bytes());
                    (self.receive)(&request, &self.handled);
                }
            });
            return Ok(answer(202, ""));
        }
        let body = match Limited::new(body, MAX_PAYLOAD_BYTES).collect().await {
            Ok(body) => body.to_bytes(),
            Err(error) if error.is::<LengthLimitError>() => return Ok(answer(413, "")),
            Err(_) => return Ok(answer(400, "")),
        };
        // In a thread of its own, so that what waits in one does not hold the others up.
        let request = self.request(&head.headers, body);
        let receive = move || (self.receive)(&request, &self.handled);
        match tokio::task::spawn_blocking(receive).await.unwrap() {
            Answer(status, body) => Ok(answer(status, &body)),
            Busy => {
                let mut busy = answer(409, "");
                busy.headers_mut().insert(RETRY_AFTER, 0.into());
                Ok(busy)
            }
            Close => Err("the receiver goes away"),
            Hang => {
                tokio::time::sleep(Duration::from_secs(3600)).await;
                Err("nobody waits this long")
            }
        }
    }

    fn request(&self, headers: &HeaderMap, payload: Bytes) -> Request {
        let headers = headers.iter();
        let pair = |(name, value): (&hyper::header::HeaderName, &hyper::header::HeaderValue)| {
            (name.to_string(), value.as_bytes().to_vec())
        };
        Request {
            provider: self.provider,
            headers: headers.map(pair).collect(),
            payload: payload.to_vec(),
        }
    }
}

fn answer(status: u16, body: &str) -> HttpResponse {
    let response = Response::builder().status(status).header(CONNECTION, "close");
    response.body(Full::new(Bytes::copy_from_slice(body.as_bytes()))).unwrap()
}
