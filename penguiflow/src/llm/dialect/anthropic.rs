//! Anthropic's tools and structured outputs. Must not know other dialects.
//!
//! <https://platform.claude.com/docs/en/build-with-claude/structured-outputs#json-schema-limitations>: a strict schema has closed objects, no
//! recursion, no numeric or length rules, `minItems` of 0 or 1, and at most 24 optional fields and 16 unions. Fields may be optional. A tool
//! that is not strict takes any schema.

use crate::llm::dialect::note::{Change, Holds, Ledger};
use crate::llm::dialect::parts::{self, Fields};
use crate::llm::dialect::words;
use serde_json::{Map, Value};

const OPTIONAL_MAX: usize = 24;
const UNIONS_MAX: usize = 16;
const FORMATS: [&str; 10] =
    ["date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid"];

/// What is counted over the whole of a schema.
#[derive(Default)]
pub(super) struct Counts {
    optional: usize,
    unions: usize,
}

impl Counts {
    pub(super) fn node(&mut self, node: &mut Map<String, Value>, at: &str, ledger: &mut Ledger) {
        words::drop(node, &words::ANNOTATIONS);
        parts::any_of(node);
        parts::tuple_as_list(node, at, ledger);
        words::tell(node, at, ledger, |keyword, value| match keyword {
            "format" => value.as_str().is_some_and(|format| FORMATS.contains(&format)),
            "minItems" => value.as_u64().is_some_and(|count| count <= 1),
            "default" => true,
            _ => false,
        });
        let fields = parts::fields(node);
        words::drop_wordless(node, at, ledger);
        if node.contains_key("anyOf") || node.get("type").is_some_and(Value::is_array) {
            self.unions += 1;
        }
        match fields {
            Fields::Named
                if !node.contains_key("anyOf") && !node.contains_key("allOf") && !node.contains_key("$ref") =>
            {
                node.insert("additionalProperties".to_owned(), Value::Bool(false));
                let all = node.get("properties").and_then(Value::as_object).map_or(0, Map::len);
                let required = node.get("required").and_then(Value::as_array).map_or(0, Vec::len);
                self.optional += all.saturating_sub(required);
            }
            Fields::Named | Fields::Any => ledger.note(at, Change::AnyField, Holds::No),
            Fields::None if parts::is_any(node) => ledger.note(at, Change::AnyValue, Holds::No),
            Fields::None => {}
        }
        parts::lone_ref(node);
    }

    pub(super) fn end(&self, ledger: &mut Ledger) {
        for (what, count, most) in
            [("optional fields", self.optional, OPTIONAL_MAX), ("unions", self.unions, UNIONS_MAX)]
        {
            if count > most {
                ledger.note("", Change::TooMany { what, count, most }, Holds::No);
            }
        }
    }
}
