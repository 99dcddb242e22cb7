//! Checks values against the JSON schema of their type; the one place that knows the crate for it. Must not know the type.

use crate::llm::error::{LlmError, LlmErrorKind};
use crate::llm::structured::misfit::{FAULTS_MAX, Fault};
use jsonschema::error::ValidationErrorKind;
use jsonschema::{ValidationError, Validator};
use serde_json::Value;

/// A schema, ready to check values.
#[derive(Debug)]
pub(crate) struct Checker {
    validator: Validator,
}

impl Checker {
    pub(crate) fn of(schema: &Value) -> Result<Self, LlmError> {
        let validator = jsonschema::draft202012::new(schema).map_err(|error| {
            let kind = LlmErrorKind::InvalidRequest { field: None };
            LlmError::new(kind, format!("the schema of the type is none: {error}"))
        })?;
        Ok(Checker { validator })
    }

    pub(crate) fn faults(&self, value: &Value) -> Vec<Fault> {
        self.validator.iter_errors(value).take(FAULTS_MAX).map(|error| fault_of(&error)).collect()
    }
}

fn fault_of(error: &ValidationError<'_>) -> Fault {
    let mut path: Vec<String> = error.instance_path().segments().map(|segment| segment.to_string()).collect();
    match error.kind() {
        ValidationErrorKind::Required { property } => {
            path.push(property.as_str().map_or_else(|| property.to_string(), str::to_owned));
            Fault::new(&path, "is required")
        }
        // Without the value, which may be long and is nobody's who reads a log.
        _ => Fault::new(&path, error.masked().to_string()),
    }
}
