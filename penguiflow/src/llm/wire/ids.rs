//! Writes the ids of calls for formats that take letters, digits, `_` and `-` alone, and none of them twice. Must not know a format.

use crate::llm::error::LlmError;
use crate::llm::wire::checks::invalid;
use std::collections::{HashMap, HashSet};

/// How long an id may be: <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolUseBlock.html>.
const CHARS_MAX: usize = 64;
/// What is left of a long one, so that a number has room behind it.
const CHARS_KEPT: usize = 53;

/// The ids of one conversation. Another model may have given some of them, and we made up some, which are unique in their message alone.
#[derive(Default)]
pub(crate) struct Ids {
    taken: HashSet<String>,
    /// How often each was asked for.
    times: HashMap<String, u32>,
    /// How the last call of an id is written, for its result.
    written: HashMap<String, String>,
}

impl Ids {
    /// The id of a call. They are asked for in the order of the conversation.
    pub(crate) fn call(&mut self, id: &str) -> Result<String, LlmError> {
        let plain = plain(id)?;
        let mut own = plain.clone();
        while !self.taken.insert(own.clone()) {
            let times = self.times.entry(plain.clone()).or_insert(1);
            *times = times.saturating_add(1);
            own = format!("{}_{times}", plain.get(..CHARS_KEPT).unwrap_or(&plain));
        }
        self.written.insert(id.to_owned(), own.clone());
        Ok(own)
    }

    /// The id of what the call gave.
    pub(crate) fn result(&self, id: &str) -> Result<String, LlmError> {
        self.written.get(id).map_or_else(|| plain(id), |own| Ok(own.clone()))
    }
}

fn plain(id: &str) -> Result<String, LlmError> {
    if id.is_empty() {
        return Err(invalid("messages", "a call of a tool or its result has no id"));
    }
    let is_fine = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    Ok(id.chars().take(CHARS_MAX).map(|c| if is_fine(c) { c } else { '_' }).collect())
}

#[cfg(test)]
mod tests;
