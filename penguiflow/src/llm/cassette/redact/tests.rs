//! Where secrets are found.

use super::Redactor;
use crate::llm::transport::HttpRequest;
use proptest::prelude::*;
use serde_json::json;

fn redactor() -> Redactor {
    let request = HttpRequest::json("https://example.org", &json!({}))
        .with_secret("authorization", "Bearer sk/1 \"x\"".into())
        .with_secret("x-pin", "1".into())
        .with_header("openai-organization", "org-12345678")
        .with_header("openai-beta", "assistants-v2");
    Redactor::new(&request, &["hunter22".into(), "hunter22-long".into(), "445566".into()])
}

#[test]
fn a_secret_is_found_in_each_of_its_forms() {
    for text in
        [r#"Bearer sk/1 "x""#, r#"sk/1 "x""#, r#"sk/1 \"x\""#, "sk%2F1%20%22x%22", "sk%2f1%20%22x%22", "hunter22"]
    {
        assert_eq!(redactor().text(&format!("a {text} b")), "a [redacted] b", "{text}");
    }
    assert_eq!(redactor().text("hunter22-long"), "[redacted]", "the longest one counts");
    assert_eq!(redactor().text("1 of 11, assistants-v2"), "1 of 11, assistants-v2", "too short, and not confidential");
    assert_eq!(redactor().text("org-12345678"), "[redacted]");
}

#[test]
fn a_secret_that_is_cut_in_pieces_is_found() {
    let pieces: [&[u8]; 5] = [b"a hun", b"ter", b"22", b" b", b"hunter2"];
    let written = redactor().pieces(&pieces);
    assert_eq!(written.concat(), b"a [redacted] bhunter2");
    assert_eq!(written.len(), 5, "the cut stays");
    assert_eq!(written[0], b"a [redacted]");
}

#[test]
fn bytes_that_are_no_text_stay_as_they_are() {
    let written = redactor().pieces(&[&[0xff, 0xfe, 0], "ä".as_bytes()]);
    assert_eq!(written, [vec![0xff, 0xfe, 0], "ä".as_bytes().to_vec()]);
}

#[test]
fn json_is_searched_in_keys_and_numbers_too() {
    let value = json!({ "hunter22": [{ "a": "x hunter22 y" }, 445_566, 7, null] });
    assert_eq!(redactor().json(value), json!({ "[redacted]": [{ "a": "x [redacted] y" }, "[redacted]", 7, null] }));
}

#[test]
fn confidential_headers_are_hidden_whatever_they_say() {
    for name in ["Set-Cookie", "x-api-key", "Anthropic-Organization-Id", "openai-project", "x-amz-security-token"] {
        assert_eq!(redactor().header(name, "a"), "[redacted]", "{name}");
    }
    for name in ["content-type", "x-ratelimit-remaining-tokens", "x-request-id"] {
        assert_eq!(redactor().header(name, "a"), "a", "{name}");
    }
}

proptest! {
    /// However the network cuts what comes, no secret is left of it, and what is none stays.
    #[test]
    fn no_cut_hides_a_secret(
        parts in proptest::collection::vec(prop_oneof![Just("hunter22".to_owned()), "[hunter2 ]{0,5}", "\\PC{0,3}"], 0..12),
        cuts in proptest::collection::vec(any::<prop::sample::Index>(), 0..12),
    ) {
        let whole = parts.concat();
        let mut at: Vec<usize> = cuts.iter().map(|cut| cut.index(whole.len() + 1)).chain([0, whole.len()]).collect();
        at.sort_unstable();
        let pieces: Vec<&[u8]> = at.windows(2).map(|pair| &whole.as_bytes()[pair[0]..pair[1]]).collect();
        let written = redactor().pieces(&pieces);
        prop_assert_eq!(written.len(), pieces.len());
        let written = String::from_utf8(written.concat()).expect("whole characters for whole characters");
        prop_assert!(!written.contains("hunter22"), "{}", written);
        prop_assert_eq!(written, whole.replace("hunter22", "[redacted]"));
    }
}
