//! What must hold of a trace as a whole: its one ending, when it comes, what was spent, what was streamed, what is left.

use crate::event::{EventKind, FlowEvent};
use crate::message::Cost;
use crate::policy::Policy;
use crate::stream::StreamId;
use crate::testkit::simulate::breach::Breach;
use crate::testkit::simulate::check::rule;
use crate::testkit::simulate::drive::{History, number};
use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

/// Timers are as fine as this.
const TICK: Duration = Duration::from_millis(1);

/// The events of each trace that was let in, in their order.
fn by_trace(history: &History) -> BTreeMap<u64, Vec<&FlowEvent>> {
    let emitted = |event: &&FlowEvent| matches!(event.kind, EventKind::Emit { .. });
    let mut traces: BTreeMap<u64, Vec<&FlowEvent>> =
        history.events.iter().filter(emitted).map(|event| (number(event.trace_id), Vec::new())).collect();
    for event in &history.events {
        if let Some(events) = traces.get_mut(&number(event.trace_id)) {
            events.push(event);
        }
    }
    traces
}

/// Each trace that was let in ends once, with what its holder is told, and nothing begins behind that.
pub(super) fn come_to_an_end(history: &History) -> Result<(), Breach> {
    for (trace, end) in history.ends.iter().enumerate() {
        rule("every trace ends", !end.never, || format!("trace {trace} waits for what never comes"))?;
    }
    let traces = by_trace(history);
    rule("every trace is told", history.left.admitted == traces.len() as u64, || {
        format!("{} were let in, {} were told", history.left.admitted, traces.len())
    })?;
    for (trace, events) in &traces {
        let emits = events.iter().filter(|event| matches!(event.kind, EventKind::Emit { .. })).count();
        let first = matches!(events[0].kind, EventKind::Emit { .. });
        rule("one beginning", emits == 1 && first, || format!("trace {trace} began {emits} times, or late"))?;
        let endings: Vec<usize> = (0..events.len()).filter(|at| ending(events[*at]).is_some()).collect();
        rule("one ending", endings.len() == 1, || format!("trace {trace} ended {} times", endings.len()))?;
        let begun = events[endings[0]..].iter().find(|event| matches!(event.kind, EventKind::NodeStart));
        rule("nothing begins behind the ending", begun.is_none(), || format!("trace {trace}: {begun:?}"))?;
        let told = ending(events[endings[0]]);
        let given = history.ends.get(*trace as usize).and_then(|end| end.code);
        rule("the ending that is told is given", given.is_none() || given == told, || {
            format!("trace {trace} is told as {told:?} and given as {given:?}")
        })?;
    }
    Ok(())
}

fn ending(event: &FlowEvent) -> Option<&'static str> {
    match event.kind {
        EventKind::Ending { code, .. } => Some(code),
        _ => None,
    }
}

/// The longest that an attempt may go on behind a cancel.
fn grace(history: &History) -> Duration {
    history.policies.values().flatten().filter_map(Policy::grace).max().unwrap_or_default()
}

/// A trace ends at its deadline and when it is cancelled, and runs no further node then.
pub(super) fn end_in_time(history: &History) -> Result<(), Breach> {
    let grace = grace(history);
    for (trace, events) in by_trace(history) {
        let mut cancelled = None;
        for event in events {
            match &event.kind {
                EventKind::Emit { deadline: Some(limit), .. } => {
                    let ending = history.events.iter().find(|other| {
                        other.trace_id == event.trace_id && matches!(other.kind, EventKind::Ending { .. })
                    });
                    let Some(EventKind::Ending { code, latency, .. }) = ending.map(|event| &event.kind) else {
                        continue;
                    };
                    rule("a deadline ends its trace", *latency <= *limit + grace + TICK, || {
                        format!("trace {trace} had {limit:?} and took {latency:?}")
                    })?;
                    let early = *code == "DEADLINE_EXCEEDED" && *latency < *limit;
                    rule("no deadline comes early", !early, || {
                        format!("trace {trace} had {limit:?}, not {latency:?}")
                    })?;
                }
                EventKind::TraceCancelStart => cancelled = Some(event.at),
                EventKind::NodeStart => rule("a cancelled trace runs no node", cancelled.is_none(), || {
                    format!("trace {trace} runs `{}` at {}", event.node, event.place)
                })?,
                EventKind::Ending { .. } => {
                    let took = cancelled.and_then(|since| event.at.duration_since(since).ok()).unwrap_or_default();
                    rule("a cancel ends its trace", took <= grace + TICK, || {
                        format!("trace {trace} went on for {took:?}")
                    })?;
                }
                _ => {}
            }
        }
    }
    Ok(())
}

/// What was reserved is settled or in doubt, what is told as spent is just that, and no more nodes run than hops allow.
pub(super) fn keep_their_budget(history: &History) -> Result<(), Breach> {
    for (trace, events) in by_trace(history) {
        let (mut reserved, mut returned, mut charged) = (0_i128, 0_i128, 0_i128);
        let (mut spent, mut runs) = (None, 0_u64);
        for event in events {
            match &event.kind {
                EventKind::BudgetReserved { cost } => reserved += sum(*cost),
                EventKind::BudgetSettled { reserved, actual } => {
                    returned += sum(*reserved);
                    charged += sum(*actual);
                }
                EventKind::BudgetInDoubt { cost } => {
                    returned += sum(*cost);
                    charged += sum(*cost);
                }
                EventKind::NodeStart if event.attempt == 1 => runs += 1,
                EventKind::Ending { spent: Some(cost), .. } => spent = Some(sum(*cost)),
                _ => {}
            }
        }
        rule("what is reserved is settled", reserved == returned, || {
            format!("trace {trace}: {reserved} and {returned}")
        })?;
        rule("what is told as spent was spent", spent.is_none_or(|spent| spent == charged), || {
            format!("trace {trace} was charged {charged} and is told to have spent {spent:?}")
        })?;
        let hops = history.hops.get(trace as usize).copied().flatten();
        rule("no more nodes than hops", hops.is_none_or(|hops| runs <= hops), || {
            format!("trace {trace} ran {runs} nodes with {hops:?} hops")
        })?;
    }
    Ok(())
}

/// One number, so that tokens and money need no rule each.
fn sum(cost: Cost) -> i128 {
    i128::from(cost.tokens) * 1_000_003 + i128::from(cost.usd.picos())
}

/// Chunks arrive without a gap, and each stream ends once.
pub(super) fn have_whole_streams(history: &History) -> Result<(), Breach> {
    for (trace, end) in history.ends.iter().enumerate() {
        let Some(chunks) = &end.chunks else { continue };
        let mut next: HashMap<&StreamId, Option<u64>> = HashMap::new();
        for chunk in chunks {
            let due = next.entry(&chunk.stream).or_insert(Some(0));
            rule("a stream has no gap and one end", *due == Some(chunk.seq), || {
                format!("trace {trace}: chunk {} of {:?} where {due:?} is due", chunk.seq, chunk.stream)
            })?;
            *due = (!chunk.done).then_some(chunk.seq + 1);
        }
        let open = next.iter().find(|(_, due)| due.is_some());
        rule("a stream that was begun has an end", open.is_none(), || format!("trace {trace}: {open:?}"))?;
    }
    Ok(())
}

/// Nothing is left: no place taken, no message queued, no task.
pub(super) fn leave_nothing(history: &History) -> Result<(), Breach> {
    let left = &history.left;
    let nothing = left.in_flight == 0 && left.running == 0 && left.queued == 0 && left.tasks == 0;
    rule("nothing is left", nothing, || format!("{left:?}"))
}
