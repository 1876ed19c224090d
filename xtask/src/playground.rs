//! The playground: the static folder to publish, and a server for it on this machine.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::thread;

use anyhow::Context;
use axum::Router;
use axum::http::{HeaderName, HeaderValue, header};
use tower_http::compression::CompressionLayer;
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::{build, tree};

/// The entries of the package that the page imports.
const ENTRIES: &[&str] = &["index.js", "explain.js", "providers.js"];

/// Builds the package and serves the page on loopback until it is interrupted.
pub(crate) fn run(port: u16) -> anyhow::Result<()> {
    build::run()?;
    let server = Server::bind(&write_site()?, port)?;
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

/// Starts a server of what is built; it ends with this process. Gives its address.
pub(crate) fn start() -> anyhow::Result<SocketAddr> {
    let server = Server::bind(&write_site()?, 0)?;
    let address = server.address;
    thread::spawn(move || server.serve());
    Ok(address)
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
    Ok(folder)
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
            .fallback_service(ServeDir::new(folder))
            .layer(fixed(header::CONTENT_SECURITY_POLICY, &policy(folder)?)?)
            .layer(fixed(header::X_CONTENT_TYPE_OPTIONS, "nosniff")?)
            .layer(fixed(header::CACHE_CONTROL, "no-store")?)
            .layer(CompressionLayer::new());
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
        .split("http-equiv=\"Content-Security-Policy\" content=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .context("index.html states no Content-Security-Policy")?;
    Ok(format!("{policy}; frame-ancestors 'none'"))
}
