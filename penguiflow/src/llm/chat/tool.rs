//! Tools as a model sees them: what there is, what it asks for, what it gets. Must not run one.

use crate::llm::chat::part::{Part, Signature};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A tool that a model may ask for.
///
/// ```
/// use penguiflow::llm::ToolSpec;
///
/// #[derive(schemars::JsonSchema)]
/// struct Lookup { city: String }
///
/// let weather = ToolSpec::of::<Lookup>("weather", "Tells the weather of a city.");
/// assert_eq!(weather.schema["properties"]["city"]["type"], "string");
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ToolSpec {
    /// Its name. Most providers take letters, digits, `_` and `-`, at most 64.
    pub name: String,
    /// What it is for, in words for the model.
    pub description: String,
    /// The JSON schema of its arguments, an object.
    pub schema: Value,
}

impl ToolSpec {
    /// A tool whose arguments have that JSON schema.
    #[must_use]
    pub fn new(name: impl Into<String>, description: impl Into<String>, schema: Value) -> Self {
        ToolSpec { name: name.into(), description: description.into(), schema }
    }

    /// A tool whose arguments are a `T`.
    #[must_use]
    pub fn of<T: schemars::JsonSchema>(name: impl Into<String>, description: impl Into<String>) -> Self {
        let generator = schemars::generate::SchemaSettings::draft2020_12().into_generator();
        Self::new(name, description, generator.into_root_schema_for::<T>().into())
    }
}

/// Whether a model has to ask for a tool.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ToolChoice {
    /// As it likes.
    #[default]
    Auto,
    /// For none.
    None,
    /// For at least one.
    Required,
    /// For this one.
    Named(String),
}

/// A model asks for a tool.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ToolCall {
    /// What its result is known by. Unique in its message; made up where the provider gave none.
    pub id: String,
    /// The tool.
    pub name: String,
    /// Its arguments, as the model wrote them: JSON, if all went well.
    pub arguments: String,
    /// Handed back to the provider as it came; see [`Signature`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<Signature>,
}

impl ToolCall {
    /// A call of the tool `name`.
    #[must_use]
    pub fn new(id: impl Into<String>, name: impl Into<String>, arguments: impl Into<String>) -> Self {
        ToolCall { id: id.into(), name: name.into(), arguments: arguments.into(), signature: None }
    }

    /// The arguments as a `T`. No arguments at all are those of an empty object.
    ///
    /// # Errors
    /// What serde says of them. They are read as they stand; [`llm::lenient`](crate::llm::lenient) reads what is nearly JSON.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_str(self.arguments_or_empty())
    }

    /// The arguments, with `{}` for none: what providers want to see again.
    #[must_use]
    pub fn arguments_or_empty(&self) -> &str {
        if self.arguments.trim().is_empty() { "{}" } else { &self.arguments }
    }
}

/// What a tool gave.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ToolResult {
    /// The [id of the call](ToolCall::id) that it answers.
    pub id: String,
    /// The tool.
    pub name: String,
    /// What it gave: words, and pictures where the provider takes them.
    pub content: Vec<Part>,
    /// Whether the tool failed, and the content says why.
    #[serde(default)]
    pub is_error: bool,
}

impl ToolResult {
    /// The tool gave these words.
    #[must_use]
    pub fn text(call: &ToolCall, text: impl Into<String>) -> Self {
        let (id, name) = (call.id.clone(), call.name.clone());
        ToolResult { id, name, content: vec![Part::text(text)], is_error: false }
    }

    /// The tool gave this value, which goes to the model as JSON.
    #[must_use]
    pub fn json(call: &ToolCall, value: &Value) -> Self {
        Self::text(call, value.to_string())
    }

    /// The tool failed.
    #[must_use]
    pub fn error(call: &ToolCall, text: impl Into<String>) -> Self {
        ToolResult { is_error: true, ..Self::text(call, text) }
    }

    /// And this beside it.
    #[must_use]
    pub fn with(mut self, part: impl Into<Part>) -> Self {
        self.content.push(part.into());
        self
    }

    /// All its words, one text behind the other.
    #[must_use]
    pub fn to_text(&self) -> String {
        self.content.iter().filter_map(Part::as_text).collect()
    }
}
