//! The playground: the static folder to publish, and a server for it on this machine.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::thread;

use anyhow::{Context, ensure};
use axum::Router;
use axum::http::{HeaderName, HeaderValue, header};
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::{build, debian, generate, hygiene, npm, step, tree, wasm};

/// The entries of the package that the page imports.
const ENTRIES: &[&str] = &["index.js", "explain.js", "providers.js"];

/// A file for each thing that the page does, one for how it does them, and one for the other browser.
const TESTS: [&str; 9] =
    ["verify", "see", "why", "sign", "code", "attack", "share", "craft", "firefox"];

/// Builds the package and serves the page on loopback until it is interrupted.
pub(crate) fn run(port: u16) -> anyhow::Result<()> {
    build::run()?;
    let server = Server::bind(&compressed(&write_site()?)?, port)?;
    println!("\nplayground: http://{}/", server.address);
    server.serve()
}

/// Builds the package and writes the folder to publish.
pub(crate) fn site() -> anyhow::Result<()> {
    build::run()?;
    let folder = write_site()?;
    println!("\nto publish: {}", folder.strip_prefix(tree::root()).unwrap_or(&folder).display());
    Ok(())
}

/// Drives what is built in Debian's chromium and Firefox, from a folder that has the package and the tests; gives what
/// the tests said.
pub(crate) fn test(folder: &Path) -> anyhow::Result<String> {
    // What cannot be run is never counted as passed.
    for browser in [debian::CHROMIUM, debian::FIREFOX] {
        ensure!(browser.install(), "{} cannot be installed", browser.name);
    }
    tree::copy(&tree::at("js-tests/playground"), &folder.join("playground"))?;
    tree::copy(&tree::at("www"), &folder.join("www"))?;
    let harness = ["build", "--locked", "--package", "hookproof-harness"];
    step::run("the harness", wasm::cargo().args(harness))?;
    let server = Server::bind(&compressed(&write_site()?)?, 0)?;
    let address = server.address;
    // It ends with this process.
    thread::spawn(move || server.serve());
    let mut tests = npm::node(folder);
    npm::add_programs(&mut tests, &[npm::installed("runtimes")?])?;
    tests.arg("--test").args(TESTS.map(|test| format!("playground/{test}.test.js")));
    tests.env("PLAYGROUND", format!("http://{address}/"));
    tests.env("HOOKPROOF", tree::at("target/debug/hookproof"));
    tests.env("SHOWN_RUST", compile_shown(folder)?);
    step::run("node --test, with chromium and Firefox", &mut tests)
}

/// Compiles the handler in Rust that the page shows, with the core in this tree; gives the program's path.
fn compile_shown(folder: &Path) -> anyhow::Result<PathBuf> {
    let print = "import { runtimes } from './www/code.js'
        const { code } = runtimes.find(({ name }) => name === 'rust')
        process.stdout.write(code({ name: 'humiris' }))";
    let code = step::output(
        "the Rust that the page shows",
        npm::node(folder).args(["--input-type=module", "--eval", print]),
    )?;
    let source = tree::at("tests/shown-rust/src");
    fs::create_dir_all(&source)?;
    fs::write(source.join("main.rs"), code)?;
    let target = tree::at("target/shown-rust");
    let mut cargo = wasm::cargo();
    cargo.args(["build", "--locked", "--manifest-path", "tests/shown-rust/Cargo.toml"]);
    step::run("compile it", cargo.arg("--target-dir").arg(&target))?;
    Ok(target.join("debug/shown"))
}

/// The page's own files, beside the package's entries as they are in the tarball.
fn write_site() -> anyhow::Result<PathBuf> {
    let folder = tree::at("target/site");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    tree::copy(&tree::at("www"), &folder)?;
    fs::create_dir_all(folder.join("hookproof"))?;
    for entry in ENTRIES {
        fs::copy(tree::at("pkg/gen").join(entry), folder.join("hookproof").join(entry))
            .with_context(|| format!("the package has no {entry}"))?;
    }
    fs::write(folder.join("hookproof/invisible.js"), generate::invisible())?;
    Ok(folder)
}

/// The folder as it is served: beside each file what gzip makes of it. A server that compresses while it answers
/// sends a few bytes more or less each time, by how busy the machine is, and the first load could not be counted.
fn compressed(site: &Path) -> anyhow::Result<PathBuf> {
    let folder = tree::at("target/served");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    tree::copy(site, &folder)?;
    compress(&folder)?;
    Ok(folder)
}

fn compress(folder: &Path) -> anyhow::Result<()> {
    for entry in fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()? {
        let path = entry.path();
        if path.is_dir() {
            compress(&path)?;
        } else {
            let mut name = path.clone().into_os_string();
            name.push(".gz");
            fs::write(name, hygiene::gzip(&fs::read(path)?)?)?;
        }
    }
    Ok(())
}

struct Server {
    listener: TcpListener,
    address: SocketAddr,
    site: Router,
}

impl Server {
    fn bind(folder: &Path, port: u16) -> anyhow::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
            .with_context(|| format!("cannot listen on port {port} of this machine"))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let fixed = |name: HeaderName, value: &str| -> anyhow::Result<_> {
            Ok(SetResponseHeaderLayer::overriding(name, HeaderValue::from_str(value)?))
        };
        let site = Router::new()
            .fallback_service(ServeDir::new(folder).precompressed_gzip())
            .layer(fixed(header::CONTENT_SECURITY_POLICY, &policy(folder)?)?)
            .layer(fixed(header::X_CONTENT_TYPE_OPTIONS, "nosniff")?)
            .layer(fixed(header::CACHE_CONTROL, "no-store")?);
        Ok(Self { listener, address, site })
    }

    fn serve(self) -> anyhow::Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(self.listener)?;
            Ok(axum::serve(listener, self.site).await?)
        })
    }
}

/// The policy that stands in the page, for hosts that send no headers, and what only a header can say.
fn policy(folder: &Path) -> anyhow::Result<String> {
    let page = fs::read_to_string(folder.join("index.html"))?;
    let policy = page
        .split_once("http-equiv=\"Content-Security-Policy\"")
        .and_then(|(_, rest)| rest.split_once("content=\""))
        .and_then(|(_, rest)| rest.split('"').next())
        .context("index.html states no Content-Security-Policy")?;
    Ok(format!("{policy}; frame-ancestors 'none'"))
}
