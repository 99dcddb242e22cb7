//! Says what must come out of a drawn flow: its ending, when, and which nodes are called with what. A plain walk over the
//! graph that knows the meaning of each form and nothing of how it is run.

use crate::proof::script::{ActEnd, Script};
use crate::proof::{Arm, ArmEnd, Flow, Gather, Kind, Line, Node, Step, VARIANTS, Worker};

/// One attempt of a node, at a millisecond of its trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Call {
    /// When.
    pub at: u64,
    /// The node's number.
    pub node: u32,
    /// What it was given.
    pub value: u64,
    /// Which attempt.
    pub attempt: u32,
}

impl Call {
    /// No call, but a failure of a side branch that is a dead letter.
    pub fn letter(at: u64) -> Self {
        Call { at, node: u32::MAX, value: 0, attempt: 0 }
    }

    /// Whether it is one.
    pub fn is_letter(&self) -> bool {
        self.node == u32::MAX
    }
}

/// How a trace ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// With this value.
    Completed(u64),
    /// In a node, or in a word that gathers.
    Failed {
        /// Its name.
        node: String,
        /// The failure's code.
        code: &'static str,
        /// The last attempt.
        attempt: u32,
        /// The nodes of the branches that failed, where a word gathers.
        branches: Vec<String>,
    },
    /// Out of turns.
    OutOfTurns,
    /// In an arm that drops.
    Dropped(String),
    /// By whoever held it.
    Cancelled,
    /// Out of time.
    DeadlineExceeded,
}

/// What comes out of one message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The ending.
    pub end: End,
    /// When, in milliseconds from the trace's begin.
    pub at: u64,
    /// The attempts, in the order of their times.
    pub calls: Vec<Call>,
}

impl Outcome {
    /// What comes out if the trace is ended as `end` at `at`, which is no moment at which anything else happens.
    pub fn ended(mut self, at: u64, end: End) -> Self {
        if self.at < at {
            return self;
        }
        self.calls.retain(|call| call.at < at);
        Outcome { end, at, calls: self.calls }
    }
}

/// What comes out of a message with `value` in the flow `number`.
pub fn interpret(flows: &[Flow], number: usize, script: Script, value: u64) -> Outcome {
    let Run { mut calls, at, end } = Walk { flows, script }.flow(number, value, 0);
    calls.sort_unstable();
    Outcome { end: end.map_or_else(Way::into_end, End::Completed), at, calls }
}

/// A message on its way through a line.
#[derive(Debug, Clone)]
pub struct Passing {
    /// What the nodes do with it.
    pub script: Script,
    /// What it begins with.
    pub value: u64,
    /// When it comes in, not before the one before it.
    pub at: u64,
    /// When it is cancelled: no moment at which anything else happens.
    pub cancel: Option<u64>,
    /// Whose it is.
    pub tenant: Option<&'static str>,
}

/// What comes out of `messages` in `line`, whose nodes run one at a time and serve who comes first.
pub fn pass(line: &Line, messages: &[Passing]) -> Vec<Outcome> {
    let mut outcomes: Vec<Outcome> = messages
        .iter()
        .map(|message| Outcome { end: End::Completed(message.value), at: message.at, calls: Vec::new() })
        .collect();
    for (_, node) in &line.stations {
        let mut free = 0;
        for (message, outcome) in messages.iter().zip(&mut outcomes) {
            let End::Completed(value) = outcome.end else { continue };
            let begin = outcome.at.max(free);
            let run = Walk { flows: &[], script: message.script }.node(*node, value, begin);
            let end = run.end.map_or_else(Way::into_end, End::Completed);
            let run = Outcome { end, at: run.at, calls: run.calls };
            let ended = match message.cancel {
                Some(at) => run.ended(at, End::Cancelled),
                None => run,
            };
            // Who leaves the line before it is served keeps nobody waiting.
            free = if ended.at < begin { free } else { ended.at };
            outcome.calls.extend(ended.calls);
            (outcome.end, outcome.at) = (ended.end, ended.at);
        }
    }
    outcomes.iter_mut().for_each(|outcome| outcome.calls.sort_unstable());
    outcomes
}

pub(super) struct Walk<'f> {
    pub(super) flows: &'f [Flow],
    pub(super) script: Script,
}

/// What came of a piece of a flow, and when.
#[derive(Clone)]
pub(super) struct Run<T> {
    pub(super) calls: Vec<Call>,
    pub(super) at: u64,
    pub(super) end: Result<T, Way>,
}

/// Why a piece of a flow does not go on.
#[derive(Clone)]
pub(super) enum Way {
    /// The trace ends, unless a join tolerates it.
    End(End),
    /// The flow around it ends with this value.
    Done(u64),
}

impl Way {
    pub(super) fn into_end(self) -> End {
        match self {
            Way::End(end) => end,
            Way::Done(value) => End::Completed(value),
        }
    }
}

impl<T> Run<T> {
    /// Goes on with `next`, where there is a value.
    pub(super) fn then<U>(mut self, next: impl FnOnce(T, u64) -> Run<U>) -> Run<U> {
        match self.end {
            Err(way) => Run { calls: self.calls, at: self.at, end: Err(way) },
            Ok(value) => {
                let run = next(value, self.at);
                self.calls.extend(run.calls);
                Run { calls: self.calls, at: run.at, end: run.end }
            }
        }
    }

    pub(super) fn map<U>(self, make: impl FnOnce(T) -> U) -> Run<U> {
        Run { calls: self.calls, at: self.at, end: self.end.map(make) }
    }

    /// Whether it is over at `at` without a value that goes on.
    fn failed_by(&self, at: u64) -> bool {
        self.end.is_err() && self.at <= at
    }
}

impl Walk<'_> {
    fn flow(&self, number: usize, value: u64, at: u64) -> Run<u64> {
        let mut run = self.seq(&self.flows[number].body, value, at);
        if let Err(Way::Done(value)) = run.end {
            run.end = Ok(value);
        }
        run
    }

    fn seq(&self, steps: &[Step], value: u64, at: u64) -> Run<u64> {
        let tee = steps.iter().position(|step| matches!(step, Step::Tee { .. })).unwrap_or(steps.len());
        let start = Run { calls: Vec::new(), at, end: Ok(value) };
        let before = steps[..tee].iter().fold(start, |run, step| run.then(|value, at| self.step(step, value, at)));
        match steps.get(tee) {
            Some(Step::Tee { side, best_effort }) => {
                before.then(|value, at| self.beside(side, *best_effort, &steps[tee + 1..], value, at))
            }
            _ => before,
        }
    }

    /// A side branch and all that follows it: an end of the rest that is no failure waits for the side branch.
    fn beside(&self, side: &[Step], best_effort: bool, rest: &[Step], value: u64, at: u64) -> Run<u64> {
        let mut side = self.seq(side, value, at);
        match &side.end {
            Ok(_) | Err(Way::Done(_) | Way::End(End::Dropped(_))) => side.end = Ok(0),
            Err(Way::End(End::Failed { .. })) if best_effort => {
                side.calls.push(Call::letter(side.at));
                side.end = Ok(0);
            }
            Err(Way::End(_)) => {}
        }
        let mut rest = self.seq(rest, value, at);
        let waits = matches!(rest.end, Ok(_) | Err(Way::Done(_) | Way::End(End::Dropped(_))));
        let end = std::mem::replace(&mut rest.end, Ok(0));
        if !waits {
            rest.end.clone_from(&end);
        }
        let both = all(vec![side, rest]);
        Run { calls: both.calls, at: both.at, end: both.end.and(end) }
    }

    fn step(&self, step: &Step, value: u64, at: u64) -> Run<u64> {
        match step {
            Step::Node(node) => self.node(*node, value, at),
            Step::Flow(number) => self.flow(*number, value, at),
            Step::Tee { side, best_effort } => self.beside(side, *best_effort, &[], value, at),
            Step::Fork { parallel: _, branches, gather, merge } => {
                let runs: Vec<_> = branches.iter().map(|branch| self.seq(branch, value, at)).collect();
                let gathered = match gather {
                    Gather::All => all(runs).map(|values| Some(Script::values(&values))),
                    Gather::FirstK(k) => first_k(runs, *k, "join_k").map(|values| Some(Script::values(&values))),
                    Gather::First => first_k(runs, 1, "first").map(|values| values.first().copied()),
                    Gather::Settle => settled(runs).map(|outcomes| Script::outcomes(&outcomes)),
                };
                gathered.then(|value, at| match value {
                    Some(value) => self.node(*merge, value, at),
                    None => Run { calls: Vec::new(), at, end: Err(Way::End(nothing_to_go_on_with(*merge))) },
                })
            }
            Step::Route { router, arms } => self.route(*router, arms, value, at),
            Step::Map { spread, worker, at_once, merge } => {
                let spread = self.act(*spread, value, at).map(|()| self.script.spread(spread.id(), value));
                let mapped = spread.then(|items, at| self.items(worker, *at_once, &items, at));
                mapped.then(|values, at| self.node(*merge, Script::values(&values), at))
            }
            Step::Repeat { turns, body, last, otherwise } => {
                let mut run = Run { calls: Vec::new(), at, end: Ok(value) };
                for _ in 0..*turns {
                    let mut done = false;
                    run = run.then(|value, at| self.seq(body, value, at)).then(|value, at| {
                        done = self.script.choice(last.id(), value, 3) == 0;
                        self.node(*last, value, at)
                    });
                    if done || run.end.is_err() {
                        return run;
                    }
                }
                run.then(|value, at| match otherwise {
                    Some(node) => self.node(*node, value, at),
                    None => Run { calls: Vec::new(), at, end: Err(Way::End(End::OutOfTurns)) },
                })
            }
        }
    }

    pub(super) fn node(&self, node: Node, value: u64, at: u64) -> Run<u64> {
        self.act(node, value, at).map(|()| Script::value(node.id(), value))
    }

    /// The attempts of a node.
    fn act(&self, node: Node, value: u64, mut at: u64) -> Run<()> {
        let mut calls = Vec::new();
        for attempt in 1.. {
            calls.push(Call { at, node: node.id(), value, attempt });
            let act = self.script.act(node.id(), value, attempt);
            let (wait, end) = match node.kind {
                Kind::Quick => (0, ActEnd::Value),
                Kind::Late => (Script::late(node.index), ActEnd::Value),
                _ => (act.wait, act.end),
            };
            let late = node.kind.timeout().filter(|limit| wait > *limit);
            at += late.unwrap_or(wait);
            let code = match (late, end) {
                (Some(_), _) => "NODE_TIMEOUT",
                (None, ActEnd::Value) => return Run { calls, at, end: Ok(()) },
                (None, ActEnd::Failure) => "NODE_EXCEPTION",
                (None, ActEnd::Panic) => "NODE_PANIC",
            };
            if code == "NODE_PANIC" || attempt > node.kind.retries() {
                let end = End::Failed { node: node.to_string(), code, attempt, branches: Vec::new() };
                return Run { calls, at, end: Err(Way::End(end)) };
            }
            at += node.kind.backoff(attempt);
        }
        unreachable!("attempts end")
    }

    fn route(&self, router: Node, arms: &[Arm], value: u64, at: u64) -> Run<u64> {
        self.act(router, value, at).then(|(), at| {
            let way = self.script.choice(router.id(), value, VARIANTS.len() as u64) as usize;
            // The second variant has a payload; the others pass on what came in.
            let value = if way == 1 { Script::value(router.id(), value) } else { value };
            self.seq(&arms[way].body, value, at).then(|value, at| {
                let end = match arms[way].end {
                    ArmEnd::On => Ok(value),
                    ArmEnd::Drop => Err(Way::End(End::Dropped(format!("{router}.{}", VARIANTS[way])))),
                    ArmEnd::Done => Err(Way::Done(value)),
                };
                Run { calls: Vec::new(), at, end }
            })
        })
    }

    /// A window of items that moves over all of them: an item starts when one before it has ended.
    fn items(&self, worker: &Worker, at_once: usize, items: &[u64], begin: u64) -> Run<Vec<u64>> {
        let (mut started, mut running, mut now) = (Vec::new(), Vec::<usize>::new(), begin);
        loop {
            let mut place = 0;
            while place < running.len() || (place < at_once && started.len() < items.len()) {
                if place == running.len() {
                    running.push(started.len());
                    started.push(match worker {
                        Worker::Node(node) => self.node(*node, items[started.len()], now),
                        Worker::Flow(number) => self.flow(*number, items[started.len()], now),
                    });
                }
                let run: &Run<u64> = &started[running[place]];
                if run.failed_by(now) {
                    let end = run.end.clone().map(|_| Vec::new());
                    // Who stands behind the failed item was not asked at this moment any more.
                    let late = |index: &usize| running[place + 1..].contains(index);
                    let calls = started.iter().enumerate().flat_map(|(index, run)| {
                        run.calls.iter().filter(move |call| if late(&index) { call.at < now } else { call.at <= now })
                    });
                    return Run { calls: calls.copied().collect(), at: now, end };
                }
                if run.at <= now {
                    running.remove(place);
                } else {
                    place += 1;
                }
            }
            match running.iter().map(|index| started[*index].at).min() {
                Some(next) => now = next,
                None => break,
            }
        }
        let values = started.iter().filter_map(|run| run.end.as_ref().ok().copied()).collect();
        Run { calls: started.into_iter().flat_map(|run| run.calls).collect(), at: now, end: Ok(values) }
    }
}

/// All of the branches; the first failure ends the wait, the first branch's when several fail at once.
pub(super) fn all(runs: Vec<Run<u64>>) -> Run<Vec<u64>> {
    let failed =
        runs.iter().enumerate().filter(|(_, run)| run.end.is_err()).min_by_key(|(index, run)| (run.at, *index));
    let Some((first, failure)) = failed else {
        let at = runs.iter().map(|run| run.at).max().unwrap_or_default();
        let values = runs.iter().filter_map(|run| run.end.as_ref().ok().copied()).collect();
        return Run { calls: runs.into_iter().flat_map(|run| run.calls).collect(), at, end: Ok(values) };
    };
    let (at, end) = (failure.at, failure.end.clone().map(|_| Vec::new()));
    let calls = runs.iter().enumerate().flat_map(|(index, run)| {
        run.calls.iter().filter(move |call| if index > first { call.at < at } else { call.at <= at })
    });
    Run { calls: calls.copied().collect(), at, end }
}

/// All of the branches, whatever they end with; the first that ends the trace ends the wait.
pub(super) fn settled(runs: Vec<Run<u64>>) -> Run<Vec<Option<u64>>> {
    let over = |run: &&Run<u64>| run.end.is_err() && !matches!(run.end, Err(Way::End(End::Failed { .. })));
    if runs.iter().any(|run| over(&run)) {
        let fails = |run: Run<u64>| match &run {
            run if over(&run) => run.clone(),
            Run { calls, at, .. } => Run { calls: calls.clone(), at: *at, end: Ok(0) },
        };
        return all(runs.into_iter().map(fails).collect()).map(|_| Vec::new());
    }
    let at = runs.iter().map(|run| run.at).max().unwrap_or_default();
    let outcomes = runs.iter().map(|run| run.end.as_ref().ok().copied()).collect();
    Run { calls: runs.into_iter().flat_map(|run| run.calls).collect(), at, end: Ok(outcomes) }
}

/// How a node fails that has no outcome with a value.
pub(super) fn nothing_to_go_on_with(node: Node) -> End {
    End::Failed { node: node.to_string(), code: "NODE_EXCEPTION", attempt: 1, branches: Vec::new() }
}

/// The first k of the branches that succeed, in branch order; failures are tolerated while that is possible.
pub(super) fn first_k(runs: Vec<Run<u64>>, k: usize, word: &str) -> Run<Vec<u64>> {
    let mut moments: Vec<u64> = runs.iter().map(|run| run.at).collect();
    moments.sort_unstable();
    for at in moments {
        let over = |run: &&Run<u64>| run.failed_by(at) && !matches!(run.end, Err(Way::End(End::Failed { .. })));
        let failed: Vec<_> = runs.iter().filter(|run| run.failed_by(at)).collect();
        let values = || runs.iter().filter(|run| run.at <= at).filter_map(|run| run.end.as_ref().ok().copied());
        let end = if let Some(over) = failed.iter().find(|run| over(run)) {
            over.end.clone().map(|_| Vec::new())
        } else if values().count() >= k {
            Ok(values().take(k).collect())
        } else if runs.len() - failed.len() < k {
            Err(Way::End(starved(&failed, word)))
        } else {
            continue;
        };
        let calls = runs.iter().flat_map(|run| run.calls.iter().filter(|call| call.at <= at));
        return Run { calls: calls.copied().collect(), at, end };
    }
    unreachable!("branches succeed or fail")
}

fn starved(failed: &[&Run<u64>], word: &str) -> End {
    let name = |run: &&Run<u64>| match &run.end {
        Err(Way::End(End::Failed { node, .. })) => node.clone(),
        _ => String::new(),
    };
    let branches = failed.iter().map(name).collect();
    End::Failed { node: word.to_owned(), code: "JOIN_STARVED", attempt: 1, branches }
}
