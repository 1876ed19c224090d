//! The faults: what each changes at the sender or at the receiver, and what must be found.

use base64ct::{Base64, Base64UrlUnpadded, Encoding as _};
use hookproof::explain::Cause;
use hookproof::providers;
use hookproof::scheme::{Encoding, Layout, Part, Scheme, SecretFormat, TimestampSource};

use crate::delivery::{NOW, Receiver, SECRET, Sender};
use crate::spelling::COMPACT;

/// One way in which deliveries fail.
pub(crate) struct Fault {
    pub(crate) name: &'static str,
    pub(crate) cause: Cause,
    /// What the message must say of the case.
    pub(crate) says: &'static str,
    /// Whether the signature proves it.
    pub(crate) proven: bool,
    pub(crate) applies: fn(&Scheme<'_>) -> bool,
    pub(crate) at_sender: fn(&mut Sender),
    pub(crate) at_receiver: fn(&mut Receiver),
}

fn fault(name: &'static str, cause: Cause, says: &'static str) -> Fault {
    Fault {
        name,
        cause,
        says,
        proven: true,
        applies: |_| true,
        at_sender: |_| {},
        at_receiver: |_| {},
    }
}

impl Fault {
    fn suspected(self) -> Self {
        Self { proven: false, ..self }
    }

    fn only(self, applies: fn(&Scheme<'_>) -> bool) -> Self {
        Self { applies, ..self }
    }

    fn sent(self, at_sender: fn(&mut Sender)) -> Self {
        Self { at_sender, ..self }
    }

    fn got(self, at_receiver: fn(&mut Receiver)) -> Self {
        Self { at_receiver, ..self }
    }
}

fn signs_time(scheme: &Scheme<'_>) -> bool {
    scheme.signs_timestamp()
}

fn is_hex(scheme: &Scheme<'_>) -> bool {
    scheme.encoding == Encoding::Hex
}

fn is_utf8(scheme: &Scheme<'_>) -> bool {
    scheme.secret == SecretFormat::Utf8
}

fn is_prefixed(scheme: &Scheme<'_>) -> bool {
    matches!(scheme.signature.layout, Layout::Prefix(_))
}

fn is_list(scheme: &Scheme<'_>) -> bool {
    matches!(scheme.signature.layout, Layout::List { .. })
}

/// Whether the timestamp stands beside the tag.
fn has_field(scheme: &Scheme<'_>) -> bool {
    matches!(scheme.timestamp, Some(TimestampSource::Field(_)))
}

/// All of Standard Webhooks' headers under other names.
fn renamed(got: &mut Receiver, rename: fn(&str) -> String) {
    got.headers
        .iter_mut()
        .filter(|header| header.0.starts_with("webhook-"))
        .for_each(|header| header.0 = rename(&header.0));
}

fn signs_payload_alone(scheme: &Scheme<'_>) -> bool {
    scheme.content == [Part::Payload]
}

fn time_header(scheme: &Scheme<'_>) -> Option<&'static str> {
    providers::ALL.iter().find_map(|row| match row.scheme.timestamp {
        Some(TimestampSource::Header(name)) if row.scheme.name == scheme.name => Some(name),
        _ => None,
    })
}

fn payload_alone(sender: &mut Sender) {
    sender.scheme.content = &[Part::Payload];
    sender.scheme.tolerance_secs = None;
}

const KEY: &str = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

fn other_secret(sender: &mut Sender) {
    sender.secret = b"whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD".to_vec();
}

/// A payload whose tag has a plus sign in base64.
fn sign_a_plus(sender: &mut Sender) {
    let found = (0..1000).find(|n| {
        sender.payload = format!("{{\"id\":{n}}}").into();
        sender.send(sender.scheme).signature().contains(&b'+')
    });
    assert!(found.is_some());
}

/// Bytes in hex, from the standard library alone.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The signature's tag written anew, in its place in the header.
fn retag(receiver: &mut Receiver, write: fn(&[u8]) -> String) {
    let scheme = receiver.scheme;
    receiver.rewrite(|value| {
        let due = match scheme.encoding {
            Encoding::Hex => 64,
            Encoding::Base64 => 44,
        };
        let (before, tag) = value.split_at(value.len() - due);
        let bytes = match scheme.encoding {
            Encoding::Hex => {
                (0..32).map(|i| u8::from_str_radix(&tag[2 * i..2 * i + 2], 16).unwrap()).collect()
            }
            Encoding::Base64 => Base64::decode_vec(tag).unwrap(),
        };
        format!("{before}{}", write(&bytes))
    });
}

/// The payload as one field of a form, by the rules of the URL standard.
fn form_encoded(bytes: &[u8]) -> String {
    let one = |byte: &u8| match byte {
        b' ' => "+".to_owned(),
        byte if byte.is_ascii_alphanumeric() || b"-._*".contains(byte) => {
            char::from(*byte).to_string()
        }
        byte => format!("%{byte:02X}"),
    };
    bytes.iter().map(one).collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = vec![0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 3];
    out.extend(b"name\0");
    out.extend(miniz_oxide::deflate::compress_to_vec(bytes, 6));
    out.extend([0; 8]); // checksum and length, which nobody reads
    out
}

/// Every fault but those of spelling, which are made of pairs of spellings.
pub(crate) fn all() -> Vec<Fault> {
    [body(), secret(), header(), content(), time(), pairs()].into_iter().flatten().collect()
}

fn body() -> Vec<Fault> {
    use Cause::*;
    vec![
        fault("nothing is wrong", Verified, "verifies"),
        fault("LF added at the end", NewlineAdded, "line feed").got(|got| got.payload.push(b'\n')),
        fault("CRLF added at the end", NewlineAdded, "carriage").got(|got| got.payload.extend(b"\r\n")),
        fault("LF lost at the end", NewlineLost, "line feed").sent(|sent| sent.payload.push(b'\n')).got(|got| {
            got.payload.pop();
        }),
        fault("white space added around", WhiteSpace, "added").got(|got| got.payload = [b" \t", &got.payload[..], b"  "].concat()),
        fault("white space added at the start", WhiteSpace, "added").got(|got| got.payload.insert(0, b' ')),
        fault("space lost at the end", WhiteSpace, "lost").sent(|sent| sent.payload.push(b' ')).got(|got| {
            got.payload.pop();
        }),
        fault("CRLF became LF", LineEndings, "CRLF was signed").sent(|sent| sent.payload = b"{\r\n\"a\": 1,\r\n\"b\":2\r\n}\r\n".into()).got(
            |got| got.payload.retain(|byte| *byte != b'\r'),
        ),
        fault("LF became CRLF", LineEndings, "LF was signed").sent(|sent| sent.payload = b"{\n\"a\": 1,\n\"b\":2\n}\n".into()).got(|got| {
            got.payload = String::from_utf8(got.payload.clone()).unwrap().replace('\n', "\r\n").into_bytes();
        }),
        fault("BOM added", ByteOrderMark, "added").got(|got| got.payload = [b"\xef\xbb\xbf", &got.payload[..]].concat()),
        fault("BOM lost", ByteOrderMark, "lost").sent(|sent| sent.payload = [b"\xef\xbb\xbf", &sent.payload[..]].concat()).got(|got| {
            got.payload.drain(..3);
        }),
        fault("base64 not decoded", Base64Payload, "received was base64").got(|got| got.payload = Base64::encode_string(&got.payload).into()),
        fault("base64 decoded", Base64Payload, "signed was its base64")
            .sent(|sent| sent.payload = Base64::encode_string(&sent.payload).into())
            .got(|got| got.payload = COMPACT.into()),
        fault("gzip not inflated", CompressedPayload, "received is gzip").got(|got| got.payload = gzip(&got.payload)),
        fault("gzip inflated on the way", CompressedPayload, "perhaps the compressed")
            .suspected()
            .sent(|sent| sent.payload = gzip(&sent.payload))
            .got(|got| {
                got.add("Content-Encoding", "gzip");
                got.payload = COMPACT.into();
            }),
        fault("read as Latin-1", WrongCharset, "Latin-1").got(|got| {
            got.payload = got.payload.iter().copied().map(char::from).collect::<String>().into_bytes();
        }),
        fault("written as Latin-1", WrongCharset, "Latin-1").sent(|sent| sent.payload = "{\"name\":\"Zoë\"}".into()).got(|got| {
            got.payload = b"{\"name\":\"Zo\xeb\"}".to_vec();
        }),
        fault("lossy UTF-8", WrongCharset, "U+FFFD").suspected().sent(|sent| sent.payload = b"{\"name\":\"Zo\xeb\"}".into()).got(|got| {
            got.payload = String::from_utf8_lossy(&got.payload).into_owned().into_bytes();
        }),
        fault("percent-encoded", UrlEncodedPayload, "percent-encoded").got(|got| {
            got.payload = form_encoded(&got.payload).replace('+', "%20").into();
        }),
        fault("percent-decoded", UrlEncodedPayload, "signed was form-encoded")
            .sent(|sent| sent.payload = form_encoded(&sent.payload).into())
            .got(|got| got.payload = COMPACT.into()),
        fault("wrapped into a form", FormPayload, "received has it in a form's field").got(|got| {
            got.payload = ("data=".to_owned() + &form_encoded(&got.payload)).into();
        }),
        fault("taken out of a form", FormPayload, "signed was a form whose field")
            .sent(|sent| sent.payload = ("payload=".to_owned() + &form_encoded(&sent.payload)).into())
            .got(|got| got.payload = COMPACT.into()),
        fault("a form parsed into JSON", FormPayload, "form parser")
            .sent(|sent| sent.payload = b"token=gIkuva&team_domain=example&text=a+%26+b&user_name=Zo%C3%AB".into())
            .got(|got| got.payload = "{\"token\":\"gIkuva\",\"team_domain\":\"example\",\"text\":\"a & b\",\"user_name\":\"Zoë\"}".into()),
        fault("JSON taken for a form field's name", FormPayload, "field's name").sent(|sent| sent.payload = b"{\"id\":\"evt_1\"}".into()).got(
            |got| got.payload = br#"{"{\"id\":\"evt_1\"}":""}"#.into(),
        ),
        fault("stringified once more", JsonStringPayload, "once more").got(|got| {
            got.payload = serde_json::to_vec(&String::from_utf8(got.payload.clone()).unwrap()).unwrap();
        }),
        fault("a Buffer written as JSON", BytesAsText, "buffer").got(|got| {
            let bytes: Vec<_> = got.payload.iter().map(u8::to_string).collect();
            got.payload = format!("{{\"type\":\"Buffer\",\"data\":[{}]}}", bytes.join(",")).into();
        }),
        fault("a Uint8Array written as JSON", BytesAsText, "buffer").got(|got| {
            let bytes = got.payload.iter().enumerate().map(|(at, byte)| format!(r#""{at}":{byte}"#));
            got.payload = format!("{{{}}}", bytes.collect::<Vec<_>>().join(",")).into();
        }),
        fault("bytes printed as decimal numbers", BytesAsText, "decimal").got(|got| {
            let bytes: Vec<_> = got.payload.iter().map(u8::to_string).collect();
            got.payload = bytes.join(",").into();
        }),
        fault("a Python bytes literal", BytesAsText, "Python").sent(|sent| sent.payload = "{\"name\":\"Zoë's\"}\n".into()).got(|got| {
            got.payload = br#"b'{"name":"Zo\xc3\xab\'s"}\n'"#.into();
        }),
        fault("empty body", EmptyPayload, "empty").suspected().got(|got| got.payload.clear()),
        fault("[object Object]", StringifiedObject, "JavaScript").suspected().got(|got| got.payload = b"[object Object]".into()),
        fault("undefined", StringifiedObject, "undefined").suspected().got(|got| got.payload = b"undefined".into()),
        fault("a Python dict printed", StringifiedObject, "Python").suspected().got(|got| got.payload = b"{'id': 'evt_1'}".into()),
        fault("cut off at a limit", TruncatedPayload, "102400").suspected().sent(|sent| {
            sent.payload = format!("{{\"id\":\"evt_1\",\"rows\":\"{}\"}}", "x".repeat(120_000)).into();
        }).got(|got| got.payload.truncate(102_400)),
        fault("cut off, with a Content-Length", TruncatedPayload, "Content-Length").suspected().got(|got| {
            let length = got.payload.len();
            got.add("Content-Length", &length.to_string());
            got.payload.truncate(length - 40);
        }),
        fault("bytes of the buffer follow", BytesAfterPayload, "zero").got(|got| got.payload.extend([0; 40])),
        fault("bytes beyond Content-Length follow", BytesAfterPayload, "Content-Length").got(|got| {
            got.add("Content-Length", &got.payload.len().to_string());
            got.payload.extend(b"GET / HTTP/1.1");
        }),
        fault("1.0 became 1", JsonReserialised, "1 decimals").sent(|sent| sent.payload = br#"{"id":"evt_1","amount":10.0,"count":3,"rate":2.0}"#.into()).got(
            |got| got.payload = br#"{"id":"evt_1","amount":10,"count":3,"rate":2}"#.into(),
        ),
        fault("1 became 1.0", JsonReserialised, "JavaScript").sent(|sent| sent.payload = br#"{"id":"evt_1","amount":10}"#.into()).got(|got| {
            got.payload = br#"{"id":"evt_1","amount":10.0}"#.into();
        }),
        fault("keys in another order, few", JsonReserialised, "keys in another order").sent(|sent| sent.payload = br#"{"type":"a","id":"evt_1","data":{"b":1,"a":2}}"#.into()).got(
            |got| got.payload = br#"{"data":{"b":1,"a":2},"id":"evt_1","type":"a"}"#.into(),
        ),
        fault("keys of Python's JSON in another order", JsonReserialised, "as Python writes it, non-ASCII")
            .sent(|sent| sent.payload = br#"{"id": "evt_1", "caf\u00e9": [5, 6], "amount": 5}"#.into())
            .got(|got| got.payload = r#"{"amount":5,"café":[5,6],"id":"evt_1"}"#.into()),
        fault("1.0 of Python's JSON became 1", JsonReserialised, "1 decimals")
            .sent(|sent| sent.payload = br#"{"id": "evt_1", "total": 10.0}"#.into())
            .got(|got| got.payload = br#"{"id":"evt_1","total":10}"#.into()),
        fault("keys sorted, many", JsonReserialised, "alphabetical").suspected().got(|got| {
            got.payload = r#"{"data":{"empty":[],"lines":[{"count":2,"sku":"b"},{"count":1,"sku":"a"}],"name":"Zoë's 😀 + \"1\"","none":null,"note":"a\nb\tc","nothing":{},"price":12.5,"url":"https://a.example/x?a=1&b=<2>","yes":true},"id":"evt_1","type":"order.paid"}"#.into();
        }),
        fault("keys no longer sorted", JsonReserialised, "alphabetical").sent(|sent| sent.payload = br#"{"a":1,"b":{"c":1,"d":2,"e":3},"f":4,"g":5,"h":6,"i":7}"#.into()).got(
            |got| got.payload = br#"{"i":7,"h":6,"g":5,"f":4,"b":{"e":3,"d":2,"c":1},"a":1}"#.into(),
        ),
    ]
}

fn secret() -> Vec<Fault> {
    use Cause::*;
    vec![
        fault("secret ends with LF", SecretWhiteSpace, "not part of it")
            .got(|got| got.secrets[0].push(b'\n')),
        fault("secret begins with a space", SecretWhiteSpace, "not part of it")
            .got(|got| got.secrets[0].insert(0, b' ')),
        fault("the sender's secret ends with LF", SecretWhiteSpace, "line feed")
            .only(is_utf8)
            .sent(|sent| sent.secret.push(b'\n')),
        fault("double quotes kept", SecretQuotes, "quotes")
            .got(|got| got.secrets[0] = format!("\"{SECRET}\"").into()),
        fault("single quotes kept", SecretQuotes, "quotes")
            .got(|got| got.secrets[0] = format!("'{SECRET}'").into()),
        fault("a line of an .env file", SecretLine, "equals sign")
            .got(|got| got.secrets[0] = format!("HOOK_SECRET={SECRET}\n").into()),
        fault("an exported line, quoted", SecretLine, "equals sign")
            .got(|got| got.secrets[0] = format!("export HOOK_SECRET=\"{SECRET}\"").into()),
        fault("a line with a comment", SecretLine, "equals sign")
            .got(|got| got.secrets[0] = format!("HOOK_SECRET = '{SECRET}' # production").into()),
        fault("a value with a semicolon", SecretLine, "a semicolon")
            .got(|got| got.secrets[0] = format!("{SECRET};").into()),
        fault("a quoted value with a semicolon", SecretLine, "a semicolon")
            .got(|got| got.secrets[0] = format!("'{SECRET}';\n").into()),
        fault("a value with a comment", SecretLine, "a comment")
            .got(|got| got.secrets[0] = format!("{SECRET} # of the test account").into()),
        fault("prefix kept, to be decoded", SecretEncoding, "base64, after the prefix")
            .only(is_utf8)
            .sent(|sent| sent.key_is(&Base64::decode_vec(KEY).unwrap())),
        fault("prefix decoded, to be kept", SecretEncoding, "as they are")
            .only(|scheme| !is_utf8(scheme))
            .sent(|sent| sent.key_is(SECRET.as_bytes())),
        fault("prefix is not part of the key", SecretEncoding, "without the prefix")
            .sent(|sent| sent.key_is(KEY.as_bytes())),
        fault("prefix lost", SecretEncoding, "was lost")
            .only(is_utf8)
            .got(|got| got.secrets[0] = KEY.into()),
        fault("base64 to be decoded", SecretEncoding, "decoded from base64")
            .only(is_utf8)
            .sent(|sent| sent.key_is(&Base64::decode_vec(KEY).unwrap()))
            .got(|got| got.secrets[0] = KEY.into()),
        fault("base64 decoded, to be kept", SecretEncoding, "the base64 text")
            .only(is_utf8)
            .sent(|sent| sent.key_is(KEY.as_bytes()))
            .got(|got| got.secrets[0] = Base64::decode_vec(KEY).unwrap()),
        fault("hex to be decoded", SecretEncoding, "decoded from hex")
            .only(is_utf8)
            .sent(|sent| sent.key_is(b"\x01\x23\x45\x67\x89\xab\xcd\xef"))
            .got(|got| got.secrets[0] = b"0123456789abcdef".into()),
        fault("hex decoded, to be kept", SecretEncoding, "the hex text")
            .only(is_utf8)
            .sent(|sent| sent.key_is(b"0123456789abcdef"))
            .got(|got| got.secrets[0] = b"\x01\x23\x45\x67\x89\xab\xcd\xef".into()),
        fault("percent-encoded", SecretUrlEncoded, "still encoded")
            .only(is_utf8)
            .sent(|sent| sent.secret = b"a+b/c=d and more".into())
            .got(|got| got.secrets[0] = b"a%2Bb%2Fc%3Dd%20and%20more".into()),
        fault("plus lost to a space", SecretUrlEncoded, "plus sign")
            .only(is_utf8)
            .sent(|sent| sent.secret = b"a+b/c=d+more".into())
            .got(|got| got.secrets[0] = b"a b/c=d more".into()),
        fault("secret in small letters", SecretCase, "capitals")
            .only(is_utf8)
            .sent(|sent| sent.secret = b"ABCDEF123456789".into())
            .got(|got| got.secrets[0] = b"abcdef123456789".into()),
        fault("pasted twice", SecretRepeated, "twice")
            .got(|got| got.secrets[0] = SECRET.repeat(2).into()),
        fault("API key", ApiKeyAsSecret, "a secret API key")
            .suspected()
            .only(is_utf8)
            .sent(other_secret)
            .got(|got| got.secrets[0] = b"sk_live_51H8example".into()),
        fault("id of the endpoint", ApiKeyAsSecret, "the id of a webhook endpoint")
            .suspected()
            .only(is_utf8)
            .sent(other_secret)
            .got(|got| got.secrets[0] = b"we_1H8example".into()),
        fault("masked with stars", MaskedSecret, "masked")
            .suspected()
            .sent(other_secret)
            .got(|got| got.secrets[0] = b"whsec_****a1b2".into()),
        fault("masked with dots", MaskedSecret, "masked")
            .suspected()
            .sent(other_secret)
            .got(|got| got.secrets[0] = "••••••••a1b2".into()),
        fault("name of a variable", PlaceholderSecret, "variable")
            .suspected()
            .sent(other_secret)
            .got(|got| got.secrets[0] = b"$WEBHOOK_SECRET".into()),
        fault("undefined as text", PlaceholderSecret, "unset")
            .suspected()
            .sent(other_secret)
            .got(|got| got.secrets[0] = b"undefined".into()),
        fault("empty secret", InvalidSecret, "empty")
            .suspected()
            .sent(other_secret)
            .got(|got| got.secrets[0].clear()),
        fault("no base64", InvalidSecret, "base64")
            .suspected()
            .only(|scheme| !is_utf8(scheme))
            .sent(other_secret)
            .got(|got| got.secrets[0] = b"it's not base64".into()),
        fault("another endpoint's", SecretOfAnotherEndpoint, "number 2").sent(other_secret).got(
            |got| {
                got.others.push((got.scheme, b"whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD".to_vec()));
            },
        ),
        fault("quite another secret", Unknown, "another secret").suspected().sent(other_secret),
    ]
}

fn header() -> Vec<Fault> {
    use Cause::*;
    vec![
        fault("header missing", MissingHeader, "missing")
            .suspected()
            .got(|got| got.lose(got.scheme.signature.name)),
        fault("no header passed", MissingHeader, "no header at all")
            .suspected()
            .got(|got| got.headers.clear()),
        fault("header renamed by a proxy", RenamedHeader, "X-Forwarded-Signature").got(|got| {
            let name = got.scheme.signature.name;
            got.headers
                .iter_mut()
                .filter(|header| header.0 == name)
                .for_each(|header| header.0 = "X-Forwarded-Signature".into());
        }),
        fault(
            "all headers renamed to those of Svix",
            RenamedHeader,
            "the id is missing in the webhook-id header; that of svix-id was signed; and",
        )
        .only(|scheme| scheme.name == "standard-webhooks")
        .got(|got| renamed(got, |name| name.replace("webhook-", "svix-"))),
        fault("all headers with underscores", RenamedHeader, "in webhook_signature, and not in")
            .only(|scheme| scheme.name == "standard-webhooks")
            .got(|got| renamed(got, |name| name.replace('-', "_"))),
        fault("all headers as CGI names them", RenamedHeader, "that of HTTP_WEBHOOK_TIMESTAMP")
            .only(|scheme| scheme.name == "standard-webhooks")
            .got(|got| {
                renamed(got, |name| format!("HTTP_{}", name.replace('-', "_").to_ascii_uppercase()))
            }),
        fault("only the SHA-1 header", OtherHash, "SHA-1").suspected().got(|got| {
            got.lose(got.scheme.signature.name);
            got.add("X-Hub-Signature", "sha1=7d38cdd689735b008b3c702edd92eea23791c5f6");
        }),
        fault("SHA-512 in the header", OtherHash, "SHA-512")
            .suspected()
            .got(|got| *got.signature() = "ab".repeat(64).into()),
        fault("SHA-1 in base64", OtherHash, "SHA-1").suspected().got(|got| {
            got.rewrite(|_| format!("v1,{}", Base64::encode_string(&[0xab; 20])));
        }),
        fault("SHA-512 in base64", OtherHash, "SHA-512").suspected().got(|got| {
            *got.signature() = Base64::encode_string(&[0xab; 64]).into();
        }),
        fault("MD5 in base64", OtherHash, "MD5").suspected().got(|got| {
            *got.signature() = Base64::encode_string(&[0xab; 16]).into();
        }),
        fault("another provider's header", OtherProvider, "is there").suspected().got(|got| {
            got.lose(got.scheme.signature.name);
            let other =
                providers::ALL.iter().find(|row| row.scheme.name != got.scheme.name).unwrap();
            got.add(other.scheme.signature.name, "no tag");
        }),
        fault("prefix missing", SignaturePrefix, "is missing")
            .only(is_prefixed)
            .got(|got| got.rewrite(|value| value.split_once('=').unwrap().1.into())),
        fault("prefix doubled", SignaturePrefix, "stands twice").only(is_prefixed).got(|got| {
            got.rewrite(|value| format!("{}={value}", value.split_once('=').unwrap().0))
        }),
        fault("prefix where none is due", SignaturePrefix, "none is due")
            .only(|scheme| scheme.signature.layout == Layout::Bare)
            .got(|got| {
                got.rewrite(|value| format!("sha256={value}"));
            }),
        fault("entry's name lost", SignaturePrefix, "is missing")
            .only(is_list)
            .got(|got| got.rewrite(|value| value.replace("v1=", "").replace("v1,", ""))),
        fault("base64 for hex", SignatureEncoding, "base64")
            .only(is_hex)
            .got(|got| retag(got, Base64::encode_string)),
        fault("hex for base64", SignatureEncoding, "hex")
            .only(|scheme| !is_hex(scheme))
            .got(|got| retag(got, hex)),
        fault("base64url for hex or base64", SignatureEncoding, "base64")
            .got(|got| retag(got, Base64UrlUnpadded::encode_string)),
        fault("cut off", SignatureTruncated, "32 characters")
            .only(is_hex)
            .got(|got| got.rewrite(|value| value[..value.len() - 32].into())),
        fault("percent-encoded", SignatureEncoding, "percent-encoded")
            .only(|scheme| scheme.name == "shopify")
            .sent(sign_a_plus)
            .got(|got| got.rewrite(|value| value.replace('+', "%2B").replace('=', "%3D"))),
        fault("percent-encoded with its prefix", SignatureEncoding, "percent-encoded")
            .only(|scheme| is_prefixed(scheme) || has_field(scheme))
            .got(|got| got.rewrite(|value| value.replace('=', "%3D").replace(',', "%2C"))),
        fault("plus lost to a space", SignatureEncoding, "plus sign")
            .only(|scheme| !is_hex(scheme))
            .sent(sign_a_plus)
            .got(|got| got.rewrite(|value| value.replace('+', " "))),
        fault("a sign in the middle of the tag", SignatureLayout, "among characters").got(|got| {
            got.rewrite(|value| {
                let (start, end) = value.split_at(value.len() - 20);
                format!("{start}~{end}")
            })
        }),
        fault("cut off, base64", SignatureTruncated, "24 characters")
            .only(|scheme| !is_hex(scheme))
            .got(|got| got.rewrite(|value| value[..value.len() - 20].into())),
        fault("copies joined by a comma", SignatureJoined, "comma")
            .only(|scheme| !is_list(scheme))
            .got(|got| got.rewrite(|value| format!("{value}, {value}"))),
        fault("copies of a list joined by a comma", SignatureJoined, "comma")
            .only(has_field)
            .got(|got| got.rewrite(|value| format!("{value}, {value}"))),
        fault("a semicolon in a list", SignatureLayout, "among characters")
            .only(has_field)
            .got(|got| got.rewrite(|value| value.replace(',', ";"))),
        fault("a space in a list", SignatureLayout, "among characters")
            .only(has_field)
            .got(|got| got.rewrite(|value| value.replace(',', " "))),
        fault("the timestamp's field in capitals", SignatureLayout, "among characters")
            .only(has_field)
            .got(|got| got.rewrite(|value| value.replace("t=", "T="))),
        fault("a list of JSON", SignatureLayout, "among characters")
            .only(has_field)
            .got(|got| got.rewrite(|value| format!("[\"{value}\"]"))),
        fault("the header's name in its value", SignatureLayout, "among characters")
            .only(has_field)
            .got(|got| {
                let name = got.scheme.signature.name;
                got.rewrite(|value| format!("{name}: {value}"));
            }),
        fault("quotes around a list", SignatureQuoted, "quotes")
            .only(has_field)
            .got(|got| got.rewrite(|value| format!("'{value}'"))),
        fault("header twice", RepeatedHeader, "2 times").got(|got| {
            let name = got.scheme.signature.name;
            let value = String::from_utf8(got.signature().clone()).unwrap();
            got.add(name, &value);
        }),
        fault("quotes", SignatureQuoted, "quotes")
            .only(|scheme| !is_list(scheme))
            .got(|got| got.rewrite(|value| format!("\"{value}\""))),
        fault("no signature at all", MalformedSignature, "holds no whole tag")
            .suspected()
            .only(|scheme| !is_list(scheme))
            .got(|got| *got.signature() = b"[redacted]".into()),
    ]
}

fn content() -> Vec<Fault> {
    use Cause::*;
    const DOT: Part<'static> = Part::Literal(".");
    vec![
        fault("timestamp not signed", TimestampNotSigned, "without the timestamp")
            .only(signs_time)
            .sent(payload_alone),
        fault("timestamp signed", TimestampSigned, "timestamp").only(signs_payload_alone).sent(
            |sent| {
                sent.scheme.timestamp = Some(TimestampSource::Header("X-Sent-Timestamp"));
                sent.scheme.content = &[Part::Timestamp, DOT, Part::Payload];
            },
        ),
        fault("other separator", ContentSeparator, "|").only(signs_time).sent(|sent| {
            sent.scheme.content = match sent.scheme.content.len() {
                5 => &[
                    Part::Id,
                    Part::Literal("|"),
                    Part::Timestamp,
                    Part::Literal("|"),
                    Part::Payload,
                ],
                _ => &[Part::Timestamp, Part::Literal("|"), Part::Payload],
            };
        }),
        fault("other order", ContentOrder, "payload").only(signs_time).sent(|sent| {
            sent.scheme.content = match sent.scheme.content.len() {
                5 => &[Part::Timestamp, DOT, Part::Id, DOT, Part::Payload],
                _ => &[Part::Payload, DOT, Part::Timestamp],
            };
        }),
        fault(
            "milliseconds in the header alone",
            TimestampMilliseconds,
            "the header has milliseconds",
        )
        .only(|scheme| time_header(scheme).is_some() && signs_time(scheme))
        .got(|got| {
            let name = time_header(&got.scheme).unwrap();
            got.lose(name);
            got.add(name, &format!("{NOW}000"));
        }),
        fault("timestamp's header lost", MissingTimestamp, "missing")
            .suspected()
            .only(|scheme| time_header(scheme).is_some() && signs_time(scheme))
            .got(|got| got.lose(time_header(&got.scheme).unwrap())),
        fault("timestamp's header renamed", MissingTimestamp, "X-Time")
            .only(|scheme| time_header(scheme).is_some() && signs_time(scheme))
            .got(|got| {
                got.lose(time_header(&got.scheme).unwrap());
                got.add("X-Time", &NOW.to_string());
            }),
        fault("timestamp as a date", MalformedTimestamp, "1 to 12 digits")
            .suspected()
            .only(|scheme| time_header(scheme).is_some() && signs_time(scheme))
            .got(|got| {
                let name = time_header(&got.scheme).unwrap();
                got.lose(name);
                got.add(name, "Sat, 06 Apr 2024 16:00:00 GMT");
            }),
        fault("id swapped", WrongId, "X-Request-Id")
            .only(|scheme| scheme.content.contains(&Part::Id))
            .got(|got| {
                got.headers
                    .iter_mut()
                    .filter(|header| header.0 == "webhook-id")
                    .for_each(|header| header.1 = b"msg_2".into());
                got.add("X-Request-Id", "msg_1");
            }),
        fault("id's header renamed", MissingId, "that of X-Original-Id was signed")
            .only(|scheme| scheme.content.contains(&Part::Id))
            .got(|got| {
                got.lose("webhook-id");
                got.add("X-Original-Id", "msg_1");
            }),
        fault("id's header lost", MissingId, "missing")
            .suspected()
            .only(|scheme| scheme.content.contains(&Part::Id))
            .got(|got| got.lose("webhook-id")),
        fault("the whole content passed", OtherContent, "already the whole of it")
            .only(signs_time)
            .got(|got| {
                let parts = got.scheme.content.iter().map(|part| match part {
                    Part::Payload => String::from_utf8_lossy(&got.payload).into_owned(),
                    Part::Timestamp => NOW.to_string(),
                    Part::Id => "msg_1".into(),
                    Part::Literal(text) => (*text).into(),
                });
                got.payload = parts.collect::<String>().into();
            }),
        fault("an id that holds the separator", MissingId, "bytes could move across")
            .only(|scheme| scheme.content.contains(&Part::Id))
            .sent(|sent| {
                // What signs refuses it, unless the content spells it out.
                sent.id = "msg.1";
                sent.scheme.content =
                    &[Part::Literal("msg.1."), Part::Timestamp, Part::Literal("."), Part::Payload];
            }),
        fault("another provider's delivery", OtherProvider, "under")
            .sent(|sent| {
                // One whose secret is a text, so that the same one serves both.
                let other =
                    if sent.scheme.name == "slack" { providers::STRIPE } else { providers::SLACK };
                sent.scheme = other.scheme;
            })
            .only(is_utf8),
        fault("another provider's content", OtherContent, "slack")
            .only(|scheme| scheme.name == "kyc")
            .sent(|sent| {
                sent.scheme.content = providers::SLACK.scheme.content;
                sent.scheme.timestamp = Some(TimestampSource::Header("X-Webhook-Timestamp"));
            }),
    ]
}

fn time() -> Vec<Fault> {
    use Cause::*;
    vec![
        fault("too old", TooOld, "6 minutes 40 seconds ago")
            .only(signs_time)
            .got(|got| got.now = NOW + 400),
        fault("days old", TooOld, "3 days").only(signs_time).got(|got| got.now = NOW + 3 * 86_400),
        fault("too new", TooNew, "6 minutes 40 seconds in the future")
            .only(signs_time)
            .got(|got| got.now = NOW - 400),
        fault("a time zone behind", TimeZone, "2 hours")
            .only(signs_time)
            .got(|got| got.now = NOW + 7200),
        fault("a time zone ahead", TimeZone, "5 hours 30 minutes in the future")
            .only(signs_time)
            .got(|got| got.now = NOW - 19_800),
        fault("now in milliseconds", NowInMilliseconds, "as seconds it is fresh")
            .only(signs_time)
            .got(|got| got.now = NOW * 1000),
        fault("own tolerance", TooOld, "10 seconds ago").only(signs_time).got(|got| {
            got.tolerance_secs = Some(5);
            got.now = NOW + 10;
        }),
    ]
}

fn pairs() -> Vec<Fault> {
    use Cause::*;
    vec![
        fault("LF added, and LF after the secret", NewlineAdded, "white space around the secret")
            .got(|got| {
                got.payload.push(b'\n');
                got.secrets[0].push(b'\n');
            }),
        fault(
            "re-serialised, and quotes around the secret",
            JsonReserialised,
            "the secret has quotes",
        )
        .got(|got| {
            got.payload = crate::spelling::PYTHON.into();
            got.secrets[0] = format!("\"{SECRET}\"").into();
        }),
        fault(
            "re-serialised, and the prefix not decoded",
            JsonReserialised,
            "base64, after the prefix",
        )
        .only(is_utf8)
        .sent(|sent| sent.key_is(&Base64::decode_vec(KEY).unwrap()))
        .got(|got| {
            got.payload = crate::spelling::INDENTED.into();
        }),
        fault("re-serialised, and the secret of another endpoint", JsonReserialised, "number 2")
            .sent(other_secret)
            .got(|got| {
                got.payload = crate::spelling::PYTHON.into();
                got.others.push((got.scheme, b"whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD".to_vec()));
            }),
        fault("re-serialised, and too old", JsonReserialised, "ago").only(signs_time).got(|got| {
            got.payload = crate::spelling::PYTHON.into();
            got.now = NOW + 400;
        }),
        fault("re-serialised, and quotes around the tag", JsonReserialised, "quotes")
            .only(|scheme| !is_list(scheme))
            .got(|got| {
                got.payload = crate::spelling::PYTHON.into();
                got.rewrite(|value| format!("\"{value}\""));
            }),
        fault(
            "timestamp not signed, and quotes around the secret",
            SecretQuotes,
            "without the timestamp",
        )
        .only(signs_time)
        .sent(payload_alone)
        .got(|got| {
            got.secrets[0] = format!("\"{SECRET}\"").into();
        }),
        fault("timestamp not signed, and LF added", NewlineAdded, "without the timestamp")
            .only(signs_time)
            .sent(payload_alone)
            .got(|got| got.payload.push(b'\n')),
    ]
}
