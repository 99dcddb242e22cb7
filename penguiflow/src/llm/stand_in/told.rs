//! How a stand-in tells its answer: cut into pieces, with waits, with an end. Must not know what it answers, nor to what.

use crate::llm::chat::event::{ChatEvent, End};
use crate::llm::chat::message::ChatMessage;
use crate::llm::chat::part::{Part, Signature};
use crate::llm::chat::request::ChatRequest;
use crate::llm::chat::usage::{Finish, Usage};
use crate::llm::error::{LlmError, LlmErrorKind};
use crate::llm::model::{Call, Delivery, ModelInfo, ModelStream};
use crate::llm::profile::{Price, Profile};
use crate::llm::stand_in::reply::{ScriptedReply, Step};
use crate::money::Money;
use futures_util::stream;
use std::collections::VecDeque;
use std::error::Error as _;
use std::sync::Arc;
use std::time::Duration;

/// How many letters of a tool's arguments come in one piece.
const ARGUMENT_LETTERS: usize = 12;
/// How many letters a token has, by the rule of thumb that OpenAI gives for English: <https://help.openai.com/en/articles/4936856>.
const LETTERS_OF_A_TOKEN: u64 = 4;

/// A model that costs nothing.
pub(super) fn free(provider: &str, name: &str) -> ModelInfo {
    let nothing = Some(Price::per_million(Money::default(), Money::default()));
    ModelInfo::new(provider, name).with_profile(Profile { price: nothing, ..Profile::default() })
}

/// What is told next.
enum Tell {
    Wait(Duration),
    Say(ChatEvent),
    Fail(Arc<LlmError>),
}

/// Tells `reply`. The model that errors name is `name`.
pub(super) fn tell(reply: ScriptedReply, request: &ChatRequest, call: Call, name: String) -> ModelStream {
    let tells = tells(reply, request, call.delivery);
    Box::pin(stream::unfold((tells, call, name), |(mut tells, call, name)| async move {
        loop {
            match tells.pop_front()? {
                Tell::Wait(wait) => call.seam.sleep(wait).await,
                Tell::Say(event) => return Some((Ok(event), (tells, call, name))),
                Tell::Fail(error) => {
                    return Some((Err(again(&error).of(name.as_str())), (VecDeque::new(), call, name)));
                }
            }
        }
    }))
}

fn tells(reply: ScriptedReply, request: &ChatRequest, delivery: Delivery) -> VecDeque<Tell> {
    let ScriptedReply { steps, raw, pace, finish, usage, model, id } = reply;
    let (mut all, mut said, mut calls, mut number) = (VecDeque::new(), 0, false, 0);
    for step in steps {
        match step {
            Step::Wait(wait) => all.push_back(Tell::Wait(wait)),
            Step::Event(event) => say(&mut all, pace, event),
            Step::Fail(error) => {
                all.push_back(Tell::Fail(error));
                return all;
            }
            Step::Part(part) => {
                calls |= matches!(part, Part::ToolCall(_));
                said += letters(&part);
                match pieces(number, part, delivery) {
                    Ok(events) => events.into_iter().for_each(|event| say(&mut all, pace, event)),
                    Err(error) => {
                        all.push_back(Tell::Fail(Arc::new(error)));
                        return all;
                    }
                }
                number += 1;
            }
        }
    }
    if !raw {
        let usage = usage.unwrap_or_else(|| Usage::new(tokens(asked(request)), tokens(said)).as_estimate());
        let finish = finish.unwrap_or(if calls { Finish::ToolCalls } else { Finish::Stop });
        all.push_back(Tell::Say(ChatEvent::End(End { model, id, ..End::new(finish).with_usage(usage) })));
    }
    all
}

fn say(all: &mut VecDeque<Tell>, pace: Duration, event: ChatEvent) {
    if !pace.is_zero() {
        all.push_back(Tell::Wait(pace));
    }
    all.push_back(Tell::Say(event));
}

/// The steps of one part.
fn pieces(part: u32, of: Part, delivery: Delivery) -> Result<Vec<ChatEvent>, LlmError> {
    let signed = |events: &mut Vec<ChatEvent>, signature: Option<Signature>| {
        events.extend(signature.map(|signature| ChatEvent::Signature { part, signature }));
    };
    let words = |text: &str| match delivery {
        Delivery::Streamed => text.split_inclusive(char::is_whitespace).map(str::to_owned).collect(),
        Delivery::Whole => vec![text.to_owned()],
    };
    let mut events = Vec::new();
    match of {
        Part::Text(text) => {
            events.extend(words(&text.text).into_iter().map(|text| ChatEvent::Text { part, text }));
            signed(&mut events, text.signature);
        }
        Part::Reasoning(thought) => {
            events.extend(words(&thought.text).into_iter().map(|text| ChatEvent::Reasoning { part, text }));
            signed(&mut events, thought.signature);
        }
        Part::ToolCall(call) => {
            let id = if call.id.is_empty() { format!("call_{part}") } else { call.id };
            events.push(ChatEvent::ToolCall { part, id, name: call.name });
            let letters: Vec<char> = call.arguments.chars().collect();
            let most = match delivery {
                Delivery::Streamed => ARGUMENT_LETTERS,
                Delivery::Whole => letters.len().max(1),
            };
            events
                .extend(letters.chunks(most).map(|piece| ChatEvent::Arguments { part, json: piece.iter().collect() }));
            signed(&mut events, call.signature);
        }
        other @ (Part::Image(_) | Part::Audio(_) | Part::ToolResult(_)) => {
            let kind = LlmErrorKind::InvalidRequest { field: None };
            return Err(LlmError::new(kind, format!("the script lets the model say a part `{}`", other.kind())));
        }
    }
    Ok(events)
}

/// The same error once more. Its source is kept as text: an error cannot be cloned.
pub(super) fn again(error: &LlmError) -> LlmError {
    let mut same = LlmError::new(error.kind().clone(), error.message());
    same = error.model().into_iter().fold(same, LlmError::of);
    same = error.status().into_iter().fold(same, LlmError::with_status);
    same = error.request_id().into_iter().fold(same, LlmError::with_request_id);
    same = error.content().into_iter().fold(same, LlmError::with_content);
    error.source().into_iter().fold(same, |same, source| same.with_source(source.to_string()))
}

fn tokens(letters: u64) -> u64 {
    letters.div_ceil(LETTERS_OF_A_TOKEN)
}

/// How many letters there are to read; pictures and sounds count nothing.
fn asked(request: &ChatRequest) -> u64 {
    let messages = request.messages.iter().flat_map(|message| &message.parts).map(letters);
    let tools =
        request.tools.iter().map(|tool| count(&tool.name) + count(&tool.description) + count(&tool.schema.to_string()));
    messages.chain(tools).sum()
}

fn letters(part: &Part) -> u64 {
    match part {
        Part::Text(text) => count(&text.text),
        Part::Reasoning(thought) => count(&thought.text),
        Part::ToolCall(call) => count(&call.name) + count(&call.arguments),
        Part::ToolResult(result) => count(&result.to_text()),
        Part::Image(_) | Part::Audio(_) => 0,
    }
}

fn count(text: &str) -> u64 {
    text.chars().count() as u64
}

/// All that a message says, tools included, for whoever looks for words in it.
pub(super) fn words_of(message: &ChatMessage) -> String {
    let mut all = String::new();
    for part in &message.parts {
        let more = match part {
            Part::Text(text) => text.text.clone(),
            Part::Reasoning(thought) => thought.text.clone(),
            Part::ToolCall(call) => format!("{}({})", call.name, call.arguments),
            Part::ToolResult(result) => result.to_text(),
            Part::Image(_) | Part::Audio(_) => format!("[{}]", part.kind()),
        };
        if !all.is_empty() {
            all.push('\n');
        }
        all.push_str(&more);
    }
    all
}
