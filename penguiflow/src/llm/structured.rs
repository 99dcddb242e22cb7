//! The plan of one typed value from a model: what is asked, how the answer is read, what a mistake is answered with. Pure: asks nobody.
//!
//! [`LlmClient::generate`](crate::llm::LlmClient::generate) follows such a plan. For itself it is of use where the asking is your own:
//!
//! ```
//! use penguiflow::llm::structured::Plan;
//! use penguiflow::llm::{ChatMessage, ChatRequest, OutputMode, Profile};
//!
//! #[derive(schemars::JsonSchema, serde::Deserialize)]
//! struct Catch { species: String, tons: u8 }
//!
//! let request = ChatRequest::from("What was caught?");
//! let mut plan = Plan::<Catch>::of(&Profile::default(), &request, None)?;
//! assert_eq!(plan.mode(), OutputMode::Tool);
//! assert_eq!(plan.request().tools[0].name, "structured_output");
//!
//! // What a model says to that, step by step put together:
//! let answer = ChatMessage::assistant("```json\n{\"species\": \"krill\", \"tons\": 700}\n```");
//! let misfit = plan.read_message(&answer, &penguiflow::llm::Finish::Stop).err().expect("a u8 ends at 255");
//! assert!(misfit.feedback().contains("failed validation:\n- tons: "));
//! assert!(plan.repair(&answer, &misfit));
//! assert_eq!(plan.request().messages.len(), 3);
//! # Ok::<_, penguiflow::llm::LlmError>(())
//! ```

mod check;
mod misfit;
mod mode;
mod partial_of;
mod repair;
mod write;

pub use crate::llm::structured::misfit::{Fault, Misfit, MisfitKind};
pub use crate::llm::structured::mode::{RuledOut, Why};
pub use crate::llm::structured::partial_of::PartialOf;

use crate::llm::chat::message::{ChatMessage, NotOneCall};
use crate::llm::chat::request::{ChatRequest, Output};
use crate::llm::chat::response::ChatResponse;
use crate::llm::chat::tool::ToolChoice;
use crate::llm::chat::usage::Finish;
use crate::llm::dialect::{self, Translation};
use crate::llm::error::{LlmError, LlmErrorKind};
use crate::llm::lenient::{self, Found, How};
use crate::llm::profile::{Dialect, OutputMode, Profile};
use crate::llm::structured::check::{Checker, typed};
use crate::llm::structured::misfit::FAULTS_MAX;
use crate::validate::Violations;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::marker::PhantomData;
use std::sync::Arc;

/// How many values of one text are tried.
const TRIED_MAX: usize = 32;

/// How a value of a type is asked for, and read.
///
/// # Modes
/// - [`Native`](OutputMode::Native): the provider holds the model to the schema, in its [dialect](dialect::translate).
/// - [`Tool`](OutputMode::Tool): the model has to call the tool `structured_output`, whose arguments are the value. Not where the request has
///   tools of its own, and not where a model of Anthropic is to think, which excludes this.
/// - [`Prompted`](OutputMode::Prompted): the schema stands behind the first system message, which is made if there is none, and the last
///   message is reminded of it if it is the user's. All other messages and parts stay as they are.
///
/// The profile's own mode is tried first, then these in their order; [`ruled_out`](Plan::ruled_out) tells which were passed over, and why.
///
/// Tools of the request's own stay in it in the other modes. A model that calls one then gives no value, which is a misfit: nobody runs tools here.
///
/// # What is read
/// JSON first, then what is [nearly JSON](crate::llm::lenient), as long as it is whole: a value that is cut off, or a piece of something
/// broken, is none. Nulls that stand for absent fields are taken away. With the feature `llm-validate` the value is checked against the
/// schema, rules included; then serde reads it.
#[derive(Debug)]
pub struct Plan<T> {
    request: ChatRequest,
    mode: OutputMode,
    ruled_out: Vec<RuledOut>,
    said: Arc<Translation>,
    checker: Checker,
    own_tools: bool,
    of: PhantomData<fn() -> T>,
}

impl<T: DeserializeOwned + JsonSchema> Plan<T> {
    /// Plans to ask a model of that profile. With `forced` in that mode or not at all.
    ///
    /// # Errors
    /// - [`InvalidRequest`](LlmErrorKind::InvalidRequest) if the request says itself what form the answer has, or which tool must be called; or
    ///   if the schema of the type is none.
    /// - [`Unsupported`](LlmErrorKind::Unsupported) if the forced mode is ruled out.
    pub fn of(profile: &Profile, request: &ChatRequest, forced: Option<OutputMode>) -> Result<Self, LlmError> {
        let wrong = |field: &str, words: &str| {
            Err(LlmError::new(LlmErrorKind::InvalidRequest { field: Some(field.to_owned()) }, words))
        };
        match request.tool_choice {
            ToolChoice::Auto | ToolChoice::None => {}
            ToolChoice::Required | ToolChoice::Named(_) => {
                return wrong("tool_choice", "a tool that must be called leaves no answer to be a value");
            }
        }
        match request.output {
            Output::Text => {}
            Output::Json | Output::Schema(_) => return wrong("output", "the type says what form the answer has"),
        }
        let original = dialect::schema_of::<T>();
        let said = dialect::translate(&original, profile.dialect);
        let (mode, ruled_out) = mode::choose(profile, request, &said, forced)?;
        let checker = Checker::of(&original)?;
        let mut asked = request.clone();
        let said = match mode {
            OutputMode::Native => {
                write::native(&mut asked, &original, &said);
                said
            }
            OutputMode::Tool => {
                write::tool(&mut asked, &original, &said);
                said
            }
            OutputMode::Prompted => {
                let said = dialect::translate(&original, Dialect::Plain);
                write::prompted(&mut asked, &said, profile);
                said
            }
        };
        let own_tools = !request.tools.is_empty();
        Ok(Plan { request: asked, mode, ruled_out, said: Arc::new(said), checker, own_tools, of: PhantomData })
    }

    /// What is to be asked now.
    #[must_use]
    pub fn request(&self) -> &ChatRequest {
        &self.request
    }

    /// How the model is brought to write the value.
    #[must_use]
    pub fn mode(&self) -> OutputMode {
        self.mode
    }

    /// The modes that were passed over.
    #[must_use]
    pub fn ruled_out(&self) -> &[RuledOut] {
        &self.ruled_out
    }

    /// The schema as the model is told it.
    #[must_use]
    pub fn translation(&self) -> &Translation {
        &self.said
    }

    /// The value of an answer.
    ///
    /// # Errors
    /// [`Misfit`], if it is none.
    pub fn read(&self, response: &ChatResponse) -> Result<T, Misfit> {
        self.read_with(response, |_| Ok(()))
    }

    /// The value of an answer that also passes a check, such as [`Validate::validate`](crate::Validate::validate).
    ///
    /// # Errors
    /// [`Misfit`], if it is none, or if the check finds something.
    pub fn read_with(
        &self,
        response: &ChatResponse,
        check: impl Fn(&T) -> Result<(), Violations>,
    ) -> Result<T, Misfit> {
        self.value_of(&response.message, &response.finish, &check)
    }

    /// As [`read`](Plan::read), of a message that ended so.
    ///
    /// # Errors
    /// [`Misfit`], if it is no value.
    pub fn read_message(&self, message: &ChatMessage, finish: &Finish) -> Result<T, Misfit> {
        self.value_of(message, finish, &|_| Ok(()))
    }

    /// Goes on with the conversation: behind the answer it says what is wrong, in a way that every provider takes. `false`, and nothing
    /// is done, if that [would not help](Misfit::is_repairable).
    pub fn repair(&mut self, answer: &ChatMessage, misfit: &Misfit) -> bool {
        if !misfit.is_repairable() {
            return false;
        }
        repair::append(&mut self.request, answer, &misfit.feedback(), self.mode == OutputMode::Tool);
        true
    }

    /// Reads the value while the model writes it.
    #[must_use]
    pub fn partial(&self) -> PartialOf<T> {
        PartialOf::new(self.mode, self.said.clone())
    }

    fn value_of<C>(&self, message: &ChatMessage, finish: &Finish, check: &C) -> Result<T, Misfit>
    where
        C: Fn(&T) -> Result<(), Violations>,
    {
        let text = message.text();
        let misfit = |kind: MisfitKind, content: &str| {
            let tool = (self.mode == OutputMode::Tool).then_some(write::TOOL);
            Misfit { kind, content: content.to_owned(), tool }
        };
        match finish {
            Finish::Refusal | Finish::ContentFilter => return Err(misfit(MisfitKind::Refused, &text)),
            Finish::Stop | Finish::ToolCalls | Finish::Length | Finish::Other(_) => {}
        }
        let by_tool = match self.mode {
            OutputMode::Tool => message.only_call(write::TOOL),
            OutputMode::Native | OutputMode::Prompted => {
                let names: Vec<String> = message.tool_calls().map(|call| call.name.clone()).collect();
                if self.own_tools && !names.is_empty() {
                    return Err(misfit(MisfitKind::CalledTools { names }, &text));
                }
                Err(NotOneCall::None { wanted: write::TOOL.to_owned() })
            }
        };
        let content = match by_tool {
            Ok(call) => call.arguments_or_empty(),
            Err(NotOneCall::None { .. }) => &text,
            Err(NotOneCall::Several { calls, .. }) => return Err(misfit(MisfitKind::SeveralCalls { calls }, &text)),
            Err(NotOneCall::Other { got, .. }) => return Err(misfit(MisfitKind::WrongTool { got }, &text)),
        };
        self.value_in(content, check).map_err(|kind| {
            let kind = match kind {
                // Whatever was read until then: the rest of it did not come.
                _ if *finish == Finish::Length => MisfitKind::CutOff,
                MisfitKind::NotJson { .. }
                    if self.mode == OutputMode::Tool && message.tool_calls().next().is_none() =>
                {
                    MisfitKind::NoToolCall
                }
                kind => kind,
            };
            misfit(kind, content)
        })
    }

    fn value_in<C>(&self, text: &str, check: &C) -> Result<T, MisfitKind>
    where
        C: Fn(&T) -> Result<(), Violations>,
    {
        let found = lenient::best(text).map_err(|error| MisfitKind::NotJson { reason: error.to_string() })?;
        let is_cut = found.iter().all(|found| matches!(found.how, How::Cut(_)));
        let (mut wrong, mut items) = (None, Vec::new());
        for found in found.into_iter().filter(|found| found.how.is_whole()).take(TRIED_MAX) {
            // A list of one, where that one was wanted.
            let of_one = found.value.as_array().is_some_and(|values| values.len() == 1).then(|| found.clone());
            match self.fits(found.value, check) {
                Ok(value) => return Ok(value),
                Err(faults) => wrong = wrong.or(Some(faults)),
            }
            items.extend(of_one.map(Found::into_items).into_iter().flatten());
        }
        if let Some(value) = items.into_iter().find_map(|item| self.fits(item.value, check).ok()) {
            return Ok(value);
        }
        Err(match wrong {
            Some(faults) => MisfitKind::Invalid { faults },
            // Nobody stopped it: brackets were forgotten.
            None if is_cut => MisfitKind::NotJson { reason: "it ends before the value does".to_owned() },
            None => MisfitKind::NotJson { reason: "it is broken around its pieces".to_owned() },
        })
    }

    fn fits<C>(&self, value: Value, check: &C) -> Result<T, Vec<Fault>>
    where
        C: Fn(&T) -> Result<(), Violations>,
    {
        let value = typed::<T>(&self.checker, self.said.unwrap_value(value))?;
        match check(&value) {
            Ok(()) => Ok(value),
            Err(violations) => Err(violations.iter().take(FAULTS_MAX).map(Fault::of).collect()),
        }
    }
}

#[cfg(test)]
mod tests;
