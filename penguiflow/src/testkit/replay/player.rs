//! Plays a recording: lets each attempt begin and end in its turn, and compares what is told with what was. Knows no flow.

mod part;

use crate::event::FlowEvent;
use crate::graph::codec::Codec;
use crate::graph::scope::{Halt, Scope};
use crate::graph::stub::StubFuture;
use crate::graph::table::Shared;
use crate::graph::watch::At;
use crate::graph::watch::play::{Cue, Playing, Stage};
use crate::message::Meta;
use crate::telemetry::recording::written::Noted;
use crate::testkit::replay::score::{Act, Attempt, Key, Score, line_of};
use crate::testkit::replay::time::Time;
use crate::testkit::replay::{Diverged, ReplayError};
use part::Part;
use std::any::Any;
use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use tokio::sync::Notify;

/// Plays one recording, once.
#[derive(Clone)]
pub(super) struct Player(Arc<Inner>);

struct Inner {
    score: Score,
    time: Arc<Time>,
    fork: Option<Fork>,
    state: Mutex<State>,
    /// Told when the replay has failed.
    failed: Notify,
    /// Told when it begins to run.
    forked: Notify,
    /// Told when the trace may have to be asked to end.
    asked: Notify,
}

/// Where a replay begins to run.
pub(super) struct Fork {
    pub(super) at: Key,
    pub(super) swap: Mutex<Option<Swap>>,
}

/// Puts the other input in its place; false where it is of another type.
pub(super) type Swap = Box<dyn FnOnce(&mut dyn Any) -> bool + Send>;

struct State {
    /// The events that are still to be told, by what they say.
    open: HashMap<String, VecDeque<usize>>,
    told: Vec<bool>,
    /// The first event that was not told.
    next: usize,
    /// The first one for which others wait: not one of an attempt that is gone.
    awaited: usize,
    done: Vec<bool>,
    /// The act whose turn it is.
    turn: usize,
    /// Who waits for a turn.
    waiting: BTreeMap<Key, Waker>,
    /// The further attempts that were asked once.
    asked: HashSet<Key>,
    /// The attempts that are played.
    playing: HashSet<Key>,
    /// Attempts that would begin, and of which the recording knows nothing.
    strays: Vec<String>,
    runs: bool,
    fault: Option<ReplayError>,
    /// How often something has gone on.
    steps: u64,
}

/// Whether it is somebody's turn.
pub(super) enum Turn {
    Now,
    /// There are no turns any more: the replay runs. How long after the fork it was.
    At(Duration),
}

impl Player {
    pub(super) fn new(score: Score, time: Arc<Time>, fork: Option<Fork>) -> Self {
        let mut open: HashMap<String, VecDeque<usize>> = HashMap::new();
        for (index, line) in score.lines.iter().enumerate() {
            line.iter().for_each(|line| open.entry(line.clone()).or_default().push_back(index));
        }
        let told = score.lines.iter().map(Option::is_none).collect();
        let mut state = State {
            open,
            told,
            next: 0,
            awaited: 0,
            done: vec![false; score.acts.len()],
            turn: 0,
            waiting: BTreeMap::new(),
            asked: HashSet::new(),
            playing: HashSet::new(),
            strays: Vec::new(),
            runs: false,
            fault: None,
            steps: 0,
        };
        state.skip_told(&score);
        Player(Arc::new(Inner {
            score,
            time,
            fork,
            state: Mutex::new(state),
            failed: Notify::new(),
            forked: Notify::new(),
            asked: Notify::new(),
        }))
    }

    pub(super) fn score(&self) -> &Score {
        &self.0.score
    }

    /// Waits until the replay has failed.
    pub(super) async fn failed(&self) -> ReplayError {
        loop {
            if let Some(fault) = self.fault() {
                return fault;
            }
            self.0.failed.notified().await;
        }
    }

    /// Waits until the replay runs.
    pub(super) async fn forked(&self) {
        self.0.forked.notified().await;
    }

    pub(super) fn fault(&self) -> Option<ReplayError> {
        self.lock().fault.clone()
    }

    /// Whether it runs, behind its fork.
    pub(super) fn runs(&self) -> bool {
        self.lock().runs
    }

    pub(super) fn steps(&self) -> u64 {
        self.lock().steps
    }

    /// What was to come next, and what would have come that the recording does not know: for a replay that stands still.
    pub(super) fn stands(&self) -> Diverged {
        let state = self.lock();
        let would = state.strays.first().map(|stray| format!("the beginning of {stray}"));
        Diverged { events: state.next, expected: self.expected(&state), got: would }
    }

    /// Whether all was told.
    pub(super) fn is_over(&self) -> bool {
        let state = self.lock();
        let untold = self.score().events.iter().zip(&state.told).filter(|(_, told)| !**told);
        // What a task of its own is told of that goes with the trace may come behind the ending.
        untold.into_iter().all(|(event, _)| is_dropped(&event.event))
    }

    pub(super) fn fail(&self, fault: ReplayError) {
        let mut state = self.lock();
        state.fault.get_or_insert(fault);
        drop(state);
        self.0.failed.notify_one();
    }

    /// Whether it is the turn of `act`. Asks the trace to end, if that is what comes next.
    pub(super) fn poll_turn(&self, act: usize, at: &At, scope: &Scope, task: &mut Context<'_>) -> Poll<Turn> {
        let mut state = self.lock();
        if state.runs {
            let at = self.score().event(act).map_or(0, |event| event.at_ns);
            return Poll::Ready(Turn::At(Duration::from_nanos(at)));
        }
        if state.turn == act && state.is_due(self.score()) {
            return Poll::Ready(Turn::Now);
        }
        state.waiting.insert(key(at), task.waker().clone());
        let asks = self.asks(&mut state, &key(at));
        drop(state);
        if let Some(halt) = asks {
            scope.ask(halt);
        }
        Poll::Pending
    }

    /// What the trace is to be asked now by this attempt, which has used up a limit.
    fn asks(&self, state: &mut State, by: &Key) -> Option<Halt> {
        let Some(Act::Asks(halt, event)) = self.score().acts.get(state.turn) else { return None };
        let Noted { place, attempt, .. } = self.score().events.get(*event)?;
        if is_from_outside(*halt) || (place, *attempt) != (&by.0, by.1) || !state.is_due(self.score()) {
            return None;
        }
        state.do_act(state.turn, self.score());
        Some(*halt)
    }

    /// Waits until the trace is to be asked to end by somebody outside, or by the clock.
    pub(super) async fn asked(&self) -> Halt {
        loop {
            if let Some(halt) = self.take_asked(is_from_outside) {
                return halt;
            }
            self.0.asked.notified().await;
        }
    }

    /// Waits no longer for the end of an attempt that is gone; false if it is another event that is waited for.
    pub(super) fn gives_up(&self) -> bool {
        let mut state = self.lock();
        let next = state.next;
        let gone = self.score().events.get(next).is_some_and(|event| is_dropped(&event.event));
        if let Some(told) = state.told.get_mut(next).filter(|_| gone) {
            *told = true;
            state.skip_told(self.score());
            std::mem::take(&mut state.waiting).into_values().for_each(Waker::wake);
        }
        gone
    }

    /// What the trace is to be asked now, whoever did.
    pub(super) fn take_asked(&self, wanted: impl FnOnce(Halt) -> bool) -> Option<Halt> {
        let mut state = self.lock();
        let turn = state.turn;
        let Some(Act::Asks(halt, _)) = self.score().acts.get(turn) else { return None };
        if !wanted(*halt) || !state.is_due(self.score()) {
            return None;
        }
        state.do_act(turn, self.score());
        Some(*halt)
    }

    fn attempt(&self, at: &At) -> Option<&Attempt> {
        self.score().attempts.get(&key(at))
    }

    /// The attempt, if it is played.
    fn played(&self, at: &At) -> Option<&Attempt> {
        let is_played = self.lock().playing.contains(&key(at));
        if is_played { self.attempt(at) } else { None }
    }

    fn expected(&self, state: &State) -> Option<String> {
        self.score().events.get(state.next).map(ToString::to_string)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// The act is done; whoever's turn it is now is woken.
    fn do_act(&mut self, act: usize, score: &Score) {
        if let Some(done) = self.done.get_mut(act) {
            *done = true;
        }
        while self.done.get(self.turn) == Some(&true) {
            self.turn += 1;
        }
        self.wake(score);
    }

    /// The event of the act whose turn it is.
    fn turn_of(&self, score: &Score) -> Option<usize> {
        score.acts.get(self.turn).map(|act| match act {
            Act::Does(event) | Act::Asks(_, event) => *event,
        })
    }

    /// Whether all is told that was before the act whose turn it is.
    fn is_due(&self, score: &Score) -> bool {
        self.turn_of(score).is_some_and(|event| self.awaited >= event)
    }

    /// Wakes whoever's turn it is.
    fn wake(&mut self, score: &Score) {
        let due = self.turn_of(score).filter(|event| self.awaited >= *event);
        let key = due.and_then(|event| score.events.get(event)).map(|event| (event.place.clone(), event.attempt));
        if let Some(waker) = key.and_then(|key| self.waiting.remove(&key)) {
            waker.wake();
        }
    }

    fn skip_told(&mut self, score: &Score) {
        while self.told.get(self.next) == Some(&true) {
            self.next += 1;
        }
        self.awaited = self.awaited.max(self.next);
        let is_gone = |at: usize| score.events.get(at).is_some_and(|event| is_dropped(&event.event));
        while self.told.get(self.awaited) == Some(&true) || is_gone(self.awaited) {
            self.awaited += 1;
        }
    }
}

impl Playing for Player {
    fn cue(&self, at: &At, task: &mut Context<'_>) -> Cue {
        let mut state = self.lock();
        if state.runs {
            return Cue::Run;
        }
        if let Some(halt) = self.asks(&mut state, &key(at)) {
            return Cue::Halt(halt.into());
        }
        let begins = self.attempt(at).and_then(|attempt| attempt.begins);
        if at.attempt > 1 && state.asked.insert(key(at)) {
            // It waited for its timer then, and is asked again.
            task.waker().wake_by_ref();
            return Cue::Wait;
        }
        if begins != Some(state.turn) || !state.is_due(self.score()) {
            state.waiting.insert(key(at), task.waker().clone());
            let stray = format!("`{}` at {}, attempt {}", at.node, at.place, at.attempt);
            if begins.is_none() && !state.strays.contains(&stray) {
                state.strays.push(stray);
            }
            return Cue::Wait;
        }
        let key = key(at);
        if self.0.fork.as_ref().is_some_and(|fork| fork.at == key) {
            state.runs = true;
            self.0.time.run();
            std::mem::take(&mut state.waiting).into_values().for_each(Waker::wake);
            self.0.forked.notify_one();
            return Cue::Run;
        }
        state.playing.insert(key);
        Cue::Play
    }

    fn swap(&self, at: &At, input: &mut dyn Any) {
        let Some(fork) = self.0.fork.as_ref().filter(|fork| fork.at == key(at)) else { return };
        let swap = fork.swap.lock().unwrap_or_else(PoisonError::into_inner).take();
        if swap.is_some_and(|swap| !swap(input)) {
            self.fail(ReplayError::OtherInput { node: at.node, place: at.place.to_string() });
        }
    }

    fn part(&self, stage: Stage, codec: Option<Codec>) -> Option<StubFuture> {
        let attempt = self.played(&stage.at)?;
        let (does, drops, ends) = (attempt.does.clone(), attempt.drops.clone(), attempt.ends);
        let Stage { at, inside } = stage;
        let (scope, shared) = *inside.downcast::<(Arc<Scope>, Arc<Shared>)>().ok()?;
        let part = Part { player: self.clone(), at, scope, shared, codec };
        Some(Box::pin(part.play(does, drops, ends)))
    }

    fn meta(&self, at: &At) -> Option<Meta> {
        let end = self.score().event(self.played(at)?.ends?)?;
        Some(end.meta.clone().unwrap_or_default())
    }

    fn wait(&self, at: &At) -> Option<Duration> {
        if self.runs() { None } else { self.attempt(at)?.wait }
    }

    fn lets_go(&self, at: &At) -> Option<bool> {
        let halted = self.played(at)?.halted;
        Some(halted.is_some_and(|event| event == self.lock().next))
    }

    fn hear(&self, event: &FlowEvent) {
        let Some(line) = line_of(event) else { return };
        let mut state = self.lock();
        if state.runs || state.fault.is_some() {
            return;
        }
        let Some(index) = state.open.get_mut(&line).and_then(VecDeque::pop_front) else {
            if is_dropped(event.name()) {
                // The trace had ended before the task was gone in which it ran.
                return;
            }
            let (events, expected) = (state.next, self.expected(&state));
            drop(state);
            let got = Some(Noted::of(event, 0).to_string());
            return self.fail(ReplayError::Diverged(Diverged { events, expected, got }));
        };
        state.steps += 1;
        if let Some(told) = state.told.get_mut(index) {
            *told = true;
        }
        state.skip_told(self.score());
        if let Some(next) = self.score().events.get(state.next) {
            self.0.time.show(next.at_ns);
            if next.event == "node_trace_cancelled" {
                // It may have been let finish until now.
                std::mem::take(&mut state.waiting).into_values().for_each(Waker::wake);
            }
        }
        if let Some(act) = self.score().act_of.get(&index) {
            state.do_act(*act, self.score());
        }
        state.wake(self.score());
        self.0.asked.notify_one();
    }
}

/// Whether somebody outside asks so, or the clock does.
fn is_from_outside(halt: Halt) -> bool {
    matches!(halt, Halt::Cancelled | Halt::Expired)
}

/// Whether an event of this name tells that an attempt is gone that nobody needs.
fn is_dropped(event: &str) -> bool {
    matches!(event, "node_cancelled" | "node_trace_cancelled")
}

fn key(at: &At) -> Key {
    (at.place.to_string(), at.attempt)
}
