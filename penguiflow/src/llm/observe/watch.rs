//! Watches one call from its beginning to its end, and tells what it took. Must not know what the span is called.

use crate::clock::Seam;
use crate::event::{ModelCall, ModelUsage};
use crate::graph::context::Ctx;
use crate::graph::watch::spans::traceparent;
use crate::llm::chat::event::End;
use crate::llm::chat::message::ChatMessage;
use crate::llm::chat::request::ChatRequest;
use crate::llm::chat::usage::Usage;
use crate::llm::error::LlmError;
use crate::llm::model::{Call, ModelInfo};
use crate::llm::observe::capture::Capture;
use crate::llm::observe::{messages, span};
use crate::money::Money;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;
use tracing::Span;

/// A call that runs, with all its attempts. Dropped before its [end](Watch::end), it was cancelled.
pub(crate) struct Watch {
    span: Span,
    seam: Seam,
    ctx: Option<Ctx>,
    capture: Capture,
    began: Instant,
    first: Option<Duration>,
    provider: Arc<str>,
    model: Arc<str>,
    attempts: u32,
    usage: Option<Usage>,
    cost: Option<Money>,
    /// Whether the cost of a part is not known, and so not that of the whole.
    unpriced: bool,
    open: bool,
}

impl Watch {
    /// A call of a model begins, for the node of `ctx` or for nobody's flow. No attempt is made yet.
    pub(crate) fn begin(
        ctx: Option<&Ctx>,
        info: &ModelInfo,
        request: &ChatRequest,
        call: &Call,
        capture: &Capture,
    ) -> Self {
        let (seam, began) = (call.seam.clone(), call.seam.now());
        let span = span::of_call(info, request, call);
        if !span.is_disabled() {
            let said = messages::input(&request.messages, capture);
            said.iter().for_each(|said| {
                span.record("gen_ai.input.messages", said.as_str());
            });
        }
        let (provider, model) = names(info);
        let (ctx, capture) = (ctx.cloned(), capture.clone());
        let (first, usage, cost) = (None, None, None);
        let (attempts, unpriced, open) = (0, false, true);
        Watch { span, seam, ctx, capture, began, first, provider, model, attempts, usage, cost, unpriced, open }
    }

    /// The span of the call. What it waits for is polled inside.
    pub(crate) fn span(&self) -> &Span {
        &self.span
    }

    /// What the request brings along, so that what the provider does is a part of the call.
    pub(crate) fn traceparent(&self) -> Option<String> {
        let own = traceparent(&self.span).map(|traceparent| traceparent.to_string());
        own.or_else(|| self.ctx.as_ref().and_then(Ctx::traceparent))
    }

    /// A model is asked: once more, or in the place of another one.
    pub(crate) fn attempt(&mut self, info: &ModelInfo) {
        self.attempts = self.attempts.saturating_add(1);
        (self.provider, self.model) = names(info);
    }

    /// An attempt has failed, and the call goes on after that wait, with this model or another one.
    pub(crate) fn goes_on(&self, info: &ModelInfo, error: &LlmError, wait: Duration) {
        self.span.in_scope(|| span::goes_on(info, error, self.attempts, wait));
    }

    /// A piece of an answer is there. The first one counts.
    pub(crate) fn first_token(&mut self) {
        // No clock is read for the others.
        let (seam, began) = (&self.seam, self.began);
        self.first.get_or_insert_with(|| seam.now().saturating_duration_since(began));
    }

    /// An attempt has used that, whether it succeeded or not; nothing as its cost where that is not known.
    pub(crate) fn used(&mut self, usage: Usage, cost: Option<Money>) {
        self.usage = Some(self.usage.unwrap_or_default() + usage);
        match cost {
            Some(cost) => self.cost = Some(self.cost.unwrap_or_default() + cost),
            None => self.unpriced = true,
        }
    }

    /// The call is over: with the model's answer, or with what it failed with. The message is told only if it may be.
    pub(crate) fn end(mut self, outcome: Result<(&End, Option<&ChatMessage>), &LlmError>) {
        self.open = false;
        match outcome {
            Ok((end, message)) => {
                span::answered(&self.span, end, &format!("{}/{}", self.provider, self.model));
                if !self.span.is_disabled() {
                    let said = message.and_then(|message| messages::output(message, &end.finish, &self.capture));
                    said.iter().for_each(|said| {
                        self.span.record("gen_ai.output.messages", said.as_str());
                    });
                }
                self.tell(Some(end), None);
            }
            Err(error) => {
                span::failed(&self.span, error);
                self.tell(None, Some(error.kind().code()));
            }
        }
    }

    fn tell(&self, end: Option<&End>, error: Option<&'static str>) {
        let cost = self.cost.filter(|_| !self.unpriced);
        span::took(&self.span, self.attempts, self.first, self.usage, cost);
        let Some(ctx) = &self.ctx else { return };
        // The line of the event lies in the span, too.
        self.span.in_scope(|| {
            ctx.tell_model_call(|| ModelCall {
                provider: self.provider.clone(),
                model: self.model.clone(),
                answered: end.and_then(|end| end.model.as_deref()).map(Arc::from),
                usage: self.usage.map(usage_of),
                cost,
                finish: end.map(|end| end.finish.to_string().into()),
                latency: self.seam.now().saturating_duration_since(self.began),
                first_token: self.first,
                attempts: self.attempts,
                error: error.map(Arc::from),
            });
        });
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if self.open {
            span::dropped(&self.span);
            self.tell(None, Some("cancelled"));
        }
    }
}

fn names(info: &ModelInfo) -> (Arc<str>, Arc<str>) {
    (info.provider.as_str().into(), info.name.as_str().into())
}

fn usage_of(usage: Usage) -> ModelUsage {
    let Usage { input, output, cached, cache_written, reasoning, estimated, .. } = usage;
    ModelUsage { input, output, cached, cache_written, reasoning, estimated }
}
