//! Puts definitions where they are referred to, for providers that know no references. Must not know a dialect.

use crate::llm::dialect::document::Document;
use crate::llm::dialect::note::{Change, Holds, Ledger};
use crate::llm::dialect::walk::escaped;
use crate::llm::dialect::words;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// How many schemas may come of it. Definitions that use one another several times double with each level.
const SCHEMAS_MAX: usize = 20_000;

/// The schema without references. A type that holds itself is described from there on.
pub(super) fn inline(mut document: Document, ledger: &mut Ledger) -> Value {
    let mut root = std::mem::take(&mut document.root);
    let mut inliner = Inliner {
        recursive: document.recursive(),
        document,
        ledger,
        open: Vec::new(),
        done: BTreeMap::new(),
        count: 0,
    };
    inliner.schema(&mut root, "");
    root
}

struct Inliner<'l> {
    document: Document,
    recursive: BTreeSet<String>,
    ledger: &'l mut Ledger,
    /// The definitions that are being put in, the outermost first.
    open: Vec<String>,
    /// Definitions that hold no reference any more.
    done: BTreeMap<String, Value>,
    count: usize,
}

impl Inliner<'_> {
    fn schema(&mut self, schema: &mut Value, at: &str) {
        self.count += 1;
        let Value::Object(node) = schema else { return };
        if let Some(Value::String(target)) = node.remove("$ref") {
            self.put_in(node, &target, at);
            return;
        }
        if let Some(Value::Object(properties)) = node.get_mut("properties") {
            for (name, property) in properties {
                self.schema(property, &format!("{at}/properties/{}", escaped(name)));
            }
        }
        for keyword in ["items", "additionalProperties"] {
            if let Some(one) = node.get_mut(keyword) {
                self.schema(one, &format!("{at}/{keyword}"));
            }
        }
        for keyword in ["prefixItems", "anyOf", "oneOf", "allOf"] {
            if let Some(Value::Array(all)) = node.get_mut(keyword) {
                for (number, one) in all.iter_mut().enumerate() {
                    self.schema(one, &format!("{at}/{keyword}/{number}"));
                }
            }
        }
    }

    /// What stands beside the reference goes before what it refers to.
    fn put_in(&mut self, node: &mut Map<String, Value>, target: &str, at: &str) {
        let Some((name, def)) = self.document.target(target) else { return };
        if self.open.contains(&name) || self.count > SCHEMAS_MAX {
            node.insert("type".to_owned(), "object".into());
            words::describe(node, &format!("[again a {name}, as described]"));
            self.ledger.note(at, Change::Recursion, Holds::No);
            return;
        }
        let mut def = self.done.get(&name).unwrap_or(def).clone();
        if !self.done.contains_key(&name) {
            self.open.push(name.clone());
            self.schema(&mut def, at);
            self.open.pop();
            if !self.recursive.contains(&name) && self.count <= SCHEMAS_MAX {
                self.done.insert(name, def.clone());
            }
        } else {
            self.count += super::walk::count(&def);
        }
        for (keyword, value) in def.as_object().into_iter().flatten() {
            node.entry(keyword).or_insert_with(|| value.clone());
        }
    }
}
