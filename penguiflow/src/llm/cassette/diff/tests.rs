//! What is told of two requests.

use super::differences;
use crate::llm::cassette::redact::Redactor;
use crate::llm::cassette::tape::Asked;
use crate::llm::transport::HttpRequest;
use serde_json::{Value, json};

fn asked(url: &str, body: &Value) -> Asked {
    let request = HttpRequest::json(url, body);
    Asked::of(&request, &Redactor::new(&request, &[]))
}

fn told(recorded: &Value, body: &Value) -> Vec<String> {
    let (_, told) = differences(&asked("https://a", recorded), &asked("https://a", body));
    told.iter().map(|one| format!("{} {:?} {:?}", one.path, one.recorded, one.asked)).collect()
}

#[test]
fn the_same_in_another_order_of_keys_is_the_same() {
    let one = Asked::of(&raw(br#"{"a":1,"b":{"c":2,"d":[3]}}"#), &Redactor::new(&raw(b""), &[]));
    let other = Asked::of(&raw(b"{ \"b\": {\"d\":[3], \"c\":2},\n \"a\":1}"), &Redactor::new(&raw(b""), &[]));
    assert_eq!(differences(&one, &other), (0, vec![]));
}

fn raw(body: &[u8]) -> HttpRequest {
    HttpRequest { body: body.to_vec(), ..HttpRequest::json("https://a", &Value::Null) }
}

#[test]
fn each_difference_has_its_path() {
    let recorded = json!({ "messages": [{ "content": "a" }, { "content": "b" }], "gone": 1, "x y": true });
    let body = json!({ "messages": [{ "content": "c" }], "new": null, "x y": "true" });
    assert_eq!(
        told(&recorded, &body),
        [
            r#"body.gone Some("1") None"#,
            r#"body.messages[0].content Some("\"a\"") Some("\"c\"")"#,
            r#"body.messages[1] Some("{\"content\":\"b\"}") None"#,
            r#"body["x y"] Some("true") Some("\"true\"")"#,
            r#"body.new None Some("null")"#,
        ]
    );
}

#[test]
fn the_place_where_long_texts_part_is_shown() {
    let same = "x".repeat(5_000);
    let told = told(&json!(format!("{same}one{same}")), &json!(format!("{same}two{same}")));
    assert!(told[0].contains("xone") && told[0].contains("xtwo"), "{told:?}");
    assert!(told[0].len() < 600, "{} letters", told[0].len());
}

#[test]
fn many_differences_are_counted_and_not_all_told() {
    let (one, other): (Vec<u32>, Vec<u32>) = ((0..1_000).collect(), (1..1_001).collect());
    let (count, told) = differences(&asked("https://a", &json!(one)), &asked("https://b", &json!(other)));
    assert_eq!((count, told.len()), (1_001, 20));
    assert_eq!((told[0].path.as_str(), told[0].asked.as_deref()), ("url", Some("\"https://b\"")));
}

#[test]
fn a_body_that_is_no_json_is_compared_as_it_is() {
    let of = |body: &[u8]| Asked::of(&raw(body), &Redactor::new(&raw(b""), &[]));
    assert_eq!(differences(&of(b"a=1"), &of(b"a=1")).0, 0);
    assert_eq!(differences(&of(b"a=1"), &of(b"a=2")).1[0].recorded.as_deref(), Some("\"a=1\""));
    assert_eq!(differences(&of(b"{}"), &of(&[0xff])).0, 1);
}
