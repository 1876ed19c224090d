//! One document as libraries write it. The texts were made by Node and Python, the others by the rules in
//! their libraries' documents.

/// As `JSON.stringify(document)` writes it.
pub(crate) const COMPACT: &str = r#"{"id":"evt_1","type":"order.paid","data":{"url":"https://a.example/x?a=1&b=<2>","name":"Zoë's 😀 + \"1\"","price":12.5,"lines":[{"sku":"b","count":2},{"sku":"a","count":1}],"note":"a\nb\tc","none":null,"empty":[],"nothing":{},"yes":true}}"#;

/// As `JSON.stringify(document, null, 2)` writes it.
pub(crate) const INDENTED: &str = r#"{
  "id": "evt_1",
  "type": "order.paid",
  "data": {
    "url": "https://a.example/x?a=1&b=<2>",
    "name": "Zoë's 😀 + \"1\"",
    "price": 12.5,
    "lines": [
      {
        "sku": "b",
        "count": 2
      },
      {
        "sku": "a",
        "count": 1
      }
    ],
    "note": "a\nb\tc",
    "none": null,
    "empty": [],
    "nothing": {},
    "yes": true
  }
}"#;

/// As Python's `json.dumps(document)` writes it.
pub(crate) const PYTHON: &str = r#"{"id": "evt_1", "type": "order.paid", "data": {"url": "https://a.example/x?a=1&b=<2>", "name": "Zo\u00eb's \ud83d\ude00 + \"1\"", "price": 12.5, "lines": [{"sku": "b", "count": 2}, {"sku": "a", "count": 1}], "note": "a\nb\tc", "none": null, "empty": [], "nothing": {}, "yes": true}}"#;

/// Every spelling, with its name.
pub(crate) fn spellings() -> Vec<(&'static str, String)> {
    let ascii = |text: &str| text.replace('ë', r"\u00eb").replace('😀', r"\ud83d\ude00");
    let html =
        |text: &str| text.replace('&', r"\u0026").replace('<', r"\u003c").replace('>', r"\u003e");
    let dotnet = |text: &str| {
        let text = text.replace('&', r"\u0026").replace('<', r"\u003C").replace('>', r"\u003E");
        let text =
            text.replace(r#"\""#, r"\u0022").replace('\'', r"\u0027").replace('+', r"\u002B");
        text.replace('ë', r"\u00EB").replace('😀', r"\uD83D\uDE00")
    };
    let indented_by = |indent: &str| {
        let lines = INDENTED.lines().map(|line| {
            let text = line.trim_start();
            indent.repeat((line.len() - text.len()) / 2) + text
        });
        lines.collect::<Vec<_>>().join("\n")
    };
    vec![
        ("compact", COMPACT.into()),
        ("indent 2", INDENTED.into()),
        ("indent 4", indented_by("    ")),
        ("tabs", indented_by("\t")),
        ("Python", PYTHON.into()),
        (
            "Python, ensure_ascii=False",
            PYTHON.replace(r"\u00eb", "ë").replace(r"\ud83d\ude00", "😀"),
        ),
        ("Python, compact separators", ascii(COMPACT)),
        ("Python, indent=4", ascii(&indented_by("    "))),
        ("PHP", ascii(&COMPACT.replace('/', r"\/"))),
        ("PHP, JSON_UNESCAPED_UNICODE", COMPACT.replace('/', r"\/")),
        ("PHP, JSON_PRETTY_PRINT", ascii(&indented_by("    ").replace('/', r"\/"))),
        ("Rails or Go", html(COMPACT)),
        (".NET", dotnet(COMPACT)),
    ]
}
