//! The tarball itself: what is in it, how large it is, whether its types and entries are right, and whether
//! whoever builds it gets the same bytes.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, ensure};
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

use crate::step::say;
use crate::{check, entries, npm, sizes, step, tree, wasm};

/// Everything but reproducibility, which takes a second build.
pub(crate) fn run(tarball: &Path) -> anyhow::Result<()> {
    files(tarball)?;
    sizes::check()?;
    entries()?;
    step::run("publint", npm::tool("publint").arg("run").arg(tree::at("target/package/stage")))?;
    step::run("attw", npm::tool("attw").args(["--no-emoji", "--no-color"]).arg(tarball)).map(drop)
}

/// What is in the tarball is what a person has agreed to.
fn files(tarball: &Path) -> anyhow::Result<()> {
    let list = Command::new("tar").arg("tzf").arg(tarball).output()?;
    let list = String::from_utf8(list.stdout)?;
    let mut files: Vec<_> = list.lines().filter_map(|file| file.strip_prefix("package/")).collect();
    files.sort_unstable();
    let agreed = fs::read_to_string(tree::at("js-tests/package-files.txt"))?;
    let agreed: Vec<_> = agreed.lines().collect();
    ensure!(
        files == agreed,
        "the tarball holds {files:#?}\nand js-tests/package-files.txt {agreed:#?}"
    );
    Ok(())
}

/// What gzip makes of these.
pub(crate) fn gzip(bytes: &[u8]) -> anyhow::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

/// Only these entries hold a module as text and compile it: a runtime that forbids compiling is found out only
/// in production, and an adapter leaves it to the hook that it is given.
fn entries() -> anyhow::Result<()> {
    for entry in entries::all()? {
        let inlined = entry.is_inlined() && entry.module().is_some();
        let text = fs::read_to_string(tree::at("pkg/gen").join(&entry.file))?;
        let not = if inlined { "" } else { "not " };
        ensure!(
            text.contains(COMPILES) == inlined,
            "pkg/gen/{}: the module must {not}be inlined",
            entry.file
        );
    }
    Ok(())
}

/// What stands only where a module is made of text that was inlined, in whichever way it is written.
pub(crate) const COMPILES: &str = "new WebAssembly.Module(";

/// Builds the tree again in another folder; the tarball must be the same to the byte.
pub(crate) fn reproduce(tarball: &Path) -> anyhow::Result<()> {
    let other = tree::at("target/reproduce/another-folder");
    if other.exists() {
        // Its target folder is kept, so that a second run is quick.
        for entry in fs::read_dir(&other)? {
            let path = entry?.path();
            match path.file_name().and_then(|name| name.to_str()) {
                Some("target") => {}
                _ if path.is_dir() => fs::remove_dir_all(path)?,
                _ => fs::remove_file(path)?,
            }
        }
    }
    for path in check::tracked()? {
        let to = other.join(&path);
        fs::create_dir_all(to.parent().context("a file lies in a folder")?)?;
        fs::copy(tree::at(&path), to)?;
    }
    let mut build = wasm::cargo();
    build.current_dir(&other).env_remove("CARGO_TARGET_DIR").args(["xtask", "build"]);
    step::run("the same build in another folder", &mut build)?;
    let name = tarball.file_name().context("a tarball has a name")?;
    let [first, second] = [tarball.to_owned(), other.join("target/package").join(name)].map(digest);
    let (first, second) = (first?, second?);
    say!("         sha256 of the tarball          {first}");
    say!("         sha256 of hookproof.wasm       {}", digest(tree::at("pkg/gen/hookproof.wasm"))?);
    ensure!(first == second, "built in another folder the tarball is {second}");
    Ok(())
}

fn digest(path: std::path::PathBuf) -> anyhow::Result<String> {
    let bytes = fs::read(&path).with_context(|| path.display().to_string())?;
    Ok(Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect())
}
