//! What an explanation costs, as a multiple of one verification: `cargo run --release --features explain
//! --example explain_cost`.

use std::hint::black_box;
use std::time::Instant;

use hookproof::explain::{Endpoint, Explanation, Options, Received, explain};
use hookproof::{Key, Stamp, UnixTime, providers, sign, verify};

fn main() {
    let scheme = providers::HUMIRIS.scheme;
    let table: Vec<_> = providers::ALL.iter().map(|row| row.scheme).collect();
    let now = UnixTime::from_secs(1_712_419_200);
    let key = Key::new(b"the sender's secret", scheme.secret).expect("a secret");
    println!(
        "{:<12} {:<22} {:>10} {:>10} {:>8} {:>6}",
        "payload", "cause", "verify", "explain", "ratio", "MACs"
    );
    for rows in [1, 100, 10_000] {
        let row = r#"{"id":7,"name":"Zoë","price":12.5,"path":"/a/b?a=1&b=2","tags":["a","b"]}"#;
        let payload = format!("[{}]", vec![row; rows].join(","));
        let stamp = Stamp { timestamp: now, id: None };
        let signature = sign(&scheme, &key, payload.as_bytes(), &stamp)
            .expect("a signature")
            .signature()
            .to_string();
        let headers = [(scheme.signature.name, signature.as_bytes())];
        let spaced = payload.replace(':', ": ").replace(',', ", ");

        let options = hookproof::Options { now, tolerance_secs: None };
        let keys = [Key::new(b"the sender's secret", scheme.secret).expect("a secret")];
        let (verify_secs, _) = timed(|| {
            verify(&scheme, &keys, headers.as_slice(), payload.as_bytes(), &options).is_ok()
        });
        for (secret, received) in [
            ("the sender's secret", &spaced),
            ("the sender's secret\n", &spaced),
            ("another one", &payload),
        ] {
            let secrets = [secret.as_bytes()];
            let endpoint = Endpoint { scheme, secrets: &secrets, tolerance_secs: None };
            let received = Received { headers: &headers, payload: received.as_bytes() };
            let options =
                Options { now, table: &table, reveal_expected: false, reveal_signed: false };
            let (secs, found): (f64, Explanation) =
                timed(|| explain(&endpoint, &[], &received, &options));
            println!(
                "{:>10} B {:<22} {:>7.3} ms {:>7.1} ms {:>8.0} {:>6}",
                payload.len(),
                found.cause.code(),
                verify_secs * 1e3,
                secs * 1e3,
                secs / verify_secs,
                found.evidence.macs_tried
            );
        }
    }
}

/// The quickest of five.
fn timed<T>(work: impl Fn() -> T) -> (f64, T) {
    let runs = (0..5).map(|_| {
        let start = Instant::now();
        let result = black_box(work());
        (start.elapsed().as_secs_f64(), result)
    });
    runs.min_by(|left, right| left.0.total_cmp(&right.0)).expect("five runs")
}
