//! Rows and properties of what is read from texts.

use crate::llm::lenient::{Found, How, LenientError, Repair, candidates, read};
use serde_json::{Value, json};

fn only(text: &str) -> Found {
    let mut found = candidates(text);
    assert_eq!(found.len(), 1, "{text}: {found:?}");
    found.remove(0)
}

fn values(text: &str) -> Vec<Value> {
    candidates(text).into_iter().map(|found| found.value).collect()
}

#[track_caller]
fn repaired(text: &str, value: Value, repairs: &[Repair]) {
    let found = only(text);
    assert_eq!(found.value, value, "{text}");
    assert_eq!(found.how, How::of(repairs.to_vec()), "{text}");
}

#[track_caller]
fn cut(text: &str, value: Value) {
    let found = only(text);
    assert_eq!(found.value, value, "{text}");
    assert!(matches!(found.how, How::Cut(_)), "{text}: {:?}", found.how);
}

#[test]
fn json_is_read_wherever_it_stands() {
    for text in [
        r#"{"a": 1}"#,
        "  {\"a\": 1}\n",
        "Sure! {\"a\": 1} Anything else?",
        "```json\n{\"a\": 1}\n```",
        "```\n{\"a\": 1}\n```\nand so on",
        "```JSON5 title=x\n{\"a\": 1}\n```",
        "```json\n{\"a\": 1}",
        "~~~\n{\"a\": 1}\n~~~",
        "\u{feff}{\"a\": 1}",
        "use { and [ as you like, it's {\"a\": 1}",
        "see [the note](http://example.org) and {\"a\": 1}",
        "the set {x} holds {\"a\": 1}",
    ] {
        let found = only(text);
        assert_eq!((found.value, found.how), (json!({"a": 1}), How::Strict), "{text}");
        assert_eq!(&text[found.span], r#"{"a": 1}"#, "{text}");
    }
}

#[test]
fn several_values_come_in_their_order() {
    let (a, b) = (json!({"a": 1}), json!({"b": 2}));
    for text in [
        r#"{"a": 1}{"b": 2}"#,
        "{\"a\": 1}\n{\"b\": 2}\n",
        "```json\n{\"a\": 1}\n```\nthen\n```json\n{\"b\": 2}\n```",
        "```json\n{\"a\": 1}\n{\"b\": 2}\n```",
        "first {\"a\": 1}, then ```{\"b\": 2}",
    ] {
        assert_eq!(values(text), [a.clone(), b.clone()], "{text}");
    }
}

#[test]
fn the_items_of_a_list_have_their_own_places() {
    let text = r#"do [{"a": 1}, 7, {"b": 2}, [3]]"#;
    let found = only(text);
    assert_eq!(found.value, json!([{"a": 1}, 7, {"b": 2}, [3]]));
    let items: Vec<(Value, &str)> = found.into_items().into_iter().map(|item| (item.value, &text[item.span])).collect();
    assert_eq!(items, [(json!({"a": 1}), r#"{"a": 1}"#), (json!({"b": 2}), r#"{"b": 2}"#), (json!([3]), "[3]")]);
}

#[test]
fn only_the_last_item_of_a_cut_list_is_cut() {
    let items = only(r#"[{"a": 1}, {"b": 2}, {"c": "x"#).into_items();
    assert_eq!(items.iter().map(|item| item.how.is_whole()).collect::<Vec<_>>(), [true, true, false]);
    assert_eq!(items[2].value, json!({"c": "x"}));
}

#[test]
fn json_in_a_string_is_found_behind_the_string() {
    let text = r#""{\"a\": \"b\"}""#;
    let found = candidates(text);
    assert_eq!(found[0].value, json!("{\"a\": \"b\"}"));
    assert_eq!(found[0].how, How::Strict);
    assert_eq!((&found[1].value, &found[1].how), (&json!({"a": "b"}), &How::Repaired(vec![Repair::Encoded])));
    assert_eq!(found[1].span, 0..text.len());
    // Twice, and in prose.
    assert_eq!(values(&serde_json::to_string(text).unwrap()).last(), Some(&json!({"a": "b"})));
    let text = r#"I call it with "{\"a\": [1, \"x\"]}" now."#;
    let found = only(text);
    assert_eq!((found.value, &text[found.span]), (json!({"a": [1, "x"]}), r#""{\"a\": [1, \"x\"]}""#));
    assert_eq!(values(r#"{\"a\": 1}"#), [json!({"a": 1})]);
    // The quote between them ends the first.
    let text = r#"so: "{\"a"{\"a\": 1}""#;
    let places: Vec<&str> = candidates(text).into_iter().map(|found| &text[found.span]).collect();
    assert_eq!(places, [r#""{\"a""#, r#"{\"a\": 1}""#]);
}

#[test]
fn what_json_does_not_have_is_read_and_told() {
    use Repair::{Commas, Comments, Controls, Escapes, InnerQuotes, Keys, Literals, Quotes};
    repaired(r#"{"a": 1,}"#, json!({"a": 1}), &[Commas]);
    repaired(r#"[1, 2,]"#, json!([1, 2]), &[Commas]);
    repaired(r#"[{"a": 1} {"a": 2}]"#, json!([{"a": 1}, {"a": 2}]), &[Commas]);
    repaired("{\"a\": \"x\"\n \"b\": 1}", json!({"a": "x", "b": 1}), &[Commas]);
    repaired("{'a': 'it''s'}", json!({"a": "it''s"}), &[Quotes, InnerQuotes]);
    repaired(r#"{'a': 'it\'s', "b": "it's"}"#, json!({"a": "it's", "b": "it's"}), &[Quotes, Escapes]);
    repaired("{'a': 'it's'}", json!({"a": "it's"}), &[Quotes, InnerQuotes]);
    repaired(r#"{"a": "it"s ok", "b": 1}"#, json!({"a": "it\"s ok", "b": 1}), &[InnerQuotes]);
    repaired("{“a”: “b”, ‘c’: ‘d’}", json!({"a": "b", "c": "d"}), &[Quotes]);
    repaired(r#"{"a": "she said “hi”, and left"}"#, json!({"a": "she said “hi”, and left"}), &[]);
    repaired("{'a': True, 'b': False, 'c': None}", json!({"a": true, "b": false, "c": null}), &[Quotes, Literals]);
    repaired("{a: 1, $b_2: 2, c-d: 3}", json!({"a": 1, "$b_2": 2, "c-d": 3}), &[Keys]);
    repaired("{\"a\": \"two\nlines\"}", json!({"a": "two\nlines"}), &[Controls]);
    repaired(r#"{"a": "\d+ C:\dir \ud83d"}"#, json!({"a": "\\d+ C:\\dir \\ud83d"}), &[Escapes]);
    repaired(
        "{/* one */ \"a\": 1, // two\n# three\n \"b\": \"http://x\"}",
        json!({"a": 1, "b": "http://x"}),
        &[Comments],
    );
}

#[test]
fn what_is_cut_off_is_closed_and_nothing_is_added() {
    cut(r#"{"a": 1, "b": "hel"#, json!({"a": 1, "b": "hel"}));
    cut(r#"{"a": 1, "b": tr"#, json!({"a": 1}));
    cut(r#"{"a": 1, "b": 12"#, json!({"a": 1}));
    cut(r#"{"a": 1, "b": "#, json!({"a": 1}));
    cut(r#"{"a": 1, "b"#, json!({"a": 1}));
    cut(r#"{"a": 1, "b""#, json!({"a": 1}));
    cut(r#"{"a": 1, b"#, json!({"a": 1}));
    cut(r#"{"a": 1,"#, json!({"a": 1}));
    cut(r#"{"a": [1, {"b": [true, fals"#, json!({"a": [1, {"b": [true]}]}));
    cut(r#"{"a": "x\u00"#, json!({"a": "x"}));
    cut(r#"{"a": "x\"#, json!({"a": "x"}));
    cut(r#"{"a": "x\ud83d"#, json!({"a": "x"}));
    cut(r#"{"a": "x\ud83d\ud"#, json!({"a": "x"}));
    cut(r#"{'a': 'hel"#, json!({"a": "hel"}));
    cut("```json\n{\"a\": [1,\n```", json!({"a": [1]}));
    cut("```json\n{\"a\": \"hel\n```\n", json!({"a": "hel"}));
    cut("```json\n{\"a\": \"hel\n```\nThat is all.", json!({"a": "hel"}));
    cut("{", json!({}));
}

#[test]
fn what_is_no_value_is_refused_and_not_replaced() {
    for (text, bad) in [
        (r#"{"a": NaN}"#, "NaN"),
        (r#"{"a": [1, -Infinity, 2]}"#, "-Infinity"),
        (r#"{"a": undefined, "b": {"c": 1}}"#, "undefined"),
        (r#"[1e999]"#, "1e999"),
        (r#"{"a": 1, "b": nan, "#, "nan"),
    ] {
        assert_eq!(values(text), Vec::<Value>::new(), "{text}");
        let error = read::<Value>(text).unwrap_err();
        assert!(matches!(&error, LenientError::NotANumber { word, .. } if word == bad), "{text}: {error}");
    }
    assert_eq!(values("[undefined] behaviour: {\"a\": 1}"), [json!({"a": 1})]);
}

#[test]
fn what_cannot_be_meant_is_not_guessed_at() {
    for text in [
        "no JSON at all",
        "",
        "{a: hello}",
        "[1,,2]",
        "[,1]",
        "{\"a\" 1}",
        "{\"a\": }",
        "[1, 2}",
        "[01]",
        "[+1]",
        "[1_000]",
        "[2024-01-01]",
        "[.5]",
        "a } and a ]",
        "I said 'this'",
        "true enough",
        "42 is the answer",
    ] {
        assert_eq!(values(text), Vec::<Value>::new(), "{text}");
        assert!(matches!(read::<Value>(text), Err(LenientError::NoJson)), "{text}");
    }
}

#[test]
fn a_complete_piece_of_something_broken_is_found_as_such() {
    let text = r#"[{"a": 1}, oops, {"b": 2}]"#;
    let found = candidates(text);
    let torn = How::Repaired(vec![Repair::Torn]);
    let rows: Vec<_> = found.into_iter().map(|found| (found.value, found.how, &text[found.span])).collect();
    assert_eq!(rows, [(json!({"a": 1}), torn, r#"{"a": 1}"#), (json!({"b": 2}), How::Strict, r#"{"b": 2}"#)]);
}

#[test]
fn other_values_stand_alone_or_not_at_all() {
    assert_eq!(only("42").value, json!(42));
    assert_eq!(only("```json\ntrue\n```").value, json!(true));
    assert_eq!(only("```\n\"word\"\n```").value, json!("word"));
    repaired("'word'", json!("word"), &[Repair::Quotes]);
    repaired("None", json!(null), &[Repair::Literals]);
    assert_eq!(read::<u8>("```\n7\n```").unwrap().value, 7);
}

#[test]
fn the_last_of_two_fields_of_one_name_counts() {
    assert_eq!(only(r#"{"a": 1, "a": 2}"#).value, json!({"a": 2}));
    assert_eq!(only(r#"{'a': {"x": 1}, 'a': 2}"#).value, json!({"a": 2}));
}

#[test]
fn a_value_is_taken_where_it_fits_and_the_least_was_repaired() {
    #[derive(Debug, PartialEq, serde::Deserialize)]
    struct A {
        a: u8,
    }
    let read_a = |text: &str| read::<A>(text).map(|read| (read.value.a, read.others));
    assert_eq!(read_a(r#"{"b": 1} {'a': 2} {"a": 3}"#).unwrap(), (3, 2));
    assert_eq!(read_a(r#"{"a": 1} {"a": 2}"#).unwrap(), (1, 1));
    assert_eq!(read_a(r#"[{"b": 1}, {"a": 2}]"#).unwrap(), (2, 0));
    assert_eq!(read_a(r#""{\"a\": 4}""#).unwrap(), (4, 1));
    assert!(matches!(read_a(r#"{"a": 300}"#), Err(LenientError::OtherType { .. })));
    assert_eq!(read::<Vec<A>>("- [ ] to do\n[{\"a\": 1}]").unwrap().value, [A { a: 1 }]);
    assert_eq!(read::<Vec<A>>("nothing: []").unwrap().value, []);
    let strict = read::<String>(r#""{\"a\": 1}""#).unwrap();
    assert_eq!((strict.value.as_str(), strict.how), (r#"{"a": 1}"#, How::Strict));
}

#[test]
fn depth_and_size_have_limits() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert_eq!(only(&nested(127)).value, serde_json::from_str::<Value>(&nested(127)).unwrap());
    assert!(matches!(read::<Value>(&nested(128)), Err(LenientError::TooDeep { at: 127 })));
    assert_eq!(values(&(nested(200) + r#"{"a": 1}"#)), [json!({"a": 1})]);
    let large = " ".repeat(super::BYTES_MAX + 1);
    assert!(matches!(read::<Value>(&large), Err(LenientError::TooLarge { .. })));
    assert_eq!(candidates(&"[]".repeat(2_000)).len(), super::scan::FOUND_MAX);
}

#[test]
fn no_text_takes_more_than_linear_time() {
    // Each of them takes minutes where a bracket or a quote makes one look at the rest of the text again.
    for piece in [
        "[",
        "{",
        "[{",
        "{\"a\":",
        "[\"a\" ",
        "['",
        "{'",
        "{'a': '",
        "['a' b ",
        "[\"a\" b ",
        "```\n",
        "```json\n{",
        "{\"a\": \"\n```",
        "/*",
        "[/*",
        "{//",
        "[ # \n",
        "\\\"",
        "{\\\"",
        "[\"\\u",
        "{“",
        "[“a” ",
        "‘",
        "{a",
        "[1 ",
        "[tru",
        "{\"a\": {}, ",
        "[]",
        "{ ",
        "\"{",
        "[[{\\n",
        "{{\\\"",
        "NaN",
        "[NaN,",
        "\"",
        "'",
        "“",
    ] {
        let text = piece.repeat(150_000 / piece.len());
        assert!(candidates(&text).len() <= super::scan::FOUND_MAX, "{piece}");
    }
}

mod properties {
    use super::*;
    use proptest::prelude::*;

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            any::<f64>().prop_filter_map("finite", |number| number.is_finite().then(|| json!(number))),
            "[a-z\"'\\\\“’\n\t{}\\[\\]:,é🐧`/# -]{0,12}".prop_map(Value::from),
        ];
        leaf.prop_recursive(5, 40, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                prop::collection::btree_map("[a-z\"'\\\\ é]{0,6}", inner, 0..5)
                    .prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    /// What letters of JSON and prose make up.
    fn soup() -> impl Strategy<Value = String> {
        let piece = prop::sample::select(vec![
            "{", "}", "[", "]", ":", ",", "\"", "'", "\\", "\n", " ", "a", "b", "1", "-", "2.5", "true", "None", "NaN",
            "“", "’", "//", "/*", "*/", "#", "```", "\"a\":", "{\"a\":", "\\u00e9", "\\ud83d", "é", "🐧", "null",
            "\\\"",
        ]);
        prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
    }

    fn strings<'v>(value: &'v Value, all: &mut Vec<&'v str>) {
        match value {
            Value::String(text) => all.push(text),
            Value::Array(values) => values.iter().for_each(|value| strings(value, all)),
            Value::Object(fields) => fields.iter().for_each(|(key, value)| {
                all.push(key);
                strings(value, all);
            }),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    proptest! {
        #[test]
        fn json_comes_out_as_it_is(value in value(), pretty in any::<bool>()) {
            let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) }.unwrap();
            let found = candidates(&text).remove(0);
            prop_assert_eq!(&found.value, &serde_json::from_str::<Value>(&text).unwrap());
            prop_assert_eq!((found.how, found.span), (How::Strict, 0..text.len()));
        }

        #[test]
        fn json_in_prose_comes_out_as_it_is(value in value(), before in "[a-zA-Z .,!\n]{0,20}", after in "[a-zA-Z .,!\n]{0,20}") {
            prop_assume!(value.is_object() || value.is_array());
            let json = value.to_string();
            let text = format!("{before}{json}{after}");
            let found = candidates(&text);
            prop_assert_eq!(&found[0].value, &value);
            prop_assert_eq!(found[0].span.clone(), before.len()..before.len() + json.len());
        }

        #[test]
        fn nothing_is_made_up(text in soup()) {
            for found in candidates(&text) {
                let place = &text[found.span.clone()];
                let mut all = Vec::new();
                strings(&found.value, &mut all);
                // Escapes aside, each word of a string stands where it was read from.
                for word in all.iter().flat_map(|one| one.split(|letter: char| !letter.is_ascii_alphanumeric())) {
                    prop_assert!(place.contains(word), "{word:?} of {found:?} in {text:?}");
                }
                if found.how == How::Strict {
                    prop_assert_eq!(serde_json::from_str::<Value>(place).unwrap(), found.value);
                }
            }
        }

        #[test]
        fn places_are_in_order_and_apart(text in soup()) {
            let mut last = 0..0;
            for found in candidates(&text) {
                prop_assert!(found.span.start >= last.end || found.span == last, "{text:?}");
                last = found.span;
            }
        }

        #[test]
        fn what_is_cut_has_nothing_that_the_whole_has_not(value in value(), at in any::<prop::sample::Index>()) {
            let text = json!({ "only": value }).to_string();
            let mut at = at.index(text.len());
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            for found in candidates(&text[..at]) {
                prop_assert!(matches!(found.how, How::Cut(_)), "{text} at {at}: {found:?}");
                prop_assert!(is_part(&found.value, &json!({ "only": value })), "{text} at {at}: {found:?}");
            }
        }
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
}
