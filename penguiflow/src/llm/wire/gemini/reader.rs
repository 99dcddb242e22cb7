//! Reads answers of Gemini, as a [stream](https://ai.google.dev/api/generate-content#method:-models.streamgeneratecontent) or in one piece, which
//! is a stream of one chunk. Must not know what was asked.

use crate::llm::chat::event::{ChatEvent, End};
use crate::llm::chat::part::Signature;
use crate::llm::chat::usage::Finish;
use crate::llm::error::{LlmError, LlmErrorKind};
use crate::llm::wire::Reader;
use crate::llm::wire::frames::Frame;
use crate::llm::wire::gemini::shape::{Chunk, Counts, Part, Plain};
use crate::llm::wire::gemini::{FORMAT, fault};
use crate::llm::wire::plain::Word;
use serde::Deserialize as _;
use serde::de::Error as _;
use serde_json::{Value, json};

/// Reads an answer that came in one piece.
pub(crate) fn read(body: &[u8]) -> Result<Vec<ChatEvent>, LlmError> {
    let (mut reader, mut told) = (GeminiReader::default(), Vec::new());
    reader.chunk(body, &mut told)?;
    reader.close(&mut told)?;
    Ok(told)
}

/// Reads one stream.
#[derive(Default)]
pub(crate) struct GeminiReader {
    /// The number of the next part.
    next: u32,
    /// The last part, if more of it may come.
    open: Option<Kind>,
    calls: bool,
    finish: Option<Finish>,
    usage: Counts,
    model: Option<String>,
    id: Option<String>,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Words,
    Thoughts,
}

impl Reader for GeminiReader {
    fn frame(&mut self, frame: &Frame, told: &mut Vec<ChatEvent>) -> Result<(), LlmError> {
        if let Some(chunk) = Plain::read(&frame.data) {
            self.plain(chunk, told);
            return Ok(());
        }
        self.chunk(frame.data.as_bytes(), told)
    }

    fn close(&mut self, told: &mut Vec<ChatEvent>) -> Result<(), LlmError> {
        let Some(finish) = self.finish.take() else {
            return Err(LlmError::new(LlmErrorKind::Transport, "the answer broke off before its `finishReason`"));
        };
        let mut end = End::new(finish);
        (end.usage, end.model, end.id) = (self.usage.total(), self.model.take(), self.id.take());
        told.push(ChatEvent::End(end));
        Ok(())
    }
}

impl GeminiReader {
    fn chunk(&mut self, data: &[u8], told: &mut Vec<ChatEvent>) -> Result<(), LlmError> {
        let chunk = match serde_json::from_slice::<Chunk>(data) {
            Ok(chunk) if !chunk.is_error => chunk,
            Ok(_) | Err(_) => {
                let chunk: Value = serde_json::from_slice(data).map_err(unreadable)?;
                if chunk.get("error").is_some() {
                    return Err(fault::inside(&chunk));
                }
                // Of two fields of one name a tree has the last one.
                serde_json::from_value(chunk).map_err(unreadable)?
            }
        };
        self.model = chunk.model_version.or(self.model.take());
        self.id = chunk.response_id.or(self.id.take());
        self.usage.add(chunk.usage_metadata.unwrap_or_default());
        if let Some(reason) = chunk.prompt_feedback.and_then(|feedback| feedback.block_reason) {
            let why = format!("the question was not let through: {}", shown(&reason));
            return Err(LlmError::new(LlmErrorKind::Refused, why));
        }
        // We ask for one.
        let Some(candidate) = chunk.candidates.into_iter().next() else { return Ok(()) };
        for part in candidate.content.map(|content| content.parts).unwrap_or_default() {
            self.part(part, told)?;
        }
        if let Some(reason) = candidate.finish_reason {
            self.finish = Some(self.finish(reason, candidate.finish_message)?);
        }
        Ok(())
    }

    /// A chunk with words and thoughts, and nothing else.
    fn plain(&mut self, mut chunk: Plain<'_>, told: &mut Vec<ChatEvent>) {
        // Each of them has the same names in it.
        let note = |name: Option<&Word<'_>>, place: &mut Option<String>| {
            if let Some(Word(name)) = name.filter(|name| place.as_deref() != Some(&*name.0)) {
                *place = Some(name.clone().into_owned());
            }
        };
        note(chunk.model_version.as_ref(), &mut self.model);
        note(chunk.response_id.as_ref(), &mut self.id);
        self.usage.add(chunk.usage_metadata.take().unwrap_or_default());
        chunk.into_parts().for_each(|part| self.say(part.text, part.thought, None, told));
    }

    fn say(&mut self, text: String, thought: bool, signature: Option<String>, told: &mut Vec<ChatEvent>) {
        let kind = if thought { Kind::Thoughts } else { Kind::Words };
        // What is signed stands for itself: <https://ai.google.dev/gemini-api/docs/thought-signatures>.
        let number = if signature.is_none() && self.open == Some(kind) { self.next - 1 } else { self.begin() };
        self.open = signature.is_none().then_some(kind);
        match kind {
            Kind::Thoughts => told.push(ChatEvent::Reasoning { part: number, text }),
            Kind::Words if text.is_empty() => {}
            Kind::Words => told.push(ChatEvent::Text { part: number, text }),
        }
        told.extend(signature.map(|signature| signed(number, signature.into())));
    }

    fn part(&mut self, mut part: Value, told: &mut Vec<ChatEvent>) -> Result<(), LlmError> {
        // The arguments may be long: they are written from where they stand, and copied nowhere.
        let args = part.pointer_mut("/functionCall/args").map(Value::take).unwrap_or_default();
        if !(args.is_object() || args.is_null()) {
            return Err(unreadable(serde_json::Error::custom("the arguments of a call are no object")));
        }
        let read = Part::deserialize(&part).map_err(unreadable)?;
        let signature = read.thought_signature.filter(|signature| !signature.is_empty());
        match (read.text, read.function_call) {
            (Some(text), None) => self.say(text, read.thought, signature, told),
            (None, Some(call)) => {
                let number = self.begin();
                self.calls = true;
                told.push(ChatEvent::ToolCall { part: number, id: call.id.unwrap_or_default(), name: call.name });
                let json = if args.is_null() { "{}".to_owned() } else { args.to_string() };
                told.push(ChatEvent::Arguments { part: number, json });
                told.extend(signature.map(|signature| signed(number, signature.into())));
            }
            (None, None) | (Some(_), Some(_)) => {
                if let Some(place) = part.pointer_mut("/functionCall/args") {
                    *place = args;
                }
                let number = self.begin();
                told.push(signed(number, json!({ "part": part })));
            }
        }
        Ok(())
    }

    /// The number of a part that begins now, and of which no more comes unless something else is said.
    fn begin(&mut self) -> u32 {
        self.open = None;
        let number = self.next;
        self.next = self.next.saturating_add(1);
        number
    }

    /// <https://ai.google.dev/api/generate-content#FinishReason>
    fn finish(&self, reason: String, message: Option<String>) -> Result<Finish, LlmError> {
        Ok(match reason.as_str() {
            "STOP" if self.calls => Finish::ToolCalls,
            "STOP" => Finish::Stop,
            "MAX_TOKENS" => Finish::Length,
            "SAFETY"
            | "RECITATION"
            | "BLOCKLIST"
            | "PROHIBITED_CONTENT"
            | "SPII"
            | "IMAGE_SAFETY"
            | "IMAGE_PROHIBITED_CONTENT"
            | "IMAGE_RECITATION" => Finish::ContentFilter,
            "MALFORMED_FUNCTION_CALL" | "UNEXPECTED_TOOL_CALL" => {
                let why = format!("the model called a tool wrongly: {reason}");
                return Err(LlmError::new(LlmErrorKind::ContentParse, why).with_content(message.unwrap_or_default()));
            }
            _ => Finish::Other(shown(&reason)),
        })
    }
}

/// A word of the provider's, of a length to be shown.
fn shown(word: &str) -> String {
    word.chars().filter(|c| !c.is_control()).take(100).collect()
}

fn signed(part: u32, value: Value) -> ChatEvent {
    ChatEvent::Signature { part, signature: Signature::new(FORMAT, value) }
}

fn unreadable(error: serde_json::Error) -> LlmError {
    LlmError::new(LlmErrorKind::ContentParse, "it is not what Gemini says").with_source(error)
}
