//! Takes nulls away that stand for fields which are not there. Must not know a dialect.

use crate::llm::dialect::document::Document;
use serde_json::{Map, Value};

/// How many schemas are compared with values, for each value within the whole: alternatives within alternatives could take very long.
const STEPS_EACH_MAX: usize = 500;
/// How many references and alternatives apply to one value.
const LAYERS_MAX: usize = 64;

/// The form of a value, as its type has it.
#[derive(Debug)]
pub(super) struct Shape {
    document: Document,
}

/// How strictly a field that a schema does not name counts.
#[derive(Clone, Copy, PartialEq)]
enum Unnamed {
    Refused,
    Taken,
}

impl Shape {
    pub(super) fn of(schema: &Value) -> Self {
        Shape { document: Document::of(schema) }
    }

    /// Takes away each null of a field that may be left out and may not be null.
    pub(super) fn strip(&self, value: &mut Value) {
        let mut steps = STEPS_EACH_MAX.saturating_mul(count(value));
        self.value(value, &self.document.root, &mut steps);
    }

    fn value(&self, value: &mut Value, schema: &Value, steps: &mut usize) {
        if *steps == 0 {
            return;
        }
        *steps -= 1;
        let layers = self.layers(value, schema, steps);
        match value {
            Value::Object(fields) => {
                fields.retain(|name, field| !(field.is_null() && self.stands_for_absent(name, &layers, steps)));
                for (name, field) in fields {
                    for schema in layers.iter().filter_map(|layer| field_schema(layer, name)) {
                        self.value(field, schema, steps);
                    }
                }
            }
            Value::Array(values) => {
                for (number, item) in values.iter_mut().enumerate() {
                    for schema in layers.iter().filter_map(|layer| item_schema(layer, number)) {
                        self.value(item, schema, steps);
                    }
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    fn stands_for_absent(&self, name: &str, layers: &[&Map<String, Value>], steps: &mut usize) -> bool {
        let required = layers.iter().any(|layer| requires(layer, name));
        let mut schemas = layers.iter().filter_map(|layer| layer.get("properties")?.get(name)).peekable();
        !required
            && schemas.peek().is_some()
            && !schemas.all(|schema| self.fits(&Value::Null, schema, Unnamed::Taken, steps))
    }

    /// The schemas that apply to a value: itself, what it refers to, and of alternatives the one that the value fits.
    fn layers<'s>(&'s self, value: &Value, schema: &'s Value, steps: &mut usize) -> Vec<&'s Map<String, Value>> {
        let (mut layers, mut next) = (Vec::new(), vec![schema]);
        while let Some(schema) = next.pop() {
            let Some(node) = schema.as_object().filter(|_| layers.len() < LAYERS_MAX) else { continue };
            layers.push(node);
            let target = node.get("$ref").and_then(Value::as_str).and_then(|target| self.document.target(target));
            next.extend(target.map(|(_, def)| def));
            next.extend(node.get("allOf").and_then(Value::as_array).into_iter().flatten());
            for keyword in ["anyOf", "oneOf"] {
                let Some(Value::Array(all)) = node.get(keyword) else { continue };
                // One that names all the fields is meant, before one that only lets them pass. What stands beside the alternatives
                // names fields of its own.
                let beside = node.contains_key("properties");
                let strictly =
                    all.iter().filter(|_| !beside).find(|one| self.fits(value, one, Unnamed::Refused, steps));
                let chosen = strictly.or_else(|| all.iter().find(|one| self.fits(value, one, Unnamed::Taken, steps)));
                next.extend(chosen);
            }
        }
        layers
    }

    /// Whether a value has the form of a schema, when nulls for absent fields are overlooked. Rules about its content are not asked.
    fn fits(&self, value: &Value, schema: &Value, unnamed: Unnamed, steps: &mut usize) -> bool {
        if *steps == 0 {
            return true;
        }
        *steps -= 1;
        let Some(node) = schema.as_object() else { return *schema != Value::Bool(false) };
        if let Some(target) = node.get("$ref").and_then(Value::as_str) {
            let beside = if node.contains_key("properties") { Unnamed::Taken } else { unnamed };
            if self.document.target(target).is_some_and(|(_, def)| !self.fits(value, def, beside, steps)) {
                return false;
            }
        }
        let alternatives = node.contains_key("anyOf") || node.contains_key("oneOf") || node.contains_key("$ref");
        let unnamed = if alternatives { Unnamed::Taken } else { unnamed };
        node.iter().all(|(keyword, rule)| match (keyword.as_str(), rule) {
            ("type", Value::String(name)) => is_of(value, name),
            ("type", Value::Array(names)) => names.iter().filter_map(Value::as_str).any(|name| is_of(value, name)),
            ("const", wanted) => value == wanted,
            ("enum", Value::Array(values)) => values.contains(value),
            ("anyOf" | "oneOf", Value::Array(all)) => {
                let inner = if node.contains_key("properties") { Unnamed::Taken } else { unnamed };
                all.iter().any(|one| self.fits(value, one, inner, steps))
            }
            ("allOf", Value::Array(all)) => all.iter().all(|one| self.fits(value, one, Unnamed::Taken, steps)),
            ("required", Value::Array(names)) => value
                .as_object()
                .is_none_or(|fields| names.iter().filter_map(Value::as_str).all(|name| fields.contains_key(name))),
            _ => true,
        }) && match value {
            Value::Object(fields) => fields.iter().all(|(name, field)| match field_schema(node, name) {
                Some(Value::Bool(false)) => false,
                Some(schema) => {
                    (field.is_null() && !requires(node, name)) || self.fits(field, schema, Unnamed::Taken, steps)
                }
                None => unnamed == Unnamed::Taken,
            }),
            Value::Array(values) => values.iter().enumerate().all(|(number, item)| {
                item_schema(node, number).is_none_or(|schema| self.fits(item, schema, Unnamed::Taken, steps))
            }),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => true,
        }
    }
}

/// How many values there are within a value, itself included.
fn count(value: &Value) -> usize {
    match value {
        Value::Array(values) => 1 + values.iter().map(count).sum::<usize>(),
        Value::Object(fields) => 1 + fields.values().map(count).sum::<usize>(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 1,
    }
}

fn requires(node: &Map<String, Value>, name: &str) -> bool {
    node.get("required").and_then(Value::as_array).is_some_and(|names| names.iter().any(|one| one == name))
}

fn field_schema<'s>(node: &'s Map<String, Value>, name: &str) -> Option<&'s Value> {
    node.get("properties").and_then(|properties| properties.get(name)).or_else(|| node.get("additionalProperties"))
}

fn item_schema(node: &Map<String, Value>, number: usize) -> Option<&Value> {
    node.get("prefixItems").and_then(|places| places.get(number)).or_else(|| node.get("items"))
}

fn is_of(value: &Value, name: &str) -> bool {
    match value {
        Value::Null => name == "null",
        Value::Bool(_) => name == "boolean",
        Value::Number(number) => name == "number" || (name == "integer" && is_whole(number)),
        Value::String(_) => name == "string",
        Value::Array(_) => name == "array",
        Value::Object(_) => name == "object",
    }
}

fn is_whole(number: &serde_json::Number) -> bool {
    !number.is_f64() || number.as_f64().is_some_and(|number| number.fract() == 0.0)
}
