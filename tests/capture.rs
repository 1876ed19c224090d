//! Captures of one delivery in every shape that people have it in: the same headers, the same bytes.

use hookproof::capture::{Capture, CaptureFlaw, parse};
use proptest::prelude::*;

const PAYLOAD: &str = "{\"name\":\"Zoë's \\\"😀\\\" $HOME\",\"n\":1}\n";

fn parsed(text: &str) -> Capture {
    parse(text.as_bytes()).unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn debug_shows_neither_payload_nor_values() {
    let capture = parsed("POST /h?key=s3cret HTTP/1.1\nX-Signature: t=1,v1=00\n\na payload");
    let debug = format!("{capture:?}");
    assert!(debug.contains("X-Signature") && debug.contains("payload_bytes: 9"), "{debug}");
    for hidden in ["s3cret", "v1=00", "a payload"] {
        assert!(!debug.contains(hidden), "{debug}");
    }
}

#[test]
fn one_delivery_is_the_same_in_every_shape() {
    let length = PAYLOAD.len();
    let single = PAYLOAD.replace('\'', r"'\''");
    let double = PAYLOAD.replace('\\', r"\\").replace('"', "\\\"").replace('$', r"\$");
    let ansi = PAYLOAD
        .replace('\\', r"\\")
        .replace('\'', r"\'")
        .replace('\n', r"\n")
        .replace('ë', r"\u00eb");
    let json = serde_json::to_string(PAYLOAD).unwrap();
    let entry = format!(
        r#"{{"request":{{"method":"POST","url":"https://a.example/h","headers":[{{"name":"X-Signature","value":"t=1,v1=00"}},{{"name":"Content-Type","value":"application/json"}}],"postData":{{"mimeType":"application/json","text":{json}}}}}}}"#
    );
    let shapes = [
        (
            "raw, CRLF",
            format!(
                "POST /h HTTP/1.1\r\nX-Signature: t=1,v1=00\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{PAYLOAD}"
            ),
        ),
        (
            "raw, LF, and more after it",
            format!(
                "POST /h HTTP/1.1\nX-Signature: t=1,v1=00\nContent-Type: application/json\nContent-Length: {length}\n\n{PAYLOAD}\n\n"
            ),
        ),
        (
            "raw, no length",
            format!(
                "POST /h HTTP/2\r\nX-Signature:t=1,v1=00 \r\nContent-Type: application/json\r\n\r\n{PAYLOAD}"
            ),
        ),
        (
            "headers alone, no request line",
            format!("X-Signature: t=1,v1=00\nContent-Type: application/json\n\n{PAYLOAD}"),
        ),
        (
            "raw, chunked",
            format!(
                "POST /h HTTP/1.1\r\nX-Signature: t=1,v1=00\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\n{}\r\n{:X}\r\n{}\r\n0\r\n\r\n",
                &PAYLOAD[..5],
                length - 5,
                &PAYLOAD[5..]
            ),
        ),
        (
            "curl, single quotes",
            format!(
                "curl -X POST 'https://a.example/h' \\\n  -H 'X-Signature: t=1,v1=00' \\\n  -H 'Content-Type: application/json' \\\n  --data-raw '{single}'"
            ),
        ),
        (
            "curl, double quotes",
            format!(
                "$ curl --request POST --url \"https://a.example/h\" -H \"X-Signature: t=1,v1=00\" --header \"Content-Type: application/json\" -d \"{double}\" | jq ."
            ),
        ),
        (
            "curl, $'…'",
            format!(
                "curl https://a.example/h -XPOST -H 'X-Signature: t=1,v1=00' -H $'Content-Type: application/json' --compressed --data-binary $'{ansi}'"
            ),
        ),
        (
            "curl, --json",
            format!("curl --json '{single}' https://a.example/h -H 'X-Signature: t=1,v1=00'"),
        ),
        ("HAR entry", entry.clone()),
        ("HAR of one entry", format!(r#"{{"log":{{"version":"1.2","entries":[{entry}]}}}}"#)),
    ];
    for (name, shape) in shapes {
        let capture = parse(shape.as_bytes()).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(String::from_utf8_lossy(&capture.payload), PAYLOAD, "{name}");
        assert_eq!(capture.method, "POST", "{name}");
        let value = |header: &str| {
            capture.headers.iter().find(|each| each.0 == header).map(|each| each.1.as_str())
        };
        assert_eq!(value("X-Signature"), Some("t=1,v1=00"), "{name}");
        assert_eq!(value("Content-Type"), Some("application/json"), "{name}");
        assert!(
            capture.url.ends_with("/h") || name.starts_with("headers"),
            "{name}: {}",
            capture.url
        );
    }
}

#[test]
fn payloads_are_exact_where_shells_and_archives_differ() {
    let cases: [(&str, &[u8]); 19] = [
        ("$ printf '100%% \\0\\377\\n' | curl -X POST a --data-binary @-", b"100% \0\xff\n"),
        ("printf 'once' | curl a -d @- -d @- -d x", b"once&&x"),
        ("printf '1\\r\\n2\\0' | curl a -d @-", b"12"),
        ("curl a -d 'a' -d 'b'", b"a&b"),
        ("curl a -da -d \"b\\\nc\"", b"a&bc"),
        ("curl a --data-urlencode 'x=a b&c' -d y=1", b"x=a%20b%26c&y=1"),
        ("curl a --data-urlencode '=a=b' --data-urlencode 'x@y=z'", b"a%3Db&x@y=z"),
        ("curl a -G -d x", b""),
        ("curl a -X POST --head", b""),
        ("curl a -d $'\\x41\\101\\u00e9\\ud83d\\ude00\\t\\\\'", "AAé😀\t\\".as_bytes()),
        ("curl a -d \"costs 5$ and \\q\"", b"costs 5$ and \\q"),
        (
            "curl.exe ^\"a^\" ^\n  -H ^\"X: 1^\" ^\n  --data-raw ^\"^{^\\^\"id^\\^\":1^}^\"",
            b"{\"id\":1}",
        ),
        ("curl \"a\" ^\r\n -H \"X: 1\" ^\r\n -d \"{\\\"id\\\":1}\"", b"{\"id\":1}"),
        (
            r#"{"request":{"method":"POST","url":"a","headers":[],"postData":{"text":"e30=","encoding":"base64"}}}"#,
            b"{}",
        ),
        (
            r#"{"request":{"method":"POST","url":"a","headers":[],"postData":{"text":"e30=","encoding":"Base64"}}}"#,
            b"{}",
        ),
        ("POST / HTTP/1.1\nContent-Length: 2\ncontent-length: 2\n\n{}\n", b"{}"),
        (
            r#"{"request":{"method":"POST","url":"a","headers":[],"postData":{"params":[{"name":"a b","value":"ë"}]}}}"#,
            b"a+b=%C3%AB",
        ),
        (r#"{"request":{"method":"GET","url":"a","headers":[]}}"#, b""),
        ("POST / HTTP/1.1\r\nA: b\r\n\r\n", b""),
    ];
    for (text, payload) in cases {
        let capture = parsed(text);
        assert_eq!(
            String::from_utf8_lossy(&capture.payload),
            String::from_utf8_lossy(payload),
            "{text}"
        );
    }
    let binary = [b"POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\n", &[0xff, 0, 13, 10][..]].concat();
    assert_eq!(parse(&binary).unwrap().payload, [0xff, 0, 13, 10]);
}

#[test]
fn options_are_told_from_their_values() {
    let cases = [
        ("-d{}", "POST"),
        ("-d {} -- https://a.example", "POST"),
        ("-sd {}", "POST"),
        ("-sSLXPUT -d {}", "PUT"),
        ("-sXPUT --json {}", "PUT"),
        ("-k#d{} -im5", "POST"),
        ("-sXPUT -d {} -H 'X: -d y'", "PUT"),
        ("-d {} --max-redirs 5 --ciphers a -r 0-1 -mU -Ub:c", "POST"),
        ("-d {} --compressed --no-progress-meter --no-buffer --http2-prior-knowledge", "POST"),
    ];
    for (options, method) in cases {
        let text = format!("curl https://a.example {options}");
        let capture = parsed(&text);
        assert_eq!(String::from_utf8_lossy(&capture.payload), "{}", "{text}");
        assert_eq!((&*capture.method, &*capture.url), (method, "https://a.example"), "{text}");
    }
    let bodiless = [
        ("a -G -d x=y", "GET", "a?x=y"),
        ("a?b --get -d x -d y", "GET", "a?b&x&y"),
        ("-sGXPOST a -dx", "POST", "a?x"),
        ("-GId x a", "HEAD", "a?x"),
        ("-IGd x a", "HEAD", "a?x"),
        ("--head a", "HEAD", "a"),
        ("-G a", "GET", "a"),
    ];
    for (options, method, url) in bodiless {
        let capture = parse(format!("curl {options}").as_bytes()).unwrap();
        let (method, url) = (method.to_owned(), url.to_owned());
        assert_eq!(capture, Capture { method, url, ..Capture::default() }, "{options}");
    }
}

#[test]
fn a_command_ends_where_its_shell_ends_it() {
    let cases = [
        "{}; echo done",
        "{};",
        "{}|jq .",
        "{} | jq .",
        "{} || true",
        "{}&& echo done",
        "{} &",
        "{}\necho done",
        "{}\r\n",
        "{} \\\n",
        "{} # -d x",
        "{}\n# -d x",
        "{} 2>/dev/null",
        "{}>/dev/null",
        "{} 2>&1 >> out",
        "{} >| out < in <<< text",
        "{} 2>&1|jq .",
        "{} \\\n# -d x",
        "{} \\\n2>&1",
        "{} &>out -H 'Y: 2'",
        "{}\n\n  -H 'Y: 2'\necho done",
        "{} 2>&1 -H 'Y: 2'",
        "{} >| out -H 'Y: 2'",
        "{} > 'a file' -H 'Y: 2'",
        "{}\\\n -H 'Y: 2'",
        "{} -H 'Y: 2' 1>a2>b",
    ];
    for end in cases {
        let text = format!("curl https://a.example/#a -d {end}");
        let capture = parsed(&text);
        assert_eq!(String::from_utf8_lossy(&capture.payload), "{}", "{text}");
        assert_eq!(capture.url, "https://a.example/#a", "{text}");
        let has_y = end.contains("Y: 2");
        assert_eq!(capture.headers.iter().any(|(name, _)| name == "Y"), has_y, "{text}");
    }
    let redirected = parse(b"curl > /dev/null a -d {}").unwrap();
    assert_eq!((redirected.url.as_str(), &redirected.payload[..]), ("a", &b"{}"[..]));
    let quoted = parse(b"curl a -d 'a;b' -d \"c|d\" -d e\\&f -d g#h").unwrap();
    assert_eq!(String::from_utf8_lossy(&quoted.payload), "a;b&c|d&e&f&g#h");
}

#[test]
fn a_command_for_cmd_is_read_as_its_program_receives_it() {
    let cases = [
        // As Chrome writes it: every backslash doubled, which is undone before a quote alone.
        (r#"^"^{^\^"a^\^":^\^"q^\^\^\^"q^\^"^}^""#, r#"{"a":"q\"q"}"#),
        (r#"^"^{^\^"a^\^":^\^"l^\^\nl^\^"^}^""#, r#"{"a":"l\\nl"}"#),
        ("^\"^{^\n\n  ^\\^\"a^\\^\": 1^\n\n^}^\"", "{\n  \"a\": 1\n}"),
        ("^\"^{^\r\n\r\n^}^\"", "{\n}"),
        // As people type it.
        (r#""a^b""#, "a^b"),
        (r#""50^% & <b> | ""#, "50^% & <b> | "),
        (r#""{\"a\":\"x\\\"y\"}""#, r#"{"a":"x\"y"}"#),
        (r#""{""id"":1}""#, r#"{"id":1}"#),
        (r#""C:\\dir\\""#, r"C:\\dir\"),
        (r#"C:\\dir\a" b""#, r"C:\\dir\a b"),
        (r#"\ "-s""#, r"\"),
        ("a^&b & echo done", "a&b"),
        ("a> nul", "a"),
        ("a 2>nul 2>&1", "a"),
        ("a\ncd ..", "a"),
    ];
    for (word, payload) in cases {
        let text = format!("curl https://a.example ^\n  -H \"X: 1\" ^\n  --data-raw {word}");
        let capture = parsed(&text);
        assert_eq!(String::from_utf8_lossy(&capture.payload), payload, "{text}");
        assert_eq!(capture.url, "https://a.example", "{text}");
    }
}

#[test]
fn http_2_has_method_and_url_among_its_headers() {
    let headers = vec![("x-a".to_owned(), "b".to_owned())];
    let (method, url) = ("PUT".to_owned(), "/hooks".to_owned());
    let sent = Capture { method, url, headers, payload: b"{}".into() };
    let shapes = [
        ":method: PUT\n:path: /hooks\n:authority: e\n:scheme: https\nx-a: b\n\n{}",
        ":authority: e\r\n:method: PUT\r\n:path: /hooks\r\nx-a: b\r\n\r\n{}",
    ];
    for shape in shapes {
        assert_eq!(parse(shape.as_bytes()).as_ref(), Ok(&sent), "{shape}");
    }
}

#[test]
fn a_header_that_curl_leaves_out_did_not_come() {
    let headers = |text: &str| parse(text.as_bytes()).unwrap().headers;
    let form = ("Content-Type".to_owned(), "application/x-www-form-urlencoded".to_owned());
    assert_eq!(headers("curl a -d x"), [form]);
    assert_eq!(headers("curl a -d x -H 'content-type:' -H 'Accept:'"), []);
    assert_eq!(headers("curl a -H 'X-Empty;'"), [("X-Empty".to_owned(), String::new())]);
}

#[test]
fn what_is_not_understood_is_named() {
    use CaptureFlaw::*;
    let cases = [
        ("", Empty),
        (" \n", Empty),
        ("hello", NoBlankLine),
        ("hello\n\n", UnknownKind),
        ("POST / HTTP/1.1\nHost: a", NoBlankLine),
        ("POST / HTTP/1.1\nHost a\n\n", HeaderLine),
        ("POST / HTTP/1.1\nContent-Length: 9\n\n{}", ShortBody),
        ("POST / HTTP/1.1\nTransfer-Encoding: chunked\n\n9\n{}", Chunk),
        ("POST / HTTP/1.1\nTransfer-Encoding: chunked\n\nffffffffffffffffffff\n{}", Chunk),
        ("POST / HTTP/1.1\nContent-Length: 2\ncontent-length: 3\n\n{}\n", TwoLengths),
        ("curl a -d '{}", OpenQuote),
        ("curl ^\"a^\" ^\n -d \"{\n}\"", OpenQuote),
        ("curl a -d \"$BODY\"", ShellVariable),
        ("curl a -d `cat x`", ShellVariable),
        ("curl a -d \"pay $$ now\"", ShellVariable),
        ("curl a -d \"$!\"", ShellVariable),
        ("curl a -d $?", ShellVariable),
        ("curl a -d $#", ShellVariable),
        ("curl a -d \"$@$*$-$0\"", ShellVariable),
        ("curl a -d \"$*\"", ShellVariable),
        ("curl a -d \"$-\"", ShellVariable),
        ("curl a -d", OptionValue),
        ("curl a -d @body.json", FileBody),
        ("curl a --data-binary @-", FileBody),
        ("printf '{}' | curl a --data-binary @body.json", FileBody),
        ("printf '%s' | curl a --data-binary @-\n\n", UnknownKind),
        ("printf '{}' | jq . | curl a --data-binary @-\n\n", UnknownKind),
        ("curl a -F a=b", CurlOption),
        ("curl a -d x --next b", CurlOption),
        ("curl a -d x -: b", CurlOption),
        ("curl a --url-query x=y", CurlOption),
        ("curl a --dat x", CurlOption),
        ("curl a --data=x", CurlOption),
        ("curl a --no-data x", CurlOption),
        ("curl a --no-get", CurlOption),
        ("curl a --d x", CurlOption),
        ("curl a -s!", CurlOption),
        ("curl a -", CurlOption),
        ("curl a -sd", OptionValue),
        ("curl a --data-urlencode @file", FileBody),
        ("curl a --data-urlencode p@file", FileBody),
        ("{}", NotHar),
        ("{\"log\":{\"entries\":[]}}", ManyEntries),
        (
            r#"{"request":{"method":"POST","url":"a","headers":[],"postData":{"text":"%","encoding":"base64"}}}"#,
            HarBase64,
        ),
        (
            r#"{"request":{"method":"POST","url":"a","headers":[],"postData":{"mimeType":"multipart/form-data; boundary=x","params":[{"name":"f","fileName":"f.json"}]}}}"#,
            HarParts,
        ),
    ];
    for (text, flaw) in cases {
        assert_eq!(parse(text.as_bytes()).map_err(|error| error.flaw), Err(flaw), "{text:?}");
    }
    let not_text = b"POST / HTTP/1.1\nA: b\xff\n\n";
    assert_eq!(parse(not_text).unwrap_err().flaw, HeaderText);
}

fn quoted(bytes: &[u8]) -> Vec<u8> {
    let inner = bytes.split(|byte| *byte == b'\'').collect::<Vec<_>>().join(&br"'\''"[..]);
    [b"'", &inner[..], b"'"].concat()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1000) })]

    #[test]
    fn no_capture_panics(bytes in any::<Vec<u8>>()) {
        let _ = parse(&bytes);
    }

    #[test]
    fn nothing_like_a_capture_panics(
        start in "(POST / HTTP/1.1\r?\n|curl |curl\\.exe |\\{\"request\":|\\{\"log\":|)",
        rest in "([A-Za-z-]{1,5}: [0-9a-z]{0,3}\r?\n|\r?\n|'|\"|\\\\|\\^|\\$'|-[dHXF]|--json|[0-9a-f]{1,20}|[ \\PC])*",
    ) {
        let _ = parse([start, rest].concat().as_bytes());
    }

    #[test]
    fn a_payload_survives_quoting_and_http(payload in any::<Vec<u8>>()) {
        let command = [&b"curl https://a.example --data-raw "[..], &quoted(&payload)].concat();
        prop_assert_eq!(&parse(&command).unwrap().payload, &payload);
        let head = format!("POST / HTTP/1.1\r\nContent-Length: {}\r\n\r\n", payload.len());
        let raw = [head.as_bytes(), &payload, b"\r\nmore"].concat();
        prop_assert_eq!(&parse(&raw).unwrap().payload, &payload);
    }
}

#[test]
fn size_of_capture_and_of_its_headers_is_bounded() {
    use hookproof::capture::MAX_CAPTURE_BYTES;
    use hookproof::explain::MAX_HEADERS_BYTES;
    let start = "POST / HTTP/1.1\r\n";
    let capture = |headers: &str, bytes: usize| {
        let mut text = format!("{start}{headers}\r\n").into_bytes();
        text.resize(bytes.max(text.len()), b'x');
        text
    };
    assert!(parse(&capture("", MAX_CAPTURE_BYTES)).is_ok());
    let flaw = |text: Vec<u8>| parse(&text).unwrap_err().flaw;
    assert_eq!(flaw(capture("", MAX_CAPTURE_BYTES + 1)), CaptureFlaw::TooLarge);
    let line = |bytes: usize| format!("a: {}\r\n", "v".repeat(bytes - "a: \r\n".len()));
    assert!(parse(&capture(&line(MAX_HEADERS_BYTES), 0)).is_ok());
    assert_eq!(flaw(capture(&line(MAX_HEADERS_BYTES + 1), 0)), CaptureFlaw::LargeHeaders);
    let many = "a: \r\n".repeat(MAX_HEADERS_BYTES / 5 + 1);
    assert_eq!(flaw(capture(&many, 0)), CaptureFlaw::LargeHeaders);
}
