//! What observers are told of a step whose trace has to end.

use crate::event::EventKind;
use crate::graph::scope::{Halt, Scope};
use std::time::Duration;

impl Scope {
    /// How a step that ends because of `halt` is told; `ran` is how long its attempt has taken, if one was running.
    pub(crate) fn ended(&self, halt: Halt, ran: Option<Duration>) -> EventKind {
        let why = halt.code();
        match (ran, halt, self.deadline) {
            (Some(latency), _, _) => EventKind::NodeTraceCancelled { latency, why },
            (None, Halt::Expired, Some(deadline)) => {
                EventKind::DeadlineSkip { deadline: deadline.saturating_duration_since(self.started) }
            }
            (None, _, _) => EventKind::TraceCancelDrop { why },
        }
    }
}
