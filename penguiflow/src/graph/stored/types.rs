//! Compares types by their JSON Schemas: whether what was stored as the one can be read as the other. Knows no flow.

use serde_json::{Map, Value, json};

/// What says nothing about which values there are.
const WORDS: [&str; 9] =
    ["$schema", "$comment", "$defs", "title", "description", "default", "examples", "deprecated", "readOnly"];

/// The schema without docs, names and order: equal for types that are stored alike.
pub(super) fn plain(schema: &Value) -> Value {
    let definitions = schema.get("$defs").and_then(Value::as_object).cloned().unwrap_or_default();
    // `#` is how a schema names itself.
    plain_in(schema, &definitions, &mut vec!["#".to_owned()])
}

fn plain_in(schema: &Value, definitions: &Map<String, Value>, inside: &mut Vec<String>) -> Value {
    let Value::Object(fields) = schema else { return schema.clone() };
    if let Some(name) = fields.get("$ref").and_then(Value::as_str).and_then(|to| to.rsplit('/').next()) {
        // A type that holds itself is told by how far out it is.
        if let Some(at) = inside.iter().rposition(|outer| outer == name) {
            return json!({ "$outer": inside.len() - at });
        }
        inside.push(name.to_owned());
        let inner = definitions.get(name).map_or(Value::Bool(true), |inner| plain_in(inner, definitions, inside));
        inside.pop();
        return inner;
    }
    let mut all =
        |values: &[Value]| -> Vec<Value> { values.iter().map(|value| plain_in(value, definitions, inside)).collect() };
    let mut out = Map::new();
    for (key, value) in fields.iter().filter(|(key, _)| !WORDS.contains(&key.as_str())) {
        match (key.as_str(), value) {
            ("properties", Value::Object(properties)) => {
                let plain: Vec<Value> = all(&properties.values().cloned().collect::<Vec<_>>());
                let properties = properties.keys().cloned().zip(plain).collect();
                out.insert(key.clone(), Value::Object(properties));
            }
            ("oneOf" | "anyOf", Value::Array(ways)) => {
                out.insert("oneOf".to_owned(), sorted(all(ways).into_iter().flat_map(ways_of).collect()));
            }
            ("enum", Value::Array(values)) => {
                let ways = values.iter().map(|value| json!({ "const": value })).collect();
                out.insert("oneOf".to_owned(), sorted(ways));
            }
            ("required" | "type", Value::Array(names)) => drop(out.insert(key.clone(), sorted(names.clone()))),
            ("prefixItems", Value::Array(items)) => drop(out.insert(key.clone(), Value::Array(all(items)))),
            ("items" | "additionalProperties", inner) => {
                let inner = all(std::slice::from_ref(inner)).pop();
                out.insert(key.clone(), inner.unwrap_or_default());
            }
            (_, value) => drop(out.insert(key.clone(), value.clone())),
        }
    }
    if out.contains_key("oneOf") {
        out.remove("type");
    }
    if out.contains_key("const") {
        out.remove("type");
    }
    Value::Object(out)
}

/// The ways in which a value may be one of an enum, each for itself.
fn ways_of(way: Value) -> Vec<Value> {
    match way.get("oneOf") {
        Some(Value::Array(ways)) if way.as_object().is_some_and(|way| way.len() == 1) => ways.clone(),
        _ => vec![way],
    }
}

fn sorted(mut values: Vec<Value>) -> Value {
    values.sort_by_key(Value::to_string);
    values.dedup();
    Value::Array(values)
}

/// Why a value that was stored as `old` cannot be read as `new`, both as [`plain`] gives them; nothing if it can.
pub(super) fn misfits(old: &Value, new: &Value, at: &str) -> Vec<String> {
    if old == new || *new == Value::Bool(true) || new.as_object().is_some_and(Map::is_empty) {
        return Vec::new();
    }
    if let (Some(olds), Some(news)) = (array(old, "oneOf"), array(new, "oneOf")) {
        let fits = |old: &Value| news.iter().any(|new| misfits(old, new, at).is_empty());
        return olds.iter().filter(|old| !fits(old)).map(|old| gone(old, news, at)).collect();
    }
    if let Some(news) = array(new, "oneOf")
        && news.iter().any(|new| misfits(old, new, at).is_empty())
    {
        return Vec::new();
    }
    let (Value::Object(olds), Value::Object(news)) = (old, new) else { return vec![changed(old, new, at)] };
    let is_inside = |key: &str| {
        matches!(key, "type" | "properties" | "required" | "items" | "prefixItems" | "additionalProperties")
    };
    let keys = || olds.keys().chain(news.keys()).filter(|key| !is_inside(key));
    if keys().any(|key| olds.get(key) != news.get(key)) || !is_among(olds.get("type"), news.get("type")) {
        return vec![changed(old, new, at)];
    }
    let mut why = fields(olds, news, at);
    for key in ["items", "additionalProperties"] {
        if let (Some(old @ Value::Object(_)), Some(new)) = (olds.get(key), news.get(key)) {
            why.extend(misfits(old, new, &format!("{at}[]")));
        }
    }
    match (array(old, "prefixItems"), array(new, "prefixItems")) {
        (Some(olds), Some(news)) if olds.len() == news.len() => {
            let inside = olds.iter().zip(news).enumerate();
            why.extend(inside.flat_map(|(index, (old, new))| misfits(old, new, &format!("{at}.{index}"))));
        }
        (None, None) => {}
        _ => why.push(changed(old, new, at)),
    }
    why
}

/// The fields of objects: a new one must not be needed, and an old one not be refused.
fn fields(old: &Map<String, Value>, new: &Map<String, Value>, at: &str) -> Vec<String> {
    let names = |of: &Map<String, Value>| -> Vec<String> {
        let required = of.get("required").and_then(Value::as_array);
        required.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let (had, has) = (names(old), names(new));
    let field = |of: &Map<String, Value>, name: &str| of.get("properties").and_then(|all| all.get(name)).cloned();
    let mut why: Vec<String> = has
        .iter()
        .filter(|name| !had.contains(name))
        .map(|name| format!("`{at}.{name}` is needed now: give it `#[serde(default)]`"))
        .collect();
    let olds = old.get("properties").and_then(Value::as_object);
    for (name, was) in olds.into_iter().flatten() {
        match field(new, name) {
            Some(is) => why.extend(misfits(was, &is, &format!("{at}.{name}"))),
            None if new.get("additionalProperties") == Some(&Value::Bool(false)) => {
                why.push(format!("`{at}.{name}` is refused now"));
            }
            None => {}
        }
    }
    why
}

/// Whether each of the `old` types is one of the `new` ones.
fn is_among(old: Option<&Value>, new: Option<&Value>) -> bool {
    let list = |types: Option<&Value>| match types {
        Some(Value::Array(types)) => types.clone(),
        Some(one) => vec![one.clone()],
        None => Vec::new(),
    };
    let news = list(new);
    list(old).iter().all(|old| news.contains(old))
}

fn array<'v>(schema: &'v Value, key: &str) -> Option<&'v Vec<Value>> {
    schema.get(key).and_then(Value::as_array)
}

/// A variant that is not there as it was.
fn gone(old: &Value, news: &[Value], at: &str) -> String {
    let name = |way: &Value| match (way.get("const"), array(way, "required")) {
        (Some(value), _) => Some(value.to_string().replace('"', "")),
        (None, Some(names)) => names.first().and_then(Value::as_str).map(str::to_owned),
        (None, None) => None,
    };
    match name(old) {
        Some(variant) => match news.iter().find(|new| name(new).as_deref() == Some(&variant)) {
            Some(new) => match misfits(old, new, at).into_iter().next() {
                Some(why) => why,
                None => changed(old, new, at),
            },
            None => format!("`{at}` has no `{variant}` any more"),
        },
        None => format!("`{at}` can no more be {}", short(old)),
    }
}

fn changed(old: &Value, new: &Value, at: &str) -> String {
    format!("`{at}` was {}, and is {} now", short(old), short(new))
}

/// A type in a few words.
fn short(schema: &Value) -> String {
    match (schema.get("type"), schema.get("format")) {
        (Some(Value::String(of)), Some(Value::String(format))) => format!("{of} ({format})"),
        (Some(Value::String(of)), _) => of.clone(),
        _ if schema.get("$outer").is_some() => "a type that holds itself".to_owned(),
        _ => schema.to_string(),
    }
}

#[cfg(test)]
mod tests;
