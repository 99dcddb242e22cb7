//! Makes a value of a type of a JSON value, or says what is wrong with it. Must not know where the value comes from.

#[cfg(feature = "llm-validate")]
mod schema;
#[cfg(not(feature = "llm-validate"))]
mod serde;

#[cfg(feature = "llm-validate")]
pub(super) use crate::llm::structured::check::schema::Checker;
#[cfg(not(feature = "llm-validate"))]
pub(super) use crate::llm::structured::check::serde::Checker;

use crate::llm::structured::misfit::{FAULTS_MAX, Fault};
use ::serde::de::DeserializeOwned;
use serde_json::Value;
use serde_path_to_error::Segment;

/// The value as a `T`.
pub(super) fn typed<T: DeserializeOwned>(checker: &Checker, value: Value) -> Result<T, Vec<Fault>> {
    let mut faults = checker.faults(&value);
    match serde_path_to_error::deserialize::<_, T>(value) {
        Ok(value) if faults.is_empty() => return Ok(value),
        Ok(_) => {}
        Err(error) => {
            let fault = fault_of(&error);
            if faults.len() < FAULTS_MAX && !faults.iter().any(|one| one.path == fault.path) {
                faults.push(fault);
            }
        }
    }
    Err(faults)
}

fn fault_of(error: &serde_path_to_error::Error<serde_json::Error>) -> Fault {
    let mut path: Vec<String> = Vec::new();
    for segment in error.path() {
        match segment {
            Segment::Seq { index } => path.push(index.to_string()),
            Segment::Map { key } => path.push(key.clone()),
            Segment::Enum { variant } => path.push(variant.clone()),
            Segment::Unknown => {}
        }
    }
    let words = error.inner().to_string();
    let missing = words.strip_prefix("missing field `").and_then(|rest| rest.split('`').next());
    match missing {
        Some(field) => {
            path.push(field.to_owned());
            Fault::new(&path, "is required")
        }
        None => Fault::new(&path, words),
    }
}
