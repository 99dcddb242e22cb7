//! One call before it is made, and its answer while it comes. Must not know how it is made.

use crate::graph::context::Ctx;
use crate::llm::chat::event::ChatEvent;
use crate::llm::chat::request::ChatRequest;
use crate::llm::chat::response::ChatResponse;
use crate::llm::client::drive::{Chain, Drive, Step};
use crate::llm::client::steps::Steps;
use crate::llm::error::{LlmError, LlmErrorKind};
use crate::llm::model::Delivery;
use futures_util::Stream;
use futures_util::future::BoxFuture;
use futures_util::stream::StreamExt as _;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

/// A call that is about to be made. Await it for the whole answer.
///
/// *Cancel safety*: dropped while it waits, the request is dropped at once. What was set aside for it of a trace's budget is charged
/// in full, since the provider may have begun to answer.
///
/// # Errors
/// [`LlmError`], of the last model that was asked. What the kinds mean says [`LlmErrorKind`].
#[must_use = "nothing is asked before it is awaited"]
pub struct Asking {
    chain: Arc<Chain>,
    request: Arc<ChatRequest>,
    ctx: Option<Ctx>,
    total: Option<Duration>,
}

impl Asking {
    pub(super) fn new(chain: Arc<Chain>, request: ChatRequest) -> Self {
        Asking { chain, request: Arc::new(request), ctx: None, total: None }
    }

    /// Works for the trace of this node run: within its deadline and its budgets, as a part of its spans, told to its observers.
    ///
    /// Before each attempt, what it costs at most is set aside: the tokens that the request has at most and those that the answer may have,
    /// at the model's price. It is refused, as [`LlmErrorKind::OverBudget`], if less is left, and, as
    /// [`LlmErrorKind::Unpriced`], if a budget is set and the most cannot be told. Behind the answer, what it came to is charged.
    pub fn within(self, ctx: &Ctx) -> Self {
        Asking { ctx: Some(ctx.clone()), ..self }
    }

    /// Gives the whole call so much time, with all its attempts.
    pub fn with_timeout(self, total: Duration) -> Self {
        Asking { total: Some(total), ..self }
    }

    /// The answer as it is written. Nothing is asked before the stream is polled.
    pub fn stream(self) -> ChatStream {
        ChatStream::new(self.drive(Delivery::Streamed))
    }

    fn drive(self, delivery: Delivery) -> Box<Drive> {
        let requests = self.chain.models.iter().map(|_| Some(self.request.clone())).collect();
        Box::new(Drive::new(self.chain, requests, self.ctx, delivery, self.total))
    }
}

impl IntoFuture for Asking {
    type Output = Result<ChatResponse, LlmError>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(ChatStream::new(self.drive(Delivery::Whole)).finish())
    }
}

/// An answer while it is written: a stream of [`ChatEvent`]s.
///
/// *Order*: any number of steps, then exactly one [`ChatEvent::End`] or exactly one error, then nothing. A
/// [`ChatEvent::Restart`] comes only where the client's [retries](crate::llm::Retry::restarts) ask for it.
///
/// *Cancel safety*: polling may stop at any time and go on later. Dropping the stream drops the request at once.
pub struct ChatStream {
    steps: Steps<Drive, Result<Step, LlmError>>,
    done: Option<Box<ChatResponse>>,
}

impl ChatStream {
    pub(super) fn new(drive: Box<Drive>) -> Self {
        ChatStream { steps: Steps::Idle(drive), done: None }
    }

    /// The whole answer, once its [end](ChatEvent::End) was read.
    #[must_use]
    pub fn response(&self) -> Option<&ChatResponse> {
        self.done.as_deref()
    }

    /// Reads the rest, and gives the whole answer.
    ///
    /// # Errors
    /// That of the call. Behind an error that was read before, one of the kind [`Transport`](LlmErrorKind::Transport).
    pub async fn finish(mut self) -> Result<ChatResponse, LlmError> {
        while let Some(event) = self.next().await {
            event?;
        }
        let gone = || LlmError::new(LlmErrorKind::Transport, "the answer had failed before");
        self.done.map(|response| *response).ok_or_else(gone)
    }
}

impl Stream for ChatStream {
    type Item = Result<ChatEvent, LlmError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            let Some(step) = ready!(self.steps.poll_next_unpin(cx)) else { return Poll::Ready(None) };
            match step {
                Err(error) => return Poll::Ready(Some(Err(error))),
                Ok(Step::Begun(_)) => {}
                Ok(Step::Event(event)) => return Poll::Ready(Some(Ok(event))),
                Ok(Step::Done { end, response, .. }) => {
                    self.done = Some(response);
                    return Poll::Ready(Some(Ok(ChatEvent::End(end))));
                }
            }
        }
    }
}

impl std::fmt::Debug for ChatStream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChatStream").field("response", &self.done).finish_non_exhaustive()
    }
}
