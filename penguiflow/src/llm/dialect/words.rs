//! Says in words what a dialect has no keyword for. Must not know a dialect.

use crate::llm::dialect::note::{Change, Holds, Ledger};
use serde_json::{Map, Value};

/// The rules that have words, in the order in which they are said.
pub(super) const RULES: [&str; 15] = [
    "minimum",
    "exclusiveMinimum",
    "maximum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "pattern",
    "format",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
    "default",
];

/// Rules that no dialect has, and that are too long for words.
pub(super) const WORDLESS: [&str; 15] = [
    "not",
    "if",
    "then",
    "else",
    "dependentRequired",
    "dependentSchemas",
    "dependencies",
    "patternProperties",
    "propertyNames",
    "contains",
    "minContains",
    "maxContains",
    "unevaluatedItems",
    "unevaluatedProperties",
    "contentSchema",
];

/// What tells nothing about the value.
pub(super) const ANNOTATIONS: [&str; 12] = [
    "title",
    "$schema",
    "$id",
    "$anchor",
    "$comment",
    "examples",
    "example",
    "deprecated",
    "readOnly",
    "writeOnly",
    "contentEncoding",
    "contentMediaType",
];

/// Moves the rules that `says` does not name into the description.
pub(super) fn tell(node: &mut Map<String, Value>, at: &str, ledger: &mut Ledger, says: impl Fn(&str, &Value) -> bool) {
    let mut said = Vec::new();
    for keyword in RULES {
        if node.get(keyword).is_none_or(|value| says(keyword, value)) {
            continue;
        }
        let Some(value) = node.remove(keyword) else { continue };
        if let Some(words) = words(keyword, &value) {
            said.push(words);
            if keyword != "default" {
                ledger.note(at, Change::InWords { keyword }, Holds::Strict);
            }
        }
    }
    if !said.is_empty() {
        describe(node, &format!("[{}]", said.join("; ")));
    }
}

/// Removes what no dialect has.
pub(super) fn drop_wordless(node: &mut Map<String, Value>, at: &str, ledger: &mut Ledger) {
    for keyword in WORDLESS {
        if node.remove(keyword).is_some() {
            ledger.note(at, Change::Dropped { keyword }, Holds::Strict);
        }
    }
}

/// Removes these fields.
pub(super) fn drop(node: &mut Map<String, Value>, keywords: &[&str]) {
    for keyword in keywords {
        node.remove(*keyword);
    }
}

/// Puts more behind the description.
pub(super) fn describe(node: &mut Map<String, Value>, words: &str) {
    let described = match node.get("description").and_then(Value::as_str) {
        Some(before) if !before.is_empty() => format!("{before} {words}"),
        Some(_) | None => words.to_owned(),
    };
    node.insert("description".to_owned(), Value::String(described));
}

fn words(keyword: &str, value: &Value) -> Option<String> {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    Some(match keyword {
        "minimum" => format!("at least {text}"),
        "exclusiveMinimum" => format!("more than {text}"),
        "maximum" => format!("at most {text}"),
        "exclusiveMaximum" => format!("less than {text}"),
        "multipleOf" => format!("a multiple of {text}"),
        "minLength" => format!("at least {text} characters"),
        "maxLength" => format!("at most {text} characters"),
        "pattern" => format!("matches the regular expression {text}"),
        // How wide a number is says its range.
        "format" if is_width(&text) => return None,
        "format" => format!("in the format {text}"),
        "minItems" => format!("at least {text} items"),
        "maxItems" => format!("at most {text} items"),
        "uniqueItems" if *value == Value::Bool(true) => "no two items alike".to_owned(),
        "minProperties" => format!("at least {text} fields"),
        "maxProperties" => format!("at most {text} fields"),
        "default" if !value.is_null() => format!("by default {value}"),
        _ => return None,
    })
}

/// The formats that schemars and OpenAPI give numbers.
fn is_width(format: &str) -> bool {
    let bits = format.trim_start_matches("uint").trim_start_matches("int");
    matches!(format, "float" | "double" | "char") || bits.is_empty() || bits.bytes().all(|byte| byte.is_ascii_digit())
}
