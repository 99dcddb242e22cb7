//! A schema with its definitions beside it, in one form of the many that mean the same. Must not know a dialect.

use crate::llm::dialect::note::{Change, Holds, Ledger};
use crate::llm::dialect::walk::{each, escaped};
use crate::llm::dialect::words;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// How often schemas are merged, since what is merged may hold what is to be merged.
const MERGES_MAX: usize = 1_000;
/// How often one within another.
const MERGE_DEPTH_MAX: usize = 8;

pub(super) const DEFS: &str = "#/$defs/";

/// A schema, and what it refers to by `#/$defs/NAME`.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) root: Value,
    pub(super) defs: BTreeMap<String, Value>,
}

impl Document {
    pub(super) fn of(schema: &Value) -> Self {
        let mut root = schema.clone();
        let mut defs = BTreeMap::new();
        for keyword in ["$defs", "definitions"] {
            if let Some(Value::Object(all)) = root.as_object_mut().and_then(|node| node.remove(keyword)) {
                defs.extend(all);
            }
        }
        let name = free_name(&root, &defs);
        let mut holds_itself = false;
        let mut rename = |node: &mut Map<String, Value>, _: &str| {
            let Some(Value::String(target)) = node.get_mut("$ref") else { return };
            if target == "#" {
                holds_itself = true;
                *target = format!("{DEFS}{name}");
            } else if let Some(old) = target.strip_prefix("#/definitions/") {
                *target = format!("{DEFS}{old}");
            }
        };
        each(&mut root, "", &mut rename);
        defs.values_mut().for_each(|def| each(def, "", &mut rename));
        if holds_itself {
            defs.insert(name, root.clone());
        }
        Document { root, defs }
    }

    /// The definition that a reference means.
    pub(super) fn target(&self, reference: &str) -> Option<(String, &Value)> {
        let name = reference.strip_prefix(DEFS)?.replace("~1", "/").replace("~0", "~");
        let def = self.defs.get(&name)?;
        Some((name, def))
    }

    /// Makes the root an object of one field, if it is no object itself: no provider takes another one everywhere.
    pub(super) fn wrap(&mut self) -> bool {
        if is_object(&self.root) {
            return false;
        }
        let mut root = std::mem::take(&mut self.root);
        root.as_object_mut().and_then(|node| node.remove("$schema"));
        self.root = json!({
            "type": "object",
            "properties": { super::WRAPPED: root },
            "required": [super::WRAPPED],
            "additionalProperties": false,
        });
        true
    }

    /// Whether the root can only be an object, whether it says so or not.
    pub(super) fn has_object_root(&self) -> bool {
        let Value::Object(root) = &self.root else { return false };
        match (root.get("type"), root.get("allOf")) {
            (Some(name), _) => name == "object",
            (None, Some(Value::Array(all))) => {
                let mut parts = all.iter().map(|one| self.object(one));
                !all.is_empty()
                    && parts.all(|one| one.is_some_and(|one| one.contains_key("properties") || is_open_object(one)))
            }
            (None, _) => root.contains_key("properties"),
        }
    }

    /// Brings the schemas into the form that dialects translate: references to what is there, no `allOf` of objects, and no object
    /// of which one part stands beside a reference or beside alternatives.
    pub(super) fn normalise(&mut self, ledger: &mut Ledger) {
        let mut merges = 0;
        let mut root = std::mem::take(&mut self.root);
        let plain = Document { root: Value::Null, defs: self.defs.clone() };
        plain.normal(&mut root, "", 0, &mut merges, ledger);
        for (name, def) in &mut self.defs {
            plain.normal(def, &format!("/$defs/{}", escaped(name)), 0, &mut merges, ledger);
        }
        self.root = root;
    }

    fn normal(&self, schema: &mut Value, at: &str, depth: usize, merges: &mut usize, ledger: &mut Ledger) {
        let Value::Object(node) = schema else { return };
        let mut within = depth;
        while within < MERGE_DEPTH_MAX && *merges < MERGES_MAX && self.merge(node) {
            within += 1;
            *merges += 1;
        }
        if let Some(Value::String(target)) = node.get("$ref")
            && self.target(target).is_none()
        {
            let target = target.clone();
            node.remove("$ref");
            node.insert("type".to_owned(), "string".into());
            words::describe(node, &format!("[unresolved reference {target}]"));
            ledger.note(at, Change::UnknownRef { target }, Holds::No);
        }
        let inner = |keyword: &str| format!("{at}/{keyword}");
        if let Some(Value::Object(properties)) = node.get_mut("properties") {
            for (name, property) in properties {
                self.normal(property, &format!("{at}/properties/{}", escaped(name)), within, merges, ledger);
            }
        }
        for keyword in ["items", "additionalProperties"] {
            if let Some(one) = node.get_mut(keyword) {
                self.normal(one, &inner(keyword), within, merges, ledger);
            }
        }
        for keyword in ["prefixItems", "anyOf", "oneOf", "allOf"] {
            if let Some(Value::Array(all)) = node.get_mut(keyword) {
                for (number, one) in all.iter_mut().enumerate() {
                    self.normal(one, &format!("{at}/{keyword}/{number}"), within, merges, ledger);
                }
            }
        }
    }

    /// One step towards the form; `false` once there is none to be taken.
    fn merge(&self, node: &mut Map<String, Value>) -> bool {
        let has_fields = node.contains_key("properties");
        if let Some(Value::String(target)) = node.get("$ref")
            && has_fields
            && let Some((_, Value::Object(other))) = self.target(target)
            && is_plain_object(other)
        {
            node.remove("$ref");
            *node = joined(node, other);
            return true;
        }
        if let Some(Value::Array(all)) = node.get("allOf") {
            let all: Option<Vec<&Map<String, Value>>> = all.iter().map(|one| self.object(one)).collect();
            if let Some(all) = all.filter(|all| all.len() == 1 || all.iter().all(|one| is_plain_object(one))) {
                let mut rest = node.clone();
                rest.remove("allOf");
                *node = all.into_iter().fold(rest, |rest, one| joined(&rest, one));
                return true;
            }
        }
        let keyword = ["oneOf", "anyOf"].into_iter().find(|keyword| node.contains_key(*keyword));
        if let Some(keyword) = keyword.filter(|_| has_fields)
            && let Some(Value::Array(all)) = node.get(keyword)
        {
            let branches: Option<Vec<&Map<String, Value>>> = all.iter().map(|one| self.object(one)).collect();
            let Some(branches) = branches.filter(|all| all.iter().all(|one| is_open_object(one))) else { return false };
            let mut base = node.clone();
            base.remove(keyword);
            let description = base.remove("description");
            let title = base.remove("title");
            // A branch may refer to an object itself; that is merged when its turn comes.
            let branches = branches.into_iter().map(|branch| Value::Object(joined(branch, &base))).collect();
            *node = Map::from_iter([("anyOf".to_owned(), Value::Array(branches))]);
            node.extend(description.map(|value| ("description".to_owned(), value)));
            node.extend(title.map(|value| ("title".to_owned(), value)));
            return true;
        }
        false
    }

    /// The object that a schema is or refers to and nothing else.
    fn object<'s>(&'s self, schema: &'s Value) -> Option<&'s Map<String, Value>> {
        let node = schema.as_object()?;
        match node.get("$ref") {
            Some(Value::String(target)) if !node.contains_key("properties") => self.target(target)?.1.as_object(),
            Some(_) | None => Some(node),
        }
    }

    /// The names of the definitions that hold themselves.
    pub(super) fn recursive(&self) -> BTreeSet<String> {
        let mut refers = BTreeMap::new();
        for (name, def) in &self.defs {
            refers.insert(name.clone(), self.referred(def));
        }
        let reaches_itself = |name: &&String| {
            let (mut seen, mut next) = (BTreeSet::new(), vec![*name]);
            while let Some(one) = next.pop() {
                for target in refers.get(one).into_iter().flatten() {
                    if seen.insert(target) {
                        next.push(target);
                    }
                }
            }
            seen.contains(*name)
        };
        refers.keys().filter(reaches_itself).cloned().collect()
    }

    fn referred(&self, schema: &Value) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        let mut copy = schema.clone();
        each(&mut copy, "", &mut |node, _| {
            let target = node.get("$ref").and_then(Value::as_str).and_then(|target| self.target(target));
            names.extend(target.map(|(name, _)| name));
        });
        names
    }

    /// Puts the definitions that are still referred to back into the schema.
    pub(super) fn into_schema(self) -> Value {
        let (mut used, mut next) = (BTreeSet::new(), self.referred(&self.root));
        while let Some(name) = next.pop_first() {
            if let Some(def) = self.defs.get(&name).filter(|_| !used.contains(&name)) {
                next.extend(self.referred(def));
            }
            used.insert(name);
        }
        let Document { mut root, mut defs } = self;
        defs.retain(|name, _| used.contains(name));
        if let Some(node) = root.as_object_mut().filter(|_| !defs.is_empty()) {
            node.insert("$defs".to_owned(), Value::Object(defs.into_iter().collect()));
        }
        root
    }
}

fn free_name(root: &Value, defs: &BTreeMap<String, Value>) -> String {
    let title = root.get("title").and_then(Value::as_str).unwrap_or("Root");
    let mut name: String = title.chars().filter(|letter| letter.is_ascii_alphanumeric() || *letter == '_').collect();
    while name.is_empty() || defs.contains_key(&name) {
        name.push_str("Root");
    }
    name
}

/// Whether a schema is that of an object and of nothing else.
pub(super) fn is_object(schema: &Value) -> bool {
    schema.get("type").and_then(Value::as_str) == Some("object")
        && ["anyOf", "oneOf", "allOf", "$ref"].iter().all(|keyword| schema.get(keyword).is_none())
}

fn is_plain_object(node: &Map<String, Value>) -> bool {
    node.get("type").and_then(Value::as_str) == Some("object")
        && ["anyOf", "oneOf", "allOf", "$ref"].iter().all(|keyword| !node.contains_key(*keyword))
}

/// As above, or with a reference beside its fields.
fn is_open_object(node: &Map<String, Value>) -> bool {
    node.get("type").and_then(Value::as_str) == Some("object")
        && ["anyOf", "oneOf", "allOf"].iter().all(|keyword| !node.contains_key(*keyword))
}

/// Both at once; what the first says goes before what the second says.
fn joined(first: &Map<String, Value>, second: &Map<String, Value>) -> Map<String, Value> {
    let mut both = first.clone();
    for (keyword, value) in second {
        match (keyword.as_str(), both.get_mut(keyword)) {
            ("properties", Some(Value::Object(fields))) => {
                for (name, field) in value.as_object().into_iter().flatten() {
                    fields.entry(name).or_insert_with(|| field.clone());
                }
            }
            ("required", Some(Value::Array(names))) => {
                let more = value.as_array().into_iter().flatten().filter(|name| !names.contains(name));
                let more: Vec<Value> = more.cloned().collect();
                names.extend(more);
            }
            (_, Some(_)) => {}
            (_, None) => {
                both.insert(keyword.clone(), value.clone());
            }
        }
    }
    both
}
