//! Forms of a trace id, in and out.

use proptest::prelude::*;

use super::TraceId;

proptest! {
    #[test]
    fn an_id_survives_its_text_in_both_forms(bits: u128) {
        let id = TraceId::from_u128(bits);
        prop_assert_eq!(id.to_string().parse(), Ok(id));
        prop_assert_eq!(id.to_string().replace('-', "").to_uppercase().parse(), Ok(id));
        prop_assert_eq!(id.as_u128(), bits);
    }

    #[test]
    fn an_id_sorts_as_its_text_does(one: u128, other: u128) {
        let (one, other) = (TraceId::from_u128(one), TraceId::from_u128(other));
        prop_assert_eq!(one.cmp(&other), one.to_string().cmp(&other.to_string()));
    }

    #[test]
    fn an_id_is_a_string_in_json(bits: u128) {
        let id = TraceId::from_u128(bits);
        let json = serde_json::to_value(id).expect("an id serialises");
        prop_assert_eq!(&json, &serde_json::Value::from(id.to_string()));
        prop_assert_eq!(serde_json::from_value::<TraceId>(json).ok(), Some(id));
    }
}

#[test]
fn other_forms_of_a_uuid_are_refused() {
    for text in [
        "",
        "0190a6e7",
        "{0190a6e7-2b1c-7def-8a3b-0123456789ab}",
        "urn:uuid:0190a6e7-2b1c-7def-8a3b-0123456789ab",
        "0190a6e72b1c-7def-8a3b-0123456789ab-",
        "0190a6e7-2b1c-7def-8a3b-0123456789ag",
        "ä190a6e72b1c7def8a3b0123456789a",
    ] {
        let refused = text.parse::<TraceId>().expect_err(text);
        assert_eq!(refused.to_string(), "a trace id is a UUID: 32 hex digits, with or without the four hyphens");
    }
}

#[test]
fn a_wrong_id_in_json_is_told_in_our_words() {
    let refused = serde_json::from_str::<TraceId>("\"seven\"").expect_err("no id");
    assert!(refused.to_string().starts_with("a trace id is a UUID"), "{refused}");
    let refused = serde_json::from_str::<TraceId>("7").expect_err("no id");
    assert!(refused.to_string().contains("expected a trace id as text"), "{refused}");
}

#[test]
fn the_schema_is_a_uuid_string() {
    let schema = schemars::schema_for!(Vec<TraceId>);
    assert_eq!(schema.get("items"), Some(&serde_json::json!({ "type": "string", "format": "uuid" })));
}

#[test]
fn debug_and_padding_show_the_text() {
    let id = TraceId::from_u128(1);
    assert_eq!(format!("{id:?}"), "TraceId(00000000-0000-0000-0000-000000000001)");
    assert_eq!(format!("{id:>38}"), "  00000000-0000-0000-0000-000000000001");
}
