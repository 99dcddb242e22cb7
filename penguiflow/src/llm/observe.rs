//! What an operator sees of the calls of a model: a span for each, and an event in the flow. Must not know what is done about failures.

pub(crate) mod capture;
mod messages;
mod span;
pub(crate) mod watch;

use crate::graph::context::Ctx;
use crate::llm::chat::assembly::Assembly;
use crate::llm::chat::event::ChatEvent;
use crate::llm::chat::request::ChatRequest;
use crate::llm::error::{LlmError, LlmErrorKind};
use crate::llm::model::{Call, Model, ModelInfo, ModelStream};
use crate::llm::observe::capture::Capture;
use crate::llm::observe::watch::Watch;
use futures_util::stream::{self, StreamExt as _};
use std::fmt;
use std::sync::Arc;
use std::task::{Context, Poll};
use tracing::Span;

/// A model whose calls are told to whoever operates the program. An [`LlmClient`](crate::llm::LlmClient) tells its calls itself: this is for
/// models that are asked without one.
///
/// ```
/// use futures_util::StreamExt;
/// use penguiflow::clock::Seam;
/// use penguiflow::llm::{Call, Model, Observed, ScriptedModel};
/// use penguiflow::prelude::*;
/// use penguiflow::{EventKind, FlowEvent, Observer};
/// use std::sync::{Arc, Mutex};
///
/// #[derive(Provides)]
/// struct App { model: ScriptedModel }
///
/// #[node]
/// async fn answer(question: String, ctx: &Ctx, State(model): State<'_, ScriptedModel>) -> String {
///     let model = Observed::new(model.clone()).told_to(ctx);
///     let steps = model.stream(Arc::new(question.into()), Call::new(Seam::system()));
///     steps.filter_map(async |step| step.ok()?.as_text().map(str::to_owned)).collect().await
/// }
/// flow! { answering(String) -> String { answer } }
///
/// /// Sums up the tokens of each node.
/// #[derive(Default)]
/// struct Tokens(Mutex<Vec<(&'static str, u64)>>);
///
/// impl Observer for Tokens {
///     fn on_event(&self, event: &FlowEvent) {
///         if let EventKind::ModelCall(call) = &event.kind {
///             self.0.lock().unwrap().push((event.node, call.usage.map_or(0, |usage| usage.output)));
///         }
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let app = answering::flow().with_state(App { model: ScriptedModel::new(["Krill."]) }).start()?;
/// let tokens = Arc::new(Tokens::default());
/// let observation = app.observe_in_line(tokens.clone());
/// assert_eq!(app.call("What do penguins eat?".to_owned()).await?, "Krill.");
/// assert_eq!(*tokens.0.lock().unwrap(), [("answer", 2)]);
/// # drop(observation);
/// # Ok(())
/// # }
/// ```
#[doc = include_str!("../../docs/model_calls.md")]
#[must_use = "it is asked as any other model"]
pub struct Observed<M> {
    model: Arc<M>,
    ctx: Option<Ctx>,
    capture: Capture,
}

impl<M: Model> Observed<M> {
    /// Tells `tracing` of each call of the model; no word of what is said.
    pub fn new(model: M) -> Self {
        Observed { model: Arc::new(model), ctx: None, capture: Capture::off() }
    }

    /// Tells the observers of the flow, too, that this node has called the model.
    pub fn told_to(self, ctx: &Ctx) -> Self {
        Observed { ctx: Some(ctx.clone()), ..self }
    }

    /// Tells what is said as well.
    pub fn with_capture(self, capture: Capture) -> Self {
        Observed { capture, ..self }
    }
}

impl<M: Model> Model for Observed<M> {
    fn info(&self) -> &ModelInfo {
        self.model.info()
    }

    fn stream(&self, request: Arc<ChatRequest>, call: Call) -> ModelStream {
        let Observed { model, ctx, capture } = self.clone();
        let begun = async move {
            let mut watch = Watch::begin(ctx.as_ref(), model.info(), &request, &call, &capture);
            watch.attempt(model.info());
            let traceparent = call.traceparent.clone().or_else(|| watch.traceparent());
            let steps = watch.span().in_scope(|| model.stream(request, Call { traceparent, ..call }));
            let answer = capture.is_on().then(Assembly::default);
            Watched { steps, span: watch.span().clone(), watch: Some(watch), info: model.info().clone(), answer }
                .stream()
        };
        Box::pin(stream::once(begun).flat_map(|steps| steps))
    }
}

impl<M> Clone for Observed<M> {
    fn clone(&self) -> Self {
        let Observed { model, ctx, capture } = self;
        Observed { model: model.clone(), ctx: ctx.clone(), capture: capture.clone() }
    }
}

impl<M: Model> fmt::Debug for Observed<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let info = self.model.info().to_string();
        f.debug_struct("Observed").field("model", &info).field("ctx", &self.ctx).finish_non_exhaustive()
    }
}

/// A call that is watched.
struct Watched {
    steps: ModelStream,
    span: Span,
    watch: Option<Watch>,
    info: ModelInfo,
    answer: Option<Assembly>,
}

impl Watched {
    fn stream(mut self) -> ModelStream {
        Box::pin(stream::poll_fn(move |cx| self.poll(cx)))
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<ChatEvent, LlmError>>> {
        let Watched { steps, span, .. } = self;
        let polled = span.in_scope(|| steps.poll_next_unpin(cx));
        match &polled {
            Poll::Ready(Some(Ok(event))) => self.hear(event),
            Poll::Ready(Some(Err(error))) => self.watch.take().into_iter().for_each(|watch| watch.end(Err(error))),
            Poll::Ready(None) => {
                let none = || LlmError::new(LlmErrorKind::ContentParse, "the answer has no end");
                self.watch.take().into_iter().for_each(|watch| watch.end(Err(&none())));
            }
            Poll::Pending => {}
        }
        polled
    }

    fn hear(&mut self, event: &ChatEvent) {
        self.answer.iter_mut().for_each(|answer| answer.push(event));
        match event {
            ChatEvent::Text { .. }
            | ChatEvent::Reasoning { .. }
            | ChatEvent::ToolCall { .. }
            | ChatEvent::Arguments { .. } => self.watch.iter_mut().for_each(Watch::first_token),
            ChatEvent::Signature { .. } | ChatEvent::Restart => {}
            ChatEvent::End(end) => {
                let message = self.answer.take().map(Assembly::into_message);
                let Some(mut watch) = self.watch.take() else { return };
                if let Some(usage) = end.usage {
                    let price = self.info.profile.price.as_ref();
                    watch.used(usage, price.map(|price| price.of(usage).total()));
                }
                watch.end(Ok((end, message.as_ref())));
            }
        }
    }
}
