//! The npm package, from the sources to the tarball.

use std::fs;
use std::path::{Path, PathBuf};

use crate::entries::{self, Entry};
use crate::step::say;
use crate::{boundary, generate, hygiene, npm, step, tree, wasm};
use anyhow::{Context, ensure};

/// Node prints the line that an uncaught error was thrown from: a few hundred characters, and not all of the
/// module with its cause behind them.
const LINE_CHARACTERS: usize = 300;

/// Builds the package into `pkg/gen/` and packs it; gives the tarball's path.
pub(crate) fn run() -> anyhow::Result<PathBuf> {
    npm::install_tools()?;
    let module = wasm::build("")?;
    let explain = wasm::build_explain()?;
    let package = tree::at("pkg");
    fill(&package, &module, &explain)?;
    let tarball = pack(&package, &tree::at("target/package"))?;
    report(&module, &explain, &package, &tarball)?;
    Ok(tarball)
}

/// Builds a package that can be made to trap, for the test that needs one, into a folder of its own.
pub(crate) fn run_with_trap() -> anyhow::Result<PathBuf> {
    let module = wasm::build("injected-trap")?;
    let explain = wasm::build_explain()?;
    let package = tree::at("target/trap/pkg");
    tree::copy(&tree::at("pkg"), &package)?;
    fill(&package, &module, &explain)?;
    pack(&package, &tree::at("target/trap"))
}

/// Generates what a package's folder does not keep: tables, modules, bundled entries and their types.
fn fill(package: &Path, module: &[u8], explain: &wasm::Explain) -> anyhow::Result<()> {
    let generated = package.join("gen");
    if generated.exists() {
        fs::remove_dir_all(&generated)?;
    }
    generate::run(&generated.join("tables"), module)?;
    step::work("compare the two sides of the boundary", |_| boundary::check(package, module))?;
    generate::explain_module(&generated.join("tables"), explain)?;
    fs::write(generated.join("hookproof.wasm"), module)?;
    fs::write(generated.join("explain.wasm"), &explain.module)?;
    step::work("bundle the entries", |bar| {
        entries::all()?.iter().try_for_each(|entry| {
            bar.set_message(entry.file.clone());
            bundle(package, &generated, entry)
        })
    })?;
    for entry in entries::type_files()? {
        // A CommonJS twin of the types: TypeScript tells the two kinds of module apart by the name.
        let types = package.join(&entry).with_extension("d.ts");
        let text = fs::read_to_string(&types).with_context(|| types.display().to_string())?;
        let text = text.replace("'./gen/tables/names.js'", "'./names.js'");
        fs::write(generated.join(format!("{entry}.d.cts")), text.replace(".js'", ".cjs'"))?;
    }
    fs::copy(generated.join("tables/names.d.ts"), generated.join("names.d.cts"))?;
    Ok(())
}

/// Bundles an entry into one file. The compiled module stays a file of its own where an entry imports it.
fn bundle(package: &Path, generated: &Path, entry: &Entry) -> anyhow::Result<()> {
    let load = package.join("load").join(entry.load).with_extension("js");
    let inlined = entry.is_inlined();
    let module = entry.module().unwrap_or("hookproof");
    let as_text = package.join(format!("gen/tables/{module}-module.js"));
    let bundle = generated.join(&entry.file);
    // The module as text, or the file that stays beside the bundle.
    let module = match entry.load {
        _ if inlined => as_text.display().to_string(),
        "edge-light" => format!("./{module}.wasm?module"),
        _ => format!("./{module}.wasm"),
    };
    let bundled = npm::tool("esbuild")
        .arg(package.join(&entry.source))
        .args(["--bundle", "--log-level=warning", "--charset=utf8", "--target=es2022"])
        .args(["--minify", "--external:*.wasm", "--external:*.wasm?module"])
        .arg(format!("--line-limit={LINE_CHARACTERS}"))
        .arg(format!("--alias:#load={}", load.display()))
        // What workers and edge runtimes have for certain needs no substitute in their entries.
        .arg(format!("--define:ANY_RUNTIME={inlined}"))
        .arg(format!("--alias:#module={module}"))
        .arg(format!("--format={}", entry.format))
        .arg(format!("--outfile={}", bundle.display()))
        .output()
        .context("cannot start esbuild")?;
    ensure!(
        bundled.status.success(),
        "esbuild cannot bundle {}:\n{}",
        entry.file,
        String::from_utf8_lossy(&bundled.stderr)
    );
    part_lines(&bundle, &as_text).with_context(|| bundle.display().to_string())
}

/// Joins the texts that esbuild has broken, which makes them longer, and gives that of the module a line to
/// itself.
fn part_lines(bundle: &Path, as_text: &Path) -> anyhow::Result<()> {
    let table = fs::read_to_string(as_text)?;
    let (_, module) = table
        .lines()
        .last()
        .and_then(|line| line.split_once(" = "))
        .with_context(|| format!("{} ends with no text", as_text.display()))?;
    let whole = fs::read_to_string(bundle)?.replace("\\\n", "");
    Ok(fs::write(bundle, whole.replace(module, &format!("\n{module}\n")))?)
}

/// Packs the package with the project's readme and licences, and gives the tarball's path.
fn pack(package: &Path, into: &Path) -> anyhow::Result<PathBuf> {
    let stage = into.join("stage");
    if stage.exists() {
        fs::remove_dir_all(&stage)?;
    }
    tree::copy(package, &stage)?;
    for name in ["README.md", "CHANGELOG.md", "LICENSE-MIT", "LICENSE-APACHE"] {
        fs::copy(tree::at(name), stage.join(name)).with_context(|| name.to_owned())?;
    }
    let mut npm = npm::npm(&stage);
    let said = step::run(
        "npm pack",
        npm.args(["pack", "--json", "--loglevel=error", "--pack-destination"]).arg(into),
    )?;
    let json = said.find('[').and_then(|at| said.get(at..)).unwrap_or_default();
    let packed: serde_json::Value = serde_json::from_str(json).context("npm pack said no JSON")?;
    let name = packed[0]["filename"].as_str().context("npm pack named no file")?;
    Ok(into.join(name))
}

fn report(
    module: &[u8],
    explain: &wasm::Explain,
    package: &Path,
    tarball: &Path,
) -> anyhow::Result<()> {
    let size = |name: &str, bytes: &[u8]| -> anyhow::Result<()> {
        say!("         {name:<22} {:>7} B {:>7} B gzip", bytes.len(), hygiene::gzip(bytes)?.len());
        Ok(())
    };
    size("hookproof.wasm", module)?;
    size("index.js, all inlined", &fs::read(package.join("gen/index.js"))?)?;
    size("explain.wasm", &explain.module)?;
    size("explain.js, all inlined", &fs::read(package.join("gen/explain.js"))?)?;
    say!("         {}", tarball.strip_prefix(tree::root()).unwrap_or(tarball).display());
    Ok(())
}
