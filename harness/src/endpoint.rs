//! An endpoint that receives a provider's deliveries.

use reqwest::Url;

use crate::route::Reach;
use crate::sender::Sender;

/// A provider's endpoint.
pub struct Endpoint {
    /// Delivers as the provider does.
    pub sender: Sender,
    /// The address that deliveries are sent to.
    pub url: Url,
    /// The machines that the address may be on.
    pub reach: Reach,
    /// The options of the command that checks it again, each as one word. They never contain the secret.
    pub options: Vec<String>,
}
