//! Asks for a value of a type, and asks again where the answer is none. Decides nothing about attempts: the driver does.

use crate::clock::later;
use crate::graph::context::Ctx;
use crate::llm::chat::event::{ChatEvent, End};
use crate::llm::chat::message::ChatMessage;
use crate::llm::chat::request::{ChatRequest, Output};
use crate::llm::chat::response::ChatResponse;
use crate::llm::chat::usage::Usage;
use crate::llm::client::drive::{Chain, Drive, Step};
use crate::llm::client::steps::{Run, Steps};
use crate::llm::error::{LlmError, LlmErrorKind};
use crate::llm::model::{Delivery, ModelInfo};
use crate::llm::profile::OutputMode;
use crate::llm::structured::{Misfit, PartialOf, Plan};
use crate::money::Money;
use crate::validate::Violations;
use futures_util::Stream;
use futures_util::future::BoxFuture;
use futures_util::stream::StreamExt as _;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::time::Instant;

/// How often an answer is sent back, where nothing else is said.
const REPAIRS: u32 = 2;

type Check<T> = Arc<dyn Fn(&T) -> Result<(), Violations> + Send + Sync>;

/// A value that is about to be asked for. Await it for the value.
///
/// How the model is brought to write it, is chosen by what each model of the client can do; see [`Plan`]. An answer that is no value of the
/// type goes back to the model with what is wrong, twice at most. What a model refuses – a schema, a forced tool, JSON – is not
/// asked of it again: the value is asked for in another way.
///
/// *Cancel safety*: as [`Asking`](crate::llm::Asking).
///
/// # Errors
/// As a call's; and of the kind [`ContentParse`](LlmErrorKind::ContentParse) where the last answer is no value of the type either: what
/// was written is the error's [content](LlmError::content).
#[must_use = "nothing is asked before it is awaited"]
pub struct Generating<T> {
    chain: Arc<Chain>,
    request: ChatRequest,
    ctx: Option<Ctx>,
    total: Option<Duration>,
    mode: Option<OutputMode>,
    repairs: Option<u32>,
    check: Check<T>,
}

impl<T: DeserializeOwned + JsonSchema + Send + 'static> Generating<T> {
    pub(super) fn new(chain: Arc<Chain>, request: ChatRequest) -> Self {
        let check: Check<T> = Arc::new(|_| Ok(()));
        Generating { chain, request, ctx: None, total: None, mode: None, repairs: None, check }
    }

    /// Works for the trace of this node run, as [`Asking::within`](crate::llm::Asking::within) says.
    pub fn within(self, ctx: &Ctx) -> Self {
        Generating { ctx: Some(ctx.clone()), ..self }
    }

    /// Gives the whole of it so much time, with all attempts and repairs.
    pub fn with_timeout(self, total: Duration) -> Self {
        Generating { total: Some(total), ..self }
    }

    /// In this way, or not at all.
    pub fn with_mode(self, mode: OutputMode) -> Self {
        Generating { mode: Some(mode), ..self }
    }

    /// Sends an answer that is no value back so often at most; twice where nothing is said, and never where the answer is
    /// [streamed](Generating::stream).
    pub fn with_repairs(self, repairs: u32) -> Self {
        Generating { repairs: Some(repairs), ..self }
    }

    /// Takes a value only if it passes this as well, such as [`Validate::validate`](crate::Validate::validate).
    pub fn with_check(self, check: impl Fn(&T) -> Result<(), Violations> + Send + Sync + 'static) -> Self {
        Generating { check: Arc::new(check), ..self }
    }

    /// The value while it is written. Nothing is asked before the stream is polled.
    pub fn stream(self) -> GeneratingStream<T> {
        let repairs = self.repairs.unwrap_or(0);
        GeneratingStream::new(Maker::new(self, Delivery::Streamed, repairs))
    }
}

impl<T: DeserializeOwned + JsonSchema + Send + 'static> IntoFuture for Generating<T> {
    type Output = Result<Generated<T>, LlmError>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let repairs = self.repairs.unwrap_or(REPAIRS);
        Box::pin(GeneratingStream::new(Maker::new(self, Delivery::Whole, repairs)).finish())
    }
}

/// A value that a model wrote, and what it took.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Generated<T> {
    /// The value.
    pub value: T,
    /// The answer that it was read from.
    pub response: ChatResponse,
    /// What all answers used together.
    pub usage: Usage,
    /// What all answers cost together; nothing where the price of one is not known.
    pub cost: Option<Money>,
    /// How the model was brought to write it.
    pub mode: OutputMode,
    /// How many times a model was asked.
    pub attempts: u32,
    /// How many answers were sent back.
    pub repairs: u32,
}

/// A value while it is written: a stream of the steps of its answer.
///
/// *Order*: as [`ChatStream`](crate::llm::ChatStream). Where an answer is [sent back](Generating::with_repairs), a
/// [`Restart`](ChatEvent::Restart) comes, and another answer.
///
/// *Cancel safety*: polling may stop at any time and go on later. Dropping the stream drops the request at once.
pub struct GeneratingStream<T> {
    steps: Steps<Maker<T>, Result<Made<T>, LlmError>>,
    partial: Option<PartialOf<T>>,
    done: Option<Box<Generated<T>>>,
}

impl<T: DeserializeOwned + JsonSchema + Send + 'static> GeneratingStream<T> {
    fn new(maker: Maker<T>) -> Self {
        GeneratingStream { steps: Steps::Idle(Box::new(maker)), partial: None, done: None }
    }

    /// The value as far as it is written, if there is something of it: texts as far as they stand, numbers and words only
    /// once they are complete. Nothing is copied.
    #[must_use]
    pub fn partial(&self) -> Option<&Value> {
        self.partial.as_ref()?.value()
    }

    /// The same as a `T`, where that is one already: if all that is missing may be.
    #[must_use]
    pub fn read(&self) -> Option<T> {
        self.partial.as_ref()?.read()
    }

    /// Reads the rest, and gives the value.
    ///
    /// # Errors
    /// As [`Generating`]. Behind an error that was read before, one of the kind [`Transport`](LlmErrorKind::Transport).
    pub async fn finish(mut self) -> Result<Generated<T>, LlmError> {
        while let Some(step) = self.next().await {
            step?;
        }
        let gone = || LlmError::new(LlmErrorKind::Transport, "the answer had failed before");
        self.done.map(|done| *done).ok_or_else(gone)
    }
}

impl<T: DeserializeOwned + JsonSchema + Send + 'static> Stream for GeneratingStream<T> {
    type Item = Result<ChatEvent, LlmError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            let Some(made) = ready!(self.steps.poll_next_unpin(cx)) else { return Poll::Ready(None) };
            match made {
                Err(error) => return Poll::Ready(Some(Err(error))),
                Ok(Made::Begun(partial)) => self.partial = Some(partial),
                Ok(Made::Event(event)) => {
                    if let Some(partial) = &mut self.partial {
                        partial.push(&event);
                    }
                    return Poll::Ready(Some(Ok(event)));
                }
                Ok(Made::Whole(end, value)) => {
                    self.done = Some(value);
                    return Poll::Ready(Some(Ok(ChatEvent::End(end))));
                }
            }
        }
    }
}

/// Nothing in it is pinned by its address.
impl<T> Unpin for GeneratingStream<T> {}

impl<T> fmt::Debug for GeneratingStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GeneratingStream").finish_non_exhaustive()
    }
}

/// What is told of a value that is made.
enum Made<T> {
    /// It is read so from here on.
    Begun(PartialOf<T>),
    Event(ChatEvent),
    /// The last one.
    Whole(End, Box<Generated<T>>),
}

/// A value on its way.
struct Maker<T> {
    asked: Generating<T>,
    delivery: Delivery,
    repairs_max: u32,
    /// When all of it has to be done; nothing before the first poll.
    deadline: Option<Instant>,
    /// How each model is asked; nothing where it cannot be.
    plans: Vec<Option<Plan<T>>>,
    drive: Option<Box<Drive>>,
    /// What failed answers used and cost.
    usage: Usage,
    cost: Option<Money>,
    attempts: u32,
    repairs: u32,
    /// Whether what was told is not the value.
    restart: bool,
    over: bool,
}

impl<T: DeserializeOwned + JsonSchema + Send + 'static> Run for Maker<T> {
    type Step = Result<Made<T>, LlmError>;

    fn at_hand(&mut self, cx: &mut Context<'_>) -> Option<Self::Step> {
        if self.over || self.restart {
            return None;
        }
        match self.drive.as_mut()?.at_hand(cx)? {
            Ok(Step::Event(event)) => Some(Ok(Made::Event(event))),
            // None of these is ever at hand.
            Ok(Step::Begun(_) | Step::Done { .. }) => None,
            Err(error) => Some(Err(error)),
        }
    }

    fn next(self: Box<Self>) -> BoxFuture<'static, Option<(Self::Step, Box<Self>)>> {
        Box::pin(self.step())
    }
}

impl<T: DeserializeOwned + JsonSchema + Send + 'static> Maker<T> {
    fn new(asked: Generating<T>, delivery: Delivery, repairs_max: u32) -> Self {
        let (deadline, plans, drive, usage, cost) = (None, Vec::new(), None, Usage::default(), Some(Money::ZERO));
        let (attempts, repairs, restart, over) = (0, 0, false, false);
        Maker { asked, delivery, repairs_max, deadline, plans, drive, usage, cost, attempts, repairs, restart, over }
    }

    async fn step(mut self: Box<Self>) -> Option<(Result<Made<T>, LlmError>, Box<Self>)> {
        if self.over {
            return None;
        }
        let made = loop {
            if std::mem::take(&mut self.restart) {
                break Ok(Made::Event(ChatEvent::Restart));
            }
            let drive = match self.drive.take().map_or_else(|| self.begin(), Ok) {
                Ok(drive) => drive,
                Err(error) => break Err(error),
            };
            let (step, drive) = match drive.step().await {
                Some(step) => step,
                None => break Err(LlmError::new(LlmErrorKind::Transport, "the answer has no end")),
            };
            match step {
                Ok(Step::Begun(model)) => {
                    self.drive = Some(drive);
                    if let Some(plan) = self.plans.get(model).and_then(Option::as_ref) {
                        break Ok(Made::Begun(plan.partial()));
                    }
                }
                Ok(Step::Event(event)) => {
                    self.drive = Some(drive);
                    break Ok(Made::Event(event));
                }
                Ok(Step::Done { end, response, model }) => match self.read(*response, model) {
                    Ok(Some(value)) => break Ok(Made::Whole(end, Box::new(value))),
                    Ok(None) => self.restart = self.delivery == Delivery::Streamed,
                    Err(error) => break Err(error),
                },
                Err(error) => {
                    self.attempts = self.attempts.saturating_add(drive.attempts());
                    if !self.plan_anew(&error) {
                        break Err(error);
                    }
                }
            }
        };
        self.over = matches!(made, Err(_) | Ok(Made::Whole(..)));
        Some((made, self))
    }

    /// Asks, for the first time or again.
    fn begin(&mut self) -> Result<Box<Drive>, LlmError> {
        let Generating { chain, ctx, total, .. } = &self.asked;
        let seam = ctx.as_ref().map_or(&chain.seam, |ctx| ctx.seam());
        let now = seam.now();
        let deadline = *self.deadline.get_or_insert_with(|| later(now, total.unwrap_or(chain.timeouts.total)));
        if self.plans.is_empty() {
            self.plan()?;
        }
        let requests = self.plans.iter().map(|plan| plan.as_ref().map(|plan| Arc::new(plan.request().clone())));
        let left = deadline.saturating_duration_since(now);
        let Generating { chain, ctx, .. } = &self.asked;
        Ok(Box::new(Drive::new(chain.clone(), requests.collect(), ctx.clone(), self.delivery, Some(left))))
    }

    /// Plans how each model is asked. One that cannot be asked is left out, as long as another one can.
    fn plan(&mut self) -> Result<(), LlmError> {
        let Generating { chain, request, mode, .. } = &self.asked;
        let mut failed = None;
        for model in &chain.models {
            let info = model.info();
            match Plan::of(&chain.profile(info), request, *mode) {
                Ok(plan) => self.plans.push(Some(plan)),
                Err(error) => {
                    failed.get_or_insert(error.of(info.to_string()).unsent());
                    self.plans.push(None);
                }
            }
        }
        match failed {
            Some(error) if self.plans.iter().all(Option::is_none) => Err(error),
            _ => Ok(()),
        }
    }

    /// Plans the failed model's way anew, if it turned out not to be able to go it; whether there is another one.
    fn plan_anew(&mut self, error: &LlmError) -> bool {
        let Generating { chain, request, mode, .. } = &self.asked;
        let failed = |info: &ModelInfo| error.model().is_some_and(|model| model == info.to_string());
        let found = chain.models.iter().zip(&mut self.plans).find(|(model, _)| failed(model.info()));
        let Some((model, Some(plan))) = found.map(|(model, plan)| (model, plan.as_mut())) else { return false };
        let profile = chain.profile(model.info());
        let cannot = match plan.mode() {
            OutputMode::Native => !profile.native_schema,
            OutputMode::Tool => !profile.forced_tool,
            OutputMode::Prompted => plan.request().output == Output::Json && !profile.json,
        };
        match Plan::of(&profile, request, *mode) {
            Ok(other) if cannot && (other.mode(), &other.request().output) != (plan.mode(), &plan.request().output) => {
                *plan = other;
                true
            }
            Ok(_) | Err(_) => false,
        }
    }

    /// The value of an answer; nothing where it was sent back.
    fn read(&mut self, response: ChatResponse, model: usize) -> Result<Option<Generated<T>>, LlmError> {
        self.usage = self.usage + response.usage;
        self.cost = self.cost.zip(response.cost).map(|(one, other)| one + other);
        self.attempts = self.attempts.saturating_add(response.attempts);
        let Some(plan) = self.plans.get(model).and_then(Option::as_ref) else {
            return Err(LlmError::new(LlmErrorKind::UnknownModel, "a model answered that was not asked"));
        };
        let (mode, check) = (plan.mode(), self.asked.check.clone());
        match plan.read_with(&response, |value| check(value)) {
            Ok(value) => {
                let Maker { usage, cost, attempts, repairs, .. } = *self;
                Ok(Some(Generated { value, response, usage, cost, mode, attempts, repairs }))
            }
            Err(misfit) if self.repairs < self.repairs_max && misfit.is_repairable() => {
                self.repairs += 1;
                self.send_back(&response.message, &misfit, model);
                Ok(None)
            }
            Err(misfit) => Err(LlmError::from(misfit).of(response.model)),
        }
    }

    fn send_back(&mut self, answer: &ChatMessage, misfit: &Misfit, model: usize) {
        // A model that is asked in another way sees what was written, and none of its calls.
        let words = ChatMessage::assistant(misfit.content.as_str());
        for (index, plan) in self.plans.iter_mut().enumerate() {
            if let Some(plan) = plan {
                plan.repair(if index == model { answer } else { &words }, misfit);
            }
        }
    }
}
