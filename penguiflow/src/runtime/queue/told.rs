//! What observers are told of a message in a queue. Not generic, so that no node compiles it again.

use crate::event::EventKind;
use crate::graph::context::Site;
use tokio::time::Instant;

/// The node behind a queue, as it is told.
#[derive(Clone, Copy)]
pub(super) struct Behind {
    pub(super) node: &'static str,
    pub(super) place: u32,
    pub(super) capacity: usize,
}

impl Behind {
    /// A message has come into the queue.
    pub(super) fn entered(self, site: Site<'_>, depth: impl FnOnce() -> usize) {
        let Behind { node, place, capacity } = self;
        site.tell((node, Some(place), 0), || EventKind::QueueEnter { depth: depth(), capacity });
    }

    /// A worker has taken it.
    pub(super) fn taken(self, site: Site<'_>, since: Instant, depth: impl FnOnce() -> usize) {
        let Behind { node, place, capacity } = self;
        let latency = || site.seam().now().saturating_duration_since(since);
        site.tell((node, Some(place), 0), || EventKind::QueueWait { latency: latency(), depth: depth(), capacity });
    }

    /// Its trace has taken it back.
    pub(super) fn left(self, site: Site<'_>) {
        site.tell((self.node, Some(self.place), 0), || match site.scope.halt() {
            Some(halt) => site.scope.ended(halt, None),
            None => EventKind::TraceCancelDrop { why: "NOT_NEEDED" },
        });
    }
}
