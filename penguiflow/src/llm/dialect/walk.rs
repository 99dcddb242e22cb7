//! Visits each schema within a schema. Must not know what for.

use serde_json::{Map, Value};

/// The keywords whose value is a schema.
const ONE: [&str; 2] = ["items", "additionalProperties"];
/// The keywords whose value is a list of schemas.
const LIST: [&str; 4] = ["prefixItems", "anyOf", "oneOf", "allOf"];

/// Visits the schemas within `schema` first, and then itself. `true` is made the empty schema, which means the same.
pub(super) fn each(schema: &mut Value, path: &str, visit: &mut impl FnMut(&mut Map<String, Value>, &str)) {
    if *schema == Value::Bool(true) {
        *schema = Value::Object(Map::new());
    }
    let Value::Object(node) = schema else { return };
    if let Some(Value::Object(properties)) = node.get_mut("properties") {
        for (name, property) in properties {
            each(property, &format!("{path}/properties/{}", escaped(name)), visit);
        }
    }
    for keyword in ONE {
        if let Some(inner) = node.get_mut(keyword).filter(|inner| inner.is_object()) {
            each(inner, &format!("{path}/{keyword}"), visit);
        }
    }
    if let Some(items @ Value::Bool(true)) = node.get_mut("items") {
        each(items, &format!("{path}/items"), visit);
    }
    for keyword in LIST {
        if let Some(Value::Array(all)) = node.get_mut(keyword) {
            for (number, inner) in all.iter_mut().enumerate() {
                each(inner, &format!("{path}/{keyword}/{number}"), visit);
            }
        }
    }
    visit(node, path);
}

/// How many fields the objects of a schema have, all together.
pub(super) fn keys(schema: &Value) -> usize {
    let mut schema = schema.clone();
    let mut count = 0;
    let mut add = |node: &mut Map<String, Value>, _: &str| {
        count += node.get("properties").and_then(Value::as_object).map_or(0, Map::len);
    };
    each(&mut schema, "", &mut add);
    if let Some(Value::Object(defs)) = schema.get_mut("$defs") {
        defs.values_mut().for_each(|def| each(def, "", &mut add));
    }
    count
}

/// A name as a part of a JSON pointer.
pub(super) fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// How many schemas there are within a schema, itself included.
pub(super) fn count(schema: &Value) -> usize {
    let mut schema = schema.clone();
    let mut count = 0;
    each(&mut schema, "", &mut |_, _| count += 1);
    count
}
