//! Proves while a flow compiles that its longest run meets its deadline, or says why not. Pure.

use super::path::Legs;
use super::worst::{FOREVER, free};
use crate::graph::phrase::Words;
use crate::graph::topology::{FlowInfo, StepInfo, StepKind};
use crate::policy::Effect;

/// So many nodes without a timeout are told by name.
const NAMED_MAX: usize = 3;

/// Ends the compilation if the longest run of `flow` misses its deadline. Called in constants only.
#[track_caller]
pub const fn prove(flow: &FlowInfo) {
    let Some(deadline) = flow.deadline else { return };
    let time = free(flow).time;
    if time == FOREVER {
        tell(&words_of_untimed(flow));
    }
    if time > deadline.as_nanos() {
        tell(&words_of_late(flow, time, deadline.as_nanos()));
    }
}

/// Whether nothing bounds an attempt of the step's node.
pub(super) const fn is_untimed(step: &StepInfo) -> bool {
    match step.policy {
        Some(policy) => step.flow.is_none() && step.waits && policy.timeout.is_none(),
        None => false,
    }
}

/// Evaluated while a flow compiles, where a failed assertion is the compiler's error.
#[track_caller]
const fn tell(words: &Words) {
    assert!(words.is_empty(), "{}", words.text());
}

const fn words_of_late(flow: &FlowInfo, time: u128, deadline: u128) -> Words {
    let mut words = Words::new().and("`").and(flow.name).and("` can take ").and_nanos(time);
    words = words.and(", but its deadline is ").and_nanos(deadline).and(": ");
    let mut from = 0;
    loop {
        let window = Legs::of(flow, from);
        let mut at = 0;
        while at < Legs::WINDOW
            && let Some(leg) = window.legs[at]
        {
            let between = if from + at == 0 { "" } else { " -> " };
            match words.and_words(between, &leg.words()) {
                Some(longer) => words = longer,
                None => return words.and_more(),
            }
            at += 1;
        }
        from += Legs::WINDOW;
        if from >= window.count {
            return words;
        }
    }
}

const fn words_of_untimed(flow: &FlowInfo) -> Words {
    let mut found = Found { names: [""; NAMED_MAX], count: 0, first: None };
    found.look_into(flow);
    let mut words = Words::new();
    let mut at = 0;
    while at < found.count && at < NAMED_MAX {
        let between = match (at, at + 1 == found.count) {
            (0, _) => "",
            (_, true) => " and ",
            (_, false) => ", ",
        };
        words = words.and(between).and("`").and(found.names[at]).and("`");
        at += 1;
    }
    if found.count > NAMED_MAX {
        words = words.and(" and ").and_number((found.count - NAMED_MAX) as u128).and(" more");
    }
    words = words.and(if found.count == 1 { " has" } else { " have" });
    words = words.and(" no timeout, so nothing bounds how long `").and(flow.name).and("` takes: ");
    match found.first {
        Some(step) => words.and(remedy(step)),
        None => words,
    }
}

const fn remedy(step: &StepInfo) -> &'static str {
    match (step.policy, step.kind) {
        (Some(policy), _) if matches!(policy.effect, Effect::Irreversible) => {
            "an irreversible node has none, so put it into a flow of its own with `budget { deadline: \"30s\" }`"
        }
        (_, StepKind::Router) => "write `#[router(timeout = \"5s\")]`",
        _ if step.turns.is_some() => "write `#[controller(timeout = \"5s\")]`",
        _ => "write `#[node(timeout = \"5s\")]`",
    }
}

/// The nodes without a timeout, each name once.
struct Found<'f> {
    names: [&'static str; NAMED_MAX],
    count: usize,
    first: Option<&'f StepInfo>,
}

impl<'f> Found<'f> {
    const fn look_into(&mut self, flow: &'f FlowInfo) {
        let mut at = 0;
        while at < flow.steps.len() {
            let step = &flow.steps[at];
            if let Some(inner) = step.flow {
                if inner.deadline.is_none() {
                    self.look_into(inner);
                }
            } else if is_untimed(step) && is_first(flow.steps, at) {
                if self.count < NAMED_MAX {
                    self.names[self.count] = step.name;
                }
                if self.first.is_none() {
                    self.first = Some(step);
                }
                self.count += 1;
            }
            at += 1;
        }
    }
}

/// Whether no step before that one has its name.
const fn is_first(steps: &[StepInfo], step: usize) -> bool {
    let name = steps[step].name.as_bytes();
    let mut at = 0;
    while at < step {
        let other = steps[at].name.as_bytes();
        let mut letter = 0;
        while letter < name.len() && letter < other.len() && name[letter] == other[letter] {
            letter += 1;
        }
        if letter == name.len() && letter == other.len() {
            return false;
        }
        at += 1;
    }
    true
}
