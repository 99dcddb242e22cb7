//! A model that answers from a script, and remembers what it was asked. Must not know how an answer is told.

use crate::llm::chat::request::ChatRequest;
use crate::llm::error::{LlmError, LlmErrorKind};
use crate::llm::model::{Call, Model, ModelInfo, ModelStream};
use crate::llm::stand_in::reply::ScriptedReply;
use crate::llm::stand_in::told::{free, tell, words_of};
use futures_util::stream::{self, StreamExt as _};
use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How many requests are kept.
const REQUESTS_MAX: usize = 4_096;

/// A model that answers from a script, for tests: no network, no key, no cost.
///
/// Answers are given in their order, one to each call, whoever makes it; clones share the script. When it is used up, a call fails: an
/// answer is never given twice, unless [`repeating_last`](ScriptedModel::repeating_last) says so.
///
/// ```
/// use futures_util::StreamExt;
/// use penguiflow::clock::Seam;
/// use penguiflow::llm::{Call, ChatRequest, Model, ScriptedModel};
/// use std::sync::Arc;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let model = ScriptedModel::new(["Krill and fish."]);
///
/// let request = Arc::new(ChatRequest::from("What do penguins eat?"));
/// let steps: Vec<_> = model.stream(request.clone(), Call::new(Seam::seeded(1))).collect().await;
/// let words: Vec<_> = steps.iter().flatten().filter_map(|step| step.as_text()).collect();
/// assert_eq!(words, ["Krill ", "and ", "fish."]);
/// model.assert_asked("penguins");
/// model.assert_used_up();
///
/// let more: Vec<_> = model.stream(request, Call::new(Seam::seeded(1))).collect().await;
/// let error = more[0].as_ref().unwrap_err().to_string();
/// assert_eq!(error, "offline/scripted: invalid request: the script has 1 answer, and this is call 2");
/// # }
/// ```
///
/// [`Delivery::Streamed`](crate::llm::Delivery) tells it word by word, and a tool's arguments a few letters at a time;
/// [`Delivery::Whole`](crate::llm::Delivery) tells each part in one piece.
///
/// *Limits*: the latest 4096 requests are kept; all calls are counted.
///
/// *Cancel safety*: an answer is used up when its stream is first polled, even if that is dropped then.
#[derive(Clone)]
pub struct ScriptedModel {
    info: ModelInfo,
    source: Source,
    repeating: bool,
    heard: Arc<Mutex<Heard>>,
}

#[derive(Clone)]
enum Source {
    List { of: usize },
    Function(Arc<dyn Fn(&ChatRequest) -> ScriptedReply + Send + Sync>),
}

#[derive(Default)]
struct Heard {
    left: VecDeque<ScriptedReply>,
    calls: usize,
    requests: VecDeque<Arc<ChatRequest>>,
}

impl ScriptedModel {
    /// Gives these answers, one to each call.
    pub fn new<R: Into<ScriptedReply>>(replies: impl IntoIterator<Item = R>) -> Self {
        let left: VecDeque<ScriptedReply> = replies.into_iter().map(Into::into).collect();
        Self::of(Source::List { of: left.len() }, left)
    }

    /// Answers as `answer` says.
    ///
    /// ```
    /// use penguiflow::llm::{ChatRequest, ScriptedModel, ScriptedReply};
    ///
    /// let model = ScriptedModel::answering(|request: &ChatRequest| match request.tools.is_empty() {
    ///     true => ScriptedReply::from("no tools"),
    ///     false => ScriptedReply::call(&request.tools[0].name, &serde_json::json!({})),
    /// });
    /// # let _ = model;
    /// ```
    pub fn answering<R: Into<ScriptedReply>>(answer: impl Fn(&ChatRequest) -> R + Send + Sync + 'static) -> Self {
        Self::of(Source::Function(Arc::new(move |request| answer(request).into())), VecDeque::new())
    }

    fn of(source: Source, left: VecDeque<ScriptedReply>) -> Self {
        let heard = Arc::new(Mutex::new(Heard { left, ..Heard::default() }));
        ScriptedModel { info: free("offline", "scripted"), source, repeating: false, heard }
    }

    /// Gives the last answer to each call behind it, too.
    #[must_use]
    pub fn repeating_last(self) -> Self {
        ScriptedModel { repeating: true, ..self }
    }

    /// Under another name than `offline/scripted`, or with another profile than one that costs nothing.
    #[must_use]
    pub fn with_info(self, info: ModelInfo) -> Self {
        ScriptedModel { info, ..self }
    }

    /// What it was asked, in order; the latest 4096.
    #[must_use]
    pub fn requests(&self) -> Vec<Arc<ChatRequest>> {
        self.lock().requests.iter().cloned().collect()
    }

    /// What it was asked last.
    #[must_use]
    pub fn last_request(&self) -> Option<Arc<ChatRequest>> {
        self.lock().requests.back().cloned()
    }

    /// How many times it was asked.
    #[must_use]
    pub fn calls(&self) -> usize {
        self.lock().calls
    }

    /// How many answers were not given yet.
    #[must_use]
    pub fn left(&self) -> usize {
        self.lock().left.len()
    }

    /// Asserts how many times it was asked.
    ///
    /// # Panics
    /// Where it was another number, with all that was asked.
    #[track_caller]
    pub fn assert_calls(&self, calls: usize) {
        let there = self.calls();
        assert!(there == calls, "{} was to be called {calls} times, and was {there} times:\n{self}", self.info);
    }

    /// Asserts that these words stand in a request, in a message of whomever; see [`requests`](ScriptedModel::requests) for more.
    ///
    /// # Panics
    /// Where they do not, with all that was asked.
    #[track_caller]
    pub fn assert_asked(&self, words: &str) {
        let asked = |request: &Arc<ChatRequest>| request.messages.iter().any(|one| words_of(one).contains(words));
        assert!(self.requests().iter().any(asked), "{} was not asked `{words}`:\n{self}", self.info);
    }

    /// Asserts that these words stand in no request.
    ///
    /// # Panics
    /// Where they do, with all that was asked.
    #[track_caller]
    pub fn assert_not_asked(&self, words: &str) {
        let asked = |request: &Arc<ChatRequest>| request.messages.iter().any(|one| words_of(one).contains(words));
        assert!(!self.requests().iter().any(asked), "{} was asked `{words}`:\n{self}", self.info);
    }

    /// Asserts that each answer was given.
    ///
    /// # Panics
    /// Where some were not.
    #[track_caller]
    pub fn assert_used_up(&self) {
        let left = self.left();
        assert!(left == 0, "{} has {left} answers that nobody asked for:\n{self}", self.info);
    }

    fn reply(&self, request: &Arc<ChatRequest>) -> ScriptedReply {
        let mut heard = self.lock();
        heard.calls += 1;
        if heard.requests.len() == REQUESTS_MAX {
            heard.requests.pop_front();
        }
        heard.requests.push_back(request.clone());
        match &self.source {
            Source::Function(answer) => {
                // Without the lock: it is the test's own code.
                drop(heard);
                answer(request)
            }
            Source::List { of } => {
                let next = match heard.left.len() {
                    1 if self.repeating => heard.left.front().cloned(),
                    _ => heard.left.pop_front(),
                };
                next.unwrap_or_else(|| ScriptedReply::fail(used_up(*of, heard.calls)))
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Heard> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn used_up(of: usize, call: usize) -> LlmError {
    let answers = if of == 1 { "answer" } else { "answers" };
    // No kind that another attempt or another model would be tried for: the test is wrong.
    let kind = LlmErrorKind::InvalidRequest { field: None };
    LlmError::new(kind, format!("the script has {of} {answers}, and this is call {call}"))
}

impl Model for ScriptedModel {
    fn info(&self) -> &ModelInfo {
        &self.info
    }

    fn stream(&self, request: Arc<ChatRequest>, call: Call) -> ModelStream {
        let model = self.clone();
        let asked = async move {
            let reply = model.reply(&request);
            tell(reply, &request, call, model.info.to_string())
        };
        Box::pin(stream::once(asked).flat_map(|steps| steps))
    }
}

/// What it was asked, one message a line.
impl fmt::Display for ScriptedModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let requests = self.requests();
        let first = self.calls().saturating_sub(requests.len()) + 1;
        for (call, request) in (first..).zip(&requests) {
            writeln!(f, "  call {call}")?;
            for message in &request.messages {
                writeln!(f, "    {:?}: {}", message.role, words_of(message).replace('\n', "\n      "))?;
            }
        }
        if requests.is_empty() { f.write_str("  it was not called") } else { Ok(()) }
    }
}

impl fmt::Debug for ScriptedModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Heard { left, calls, .. } = &*self.lock();
        let (info, left) = (self.info.to_string(), left.len());
        f.debug_struct("ScriptedModel")
            .field("info", &info)
            .field("calls", calls)
            .field("left", &left)
            .finish_non_exhaustive()
    }
}
