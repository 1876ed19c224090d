"""Random cases for `cargo xtask proof differential`: `generate.py FILE SEED CASES` writes a case per line, as JSON.

The same seed gives the same cases. Most cases begin as a valid delivery, which vectors/reference.py signs, and then
one thing or a few are changed, so that every refusal is reached and not only the first one. A case:

- `provider`, `scheme` or `form`: what verifies. `form` is of `verifyWebhook`, and takes a `signature`, not `headers`.
- `secrets`: each `{"text"}` or `{"bytes": hex}`. `list` says whether one secret is passed in an array too.
- `headers`: pairs. `shape` is how JavaScript passes them.
- `payload`: `{"text": [[piece, times], …]}` or `{"bytes": [[hex, times], …]}`. `view` is how JavaScript passes bytes.
- `chunks`: how many bytes each chunk has, repeated until the payload ends. With `textChunks` JavaScript passes texts.
- `now`, `toleranceSeconds`, `maxPayloadBytes`: options. "Infinity" is a text, because JSON has no such number.
- `sign`: `timestamp` and `id` for the call that signs.
- `native`: false where Rust has no value for it: half a surrogate pair, a fraction, a negative number.
"""

import json
import pathlib
import random
import sys

sys.path.append(str(pathlib.Path(__file__).parents[2] / "vectors"))
import reference  # noqa: E402

NOW = 1_700_000_000
# The module takes a payload in pieces of this many bytes, so payloads around this length meet its edges.
CHUNK = 72 * 1024
HALF_PAIRS = ["\ud800", "\udc00", "\udbff\ud800"]
TEXTS = ["a", "é", "漢", "😀", "\0", "\n", "\ufeff", " ", "{}", '"', "\x7f", "0", "1.", "\x85"]
BLANKS = ["", " ", "\t\n", "\0\0", "\u00a0", "\u3000", "\ufeff", "\v\f", "\u2028 \0", "\x85", "\u180e", "\u200b", "\x1c"]
PAYLOADS = [
    '{"id":"evt_1","type":"a"}',
    '{"id":"évt","type":"a"}',
    '{"id":7}',
    '{"id":""}',
    '{"id":null,"id":"evt_2"}',
    '{"i\\u0064":"evt_3"}',
    '{"id":"\\ud83d\\ude00"}',
    '{"id":"\\ud800"}',
    '{"id":"a","n":NaN}',
    '{"id":"a","n":1e999,"m":-0}',
    '{"id":"a"',
    '[{"id":"a"}]',
    '"id"',
    "\ufeff{\"id\":\"a\"}",
    " \t\r\n{\"id\" : \" x \"} ",
    '{"id":"a\tb"}',
    '{"id":"a","b":{"id":"c"}}',
    '{"__proto__":"p","id":"a","constructor":"c"}',
    "1.5",
    "1700000000.{}",
    "123456789012.x",
    "1234567890123.x",
    "t=1,v1=2",
    "",
]


class Generator:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def chance(self, share):
        return self.random.random() < share

    def pick(self, *values):
        return values[self.random.randrange(len(values))]

    def case(self):
        case = {"chunks": self.chunks(), "textChunks": self.chance(0.3), "native": True}
        case["view"] = self.pick("bytes", "bytes", "buffer", "dataview", "framed")
        case["shape"] = self.pick("pairs", "pairs", "object", "lists", "map", "headers")
        case["payload"] = self.payload()
        case["now"] = self.pick(NOW, NOW, NOW, 0, 1, 299, 300, 301, 10**11, 10**12 - 1, 2**53)
        kind = self.random.random()
        if kind < 0.2:
            case["form"] = self.pick("hex", "sha256", "timestamped", "auto")
            scheme = reference.FORMS[self.pick(*reference.FORMS) if case["form"] == "auto" else case["form"]]
        elif kind < 0.55:
            case["provider"] = self.pick(*reference.PROVIDERS)
            scheme = reference.PROVIDERS[case["provider"]]
        else:
            scheme = case["scheme"] = self.scheme()
        secrets = [self.secret(scheme["secret"]) for _ in range(self.pick(1, 1, 1, 2, 3, 8))]
        case["secrets"] = secrets
        case["list"] = len(secrets) != 1 or self.chance(0.5)
        tolerance = self.tolerance(case, scheme)
        self.sign(case, scheme, secrets, tolerance)
        for _ in range(self.pick(0, 0, 0, 1, 1, 1, 2)):
            self.pick(*self.changes(case))(case)
        return case

    # The parts of a valid delivery.

    def chunks(self):
        return [self.pick(0, 1, 2, 3, 7, 63, 64, 65, 1000, CHUNK - 1, CHUNK, CHUNK + 1) for _ in range(3)] + [5000]

    def payload(self):
        kind = self.random.random()
        if kind < 0.55:
            return {"text": [[self.pick(*PAYLOADS), 1]]}
        if kind < 0.75:
            return {"text": [[self.pick(*TEXTS), self.random.randrange(9)] for _ in range(self.random.randrange(6))]}
        if kind < 0.94:
            data = bytes(self.random.randrange(256) for _ in range(self.pick(0, 1, 55, 56, 63, 64, 65, 200)))
            return {"bytes": [[data.hex(), 1]]}
        # A long one, of which a character may lie across the end of the module's area.
        character = self.pick("a", "é", "漢", "😀")
        length = self.pick(1, 1, 2) * CHUNK + self.random.randrange(-300, 300)
        pieces = [["x", self.random.randrange(5)], [character, length // len(character.encode())], ["é", 1]]
        if self.chance(0.5):
            return {"text": pieces}
        return {"bytes": [[piece.encode().hex(), times] for piece, times in pieces]}

    def scheme(self):
        sign = lambda: self.pick(*",;:|~ .&?@!")  # noqa: E731
        separator = sign()
        assign = self.pick("=", "=", ":", *"+/.")
        if assign == separator:
            assign = "="
        layout = self.pick(
            "bare",
            {"prefix": self.pick("sha256=", "v0=", "ab", "A ", "=", "0x")},
            {"separator": separator, "assign": assign, "tag": self.pick("v1", "h1", "a", "__proto__", "v 1")},
        )
        scheme = {
            "name": self.pick("acme", "a", "x" * 64, "A b~!", "__proto__"),
            "signature": {"header": self.pick("Acme-Signature", "x", "constructor", "S!#$%&'*+.^_`|~9"), "form": layout},
            "encoding": self.pick("hex", "base64"),
            "secret": self.pick("utf8", "utf8", "base64", "whsec"),
        }
        literals = [".", ":", "v0:", "é", "\0", "--", "1", "1.", "v1", "\n", "x" * 40, "😀"]
        literal = lambda: {"literal": self.pick(*literals)}  # noqa: E731
        parts = ["payload"]
        if self.chance(0.6):
            scheme["timestamp"] = {"header": self.pick("Acme-Timestamp", "t")}
            if isinstance(layout, dict) and "tag" in layout and self.chance(0.6):
                scheme["timestamp"] = {"field": self.pick("t", "ts", "T")}
            if self.chance(0.8):
                parts.append("timestamp")
        if self.chance(0.5):
            scheme["id"] = self.pick(
                {"header": "Acme-Id"}, {"header": "id"}, {"payload": "id"}, {"payload": "id", "header": "Acme-Id"}, {"payload": "__proto__"}
            )
            if "payload" not in scheme["id"] and self.chance(0.7):
                parts.append("id")
        self.random.shuffle(parts)
        content = []
        for part in parts:
            if content and (self.chance(0.7) or "id" in (part, content[-1])):
                content += [literal() for _ in range(self.pick(1, 1, 1, 2))]
            content.append(part)
        content = [literal()] * self.chance(0.3) + content + [literal()] * self.chance(0.2)
        scheme["content"] = content
        if "timestamp" in content and self.chance(0.4):
            scheme["toleranceSeconds"] = self.pick(0, 1, 5, 300, 600, reference.A_YEAR)
        if self.chance(0.2):
            self.break_scheme(scheme)
        return scheme

    def break_scheme(self, scheme):
        """Changes one column, in most cases to something that cannot be."""
        signature, content = scheme["signature"], scheme["content"]
        layout = signature["form"]
        headers = ["", "a b", "a:b", "é", "Acme-Signature", "ACME-TIMESTAMP", "acme-id", "a\n", "ſ"]
        signs = ["", ",,", "a", "7", "é", "=", "+", "/", "-", "_", " ", "\t", '"', "\0", "\x7f", ",", ";"]
        texts = ["", " a", "a ", "é", "a\n", "a,b", "a=b", "v1", "t", "\x7f"]

        def column(of, name, *values):
            return lambda: of.update({name: self.pick(*values)})

        ways = [
            column(scheme, "name", "", "a:b", "x" * 65, "é", "a\n", "\0", " ", "a\x7f"),
            column(signature, "header", *headers),
            column(signature, "form", "plain", "Bare", ""),
            column(scheme, "encoding", "base64url", "HEX", "", "bare"),
            column(scheme, "secret", "whsec_", "hex", "", "UTF8"),
            column(scheme, "timestamp", {"header": self.pick(*headers)}, {"field": self.pick(*texts)}),
            column(scheme, "id", {"header": self.pick(*headers)}, {"payload": ""}, {"payload": "id", "header": self.pick(*headers)}),
            column(scheme, "toleranceSeconds", 0, 300, reference.A_YEAR, reference.A_YEAR + 1, 10**12, 2**53),
            lambda: content.append(self.pick("payload", "timestamp", "id", "url", {"literal": ""}, {"literal": "."})),
            lambda: content.remove(self.pick(*content)),
            lambda: content.extend([{"literal": "."}] * self.random.randrange(9)),
            lambda: self.random.shuffle(content),
        ]
        if isinstance(layout, dict):
            ways.append(column(layout, self.pick(*layout), *(signs + texts)))
        if isinstance(layout, dict) and "tag" in layout:
            ways += [column(layout, "separator", *signs), column(layout, "assign", *signs), column(layout, "tag", *texts)]
        self.pick(*ways)()

    def secret(self, secret_format):
        if secret_format == "utf8":
            if self.chance(0.3):
                return {"bytes": bytes(self.random.randrange(256) for _ in range(self.random.randrange(1, 100))).hex() + "01"}
            return {"text": self.pick("a secret", "whsec_x", "é", " a ", "\v\v", "\f", "0", "k" * 64, "k" * 65, "x" * 8192, "a\0")}
        key = bytes(self.random.randrange(256) for _ in range(self.random.randrange(1, 70))) + self.pick(b"", b" ", b"\x01")
        text = reference.encode_tag("base64", key)
        return {"text": self.pick("whsec_", "") + text if secret_format == "whsec" else text}

    def tolerance(self, case, scheme):
        signs_time = "timestamp" in scheme["content"]
        if not signs_time and (self.chance(0.95) or "form" in case):
            return None
        if self.chance(0.35):
            case["toleranceSeconds"] = self.pick(0, 1, 60, 300, 600, reference.A_YEAR, "Infinity", 10**11, 2**53, 1e20, 0.5)
            if case["toleranceSeconds"] == 0.5:
                case["native"] = False
        try:
            return reference.tolerance_of(scheme, reference.number(case.get("toleranceSeconds")))
        except reference.Refused:
            return None

    def sign(self, case, scheme, secrets, tolerance):
        """Gives the case the headers of a valid delivery, stamped around the borders of the tolerance."""
        case["headers"] = []
        ids = ["msg_1", "a", "evt-é", "è", "a b", ".", "a.b", "1", "msg:1", "x" * 200, "-", "__proto__"]
        case["sign"] = {"timestamp": self.pick(case["now"], NOW, 0, 10**12 - 1, 10**12, 2**53), "id": self.pick(*ids)}
        if tolerance is None or tolerance == float("inf"):
            away = self.pick(0, 1, 10**9)
        else:
            away = self.pick(0, 0, 0, int(tolerance), int(tolerance), int(tolerance) + 1, int(tolerance) + 1, 1, 10**6)
        stamp = min(max(case["now"] + self.pick(1, -1) * away, 0), reference.MAX_TIMESTAMP)
        id_ = self.pick("msg_1", "a", "msg_1", *ids)
        try:
            reference.check_scheme(scheme)
            key = reference.key_of(self.secret_bytes(self.pick(*secrets)), scheme["secret"])
            payload = reference.payload_of(case["payload"])
            if scheme.get("id", {}).get("header") and not reference.PRINTABLE.fullmatch(id_):
                id_ = "msg_2"
            headers = reference.sign(scheme, key, payload, stamp, id_)
        except reference.Refused:
            headers = {scheme["signature"]["header"]: self.pick("00" * 32, "x", "")}
        if "form" in case:
            case["signature"] = headers["signature"]
            return
        case["headers"] = [[name, value] for name, value in headers.items()]
        if self.chance(0.3):
            self.random.shuffle(case["headers"])
        if self.chance(0.2):
            case["headers"].append([self.pick("X-Other", "Content-Type", "x-acme"), self.pick("a", "", "é")])

    def secret_bytes(self, secret):
        return bytes.fromhex(secret["bytes"]) if "bytes" in secret else secret["text"].encode()

    # Changes to it.

    def changes(self, case):
        common = [self.change_payload, self.change_payload, self.change_secret, self.change_now, self.cut_payload]
        if "form" in case:
            return common + [self.change_signature] * 6
        rare = [self.change_provider, self.lone_surrogate, self.bound_payload]
        return common * 2 + rare * 2 + [self.change_header] * 12 + [self.drop_header] * 2 + [self.repeat_header] * 2 + [self.move_bytes]

    def change_payload(self, case):
        data = bytearray(reference.payload_of(case["payload"]) or b"")
        if not data or len(data) > 1000:
            case["payload"] = {next(iter(case["payload"])): [*next(iter(case["payload"].values())), [self.pick("20", "00"), 1]]}
            return
        at = self.random.randrange(len(data))
        kind = self.pick("flip", "truncate", "insert", "space")
        if kind == "flip":
            data[at] ^= 1 << self.random.randrange(8)
        elif kind == "truncate":
            del data[at:]
        else:
            data[at:at] = b" " if kind == "space" else bytes([self.random.randrange(256)])
        case["payload"] = {"bytes": [[data.hex(), 1]]}

    def cut_payload(self, case):
        """Passes the payload in other pieces: a valid delivery stays valid."""
        case["chunks"] = [self.random.randrange(9) for _ in range(4)] + [self.pick(1, 10, 5000)] * (len(case["chunks"]) % 2) + [CHUNK]

    def change_secret(self, case):
        secrets = case["secrets"]
        if not secrets:
            return
        bad = [{"text": self.pick(*BLANKS)}, {"bytes": self.pick("", "00", "00" * 65, "ff", "80")}]
        bad += [{"text": text} for text in ("x" * 8193, "é" * 4097, "whsec_", "whsec_AA==", "AAAA", "ab=", "YWI", "YWJ=", "YW J=", "-_-_", "ICAg", "CwsL")]
        kind = self.random.random()
        if kind < 0.5:
            secrets[self.random.randrange(len(secrets))] = self.pick(*bad)
        elif kind < 0.7:
            secrets[self.random.randrange(len(secrets))] = {"text": self.pick("another", "YWJj", "whsec_YWJj")}
        elif kind < 0.85:
            secrets.extend(secrets * 8)
        elif kind < 0.9:
            secrets.clear()
        else:
            self.random.shuffle(secrets)
        case["list"] = case["list"] or len(secrets) != 1

    def change_now(self, case):
        case["now"] = max(case["now"] + self.pick(-1, 1, -301, 301, 10**6, -(10**6)), 0)
        if self.chance(0.1):
            case["now"] = self.pick(case["now"] + 0.5, -1, -0.5)
            case["native"] = False

    def change_provider(self, case):
        if "provider" in case:
            case["provider"] = self.pick("acme", "Immutis", "immutis ", "", "__proto__", "toString", *reference.PROVIDERS)

    def bound_payload(self, case):
        data = reference.payload_of(case["payload"])
        if data is None:
            return
        case["maxPayloadBytes"] = max(len(data) + self.pick(0, 1, -1, -1, -100), 0)
        case["native"] = False

    def lone_surrogate(self, case):
        case["native"] = False
        half = self.pick(*HALF_PAIRS)
        # Which chunk of a payload is refused first, and for which reason, depends on the chunks.
        if "text" in case["payload"] and "maxPayloadBytes" not in case and self.chance(0.7):
            case["payload"]["text"].insert(self.random.randrange(len(case["payload"]["text"]) + 1), [half, 1])
        elif case["headers"] and self.chance(0.7):
            self.pick(*case["headers"])[1] += half
        else:
            case["secrets"][:1] = [{"text": "a" + half}]

    def change_header(self, case):
        if not case["headers"]:
            return
        header = self.pick(*case["headers"])
        if self.chance(0.2):
            header[0] = self.pick(header[0].lower(), header[0].upper(), header[0] + " ", header[0][:-1], header[0].replace("-", "_"))
        else:
            header[1] = self.change_text(header[1])

    def change_signature(self, case):
        case["signature"] = self.change_text(case["signature"])

    def change_text(self, text):
        at = self.random.randrange(len(text) + 1)
        kind = self.random.randrange(10)
        if kind == 0:
            return self.pick(" ", "\t ", "") + text + self.pick(" ", " \t")
        if kind == 1:
            return self.pick(text.upper(), text.lower(), text.swapcase())
        if kind == 2:
            return text[:at] + self.pick("a", "0", "é", "=", ",", " ", "\n", ".", "-", "+") + text[at:]
        if kind == 3:
            return text[:at]
        if kind == 4:
            return text[:at] + self.pick("0", "f", "A") + text[at + 1 :]
        if kind == 5:
            return self.pick("", " ", "\t", "\u00a0", "undefined", "é", "0", "01", "+1", "1e9", "999999999999", "1000000000000", "-1", "1.0")
        if kind == 6:
            return text + self.pick(",", ", ", ";", " ") + self.pick(text, "v1=00", "t=1", "v1," + "A" * 43 + "=", "t", "v2=0")
        if kind == 7:
            return self.pick(",", " ", ";").join(["v1=" + "ab" * 32, text] * self.pick(1, 8, 9, 16, 17))
        if kind == 8:
            return text + self.pick(" ", "x", "é") * self.pick(8192 - len(text), 8193 - len(text), 4096, 9000)
        return self.pick(",", ";", " ").join(reversed(text.split(self.pick(",", ";", " "))))

    def drop_header(self, case):
        if case["headers"]:
            del case["headers"][self.random.randrange(len(case["headers"]))]

    def repeat_header(self, case):
        if case["headers"]:
            name, value = self.pick(*case["headers"])
            name = self.pick(name, name, name.upper())
            case["headers"].insert(self.random.randrange(len(case["headers"]) + 1), [name, self.pick(value, "", "x", " ")])

    def move_bytes(self, case):
        """Moves the first bytes of the payload to the end of a header's text, as an attacker would."""
        data = reference.payload_of(case["payload"]) or b""
        count = self.pick(1, 1, 2, 10)
        head = data[:count].decode("latin-1")
        if case["headers"] and len(data) < 1000:
            self.pick(*case["headers"])[1] += head
            case["payload"] = {"bytes": [[data[count:].hex(), 1]]}


if __name__ == "__main__":
    generator = Generator(int(sys.argv[2]))
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        file.writelines(json.dumps(generator.case()) + "\n" for _ in range(int(sys.argv[3])))
