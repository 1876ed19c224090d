"""The rules of hookproof in plain Python, to compare the product with: `cargo xtask proof differential`.

It was written from the documents (README.md, pkg/index.d.ts, vectors/README.md) and not from the Rust code, so
that a mistake in one is not repeated in the other. It needs only the standard library. It is slow, it does not
compare in constant time and it is not for production.

`python3 vectors/reference.py FILE` reads a case per line and prints an answer per line, as JSON. What a case
holds is described in tests/differential/generate.py.
"""

import base64
import binascii
import hashlib
import hmac
import json
import re
import string
import sys
import unicodedata

MAX_HEADER_BYTES = 8192
MAX_SECRET_BYTES = 8192
MAX_SECRETS = 8
MAX_CANDIDATES = 16
MAX_PARTS = 8
MAX_TIMESTAMP = 999_999_999_999
# The widest tolerance of a timestamp that no literal separates from the payload.
A_YEAR = 31_536_000

TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
PRINTABLE = re.compile(r"[ -~]+")
DIGITS = re.compile(r"0|[1-9][0-9]{0,11}")
SIGNS = set(" " + string.punctuation)


class Refused(Exception):
    """Carries the code of a refusal."""


# The providers: a scheme each, in the words of the README's table.

BY_NAME = {"name": None, "encoding": "hex", "content": ["payload"], "secret": "utf8"}


def row(name, header, form="bare", **columns):
    return {**BY_NAME, "name": name, "signature": {"header": header, "form": form}, **columns}


STRIPE_LIST = {"separator": ",", "assign": "=", "tag": "v1"}
STRIPE_CONTENT = ["timestamp", {"literal": "."}, "payload"]
PROVIDERS = {
    scheme["name"]: scheme
    for scheme in [
        row("immutis", "X-Immutis-Signature", id={"payload": "id"}),
        row("immune", "X-Immune-Signature", id={"payload": "id"}),
        row("humiris", "X-Humiris-Signature", STRIPE_LIST, content=STRIPE_CONTENT, timestamp={"field": "t"}),
        row(
            "kyc",
            "X-Webhook-Signature",
            {"prefix": "sha256="},
            timestamp={"header": "X-Webhook-Timestamp"},
            id={"payload": "id", "header": "X-Webhook-ID"},
        ),
        row("imtegrate", "X-Imtegrate-Signature", id={"header": "X-Imtegrate-Delivery-Id"}),
        row(
            "stripe",
            "Stripe-Signature",
            STRIPE_LIST,
            content=STRIPE_CONTENT,
            timestamp={"field": "t"},
            id={"payload": "id"},
        ),
        row("github", "X-Hub-Signature-256", {"prefix": "sha256="}, id={"header": "X-GitHub-Delivery"}),
        row(
            "slack",
            "X-Slack-Signature",
            {"prefix": "v0="},
            content=[{"literal": "v0:"}, "timestamp", {"literal": ":"}, "payload"],
            timestamp={"header": "X-Slack-Request-Timestamp"},
        ),
        row("shopify", "X-Shopify-Hmac-SHA256", encoding="base64", id={"header": "X-Shopify-Webhook-Id"}),
        row(
            "standard-webhooks",
            "webhook-signature",
            {"separator": " ", "assign": ",", "tag": "v1"},
            encoding="base64",
            content=["id", {"literal": "."}, "timestamp", {"literal": "."}, "payload"],
            secret="whsec",
            timestamp={"header": "webhook-timestamp"},
            id={"header": "webhook-id"},
        ),
    ]
}

# The forms of `verifyWebhook`.
FORMS = {
    "hex": row("hex", "signature"),
    "sha256": row("sha256", "signature", {"prefix": "sha256="}),
    "timestamped": row(
        "timestamped", "signature", STRIPE_LIST, content=STRIPE_CONTENT, timestamp={"field": "t"}
    ),
}


# A scheme is checked when it is made.


def check_scheme(scheme):
    """Raises `invalid_option` for a column that cannot be so."""
    form, content = scheme["signature"]["form"], scheme["content"]
    timestamp, id_ = scheme.get("timestamp"), scheme.get("id")
    require(PRINTABLE.fullmatch(scheme["name"]) and len(scheme["name"]) <= 64 and ":" not in scheme["name"])
    require(scheme["encoding"] in ("hex", "base64"))
    require(scheme["secret"] in ("utf8", "base64", "whsec"))

    headers = [scheme["signature"]["header"]]
    headers += [place["header"] for place in (timestamp, id_) if place and "header" in place]
    require(all(TOKEN.fullmatch(header) for header in headers))
    require(len({lower(header) for header in headers}) == len(headers))

    is_list = isinstance(form, dict) and "tag" in form
    if is_list:
        signs = [form["separator"], form["assign"]]
        require(all(sign in SIGNS for sign in signs) and signs[0] != signs[1])
        require(scheme["encoding"] == "hex" or form["separator"] not in "+/=")
        require(is_plain(form["tag"]) and not any(sign in form["tag"] for sign in signs))
    elif isinstance(form, dict):
        require(is_plain(form["prefix"]))
    else:
        require(form == "bare")

    if timestamp is not None:
        require(("header" in timestamp) != ("field" in timestamp))
        if "field" in timestamp:
            require(is_list and is_plain(timestamp["field"]) and timestamp["field"] != form["tag"])
            require(not any(sign in timestamp["field"] for sign in signs))
    if id_ is not None:
        require("header" in id_ or "payload" in id_)
        require(id_.get("payload") != "")

    require(len(content) <= MAX_PARTS and content.count("payload") == 1)
    require(content.count("timestamp") <= 1 and content.count("id") <= 1)
    for part in content:
        require(part["literal"] != "" if isinstance(part, dict) else part in ("payload", "timestamp", "id"))
    require("timestamp" not in content or timestamp is not None)
    require("id" not in content or (id_ is not None and "payload" not in id_))
    # Nothing would notice a byte that moved between the id and its neighbour.
    require(all(part is None or isinstance(part, dict) for part in neighbours(content, "id")))
    require(scheme.get("toleranceSeconds") is None or "timestamp" in content)


def tolerance_of(scheme, named):
    """The caller's tolerance, else the scheme's, else 300 seconds. Raises `invalid_option`."""
    if "timestamp" not in scheme["content"]:
        require(named is None)
        return None
    bound = next(value for value in (named, scheme.get("toleranceSeconds"), 300) if value is not None)
    require(bound >= 0)
    # Only freshness notices a digit that moved between the timestamp and a neighbour.
    for part in neighbours(scheme["content"], "timestamp"):
        if part == "payload" or (isinstance(part, dict) and re.fullmatch("[0-9]+", part["literal"])):
            require(bound <= A_YEAR)
    return bound


def neighbours(content, part):
    """The parts directly before and behind a part; None at an end of the content."""
    if part not in content:
        return []
    at = content.index(part)
    return [content[at - 1] if at > 0 else None, content[at + 1] if at + 1 < len(content) else None]


def is_plain(text):
    return PRINTABLE.fullmatch(text) is not None and not text.startswith(" ")


def require(truth):
    if not truth:
        raise Refused("invalid_option")


# Secrets become keys.


def check_secrets(secrets):
    if not 1 <= len(secrets) <= MAX_SECRETS or None in secrets:
        raise Refused("invalid_secret")


def keys_of(secrets, secret_format):
    return [key_of(secret, secret_format) for secret in secrets]


def key_of(secret, secret_format):
    if len(secret) > MAX_SECRET_BYTES or is_blank(secret):
        raise Refused("invalid_secret")
    if secret_format == "utf8":
        return secret
    if secret_format == "whsec":
        secret = secret.removeprefix(b"whsec_")
    key = from_base64(secret)
    if key is None or is_blank(key):
        raise Refused("invalid_secret")
    return key


def is_blank(secret):
    """Empty, or only white space, NULs and byte order marks; but a run of one of \\v and \\f is a secret."""
    if secret and (set(secret) == {0x0B} or set(secret) == {0x0C}):
        return False
    try:
        text = secret.decode()
    except UnicodeDecodeError:
        return False
    return all(character in "\0\ufeff" or is_white_space(character) for character in text)


def is_white_space(character):
    """Unicode's property White_Space. Python's own `isspace` adds U+001C to U+001F."""
    return character in "\t\n\v\f\r \x85" or unicodedata.category(character) in ("Zs", "Zl", "Zp")


def from_base64(text):
    """Standard base64 in its one spelling, else None."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if base64.b64encode(data) == text else None


# Headers are looked up.


def header(headers, name):
    """The values under a name, in any ASCII case."""
    return [value for other, value in headers if lower(other) == lower(name)]


def lower(name):
    return "".join(chr(ord(c) + 32) if "A" <= c <= "Z" else c for c in name)


def utf8(text):
    """The text's UTF-8, or None where it holds half a surrogate pair."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return None


def trim(text):
    return text.strip(" \t")


def is_missing(values):
    return not values or (len(values) == 1 and trim(values[0]) == "")


def one_text(values):
    """The trimmed text, or None where the header does not come once, as text of at most 8 KiB."""
    data = utf8(values[0]) if len(values) == 1 else None
    return None if data is None or len(data) > MAX_HEADER_BYTES else trim(values[0])


# The signature header's text becomes candidates.


def read_signature(scheme, text):
    """The candidates' texts, and the list's entries as pairs of name and value."""
    form = scheme["signature"]["form"]
    if form == "bare":
        return [text], []
    if "prefix" in form:
        return ([text[len(form["prefix"]) :]] if text.startswith(form["prefix"]) else []), []
    entries = [trim(entry).partition(form["assign"]) for entry in text.split(form["separator"])]
    entries = [(name, value) for name, assign, value in entries if assign]
    return [value for name, value in entries if name == form["tag"]], entries


def decode_tag(encoding, text):
    if encoding == "hex":
        return bytes.fromhex(text) if re.fullmatch("[0-9A-Fa-f]{64}", text) else None
    tag = from_base64(utf8(text) or b"")
    return tag if tag is not None and len(tag) == 32 else None


def encode_tag(encoding, tag):
    return tag.hex() if encoding == "hex" else base64.b64encode(tag).decode()


# A delivery is verified.


def check_headers(scheme, headers):
    """All checks that need no payload. Gives the candidates and the texts that are signed."""
    content, timestamp, id_ = scheme["content"], scheme.get("timestamp") or {}, scheme.get("id") or {}
    required = {"signature": scheme["signature"]["header"]}
    if "timestamp" in content and "header" in timestamp:
        required["timestamp"] = timestamp["header"]
    if "id" in content:
        required["id"] = id_["header"]

    values = {role: header(headers, name) for role, name in required.items()}
    if any(is_missing(found) for found in values.values()):
        raise Refused("missing_header")
    texts = {role: one_text(found) for role, found in values.items()}
    if None in texts.values():
        raise Refused("malformed_header")
    if "id" in content and not id_is_bounded(content, texts["id"]):
        raise Refused("malformed_header")

    candidates, entries = read_signature(scheme, texts["signature"])
    stamp = texts.get("timestamp")
    if stamp is None and "field" in timestamp:
        stamps = [value for name, value in entries if name == timestamp["field"]]
        stamp = stamps[0] if len(stamps) == 1 else None
    elif stamp is None and "header" in timestamp:
        stamp = one_text(header(headers, timestamp["header"]))
    is_timestamp = stamp is not None and DIGITS.fullmatch(stamp) is not None
    if "timestamp" in content and not is_timestamp:
        raise Refused("malformed_timestamp")

    tags = [decode_tag(scheme["encoding"], candidate) for candidate in candidates]
    if len(tags) > MAX_CANDIDATES or all(tag is None for tag in tags):
        raise Refused("malformed_signature")

    id_text = texts.get("id")
    if id_text is None and "header" in id_ and "payload" not in id_:
        id_text = one_text(header(headers, id_["header"])) or None
    return {"tags": tags, "timestamp": stamp if is_timestamp else None, "id": id_text}


def id_is_bounded(content, text):
    """True if a signed id ends where it seems to. It must not hold the first byte of the literal behind it, nor, if a
    timestamp or the payload precedes it, the last byte of the literal before it."""
    before, behind = neighbours(content, "id")
    ends = [behind["literal"].encode()[:1]] if behind else []
    if any(not isinstance(part, dict) for part in content[: content.index("id")]):
        ends.append(before["literal"].encode()[-1:])
    return not any(end in text.encode() for end in ends)


def content_of(scheme, payload, timestamp, id_):
    texts = {"payload": payload, "timestamp": timestamp and timestamp.encode(), "id": id_ and id_.encode()}
    return b"".join(
        part["literal"].encode() if isinstance(part, dict) else texts[part] for part in scheme["content"]
    )


def mac(key, content):
    return hmac.new(key, content, hashlib.sha256).digest()


def verify(scheme, keys, headers, payload, now, tolerance):
    """The delivery, as a dictionary; raises the code of the first check that fails."""
    found = check_headers(scheme, headers)
    content = content_of(scheme, payload, found["timestamp"], found["id"])
    matching = [index for index, key in enumerate(keys) if mac(key, content) in found["tags"]]
    if not matching:
        raise Refused("signature_mismatch")

    timestamp = None if found["timestamp"] is None else int(found["timestamp"])
    if "timestamp" in scheme["content"]:
        if now - timestamp > tolerance:
            raise Refused("too_old")
        if timestamp - now > tolerance:
            raise Refused("too_new")

    member = (scheme.get("id") or {}).get("payload")
    signed = ["payload"] + [part for part in ("timestamp", "id") if part in scheme["content"]]
    id_ = found["id"]
    if member is not None:
        signed.append("id")
        id_ = payload_id(payload, member)
    by_id = "id" in signed and id_ is not None
    key = f"id:{id_}" if by_id else f"sha256:{hashlib.sha256(payload).hexdigest()}"
    return {
        "provider": scheme["name"],
        "id": id_,
        "timestamp": timestamp,
        "signed": signed,
        "secretIndex": matching[0],
        "key": f"{scheme['name']}:{key}",
    }


def payload_id(payload, member):
    """The member at the top of the payload's JSON, if it is a text that is not empty."""
    try:
        document = json.loads(payload.decode(), parse_constant=refuse_constant, parse_int=float)
    except (ValueError, RecursionError):
        return None
    value = document.get(member) if isinstance(document, dict) else None
    return value if isinstance(value, str) and value and utf8(value) is not None else None


def refuse_constant(name):
    raise ValueError(name)


# A payload is signed.


def sign(scheme, key, payload, timestamp, id_):
    """The headers that carry signature, timestamp and id."""
    at, id_at, form = scheme.get("timestamp") or {}, scheme.get("id") or {}, scheme["signature"]["form"]
    require(timestamp <= MAX_TIMESTAMP)
    if "header" in id_at:
        require(PRINTABLE.fullmatch(id_) and id_ == id_.strip(" ") and len(id_) <= MAX_HEADER_BYTES)
        require("id" not in scheme["content"] or id_is_bounded(scheme["content"], id_))
    text = encode_tag(scheme["encoding"], mac(key, content_of(scheme, payload, str(timestamp), id_)))
    if form != "bare" and "prefix" in form:
        text = form["prefix"] + text
    elif form != "bare":
        text = form["tag"] + form["assign"] + text
        if "field" in at:
            text = at["field"] + form["assign"] + str(timestamp) + form["separator"] + text
    headers = {scheme["signature"]["header"]: text}
    if "header" in at:
        headers[at["header"]] = str(timestamp)
    if "header" in id_at:
        headers[id_at["header"]] = id_
    return headers


# The functions without a scheme.


def verify_webhook(form, keys, signature, payload, now, tolerance):
    if form == "auto":
        text = trim(signature)
        form = "sha256" if text.startswith("sha256=") else "timestamped" if "=" in text else "hex"
        if form != "timestamped" and re.match(rb"[0-9]{1,12}\.", payload):
            raise Refused("invalid_option")
    scheme = FORMS[form]
    tolerance = tolerance_of(scheme, tolerance if form == "timestamped" else None)
    verify(scheme, keys, [("signature", signature)], payload, now, tolerance)
    return True


# A case of the differential proof is answered.


def answer(case):
    """Every call that the case makes, and its result or the code of its refusal."""
    payload = payload_of(case["payload"])
    secrets = [bytes.fromhex(s["bytes"]) if "bytes" in s else utf8(s["text"]) for s in case["secrets"]]
    tolerance, now, timestamp = number(case.get("toleranceSeconds")), case["now"], case["sign"]["timestamp"]
    if "form" in case:
        return answer_form(case, secrets, payload, now, tolerance, timestamp)
    try:
        scheme = case.get("scheme") or PROVIDERS.get(case["provider"])
        if scheme is None:
            raise Refused("unknown_provider")
        if None in secrets:
            raise Refused("invalid_secret")
        check_scheme(scheme)
        check_secrets(secrets)
        tolerance = tolerance_of(scheme, tolerance)
        keys = keys_of(secrets, scheme["secret"])
    except Refused as refused:
        return {"made": str(refused)}

    def check():
        check_length(case, payload)
        seconds = time(now)
        check_headers(scheme, case["headers"])
        check_payload(payload)
        return verify(scheme, keys, case["headers"], payload, seconds, tolerance)

    def stream():
        # The time and the headers are checked before the payload comes.
        time(now)
        check_headers(scheme, case["headers"])
        delivery = check()
        del delivery["key"]
        if "payload" in (scheme.get("id") or {}):
            delivery["id"] = None
        return delivery

    def signed():
        check_payload(payload)
        return sign(scheme, keys[0], payload, time(timestamp), case["sign"].get("id"))

    return {"check": result(check), "stream": result(stream), "sign": result(signed)}


def answer_form(case, secrets, payload, now, tolerance, timestamp):
    form = case["form"]

    def verified():
        check_secrets(secrets)
        keys = keys_of(secrets, "utf8")
        check_payload(payload)
        return verify_webhook(form, keys, case["signature"], payload, time(now), tolerance)

    def signed():
        check_secrets(secrets)
        check_payload(payload)
        keys = keys_of(secrets, "utf8")
        return sign(FORMS["hex" if form == "auto" else form], keys[0], payload, time(timestamp), None)["signature"]

    return {"verify": result(verified) is True, "sign": result(signed)}


def result(call):
    try:
        return call()
    except Refused as refused:
        return str(refused)


def payload_of(payload):
    """The payload's bytes, or None where its text holds half a surrogate pair."""
    if "bytes" in payload:
        return b"".join(bytes.fromhex(piece) * times for piece, times in payload["bytes"])
    return utf8("".join(piece * times for piece, times in payload["text"]))


def check_payload(payload):
    if payload is None:
        raise Refused("invalid_payload")


def check_length(case, payload):
    if payload is not None and len(payload) > case.get("maxPayloadBytes", len(payload)):
        raise Refused("payload_too_large")


def time(seconds):
    require(seconds >= 0)
    return int(seconds)


def number(value):
    return float("inf") if value == "Infinity" else value


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as cases:
        for line in cases:
            print(json.dumps(answer(json.loads(line))))
