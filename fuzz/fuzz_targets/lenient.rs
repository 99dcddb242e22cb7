//! What models write for JSON: what is read of it stands there, JSON is read as it is, and a growing text gives a growing value.
#![no_main]

use libfuzzer_sys::fuzz_target;
use penguiflow::llm::Partial;
use penguiflow::llm::lenient::{self, Found, How, Repair};
use penguiflow_fuzz::text;
use serde_json::Value;

/// What models write with.
#[rustfmt::skip]
const WORDS: &[&str] = &[
    "{", "}", "[", "]", ":", ",", "\"", "'", "\\", "\n", " ", "```", "```json\n", "\n```\n", "\"a\": ", "\"b\": ", "{\"a\": ", "'a': ",
    "a: ", "true", "false", "null", "True", "None", "NaN", "-Infinity", "undefined", "0", "-0", "12", "-1.5e3", "1e999", "01",
    "18446744073709551616", "\"x\"", "'x'", "\\\"", "\\n", "\\u00e9", "\\ud83d", "\\udc27", "\\u12", "\\q", "“", "”", "‘", "’", "//", "/*",
    "*/", "#", "it's", "Here it is: ", "{\\\"a\\\": 1}", "\"{\\\"a\\\": [1]}\"", ",}", ",]", "é", "🐧", "\u{feff}", "\t", "\u{1}", "[[[[[[[[[[",
    "{\"a\":{\"a\":{\"a\":{\"a\":", "\r\n",
];

fuzz_target!(|bytes: &[u8]| {
    let text = text::of(bytes, WORDS);
    let found = lenient::candidates(&text);
    let strict = serde_json::from_str::<Value>(&text);
    if let Ok(value) = &strict {
        assert_eq!(found.first().map(|found| (&found.value, &found.how)), Some((value, &How::Strict)), "{text:?}");
    }
    let mut before = 0..0;
    for one in &found {
        check(&text, one);
        assert!(one.span.start >= before.end || one.span == before, "{text:?}: {found:?}");
        before = one.span.clone();
    }
    // Who asks for any value gets one exactly where there is one.
    assert_eq!(lenient::read::<Value>(&text).is_ok(), !found.is_empty(), "{text:?}");
    for item in found.into_iter().flat_map(Found::into_items) {
        check(&text, &item);
    }
    grows(&text, strict.ok());
});

/// What was read stands where it is said to stand.
fn check(text: &str, found: &Found) {
    let place = &text[found.span.clone()];
    if found.how == How::Strict {
        assert_eq!(serde_json::from_str::<Value>(place).ok().as_ref(), Some(&found.value), "{text:?}");
    }
    // In text within text, and behind escapes, other letters stand for them.
    if !found.how.repairs().contains(&Repair::Encoded) && !place.contains("\\u") {
        stands(place, &found.value);
    }
}

fn stands(place: &str, value: &Value) {
    match value {
        Value::Null => assert!(place.contains("null") || place.contains("None"), "{place:?}"),
        Value::Bool(yes) => {
            let words = if *yes { ["true", "True"] } else { ["false", "False"] };
            assert!(words.iter().any(|word| place.contains(word)), "{place:?}");
        }
        Value::Number(_) => {
            let is_of_one = |letter: char| !(letter.is_ascii_alphanumeric() || matches!(letter, '-' | '+' | '.'));
            let mut numbers = place.split(is_of_one).filter_map(|word| serde_json::from_str::<Value>(word).ok());
            assert!(numbers.any(|number| number == *value), "{value} in {place:?}");
        }
        Value::String(text) => stands_text(place, text),
        Value::Array(values) => values.iter().for_each(|value| stands(place, value)),
        Value::Object(fields) => fields.iter().for_each(|(key, value)| {
            stands_text(place, key);
            stands(place, value);
        }),
    }
}

/// Letter by letter in its order, with what an escape may stand for passed over.
fn stands_text(place: &str, text: &str) {
    let mut rest = place.chars();
    for letter in text.chars().filter(|letter| letter.is_ascii_alphanumeric()) {
        assert!(rest.any(|one| one == letter), "{text:?} in {place:?}");
    }
}

/// A value of a growing text only grows, however the text is cut, and ends as what `serde_json` reads.
fn grows(text: &str, strict: Option<Value>) {
    let (mut whole, mut cut) = (Partial::new(), Partial::new());
    whole.push(text);
    let mut before = None;
    for letter in text.chars() {
        cut.push(letter.encode_utf8(&mut [0; 4]));
        let now = cut.value().cloned();
        if strict.is_some() && !has_doubles(text) {
            assert!(
                before.as_ref().is_none_or(|before| now.as_ref().is_some_and(|now| is_part(before, now))),
                "{text:?}"
            );
        }
        before = now;
    }
    assert_eq!(whole.value(), cut.value(), "{text:?}");
    whole.finish();
    if let Some(value) = strict {
        assert_eq!(whole.value(), Some(&value), "{text:?}");
        assert!(whole.is_complete(), "{text:?}");
    }
}

/// Whether a field may be there twice: the second one takes the place of the first.
fn has_doubles(text: &str) -> bool {
    ["\"a\"", "\"b\"", "\"x\"", "\"\"", "\\u"].iter().any(|key| text.matches(key).count() > 1)
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
