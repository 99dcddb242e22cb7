//! One piece of work that travels: its input on the way there, its answer on the way back. Shared by who asked for it and
//! who does it; either may be gone at any moment. Knows nothing about the work.

use crate::sync::{Mutex, MutexGuard, lock};
use std::task::{Context, Poll, Waker};

/// A piece of work between the one who asked and the one who works.
pub(crate) struct Slot<I, O> {
    state: Mutex<State<I, O>>,
}

struct State<I, O> {
    stage: Stage<I, O>,
    asker: Option<Waker>,
    worker: Option<Waker>,
}

enum Stage<I, O> {
    Waiting(I),
    Running,
    Answered(O),
    /// The answer was taken, or nobody waits for one any more.
    Over,
}

impl<I, O> Slot<I, O> {
    pub(crate) fn new(input: I) -> Self {
        Slot { state: Mutex::new(State { stage: Stage::Waiting(input), asker: None, worker: None }) }
    }

    // === who asked ===

    /// Waits for the answer.
    pub(crate) fn poll_answer(&self, task: &mut Context<'_>) -> Poll<O> {
        let mut state = self.state();
        if let Stage::Answered(_) = state.stage
            && let Stage::Answered(answer) = std::mem::replace(&mut state.stage, Stage::Over)
        {
            return Poll::Ready(answer);
        }
        let before = match &mut state.asker {
            Some(asker) if asker.will_wake(task.waker()) => None,
            asker => asker.replace(task.waker().clone()),
        };
        drop(state);
        drop(before);
        Poll::Pending
    }

    /// Takes the work back, unless somebody is at it or has answered.
    pub(crate) fn take_back(&self) -> Option<I> {
        let mut state = self.state();
        match std::mem::replace(&mut state.stage, Stage::Over) {
            Stage::Waiting(input) => Some(input),
            stage => {
                state.stage = stage;
                None
            }
        }
    }

    /// Lets the one who works look up.
    pub(crate) fn nudge(&self) {
        let worker = self.state().worker.take();
        if let Some(worker) = worker {
            worker.wake();
        }
    }

    /// Nobody waits for the answer any more. Whoever works on it is told. True if nobody did yet.
    pub(crate) fn abandon(&self) -> bool {
        let mut state = self.state();
        let stage = std::mem::replace(&mut state.stage, Stage::Over);
        let worker = state.worker.take();
        drop(state);
        if let Some(worker) = worker {
            worker.wake();
        }
        matches!(stage, Stage::Waiting(_))
    }

    // === who works ===

    /// Takes the input, unless nobody waits for the answer any more.
    pub(crate) fn begin(&self) -> Option<I> {
        let mut state = self.state();
        match std::mem::replace(&mut state.stage, Stage::Over) {
            Stage::Waiting(input) => {
                state.stage = Stage::Running;
                Some(input)
            }
            stage => {
                state.stage = stage;
                None
            }
        }
    }

    /// Whether nobody waits for the answer any more. Otherwise the task is woken when that changes, and when it is nudged.
    pub(crate) fn poll_over(&self, task: &mut Context<'_>) -> bool {
        let mut state = self.state();
        if let Stage::Over = state.stage {
            return true;
        }
        let before = match &mut state.worker {
            Some(worker) if worker.will_wake(task.waker()) => None,
            worker => worker.replace(task.waker().clone()),
        };
        drop(state);
        drop(before);
        false
    }

    /// Answers, unless there is an answer, or nobody waits for one.
    pub(crate) fn answer(&self, answer: O) {
        let mut state = self.state();
        if let Stage::Answered(_) | Stage::Over = state.stage {
            drop(state);
            return;
        }
        let before = std::mem::replace(&mut state.stage, Stage::Answered(answer));
        let asker = state.asker.take();
        drop(state);
        drop(before);
        if let Some(asker) = asker {
            asker.wake();
        }
    }

    fn state(&self) -> MutexGuard<'_, State<I, O>> {
        lock(&self.state)
    }
}
