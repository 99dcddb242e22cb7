//! The steps between a schema and its dialect, by small schemas.

use crate::llm::dialect::absent::Shape;
use crate::llm::dialect::document::Document;
use crate::llm::dialect::note::Ledger;
use crate::llm::dialect::{parts, translate, walk};
use crate::llm::profile::Dialect;
use serde_json::{Value, json};

fn normal(schema: &Value) -> Value {
    let mut document = Document::of(schema);
    document.normalise(&mut Ledger::new());
    document.into_schema()
}

#[test]
fn all_of_objects_is_one_object() {
    let schema = json!({
        "allOf": [{"$ref": "#/$defs/A"}, {"type": "object", "properties": {"b": {"type": "string"}}, "required": ["b"]}],
        "$defs": {"A": {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]}},
    });
    let both = json!({
        "type": "object",
        "properties": {"a": {"type": "integer"}, "b": {"type": "string"}},
        "required": ["a", "b"],
    });
    assert_eq!(normal(&schema), both);
    // As it stands, it says at least that it is an object.
    let plain = translate(&schema, Dialect::Plain);
    assert_eq!(
        (&plain.schema["type"], &plain.schema["allOf"], plain.is_wrapped()),
        (&json!("object"), &schema["allOf"], false)
    );
    assert!(!translate(&schema, Dialect::OpenAi).is_wrapped());
}

#[test]
fn fields_beside_alternatives_are_in_each_of_them() {
    let schema = json!({
        "type": "object",
        "properties": {"id": {"type": "integer"}},
        "required": ["id"],
        "oneOf": [
            {"type": "object", "properties": {"a": {"const": 1}}, "required": ["a"]},
            {"$ref": "#/$defs/B", "type": "object", "properties": {"kind": {"const": "b"}}, "required": ["kind"]},
        ],
        "$defs": {"B": {"type": "object", "properties": {"b": {"type": "string"}}}},
    });
    let each = normal(&schema);
    assert_eq!(each["anyOf"][0]["required"], json!(["a", "id"]));
    assert_eq!(
        each["anyOf"][1]["properties"],
        json!({"kind": {"const": "b"}, "id": {"type": "integer"}, "b": {"type": "string"}})
    );
    assert!(each.get("$defs").is_none() && each.get("properties").is_none());
}

#[test]
fn what_refers_to_the_root_refers_to_a_definition_of_it() {
    let schema = json!({"title": "T x", "type": "object", "properties": {"up": {"$ref": "#"}}});
    let document = Document::of(&schema);
    assert_eq!(document.recursive().into_iter().collect::<Vec<_>>(), ["Tx"]);
    assert_eq!(document.into_schema()["properties"]["up"], json!({"$ref": "#/$defs/Tx"}));
    // A name that is taken is not taken again.
    let schema = json!({"title": "T", "properties": {"up": {"$ref": "#"}, "t": {"$ref": "#/$defs/T"}}, "$defs": {"T": {"type": "string"}}});
    assert_eq!(Document::of(&schema).into_schema()["properties"]["up"], json!({"$ref": "#/$defs/TRoot"}));
}

#[test]
fn schemas_that_merge_without_end_are_left() {
    let schema = json!({
        "$ref": "#/$defs/A",
        "$defs": {"A": {"type": "object", "properties": {"c": {"$ref": "#/$defs/A", "properties": {"k": {"type": "null"}}}}}},
    });
    for dialect in [Dialect::OpenAi, Dialect::Anthropic, Dialect::Google, Dialect::Bedrock, Dialect::Databricks] {
        assert!(translate(&schema, dialect).schema.to_string().len() < 100_000, "{dialect:?}");
    }
}

#[test]
fn each_schema_can_take_null_beside_what_it_takes() {
    for (schema, nullable) in [
        (json!({"type": "string"}), json!({"type": ["string", "null"]})),
        (json!({"type": ["string", "integer"]}), json!({"type": ["string", "integer", "null"]})),
        (json!({"type": "string", "enum": ["a"]}), json!({"type": ["string", "null"], "enum": ["a", null]})),
        (json!({"anyOf": [{"$ref": "#/$defs/A"}]}), json!({"anyOf": [{"$ref": "#/$defs/A"}, {"type": "null"}]})),
        (
            json!({"$ref": "#/$defs/A", "description": "d"}),
            json!({"anyOf": [{"$ref": "#/$defs/A"}, {"type": "null"}], "description": "d"}),
        ),
        (json!({"const": 1, "type": "integer"}), json!({"anyOf": [{"const": 1, "type": "integer"}, {"type": "null"}]})),
        (json!({}), json!({})),
        (json!({"type": ["null", "string"]}), json!({"type": ["null", "string"]})),
        (json!({"const": null}), json!({"const": null})),
    ] {
        let mut made = schema.clone();
        parts::or_null(&mut made);
        assert_eq!(made, nullable, "{schema}");
    }
}

#[test]
fn alternatives_within_alternatives_end() {
    let mut schema = json!({"type": "object", "properties": {"x": {"type": "integer"}}, "required": ["x"]});
    let mut value = json!({"y": null});
    for _ in 0..40 {
        let inner = json!({"type": "object", "properties": {"n": schema}, "required": ["n"]});
        // The same alternatives, which fail at the innermost value only.
        schema = json!({"anyOf": [inner, inner, inner]});
        value = json!({ "n": value });
        if schema.to_string().len() > 300_000 {
            break;
        }
    }
    let before = value.clone();
    Shape::of(&schema).strip(&mut value);
    assert_eq!(value, before);
}

#[test]
fn keys_are_counted_over_all_objects() {
    let schema = json!({
        "properties": {"a": {"properties": {"b": true, "properties": true}}, "list": {"items": {"properties": {"c": true}}}},
        "$defs": {"D": {"properties": {"d": true}}},
    });
    assert_eq!(walk::keys(&schema), 6);
}
