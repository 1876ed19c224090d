//! Where an endpoint's secret comes from. It is never printed.

use std::env;

use anyhow::Context;

/// What stands for a provider's name in the name of a variable.
const PLACE: &str = "{PROVIDER}";

/// Where secrets come from.
pub enum Secrets {
    /// One for every provider.
    Text(String),
    /// The environment variable of this name, in which `{PROVIDER}` is the provider's, in upper case.
    Env(String),
}

impl Secrets {
    /// The secret of a provider's endpoint.
    ///
    /// # Errors
    /// Where the variable is not set, or is no text.
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
        }
    }
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
    fn a_variable_that_is_not_set_is_named() {
        let error = Secrets::Env("{PROVIDER}_NOT_SET_ANYWHERE".to_owned()).of("kyc").unwrap_err();
        assert!(format!("{error:#}").contains("KYC_NOT_SET_ANYWHERE"));
    }
}
