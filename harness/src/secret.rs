//! Where an endpoint's secret comes from. It is never printed.

use std::env;
use std::fs;
use std::io::{IsTerminal, stderr, stdin};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

/// What stands for a provider's name in the name of a variable, and of a file.
const PLACE: &str = "{PROVIDER}";
const FILE_PLACE: &str = "{provider}";

/// Where secrets come from.
pub enum Secrets {
    /// One for every provider.
    Text(String),
    /// The environment variable of this name, in which `{PROVIDER}` is the provider's, in upper case.
    Env(String),
    /// The file of this name, in which `{provider}` is the provider's, without a line break at its end.
    File(PathBuf),
    /// The person at the terminal, who does not see what was typed.
    Prompt,
}

impl Secrets {
    /// The secret of a provider's endpoint.
    ///
    /// # Errors
    /// Where the variable is not set, the file cannot be read, or nobody is there to be asked.
    pub fn of(&self, provider: &str) -> anyhow::Result<String> {
        match self {
            Self::Text(text) => Ok(text.clone()),
            Self::Env(template) => {
                let name = variable(template, provider);
                env::var(&name).with_context(|| {
                    format!(
                        "--secret-env names {name}: set it to the endpoint's secret for {provider}"
                    )
                })
            }
            Self::File(path) => read(path, provider),
            // The terminal is asked and not standard input, which may be a payload.
            Self::Prompt if stdin().is_terminal() || stderr().is_terminal() => {
                rpassword::prompt_password(format!("secret for {provider}: "))
                    .context("cannot ask for the secret")
            }
            Self::Prompt => bail!(
                "no secret: pass --secret-env <NAME> or --secret-file <PATH>, or run it in a terminal \
                 to be asked"
            ),
        }
    }
}

fn read(path: &Path, provider: &str) -> anyhow::Result<String> {
    let path = path.to_string_lossy().replace(FILE_PLACE, provider);
    let text =
        fs::read_to_string(&path).with_context(|| format!("cannot read --secret-file {path}"))?;
    let line = text.strip_suffix('\n').map(|line| line.strip_suffix('\r').unwrap_or(line));
    Ok(line.unwrap_or(&text).to_owned())
}

fn variable(template: &str, provider: &str) -> String {
    let provider = provider.to_ascii_uppercase().replace('-', "_");
    template.replace(PLACE, &provider)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_provider_can_have_a_variable_of_its_own() {
        let template = "{PROVIDER}_WEBHOOK_SECRET";
        assert_eq!(variable(template, "kyc"), "KYC_WEBHOOK_SECRET");
        assert_eq!(variable(template, "standard-webhooks"), "STANDARD_WEBHOOKS_WEBHOOK_SECRET");
        assert_eq!(variable("SECRET", "kyc"), "SECRET");
    }

    #[test]
    fn a_file_has_the_secret_without_its_last_line_break() {
        let folder = env::temp_dir().join(format!("hookproof-secret-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let secrets = Secrets::File(folder.join("{provider}.txt"));
        for (text, secret) in
            [("a b\n", "a b"), ("a b\r\n", "a b"), ("a b", "a b"), ("a\n\n", "a\n")]
        {
            fs::write(folder.join("kyc.txt"), text).unwrap();
            assert_eq!(secrets.of("kyc").unwrap(), secret, "{text:?}");
        }
        assert!(format!("{:#}", secrets.of("acme").unwrap_err()).contains("acme.txt"));
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_variable_that_is_not_set_is_named() {
        let error = Secrets::Env("{PROVIDER}_NOT_SET_ANYWHERE".to_owned()).of("kyc").unwrap_err();
        assert!(format!("{error:#}").contains("KYC_NOT_SET_ANYWHERE"));
    }
}
