//! A recording, laid out for being played: what may happen only in its turn, and what belongs to which attempt. Plays nothing.

use crate::event::FlowEvent;
use crate::graph::scope::Halt;
use crate::telemetry::recording::written::{Failed, Noted, Recording};
use serde_json::Value;
use std::collections::HashMap;
use std::time::Duration;

/// What is to be played.
pub(super) struct Score {
    pub(super) events: Vec<Noted>,
    /// What each event has to say again; nothing for one that a replay need not repeat.
    pub(super) lines: Vec<Option<String>>,
    /// What happens in its turn alone.
    pub(super) acts: Vec<Act>,
    /// The act that each of these events ends.
    pub(super) act_of: HashMap<usize, usize>,
    pub(super) attempts: HashMap<Key, Attempt>,
}

/// A place and an attempt.
pub(super) type Key = (String, u32);

/// What a replay brings about.
#[derive(Clone, Copy)]
pub(super) enum Act {
    /// What an attempt does: it begins, writes, reserves or ends. The event that tells it.
    Does(usize),
    /// The trace is asked to end, where the event shows it first.
    Asks(Halt, usize),
}

/// What one attempt does.
#[derive(Default)]
pub(super) struct Attempt {
    /// The act by which it begins.
    pub(super) begins: Option<usize>,
    /// What it does before its end.
    pub(super) does: Vec<usize>,
    /// The events that tell what is dropped with it, behind its end.
    pub(super) drops: Vec<usize>,
    /// Its end, where it ended by itself.
    pub(super) ends: Option<usize>,
    /// The event of its end, where it ended because its trace had to.
    pub(super) halted: Option<usize>,
    /// How long it has waited behind the attempt before it.
    pub(super) wait: Option<Duration>,
}

impl Score {
    pub(super) fn of(recording: &Recording) -> Self {
        let events = recording.events.clone();
        let lines = events.iter().map(line).collect();
        let (acts, act_of) = (Vec::with_capacity(events.len()), HashMap::new());
        let mut score = Score { events: Vec::new(), lines, acts, act_of, attempts: HashMap::new() };
        let mut asked = false;
        for (index, event) in events.iter().enumerate() {
            if let Some(halt) = asks(event).filter(|_| !asked) {
                asked = true;
                score.acts.push(Act::Asks(halt, index));
            }
            score.add(index, event);
        }
        score.events = events;
        score
    }

    fn add(&mut self, index: usize, event: &Noted) {
        let (act, attempt) = (self.acts.len(), self.attempts.entry((event.place.clone(), event.attempt)).or_default());
        match &*event.event {
            "node_start" => attempt.begins = Some(act),
            "model_call" if attempt.halted.is_some() => {
                attempt.drops.push(index);
                return;
            }
            // Told behind its attempt's end, by a task that the node has left behind: that is not played.
            "model_call" if attempt.ends.is_some() => {
                if let Some(line) = self.lines.get_mut(index) {
                    *line = None;
                }
                return;
            }
            "chunk" | "budget_reserved" | "budget_settled" | "budget_in_doubt" | "model_call" => attempt.does.push(act),
            "node_success" | "node_error" | "node_timeout" => attempt.ends = Some(act),
            "node_failed" if panicked(event).is_some() => attempt.ends = Some(act),
            "node_trace_cancelled" => {
                attempt.halted = Some(index);
                return;
            }
            "node_retry" => {
                let wait = event.details.get("sleep_s").and_then(Value::as_f64).unwrap_or_default();
                attempt.wait = Duration::try_from_secs_f64(wait).ok();
                return;
            }
            _ => return,
        }
        self.acts.push(Act::Does(index));
        self.act_of.insert(index, act);
    }

    /// The event of an act of an attempt.
    pub(super) fn event(&self, act: usize) -> Option<&Noted> {
        match self.acts.get(act)? {
            Act::Does(event) => self.events.get(*event),
            Act::Asks(..) => None,
        }
    }

    /// The nodes that ran, each once.
    pub(super) fn runs(&self) -> Vec<String> {
        let mut runs: Vec<String> = Vec::new();
        for event in self.events.iter().filter(|event| event.event == "node_start") {
            if !runs.contains(&event.node) {
                runs.push(event.node.clone());
            }
        }
        runs
    }

    /// The first run of a node, or the run at a place, by either's name.
    pub(super) fn run(&self, at: &str) -> Option<Key> {
        let starts = self.events.iter().filter(|event| event.event == "node_start");
        let mut fits = starts.filter(|event| event.place == at || event.node == at);
        fits.next().map(|event| (event.place.clone(), event.attempt))
    }
}

/// The text of an attempt that panicked.
pub(super) fn panicked(event: &Noted) -> Option<&str> {
    let Failed { code, message, .. } = event.error.as_ref()?;
    let is_end = event.event == "node_failed" && event.attempt > 0 && code == "NODE_PANIC";
    is_end.then(|| message.strip_prefix("panicked: ").unwrap_or(message))
}

/// Why the trace has to end, if an event shows that it had.
fn asks(event: &Noted) -> Option<Halt> {
    let code = match &*event.event {
        "trace_cancel_start" => return Some(Halt::Cancelled),
        "deadline_skip" => return Some(Halt::Expired),
        "node_trace_cancelled" | "trace_cancel_drop" => event.details.get("reason")?.as_str()?,
        "ending" => event.details.get("code")?.as_str()?,
        _ => return None,
    };
    halt(code)
}

/// What a trace was asked that ended so.
pub(super) fn halt(code: &str) -> Option<Halt> {
    use Halt::{Cancelled, Expired, OutOfHops, OutOfMoney, OutOfTokens};
    [Cancelled, Expired, OutOfHops, OutOfTokens, OutOfMoney].into_iter().find(|halt| halt.code() == code)
}

/// What an event has to say again. Nothing for the waits of a trace: those are of others that ran beside it.
fn line(event: &Noted) -> Option<String> {
    let Noted { event: name, node, place, attempt, details, error, .. } = event;
    match &**name {
        "permit_enter" | "permit_wait" | "queue_enter" | "queue_wait" | "trace_cancel_drop" | "deadline_skip" => None,
        _ => {
            let error = error.as_ref().map(|Failed { code, message, .. }| format!("{code}: {message}"));
            Some(format!("{name} {node} {place} {attempt} {details} {}", error.unwrap_or_default()))
        }
    }
}

/// The same of an event that is told now.
pub(super) fn line_of(event: &FlowEvent) -> Option<String> {
    line(&Noted::of(event, 0))
}
