use alloc::string::String;

use serde::{Serialize, Serializer};

use super::visible::visible;

/// Declares `Cause` from a table: a row is a variant, its code, its message and its fix. A message names
/// the detail of the case as `{}`.
macro_rules! causes {
    ($($(#[$meta:meta])* $Variant:ident = $code:literal, $message:literal, $fix:literal;)+) => {
        /// What was found to be wrong with a delivery.
        ///
        /// ```
        /// use hookproof::explain::Cause;
        ///
        /// assert_eq!(Cause::JsonReserialised.code(), "json_reserialised");
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Cause {
            $($(#[$meta])* $Variant),+
        }

        impl Cause {
            /// Every cause, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$Variant),+];

            /// The stable code, in snake_case.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$Variant => $code),+ }
            }

            /// What to do, in one sentence.
            pub const fn fix(self) -> &'static str {
                match self { $(Self::$Variant => $fix),+ }
            }

            const fn template(self) -> &'static str {
                match self { $(Self::$Variant => $message),+ }
            }
        }
    };
}

causes! {
    /// Nothing is wrong.
    Verified = "verified",
        "the delivery verifies as {}",
        "nothing is to be mended";

    /// There is no payload although there is a signature.
    EmptyPayload = "empty_payload",
        "the payload is empty: something read the body before the verifier did",
        "read the body once, as raw bytes, and pass the same bytes to the verifier and to everything else";
    /// The payload is what an object turns into where a text is wanted.
    StringifiedObject = "stringified_object",
        "the payload is {}: an object was turned into a text, and the body is lost",
        "pass the raw body (express.raw, await request.text(), event.body) and not what a parser made of it";
    /// The JSON has the same values in another spelling.
    JsonReserialised = "json_reserialised",
        "the payload's JSON was parsed and written again: {}",
        "pass the raw body, byte for byte as it came, before any JSON parser";
    /// A line break stands at the end that was not signed.
    NewlineAdded = "newline_added",
        "a line break was added at the payload's end ({})",
        "pass the raw body; an editor, echo or a here-document adds a line break to a payload that is saved";
    /// The signed payload ends with a line break that is gone.
    NewlineLost = "newline_lost",
        "the line break at the payload's end was lost ({})",
        "pass the raw body without trimming it";
    /// White space around the payload.
    WhiteSpace = "white_space",
        "white space around the payload was changed: {}",
        "pass the raw body without trimming, templating or indenting it";
    /// Line endings inside the payload.
    LineEndings = "line_endings",
        "the payload's line endings were changed: {}",
        "pass the raw body in binary mode; git, editors and text-mode reads change line endings";
    /// A byte order mark was added or lost.
    ByteOrderMark = "byte_order_mark",
        "a byte order mark at the payload's start was {}",
        "pass the raw bytes; decoders drop the mark, and some editors write one";
    /// The payload is base64 of what was signed, or the reverse.
    Base64Payload = "base64_payload",
        "the payload is in another encoding than what was signed: {}",
        "decode the body where isBase64Encoded is true, and only there, before you verify it";
    /// The payload is compressed and what was signed is not, or the reverse.
    CompressedPayload = "compressed_payload",
        "the payload and what was signed differ in compression: {}",
        "verify the body at the layer that was signed: inflate it first where the sender signs before compressing, and keep it compressed where it signs after";
    /// Bytes were read as another character set.
    WrongCharset = "wrong_charset",
        "the payload was decoded with the wrong character set: {}",
        "keep the body as bytes, or decode it as UTF-8 and nothing else";
    /// The payload is percent-encoded and what was signed is not, or the reverse.
    UrlEncodedPayload = "url_encoded_payload",
        "the payload's percent-encoding was changed: {}",
        "pass the raw body, before any form parser and after none";
    /// A form stands around the payload, or was taken off.
    FormPayload = "form_payload",
        "the payload was put into a form or taken out of one: {}",
        "pass the raw body, before any form parser; or set the endpoint's content type to JSON";
    /// The payload is a JSON string that holds what was signed, or the reverse.
    JsonStringPayload = "json_string_payload",
        "the payload went through JSON.stringify once more or once less than what was signed: {}",
        "pass the raw body and do not stringify it";
    /// The payload is a spelling of bytes.
    BytesAsText = "bytes_as_text",
        "the payload is a printed form of the bytes that were signed: {}",
        "pass the bytes themselves, not their text form";
    /// The end of the payload is missing.
    TruncatedPayload = "truncated_payload",
        "the payload was cut off: {}",
        "raise the limit of the body's reader, and read until the end of the stream";
    /// Something stands after the payload.
    BytesAfterPayload = "bytes_after_payload",
        "the payload is longer than what was signed: {}",
        "pass exactly the body's bytes, not the buffer they were read into";

    /// White space or a line break at an end of the secret.
    SecretWhiteSpace = "secret_white_space",
        "white space around the secret: {}",
        "copy the secret again without white space; write it with printf, not echo, and trim what comes from a file";
    /// Quotes around the secret.
    SecretQuotes = "secret_quotes",
        "the secret has quotes around it that are not part of it",
        "take the quotes off; many readers of .env files and docker's --env-file keep them";
    /// The secret is a line of a settings file, with more in it than the value.
    SecretLine = "secret_line",
        "the secret is a line of settings, with more in it than its value: {}",
        "pass the value alone: what follows the name and the equals sign, up to a semicolon or a comment";
    /// The secret's text becomes the key in another way.
    SecretEncoding = "secret_encoding",
        "the secret's text is turned into the key in another way: {}",
        "pass the secret exactly as the provider shows it, and name the scheme whose documents say how it is decoded";
    /// The secret is percent-encoded, or was decoded.
    SecretUrlEncoded = "secret_url_encoded",
        "the secret's percent-encoding was changed: {}",
        "copy the secret again; it went through a URL";
    /// The secret's letters have another case.
    SecretCase = "secret_case",
        "the secret's letters have another case: {}",
        "copy the secret again, exactly";
    /// The secret was pasted twice.
    SecretRepeated = "secret_repeated",
        "the secret stands twice in a row",
        "paste the secret once";
    /// Another of the endpoints listed has the right secret.
    SecretOfAnotherEndpoint = "secret_of_another_endpoint",
        "the signature was made with the secret of another endpoint: {}",
        "each endpoint has a secret of its own: use that of the endpoint the delivery was sent to";
    /// The secret looks like a key for something else.
    ApiKeyAsSecret = "api_key_as_secret",
        "the secret looks like {}, not like a webhook's secret",
        "use the signing secret of the webhook endpoint, from the page on which the endpoint is set up";
    /// The secret is what a dashboard shows instead of one.
    MaskedSecret = "masked_secret",
        "the secret is masked, as a dashboard shows it before it is revealed",
        "reveal the secret in the dashboard and copy it again";
    /// The secret is a stand-in.
    PlaceholderSecret = "placeholder_secret",
        "the secret is a stand-in: {}",
        "put the endpoint's real secret in its place, and check that the variable is set where the code runs";
    /// There is no usable secret.
    InvalidSecret = "invalid_secret",
        "{}",
        "copy the secret again, whole, and check that the environment variable is set where the code runs";

    /// The signature's header is not there.
    MissingHeader = "missing_header",
        "{}",
        "pass all of the request's headers (req.headers, not req), and check that proxies keep them and that the sender is the provider you named";
    /// The signature stands in a header of another name.
    RenamedHeader = "renamed_header",
        "{}",
        "let the proxy keep the header's name, or name the header in the scheme";
    /// A SHA-1 or MD5 signature stands where SHA-256 is due.
    OtherHash = "other_hash",
        "{}",
        "read the header that carries HMAC-SHA256; if the sender has none, have it switched on there";
    /// A fixed text before the tag is missing, doubled or another.
    SignaturePrefix = "signature_prefix",
        "the text before the signature is not as the scheme writes it: {}",
        "pass the header's value as it came, neither cut nor completed";
    /// The tag is hex where base64 is due, or the reverse.
    SignatureEncoding = "signature_encoding",
        "the signature is right but written in another encoding: {}",
        "pass the header's value as it came; if the sender writes it so, name the encoding in the scheme";
    /// The end of the tag is missing.
    SignatureTruncated = "signature_truncated",
        "the signature was cut off: {}",
        "pass the header's whole value; check the length of the column or log field it went through";
    /// Several values were joined into one.
    SignatureJoined = "signature_joined",
        "the header holds several signatures joined into one value: {}",
        "pass the headers as they came (in Node req.headersDistinct), and let no proxy add a second copy";
    /// Quotes around the signature.
    SignatureQuoted = "signature_quoted",
        "the signature has quotes around it",
        "pass the header's value as it came, not as JSON or a log prints it";
    /// The tag stands in a text of another layout.
    SignatureLayout = "signature_layout",
        "the signature is right but its header is laid out in another way: {}",
        "pass the header's value as it came; if the sender writes it so, describe its form in the scheme";
    /// A header came more than once.
    RepeatedHeader = "repeated_header",
        "{}",
        "let one sender or proxy set the header, once";
    /// The header holds nothing that could be a signature.
    MalformedSignature = "malformed_signature",
        "{}",
        "pass the header's value as it came, and check that the sender is the provider you named";

    /// The timestamp is not part of what was signed.
    TimestampNotSigned = "timestamp_not_signed",
        "the sender signed the payload without the timestamp: {}",
        "name a scheme whose content is what the sender signs, or mend the sender";
    /// The timestamp is part of what was signed.
    TimestampSigned = "timestamp_signed",
        "the sender signed a timestamp with the payload: {}",
        "name a scheme whose content has the timestamp, or mend the sender";
    /// Other characters stand between the parts.
    ContentSeparator = "content_separator",
        "the sender puts other characters between the parts it signs: {}",
        "write the separators into the scheme's content as the sender does, or mend the sender";
    /// The parts stand in another order.
    ContentOrder = "content_order",
        "the sender signs the same parts in another order: {}",
        "write the scheme's content in the sender's order, or mend the sender";
    /// Milliseconds where seconds are due.
    TimestampMilliseconds = "timestamp_milliseconds",
        "the timestamp is in milliseconds on one side and in seconds on the other: {}",
        "write the timestamp in unix seconds, in the header and in the signed content alike";
    /// Another text was signed as the id.
    WrongId = "wrong_id",
        "another id was signed than the one in the id's header: {}",
        "pass the headers of this very delivery; a proxy or a retry must not replace the id";
    /// The content is put together as another provider of the table does.
    OtherContent = "other_content",
        "the signed content is put together in another way: {}",
        "name the provider that sends this, or write the scheme's content as the sender does";
    /// The signed timestamp is not there.
    MissingTimestamp = "missing_timestamp",
        "{}",
        "pass all of the request's headers, and check that proxies keep them";
    /// The signed timestamp is not unix seconds.
    MalformedTimestamp = "malformed_timestamp",
        "{}",
        "write the timestamp as 1 to 12 digits of unix seconds";
    /// The signed id is not there, or cannot be one.
    MissingId = "missing_id",
        "{}",
        "pass all of the request's headers, and check that proxies keep them";

    /// Another provider's scheme fits.
    OtherProvider = "other_provider",
        "{}",
        "name the provider that sends this; or, if two send to one address, give each an address of its own";

    /// Signed too long ago.
    TooOld = "too_old",
        "the signature is right, but it was made {}",
        "answer sooner; where the sender does not sign its retries anew, pass a wider toleranceSeconds; for a recorded delivery pass now as it was then";
    /// Stamped in the future.
    TooNew = "too_new",
        "the signature is right, but it is stamped {}",
        "set this machine's clock and the sender's by NTP";
    /// Away from now by what fits a time zone.
    TimeZone = "time_zone",
        "the signature is right, but its time is off by what a time zone is: {}",
        "make the unix time from UTC on both sides, never from a local time; if nothing is wrong there, it is a retry or replay of that age";
    /// `now` is in milliseconds.
    NowInMilliseconds = "now_in_milliseconds",
        "the signature is right, but now was passed in milliseconds: {}",
        "pass now in unix seconds: Date.now() / 1000";

    /// The scheme or an option cannot be.
    InvalidOption = "invalid_option",
        "{}",
        "mend the scheme or the option that the message names";
    /// Nothing that was tried fits.
    Unknown = "unknown",
        "nothing that commonly goes wrong explains the signature, which leaves another secret, or a payload that was changed beyond recognition: it is {}",
        "compare the bytes and the secret's first characters with the sender's; log the raw body before anything else touches it, and take the secret anew";
}

impl Cause {
    /// The sentence that names the cause, with the detail of the case.
    pub(crate) fn message(self, what: &str) -> String {
        self.template().replace("{}", what)
    }
}

/// As its code.
impl Serialize for Cause {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

/// One thing that is wrong: what, and the detail of the case.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    pub(crate) cause: Cause,
    pub(crate) what: String,
    /// What to do in place of the cause's own mend.
    pub(crate) fix: Option<&'static str>,
}

impl Fault {
    pub(crate) fn new(cause: Cause, what: impl Into<String>) -> Self {
        Self { cause, what: what.into(), fix: None }
    }

    pub(crate) fn message(&self) -> String {
        self.cause.message(&visible(&self.what))
    }
}
