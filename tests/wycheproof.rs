//! Project Wycheproof's HMAC-SHA256 tests, through the public face: the tag is the hex form's signature.

use hookproof::scheme::SecretFormat;
use hookproof::{Form, Key, Options, UnixTime, verify_webhook};
use wycheproof::mac::{TestName, TestSet};

const WHOLE_TAG_BITS: usize = 256;

#[test]
fn whole_tags_get_wycheproofs_verdict_and_shorter_ones_are_refused() {
    let set = TestSet::load(TestName::HmacSha256).unwrap();
    let options = Options { now: UnixTime::from_secs(0), tolerance_secs: None };
    let mut whole = 0;
    let mut short = 0;
    for group in &set.test_groups {
        for test in &group.tests {
            let keys = [Key::new(&test.key, SecretFormat::Utf8).unwrap()];
            let tag: String = test.tag.iter().map(|byte| format!("{byte:02x}")).collect();
            let got = verify_webhook(&test.msg, &tag, &keys, Some(Form::Hex), &options);
            let is_whole = group.tag_size == WHOLE_TAG_BITS;
            let expected = is_whole && !test.result.must_fail();
            assert_eq!(got, expected, "test {}: {}", test.tc_id, test.comment);
            if is_whole { whole += 1 } else { short += 1 }
        }
    }
    assert_eq!((whole, short), (87, 87), "Wycheproof's file has changed");
}
