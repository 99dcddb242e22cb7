//! Schemas as each provider wants to hear them, and the way back. `jsonschema` says whether a schema is one, and whether a value is of it.

mod types;

use penguiflow::llm::Dialect;
use penguiflow::llm::dialect::{self, Change, Translation};
use proptest::prelude::*;
use schemars::JsonSchema;
use serde_json::{Value, json};

const ALL: [Dialect; 6] =
    [Dialect::Plain, Dialect::OpenAi, Dialect::Anthropic, Dialect::Google, Dialect::Bedrock, Dialect::Databricks];

fn said<T: JsonSchema>(dialect: Dialect) -> Translation {
    dialect::translate(&dialect::schema_of::<T>(), dialect)
}

fn changes(said: &Translation) -> Vec<String> {
    said.notes.iter().map(ToString::to_string).collect()
}

/// Whether a keyword stands anywhere as one, and not as the name of a field.
fn has(schema: &Value, keyword: &str) -> bool {
    match schema {
        Value::Object(node) => node.iter().any(|(name, inner)| {
            name == keyword
                || match name.as_str() {
                    "properties" | "$defs" => {
                        inner.as_object().is_some_and(|all| all.values().any(|one| has(one, keyword)))
                    }
                    "enum" | "const" | "default" | "required" => false,
                    _ => has(inner, keyword),
                }
        }),
        Value::Array(all) => all.iter().any(|one| has(one, keyword)),
        _ => false,
    }
}

#[test]
fn what_cannot_be_said_is_told_in_words_and_noted() {
    #[derive(JsonSchema)]
    #[allow(dead_code, reason = "only its schema counts")]
    struct Ruled {
        /// The name.
        #[schemars(length(min = 1, max = 3), regex(pattern = "^a"))]
        name: String,
        #[schemars(range(min = 1, max = 9))]
        count: i64,
        #[schemars(length(max = 2))]
        list: Vec<bool>,
    }
    let openai = said::<Ruled>(Dialect::OpenAi);
    assert!(!openai.is_exact() && openai.strict);
    assert_eq!(
        openai.schema["properties"]["name"],
        json!({"type": "string", "description": "The name. [at least 1 characters; at most 3 characters; matches the regular expression ^a]"})
    );
    assert_eq!(openai.schema["properties"]["list"]["description"], "[at most 2 items]");
    assert_eq!(
        changes(&openai),
        [
            "/properties/count: `minimum` is told in words",
            "/properties/count: `maximum` is told in words",
            "/properties/list: `maxItems` is told in words",
            "/properties/name: `minLength` is told in words",
            "/properties/name: `maxLength` is told in words",
            "/properties/name: `pattern` is told in words",
        ]
    );
    let anthropic = said::<Ruled>(Dialect::Anthropic);
    assert_eq!(anthropic.schema["properties"]["count"]["description"], "[at least 1; at most 9]");
    assert!(
        !has(&anthropic.schema, "$schema") && !has(&anthropic.schema, "title") && !has(&anthropic.schema, "minimum")
    );
    let google = said::<Ruled>(Dialect::Google);
    assert_eq!(google.schema["properties"]["count"], json!({"type": "integer", "minimum": 1, "maximum": 9}));
    let databricks = said::<Ruled>(Dialect::Databricks);
    assert!(
        !has(&databricks.schema, "pattern")
            && !has(&databricks.schema, "maxLength")
            && !has(&databricks.schema, "maxItems")
    );
    assert_eq!(databricks.schema["properties"]["count"]["maximum"], 9);
    // Bedrock has words for all of it.
    assert!(said::<Ruled>(Dialect::Bedrock).is_exact());
}

#[test]
fn openai_closes_nested_objects_and_requires_all_fields() {
    let openai = said::<types::Order>(Dialect::OpenAi);
    let item = &openai.schema["$defs"]["Item"];
    assert_eq!(item["additionalProperties"], false);
    assert_eq!(item["required"], json!(["name", "count", "note"]));
    assert_eq!(item["properties"]["note"]["type"], json!(["string", "null"]));
    // Optional, and not `null` in its type: it may be `null` on the wire.
    assert_eq!(item["properties"]["count"]["type"], json!(["integer", "null"]));
    assert_eq!(openai.schema["properties"]["items"]["items"], json!({"$ref": "#/$defs/Item"}));
    assert!(openai.strict && openai.native && !has(&openai.schema, "oneOf"));
}

#[test]
fn openai_keeps_references_and_recursion() {
    let openai = said::<types::Tree>(Dialect::OpenAi);
    assert!(openai.strict && openai.native);
    assert_eq!(openai.schema["properties"]["children"]["items"], json!({"$ref": "#/$defs/Tree"}));
    assert_eq!(openai.schema["$defs"]["Tree"]["additionalProperties"], false);
    // A reference stands alone, what is said of it stands around it.
    let parent = &openai.schema["properties"]["parent"];
    assert_eq!(parent["anyOf"], json!([{"$ref": "#/$defs/Tree"}, {"type": "null"}]));
}

#[test]
fn openai_cannot_be_strict_about_maps_and_any_values() {
    let maps = said::<types::Maps>(Dialect::OpenAi);
    assert!(!maps.strict && maps.native);
    assert!(maps.notes.iter().any(|note| note.path == "/properties/by_name" && note.change == Change::AnyField));
    assert_eq!(maps.schema["properties"]["by_name"]["additionalProperties"], json!({"$ref": "#/$defs/Item"}));
    #[derive(JsonSchema)]
    #[allow(dead_code, reason = "only its schema counts")]
    struct Any {
        any: Value,
    }
    let any = said::<Any>(Dialect::OpenAi);
    assert!(!any.strict);
    assert_eq!(changes(&any), ["/properties/any: it may be any value"]);
}

#[test]
fn google_says_const_as_enum_and_null_as_nullable() {
    let schema = json!({
        "type": "object",
        "title": "T",
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "properties": {
            "status": {"const": "active"},
            "flag": {"const": true},
            "count": {"const": 3},
            "maybe": {"anyOf": [{"type": "string"}, {"type": "null"}], "description": "perhaps"},
            "maybe_too": {"type": ["integer", "null"], "exclusiveMinimum": 0, "examples": [1]},
            "when": {"type": "string", "format": "date-time"},
            "map": {"type": "object", "additionalProperties": {"type": "integer"}},
        },
    });
    let google = dialect::translate(&schema, Dialect::Google);
    assert_eq!(
        google.schema,
        json!({
            "type": "object",
            "properties": {
                "status": {"enum": ["active"], "type": "string"},
                "flag": {"enum": [true], "type": "boolean"},
                "count": {"enum": [3], "type": "integer"},
                "maybe": {"type": "string", "nullable": true, "description": "perhaps"},
                "maybe_too": {"type": "integer", "nullable": true, "description": "[more than 0]"},
                "when": {"type": "string", "description": "[in the format date-time]"},
                "map": {"type": "object", "additionalProperties": {"type": "integer"}},
            },
        })
    );
}

#[test]
fn a_tuple_is_a_list_whose_places_are_told() {
    for dialect in [Dialect::OpenAi, Dialect::Anthropic, Dialect::Databricks] {
        let said = said::<types::Pair>(dialect);
        let pair = &said.schema["properties"]["pair"];
        let words = pair["description"].as_str().expect("it is described");
        assert!(
            words.contains("[2 items: integer, then string]") && pair["prefixItems"].is_null(),
            "{dialect:?}: {words}"
        );
        assert!(said.notes.iter().any(|note| note.change == Change::Tuple && note.path == "/properties/pair"));
    }
    assert!(has(&said::<types::Pair>(Dialect::Google).schema, "prefixItems"));
}

#[test]
fn bedrock_and_databricks_inline_what_is_referred_to() {
    for dialect in [Dialect::Bedrock, Dialect::Databricks] {
        let said = said::<types::Order>(dialect);
        assert!(
            !has(&said.schema, "$ref") && !has(&said.schema, "$defs") && !has(&said.schema, "title"),
            "{dialect:?}"
        );
        assert_eq!(said.schema["properties"]["items"]["items"]["properties"]["name"]["type"], "string");
        assert!(said.native, "{dialect:?}: {:?}", said.notes);
    }
}

#[test]
fn recursion_ends_where_references_are_unknown() {
    for dialect in [Dialect::Bedrock, Dialect::Databricks] {
        let said = said::<types::Tree>(dialect);
        assert!(!said.native && !said.strict, "{dialect:?}");
        assert!(said.notes.iter().any(|note| note.change == Change::Recursion), "{dialect:?}");
        let text = said.schema.to_string();
        assert!(text.contains("[again a Tree, as described]") && text.len() < 3_000, "{text}");
    }
    // These know references, and refuse recursion in the form of an answer.
    for dialect in [Dialect::Anthropic, Dialect::Google] {
        let said = said::<types::Tree>(dialect);
        assert!(!said.native && said.schema["$defs"]["Tree"].is_object(), "{dialect:?}");
    }
}

#[test]
fn definitions_that_use_one_another_do_not_grow_without_end() {
    let mut defs = serde_json::Map::new();
    defs.insert("D0".to_owned(), json!({"type": "string"}));
    for level in 1..40 {
        let before = json!({"$ref": format!("#/$defs/D{}", level - 1)});
        defs.insert(format!("D{level}"), json!({"type": "object", "properties": {"a": before, "b": before}}));
    }
    let schema = json!({"type": "object", "properties": {"top": {"$ref": "#/$defs/D39"}}, "$defs": defs});
    let said = dialect::translate(&schema, Dialect::Bedrock);
    assert!(!said.native && said.schema.to_string().len() < 4_000_000);
}

#[test]
fn an_unknown_reference_is_taken_for_a_text() {
    let schema = json!({"type": "object", "properties": {"a": {"$ref": "#/$defs/Gone"}}});
    for dialect in ALL.into_iter().filter(|dialect| *dialect != Dialect::Plain) {
        let said = dialect::translate(&schema, dialect);
        let a = &said.schema["properties"]["a"];
        assert!(a["type"] == "string" || a["type"] == json!(["string", "null"]), "{dialect:?}: {a}");
        assert!(a["description"].as_str().is_some_and(|words| words.contains("unresolved")), "{dialect:?}: {a}");
        let target = "#/$defs/Gone".to_owned();
        assert!(
            said.notes.iter().any(|note| note.change == Change::UnknownRef { target: target.clone() }),
            "{dialect:?}"
        );
        assert!(!said.native);
    }
}

#[test]
fn databricks_has_no_alternatives_and_sixty_four_keys() {
    let events = said::<types::Event>(Dialect::Databricks);
    assert!(!has(&events.schema, "anyOf") && !has(&events.schema, "oneOf") && !events.native);
    let kinds = said::<types::Order>(Dialect::Databricks);
    let kind = &kinds.schema["properties"]["kind"];
    assert_eq!((&kind["type"], &kind["enum"]), (&json!("string"), &json!(["Later", "Now"])));
    let wide = |fields: usize| {
        let fields: serde_json::Map<String, Value> =
            (0..fields).map(|number| (format!("f{number}"), json!({"type": "string"}))).collect();
        dialect::translate(&json!({"type": "object", "properties": fields}), Dialect::Databricks)
    };
    let (fits, exceeds) = (wide(64), wide(65));
    assert!(fits.strict && fits.keys == 64);
    assert!(!exceeds.strict && exceeds.keys == 65);
    assert_eq!(changes(&exceeds), ["/: 65 keys, and at most 64 are taken"]);
}

#[test]
fn anthropic_counts_optional_fields() {
    let wide = |fields: usize| {
        let fields: serde_json::Map<String, Value> =
            (0..fields).map(|number| (format!("f{number}"), json!({"type": "string"}))).collect();
        dialect::translate(&json!({"type": "object", "properties": fields}), Dialect::Anthropic)
    };
    assert!(wide(24).native && wide(24).strict);
    assert_eq!(
        (wide(25).native, changes(&wide(25))),
        (false, vec!["/: 25 optional fields, and at most 24 are taken".to_owned()])
    );
}

#[test]
fn a_root_that_is_no_object_is_put_into_one() {
    for dialect in ALL {
        let list = said::<Vec<types::Item>>(dialect);
        assert!(list.is_wrapped(), "{dialect:?}");
        assert_eq!(
            (&list.schema["type"], &list.schema["required"]),
            (&json!("object"), &json!(["value"])),
            "{dialect:?}"
        );
        assert_eq!(list.unwrap_value(json!({"value": [{"name": "a", "count": null}]})), json!([{"name": "a"}]));
        // Also one that the model did not put into it.
        assert_eq!(list.unwrap_value(json!([{"name": "a", "count": null}])), json!([{"name": "a"}]));
        assert!(!said::<types::Order>(dialect).is_wrapped());
    }
}

#[test]
fn the_same_schema_gives_the_same_text() {
    for dialect in ALL {
        let text = said::<types::Everything>(dialect).schema.to_string();
        for _ in 0..5 {
            assert_eq!(said::<types::Everything>(dialect).schema.to_string(), text);
        }
    }
}

#[test]
fn nulls_for_absent_fields_are_taken_away_and_others_stay() {
    #[track_caller]
    fn back<T: JsonSchema>(value: Value, expected: &Value) {
        let said = said::<T>(Dialect::OpenAi);
        let wrapped = if said.is_wrapped() { json!({ "value": value }) } else { value };
        assert!(jsonschema::is_valid(&said.schema, &wrapped), "{wrapped} in {}", said.schema);
        assert_eq!(&said.unwrap_value(wrapped), expected);
    }
    let item = |count: Value| json!({"name": "a", "count": count, "note": null});
    // `#[serde(default)]` of what is no `Option`, and an `Option`.
    back::<types::Item>(item(Value::Null), &json!({"name": "a", "note": null}));
    back::<types::Item>(item(json!(2)), &item(json!(2)));
    // In lists, in maps, in what refers to itself.
    back::<Vec<types::Item>>(json!([item(Value::Null)]), &json!([{"name": "a", "note": null}]));
    back::<types::Maps>(
        json!({"by_name": {"x": item(Value::Null)}, "numbers": {"n": 1}}),
        &json!({"by_name": {"x": {"name": "a", "note": null}}, "numbers": {"n": 1}}),
    );
    let leaf = |size: Value| json!({"size": size, "children": [], "parent": null});
    back::<types::Tree>(
        json!({"size": null, "children": [leaf(Value::Null)], "parent": leaf(json!(1))}),
        &json!({"children": [{"children": [], "parent": null}], "parent": leaf(json!(1))}),
    );
    // In each kind of enum.
    back::<types::Event>(json!({"Moved": {"by": null, "fast": null}}), &json!({"Moved": {"by": null}}));
    back::<types::Event>(json!({"Seen": item(Value::Null)}), &json!({"Seen": {"name": "a", "note": null}}));
    back::<types::Tagged>(
        json!({"kind": "item", "name": "a", "count": null, "note": null}),
        &json!({"kind": "item", "name": "a", "note": null}),
    );
    back::<types::Tagged>(json!({"kind": "far", "by": 1, "fast": null}), &json!({"kind": "far", "by": 1}));
    back::<types::Loose>(json!({"other": null, "text": "x"}), &json!({"text": "x"}));
    back::<types::Loose>(item(Value::Null), &json!({"name": "a", "note": null}));
    back::<types::Flat>(
        json!({"id": 1, "kind": "far", "by": 1, "fast": null}),
        &json!({"id": 1, "kind": "far", "by": 1}),
    );
}

#[test]
fn fields_that_are_skipped_when_they_are_none_come_back_as_none() {
    #[derive(Debug, PartialEq, JsonSchema, serde::Serialize, serde::Deserialize)]
    struct Skips {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        some: Option<u8>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        list: Vec<u8>,
    }
    let said = said::<Skips>(Dialect::OpenAi);
    let value = said.unwrap_value(json!({"some": null, "list": null}));
    assert_eq!(serde_json::from_value::<Skips>(value).expect("it goes well"), Skips { some: None, list: Vec::new() });
}

/// A value of a schema, by what is drawn. Wide and deep schemas get small values.
struct Draw<'d> {
    root: &'d Value,
    drawn: &'d [u8],
    at: usize,
}

impl Draw<'_> {
    fn pick(&mut self, among: usize) -> usize {
        self.at += 1;
        // Behind the end the first alternative: what recurs ends there.
        self.drawn.get(self.at).map_or(0, |drawn| usize::from(*drawn) % among.max(1))
    }

    fn value(&mut self, schema: &Value, depth: usize) -> Value {
        if let Some(target) = schema["$ref"].as_str() {
            let def = self.root.pointer(target.trim_start_matches('#')).expect("it is there").clone();
            return self.value(&def, depth);
        }
        for keyword in ["anyOf", "oneOf"] {
            if let Some(all) = schema[keyword].as_array() {
                let null =
                    all.iter().find(|one| one["type"] == "null").filter(|_| depth > 4 || self.at > self.drawn.len());
                let one = null.unwrap_or_else(|| &all[self.pick(all.len())]).clone();
                return self.value(&one, depth);
            }
        }
        if let Some(values) = schema["enum"].as_array() {
            return values[self.pick(values.len())].clone();
        }
        if !schema["const"].is_null() {
            return schema["const"].clone();
        }
        let name = match &schema["type"] {
            Value::Array(names) => names[self.pick(names.len())].as_str().expect("a name").to_owned(),
            Value::String(name) => name.clone(),
            _ => "null".to_owned(),
        };
        match name.as_str() {
            "null" => Value::Null,
            "boolean" => json!(self.pick(2) == 1),
            "integer" => json!(self.pick(9)),
            "number" => json!(self.pick(9) as f64 / 2.0),
            "string" => json!(["", "a", "null", "é"][self.pick(4)]),
            "array" if !schema["prefixItems"].is_null() => schema["prefixItems"]
                .as_array()
                .expect("a list")
                .iter()
                .map(|place| self.value(place, depth + 1))
                .collect(),
            "array" => {
                let count = if depth > 4 { 0 } else { self.pick(3) };
                (0..count).map(|_| self.value(&schema["items"], depth + 1)).collect()
            }
            _ => self.object(schema, depth),
        }
    }

    fn object(&mut self, schema: &Value, depth: usize) -> Value {
        let mut fields = serde_json::Map::new();
        let required = schema["required"].as_array().cloned().unwrap_or_default();
        for (name, field) in schema["properties"].as_object().into_iter().flatten() {
            if required.iter().any(|one| one == name) || self.pick(2) == 1 {
                fields.insert(name.clone(), self.value(field, depth + 1));
            }
        }
        if schema["additionalProperties"].is_object() && depth < 5 {
            for name in ["x", "y"].iter().take(self.pick(3)) {
                fields.insert((*name).to_owned(), self.value(&schema["additionalProperties"], depth + 1));
            }
        }
        Value::Object(fields)
    }
}

/// What a model that keeps to the dialect writes is a value of the type, once what the dialect added is taken back.
fn comes_back<T: JsonSchema + serde::de::DeserializeOwned>(drawn: &[u8]) -> Result<(), TestCaseError> {
    let original = dialect::schema_of::<T>();
    for dialect in ALL {
        let said = dialect::translate(&original, dialect);
        let meta = jsonschema::meta::validate(&said.schema);
        prop_assert!(meta.is_ok(), "{dialect:?}: {}", said.schema);
        // What is told in words can be broken by whoever keeps to the schema alone.
        let inlined = matches!(dialect, Dialect::Bedrock | Dialect::Databricks);
        let lost = |change: &Change| *change == Change::Alternatives || (*change == Change::Recursion && inlined);
        if said.notes.iter().any(|note| lost(&note.change)) {
            continue;
        }
        let value = Draw { root: &said.schema, drawn, at: 0 }.value(&said.schema, 0);
        let valid = jsonschema::validator_for(&said.schema).expect("a schema").is_valid(&value);
        if dialect == Dialect::Plain && !valid {
            // Objects of several parts are drawn where a dialect has brought them together.
            continue;
        }
        prop_assert!(valid, "drawn wrongly, {dialect:?}: {value} for {}", said.schema);
        let back = said.unwrap_value(value.clone());
        let faults: Vec<String> = jsonschema::validator_for(&original)
            .expect("a schema")
            .iter_errors(&back)
            .map(|error| error.to_string())
            .collect();
        prop_assert!(faults.is_empty(), "{dialect:?}: {value} became {back}: {faults:?}");
        let read = serde_json::from_value::<T>(back.clone());
        prop_assert!(read.is_ok(), "{dialect:?}: {value} became {back}: {:?}", read.err());
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn what_keeps_to_a_dialect_comes_back_as_a_value_of_the_type(drawn in prop::collection::vec(any::<u8>(), 0..60)) {
        comes_back::<types::Item>(&drawn)?;
        comes_back::<types::Order>(&drawn)?;
        comes_back::<types::Tree>(&drawn)?;
        comes_back::<types::Maps>(&drawn)?;
        comes_back::<types::Event>(&drawn)?;
        comes_back::<types::Tagged>(&drawn)?;
        comes_back::<types::Adjacent>(&drawn)?;
        comes_back::<types::Loose>(&drawn)?;
        comes_back::<types::Flat>(&drawn)?;
        comes_back::<types::Everything>(&drawn)?;
        comes_back::<Vec<types::Event>>(&drawn)?;
        comes_back::<Option<types::Order>>(&drawn)?;
        comes_back::<types::Kind>(&drawn)?;
        comes_back::<types::Expression>(&drawn)?;
    }
}
