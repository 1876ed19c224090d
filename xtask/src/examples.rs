//! The examples, each as a user has it: the packed tarball installed in a copy of its folder, started in its
//! real runtime, attacked by the harness; and what its handler has done is counted.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use hookproof::providers::Provider;
use hookproof::{Key, Options, Stamp, UnixTime};

use crate::receiver::{self, PROVIDERS, Receiver};
use crate::step::say;
use crate::{environments, npm, step, tree, wasm};

/// One example, in the folder of its name.
struct Example {
    name: &'static str,
    /// A folder in `js-tests/packages/` with its runtime. Otherwise it runs on this machine's Node.js, with the
    /// packages of `js-tests/`.
    packages: Option<&'static str>,
    /// Commands in its folder, a line each; the last one serves.
    run: &'static [&'static str],
}

/// Quick examples first.
const EXAMPLES: &[Example] = &[
    Example { name: "node", packages: None, run: &["node server.js"] },
    Example { name: "express", packages: None, run: &["node server.js"] },
    Example { name: "fastify", packages: None, run: &["node server.js"] },
    Example { name: "hono", packages: None, run: &["node server.js"] },
    Example {
        name: "deno",
        packages: Some("runtimes"),
        run: &["deno run --no-prompt --allow-net --allow-env server.js"],
    },
    Example { name: "bun", packages: Some("runtimes"), run: &["bun server.js"] },
    Example {
        name: "cloudflare-worker",
        packages: Some("workers"),
        run: &["wrangler dev --ip 127.0.0.1 --port 0 --inspector-port 0"],
    },
    Example {
        name: "next-route",
        packages: Some("next"),
        run: &["next build", "next start -H 127.0.0.1 -p 0"],
    },
];

/// Runs every example and prints the table.
pub(crate) fn run(tarball: &Path) -> anyhow::Result<()> {
    let harness = ["build", "--locked", "--package", "hookproof-harness"];
    step::run("the harness", wasm::cargo().args(harness))?;
    let mut faults = Vec::new();
    let mut table = Vec::new();
    for example in EXAMPLES {
        let name = example.name;
        match install(example, tarball).and_then(|folder| try_out(example, &folder)) {
            Ok(came) => table.push(format!("{name:<18} {came}")),
            Err(error) => faults.push(format!("{name}: {error:#}")),
        }
    }
    say!(
        "\n         {:<18} hookproof check, then of each provider a delivery sent twice, and tampered with",
        "example"
    );
    table.iter().for_each(|line| say!("         {line}"));
    ensure!(faults.is_empty(), "{}", faults.join("\n"));
    Ok(())
}

/// A copy of the example in a folder where its packages and the tarball resolve.
fn install(example: &Example, tarball: &Path) -> anyhow::Result<PathBuf> {
    let folder = match example.packages {
        Some(packages) => npm::folder_with(packages, &format!("example-{}", example.name))?,
        None => npm::test_folder(&format!("example-{}", example.name))?,
    };
    tree::copy(&tree::at("examples").join(example.name), &folder)?;
    npm::unpack(tarball, &folder)?;
    Ok(folder)
}

/// Starts it, has it attacked, and gives what came of it in a few words.
fn try_out(example: &Example, folder: &Path) -> anyhow::Result<String> {
    let (serve, build) = example.run.split_last().context("a line that serves")?;
    for line in build {
        step::run(line, &mut environments::command(line, folder)?)?;
    }
    let secrets = receiver::secrets();
    // wrangler reads them here, where others read their environment.
    let lines: Vec<_> = secrets.iter().map(|(name, secret)| format!("{name}={secret}\n")).collect();
    fs::write(folder.join(".dev.vars"), lines.concat())?;

    let receiver = Receiver::start(&mut environments::command(serve, folder)?, folder, &secrets)?;
    let title = format!("hookproof check, {}", example.name);
    let said = step::run(&title, &mut receiver::check(&receiver.address, &secrets))?;
    let right = said.lines().rfind(|line| line.contains("as they should be"));
    let right = right.context("the harness did not count")?.to_owned();

    let mut deliveries = Vec::new();
    for (provider, (_, secret)) in PROVIDERS.iter().zip(&secrets) {
        let delivery = Delivery::new(provider, secret)?;
        let tampered =
            Delivery { payload: delivery.payload.replace("42", "43"), ..delivery.clone() };
        let statuses = [&delivery, &delivery, &tampered].map(|sent| sent.post(&receiver.address));
        let statuses = statuses.into_iter().collect::<anyhow::Result<Vec<_>>>()?;
        ensure!(statuses == [200, 200, 401], "{}: {statuses:?}", provider.scheme.name);
        deliveries.push(delivery);
    }
    let runs = runs(receiver, &deliveries)?;
    Ok(format!("{right}; 5 × (200, 200, 401), {} handled, each once", runs.len()))
}

/// How often the handler ran for each delivery since the start, by the key that it wrote.
fn runs(receiver: Receiver, deliveries: &[Delivery]) -> anyhow::Result<BTreeMap<String, usize>> {
    let mut awaited: Vec<_> = deliveries.iter().map(|delivery| delivery.key.as_str()).collect();
    let mut said = receiver.read_until(|line| {
        awaited.retain(|key| *key != line);
        awaited.is_empty()
    })?;
    said.extend(receiver.stop());
    let mut runs = BTreeMap::new();
    let is_key = |line: &String| {
        PROVIDERS.iter().any(|provider| line.starts_with(&format!("{}:", provider.scheme.name)))
    };
    for key in said.into_iter().filter(is_key) {
        *runs.entry(key).or_default() += 1;
    }
    for (key, times) in &runs {
        ensure!(*times == 1, "{key} was handled {times} times");
    }
    Ok(runs)
}

/// A delivery that is sent more than once.
#[derive(Clone)]
struct Delivery {
    path: String,
    headers: Vec<(String, String)>,
    payload: String,
    key: String,
}

impl Delivery {
    fn new(provider: &'static Provider, secret: &str) -> anyhow::Result<Self> {
        let scheme = &provider.scheme;
        let payload = r#"{"id":"evt_again","amount":42}"#;
        let secret = Key::new(secret.as_bytes(), scheme.secret)?;
        let now = UnixTime::from_secs(jiff::Timestamp::now().as_second().try_into()?);
        let stamp = Stamp { timestamp: now, id: Some("evt_again") };
        let signed = hookproof::sign(scheme, &secret, payload.as_bytes(), &stamp)?;
        let headers: Vec<_> =
            signed.headers().map(|(name, value)| (name.to_owned(), value.to_string())).collect();
        let options = Options { now, tolerance_secs: None };
        let verified =
            hookproof::verify(scheme, &[secret], &headers[..], payload.as_bytes(), &options)?;
        let key = verified.key().context("a delivery has a key")?;
        Ok(Self {
            path: format!("/webhooks/{}", scheme.name),
            headers,
            payload: payload.to_owned(),
            key,
        })
    }

    /// Sends it over a connection of its own; gives the status.
    fn post(&self, address: &str) -> anyhow::Result<u16> {
        let host = address.trim_start_matches("http://");
        let mut socket = TcpStream::connect(host).with_context(|| address.to_owned())?;
        let headers = self.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n"));
        let request = format!(
            "POST {} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {}\r\n{}\r\n{}",
            self.path,
            self.payload.len(),
            headers.collect::<String>(),
            self.payload
        );
        socket.write_all(request.as_bytes())?;
        let mut answer = String::new();
        socket.read_to_string(&mut answer)?;
        let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
        status.with_context(|| format!("no answer of HTTP: {answer}"))
    }
}
