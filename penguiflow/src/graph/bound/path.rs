//! Follows the parts of a flow that take longest. Pure, and known while a flow compiles.

use super::worst::{FOREVER, STRANDS_MAX, Worst, once, part, rounds, seq, step, weave};
use crate::graph::phrase::Words;
use crate::graph::shape::{Part, Strand, Way};
use crate::graph::topology::{FlowInfo, StepEntry, StepInfo};
use crate::policy::backoff::delays_max;
use std::time::Duration;

/// One step on the way that takes longest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Leg {
    /// The step's name.
    pub name: &'static str,
    /// Its number in the flow's structural keys.
    pub place: Option<u32>,
    /// How many runs of it follow one another: the turns of loops and controllers, and in a map the rounds that its items
    /// take, as many at once as may be.
    pub rounds: u64,
    /// How many attempts each of them has; 0 for a flow, whose nodes have their own.
    pub attempts: u32,
    /// How long one attempt may take, or one run of a flow; `None` where nothing says so.
    pub each: Option<Duration>,
    /// All delays between the attempts of one run, and what a batch waits for others.
    pub between: Duration,
    /// How long all of it takes at most; `None` where nothing bounds it.
    pub time: Option<Duration>,
}

/// A window of the way: so many legs of it from a number on.
pub(super) struct Legs {
    pub(super) legs: [Option<Leg>; Legs::WINDOW],
    from: usize,
    /// How many legs there are at all.
    pub(super) count: usize,
    /// How often the loops around run what is walked now.
    turns: u64,
}

impl Legs {
    pub(super) const WINDOW: usize = 32;

    /// The legs of the way that takes longest through `flow`, from number `from` on.
    pub(super) const fn of(flow: &FlowInfo, from: usize) -> Legs {
        let mut legs = Legs { legs: [None; Legs::WINDOW], from, count: 0, turns: 1 };
        let worst = seq(flow, flow.shape);
        legs.seq(flow, flow.shape, leaves(worst));
        legs
    }

    const fn seq(&mut self, flow: &FlowInfo, parts: &[Part], out: bool) {
        let last = if out { leaving(flow, parts) } else { parts.len() };
        let mut at = 0;
        while at < parts.len() && at <= last {
            self.part(flow, &parts[at], at == last);
            at += 1;
        }
    }

    const fn part(&mut self, flow: &FlowInfo, part: &Part, out: bool) {
        match *part {
            Part::Step(ix) => self.step(&flow.steps[ix]),
            Part::Fork(branches) => {
                let (mut at, mut longest, mut which) = (0, None, 0);
                while at < branches.len() {
                    let time = time_of(seq(flow, branches[at]), out);
                    if exceeds(time, longest) {
                        (longest, which) = (time, at);
                    }
                    at += 1;
                }
                if longest.is_some() {
                    self.seq(flow, branches[which], out);
                }
            }
            Part::Route(router, ways) => {
                self.step(&flow.steps[router]);
                self.arm(flow, ways, out);
            }
            Part::Loop(turns, body, otherwise) => self.turning(flow, turns as u64, (body, otherwise), out),
            Part::Weave(strands) => self.weave(flow, strands),
        }
    }

    const fn arm(&mut self, flow: &FlowInfo, ways: &[Way], out: bool) {
        let (mut at, mut longest, mut which, mut leaves) = (0, None, 0, false);
        while at < ways.len() {
            let Way(body, last) = ways[at];
            let arm = seq(flow, body);
            if out && exceeds(time_of(arm, true), longest) {
                (longest, which, leaves) = (time_of(arm, true), at, true);
            }
            if last == out && exceeds(time_of(arm, false), longest) {
                (longest, which, leaves) = (time_of(arm, false), at, false);
            }
            at += 1;
        }
        if longest.is_some() {
            self.seq(flow, ways[which].0, leaves);
        }
    }

    const fn turning(&mut self, flow: &FlowInfo, turns: u64, parts: (&[Part], &[Part]), out: bool) {
        let (body, otherwise) = (seq(flow, parts.0), seq(flow, parts.1));
        let (around, earlier) = (self.turns, turns.saturating_sub(1));
        let turn = match body.through {
            Some(turn) => turn.time,
            None => 0,
        };
        let in_turn = later(time_of(body, true), turn.saturating_mul(earlier as u128));
        let behind = later(time_of(otherwise, true), turn.saturating_mul(turns as u128));
        let from_turn = out && in_turn.is_some() && !exceeds(behind, in_turn);
        self.turns = around.saturating_mul(if from_turn { earlier } else { turns });
        if self.turns > 0 {
            self.seq(flow, parts.0, false);
        }
        self.turns = around;
        if from_turn {
            self.seq(flow, parts.0, true);
        } else {
            self.seq(flow, parts.1, out);
        }
    }

    /// Walks the stretches that lead to the one that ends last.
    const fn weave(&mut self, flow: &FlowInfo, strands: &[Strand]) {
        let (ends, sums) = weave(flow, strands);
        let mut way = [0; STRANDS_MAX];
        let (mut first, mut at, mut found) = (STRANDS_MAX, 0, false);
        let mut last = 0;
        while at < strands.len() && at < STRANDS_MAX && !found {
            let all = seq(flow, strands[at].1).all().time;
            found = start(&ends, strands[at].0).0.saturating_add(all) == sums.time;
            last = at;
            at += 1;
        }
        loop {
            if strands.is_empty() || first == 0 {
                break;
            }
            first -= 1;
            way[first] = last;
            match start(&ends, strands[last].0).1 {
                Some(before) => last = before,
                None => break,
            }
        }
        while first < STRANDS_MAX && !strands.is_empty() {
            let body = seq(flow, strands[way[first]].1);
            let out = first + 1 == STRANDS_MAX && leaves(body);
            self.seq(flow, strands[way[first]].1, out);
            first += 1;
        }
    }

    const fn step(&mut self, info: &StepInfo) {
        let nanos = step(info).time.saturating_mul(self.turns as u128);
        if nanos == 0 {
            return;
        }
        if self.count >= self.from && self.count - self.from < Legs::WINDOW {
            self.legs[self.count - self.from] = Some(leg(info, self.turns, nanos));
        }
        self.count += 1;
    }
}

impl Leg {
    /// As a sum: `search 3 × 2 s + 1.5 s of backoff`.
    pub(super) const fn words(&self) -> Words {
        let words = Words::new().and(self.name);
        let Some(each) = self.each else {
            return words.and(if self.attempts > 0 { " without a timeout" } else { " without a bound" });
        };
        let between = self.between.as_nanos();
        let is_sum = between > 0 && each.as_nanos() > 0;
        let mut words = words.and(" ");
        if self.rounds > 1 {
            words = words.and_number(self.rounds as u128).and(" × ");
            if is_sum || self.attempts > 1 {
                words = words.and("(");
            }
        }
        if each.as_nanos() > 0 || between == 0 {
            if self.attempts > 1 {
                words = words.and_number(self.attempts as u128).and(" × ");
            }
            words = words.and_nanos(each.as_nanos());
        }
        if is_sum {
            words = words.and(" + ");
        }
        if between > 0 {
            words = words.and_nanos(between).and(if self.attempts > 1 { " of backoff" } else { " of linger" });
        }
        if self.rounds > 1 && (is_sum || self.attempts > 1) { words.and(")") } else { words }
    }
}

/// Whether the longest way leaves inside, and not at the end.
const fn leaves(worst: Worst) -> bool {
    exceeds(time_of(worst, true), time_of(worst, false))
}

/// The number of the part that the longest way leaves in.
const fn leaving(flow: &FlowInfo, parts: &[Part]) -> usize {
    let (mut at, mut before, mut longest, mut which) = (0, 0_u128, None, 0);
    while at < parts.len() {
        let worst = part(flow, &parts[at]);
        let time = later(time_of(worst, true), before);
        if exceeds(time, longest) {
            (longest, which) = (time, at);
        }
        match worst.through {
            Some(through) => before = before.saturating_add(through.time),
            None => break,
        }
        at += 1;
    }
    which
}

/// The latest of those that feed a stretch.
const fn start(ends: &[u128; STRANDS_MAX], fed_by: &[usize]) -> (u128, Option<usize>) {
    let (mut at, mut latest, mut which) = (0, 0, None);
    while at < fed_by.len() {
        let from = fed_by[at];
        if from < STRANDS_MAX && (which.is_none() || ends[from] > latest) {
            (latest, which) = (ends[from], Some(from));
        }
        at += 1;
    }
    (latest, which)
}

const fn time_of(worst: Worst, out: bool) -> Option<u128> {
    match if out { worst.out } else { worst.through } {
        Some(sums) => Some(sums.time),
        None => None,
    }
}

const fn later(time: Option<u128>, before: u128) -> Option<u128> {
    match time {
        Some(time) => Some(time.saturating_add(before)),
        None => None,
    }
}

const fn exceeds(one: Option<u128>, other: Option<u128>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => one > other,
        (Some(_), None) => true,
        (None, _) => false,
    }
}

const fn leg(info: &StepInfo, turns: u64, nanos: u128) -> Leg {
    let (rounds, _) = rounds(info);
    let run = once(info);
    let rounds = rounds.saturating_mul(turns);
    let time = duration(nanos);
    let (name, place) = (info.name, info.place);
    let policy = match info.policy {
        Some(policy) if info.flow.is_none() => policy,
        Some(_) | None => {
            let (each, between) = (duration(run.time), Duration::ZERO);
            return Leg { name, place, rounds, attempts: 0, each, between, time };
        }
    };
    let each = match policy.timeout {
        None if info.waits => None,
        None => Some(Duration::ZERO),
        timeout => timeout,
    };
    let mut between = delays_max(&policy);
    if let StepEntry::Batch { linger, .. } = info.entry {
        between = between.saturating_add(linger.as_nanos());
    }
    let between = match duration(between) {
        Some(between) => between,
        None => Duration::MAX,
    };
    Leg { name, place, rounds, attempts: policy.attempts(), each, between, time }
}

/// What is known to end, as a duration.
pub(super) const fn duration(nanos: u128) -> Option<Duration> {
    if nanos == FOREVER {
        return None;
    }
    let secs = nanos / 1_000_000_000;
    if secs > u64::MAX as u128 {
        return Some(Duration::MAX);
    }
    Some(Duration::new(secs as u64, (nanos % 1_000_000_000) as u32))
}
