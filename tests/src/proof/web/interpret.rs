//! Says what must come out of a web: a plain walk over its stations in the order in which they stand.

use super::{Feed, Station, Web};
use crate::proof::interpret::{Call, End, Outcome, Run, Walk, Way, all, first_k, nothing_to_go_on_with, settled};
use crate::proof::script::Script;
use crate::proof::{Gather, Kind, VARIANTS};

/// What may come out of one message. Stations that fail in one moment are told apart by the order in which they are asked:
/// that of the framework, which is no part of the meaning.
#[derive(Debug, Clone)]
pub struct Outcomes {
    /// What comes out, with all calls up to its moment.
    pub outcome: Outcome,
    /// Other endings of the same moment.
    pub others: Vec<End>,
}

impl Outcomes {
    /// Whether `end` and `calls` are what may come out.
    pub fn allow(&self, end: &End, calls: &[Call]) -> bool {
        let (at, expected) = (self.outcome.at, &self.outcome.calls);
        let before = |calls: &[Call]| calls.iter().filter(|call| call.at < at).copied().collect::<Vec<_>>();
        let last = calls.iter().filter(|call| call.at >= at).all(|call| expected.contains(call));
        // A value is there when all has been called that it is made of.
        let whole = !matches!(end, End::Completed(_)) || calls == expected;
        (*end == self.outcome.end || self.others.contains(end)) && before(calls) == before(expected) && last && whole
    }
}

/// What comes out of a message with `value` in `web`.
pub fn interpret(web: &Web, script: Script, value: u64) -> Outcomes {
    let walk = Walk { flows: &[], script };
    let mut runs: Vec<Option<Run<u64>>> = Vec::new();
    let mut begins: Vec<Option<u64>> = Vec::new();
    for station in &web.stations {
        let fed = fed(web, &walk, station, value, &runs);
        begins.push(fed.as_ref().map(|fed| fed.at));
        runs.push(fed.map(|fed| fed.then(|value, at| walk.node(station.node, value, at))));
    }
    let dropped = dropped(web, &begins);
    // A station that is dropped before it ends, or never begins, ends nothing.
    let lives = |at: usize, moment: u64| dropped[at].is_none_or(|dropped| moment <= dropped);
    let mut ends: Vec<(u64, End)> = Vec::new();
    for (at, station) in web.stations.iter().enumerate() {
        let Some(run) = runs[at].as_ref().filter(|run| lives(at, run.at)) else { continue };
        let last = at + 1 == web.stations.len();
        let arm = (station.node.kind == Kind::Way).then(|| arm(&walk, web, at, &runs)).flatten();
        match &run.end {
            Ok(_) if arm.is_some_and(|arm| !station.arms[arm]) => {
                let variant = VARIANTS[arm.unwrap_or_default()];
                ends.push((run.at, End::Dropped(format!("{}.{variant}", station.node))));
            }
            end if last => ends.push((run.at, end.clone().map_or_else(Way::into_end, End::Completed))),
            Ok(_) | Err(_) => {}
        }
    }
    let at = ends.iter().map(|(at, _)| *at).min().unwrap_or_default();
    let called =
        |ix: usize| runs[ix].iter().flat_map(|run| &run.calls).filter(move |call| lives(ix, call.at) && call.at <= at);
    let mut calls: Vec<Call> = (0..web.stations.len()).flat_map(called).copied().collect();
    calls.sort_unstable();
    calls.dedup();
    let mut now: Vec<End> = ends.into_iter().filter(|(moment, _)| *moment == at).map(|(_, end)| end).collect();
    // A failure of the same moment may come first where the last station tells another one.
    let fails = |(ix, run): (usize, &Option<Run<u64>>)| match run {
        Some(run) if run.at == at && lives(ix, at) => run.end.clone().err().map(Way::into_end),
        _ => None,
    };
    if !matches!(now.last(), Some(End::Completed(_))) {
        now.extend(runs.iter().enumerate().filter_map(fails));
    }
    let end = now.pop().unwrap_or(End::Completed(0));
    Outcomes { outcome: Outcome { end, at, calls }, others: now }
}

/// The arm that a router has chosen.
fn arm(walk: &Walk<'_>, web: &Web, at: usize, runs: &[Option<Run<u64>>]) -> Option<usize> {
    let station = &web.stations[at];
    let before = runs[station.feed.from().first().copied()?].as_ref()?.end.clone().ok()?;
    Some(walk.script.choice(station.node.id(), before, VARIANTS.len() as u64) as usize)
}

/// What comes to a station, and when; nothing if no message passes it.
fn fed(web: &Web, walk: &Walk<'_>, station: &Station, value: u64, runs: &[Option<Run<u64>>]) -> Option<Run<u64>> {
    let bare = |run: &Run<u64>| Run { calls: Vec::new(), at: run.at, end: run.end.clone() };
    let of = |from: usize| runs[from].as_ref().map(bare);
    match &station.feed {
        Feed::Begin => Some(Run { calls: Vec::new(), at: 0, end: Ok(value) }),
        Feed::One(from) => of(*from),
        Feed::Either(from) => from.iter().find_map(|&from| of(from)),
        Feed::Arm(router, own) => {
            let run = of(*router)?;
            if run.end.is_err() {
                return Some(run);
            }
            let chosen = arm(walk, web, *router, runs)?;
            let before = runs[web.stations[*router].feed.from()[0]].as_ref()?.end.clone().ok()?;
            // The second variant has a payload; the others pass on what came in.
            let passes = if *own == 1 { Script::value(web.stations[*router].node.id(), before) } else { before };
            (chosen == *own).then(|| run.map(|_| passes))
        }
        Feed::Gather(gather, from) => {
            // What no message passes ends when all else has: a gather that does not wait for it goes on before.
            let never = || Run { calls: Vec::new(), at: u64::MAX, end: Err(Way::End(End::Cancelled)) };
            let branches: Vec<Run<u64>> = from.iter().map(|&from| of(from).unwrap_or_else(never)).collect();
            let gathered = match gather {
                Gather::All => all(branches).map(|values| Some(Script::values(&values))),
                Gather::FirstK(k) => first_k(branches, *k, "join_k").map(|values| Some(Script::values(&values))),
                Gather::First => first_k(branches, 1, "first").map(|values| values.first().copied()),
                Gather::Settle => settled(branches).map(|outcomes| Script::outcomes(&outcomes)),
            };
            let gathered = Some(gathered).filter(|run| run.at < u64::MAX)?;
            Some(gathered.then(|value, at| match value {
                Some(value) => Run { calls: Vec::new(), at, end: Ok(value) },
                None => Run { calls: Vec::new(), at, end: Err(Way::End(nothing_to_go_on_with(station.node))) },
            }))
        }
    }
}

/// When each station is dropped because nobody waits for it any more.
fn dropped(web: &Web, begins: &[Option<u64>]) -> Vec<Option<u64>> {
    let mut dropped: Vec<Option<u64>> = vec![None; web.stations.len()];
    for at in (0..web.stations.len()).rev() {
        let readers: Vec<usize> =
            (at..web.stations.len()).filter(|&reader| web.stations[reader].feed.from().contains(&at)).collect();
        let stops = |reader: &usize| match (begins[*reader], dropped[*reader]) {
            (Some(begins), Some(dropped)) => Some(begins.min(dropped)),
            (begins, dropped) => begins.or(dropped),
        };
        let moments: Vec<Option<u64>> = readers.iter().map(stops).collect();
        dropped[at] = match moments.iter().all(Option::is_some) {
            true if !moments.is_empty() => moments.into_iter().flatten().max(),
            _ => None,
        };
    }
    dropped
}
