//! What Gemini takes. Must not know other dialects.
//!
//! <https://ai.google.dev/gemini-api/docs/structured-output#json-schema-support> and `responseJsonSchema` of
//! <https://ai.google.dev/api/generate-content#generationconfig>: `enum` and no `const`, `anyOf` and no `oneOf`, bounds and counts of items,
//! `additionalProperties`; nothing beside a `$ref`, and recursion only as far as it is unrolled.

use crate::llm::dialect::note::{Change, Holds, Ledger};
use crate::llm::dialect::parts;
use crate::llm::dialect::words;
use serde_json::{Map, Value};

pub(super) fn node(node: &mut Map<String, Value>, at: &str, ledger: &mut Ledger) {
    words::drop(node, &words::ANNOTATIONS);
    words::drop(node, &["discriminator"]);
    parts::any_of(node);
    words::tell(node, at, ledger, |keyword, _| matches!(keyword, "minimum" | "maximum" | "minItems" | "maxItems"));
    words::drop_wordless(node, at, ledger);
    if node.remove("allOf").is_some() {
        ledger.note(at, Change::Dropped { keyword: "allOf" }, Holds::No);
    }
    if let Some(value) = node.remove("const") {
        node.insert("enum".to_owned(), Value::Array(vec![value]));
    }
    if let Some(Value::Array(values)) = node.get("enum")
        && !node.contains_key("type")
    {
        let name = parts::type_of(values);
        node.extend(name.map(|name| ("type".to_owned(), name.into())));
    }
    nullable_type(node);
    nullable_union(node);
    parts::lone_ref(node);
}

/// `nullable` for a type of which the other one is `null`.
fn nullable_type(node: &mut Map<String, Value>) {
    let Some(Value::Array(names)) = node.get_mut("type") else { return };
    let before = names.len();
    names.retain(|name| name != "null");
    let was_nullable = names.len() < before;
    match names.as_slice() {
        [one] => {
            let one = one.clone();
            node.insert("type".to_owned(), one);
        }
        // Several types stay several.
        _ if was_nullable => {
            names.push("null".into());
            return;
        }
        _ => return,
    }
    if was_nullable {
        if let Some(Value::Array(values)) = node.get_mut("enum") {
            values.retain(|value| !value.is_null());
        }
        node.insert("nullable".to_owned(), Value::Bool(true));
    }
}

/// `nullable` for two alternatives of which one is `null`. A reference stays one of two, since nothing may stand beside it.
fn nullable_union(node: &mut Map<String, Value>) {
    let Some(Value::Array(all)) = node.get("anyOf") else { return };
    let is_null = |one: &Value| one.get("type").is_some_and(|name| name == "null");
    let others: Vec<&Value> = all.iter().filter(|one| !is_null(one)).collect();
    if all.len() != 2 || others.len() != 1 {
        return;
    }
    let Some(other) = others.first().and_then(|other| other.as_object()).filter(|other| !other.contains_key("$ref"))
    else {
        return;
    };
    let other = other.clone();
    node.remove("anyOf");
    for (keyword, value) in other {
        node.entry(keyword).or_insert(value);
    }
    node.insert("nullable".to_owned(), Value::Bool(true));
}
