//! What Databricks' constrained decoding takes. Must not know other dialects.
//!
//! <https://docs.databricks.com/aws/en/machine-learning/model-serving/structured-outputs#limitations>: 64 keys; no `pattern`, no length or
//! count rules, no `anyOf`, `oneOf`, `allOf`, `prefixItems`, `$ref`; of lists of types only one with `null`.

use crate::llm::dialect::note::{Change, Holds, Ledger};
use crate::llm::dialect::parts::{self, Fields};
use crate::llm::dialect::words;
use serde_json::{Map, Value};

const KEYS_MAX: usize = 64;

pub(super) fn node(node: &mut Map<String, Value>, at: &str, ledger: &mut Ledger) {
    words::drop(node, &words::ANNOTATIONS);
    parts::any_of(node);
    parts::tuple_as_list(node, at, ledger);
    words::tell(node, at, ledger, |keyword, _| {
        matches!(keyword, "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf")
    });
    let fields = parts::fields(node);
    words::drop_wordless(node, at, ledger);
    if let Some(value) = node.remove("const") {
        let name = parts::type_of(std::slice::from_ref(&value));
        node.insert("enum".to_owned(), Value::Array(vec![value]));
        if let Some(name) = name {
            node.entry("type").or_insert_with(|| name.into());
        }
    }
    if node.remove("allOf").is_some() {
        ledger.note(at, Change::Dropped { keyword: "allOf" }, Holds::No);
    }
    if let Some(Value::Array(all)) = node.remove("anyOf") {
        union(node, all, at, ledger);
    }
    if let Some(items) = node.get_mut("items") {
        // The kinds of a tuple's places are alternatives, too.
        if let Some(Value::Array(all)) = items.as_object_mut().and_then(|items| items.remove("anyOf")) {
            let (at, items) = (format!("{at}/items"), items.as_object_mut());
            items.into_iter().for_each(|items| union(items, all.clone(), &at, ledger));
        }
    }
    match fields {
        Fields::Named => {
            node.entry("additionalProperties").or_insert(Value::Bool(false));
        }
        Fields::Any => ledger.note(at, Change::AnyField, Holds::Loose),
        Fields::None => {}
    }
}

pub(super) fn end(schema: &Value, ledger: &mut Ledger) {
    let count = super::walk::keys(schema);
    if count > KEYS_MAX {
        ledger.note("", Change::TooMany { what: "keys", count, most: KEYS_MAX }, Holds::Loose);
    }
}

/// Alternatives: values as one list of them, one beside `null` as that one, and others in words.
fn union(node: &mut Map<String, Value>, mut all: Vec<Value>, at: &str, ledger: &mut Ledger) {
    let before = all.len();
    all.retain(|one| one.get("type").is_none_or(|name| name != "null"));
    let nullable = all.len() < before;
    let values: Option<Vec<Vec<Value>>> = all.iter().map(parts::values).collect();
    if let [Value::Object(only)] = all.as_slice() {
        for (keyword, value) in only {
            node.entry(keyword).or_insert_with(|| value.clone());
        }
    } else if let Some(values) = values.map(|values| values.concat())
        && let Some(name) = parts::type_of(&values)
    {
        for one in &all {
            let said = one.get("description").and_then(Value::as_str);
            said.iter().for_each(|said| words::describe(node, &format!("[{}: {said}]", parts::brief(one))));
        }
        node.insert("type".to_owned(), name.into());
        node.insert("enum".to_owned(), Value::Array(values));
    } else {
        let said: Vec<String> = all.iter().map(Value::to_string).collect();
        words::describe(node, &format!("[one of these JSON schemas: {}]", said.join(" or ")));
        if all.iter().all(|one| one.get("type").is_some_and(|name| name == "object")) {
            node.insert("type".to_owned(), "object".into());
        }
        ledger.note(at, Change::Alternatives, Holds::No);
        return;
    }
    if nullable {
        let mut schema = Value::Object(std::mem::take(node));
        parts::or_null(&mut schema);
        *node = match schema {
            Value::Object(node) => node,
            _ => Map::new(),
        };
    }
}
