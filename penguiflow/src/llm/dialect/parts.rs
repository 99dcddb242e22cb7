//! What several dialects do in the same way. Must not know which one asks.

use crate::llm::dialect::note::{Change, Holds, Ledger};
use crate::llm::dialect::words;
use serde_json::{Map, Value, json};

/// `oneOf` as `anyOf`: alternatives that exclude one another are checked by us.
pub(super) fn any_of(node: &mut Map<String, Value>) {
    if let Some(all) = node.remove("oneOf") {
        node.entry("anyOf").or_insert(all);
    }
}

/// A list for a tuple, whose description says what stands where.
pub(super) fn tuple_as_list(node: &mut Map<String, Value>, at: &str, ledger: &mut Ledger) {
    let Some(Value::Array(places)) = node.remove("prefixItems") else { return };
    let said: Vec<String> = places.iter().map(brief).collect();
    words::describe(node, &format!("[{} items: {}]", places.len(), said.join(", then ")));
    let mut kinds: Vec<Value> = Vec::new();
    for place in places {
        if !kinds.contains(&place) {
            kinds.push(place);
        }
    }
    let items = if kinds.len() == 1 { kinds.remove(0) } else { json!({ "anyOf": kinds }) };
    node.insert("items".to_owned(), items);
    ledger.note(at, Change::Tuple, Holds::Strict);
}

/// A schema in a few words.
pub(super) fn brief(schema: &Value) -> String {
    let values = schema.get("enum").or_else(|| schema.get("const"));
    let target = schema.get("$ref").and_then(Value::as_str).and_then(|target| target.rsplit('/').next());
    match (values, target, schema.get("type")) {
        (Some(values), _, _) => values.to_string(),
        (None, Some(name), _) => name.to_owned(),
        (None, None, Some(Value::String(name))) => name.clone(),
        (None, None, Some(names)) => names.to_string(),
        (None, None, None) => schema.to_string(),
    }
}

/// What kind of object a schema is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fields {
    /// It is not that of an object.
    None,
    /// It names its fields.
    Named,
    /// Its fields may have any name.
    Any,
}

pub(super) fn fields(node: &Map<String, Value>) -> Fields {
    if !has_type(node, "object") && !node.contains_key("properties") {
        return Fields::None;
    }
    let named = node.get("properties").and_then(Value::as_object).is_some_and(|properties| !properties.is_empty());
    match node.get("additionalProperties") {
        Some(Value::Bool(false)) => Fields::Named,
        None if named && !node.contains_key("patternProperties") => Fields::Named,
        Some(_) | None => Fields::Any,
    }
}

pub(super) fn has_type(node: &Map<String, Value>, name: &str) -> bool {
    match node.get("type") {
        Some(Value::String(one)) => one == name,
        Some(Value::Array(all)) => all.iter().any(|one| one == name),
        Some(_) | None => false,
    }
}

/// Whether the schema says nothing about its value.
pub(super) fn is_any(node: &Map<String, Value>) -> bool {
    ["type", "enum", "const", "anyOf", "oneOf", "allOf", "$ref", "properties", "items", "prefixItems", "not"]
        .iter()
        .all(|keyword| !node.contains_key(*keyword))
}

/// A reference alone in its schema, where something stands beside it.
pub(super) fn lone_ref(node: &mut Map<String, Value>) {
    if node.len() > 1
        && let Some(target) = node.remove("$ref")
    {
        node.insert("anyOf".to_owned(), json!([{ "$ref": target }]));
    }
}

/// Whether it takes `null`, as far as the schema itself says.
pub(super) fn takes_null(schema: &Value) -> bool {
    let Some(node) = schema.as_object() else { return *schema == Value::Bool(true) };
    let by_values = match (node.get("enum"), node.get("const")) {
        (Some(Value::Array(values)), _) => values.contains(&Value::Null),
        (_, Some(value)) => value.is_null(),
        (_, None) => true,
    };
    let by_type = !node.contains_key("type") || has_type(node, "null");
    let by_parts = ["anyOf", "oneOf"].iter().all(|keyword| match node.get(*keyword) {
        Some(Value::Array(all)) => all.iter().any(takes_null),
        Some(_) | None => true,
    });
    by_values && by_type && by_parts && !node.contains_key("$ref")
}

/// The same schema, or `null`.
pub(super) fn or_null(schema: &mut Value) {
    if takes_null(schema) {
        return;
    }
    let Value::Object(node) = schema else { return };
    if let Some(Value::Array(all)) = node.get_mut("anyOf") {
        all.push(json!({ "type": "null" }));
        return;
    }
    if !node.contains_key("const") && !node.contains_key("$ref") && node.contains_key("type") {
        match node.get_mut("type") {
            Some(Value::Array(all)) => all.push("null".into()),
            Some(one) => *one = json!([one.take(), "null"]),
            None => {}
        }
        if let Some(Value::Array(values)) = node.get_mut("enum") {
            values.push(Value::Null);
        }
        return;
    }
    let description = node.remove("description");
    let inner = std::mem::take(node);
    node.insert("anyOf".to_owned(), json!([inner, { "type": "null" }]));
    node.extend(description.map(|value| ("description".to_owned(), value)));
}

/// The type of the values of an `enum` or `const`, if they have one.
pub(super) fn type_of(values: &[Value]) -> Option<&'static str> {
    let mut names = values.iter().map(|value| match value {
        Value::Null => "null",
        // A switch is no number, whatever other languages think.
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    });
    let first = names.next()?;
    names.all(|name| name == first).then_some(first)
}

/// The values of a schema that has nothing but them.
pub(super) fn values(schema: &Value) -> Option<Vec<Value>> {
    match (schema.get("enum"), schema.get("const")) {
        (Some(Value::Array(values)), None) => Some(values.clone()),
        (None, Some(value)) => Some(vec![value.clone()]),
        _ => None,
    }
}
