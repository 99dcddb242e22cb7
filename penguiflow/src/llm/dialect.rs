//! Says a type's schema as a provider wants to hear it, and takes back what that adds. Must not know a request.
//!
//! Each provider knows a part of JSON schema, and another one. What its dialect has no word for is told to the model in the description, in an order
//! that does not change from call to call, and stays ours to check. Nothing is lost in silence: each such place is a [`Note`].
//!
//! ```
//! use penguiflow::llm::{Dialect, dialect};
//!
//! #[derive(schemars::JsonSchema, serde::Deserialize, Debug, PartialEq)]
//! struct Catch {
//!     #[schemars(range(max = 40))]
//!     fish: u64,
//!     #[serde(default)]
//!     place: String,
//! }
//!
//! let said = dialect::translate(&dialect::schema_of::<Catch>(), Dialect::OpenAi);
//! assert_eq!(said.schema["properties"]["fish"]["description"], "[at least 0; at most 40]");
//! // Strict mode has no optional fields, so this one may be null, and null means that it is not there.
//! assert_eq!(said.schema["properties"]["place"]["type"], serde_json::json!(["string", "null"]));
//! let value = said.unwrap_value(serde_json::json!({"fish": 3, "place": null}));
//! assert_eq!(serde_json::from_value::<Catch>(value)?, Catch { fish: 3, place: String::new() });
//! # Ok::<_, serde_json::Error>(())
//! ```
//!
//! | dialect | what it takes |
//! |---|---|
//! | [`Plain`](Dialect::Plain) | the schema as it is |
//! | [`OpenAi`](Dialect::OpenAi) | closed objects that require all fields, `anyOf`, references, recursion; no rules about values |
//! | [`Anthropic`](Dialect::Anthropic) | closed objects with optional fields, `anyOf`, references, no recursion; few rules |
//! | [`Google`](Dialect::Google) | `enum` for `const`, `nullable`, `anyOf`, references, no recursion; bounds and counts |
//! | [`Bedrock`](Dialect::Bedrock) | the schema without references |
//! | [`Databricks`](Dialect::Databricks) | no references, no alternatives, 64 keys; bounds |
//!
//! A root that is no object, such as a list or an enum, is put into an object with the one field `value`, since no provider takes it
//! everywhere.

mod absent;
mod anthropic;
mod bedrock;
mod databricks;
mod document;
mod google;
mod inline;
mod note;
mod openai;
mod parts;
mod walk;
mod words;

pub use crate::llm::dialect::note::{Change, Note};

use crate::llm::dialect::absent::Shape;
use crate::llm::dialect::anthropic::Counts;
use crate::llm::dialect::document::Document;
use crate::llm::dialect::note::{Holds, Ledger};
use crate::llm::profile::Dialect;
use schemars::JsonSchema;
use serde_json::{Map, Value};

/// The one field of the object that stands for a root which is no object.
const WRAPPED: &str = "value";

/// A schema in a provider's dialect.
#[derive(Debug)]
#[non_exhaustive]
pub struct Translation {
    /// The schema.
    pub schema: Value,
    /// Where it says less than the type does, in the order of the schema.
    pub notes: Vec<Note>,
    /// Whether the provider may be asked to let the model write nothing else.
    pub strict: bool,
    /// Whether the provider takes it as the form of an answer. As that of a tool's arguments, which no provider enforces, it always does.
    pub native: bool,
    /// How many fields its objects have, all together.
    pub keys: usize,
    wrapped: bool,
    shape: Shape,
}

impl Translation {
    /// Whether the schema says all that the type says.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        self.notes.is_empty()
    }

    /// Whether the root was put into an object with the field `value`.
    #[must_use]
    pub fn is_wrapped(&self) -> bool {
        self.wrapped
    }

    /// Takes back what the dialect added to a value: the object around the root, and nulls in fields that may be left out and may not
    /// be null. A null that the type knows stays.
    #[must_use]
    pub fn unwrap_value(&self, value: Value) -> Value {
        let mut value = match value {
            Value::Object(mut fields) if self.wrapped && fields.len() == 1 => match fields.remove(WRAPPED) {
                Some(value) => value,
                None => Value::Object(fields),
            },
            other => other,
        };
        self.shape.strip(&mut value);
        value
    }

    /// The field of the whole in which a streamed root stands, if it was put into an object.
    pub(crate) fn wrapped_in(&self) -> Option<&'static str> {
        self.wrapped.then_some(WRAPPED)
    }
}

/// The schema of a type, as it is read: JSON schema of 2020-12.
#[must_use]
pub fn schema_of<T: JsonSchema>() -> Value {
    schemars::generate::SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>().into()
}

/// Says a schema of 2020-12, as [`schema_of`] gives it, in a dialect.
///
/// The same schema gives the same text each time, so that what a provider caches stays good.
#[must_use]
pub fn translate(schema: &Value, dialect: Dialect) -> Translation {
    let shape = Shape::of(schema);
    let mut ledger = Ledger::new();
    let (schema, wrapped) = match dialect {
        Dialect::Plain => plain(schema),
        Dialect::OpenAi | Dialect::Anthropic | Dialect::Google | Dialect::Bedrock | Dialect::Databricks => {
            let mut document = Document::of(schema);
            document.normalise(&mut ledger);
            let wrapped = document.wrap();
            (say(document, dialect, &mut ledger), wrapped)
        }
    };
    let Ledger { notes, strict, native } = ledger;
    Translation { keys: walk::keys(&schema), schema, notes, strict, native, wrapped, shape }
}

/// The schema as it is. A root that can only be an object says so.
fn plain(schema: &Value) -> (Value, bool) {
    let mut document = Document::of(schema);
    if !document.has_object_root() {
        document.wrap();
        return (document.into_schema(), true);
    }
    let mut schema = schema.clone();
    if let Some(root) = schema.as_object_mut() {
        root.entry("type").or_insert_with(|| "object".into());
    }
    (schema, false)
}

fn say(mut document: Document, dialect: Dialect, ledger: &mut Ledger) -> Value {
    match dialect {
        Dialect::Plain => {}
        Dialect::OpenAi => each(&mut document, |node, at| openai::node(node, at, ledger)),
        Dialect::Anthropic => {
            recursion(&document, ledger);
            let mut counts = Counts::default();
            each(&mut document, |node, at| counts.node(node, at, ledger));
            counts.end(ledger);
        }
        Dialect::Google => {
            recursion(&document, ledger);
            each(&mut document, |node, at| google::node(node, at, ledger));
        }
        Dialect::Bedrock => {
            let mut schema = inline::inline(document, ledger);
            walk::each(&mut schema, "", &mut |node, at| bedrock::node(node, at, ledger));
            return schema;
        }
        Dialect::Databricks => {
            let mut schema = inline::inline(document, ledger);
            walk::each(&mut schema, "", &mut |node, at| databricks::node(node, at, ledger));
            databricks::end(&schema, ledger);
            return schema;
        }
    }
    document.into_schema()
}

fn each(document: &mut Document, mut visit: impl FnMut(&mut Map<String, Value>, &str)) {
    walk::each(&mut document.root, "", &mut visit);
    for (name, def) in &mut document.defs {
        walk::each(def, &format!("/$defs/{}", walk::escaped(name)), &mut visit);
    }
}

fn recursion(document: &Document, ledger: &mut Ledger) {
    for name in document.recursive() {
        ledger.note(&format!("/$defs/{}", walk::escaped(&name)), Change::Recursion, Holds::No);
    }
}

#[cfg(test)]
mod tests;
