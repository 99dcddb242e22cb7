//! Hears how traces begin and end, while the flows run. Judges when they are silent.

use super::flows::BATCHED;
use super::senders::Seen;
use penguiflow::{EventKind, FlowEvent, Observer, TraceId};
use std::collections::HashMap;
use std::sync::Mutex;

/// How many of a kind are told.
const FAULTS_MAX: usize = 4;
/// Of so many traces one may begin an attempt behind its ending: another thread was in the middle of that when it was told to stop.
const LATE_MIN: usize = 100;

/// Hears one flow.
#[derive(Debug, Default)]
pub(super) struct Ears(Mutex<Heard>);

/// What was heard.
#[derive(Debug, Default)]
struct Heard {
    traces: HashMap<TraceId, Heed>,
    endings: Seen,
    /// Attempts that began behind the ending of their trace.
    late: usize,
    faults: Vec<String>,
}

/// One trace, or one batch, which serves several and neither begins nor ends for those who listen.
#[derive(Debug, Default)]
struct Heed {
    batch: bool,
    ended: bool,
    /// Attempts that have not ended. One in a task of its own may do so a moment after its trace.
    attempts: i64,
}

impl Observer for Ears {
    fn on_event(&self, event: &FlowEvent) {
        let mut heard = self.0.lock().expect("nobody panics inside");
        let Heard { traces, endings, late, faults } = &mut *heard;
        let id = event.trace_id;
        if let EventKind::Emit { .. } = event.kind {
            if traces.insert(id, Heed::default()).is_some() {
                faults.push(format!("{id} begins twice"));
            }
            return;
        }
        if event.node == BATCHED {
            traces.entry(id).or_insert(Heed { batch: true, ..Heed::default() });
        }
        let Some(heed) = traces.get_mut(&id) else {
            faults.push(format!("{id} has not begun, and yet: {:?}", event.kind));
            return;
        };
        match &event.kind {
            EventKind::Ending { code, .. } => {
                endings.count(code);
                if std::mem::replace(&mut heed.ended, true) {
                    faults.push(format!("{id} ends twice"));
                }
            }
            EventKind::NodeStart => {
                heed.attempts += 1;
                *late += usize::from(heed.ended);
            }
            _ if event.ends_attempt() => heed.attempts -= 1,
            _ => {}
        }
    }
}

impl Ears {
    /// What was wrong, where `counted` is what the flow itself has counted.
    pub(super) fn judge(&self, counted: Seen) -> Vec<String> {
        let mut heard = self.0.lock().expect("nobody panics inside");
        let mut faults = std::mem::take(&mut heard.faults);
        faults.truncate(FAULTS_MAX);
        let open = heard.traces.iter().filter(|(_, heed)| heed.ended == heed.batch || heed.attempts != 0);
        faults.extend(open.map(|(id, heed)| format!("{id} does not end as it began: {heed:?}")).take(FAULTS_MAX));
        if heard.late > heard.traces.len() / LATE_MIN {
            faults.push(format!("{} attempts of {} traces began behind the ending", heard.late, heard.traces.len()));
        }
        if heard.endings != counted {
            faults.push(format!("told {:?}, counted {counted:?}", heard.endings));
        }
        faults
    }
}
