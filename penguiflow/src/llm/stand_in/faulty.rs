//! Lets the calls of a model go wrong. Must not know the model.

use crate::clock::Seam;
use crate::llm::chat::event::ChatEvent;
use crate::llm::chat::request::ChatRequest;
use crate::llm::error::{LlmError, LlmErrorKind};
use crate::llm::model::{Call, Model, ModelInfo, ModelStream};
use futures_util::stream::{self, StreamExt as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Lets some calls of a model go wrong, as providers do.
///
/// Calls are counted from 1 when their stream is first polled; clones count together. Of several rules that hit a call, the one that was
/// added first counts.
///
/// ```
/// use futures_util::StreamExt;
/// use penguiflow::clock::{Seam, secs};
/// use penguiflow::llm::{Call, EchoModel, Faulty, LlmErrorKind, Model, ModelFault};
/// use std::sync::Arc;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let model = Faulty::new(EchoModel::default())
///     .fail_call(1, ModelFault::rate_limited(secs(3)))
///     .fail_each(10, ModelFault::error(LlmErrorKind::Transport).after(1));
///
/// let ask = || model.stream(Arc::new("krill".into()), Call::new(Seam::seeded(1))).collect::<Vec<_>>();
/// let (first, second) = (ask().await, ask().await);
/// assert_eq!(first[0].as_ref().unwrap_err().kind().retry_after(), Some(secs(3)));
/// assert!(second[0].is_ok());
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "it is asked as any other model"]
pub struct Faulty<M> {
    model: M,
    rules: Vec<(When, ModelFault)>,
    calls: Arc<AtomicU64>,
}

#[derive(Clone, Debug)]
enum When {
    Call(u64),
    Each(u64),
    Chance(f64),
}

impl When {
    fn hits(&self, call: u64, seam: &Seam) -> bool {
        match self {
            When::Call(one) => *one == call,
            When::Each(every) => *every > 0 && call.is_multiple_of(*every),
            When::Chance(chance) => seam.jitter() < *chance,
        }
    }
}

/// What goes wrong in one call.
///
/// ```
/// use penguiflow::clock::{millis, secs};
/// use penguiflow::llm::{LlmErrorKind, ModelFault};
///
/// let busy = ModelFault::overloaded(secs(3));
/// let breaks_off = ModelFault::error(LlmErrorKind::Transport).after(5).with_pace(millis(20));
/// let hangs = ModelFault::stall();
/// # let _ = (busy, breaks_off, hangs);
/// ```
#[derive(Clone, Debug)]
#[must_use = "it is made to happen by a `Faulty`"]
pub struct ModelFault {
    what: What,
    after: u64,
    pace: Duration,
}

#[derive(Clone, Debug)]
enum What {
    Nothing,
    Error(LlmErrorKind),
    Stall,
}

impl ModelFault {
    /// The call fails, before the model is asked unless [`after`](ModelFault::after) says otherwise.
    pub fn error(kind: LlmErrorKind) -> Self {
        ModelFault { what: What::Error(kind), after: 0, pace: Duration::ZERO }
    }

    /// The provider wants fewer requests, and asks to wait.
    pub fn rate_limited(retry_after: Duration) -> Self {
        Self::error(LlmErrorKind::RateLimited { retry_after: Some(retry_after) })
    }

    /// The provider has too much to do, and asks to wait.
    pub fn overloaded(retry_after: Duration) -> Self {
        Self::error(LlmErrorKind::Overloaded { retry_after: Some(retry_after) })
    }

    /// The call tells nothing, for ever: what timeouts are for.
    pub fn stall() -> Self {
        ModelFault { what: What::Stall, after: 0, pace: Duration::ZERO }
    }

    /// Each step of the call waits that long.
    pub fn slow(pace: Duration) -> Self {
        ModelFault { what: What::Nothing, after: 0, pace }
    }

    /// It goes wrong only behind so many steps of the answer.
    pub fn after(self, steps: u64) -> Self {
        ModelFault { after: steps, ..self }
    }

    /// And each step before that waits so long.
    pub fn with_pace(self, pace: Duration) -> Self {
        ModelFault { pace, ..self }
    }
}

impl<M: Model> Faulty<M> {
    /// Wraps a model; nothing goes wrong yet.
    pub fn new(model: M) -> Self {
        Faulty { model, rules: Vec::new(), calls: Arc::default() }
    }

    /// Lets one call go wrong, counted from 1.
    pub fn fail_call(self, call: u64, fault: ModelFault) -> Self {
        self.rule(When::Call(call), fault)
    }

    /// Lets each `every`-th call go wrong; 1 is each, 0 is none.
    pub fn fail_each(self, every: u64, fault: ModelFault) -> Self {
        self.rule(When::Each(every), fault)
    }

    /// Lets a call go wrong with that probability, between 0 and 1: drawn from the [seam](Call::seam) of the call, so the same seed
    /// gives the same faults.
    pub fn fail_at_random(self, chance: f64, fault: ModelFault) -> Self {
        self.rule(When::Chance(chance), fault)
    }

    /// How many calls there were.
    #[must_use]
    pub fn calls(&self) -> u64 {
        self.calls.load(Ordering::Relaxed)
    }

    fn rule(mut self, when: When, fault: ModelFault) -> Self {
        self.rules.push((when, fault));
        self
    }
}

impl<M: Model> Model for Faulty<M> {
    fn info(&self) -> &ModelInfo {
        self.model.info()
    }

    fn stream(&self, request: Arc<ChatRequest>, call: Call) -> ModelStream {
        let (rules, calls, name) = (self.rules.clone(), self.calls.clone(), self.model.info().to_string());
        let seam = call.seam.clone();
        let answer = self.model.stream(request, call);
        let begun = async move {
            let number = calls.fetch_add(1, Ordering::Relaxed) + 1;
            let hit = rules.into_iter().find(|(when, _)| when.hits(number, &seam));
            match hit {
                None => answer,
                Some((_, fault)) => Faulted { answer, fault, seam, number, name, told: 0, over: false }.stream(),
            }
        };
        Box::pin(stream::once(begun).flat_map(|steps| steps))
    }
}

/// A call in which something goes wrong.
struct Faulted {
    answer: ModelStream,
    fault: ModelFault,
    seam: Seam,
    number: u64,
    name: String,
    told: u64,
    over: bool,
}

impl Faulted {
    fn stream(self) -> ModelStream {
        Box::pin(stream::unfold(self, |mut call| async move {
            if call.over {
                return None;
            }
            if !call.fault.pace.is_zero() {
                call.seam.sleep(call.fault.pace).await;
            }
            if call.told >= call.fault.after {
                match &call.fault.what {
                    What::Nothing => {}
                    What::Stall => std::future::pending::<()>().await,
                    What::Error(kind) => {
                        let error = LlmError::new(kind.clone(), format!("simulated failure of call {}", call.number));
                        call.over = true;
                        return Some((Err(error.of(call.name.as_str())), call));
                    }
                }
            }
            let step = call.answer.next().await?;
            call.told += 1;
            call.over = matches!(step, Ok(ChatEvent::End(_)) | Err(_));
            Some((step, call))
        }))
    }
}
