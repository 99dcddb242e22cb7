//! Refuses what a model cannot do before anything is sent. Must not know a format.

use crate::llm::chat::message::Role;
use crate::llm::chat::part::Part;
use crate::llm::chat::request::{ChatRequest, Output};
use crate::llm::chat::tool::ToolChoice;
use crate::llm::error::{LlmError, LlmErrorKind};
use crate::llm::profile::Profile;

/// What its profile says that the model cannot do.
pub(crate) fn check(request: &ChatRequest, profile: &Profile) -> Result<(), LlmError> {
    if request.messages.is_empty() {
        return Err(invalid("messages", "there is no message"));
    }
    tools(request, profile)?;
    match &request.output {
        Output::Json if !profile.json => Err(unsupported("the model is not held to JSON by its provider")),
        Output::Schema(_) if !profile.native_schema => {
            Err(unsupported("the model is not held to a JSON schema by its provider"))
        }
        Output::Text | Output::Json | Output::Schema(_) => Ok(()),
    }
}

fn tools(request: &ChatRequest, profile: &Profile) -> Result<(), LlmError> {
    let count = request.tools.len();
    if count > 0 && !profile.tools {
        return Err(unsupported("the model cannot ask for tools"));
    }
    if let Some(most) = profile.tools_max
        && count > most as usize
    {
        return Err(unsupported(format!("there are {count} tools, and the model takes {most}")));
    }
    match &request.tool_choice {
        ToolChoice::Auto | ToolChoice::None => return Ok(()),
        ToolChoice::Required if count == 0 => {
            return Err(invalid("tool_choice", "a tool is required, and there is none"));
        }
        ToolChoice::Named(name) if !request.tools.iter().any(|tool| tool.name == *name) => {
            return Err(invalid("tool_choice", format!("the tool `{name}` is required, and is none of the tools")));
        }
        ToolChoice::Required | ToolChoice::Named(_) => {}
    }
    if profile.forced_tool { Ok(()) } else { Err(unsupported("the model cannot be made to ask for a tool")) }
}

/// The model or its format cannot do this.
pub(crate) fn unsupported(why: impl Into<String>) -> LlmError {
    LlmError::new(LlmErrorKind::Unsupported, why)
}

/// The request is wrong by itself.
pub(crate) fn invalid(field: &str, why: impl Into<String>) -> LlmError {
    LlmError::new(LlmErrorKind::InvalidRequest { field: Some(field.to_owned()) }, why)
}

/// A part stands in a message where it means nothing.
pub(crate) fn misplaced(part: &Part, role: Role) -> LlmError {
    let whose = match role {
        Role::System => "a system message",
        Role::User => "a user's message",
        Role::Assistant => "an assistant's message",
        Role::Tool => "a tool's message",
    };
    invalid("messages", format!("a part `{}` cannot stand in {whose}", part.kind()))
}
