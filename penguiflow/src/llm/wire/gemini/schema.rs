//! Says in JSON schema what Google's own schemas say with `nullable`. Must not know what a schema is for.

use serde_json::{Map, Value, json};

/// The schema without `nullable`. What a field of that name holds is a schema and stays.
pub(crate) fn plain(schema: &Value) -> Value {
    match schema {
        Value::Object(fields) => {
            let mut plain: Map<String, Value> =
                fields.iter().map(|(name, value)| (name.clone(), self::plain(value))).collect();
            if let Some(Value::Bool(nullable)) = fields.get("nullable") {
                plain.remove("nullable");
                if *nullable {
                    allow_null(&mut plain);
                }
            }
            plain.into()
        }
        Value::Array(all) => all.iter().map(plain).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => schema.clone(),
    }
}

fn allow_null(schema: &mut Map<String, Value>) {
    if let Some(kind) = schema.get_mut("type") {
        match kind {
            Value::String(one) => *kind = json!([one, "null"]),
            Value::Array(all) if !all.contains(&json!("null")) => all.push("null".into()),
            _ => {}
        }
    }
    if let Some(Value::Array(any)) = schema.get_mut("anyOf") {
        any.push(json!({ "type": "null" }));
    }
    if let Some(Value::Array(values)) = schema.get_mut("enum")
        && !values.contains(&Value::Null)
    {
        values.push(Value::Null);
    }
}
