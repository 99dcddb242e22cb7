//! What stands of a value after each piece of its text.

use crate::llm::partial::Partial;
use proptest::prelude::*;
use serde_json::{Value, json};

fn after(pieces: &[&str]) -> Option<Value> {
    let mut partial = Partial::new();
    pieces.iter().for_each(|piece| partial.push(piece));
    partial.value().cloned()
}

#[test]
fn strings_grow_and_other_values_come_complete() {
    assert_eq!(after(&[""]), None);
    assert_eq!(after(&["{"]), Some(json!({})));
    assert_eq!(after(&["{\"a"]), Some(json!({})));
    assert_eq!(after(&["{\"a\":"]), Some(json!({})));
    assert_eq!(after(&["{\"a\": \""]), Some(json!({"a": ""})));
    assert_eq!(after(&["{\"a\": \"x\\"]), Some(json!({"a": "x"})));
    assert_eq!(after(&["{\"a\": \"x\\u00e"]), Some(json!({"a": "x"})));
    assert_eq!(after(&["{\"a\": \"x\\u00e", "9"]), Some(json!({"a": "xé"})));
    assert_eq!(after(&["[\"\\ud83d", "\\", "ud", "c27"]), Some(json!(["🐧"])));
    assert_eq!(after(&["[1, 2"]), Some(json!([1])));
    assert_eq!(after(&["[1, 2 "]), Some(json!([1, 2])));
    assert_eq!(after(&["[tru"]), Some(json!([])));
    assert_eq!(after(&["[tru", "e]"]), Some(json!([true])));
    assert_eq!(after(&["{\"a\": {\"b\": [{\"c\": \"d"]), Some(json!({"a": {"b": [{"c": "d"}]}})));
    assert_eq!(after(&["{\"a\": 1, \"a\": [2"]), Some(json!({"a": []})));
}

#[test]
fn it_begins_behind_prose_and_fences() {
    assert_eq!(after(&["Sure:\n```js", "on\n{\"a\": [1,"]), Some(json!({"a": [1]})));
    assert_eq!(after(&["use {x} and [this]: ", "{\"a\": true", "} and so on {\"b\""]), Some(json!({"a": true})));
    assert_eq!(after(&["the answer", " is {\"a\": \"b"]), Some(json!({"a": "b"})));
    assert_eq!(after(&["\"Here\" it is: [1, "]), Some(json!([1])));
    assert_eq!(after(&["see [1]: {\"a\": 1"]), Some(json!([1])));
    let mut partial = Partial::object();
    partial.push("see [1]: {\"a\": 1,");
    assert_eq!(partial.value(), Some(&json!({"a": 1})));
}

#[test]
fn what_is_no_json_is_left() {
    assert_eq!(after(&["{\"a\": 1, oops"]), None);
    assert_eq!(after(&["{\"a\": 1, oops {\"b\": 2"]), Some(json!({})));
    assert_eq!(after(&["[1 2]"]), None);
    assert_eq!(after(&["{\"a\": nan}"]), None);
    assert_eq!(after(&["[\"a\\qb\nc"]), Some(json!(["a\\qb\nc"])));
    assert_eq!(after(&["[\"\\ud83dx"]), Some(json!(["\\ud83dx"])));
}

#[test]
fn a_number_alone_is_complete_at_the_end() {
    let mut partial = Partial::new();
    partial.push(" 4");
    partial.push("2");
    assert_eq!((partial.value(), partial.is_complete()), (None, false));
    partial.finish();
    assert_eq!((partial.value(), partial.is_complete()), (Some(&json!(42)), true));
}

#[test]
fn what_is_too_deep_is_not_given() {
    assert!(after(&[&"[".repeat(127)]).is_some());
    assert_eq!(after(&[&"[".repeat(128)]), None);
    assert_eq!(after(&[&"[".repeat(100_000), "{\"a\": 1}"]), None);
}

#[test]
fn a_type_with_optional_fields_is_read_before_the_end() {
    #[derive(Debug, PartialEq, serde::Deserialize)]
    struct Catch<'a> {
        dish: Option<&'a str>,
        #[serde(default)]
        tons: u8,
    }
    let mut partial = Partial::new();
    partial.push("{\"dish\": \"kri");
    assert_eq!(partial.read(), Some(Catch { dish: Some("kri"), tons: 0 }));
}

#[test]
fn a_long_text_in_many_pieces_takes_time_in_proportion() {
    // Each piece read from the start again would be 10^12 letters.
    let mut partial = Partial::new();
    partial.push("{\"rows\": [");
    for number in 0..20_000 {
        for piece in ["{\"n\"", ": ", &number.to_string(), ", \"text\": \"some ", "words\"", "},"] {
            partial.push(piece);
        }
    }
    partial.push("{}]}");
    assert!(partial.is_complete());
    assert_eq!(partial.value().and_then(|value| value["rows"].as_array()).map(Vec::len), Some(20_001));
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_filter_map("finite", |number| number.is_finite().then(|| json!(number))),
        "[a-z\"\\\\\n\t\u{1}é🐧{}]{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-z\"\\\\é]{0,3}", inner, 0..4)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

/// As `json`, with every letter that is not ASCII escaped.
fn escaped(json: &str) -> String {
    let mut units = [0; 2];
    let escape = |letter: char| match letter {
        ' '..='~' => letter.to_string(),
        other => other.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")).collect(),
    };
    json.chars().map(escape).collect()
}

fn is_part(part: &Value, whole: &Value) -> bool {
    match (part, whole) {
        (Value::String(part), Value::String(whole)) => whole.starts_with(part.as_str()),
        (Value::Array(part), Value::Array(whole)) => {
            part.len() <= whole.len() && part.iter().zip(whole).all(|(part, whole)| is_part(part, whole))
        }
        (Value::Object(part), Value::Object(whole)) => {
            part.iter().all(|(key, part)| whole.get(key).is_some_and(|whole| is_part(part, whole)))
        }
        (part, whole) => part == whole,
    }
}

proptest! {
    #[test]
    fn what_stands_only_grows_and_ends_as_the_value(
        value in value(),
        cuts in prop::collection::vec(1_usize..9, 1..30),
        ascii in any::<bool>(),
        pretty in any::<bool>(),
    ) {
        let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) }.unwrap();
        let text = if ascii && !pretty { escaped(&text) } else { text };
        let whole: Value = serde_json::from_str(&text).unwrap();
        let mut partial = Partial::new();
        let mut before: Option<Value> = None;
        let letters: Vec<char> = text.chars().collect();
        let (mut at, mut sizes) = (0, cuts.iter().cycle());
        while at < letters.len() {
            let end = (at + sizes.next().unwrap()).min(letters.len());
            partial.push(&letters[at..end].iter().collect::<String>());
            at = end;
            if let Some(now) = partial.value() {
                prop_assert!(is_part(now, &whole), "{now} of {whole}");
                prop_assert!(before.as_ref().is_none_or(|before| is_part(before, now)));
                before = Some(now.clone());
            } else {
                prop_assert!(before.is_none());
            }
        }
        partial.finish();
        prop_assert_eq!(partial.value(), Some(&whole));
        prop_assert!(partial.is_complete());
    }

    #[test]
    fn any_text_is_read_alike_wherever_it_is_cut(text in "[\\[\\]{}:,\"\\\\u0-9a-f \ntrue-]{0,40}", at in any::<prop::sample::Index>()) {
        let mut whole = Partial::new();
        whole.push(&text);
        let (left, right) = text.split_at(at.index(text.len() + 1));
        let mut cut = Partial::new();
        cut.push(left);
        cut.push(right);
        prop_assert_eq!(whole.value(), cut.value());
    }
}
