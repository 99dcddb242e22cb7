//! Why an answer is not the value that was asked for, and what the model is told about it. Must not know how that was found out.

use crate::llm::error::{LlmError, LlmErrorKind};
use crate::validate::Violation;
use std::fmt;

/// How many faults of one answer are told.
pub(super) const FAULTS_MAX: usize = 20;
/// How long the reason of one is, in letters.
const REASON_LETTERS_MAX: usize = 400;

/// An answer is not the value that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Misfit {
    /// Why.
    pub kind: MisfitKind,
    /// What the model wrote.
    pub content: String,
    /// The tool that it was to call.
    pub(super) tool: Option<&'static str>,
}

/// Why an answer is not the value that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MisfitKind {
    /// The tool that takes the value was not called.
    NoToolCall,
    /// Another tool was called.
    WrongTool {
        /// That one.
        got: String,
    },
    /// The tool that takes the value was called several times, or others beside it.
    SeveralCalls {
        /// How many calls there are.
        calls: usize,
    },
    /// Tools of the request were called, where the value was to be the answer.
    CalledTools {
        /// Their names.
        names: Vec<String>,
    },
    /// There is no JSON in it.
    NotJson {
        /// What is there, or is not.
        reason: String,
    },
    /// The limit of tokens ended it, and there is no value yet.
    CutOff,
    /// The model will not answer, or the provider took the answer away.
    Refused,
    /// It is JSON, and not of the type.
    Invalid {
        /// What is wrong, at least one thing and at most twenty.
        faults: Vec<Fault>,
    },
}

/// One thing that is wrong with a value.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fault {
    /// Where, as `nested -> field2` or `items -> 3 -> name`; empty for the whole value.
    pub path: String,
    /// What. It may quote the value.
    pub reason: String,
}

impl Fault {
    pub(super) fn new(path: &[String], reason: impl Into<String>) -> Self {
        let mut reason = reason.into();
        if let Some((end, _)) = reason.char_indices().nth(REASON_LETTERS_MAX) {
            reason.truncate(end);
            reason.push('…');
        }
        Fault { path: path.join(" -> "), reason }
    }

    /// A broken rule, whose place is written as `items[3].name`.
    pub(super) fn of(violation: &Violation) -> Self {
        let path: Vec<String> =
            violation.path.split(['.', '[', ']']).filter(|part| !part.is_empty()).map(str::to_owned).collect();
        Fault::new(&path, violation.message.as_str())
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() { f.write_str(&self.reason) } else { write!(f, "{}: {}", self.path, self.reason) }
    }
}

impl Misfit {
    /// Whether it may help to tell the model. A refusal is no mistake; and what the limit of tokens cut off would be cut off again,
    /// with still more to read before it: that takes a higher limit.
    #[must_use]
    pub fn is_repairable(&self) -> bool {
        match &self.kind {
            MisfitKind::Refused | MisfitKind::CutOff => false,
            MisfitKind::NoToolCall
            | MisfitKind::WrongTool { .. }
            | MisfitKind::SeveralCalls { .. }
            | MisfitKind::CalledTools { .. }
            | MisfitKind::NotJson { .. }
            | MisfitKind::Invalid { .. } => true,
        }
    }

    /// What the model is told, so that it may do better.
    #[must_use]
    pub fn feedback(&self) -> String {
        let again = match self.tool {
            Some(tool) => format!("Call the tool `{tool}` once, with the whole value as its arguments."),
            None => "Answer with the whole value as valid JSON, and nothing else.".to_owned(),
        };
        match &self.kind {
            MisfitKind::NoToolCall => format!("You did not call a tool. {again}"),
            MisfitKind::WrongTool { got } => format!("`{got}` is not the tool to be called. {again}"),
            MisfitKind::SeveralCalls { calls } => format!("You made {calls} calls of tools. {again}"),
            MisfitKind::CalledTools { names } => {
                format!("No tool runs at this point, also not {}. {again}", listed(names))
            }
            MisfitKind::NotJson { reason } => {
                format!("Your answer is invalid JSON: {reason}. Only valid JSON can be read. {again}")
            }
            MisfitKind::CutOff => format!("Your answer was cut off. Be shorter. {again}"),
            MisfitKind::Refused => again,
            MisfitKind::Invalid { faults } => {
                let lines: Vec<String> = faults.iter().map(|fault| format!("- {fault}")).collect();
                format!(
                    "Your answer failed validation:\n{}\nCorrect this, and keep the rest. {again}",
                    lines.join("\n")
                )
            }
        }
    }
}

fn listed(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}

/// Names places, and quotes nothing of the answer.
impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            MisfitKind::NoToolCall => f.write_str("the model called no tool"),
            MisfitKind::WrongTool { got } => write!(f, "the model called `{got}`"),
            MisfitKind::SeveralCalls { calls } => write!(f, "the model made {calls} calls of tools"),
            MisfitKind::CalledTools { names } => write!(f, "the model called {} and gave no value", listed(names)),
            MisfitKind::NotJson { reason } => write!(f, "it is not JSON: {reason}"),
            MisfitKind::CutOff => f.write_str("it is cut off"),
            MisfitKind::Refused => f.write_str("the model refused"),
            MisfitKind::Invalid { faults } => {
                f.write_str("it failed validation")?;
                let mut places = faults.iter().map(|fault| fault.path.as_str()).filter(|path| !path.is_empty());
                places.next().iter().try_for_each(|place| write!(f, " at {place}"))?;
                places.try_for_each(|place| write!(f, ", {place}"))
            }
        }
    }
}

impl std::error::Error for Misfit {}

/// Of the kind [`ContentParse`](LlmErrorKind::ContentParse), or [`Refused`](LlmErrorKind::Refused), with what the model wrote as its
/// [content](LlmError::content).
impl From<Misfit> for LlmError {
    fn from(misfit: Misfit) -> Self {
        let kind = match &misfit.kind {
            MisfitKind::Refused => LlmErrorKind::Refused,
            MisfitKind::NoToolCall
            | MisfitKind::WrongTool { .. }
            | MisfitKind::SeveralCalls { .. }
            | MisfitKind::CalledTools { .. }
            | MisfitKind::NotJson { .. }
            | MisfitKind::CutOff
            | MisfitKind::Invalid { .. } => LlmErrorKind::ContentParse,
        };
        LlmError::new(kind, misfit.to_string()).with_content(misfit.content)
    }
}
