//! Flows with a node behind `batch`, drawn from seeds, and what must come out of several messages that pass one together.

use crate::proof::interpret::{Call, End, Outcome, Passing, Walk, Way};
use crate::proof::script::{ActEnd, Dice, Script};
use crate::proof::{Kind, Node};

/// How many are drawn.
pub const BATCHES: usize = 6;

/// `before -> batch(size, "linger ms") -> crowd -> behind`.
#[derive(Debug, Clone, PartialEq)]
pub struct Batched {
    /// Its name.
    pub name: String,
    /// The node before the batch.
    pub before: Node,
    /// How many messages go at once.
    pub size: usize,
    /// How long the first of them waits for the others, in milliseconds.
    pub linger: u64,
    /// The node that takes them all.
    pub crowd: Node,
    /// The node behind it.
    pub behind: Node,
}

impl Batched {
    /// As a user writes it.
    pub fn chain(&self) -> String {
        let Batched { before, size, linger, crowd, behind, .. } = self;
        format!("{before} -> batch({size}, \"{linger}ms\") -> {crowd} -> {behind}")
    }
}

/// The same each time.
pub fn batches() -> Vec<Batched> {
    let one = |number: usize| {
        let mut dice = Dice::new(7_000 + number as u64);
        Batched {
            name: format!("batched_{number}"),
            before: Node { kind: Kind::Plain, index: 0 },
            size: 1 + number % 4,
            // No other moment ends on it.
            linger: 70 + 100 * dice.below(3),
            crowd: Node { kind: Kind::Crowd, index: number as u32 % 2 },
            behind: Node { kind: [Kind::Plain, Kind::Again][number % 2], index: 1 },
        }
    };
    (0..BATCHES).map(one).collect()
}

/// What comes out of `messages`, of which no two do anything in one moment before they are in a batch.
pub fn gather(batched: &Batched, messages: &[Passing]) -> Vec<Outcome> {
    let alone = |message: &Passing, node: Node, value: u64, at: u64| {
        let run = Walk { flows: &[], script: message.script }.node(node, value, at);
        let end = run.end.map_or_else(Way::into_end, End::Completed);
        ended(Outcome { end, at: run.at, calls: run.calls }, message)
    };
    let mut outcomes: Vec<Outcome> =
        messages.iter().map(|message| alone(message, batched.before, message.value, message.at)).collect();
    let mut tenants: Vec<_> = messages.iter().map(|message| message.tenant).collect();
    tenants.sort_unstable();
    tenants.dedup();
    for tenant in tenants {
        of_tenant(batched, tenant, messages, &mut outcomes);
    }
    for (message, outcome) in messages.iter().zip(&mut outcomes) {
        let End::Completed(value) = outcome.end else { continue };
        let behind = alone(message, batched.behind, value, outcome.at);
        outcome.calls.extend(behind.calls);
        (outcome.end, outcome.at) = (behind.end, behind.at);
        outcome.calls.sort_unstable();
    }
    outcomes
}

fn ended(outcome: Outcome, message: &Passing) -> Outcome {
    match message.cancel {
        Some(at) => outcome.ended(at, End::Cancelled),
        None => outcome,
    }
}

/// What happens in front of a batch, and when.
struct Moment {
    at: u64,
    message: usize,
    /// Whether it comes; otherwise it is cancelled.
    comes: bool,
}

/// Brings the messages of one tenant through the batch, each from where it stands.
fn of_tenant(batched: &Batched, tenant: Option<&str>, messages: &[Passing], outcomes: &mut [Outcome]) {
    let mut moments = Vec::new();
    for (message, (passing, outcome)) in messages.iter().zip(&*outcomes).enumerate() {
        if passing.tenant == tenant && matches!(outcome.end, End::Completed(_)) {
            moments.push(Moment { at: outcome.at, message, comes: true });
            let cancel = passing.cancel.filter(|at| *at > outcome.at);
            moments.extend(cancel.map(|at| Moment { at, message, comes: false }));
        }
    }
    moments.sort_by_key(|moment| moment.at);
    let mut open: Option<(u64, Vec<usize>)> = None;
    for Moment { at, message, comes } in moments {
        if let Some((until, due)) = open.take_if(|(until, _)| *until <= at) {
            go(batched, &due, until, messages, outcomes);
        }
        if comes {
            let (_, waiting) = open.get_or_insert((at + batched.linger, Vec::new()));
            waiting.push(message);
            if waiting.len() == batched.size {
                let full = open.take().map_or_else(Vec::new, |(_, full)| full);
                go(batched, &full, at, messages, outcomes);
            }
        } else if let Some((_, waiting)) = &mut open
            && let Some(place) = waiting.iter().position(|waits| *waits == message)
        {
            waiting.remove(place);
            (outcomes[message].end, outcomes[message].at) = (End::Cancelled, at);
            open = open.filter(|(_, waiting)| !waiting.is_empty());
        }
    }
    if let Some((until, rest)) = open {
        go(batched, &rest, until, messages, outcomes);
    }
}

/// Runs the node for all of `crowd` at `at`.
fn go(batched: &Batched, crowd: &[usize], at: u64, messages: &[Passing], outcomes: &mut [Outcome]) {
    let node = batched.crowd.id();
    let acts: Vec<_> = crowd
        .iter()
        .filter_map(|&message| match outcomes[message].end {
            End::Completed(value) => Some((message, value, messages[message].script.act(node, value, 1))),
            _ => None,
        })
        .collect();
    let wait = acts.iter().map(|(_, _, act)| act.wait).max().unwrap_or_default();
    for (message, value, act) in acts {
        let calls = vec![Call { at, node, value, attempt: 1 }];
        let end = match act.end {
            ActEnd::Value => End::Completed(Script::value(node, value)),
            ActEnd::Failure | ActEnd::Panic => End::Failed {
                node: batched.crowd.to_string(),
                code: "NODE_EXCEPTION",
                attempt: 1,
                branches: Vec::new(),
            },
        };
        let passed = ended(Outcome { end, at: at + wait, calls }, &messages[message]);
        outcomes[message].calls.extend(passed.calls);
        (outcomes[message].end, outcomes[message].at) = (passed.end, passed.at);
    }
}
