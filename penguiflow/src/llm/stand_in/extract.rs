//! An answerer that needs no network: it looks sentences up in the conversation. Must not know how they are ranked.

mod rank;
mod sentences;
mod words;

use crate::llm::chat::message::{ChatMessage, Role};
use crate::llm::chat::part::Part;
use crate::llm::chat::request::{ChatRequest, Output};
use crate::llm::chat::tool::ToolChoice;
use crate::llm::chat::usage::Finish;
use crate::llm::error::{LlmError, LlmErrorKind};
use crate::llm::model::{Call, Model, ModelInfo, ModelStream};
use crate::llm::stand_in::extract::rank::best;
use crate::llm::stand_in::extract::sentences::{Sentence, sentences};
use crate::llm::stand_in::reply::ScriptedReply;
use crate::llm::stand_in::told::{free, tell};
use std::sync::Arc;

/// What each answer begins with.
const NOTE: &str = "[extractive stand-in, no language model]";
/// How many sentences an answer has at most.
const SENTENCES_MAX: usize = 3;
/// How much of the conversation is looked at, in sentences, the latest first.
const LOOKED_AT_MAX: usize = 4_096;

/// What answers where there is no model: for first runs and examples, without a key, a network and a cost.
///
/// It understands nothing. It looks for the sentences of the conversation – system messages, what the user said, what tools gave – that
/// share the most and the rarest words with the question, by [BM25](https://en.wikipedia.org/wiki/Okapi_BM25), and says up to three
/// of them, as they stand. The question is what the last message of the user asks: its sentences with a `?`, or its last one.
///
/// Each answer **begins by saying so**, with `[extractive stand-in, no language model]`. Where nothing fits, it says that and
/// ends with [`Finish::Refusal`]. It looks at no pictures and hears no sounds, and says so where there are some.
///
/// ```
/// use futures_util::StreamExt;
/// use penguiflow::clock::Seam;
/// use penguiflow::llm::{Call, ChatMessage, ChatRequest, Delivery, ExtractModel, Model};
/// use std::sync::Arc;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let request = ChatRequest::new([
///     ChatMessage::system("Penguins live in the south. Emperor penguins eat fish and krill. They cannot fly."),
///     ChatMessage::user("What do emperor penguins eat?"),
/// ]);
/// let call = Call::new(Seam::seeded(1)).with_delivery(Delivery::Whole);
/// let steps: Vec<_> = ExtractModel::default().stream(Arc::new(request), call).collect().await;
/// let answer = steps[0].as_ref().unwrap().as_text();
/// assert_eq!(answer, Some("[extractive stand-in, no language model] Emperor penguins eat fish and krill."));
/// # }
/// ```
///
/// The same conversation has the same answer. Words are told apart as in English and, roughly, its neighbours; of writing without
/// spaces each sign is a word.
///
/// *Errors*: a value, or a tool that has to be called, cannot be looked up, and nothing is made up: such a request is an error of
/// the kind [`Unsupported`](LlmErrorKind::Unsupported). Tools that may be called are never called.
#[derive(Clone, Debug)]
pub struct ExtractModel {
    info: ModelInfo,
}

impl ExtractModel {
    /// Under another name than `offline/extract`.
    #[must_use]
    pub fn with_info(self, info: ModelInfo) -> Self {
        ExtractModel { info }
    }
}

impl Default for ExtractModel {
    fn default() -> Self {
        ExtractModel { info: free("offline", "extract") }
    }
}

impl Model for ExtractModel {
    fn info(&self) -> &ModelInfo {
        &self.info
    }

    fn stream(&self, request: Arc<ChatRequest>, call: Call) -> ModelStream {
        let reply = answer(&request).unwrap_or_else(ScriptedReply::fail);
        tell(reply, &request, call, self.info.to_string())
    }
}

fn answer(request: &ChatRequest) -> Result<ScriptedReply, LlmError> {
    let forced = match (&request.tool_choice, &request.output) {
        (ToolChoice::Named(tool), _) => Some(format!("the tool `{tool}` has to be called")),
        (ToolChoice::Required, _) => Some("a tool has to be called".to_owned()),
        (ToolChoice::Auto | ToolChoice::None, Output::Schema(spec)) => Some(format!("a `{}` is wanted", spec.name)),
        (ToolChoice::Auto | ToolChoice::None, Output::Json) => Some("JSON is wanted".to_owned()),
        (ToolChoice::Auto | ToolChoice::None, Output::Text) => None,
    };
    if let Some(what) = forced {
        let help = "give the client a model of a provider, or a `ScriptedModel` with the values";
        let message = format!("{what}, and a stand-in without a language model makes up no values: {help}");
        return Err(LlmError::new(LlmErrorKind::Unsupported, message));
    }
    let Some(last) = request.messages.iter().rfind(|message| message.role == Role::User) else {
        return Ok(refuse("Nobody asks anything.", ""));
    };
    let unseen = unseen(last);
    let asked = last.text();
    let question = question(&asked);
    if question.is_empty() {
        return Ok(refuse("Nothing is asked in words.", unseen));
    }
    let texts = request.messages.iter().flat_map(texts);
    let mut all: Vec<Sentence<'_>> = texts.flat_map(sentences).filter(|one| !one.is_question).collect();
    all.retain(|one| !question.contains(&one.text));
    all.drain(..all.len().saturating_sub(LOOKED_AT_MAX));
    let found = best(&question.join(" "), &all, SENTENCES_MAX);
    if found.is_empty() {
        return Ok(refuse("Nothing in the conversation answers that.", unseen));
    }
    let mut text = NOTE.to_owned();
    found.into_iter().chain((!unseen.is_empty()).then_some(unseen)).for_each(|sentence| {
        text.push(' ');
        text.push_str(sentence);
    });
    Ok(ScriptedReply::from(text))
}

fn refuse(why: &str, unseen: &str) -> ScriptedReply {
    let text = format!("{NOTE} {why} {unseen}");
    ScriptedReply::from(text.trim_end()).with_finish(Finish::Refusal)
}

/// What is asked: the questions of a text, or its last sentence.
fn question(text: &str) -> Vec<&str> {
    let all: Vec<Sentence<'_>> = sentences(text).collect();
    let asked: Vec<&str> = all.iter().filter(|one| one.is_question).map(|one| one.text).collect();
    if asked.is_empty() { all.last().map(|one| one.text).into_iter().collect() } else { asked }
}

/// The texts of a message in which an answer may stand; not what the model itself has said.
fn texts(message: &ChatMessage) -> Vec<&str> {
    let mut all = Vec::new();
    for part in message.parts.iter().filter(|_| message.role != Role::Assistant) {
        match part {
            Part::Text(text) => all.push(text.text.as_str()),
            Part::ToolResult(result) => all.extend(result.content.iter().filter_map(Part::as_text)),
            Part::Image(_) | Part::Audio(_) | Part::ToolCall(_) | Part::Reasoning(_) => {}
        }
    }
    all
}

/// The word about what it cannot look at.
fn unseen(message: &ChatMessage) -> &'static str {
    let has = |is: fn(&Part) -> bool| message.parts.iter().any(is);
    match (has(|part| matches!(part, Part::Image(_))), has(|part| matches!(part, Part::Audio(_)))) {
        (true, true) => "It cannot look at pictures, nor listen.",
        (true, false) => "It cannot look at pictures.",
        (false, true) => "It cannot listen.",
        (false, false) => "",
    }
}

#[cfg(test)]
mod tests;
