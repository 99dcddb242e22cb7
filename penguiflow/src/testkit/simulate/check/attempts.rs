//! What must hold of attempts: each ends once, and there are as many, as long and as many at once as its node's policy says.

use crate::event::{EventKind, FlowEvent};
use crate::testkit::record::run;
use crate::testkit::simulate::breach::Breach;
use crate::testkit::simulate::check::rule;
use crate::testkit::simulate::drive::{History, number};
use crate::testkit::simulate::plan::{About, ActEnd};
use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, SystemTime};

const TICK: Duration = Duration::from_millis(1);

/// One attempt: the trace, the place, the node, the attempt.
type Attempt<'e> = (u128, String, &'e str, u32);

fn attempt(event: &FlowEvent) -> Attempt<'_> {
    (event.trace_id.as_u128(), event.place.to_string(), event.node, event.attempt)
}

/// Each attempt begins once and ends once, behind its beginning.
pub(super) fn are_paired(history: &History) -> Result<(), Breach> {
    let mut seen: HashMap<Attempt<'_>, bool> = HashMap::new();
    for event in &history.events {
        let trace = number(event.trace_id);
        if let EventKind::NodeStart = event.kind {
            let again = seen.insert(attempt(event), false).is_some();
            rule("no attempt begins twice", !again, || format!("trace {trace}: {} began again", run(event)))?;
        } else if event.ends_attempt() {
            let ended = seen.get_mut(&attempt(event)).map(|ended| std::mem::replace(ended, true));
            rule("an attempt ends once", ended == Some(false), || {
                format!("trace {trace}: {} ended ({}) where it had {ended:?}", run(event), event.name())
            })?;
        }
    }
    let open = seen.iter().find(|(_, ended)| !**ended);
    rule("an attempt that begins ends", open.is_none(), || format!("{open:?}"))
}

/// What is remembered of the runs of one node at one place for one trace.
#[derive(Default)]
struct Tries {
    latest: u32,
    /// The attempt that was promised, and when it may begin.
    next: Option<(u32, SystemTime)>,
    /// Whether the latest one failed in a way that another attempt may help.
    may_help: Option<bool>,
}

/// Attempts are as many, as long and as many at once as the policy says.
pub(super) fn keep_their_policy(history: &History) -> Result<(), Breach> {
    let mut tries: HashMap<(u128, String), Tries> = HashMap::new();
    let mut running: BTreeMap<&str, i64> = BTreeMap::new();
    for event in &history.events {
        let Some(policy) = history.policy(event) else { continue };
        let tried = tries.entry((event.trace_id.as_u128(), event.place.to_string())).or_default();
        let said = || format!("trace {}: {}", number(event.trace_id), run(event));
        match &event.kind {
            EventKind::NodeStart => {
                rule("no more attempts than allowed", event.attempt <= policy.attempts(), said)?;
                rule("attempts are numbered", event.attempt == tried.latest + 1, said)?;
                if event.attempt > 1 {
                    let promised = tried.next.filter(|(next, _)| *next == event.attempt);
                    rule("an attempt follows its wait", promised.is_some_and(|(_, from)| event.at >= from), said)?;
                }
                (tried.latest, tried.may_help) = (event.attempt, None);
                let count = running.entry(event.node).or_default();
                *count += 1;
                let most = policy.concurrency.map(i64::from);
                rule("no more at once than allowed", most.is_none_or(|most| *count <= most), || {
                    format!("{} runs as one of {count}", said())
                })?;
            }
            EventKind::NodeRetry { wait, .. } => {
                let helps = tried.may_help != Some(false);
                rule("what is fatal is not tried again", helps, said)?;
                tried.next = Some((event.attempt, event.at + *wait));
            }
            EventKind::NodeFailed { latency: Some(_), .. } => {
                let gave_up = tried.may_help == Some(true) && event.attempt < policy.attempts();
                rule("no attempt is left out", !gave_up, || format!("{} was the last", said()))?;
            }
            kind if event.ends_attempt() => {
                *running.entry(event.node).or_default() -= 1;
                tried.may_help = helps(history, event);
                let took = event.latency().filter(|_| !is_halted(kind));
                let late = took.zip(policy.timeout).is_some_and(|(took, limit)| took > limit + TICK);
                rule("an attempt ends with its timeout", !late, || format!("{} took {took:?}", said()))?;
            }
            _ => {}
        }
    }
    Ok(())
}

fn is_halted(kind: &EventKind) -> bool {
    matches!(kind, EventKind::NodeTraceCancelled { .. } | EventKind::NodeCancelled { .. })
}

/// Whether another attempt may help, where that is known: of what was simulated, and of a timeout.
fn helps(history: &History, event: &FlowEvent) -> Option<bool> {
    match &event.kind {
        EventKind::NodeTimeout { .. } => Some(true),
        EventKind::NodeError { error, .. } if error.message.contains("[SIMULATED]") => {
            let about = About::Attempt(number(event.trace_id), event.place.to_string(), event.node, event.attempt);
            history.acts.get(&about).map(|act| act.end == ActEnd::Fails)
        }
        _ => None,
    }
}
