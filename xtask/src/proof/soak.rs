//! Every adapter answers many requests in its real server without drift: `js-tests/proof/soak.js`.

use anyhow::Context;
use comfy_table::Table;
use serde_json::Value;

use super::Options;
use crate::step::say;
use crate::test::{self, Built};
use crate::{npm, step, tree};

/// As `js-tests/receivers.js` names them.
const ADAPTERS: [&str; 5] = ["express 5", "node, http", "fastify", "hono", "fetch"];

pub(super) fn run(options: &Options, built: &Built) -> anyhow::Result<()> {
    let folder = test::install(&built.tarball()?, "soak")?;
    for scripts in ["proof", "adapters"] {
        tree::copy(&tree::at("js-tests").join(scripts), &folder.join(scripts))?;
    }
    let mut table = Table::new();
    table.set_header(["adapter", "requests", "outcomes", "heap", "RSS", "requests/s"]);
    let mut failed = Vec::new();
    for adapter in ADAPTERS {
        let title = format!("{adapter}: {} requests", options.requests);
        let requests = options.requests.to_string();
        let mut node = npm::node(&folder);
        node.args(["--expose-gc", "proof/soak.js", adapter, &requests]);
        match step::output(&title, &mut node) {
            Ok(said) => {
                table.add_row(row(adapter, &serde_json::from_str(&said).context("no figures")?));
            }
            Err(error) => failed.push(format!("{error:#}")),
        }
    }
    say!("{table}");
    anyhow::ensure!(failed.is_empty(), "{}", failed.join("\n"));
    Ok(())
}

fn row(adapter: &str, figures: &Value) -> [String; 6] {
    let outcomes = figures["outcomes"].as_object().into_iter().flatten();
    let outcomes: Vec<_> = outcomes.map(|(kind, count)| format!("{kind} {count}")).collect();
    let from_to = |name: &str| {
        let mib = |at: &str| figures[at][name].as_f64().unwrap_or(f64::NAN) / f64::from(1 << 20);
        format!("{:.1} to {:.1} MiB", mib("start"), mib("end"))
    };
    [
        adapter.to_owned(),
        figures["requests"].to_string(),
        outcomes.join("\n"),
        from_to("heap"),
        from_to("rss"),
        format!("{:.0}", figures["perSecond"].as_f64().unwrap_or(f64::NAN)),
    ]
}
