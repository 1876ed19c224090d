//! Senders whose documents and SDKs publish vectors, all of which are in `vectors/`.

use super::provider::{EventSource, Provider, Typed};
use crate::scheme::{
    Encoding, IdSource, Layout, Part, Scheme, SecretFormat, SignatureHeader, TimestampSource,
};

/// Stripe.
pub const STRIPE: Provider = Provider {
    scheme: Scheme {
        name: "stripe",
        signature: SignatureHeader {
            name: "Stripe-Signature",
            layout: Layout::List { separator: ',', assign: '=', name: "v1" },
        },
        encoding: Encoding::Hex,
        content: &[Part::Timestamp, Part::Literal("."), Part::Payload],
        secret: SecretFormat::Utf8,
        timestamp: Some(TimestampSource::Field("t")),
        id: Some(IdSource::Payload { member: "id", repeated_in: None }),
        tolerance_secs: Some(300),
    },
    title: "Stripe",
    deadline_secs: None,
    retry_secs: &[],
    events: &["customer.created"],
    event_in: EventSource::Payload("type"),
    sample: r#"{"id":"evt_123","object":"event","type":"customer.created","created":1533204620,"livemode":false,"data":{"object":{"id":"cus_123","object":"customer"}}}"#,
    typed: Typed::Nothing,
    user_agent: None,
    docs: "https://docs.stripe.com/webhooks",
    notes: &["the whole secret is the key, its prefix included"],
};

/// GitHub.
pub const GITHUB: Provider = Provider {
    scheme: Scheme {
        name: "github",
        signature: SignatureHeader {
            name: "X-Hub-Signature-256",
            layout: Layout::Prefix("sha256="),
        },
        encoding: Encoding::Hex,
        content: &[Part::Payload],
        secret: SecretFormat::Utf8,
        timestamp: None,
        id: Some(IdSource::Header("X-GitHub-Delivery")),
        tolerance_secs: None,
    },
    title: "GitHub",
    deadline_secs: Some(10),
    retry_secs: &[],
    events: &["ping"],
    event_in: EventSource::Header("X-GitHub-Event"),
    sample: r#"{"zen":"Keep it logically awesome.","hook_id":1}"#,
    typed: Typed::Nothing,
    user_agent: None,
    docs: "https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries",
    notes: &[
        "the delivery id's header is not signed: it is reported, and deduplication goes by the payload",
        "the older header X-Hub-Signature is SHA-1 and is not read",
    ],
};

/// Slack.
pub const SLACK: Provider = Provider {
    scheme: Scheme {
        name: "slack",
        signature: SignatureHeader { name: "X-Slack-Signature", layout: Layout::Prefix("v0=") },
        encoding: Encoding::Hex,
        content: &[Part::Literal("v0:"), Part::Timestamp, Part::Literal(":"), Part::Payload],
        secret: SecretFormat::Utf8,
        timestamp: Some(TimestampSource::Header("X-Slack-Request-Timestamp")),
        id: None,
        tolerance_secs: Some(300),
    },
    title: "Slack",
    deadline_secs: Some(3),
    retry_secs: &[0, 60, 300],
    events: &["event_callback"],
    event_in: EventSource::Payload("type"),
    sample: r#"{"type":"event_callback","event_id":"Ev08MFMKH6","event":{"type":"app_mention"}}"#,
    typed: Typed::Nothing,
    user_agent: None,
    docs: "https://docs.slack.dev/authentication/verifying-requests-from-slack",
    notes: &["slash commands are form encoded: the raw form text is what is signed"],
};

/// Shopify.
pub const SHOPIFY: Provider = Provider {
    scheme: Scheme {
        name: "shopify",
        signature: SignatureHeader { name: "X-Shopify-Hmac-SHA256", layout: Layout::Bare },
        encoding: Encoding::Base64,
        content: &[Part::Payload],
        secret: SecretFormat::Utf8,
        timestamp: None,
        id: Some(IdSource::Header("X-Shopify-Webhook-Id")),
        tolerance_secs: None,
    },
    title: "Shopify",
    deadline_secs: Some(5),
    retry_secs: &[],
    events: &["orders/create"],
    event_in: EventSource::Header("X-Shopify-Topic"),
    sample: r#"{"id":820982911946154508,"email":"jon@example.com"}"#,
    typed: Typed::Nothing,
    user_agent: None,
    docs: "https://shopify.dev/docs/apps/build/webhooks/subscribe/https",
    notes: &[
        "the webhook id's header is not signed: it is reported, and deduplication goes by the payload",
        "after a rotation either secret may sign for up to an hour: pass both",
    ],
};

/// Standard Webhooks, symmetric (`v1`).
pub const STANDARD_WEBHOOKS: Provider = Provider {
    scheme: Scheme {
        name: "standard-webhooks",
        signature: SignatureHeader {
            name: "webhook-signature",
            layout: Layout::List { separator: ' ', assign: ',', name: "v1" },
        },
        encoding: Encoding::Base64,
        content: &[
            Part::Id,
            Part::Literal("."),
            Part::Timestamp,
            Part::Literal("."),
            Part::Payload,
        ],
        secret: SecretFormat::Whsec,
        timestamp: Some(TimestampSource::Header("webhook-timestamp")),
        id: Some(IdSource::Header("webhook-id")),
        tolerance_secs: Some(300),
    },
    title: "Standard Webhooks",
    deadline_secs: None,
    retry_secs: &[],
    events: &["user.created"],
    event_in: EventSource::Payload("type"),
    sample: r#"{"type":"user.created","timestamp":"2022-11-03T20:26:10.344522Z","data":{"id":"1f81eb52-5198-4599-803e-771906343485"}}"#,
    typed: Typed::Nothing,
    user_agent: None,
    docs: "https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md",
    notes: &["entries of other versions (v1a) are skipped: one v1 entry that matches is enough"],
};
