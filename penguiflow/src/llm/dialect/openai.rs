//! OpenAI's strict subset. Must not know other dialects.
//!
//! <https://platform.openai.com/docs/guides/structured-outputs#supported-schemas>: the root is an object and no `anyOf`; every object is
//! closed and requires all its fields; `anyOf`, `$ref`, `$defs`, `enum` and `const` are there, `allOf`, `oneOf`, `not`, `if` and their like are
//! not; recursion is. Rules such as `pattern` and `minimum` are taken by some models and refused by others, so all are told in words.

use crate::llm::dialect::note::{Change, Holds, Ledger};
use crate::llm::dialect::parts::{self, Fields};
use crate::llm::dialect::words;
use serde_json::{Map, Value};

pub(super) fn node(node: &mut Map<String, Value>, at: &str, ledger: &mut Ledger) {
    words::drop(node, &words::ANNOTATIONS);
    parts::any_of(node);
    parts::tuple_as_list(node, at, ledger);
    words::tell(node, at, ledger, |_, _| false);
    let fields = parts::fields(node);
    words::drop_wordless(node, at, ledger);
    if node.remove("allOf").is_some() {
        ledger.note(at, Change::Dropped { keyword: "allOf" }, Holds::No);
    }
    match fields {
        Fields::Named => close(node, at, ledger),
        Fields::Any => ledger.note(at, Change::AnyField, Holds::Loose),
        Fields::None if parts::is_any(node) => ledger.note(at, Change::AnyValue, Holds::Loose),
        Fields::None => {}
    }
    if let Some(values) = node.get("const").filter(|_| !node.contains_key("type")) {
        let name = parts::type_of(std::slice::from_ref(values));
        node.extend(name.map(|name| ("type".to_owned(), name.into())));
    }
    parts::lone_ref(node);
}

/// Requires all fields. One that may be left out may be `null` instead, which is taken away again before serde sees it.
fn close(node: &mut Map<String, Value>, at: &str, ledger: &mut Ledger) {
    if node.contains_key("anyOf") || node.contains_key("$ref") {
        // Closed, it would refuse the fields of the others.
        ledger.note(at, Change::AnyField, Holds::Loose);
        return;
    }
    let mut required = match node.remove("required") {
        Some(Value::Array(names)) => names,
        Some(_) | None => Vec::new(),
    };
    if let Some(Value::Object(properties)) = node.get_mut("properties") {
        required.retain(|name| name.as_str().is_some_and(|name| properties.contains_key(name)));
        for (name, property) in properties {
            if !required.iter().any(|one| one == name) {
                required.push(Value::String(name.clone()));
                parts::or_null(property);
            }
        }
    }
    node.entry("properties").or_insert_with(|| Map::new().into());
    node.insert("required".to_owned(), Value::Array(required));
    node.insert("additionalProperties".to_owned(), Value::Bool(false));
}
