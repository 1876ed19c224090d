//! The five providers that hookproof was asked for.

use super::provider::{EventSource, Provider, Typed};
use crate::scheme::{
    Encoding, IdSource, Layout, Part, Scheme, SecretFormat, SignatureHeader, TimestampSource,
};

/// An id at the top level of the payload's JSON.
const PAYLOAD_ID: IdSource<'static> = IdSource::Payload { member: "id", repeated_in: None };

/// Immutis.
pub const IMMUTIS: Provider = Provider {
    scheme: Scheme {
        name: "immutis",
        signature: SignatureHeader { name: "X-Immutis-Signature", layout: Layout::Bare },
        encoding: Encoding::Hex,
        content: &[Part::Payload],
        secret: SecretFormat::Utf8,
        timestamp: None,
        id: Some(PAYLOAD_ID),
        tolerance_secs: None,
    },
    title: "Immutis",
    deadline_secs: Some(30),
    retry_secs: &[60, 300, 1800, 7200, 86_400],
    events: &[
        "evidence.captured",
        "evidence.verified",
        "evidence.certified",
        "certificate.downloaded",
        "agent.registered",
        "agent.unregistered",
    ],
    event_in: EventSource::Payload("type"),
    sample: r#"{"id":"evt_abc123","type":"evidence.captured","created_at":"2026-04-23T10:30:00Z","data":{"id":"ev_xyz789","hash":"sha256:abc123...","type":"photo","company_id":"IMUTIS","agent_id":"agt_123"}}"#,
    typed: Typed::Sample,
    user_agent: None,
    docs: "Immutis, Developers: Webhooks (Verifying Signatures, Payload Format, Retry Policy, Timeout)",
    notes: &["no time is signed, so only deduplication stops a replay"],
};

/// IMMUNE.
pub const IMMUNE: Provider = Provider {
    scheme: Scheme {
        name: "immune",
        signature: SignatureHeader { name: "X-Immune-Signature", layout: Layout::Bare },
        ..IMMUTIS.scheme
    },
    title: "IMMUNE",
    deadline_secs: Some(5),
    retry_secs: &[],
    events: &["prediction.created", "alert.triggered"],
    event_in: EventSource::Payload("type"),
    sample: r#"{"id":"evt_123","type":"prediction.created","created_at":"2024-01-20T15:30:00Z","data":{"prediction_id":"pred_abc123","equipment_id":"pump_001","confidence":0.95,"predicted_failure_time":"2024-02-01T00:00:00Z","recommended_action":"Replace bearing","supporting_data":{"vibration_trend":"increasing","temperature_anomalies":true}}}"#,
    typed: Typed::Sample,
    user_agent: None,
    docs: "IMMUNE, Webhooks (Webhook payloads, Securing webhooks, Best practices)",
    notes: &[
        "decided: the tag is written as hex; the page's sample is cut off before it says",
        "the page describes two more events without naming them: a sensor's status changed, maintenance was scheduled",
        "no time is signed, so only deduplication stops a replay",
    ],
};

/// Humiris.
pub const HUMIRIS: Provider = Provider {
    scheme: Scheme {
        name: "humiris",
        signature: SignatureHeader {
            name: "X-Humiris-Signature",
            layout: Layout::List { separator: ',', assign: '=', name: "v1" },
        },
        encoding: Encoding::Hex,
        content: &[Part::Timestamp, Part::Literal("."), Part::Payload],
        secret: SecretFormat::Utf8,
        timestamp: Some(TimestampSource::Field("t")),
        id: None,
        tolerance_secs: Some(300),
    },
    title: "Humiris",
    deadline_secs: Some(10),
    retry_secs: &[30, 300, 1800, 7200, 86_400],
    events: &[
        "email.received",
        "email.sent",
        "email.bounced",
        "sms.received",
        "sms.sent",
        "call.started",
        "call.ended",
        "card.authorization",
        "card.capture",
        "card.decline",
        "card.refund",
        "wallet.transfer.in",
        "wallet.transfer.out",
        "agent.created",
        "agent.deleted",
    ],
    event_in: EventSource::Payload("type"),
    sample: r#"{"type":"email.received","data":{"agent":"support","from":"ada@example.com","subject":"Hello"}}"#,
    typed: Typed::Names,
    user_agent: None,
    docs: "Humiris, Integrations: Webhooks (Event types, Verification and signing, Retry policy)",
    notes: &[
        "decided: a delivery is fresh within 300 s of its timestamp, both ways; the page names no bound",
        "decided: retries are taken to be stamped anew; one that was not would be too_old",
        "decided: the sample's shape; the page shows no payload",
        "the whole secret is the key, its prefix included",
    ],
};

/// KYC.
pub const KYC: Provider = Provider {
    scheme: Scheme {
        name: "kyc",
        signature: SignatureHeader {
            name: "X-Webhook-Signature",
            layout: Layout::Prefix("sha256="),
        },
        encoding: Encoding::Hex,
        content: &[Part::Payload],
        secret: SecretFormat::Utf8,
        timestamp: Some(TimestampSource::Header("X-Webhook-Timestamp")),
        id: Some(IdSource::Payload { member: "id", repeated_in: Some("X-Webhook-ID") }),
        tolerance_secs: None,
    },
    title: "KYC",
    deadline_secs: Some(10),
    retry_secs: &[],
    events: &["kyc.session.processed"],
    event_in: EventSource::Payload("type"),
    sample: r#"{"id":"evt_abc123","type":"kyc.session.processed","created":1712419200,"data":{}}"#,
    typed: Typed::Names,
    user_agent: Some("KYC-Webhooks/1.0"),
    docs: "KYC, How Webhooks Work (Security Headers, Webhook Envelope, Best Practices)",
    notes: &[
        "decided: the payload alone is signed; the page does not say",
        "the timestamp header is the event's creation and is not signed: it is reported and never a reason to refuse",
        "an API shows the secret masked: copy it when it is made",
    ],
};

/// Imtegrate.
pub const IMTEGRATE: Provider = Provider {
    scheme: Scheme {
        name: "imtegrate",
        signature: SignatureHeader { name: "X-Imtegrate-Signature", layout: Layout::Bare },
        id: Some(IdSource::Header("X-Imtegrate-Delivery-Id")),
        ..IMMUTIS.scheme
    },
    title: "Imtegrate",
    deadline_secs: None,
    retry_secs: &[60, 300, 1800, 7200, 43_200],
    events: &[
        "image.completed",
        "image.failed",
        "video.completed",
        "video.failed",
        "collection.completed",
    ],
    event_in: EventSource::Payload("type"),
    sample: r#"{"type":"image.completed","created_at":"2026-05-04T10:01:23Z","data":{"id":"img_xyz","status":"completed","result_url":"https://storage.imtegrate.com/...","template_id":"tpl_abc","duration_ms":3210}}"#,
    typed: Typed::Sample,
    user_agent: None,
    docs: "Imtegrate, Webhooks (Payload, Signature verification, Retries, Idempotency)",
    notes: &[
        "the delivery id's header is not signed: it is reported, and deduplication goes by the payload",
        "no time is signed, so only deduplication stops a replay",
    ],
};
