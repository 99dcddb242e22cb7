//! Runs one call: model after model, attempt after attempt, until there is an answer. Decides nothing: `retry` and `chain` do.

use crate::clock::Seam;
use crate::graph::allowance::Reservation;
use crate::graph::context::Ctx;
use crate::llm::chat::assembly::Assembly;
use crate::llm::chat::event::{ChatEvent, End};
use crate::llm::chat::message::ChatMessage;
use crate::llm::chat::request::{ChatRequest, Output};
use crate::llm::chat::response::ChatResponse;
use crate::llm::chat::usage::Usage;
use crate::llm::client::chain::{Choice, Fallback, choose};
use crate::llm::client::patience::{Timeouts, Until, before};
use crate::llm::client::purse;
use crate::llm::client::retry::{Failed, Retry, Verdict, decide};
use crate::llm::client::steps::Run;
use crate::llm::error::{LlmError, LlmErrorKind, Patience};
use crate::llm::learned::{Learned, Lesson};
use crate::llm::model::{Call, Delivery, Model, ModelInfo, ModelStream};
use crate::llm::observe::capture::Capture;
use crate::llm::observe::watch::Watch;
use crate::llm::pace::{Pacing, Turn};
use crate::llm::profile::Profile;
use crate::llm::tokens;
use futures_util::StreamExt as _;
use futures_util::future::BoxFuture;
use futures_util::future::select;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::Instant;
use tracing::{Instrument as _, Span};

/// What the calls of a client have in common.
#[derive(Clone)]
pub(crate) struct Chain {
    /// The one that is asked first, and those that stand in for it.
    pub(crate) models: Vec<Arc<dyn Model>>,
    pub(crate) retry: Retry,
    pub(crate) timeouts: Timeouts,
    pub(crate) fallback: Fallback,
    pub(crate) pacing: Pacing,
    pub(crate) seam: Seam,
    pub(crate) learned: Arc<Mutex<Learned>>,
    pub(crate) capture: Capture,
}

impl Chain {
    /// What the model can do, with what it turned out not to.
    pub(crate) fn profile(&self, info: &ModelInfo) -> Profile {
        let learned = self.learned.lock().unwrap_or_else(PoisonError::into_inner);
        learned.of(&info.provider, &info.name, &info.profile).into_owned()
    }

    /// Notes what the rejection of this request teaches; whether that is new.
    pub(crate) fn learn(&self, info: &ModelInfo, asked: Option<&ChatRequest>, error: &LlmError) -> Option<Lesson> {
        let lesson = match Lesson::of(error)? {
            // There was no schema that could have been refused.
            Lesson::NoNativeSchema if asked.is_some_and(|asked| asked.output == Output::Json) => Lesson::NoJson,
            lesson => lesson,
        };
        let mut learned = self.learned.lock().unwrap_or_else(PoisonError::into_inner);
        learned.note(&info.provider, &info.name, lesson).then_some(lesson)
    }
}

/// What is told of a call.
pub(crate) enum Step {
    /// The model of that number is asked.
    Begun(usize),
    Event(ChatEvent),
    /// The last one, with the number of the model that answered.
    Done {
        end: End,
        response: Box<ChatResponse>,
        model: usize,
    },
}

/// A call on its way.
pub(crate) struct Drive {
    chain: Arc<Chain>,
    /// What each model is asked; nothing where it is not.
    requests: Vec<Option<Arc<ChatRequest>>>,
    ctx: Option<Ctx>,
    seam: Seam,
    delivery: Delivery,
    total: Until,
    /// The models that have failed for good in this call.
    spent: Vec<bool>,
    tries: Vec<u32>,
    attempts: u32,
    running: Option<Attempt>,
    answer: Assembly,
    /// From the first poll to the last step.
    watch: Option<Watch>,
    /// Whether some of the answer was told.
    handed_on: bool,
    /// Whether the call has waited for a model that is left alone.
    waited: bool,
    restart: bool,
    last: Option<LlmError>,
    over: bool,
}

struct Attempt {
    model: usize,
    stream: ModelStream,
    /// What was heard of the stream and nothing was done about yet.
    heard: Option<Result<ChatEvent, LlmError>>,
    turn: Turn,
    reservation: Option<Reservation>,
    until: Until,
}

impl Drive {
    pub(crate) fn new(
        chain: Arc<Chain>,
        requests: Vec<Option<Arc<ChatRequest>>>,
        ctx: Option<Ctx>,
        delivery: Delivery,
        total: Option<Duration>,
    ) -> Self {
        let seam = ctx.as_ref().map_or_else(|| chain.seam.clone(), |ctx| ctx.seam().clone());
        let mut until = Until::after(total.unwrap_or(chain.timeouts.total), Patience::Total, &seam);
        if let Some(deadline) = ctx.as_ref().and_then(Ctx::deadline) {
            until = until.sooner(Until { at: deadline, patience: Patience::Total });
        }
        let spent = requests.iter().map(Option::is_none).collect();
        let tries = vec![0; chain.models.len()];
        Drive {
            chain,
            requests,
            ctx,
            seam,
            delivery,
            total: until,
            spent,
            tries,
            attempts: 0,
            running: None,
            answer: Assembly::default(),
            watch: None,
            handed_on: false,
            waited: false,
            restart: false,
            last: None,
            over: false,
        }
    }

    /// The next step, with what is left of the call; nothing behind the last one.
    pub(crate) async fn step(mut self: Box<Self>) -> Option<(Result<Step, LlmError>, Box<Self>)> {
        if self.over {
            return None;
        }
        self.watch();
        let step = loop {
            let failed = match self.running.take() {
                Some(attempt) if std::mem::take(&mut self.restart) => {
                    self.running = Some(attempt);
                    break Ok(Step::Event(ChatEvent::Restart));
                }
                None => match self.begin().await {
                    Ok(attempt) => {
                        let model = attempt.model;
                        self.running = Some(attempt);
                        break Ok(Step::Begun(model));
                    }
                    Err(failed) => failed,
                },
                Some(attempt) => match self.listen(attempt).await {
                    Ok(step) => break Ok(step),
                    Err(failed) => failed,
                },
            };
            if let Err(error) = self.go_on(failed).await {
                break Err(error);
            }
        };
        self.over = matches!(step, Err(_) | Ok(Step::Done { .. }));
        if let (Err(error), Some(watch)) = (&step, self.watch.take_if(|_| self.over)) {
            watch.end(Err(error));
        }
        Some((step, self))
    }

    /// How many times a model was asked so far.
    pub(crate) fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Begins to watch, if nothing was asked yet.
    fn watch(&mut self) {
        if self.watch.is_some() {
            return;
        }
        let chain = &self.chain;
        if let (Some(model), Some(request)) = (chain.models.first(), self.requests.iter().flatten().next()) {
            let call = Call::new(self.seam.clone()).with_delivery(self.delivery);
            self.watch = Some(Watch::begin(self.ctx.as_ref(), model.info(), request, &call, &chain.capture));
        }
    }

    fn info(&self, model: usize) -> Option<&ModelInfo> {
        self.chain.models.get(model).map(|model| model.info())
    }

    /// Chooses a model, waits for its turn, sets aside what it costs, and asks it.
    async fn begin(&mut self) -> Result<Attempt, Failure> {
        wanted(self.ctx.as_ref())?;
        let index = self.choose().await.map_err(Failure::last)?;
        // That may have taken a while.
        wanted(self.ctx.as_ref())?;
        let (Some(model), Some(request)) =
            (self.chain.models.get(index).cloned(), self.requests.get(index).cloned().flatten())
        else {
            return Err(Failure::last(LlmError::new(LlmErrorKind::UnknownModel, "the chain has no models")));
        };
        let info = model.info();
        let request = without_temperature(request, &self.chain.profile(info), info);
        let failing = |error: LlmError| Failure { error: error.of(info.to_string()).unsent(), model: Some(index) };
        let written = request.max_output_tokens.map(u64::from).or(info.profile.output_tokens).unwrap_or_default();
        let expected = tokens::estimate_request(&request, &info.profile).saturating_add(written);
        let turn = self.chain.pacing.turn(&info.account, expected, &self.seam);
        let turn = before(|| self.total, &self.seam, turn).await.map_err(|patience| {
            failing(LlmError::new(LlmErrorKind::Timeout(patience), "other requests to the provider were first"))
        })?;
        let reservation = purse::reserve(self.ctx.as_ref(), info, &request).map_err(failing)?;
        self.attempts += 1;
        if let Some(tries) = self.tries.get_mut(index) {
            *tries += 1;
        }
        let mut call = Call::new(self.seam.clone()).with_delivery(self.delivery);
        if let Some(watch) = &mut self.watch {
            watch.attempt(info);
            call.traceparent = watch.traceparent();
        }
        let until = Until::after(self.chain.timeouts.attempt, Patience::Attempt, &self.seam).sooner(self.total);
        let stream = model.stream(request, call);
        Ok(Attempt { model: index, stream, heard: None, turn, reservation, until })
    }

    async fn choose(&mut self) -> Result<usize, LlmError> {
        match choose(&self.chain.models, &self.spent, &self.chain.pacing, &self.seam) {
            Choice::Now(_) if self.seam.now() >= self.total.at => Err(self
                .last
                .take()
                .unwrap_or_else(|| LlmError::new(LlmErrorKind::Timeout(Patience::Total), "").unsent())),
            Choice::Now(index) => Ok(index),
            Choice::At(index, at) => {
                let wait = at.saturating_duration_since(self.seam.now());
                if self.waited || wait > self.chain.fallback.wait_max || at >= self.total.at {
                    return Err(self.cooling(index, wait));
                }
                self.waited = true;
                rest(self.ctx.as_ref(), &self.seam, at).await;
                Ok(index)
            }
            Choice::Nobody => Err(self.gave_up()),
        }
    }

    fn gave_up(&mut self) -> LlmError {
        let none = || LlmError::new(LlmErrorKind::UnknownModel, "the chain has no models");
        self.last.take().unwrap_or_else(none)
    }

    fn cooling(&mut self, model: usize, wait: Duration) -> LlmError {
        self.last.take().unwrap_or_else(|| {
            let message = "it is left alone for a while, since it was rate limited or broken";
            let error = LlmError::new(LlmErrorKind::RateLimited { retry_after: Some(wait) }, message).unsent();
            match self.info(model) {
                Some(info) => error.of(info.to_string()),
                None => error,
            }
        })
    }

    /// Waits for the next step of the answer.
    async fn listen(&mut self, mut attempt: Attempt) -> Result<Step, Failure> {
        let (until, streamed) = (attempt.until, self.delivery == Delivery::Streamed);
        let heard = loop {
            let heard = match attempt.heard.take() {
                Some(heard) => heard,
                None => {
                    let chunk = || Until::after(self.chain.timeouts.chunk, Patience::Chunk, &self.seam);
                    let until = || if streamed { until.sooner(chunk()) } else { until };
                    let span = self.watch.as_ref().map_or_else(Span::none, |watch| watch.span().clone());
                    match before(until, &self.seam, attempt.stream.next().instrument(span)).await {
                        Ok(heard) => heard.unwrap_or_else(|| Err(endless())),
                        Err(patience) => Err(LlmError::new(LlmErrorKind::Timeout(patience), "")),
                    }
                }
            };
            match heard {
                // Who asked for the whole answer is told none of its steps, and sees none of a broken one.
                Ok(event) if !streamed && !matches!(event, ChatEvent::End(_)) => {
                    self.watch.iter_mut().for_each(Watch::first_token);
                    self.answer.add(event);
                }
                heard => break heard,
            }
        };
        match heard {
            Ok(ChatEvent::End(end)) => Ok(self.done(attempt, end)),
            Ok(event) => {
                self.hand_on(&event);
                self.running = Some(attempt);
                Ok(Step::Event(event))
            }
            Err(error) => {
                let Attempt { model, reservation, turn, .. } = attempt;
                // Otherwise it is in doubt, and dropping it charges all of it. So is what broke off: some of it was written.
                if error.is_free() && self.answer.parts().next().is_none() {
                    purse::release(reservation);
                    turn.used(0);
                }
                Err(Failure { error, model: Some(model) })
            }
        }
    }

    fn hand_on(&mut self, event: &ChatEvent) {
        self.answer.push(event);
        self.watch.iter_mut().for_each(Watch::first_token);
        self.handed_on = true;
    }

    fn done(&mut self, attempt: Attempt, end: End) -> Step {
        let Attempt { model, reservation, turn, .. } = attempt;
        let message = std::mem::take(&mut self.answer).into_message();
        let info = self.info(model);
        let usage = end.usage.unwrap_or_else(|| self.estimate(model, &message));
        let cost = info.and_then(|info| purse::price(info, usage));
        let provider = info.map(|info| info.provider.as_str()).unwrap_or_default();
        let name = end.model.as_deref().or(info.map(|info| info.name.as_str())).unwrap_or_default();
        let asked = format!("{provider}/{name}");
        purse::settle(reservation, usage, cost);
        if let Some(mut watch) = self.watch.take() {
            watch.used(usage, cost);
            watch.end(Ok((&end, Some(&message))));
        }
        turn.used(usage.total());
        let (finish, id, attempts) = (end.finish.clone(), end.id.clone(), self.attempts);
        let response = ChatResponse { message, finish, usage, cost, model: asked, id, attempts };
        Step::Done { end, response: Box::new(response), model }
    }

    /// What the call used about, where its provider does not tell.
    fn estimate(&self, model: usize, message: &ChatMessage) -> Usage {
        let request = self.requests.get(model).and_then(Option::as_ref);
        let (Some(request), Some(info)) = (request, self.info(model)) else { return Usage::default() };
        let mut written = message.text() + &message.reasoning();
        message
            .tool_calls()
            .for_each(|call| [&call.name, &call.arguments].iter().for_each(|text| written.push_str(text)));
        tokens::estimate_usage(request, &written, &info.profile)
    }

    /// Decides about a failure, and waits if it is to be tried again.
    async fn go_on(&mut self, failure: Failure) -> Result<(), LlmError> {
        let Failure { error, model } = failure;
        let Some((model, info)) = model.and_then(|index| Some((index, self.chain.models.get(index)?.info().clone())))
        else {
            return Err(error);
        };
        let error = error.of(info.to_string());
        // Others are for whoever planned the request.
        let asked = self.requests.get(model).and_then(Option::as_deref);
        if self.chain.learn(&info, asked, &error) == Some(Lesson::NoTemperature) && !self.handed_on {
            self.watch.iter().for_each(|watch| watch.goes_on(&info, &error, Duration::ZERO));
            return Ok(());
        }
        let mut others = self.spent.iter().enumerate().filter(|(index, spent)| *index != model && !**spent);
        let failed = Failed {
            kind: error.kind(),
            tries: self.tries.get(model).copied().unwrap_or_default(),
            has_next: others.next().is_some(),
            handed_on: self.handed_on,
            draw: self.seam.jitter(),
        };
        let verdict = decide(&self.chain.retry, self.chain.fallback.cooldown, &failed);
        match verdict {
            Verdict::GiveUp => return Err(error),
            Verdict::Again(wait) => {
                let until = crate::clock::later(self.seam.now(), wait);
                if until >= self.total.at {
                    return Err(error);
                }
                if error.kind().retry_after().is_some() {
                    self.chain.pacing.cool(&info.account, &info.name, wait, &self.seam);
                }
                self.watch.iter().for_each(|watch| watch.goes_on(&info, &error, wait));
                rest(self.ctx.as_ref(), &self.seam, until).await;
            }
            Verdict::Next(cooldown) => {
                if let Some(cooldown) = cooldown {
                    self.chain.pacing.cool(&info.account, &info.name, cooldown, &self.seam);
                }
                self.watch.iter().for_each(|watch| watch.goes_on(&info, &error, Duration::ZERO));
                let limited = matches!(error.kind(), LlmErrorKind::RateLimited { .. });
                if let Some(spent) = self.spent.get_mut(model) {
                    *spent = !limited;
                }
            }
        }
        self.restart = std::mem::take(&mut self.handed_on);
        self.answer = Assembly::default();
        self.last = Some(error);
        Ok(())
    }
}

/// Refuses to go on for a trace that is to end.
fn wanted(ctx: Option<&Ctx>) -> Result<(), Failure> {
    match ctx {
        Some(ctx) if ctx.is_cancelled() => {
            Err(Failure::last(LlmError::new(LlmErrorKind::Cancelled, "the trace is to end").unsent()))
        }
        Some(_) | None => Ok(()),
    }
}

/// Waits between two attempts. A trace that is to end is kept no longer.
async fn rest(ctx: Option<&Ctx>, seam: &Seam, until: Instant) {
    let time = seam.sleep_until(until);
    match ctx {
        Some(ctx) => {
            select(pin!(time), pin!(ctx.cancelled())).await;
        }
        None => time.await,
    }
}

impl Run for Drive {
    type Step = Result<Step, LlmError>;

    fn at_hand(&mut self, cx: &mut Context<'_>) -> Option<Result<Step, LlmError>> {
        if self.over || self.restart || self.delivery == Delivery::Whole {
            return None;
        }
        let (Some(attempt), Some(watch)) = (&mut self.running, &self.watch) else { return None };
        if attempt.heard.is_some() {
            return None;
        }
        let polled = watch.span().in_scope(|| attempt.stream.poll_next_unpin(cx));
        let Poll::Ready(heard) = polled else { return None };
        match heard.unwrap_or_else(|| Err(endless())) {
            Ok(event) if !matches!(event, ChatEvent::End(_)) => {
                self.hand_on(&event);
                Some(Ok(Step::Event(event)))
            }
            heard => {
                attempt.heard = Some(heard);
                None
            }
        }
    }

    fn next(self: Box<Self>) -> BoxFuture<'static, Option<(Self::Step, Box<Self>)>> {
        Box::pin(self.step())
    }
}

fn endless() -> LlmError {
    LlmError::new(LlmErrorKind::Transport, "the answer has no end")
}

/// The request, without what the model turned out not to take. What was known before is its format's business.
fn without_temperature(mut request: Arc<ChatRequest>, learned: &Profile, info: &ModelInfo) -> Arc<ChatRequest> {
    let asked = request.temperature.is_some() || request.top_p.is_some() || request.top_k.is_some();
    if asked && info.profile.temperature && !learned.temperature {
        let request = Arc::make_mut(&mut request);
        (request.temperature, request.top_p, request.top_k) = (None, None, None);
    }
    request
}

/// A failure, and the model that it is of; without one it is the last word.
struct Failure {
    error: LlmError,
    model: Option<usize>,
}

impl Failure {
    fn last(error: LlmError) -> Self {
        Failure { error, model: None }
    }
}
