//! What must hold of the order in a trace: a step runs behind those that lead to it, on the arm that was chosen, and no more items
//! of a map at once than it says. Reads the flow's own listing.

use crate::event::{EventKind, FlowEvent};
use crate::graph::topology::ways::EdgeInfo;
use crate::graph::topology::{StepEntry, StepKind};
use crate::testkit::simulate::breach::Breach;
use crate::testkit::simulate::check::rule;
use crate::testkit::simulate::drive::{History, number};
use crate::testkit::simulate::listing::{Listed, Spot, items, spot};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// What a step has come to in one run of its flow: done, and for a router by which arm.
type Done = HashMap<(u128, String, u32), Option<&'static str>>;

/// Steps run in the order that is drawn.
pub(super) fn holds(history: &History) -> Result<(), Breach> {
    let mut done = Done::new();
    let mut items_running: BTreeMap<(u128, String), BTreeMap<String, i64>> = BTreeMap::new();
    let mut routers: HashSet<(u128, String)> = HashSet::new();
    for event in &history.events {
        let (trace, key) = (event.trace_id.as_u128(), event.place.to_string());
        count_items(history, event, &key, &mut items_running)?;
        if let EventKind::Ending { code: "COMPLETED", .. } = event.kind {
            let open = routers.iter().find(|(of, _)| *of == trace);
            rule("a router that succeeded chooses an arm", open.is_none(), || format!("{open:?}"))?;
        }
        let Some(spot) = spot(history.info, &key) else { continue };
        let said = || format!("trace {}: `{}` at {key}", number(event.trace_id), event.node);
        match &event.kind {
            EventKind::NodeStart => {
                rule("a step runs behind those before it", may_start(&spot, trace, &done), said)?;
                rule("only the chosen arm runs", !is_on_another_arm(&spot, trace, &done), said)?;
            }
            EventKind::NodeSuccess { .. } => {
                done.insert((trace, spot.run.clone(), spot.step), None);
                if spot.info.step(spot.step).is_some_and(|step| step.kind == StepKind::Router) {
                    routers.insert((trace, key.clone()));
                }
            }
            EventKind::RouteChosen { arm } => {
                rule("an arm is chosen once, by a router that succeeded", routers.remove(&(trace, key.clone())), said)?;
                done.insert((trace, spot.run.clone(), spot.step), Some(*arm));
            }
            EventKind::JoinComplete { .. } => {
                rule("a join waits for its branches", may_meet(&spot, trace, &done), said)?;
                done.insert((trace, spot.run.clone(), spot.step), None);
            }
            _ => {}
        }
    }
    Ok(())
}

/// Whether it is known that the step before `edge` is done, as far as the listing tells.
fn is_done(spot: &Spot, edge: &EdgeInfo, trace: u128, done: &Done) -> Option<bool> {
    let before = &spot.info.0.steps[edge.from];
    let here = spot.info.step(spot.step)?;
    let told = match before.kind {
        StepKind::Input | StepKind::Output | StepKind::Drop | StepKind::Map { .. } => false,
        StepKind::Node | StepKind::Router => before.policy.is_some() && before.flow.is_none(),
        StepKind::Join | StepKind::First | StepKind::Settle | StepKind::JoinK { .. } => true,
    };
    let apart = before.around != here.around || matches!(before.entry, StepEntry::Batch { .. });
    if !told || apart || before.name == "absent" {
        return None;
    }
    let came = done.get(&(trace, spot.run.clone(), before.place?));
    match (before.kind, came, edge.when.label()) {
        (StepKind::Router, Some(Some(arm)), Some(label)) if is_name(label) => Some(*arm == label),
        (_, came, _) => Some(came.is_some()),
    }
}

fn is_name(label: &str) -> bool {
    label.chars().all(|c| c.is_alphanumeric() || c == '_')
}

fn edges_to(spot: &Spot) -> impl Iterator<Item = &'static EdgeInfo> {
    let index = spot.info.index(spot.step);
    spot.info.0.edges.iter().filter(move |edge| Some(edge.to) == index)
}

/// Whether one of the steps before it is done, or may be.
fn may_start(spot: &Spot, trace: u128, done: &Done) -> bool {
    let mut before = edges_to(spot).map(|edge| is_done(spot, edge, trace, done)).peekable();
    // What stands in a batch runs under an id of its own.
    let batched = spot.info.step(spot.step).is_none_or(|step| matches!(step.entry, StepEntry::Batch { .. }));
    batched || before.peek().is_none() || before.any(|done| done != Some(false))
}

/// Whether enough branches of a join are done, or may be.
fn may_meet(spot: &Spot, trace: u128, done: &Done) -> bool {
    let before: Vec<Option<bool>> = edges_to(spot).map(|edge| is_done(spot, edge, trace, done)).collect();
    let able = before.iter().filter(|done| **done != Some(false)).count();
    match spot.info.step(spot.step).map(|step| step.kind) {
        Some(StepKind::JoinK { k }) => able >= k.min(before.len()),
        Some(StepKind::First) => able >= 1,
        // A branch may end in one of several arms that meet here, so all edges of a router count as one.
        Some(StepKind::Join) => able == before.len() || before.len() > branches(spot),
        _ => true,
    }
}

/// How many steps lead to a join: as many as its branches, where no arms meet in it.
fn branches(spot: &Spot) -> usize {
    let labelled = |edge: &&EdgeInfo| edge.when.label().is_some();
    if edges_to(spot).any(|edge| labelled(&edge)) { 0 } else { edges_to(spot).count() - arms_that_meet(spot) }
}

/// How many of the steps before a join stand on an arm of a router, so that not all of them need run.
fn arms_that_meet(spot: &Spot) -> usize {
    edges_to(spot).filter(|edge| is_behind_an_arm(spot.info, edge.from)).count()
}

fn is_behind_an_arm(info: Listed, step: usize) -> bool {
    let (mut seen, mut open) = (BTreeSet::new(), vec![step]);
    while let Some(step) = open.pop() {
        for edge in info.0.edges.iter().filter(|edge| edge.to == step) {
            if info.0.steps[edge.from].kind == StepKind::Router {
                return true;
            }
            if seen.insert(edge.from) {
                open.push(edge.from);
            }
        }
    }
    false
}

/// Whether a router before it has chosen an arm that does not lead here, and no other way does.
fn is_on_another_arm(spot: &Spot, trace: u128, done: &Done) -> bool {
    let Some(here) = spot.info.index(spot.step) else { return false };
    spot.info.0.steps.iter().enumerate().filter(|(_, step)| step.kind == StepKind::Router).any(|(index, router)| {
        let chosen = router.place.and_then(|place| done.get(&(trace, spot.run.clone(), place)).copied().flatten());
        let Some(arm) = chosen else { return false };
        let ways = |edge: &&EdgeInfo| edge.from == index && edge.when.label().is_some_and(is_name);
        let of = |arm_too: bool| {
            let to =
                spot.info.0.edges.iter().filter(ways).filter(move |edge| (edge.when.label() == Some(arm)) == arm_too);
            to.map(|edge| edge.to).collect::<Vec<_>>()
        };
        !of(true).is_empty()
            && leads_to(spot.info, of(false), here)
            && !leads_to(spot.info, of(true), here)
            && leads_only_by(spot.info, index, here)
    })
}

fn leads_to(info: Listed, from: Vec<usize>, to: usize) -> bool {
    let (mut seen, mut open) = (BTreeSet::new(), from);
    while let Some(step) = open.pop() {
        if step == to {
            return true;
        }
        if seen.insert(step) {
            open.extend(forward(info, step));
        }
    }
    false
}

fn forward(info: Listed, step: usize) -> impl Iterator<Item = usize> {
    info.0.edges.iter().filter(move |edge| edge.from == step && edge.when.label() != Some("Again")).map(|edge| edge.to)
}

/// Whether each way from the beginning to `to` passes the step `by`.
fn leads_only_by(info: Listed, by: usize, to: usize) -> bool {
    let (mut seen, mut open) = (BTreeSet::from([by]), vec![0]);
    while let Some(step) = open.pop() {
        if step == to {
            return false;
        }
        if seen.insert(step) {
            open.extend(forward(info, step));
        }
    }
    true
}

/// Counts the items of each map that run at once.
fn count_items(
    history: &History,
    event: &FlowEvent,
    key: &str,
    running: &mut BTreeMap<(u128, String), BTreeMap<String, i64>>,
) -> Result<(), Breach> {
    let step = match &event.kind {
        EventKind::NodeStart => 1,
        _ if event.ends_attempt() => -1,
        _ => return Ok(()),
    };
    for (map, item) in items(key) {
        let items = running.entry((event.trace_id.as_u128(), map.to_owned())).or_default();
        *items.entry(item.to_owned()).or_default() += step;
        let most =
            spot(history.info, map).and_then(|spot| spot.info.step(spot.step)).and_then(|step| match step.kind {
                StepKind::Map { at_once, .. } => Some(at_once),
                _ => None,
            });
        let now = items.values().filter(|count| **count > 0).count();
        rule("no more items at once than the map says", most.is_none_or(|most| now <= most), || {
            format!("trace {}: {now} items of the map at {map}", number(event.trace_id))
        })?;
    }
    Ok(())
}
