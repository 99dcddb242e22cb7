//! Tools as a model is told of them. Must not run one.

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
