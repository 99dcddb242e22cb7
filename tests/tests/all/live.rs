//! How a started flow looks while it runs and afterwards: every figure as the events say, nothing left behind, as a value, as
//! JSON and as a drawing.

mod figures;
mod shows;

use penguiflow::{Live, LiveStep, LiveTopology};

/// The one step of that name.
#[track_caller]
fn step<'a>(now: &'a LiveTopology, name: &'a str) -> &'a LiveStep {
    let mut named = now.named(name);
    let step = named.next().unwrap_or_else(|| panic!("there is no step {name}"));
    assert!(named.next().is_none(), "{name} is there twice");
    step
}

/// That nothing runs or waits, and that each attempt has come to one end.
#[track_caller]
pub(crate) fn is_at_rest(live: &Live) {
    let now = live.snapshot();
    assert_eq!((now.traces.in_flight, now.panics, now.uncounted_waits), (0, 0, 0), "{now:#?}");
    assert_eq!(now.traces.started, now.traces.ended.values().sum::<u64>(), "{now:#?}");
    for step in &now.steps {
        assert_eq!((step.in_flight, step.waiting), (0, 0), "{step:#?}");
        if step.attempts > 0 {
            let ended = step.completed + step.errors + step.timeouts + step.panics + step.cancelled;
            assert_eq!(step.attempts, ended, "{step:#?}");
        }
    }
}
