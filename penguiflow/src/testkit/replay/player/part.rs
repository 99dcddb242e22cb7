//! What one attempt does in a replay: it writes, reserves and ends as it did. Knows no other attempt.

use crate::error::{ErrorClass, ErrorKind, NodeError};
use crate::event::{EventKind, ModelCall};
use crate::graph::allowance::{Allowance, Reservation};
use crate::graph::codec::Codec;
use crate::graph::scope::Scope;
use crate::graph::stub::Stubbed;
use crate::graph::table::Shared;
use crate::graph::watch::At;
use crate::graph::writer::StreamWriter;
use crate::message::Cost;
use crate::stream::{Piece, StreamId};
use crate::telemetry::recording::written::{Failed, Noted, Wrote};
use crate::testkit::replay::ReplayError;
use crate::testkit::replay::player::{Player, Turn};
use crate::testkit::replay::score::{halt, panicked};
use serde_json::Value;
use std::collections::HashMap;
use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

/// One attempt.
pub(super) struct Part {
    pub(super) player: Player,
    pub(super) at: At,
    pub(super) scope: Arc<Scope>,
    pub(super) shared: Arc<Shared>,
    pub(super) codec: Option<Codec>,
}

/// The turn that never comes.
const NO_TURN: usize = usize::MAX;

/// What it has open.
#[derive(Default)]
struct Open {
    writers: HashMap<String, StreamWriter>,
    reservations: Vec<Reservation>,
    /// Those that were dropped, most often with the attempt itself: by their acts.
    calls: Vec<(usize, Call)>,
}

/// A call of a model, which is told of when this is dropped.
struct Call {
    scope: Arc<Scope>,
    at: At,
    call: ModelCall,
}

impl Drop for Call {
    fn drop(&mut self) {
        if let Some(watch) = self.scope.tap() {
            watch.tell(self.at.clone(), EventKind::ModelCall(Arc::new(self.call.clone())));
        }
    }
}

impl Part {
    pub(super) async fn play(
        self,
        does: Vec<usize>,
        drops: Vec<usize>,
        ends: Option<usize>,
    ) -> Result<Stubbed, NodeError> {
        let mut open = Open { calls: self.dropped_calls(&does, &drops), ..Open::default() };
        for act in does {
            self.turn(act).await;
            if let Some(event) = self.player.score().event(act) {
                self.does(act, event, &mut open).await;
            }
        }
        let event = ends.and_then(|act| self.player.score().event(act));
        if event.is_some_and(|event| event.waited) {
            // What stood behind it then was told before it was asked again.
            yield_now().await;
        }
        // One that ended because somebody else did has no turn, and asks the trace when it is time to.
        self.turn(ends.unwrap_or(NO_TURN)).await;
        match event {
            Some(event) => self.end(event),
            // Behind a fork nobody else may end it.
            None => Err(fatal("the run that was recorded ended before this attempt did")),
        }
    }

    async fn turn(&self, act: usize) {
        let Part { at, scope, shared, .. } = self;
        if let Turn::At(then) = poll_fn(|task| self.player.poll_turn(act, at, scope, task)).await {
            // Behind a fork it takes as long as it took.
            let passed = scope.elapsed(&shared.seam);
            shared.seam.sleep(then.saturating_sub(passed)).await;
        }
    }

    /// The calls of models that were dropped. A call begins before that is told, and is dropped with its attempt if its turn has not come.
    fn dropped_calls(&self, does: &[usize], drops: &[usize]) -> Vec<(usize, Call)> {
        let score = self.player.score();
        let acts = does.iter().filter_map(|act| Some((*act, score.event(*act)?)));
        let behind = drops.iter().filter_map(|event| Some((NO_TURN, score.events.get(*event)?)));
        let calls = acts.filter(|(_, event)| event.event == "model_call").chain(behind);
        let calls = calls.map(|(act, event)| (act, called(event))).filter(|(_, call)| call.outcome() == "cancelled");
        calls.map(|(act, call)| (act, Call { scope: self.scope.clone(), at: self.at.clone(), call })).collect()
    }

    async fn does(&self, act: usize, event: &Noted, open: &mut Open) {
        let Part { at, scope, shared, .. } = self;
        let cost = |name: &str| -> Cost {
            let written = event.details.get(name).cloned().unwrap_or_default();
            serde_json::from_value(written).unwrap_or_default()
        };
        match (&*event.event, &event.wrote) {
            ("chunk", Some(Wrote { stream, text, meta })) => {
                let detail = |name: &str| event.details.get(name).and_then(Value::as_str).unwrap_or(stream);
                let id = StreamId::of_attempt(stream.as_str(), detail("stream"), at.attempt);
                let mut writer = open.writers.remove(stream).unwrap_or_else(|| {
                    StreamWriter::new(scope.clone(), shared.clone(), id, Some(Box::new(at.clone())))
                });
                let piece = Piece { text: text.clone(), meta: meta.clone() };
                if event.details.get("done") == Some(&Value::Bool(true)) {
                    writer.finish_with(piece).await;
                } else {
                    writer.send(piece).await;
                    open.writers.insert(stream.clone(), writer);
                }
            }
            ("budget_reserved", _) => {
                let allowance = Allowance::new(scope.clone(), Some(Box::new(at.clone())));
                // One that is refused is told by nothing, so the replay diverges.
                open.reservations.extend(allowance.reserve(cost("cost")).ok());
            }
            ("budget_settled", _) => {
                if let Some(reservation) = open.take(cost("reserved")) {
                    reservation.settle(cost("actual"));
                }
            }
            ("budget_in_doubt", _) => drop(open.take(cost("cost"))),
            ("model_call", _) => match open.calls.iter().position(|(of, _)| *of == act) {
                Some(index) => drop(open.calls.remove(index)),
                None => drop(Call { scope: scope.clone(), at: at.clone(), call: called(event) }),
            },
            _ => {}
        }
    }

    fn end(&self, event: &Noted) -> Result<Stubbed, NodeError> {
        if let Some(text) = panicked(event) {
            // Without the words that a panic prints: it was recorded.
            std::panic::resume_unwind(Box::new(text.to_owned()));
        }
        if let Some(halt) = event.error.as_ref().and_then(|error| halt(error.halt.as_deref()?)) {
            self.scope.ask(halt);
        }
        match (&event.error, &event.gave) {
            (Some(failed), _) => Err(error(failed)),
            (None, Some(value)) => match self.codec.map(|codec| codec.read_stub(value)) {
                Some(Ok(value)) => Ok(value),
                Some(Err(why)) => self.unreadable(&why.to_string()),
                None => self.unreadable("its type has no written form"),
            },
            (None, None) => self.unreadable("the recording does not have it"),
        }
    }

    fn unreadable(&self, why: &str) -> Result<Stubbed, NodeError> {
        let (node, place) = (self.at.node, self.at.place.to_string());
        self.player
            .fail(ReplayError::Unreadable { what: format!("what `{node}` at {place} returned"), why: why.to_owned() });
        Err(fatal(why))
    }
}

impl Open {
    fn take(&mut self, cost: Cost) -> Option<Reservation> {
        let index = self.reservations.iter().position(|reservation| reservation.cost() == cost)?;
        Some(self.reservations.remove(index))
    }
}

/// What was told of the call of a model.
fn called(event: &Noted) -> ModelCall {
    ModelCall::of_details(&event.details, Duration::from_nanos(event.latency_ns.unwrap_or_default()))
}

/// Is ready when it is asked again, in the next pass of its task: tokio's own lets all other tasks go first, which have not waited then.
async fn yield_now() {
    let mut asked = false;
    poll_fn(|task| {
        if std::mem::replace(&mut asked, true) {
            return Poll::Ready(());
        }
        task.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

fn fatal(why: &str) -> NodeError {
    NodeError::new(why.to_owned()).with_class(ErrorClass::Fatal)
}

/// An attempt's error as it was.
fn error(failed: &Failed) -> NodeError {
    let Failed { code, message, fatal, retry_after_ns, limit_ns, violations, .. } = failed;
    let kind = match (&**code, limit_ns) {
        ("NODE_TIMEOUT", Some(limit)) => ErrorKind::Timeout(Duration::from_nanos(*limit)),
        ("MESSAGE_INVALID", _) => ErrorKind::Invalid(violations.clone()),
        ("HEADERS_CHANGED", _) => ErrorKind::HeadersChanged,
        _ => ErrorKind::Node(message.clone().into()),
    };
    let class = if *fatal { ErrorClass::Fatal } else { ErrorClass::Retry };
    NodeError { kind, class, retry_after: retry_after_ns.map(Duration::from_nanos) }
}
