//! Where a watched hop stands while it is not ready. Knows no node.

use crate::event::EventKind;
use crate::graph::scope::Scope;
use crate::graph::watch::At;
use std::sync::Arc;
use tokio::time::Instant;

/// What a watched hop is at. It tells when it is dropped there, so that each attempt that began has an end.
pub(super) struct Stands {
    scope: Arc<Scope>,
    at: At,
    since: Instant,
    does: Does,
    armed: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Does {
    /// It waits for its turn, or for the next attempt.
    Wait,
    Run,
}

impl Stands {
    pub(super) fn new(scope: Arc<Scope>, at: At, since: Instant, does: Does) -> Self {
        Stands { scope, at, since, does, armed: true }
    }

    /// It goes on from there; gives since when it stood there.
    pub(super) fn leave(mut self) -> Instant {
        self.armed = false;
        self.since
    }
}

impl Drop for Stands {
    fn drop(&mut self) {
        let Stands { scope, at, since, does, armed } = self;
        let Some(watch) = scope.tap().filter(|_| *armed && !scope.has_unwound(at)) else { return };
        let latency = watch.since(*since);
        let kind = match (scope.halt(), *does) {
            (Some(halt), does) => scope.ended(halt, (does == Does::Run).then_some(latency)),
            (None, Does::Run) => EventKind::NodeCancelled { latency },
            (None, Does::Wait) => EventKind::TraceCancelDrop { why: "NOT_NEEDED" },
        };
        watch.tell(at.clone(), kind);
    }
}
