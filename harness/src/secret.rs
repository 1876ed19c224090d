//! Where an endpoint's secret comes from. It is never printed.

use std::env::{self, VarError};
use std::io::{IsTerminal, stderr, stdin};
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail, ensure};

use crate::input::{self, MAX_SECRET_BYTES};
use crate::prompt;

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

/// What stands for the name of a variable where none was given.
const SOME_VARIABLE: &str = "NAME";

impl Secrets {
    /// The option that names the same secret again, as words. One that was typed into the command is not
    /// written into another.
    pub fn option(&self) -> Vec<String> {
        let words = match self {
            Self::Text(_) => ["--secret-env", SOME_VARIABLE].map(str::to_owned),
            Self::Env(name) => ["--secret-env".to_owned(), name.clone()],
            Self::File(path) => ["--secret-file".to_owned(), path.to_string_lossy().into_owned()],
            Self::Prompt => return Vec::new(),
        };
        words.into()
    }

    /// The secret of a provider's endpoint.
    ///
    /// # Errors
    /// Where the variable is not set, the file cannot be read, or nobody is there to be asked.
    pub fn of(&self, provider: &str) -> anyhow::Result<String> {
        let secret = self.read(provider)?;
        ensure!(
            secret.len() <= MAX_SECRET_BYTES,
            "the secret for {provider} is longer than {}",
            input::size(MAX_SECRET_BYTES)
        );
        Ok(secret)
    }

    fn read(&self, provider: &str) -> anyhow::Result<String> {
        match self {
            Self::Text(text) => Ok(text.clone()),
            Self::Env(template) => {
                let name = variable(template, provider);
                env::var(&name).map_err(|error| match error {
                    VarError::NotPresent => anyhow!(unset(&name, provider)),
                    // The error itself holds the secret, and would be printed with it.
                    VarError::NotUnicode(_) => {
                        anyhow!("the secret in {name}, which --secret-env names, is not UTF-8 text")
                    }
                })
            }
            Self::File(path) => read(path, provider),
            // The terminal is asked and not standard input, which may be a payload.
            Self::Prompt if stdin().is_terminal() || stderr().is_terminal() => {
                let secret = prompt::ask(&format!("secret for {provider}: "))
                    .context("cannot ask for the secret")?;
                ensure!(!secret.trim().is_empty(), "nothing was typed, and that is no secret");
                Ok(secret)
            }
            Self::Prompt => bail!(
                "no secret: pass --secret-env <NAME> or --secret-file <PATH>, or run it in a terminal \
                 to be asked"
            ),
        }
    }
}

/// Says what cannot be read without its path, because the secret itself may have come in its place.
fn unreadable(provider: &str) -> String {
    format!("cannot read the file that --secret-file names for {provider}")
}

/// What is said of a variable that is not set. Only what can be nothing but a name is repeated: a shell may have
/// put the secret itself in the place of `$NAME`.
fn unset(name: &str, provider: &str) -> String {
    match name.strip_prefix('$') {
        Some(_) => "--secret-env takes the name of a variable: write it without the $".to_owned(),
        None if is_name(name) && env::vars_os().all(|(_, value)| value != name) => {
            format!("--secret-env names {name}: set it to the endpoint's secret for {provider}")
        }
        None => format!(
            "the variable that --secret-env names is not set: set it to the endpoint's secret for {provider}, and \
             pass its name without a $"
        ),
    }
}

/// Whether a text is written as names of variables are, and not as secrets in base32, which are capital letters
/// and digits alone.
fn is_name(text: &str) -> bool {
    let is_of_names = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    let has_digit = text.bytes().any(|byte| byte.is_ascii_digit());
    text.bytes().all(is_of_names) && (text.contains('_') || !has_digit)
}

fn read(path: &Path, provider: &str) -> anyhow::Result<String> {
    let path = path.to_string_lossy().replace(FILE_PLACE, provider);
    let bytes = input::file(Path::new(&path), MAX_SECRET_BYTES);
    // The error of what is not text holds the bytes.
    let text = String::from_utf8(bytes.with_context(|| unreadable(provider))?)
        .map_err(|_| anyhow!("{}: it is not UTF-8 text", unreadable(provider)))?;
    let line = text.strip_suffix('\n').map(|line| line.strip_suffix('\r').unwrap_or(line));
    Ok(line.unwrap_or(&text).to_owned())
}

fn variable(template: &str, provider: &str) -> String {
    let provider = provider.to_ascii_uppercase().replace('-', "_");
    template.replace(PLACE, &provider)
}

#[cfg(test)]
mod tests {
    use std::fs;

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
        let error = format!("{:#}", secrets.of("acme").unwrap_err());
        assert!(error.contains("--secret-file names for acme: "), "{error}");
        assert!(!error.contains("acme.txt"), "{error}");
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn the_option_is_repeated_and_a_secret_is_not() {
        let words = |secrets: Secrets| secrets.option().join(" ");
        assert_eq!(words(Secrets::Text("hidden".to_owned())), "--secret-env NAME");
        assert_eq!(words(Secrets::Env("{PROVIDER}_KEY".to_owned())), "--secret-env {PROVIDER}_KEY");
        assert_eq!(words(Secrets::File("a b.txt".into())), "--secret-file a b.txt");
        assert_eq!(words(Secrets::Prompt), "");
    }

    #[test]
    fn a_variable_that_is_not_set_is_named() {
        let error = Secrets::Env("{PROVIDER}_NOT_SET_ANYWHERE".to_owned()).of("kyc").unwrap_err();
        assert_eq!(
            format!("{error:#}"),
            "--secret-env names KYC_NOT_SET_ANYWHERE: set it to the endpoint's secret for kyc"
        );
        let said = |name: &str| {
            let error = Secrets::Env(name.to_owned()).of("kyc").unwrap_err();
            format!("{error:#}")
        };
        assert!(said("$KYC_SECRET").contains("without the $"), "{}", said("$KYC_SECRET"));
        let secret = said("what a shell put in its place");
        assert!(!secret.contains("what a shell") && secret.contains("not set"), "{secret}");
        let base32 = said("JBSWY3DPEHPK3PXP");
        assert!(!base32.contains("JBSWY3DPEHPK3PXP") && base32.contains("not set"), "{base32}");
        assert!(said("KYC_2_NOT_SET").contains("KYC_2_NOT_SET"), "{}", said("KYC_2_NOT_SET"));
    }
}
