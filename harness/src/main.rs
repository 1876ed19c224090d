//! `hookproof`, the command.

use std::env;
use std::io::{IsTerminal, stdout};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, bail};
use clap::{Args, Parser};
use hookproof::providers::{self, Provider};
use hookproof_harness::check::{self, Endpoint};
use hookproof_harness::delivery::Sender;
use hookproof_harness::secret::Secrets;
use hookproof_harness::send::{self, Outcome, Wire};
use hookproof_harness::{report, target};
use indicatif::{ProgressBar, ProgressStyle};

/// Sends signed webhooks to an endpoint, and proves that it lets in what it should and nothing else.
///
/// Exit status: 0 all is well, 1 the endpoint is not as it should be, 2 misuse.
#[derive(Parser)]
#[command(name = "hookproof", version)]
enum Command {
    /// Send one signed delivery and say what came back.
    #[command(after_help = "\
Example:
  hookproof send humiris http://127.0.0.1:3000/webhooks/humiris --secret-env HUMIRIS_WEBHOOK_SECRET")]
    Send {
        /// Whose delivery to send, for example `humiris`.
        provider: String,
        /// The endpoint.
        url: String,
        /// The event to deliver; without it the provider's first.
        #[arg(long)]
        event: Option<String>,
        #[command(flatten)]
        to: To,
    },
    /// Send valid deliveries and attacks, and say of each whether the endpoint did right.
    #[command(after_help = "\
Examples:
  hookproof check kyc http://127.0.0.1:3000/webhooks/kyc --secret-env KYC_WEBHOOK_SECRET
  hookproof check five 'http://127.0.0.1:3000/webhooks/{provider}' --secret-env '{PROVIDER}_WEBHOOK_SECRET'")]
    Check {
        /// Whose deliveries to send: names with commas between them, `five` for immutis, immune, humiris,
        /// kyc and imtegrate, or `all`.
        providers: String,
        /// The endpoint; `{provider}` in it is replaced by the provider's name.
        url: String,
        #[command(flatten)]
        to: To,
    },
}

/// How to reach the endpoint.
#[derive(Args)]
struct To {
    #[command(flatten)]
    secret: SecretArgs,
    /// Send to other machines than this one.
    #[arg(long)]
    allow_remote: bool,
    /// How long to wait for an answer.
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=3600))]
    timeout_secs: u64,
}

/// The endpoint's secret. It is never printed.
#[derive(Args)]
#[group(required = true, multiple = false)]
struct SecretArgs {
    /// The endpoint's secret. Other users of this machine can see it: better `--secret-env`.
    #[arg(long, value_name = "TEXT")]
    secret: Option<String>,
    /// The environment variable that has the secret; `{PROVIDER}` in its name is replaced by the
    /// provider's, in upper case.
    #[arg(long, value_name = "NAME")]
    secret_env: Option<String>,
}

impl To {
    fn endpoint(&self, provider: &'static Provider, url: &str) -> anyhow::Result<Endpoint> {
        let name = provider.scheme.name;
        let secrets = match (&self.secret.secret, &self.secret.secret_env) {
            (Some(text), _) => Secrets::Text(text.clone()),
            (None, variable) => Secrets::Env(variable.clone().unwrap_or_default()),
        };
        let url = target::url(url, name, self.allow_remote)?;
        let sender = Sender::new(provider, &secrets.of(name)?)
            .with_context(|| format!("the secret for {name} cannot be one"))?;
        Ok(Endpoint { sender, url })
    }

    fn timeout(&self) -> Duration {
        Duration::from_secs(self.timeout_secs)
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let done = match Command::parse() {
        Command::Send { provider, url, event, to } => send(&provider, &url, event, &to).await,
        Command::Check { providers, url, to } => check(&providers, &url, &to).await,
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}

async fn send(provider: &str, url: &str, event: Option<String>, to: &To) -> anyhow::Result<bool> {
    let provider = by_name(provider)?;
    let endpoint = to.endpoint(provider, url)?;
    let event = event.as_deref().unwrap_or(provider.events[0]);
    let delivery = endpoint.sender.deliver(event, send::now())?;
    let wire = Wire::new(&endpoint.url, to.timeout())?;
    let answer = wire.post(&endpoint.url, &delivery).await?;
    let ms = answer.elapsed.as_secs_f64() * 1000.0;
    let (came, ok) = match answer.outcome {
        Outcome::Status(status, _) => (status.to_string(), (200..300).contains(&status)),
        Outcome::TimedOut => ("no answer".to_owned(), false),
        Outcome::Closed => ("the connection was closed".to_owned(), false),
        Outcome::Unreachable(why) => bail!("cannot connect ({why}): is the receiver running?"),
    };
    println!("{event}: {came}  ({ms:.1} ms)");
    Ok(ok)
}

async fn check(names: &str, url: &str, to: &To) -> anyhow::Result<bool> {
    let endpoints = chosen(names)?
        .into_iter()
        .map(|provider| to.endpoint(provider, url))
        .collect::<anyhow::Result<Vec<_>>>()?;
    let bar = ProgressBar::new(u64::try_from(check::count(&endpoints))?);
    bar.set_style(ProgressStyle::with_template("{wide_bar} {pos} of {len}  {msg:32!}")?);
    let rows = check::run(&endpoints, to.timeout(), |row| {
        bar.set_message(row.case.clone());
        bar.inc(1);
    })
    .await;
    bar.finish_and_clear();
    let rows = rows?;
    print!("{}", report::write(&rows, is_coloured()));
    Ok(report::is_right(&rows))
}

fn chosen(names: &str) -> anyhow::Result<Vec<&'static Provider>> {
    match names {
        "five" => Ok(providers::ALL.iter().take(5).collect()),
        "all" => Ok(providers::ALL.iter().collect()),
        names => names.split(',').map(|name| by_name(name.trim())).collect(),
    }
}

fn by_name(name: &str) -> anyhow::Result<&'static Provider> {
    providers::by_name(name).with_context(|| {
        let names: Vec<_> = providers::ALL.iter().map(|row| row.scheme.name).collect();
        format!("{name} is not one of {}", names.join(", "))
    })
}

/// Colour is for a terminal whose owner has not said no: <https://no-color.org>.
fn is_coloured() -> bool {
    stdout().is_terminal() && env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}
