//! Keeps what is told of a flow, in its order.

use crate::event::{EventKind, FlowEvent, Observer};
use crate::id::TraceId;
use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Keeps all that it hears; clones share it.
#[derive(Debug, Clone, Default)]
pub(super) struct Recorder(Arc<Mutex<Vec<FlowEvent>>>);

impl Recorder {
    /// What was told of one trace, and of the batches that ran meanwhile, which have ids of their own.
    pub(super) fn of(&self, trace_id: TraceId) -> Vec<FlowEvent> {
        let all = self.events();
        let emitted = |event: &&FlowEvent| matches!(event.kind, EventKind::Emit { .. });
        let traces: HashSet<TraceId> = all.iter().filter(emitted).map(|event| event.trace_id).collect();
        let own = |event: &&FlowEvent| event.trace_id == trace_id || !traces.contains(&event.trace_id);
        all.iter().filter(own).cloned().collect()
    }

    pub(super) fn events(&self) -> MutexGuard<'_, Vec<FlowEvent>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Observer for Recorder {
    fn on_event(&self, event: &FlowEvent) {
        self.events().push(event.clone());
    }
}
