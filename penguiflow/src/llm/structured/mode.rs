//! Chooses how a model is brought to write a value. Must not write the request.

use crate::llm::chat::request::{ChatRequest, Effort};
use crate::llm::dialect::{Note, Translation};
use crate::llm::error::{LlmError, LlmErrorKind};
use crate::llm::profile::{Dialect, OutputMode, Profile};
use std::fmt;

/// A mode that was ruled out, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RuledOut {
    /// The mode.
    pub mode: OutputMode,
    /// Why.
    pub why: Why,
}

/// Why a mode is ruled out.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Why {
    /// The model cannot do it, as its profile has it.
    NotSupported,
    /// The schema has more fields than the model takes.
    Keys {
        /// How many it has.
        keys: usize,
        /// How many the model takes.
        most: u32,
    },
    /// The provider does not take the schema as the form of an answer.
    Schema {
        /// What it does not take.
        notes: Vec<Note>,
    },
    /// The request has tools of its own, and a model can be made to call one only.
    OwnTools,
    /// The model is to think, and its provider lets it not think and be made to call a tool.
    Thinking,
}

impl fmt::Display for RuledOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.mode {
            OutputMode::Native => "no native schema: ",
            OutputMode::Tool => "no forced tool: ",
            OutputMode::Prompted => "not by prompt: ",
        })?;
        match &self.why {
            Why::NotSupported => f.write_str("the model does not support it"),
            Why::Keys { keys, most } => write!(f, "{keys} fields, and the model takes {most}"),
            Why::Schema { notes } => {
                f.write_str("the provider does not take the schema")?;
                notes.iter().try_for_each(|note| write!(f, "; {note}"))
            }
            Why::OwnTools => f.write_str("the request has tools of its own"),
            Why::Thinking => f.write_str("the model is to think"),
        }
    }
}

/// The first mode that will do: the profile's own, then native, tool, prompted. Prompted always does.
pub(super) fn choose(
    profile: &Profile,
    request: &ChatRequest,
    said: &Translation,
    forced: Option<OutputMode>,
) -> Result<(OutputMode, Vec<RuledOut>), LlmError> {
    let mut ruled_out = Vec::new();
    let wanted: Vec<OutputMode> = match forced {
        Some(mode) => vec![mode],
        None => vec![profile.mode, OutputMode::Native, OutputMode::Tool, OutputMode::Prompted],
    };
    for mode in wanted {
        if ruled_out.iter().any(|one: &RuledOut| one.mode == mode) {
            continue;
        }
        match objection(mode, profile, request, said) {
            None => return Ok((mode, ruled_out)),
            Some(why) => ruled_out.push(RuledOut { mode, why }),
        }
    }
    let reasons: Vec<String> = ruled_out.iter().map(ToString::to_string).collect();
    Err(LlmError::new(LlmErrorKind::Unsupported, reasons.join("; ")))
}

fn objection(mode: OutputMode, profile: &Profile, request: &ChatRequest, said: &Translation) -> Option<Why> {
    match mode {
        OutputMode::Native if !profile.native_schema => Some(Why::NotSupported),
        OutputMode::Native if !said.native => Some(Why::Schema { notes: said.notes.clone() }),
        OutputMode::Native => {
            let most = profile.schema_keys_max?;
            (said.keys > most as usize).then_some(Why::Keys { keys: said.keys, most })
        }
        OutputMode::Tool if !profile.tools || !profile.forced_tool => Some(Why::NotSupported),
        OutputMode::Tool if !request.tools.is_empty() => Some(Why::OwnTools),
        OutputMode::Tool if thinks(request) && excludes_thinking(profile.dialect) => Some(Why::Thinking),
        OutputMode::Tool | OutputMode::Prompted => None,
    }
}

fn thinks(request: &ChatRequest) -> bool {
    request.effort.is_some_and(|effort| effort != Effort::Off)
}

/// Claude, wherever it is served: <https://platform.claude.com/docs/en/build-with-claude/extended-thinking#extended-thinking-with-tool-use>.
fn excludes_thinking(dialect: Dialect) -> bool {
    match dialect {
        Dialect::Anthropic | Dialect::Bedrock | Dialect::Databricks => true,
        Dialect::Plain | Dialect::OpenAi | Dialect::Google => false,
    }
}
