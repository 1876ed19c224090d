use crate::crypto::Encoding;
use crate::error::Error;
use crate::headers::trim;
use crate::options::Options;
use crate::scheme::{Layout, Part, Scheme, SecretFormat, SignatureHeader, TimestampSource, holds};
use crate::secret::Key;
use crate::verify::HeaderCheck;

named! {
    /// The three ways in which the five providers write a signature, for callers who have the header's
    /// text and nothing else.
    pub enum Form {
        /// The tag in hex: `<hex>`.
        Hex = "hex",
        /// The tag in hex behind its algorithm: `sha256=<hex>`.
        Sha256 = "sha256",
        /// A time and one or more tags over time and payload: `t=<secs>,v1=<hex>`.
        Timestamped = "timestamped",
    }
}

const BARE: Scheme<'static> = Scheme {
    name: "hex",
    signature: SignatureHeader { name: "signature", layout: Layout::Bare },
    encoding: Encoding::Hex,
    content: &[Part::Payload],
    secret: SecretFormat::Utf8,
    timestamp: None,
    id: None,
    tolerance_secs: None,
};

const PREFIXED: Scheme<'static> = Scheme {
    name: "sha256",
    signature: SignatureHeader { name: "signature", layout: Layout::Prefix("sha256=") },
    ..BARE
};

const TIMESTAMPED: Scheme<'static> = Scheme {
    name: "timestamped",
    signature: SignatureHeader {
        name: "signature",
        layout: Layout::List { separator: ',', assign: '=', name: "v1" },
    },
    content: &[Part::Timestamp, Part::Literal("."), Part::Payload],
    timestamp: Some(TimestampSource::Field("t")),
    ..BARE
};

impl Form {
    /// The form's scheme. Its header name is a placeholder, because the caller has the text already.
    pub const fn scheme(self) -> &'static Scheme<'static> {
        match self {
            Self::Hex => &BARE,
            Self::Sha256 => &PREFIXED,
            Self::Timestamped => &TIMESTAMPED,
        }
    }

    /// The only form in which a signature's text can be.
    fn recognise(signature: &[u8]) -> Self {
        if trim(signature).starts_with(b"sha256=") {
            Self::Sha256
        } else if holds(signature, '=') {
            Self::Timestamped
        } else {
            Self::Hex
        }
    }

    /// The form and the options with which a signature is verified. The first 13 bytes of the payload are enough.
    #[doc(hidden)]
    pub fn effective(
        form: Option<Self>,
        signature: &[u8],
        payload: &[u8],
        options: &Options,
    ) -> Result<(Self, Options), Error<'static>> {
        let effective = form.unwrap_or_else(|| Self::recognise(signature));
        let timestamped = effective == Self::Timestamped;
        if form.is_none() && !timestamped && Self::is_confusable(payload) {
            return Err(Error::UnnamedForm {});
        }
        let tolerance_secs = options.tolerance_secs.filter(|_| timestamped);
        Ok((effective, Options { tolerance_secs, ..*options }))
    }

    /// Whether a payload could be the signed content of the timestamped form: it begins with 1 to 12
    /// digits and a dot. A timestamped tag over `P` is also the bare tag over `T.P`, so where the form was
    /// only recognised, such a payload must be refused under the two forms that sign no time.
    pub fn is_confusable(payload: &[u8]) -> bool {
        let digits = payload.iter().take(13).take_while(|byte| byte.is_ascii_digit()).count();
        matches!(digits, 1..=12) && payload.get(digits) == Some(&b'.')
    }
}

/// Verifies a payload with the text of a signature header alone.
///
/// Name the form whenever you know it. With `None` it is recognised, and a payload that [`Form::is_confusable`] is
/// refused unless the form is `Timestamped`. Only that form uses `now` and the tolerance; the other two ignore them.
/// Leaks what [`verify`](crate::verify()) leaks.
///
/// ```
/// use hookproof::scheme::SecretFormat;
/// use hookproof::{Form, Key, Options, UnixTime, verify_webhook};
///
/// let keys = [Key::new(b"Jefe", SecretFormat::Utf8)?]; // RFC 4231, test case 2
/// let signature = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
/// let payload = b"what do ya want for nothing?";
/// let options = Options { now: UnixTime::from_secs(0), tolerance_secs: None };
///
/// assert!(verify_webhook(payload, signature, &keys, Some(Form::Hex), &options));
/// assert!(!verify_webhook(b"nothing", signature, &keys, Some(Form::Hex), &options));
/// # Ok::<(), hookproof::Error<'static>>(())
/// ```
#[must_use = "false means that the payload must not be trusted"]
pub fn verify_webhook(
    payload: &[u8],
    signature: &str,
    keys: &[Key],
    form: Option<Form>,
    options: &Options,
) -> bool {
    let headers = |_: &str| Some(signature);
    Form::effective(form, signature.as_bytes(), payload, options)
        .and_then(|(form, options)| {
            let mut check = HeaderCheck::new();
            let content = check.read(form.scheme(), keys.len(), &headers, &options)?;
            check.decide_payload(keys, &content, payload)
        })
        .is_ok()
}
