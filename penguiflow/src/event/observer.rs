//! Who listens to a flow. Knows no flow.

use crate::event::FlowEvent;
use std::sync::Arc;

/// Listens to what happens in started flows.
///
/// | added by | runs | when it is slow | when it panics |
/// |---|---|---|---|
/// | [`observe`](crate::Handle::observe) | on a thread of its own, behind a bounded queue | events are lost, and counted | counted |
/// | [`observe_in_line`](crate::Handle::observe_in_line) | in the task of the trace, before that goes on | the trace waits for it | counted |
///
/// So what writes to a disk or a network is added by `observe`, and what only counts in memory, or has to see everything in
/// its order, in line.
///
/// A trace is observed from its beginning or not at all: who is added while a trace runs hears of the next one. Who is removed
/// hears nothing any more at once.
///
/// # Why there is no middleware
/// An observer sees and cannot touch. What changes a message belongs into the flow, where its types are checked and where it is
/// drawn: who may ask is a router before the first node, what must not travel is a node that takes it out, a node's rules are
/// [`Validate`](crate::Validate). A layer around each hop would have to take all messages as one type, and so could do none of
/// that safely.
pub trait Observer: Send + Sync + 'static {
    /// Hears of one event. It is called again whatever it does.
    fn on_event(&self, event: &FlowEvent);
}

impl<O: Observer + ?Sized> Observer for Arc<O> {
    fn on_event(&self, event: &FlowEvent) {
        (**self).on_event(event);
    }
}
