//! What observers are told: which events there are, when they come, what stands in them, and that nobody who listens can harm
//! a flow.

mod ends;
mod hops;
mod observers;
mod spans;
mod wires;

use penguiflow::{FlowEvent, Observer};
use std::sync::{Arc, Mutex};

/// Keeps all that it hears.
#[derive(Clone, Default)]
pub(super) struct Heard(Arc<Mutex<Vec<FlowEvent>>>);

impl Observer for Heard {
    fn on_event(&self, event: &FlowEvent) {
        self.0.lock().expect("no test panics inside").push(event.clone());
    }
}

impl Heard {
    pub(super) fn events(&self) -> Vec<FlowEvent> {
        self.0.lock().expect("no test panics inside").clone()
    }

    /// The name of each event and where it happened, `node_start a` and from the second attempt on `node_start a~2`.
    pub(super) fn told(&self) -> Vec<String> {
        let told = |event: &FlowEvent| match (event.node, event.attempt) {
            ("", _) => event.name().to_owned(),
            (node, 0 | 1) => format!("{} {node}", event.name()),
            (node, attempt) => format!("{} {node}~{attempt}", event.name()),
        };
        self.events().iter().map(told).collect()
    }

    /// Those of one name.
    pub(super) fn of(&self, name: &str) -> Vec<FlowEvent> {
        self.events().into_iter().filter(|event| event.name() == name).collect()
    }

    /// Forgets all.
    pub(super) fn clear(&self) {
        self.0.lock().expect("no test panics inside").clear();
    }

    /// Whether each attempt that began has come to one end, and each trace to one ending.
    #[track_caller]
    pub(super) fn is_balanced(&self) {
        let events = self.events();
        let count = |names: &[&str]| events.iter().filter(|event| names.contains(&event.name())).count();
        let ended = events.iter().filter(|event| event.ends_attempt()).count();
        assert_eq!(count(&["node_start"]), ended, "{:?}", self.told());
        assert_eq!(count(&["emit"]), count(&["ending"]), "{:?}", self.told());
    }
}
