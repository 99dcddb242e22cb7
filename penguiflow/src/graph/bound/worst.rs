//! Adds up the longest that each part of a flow can take. Pure, and known while a flow compiles: what is proved then and
//! what is told later are one sum.

use crate::graph::shape::{Part, Strand, Way};
use crate::graph::topology::{FlowInfo, StepEntry, StepInfo, StepKind};
use crate::message::Budget;
use crate::policy::backoff::delays_max;

/// The time of what may wait for ever, in nanoseconds.
pub(super) const FOREVER: u128 = u128::MAX;

/// So many stretches of chains that do not nest are taken as they feed each other; further ones as if they stood one behind
/// the other.
pub(super) const STRANDS_MAX: usize = 128;

/// What a part can take at most, each figure for itself.
#[derive(Clone, Copy)]
pub(super) struct Sums {
    /// Nanoseconds.
    pub(super) time: u128,
    pub(super) hops: u64,
    pub(super) attempts: u64,
    /// What the attempts cost, as their nodes say: tokens, and pico-dollars.
    pub(super) tokens: u64,
    pub(super) picos: u64,
    /// For how many nanoseconds an attempt may go on behind a deadline.
    grace: u128,
}

/// The two ways out of a part: on to what follows, and out of the flow.
#[derive(Clone, Copy)]
pub(super) struct Worst {
    pub(super) through: Option<Sums>,
    pub(super) out: Option<Sums>,
}

impl Sums {
    pub(super) const ZERO: Sums = Sums { time: 0, hops: 0, attempts: 0, tokens: 0, picos: 0, grace: 0 };

    /// One after the other.
    pub(super) const fn then(self, next: Sums) -> Self {
        Sums {
            time: self.time.saturating_add(next.time),
            hops: self.hops.saturating_add(next.hops),
            attempts: self.attempts.saturating_add(next.attempts),
            tokens: self.tokens.saturating_add(next.tokens),
            picos: self.picos.saturating_add(next.picos),
            grace: longer(self.grace, next.grace),
        }
    }

    /// One instead of the other.
    const fn or(self, other: Sums) -> Self {
        Sums {
            time: longer(self.time, other.time),
            hops: more(self.hops, other.hops),
            attempts: more(self.attempts, other.attempts),
            tokens: more(self.tokens, other.tokens),
            picos: more(self.picos, other.picos),
            grace: longer(self.grace, other.grace),
        }
    }

    /// One beside the other.
    const fn beside(self, other: Sums) -> Self {
        Sums { time: longer(self.time, other.time), ..self.then(other) }
    }

    /// `rounds` times one after the other, which are `runs` runs.
    const fn times(self, rounds: u64, runs: u64) -> Self {
        Sums {
            time: self.time.saturating_mul(rounds as u128),
            hops: self.hops.saturating_mul(runs),
            attempts: self.attempts.saturating_mul(runs),
            tokens: self.tokens.saturating_mul(runs),
            picos: self.picos.saturating_mul(runs),
            grace: self.grace,
        }
    }
}

impl Worst {
    pub(super) const fn all(self) -> Sums {
        match (self.through, self.out) {
            (Some(through), Some(out)) => through.or(out),
            (Some(sums), None) | (None, Some(sums)) => sums,
            (None, None) => Sums::ZERO,
        }
    }
}

/// The whole flow under its own limits.
pub(super) const fn whole(flow: &FlowInfo) -> Sums {
    let mut sums = free(flow);
    if let Some(deadline) = flow.deadline {
        // An attempt that may finish behind the deadline holds the ending back.
        sums.time = shorter(sums.time, deadline.as_nanos().saturating_add(sums.grace));
    }
    let Budget { hops, tokens, usd } = flow.budget;
    sums.hops = capped(sums.hops, hops);
    sums.tokens = capped(sums.tokens, tokens);
    if let Some(usd) = usd {
        sums.picos = capped(sums.picos, Some(usd.picos()));
    }
    sums
}

/// The whole flow as if it had no limits of its own.
pub(super) const fn free(flow: &FlowInfo) -> Sums {
    seq(flow, flow.shape).all()
}

/// Parts one after the other.
pub(super) const fn seq(flow: &FlowInfo, parts: &[Part]) -> Worst {
    let mut worst = Worst { through: Some(Sums::ZERO), out: None };
    let mut at = 0;
    while at < parts.len() {
        if let Some(before) = worst.through {
            let next = part(flow, &parts[at]);
            worst.through = after(before, next.through);
            worst.out = either(worst.out, after(before, next.out));
        }
        at += 1;
    }
    worst
}

/// One part.
pub(super) const fn part(flow: &FlowInfo, part: &Part) -> Worst {
    match *part {
        Part::Step(ix) => Worst { through: Some(step(&flow.steps[ix])), out: None },
        Part::Fork(branches) => fork(flow, branches),
        Part::Route(router, ways) => {
            let arms = arms(flow, ways);
            let router = step(&flow.steps[router]);
            Worst { through: after(router, arms.through), out: after(router, arms.out) }
        }
        Part::Loop(turns, body, otherwise) => turning(turns as u64, seq(flow, body), seq(flow, otherwise)),
        Part::Weave(strands) => {
            let (_, sums) = weave(flow, strands);
            Worst { through: Some(sums), out: None }
        }
    }
}

const fn fork(flow: &FlowInfo, branches: &[&[Part]]) -> Worst {
    let mut worst = Worst { through: None, out: None };
    // The others run as well, whichever branch ends the trace.
    let mut beside = Sums::ZERO;
    let mut at = 0;
    while at < branches.len() {
        let branch = seq(flow, branches[at]);
        worst.through = either(worst.through, branch.through);
        worst.out = either(worst.out, branch.out);
        beside = beside.beside(branch.all());
        at += 1;
    }
    Worst { through: counting(worst.through, beside), out: counting(worst.out, beside) }
}

/// The time of `one`, with what runs `beside` it counted.
const fn counting(one: Option<Sums>, beside: Sums) -> Option<Sums> {
    match one {
        Some(one) => Some(Sums { time: one.time, ..beside }),
        None => None,
    }
}

const fn arms(flow: &FlowInfo, ways: &[Way]) -> Worst {
    let mut worst = Worst { through: None, out: None };
    let mut at = 0;
    while at < ways.len() {
        let Way(body, leaves) = ways[at];
        let arm = seq(flow, body);
        worst.out = either(worst.out, arm.out);
        if leaves {
            worst.out = either(worst.out, arm.through);
        } else {
            worst.through = either(worst.through, arm.through);
        }
        at += 1;
    }
    worst
}

const fn turning(turns: u64, body: Worst, otherwise: Worst) -> Worst {
    let Some(turn) = body.through else { return body };
    let (all, earlier) = (turn.times(turns, turns), turn.times(turns.saturating_sub(1), turns.saturating_sub(1)));
    // Done in the last turn, or out of turns.
    let through = either(Some(all), after(all, otherwise.through));
    Worst { through, out: either(after(earlier, body.out), after(all, otherwise.out)) }
}

/// When each stretch ends, and the sum of all. Which of two arms runs is not looked at: the hops of both count.
pub(super) const fn weave(flow: &FlowInfo, strands: &[Strand]) -> ([u128; STRANDS_MAX], Sums) {
    let mut ends = [0; STRANDS_MAX];
    let mut sums = Sums::ZERO;
    let mut at = 0;
    while at < strands.len() {
        let body = seq(flow, strands[at].1);
        let began = if at < STRANDS_MAX { begin(&ends, strands[at].0) } else { sums.time };
        let all = body.all();
        let through = match body.through {
            Some(through) => through.time,
            None => 0,
        };
        if at < STRANDS_MAX {
            ends[at] = began.saturating_add(through);
        }
        sums = sums.beside(Sums { time: began.saturating_add(all.time), ..all });
        at += 1;
    }
    (ends, sums)
}

/// When a stretch begins: behind the last of those that feed it.
const fn begin(ends: &[u128; STRANDS_MAX], fed_by: &[usize]) -> u128 {
    let mut began = 0;
    let mut at = 0;
    while at < fed_by.len() {
        if fed_by[at] < STRANDS_MAX {
            began = longer(began, ends[fed_by[at]]);
        }
        at += 1;
    }
    began
}

/// One step: a node, a flow, or either for each item of a collection.
pub(super) const fn step(step: &StepInfo) -> Sums {
    let (rounds, runs) = rounds(step);
    once(step).times(rounds, runs)
}

/// How many runs of a step follow one another, and how many there are at all.
pub(super) const fn rounds(step: &StepInfo) -> (u64, u64) {
    match step.kind {
        StepKind::Map { at_once, limit, .. } => {
            let mut width = if at_once == 0 { 1 } else { at_once };
            // Its own items wait for the worker's permits as others do.
            if let Some(policy) = step.policy
                && let Some(permits) = policy.concurrency
                && (permits as usize) < width
            {
                width = if permits == 0 { 1 } else { permits as usize };
            }
            (limit.div_ceil(width) as u64, limit as u64)
        }
        StepKind::Input
        | StepKind::Output
        | StepKind::Drop
        | StepKind::Node
        | StepKind::Router
        | StepKind::Join
        | StepKind::First
        | StepKind::Settle
        | StepKind::JoinK { .. } => match step.turns {
            Some(turns) => (turns as u64, turns as u64),
            None => (1, 1),
        },
    }
}

/// One run of a step: all its attempts and what lies between them.
pub(super) const fn once(step: &StepInfo) -> Sums {
    if let Some(flow) = step.flow {
        return whole(flow);
    }
    let Some(policy) = step.policy else { return Sums::ZERO };
    let attempt = match policy.timeout {
        Some(timeout) => timeout.as_nanos(),
        None if step.waits => FOREVER,
        None => 0,
    };
    let linger = match step.entry {
        StepEntry::Batch { linger, .. } => linger.as_nanos(),
        StepEntry::Straight | StepEntry::Queue { .. } => 0,
    };
    let attempts = policy.attempts();
    let tried = attempt.saturating_mul(attempts as u128);
    let grace = match policy.grace() {
        Some(grace) => grace.as_nanos(),
        None => 0,
    };
    let time = tried.saturating_add(delays_max(&policy)).saturating_add(linger);
    let tokens = policy.cost.tokens.saturating_mul(attempts as u64);
    let picos = policy.cost.usd.picos().saturating_mul(attempts as u64);
    Sums { time, hops: 1, attempts: attempts as u64, tokens, picos, grace }
}

const fn after(before: Sums, next: Option<Sums>) -> Option<Sums> {
    match next {
        Some(next) => Some(before.then(next)),
        None => None,
    }
}

const fn either(one: Option<Sums>, other: Option<Sums>) -> Option<Sums> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.or(other)),
        (Some(sums), None) | (None, Some(sums)) => Some(sums),
        (None, None) => None,
    }
}

pub(super) const fn longer(a: u128, b: u128) -> u128 {
    if a > b { a } else { b }
}

const fn shorter(a: u128, b: u128) -> u128 {
    if a < b { a } else { b }
}

/// `sum`, but no more than there may be.
const fn capped(sum: u64, limit: Option<u64>) -> u64 {
    match limit {
        Some(limit) if limit < sum => limit,
        _ => sum,
    }
}

const fn more(a: u64, b: u64) -> u64 {
    if a > b { a } else { b }
}
