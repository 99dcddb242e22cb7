//! Says in words what stands on a step or an edge, as the user would write it. Escapes nothing.

use crate::graph::topology::ways::{EdgeInfo, Lane};
use crate::graph::topology::{FlowInfo, StepEntry, StepInfo, StepKind};
use crate::graph::type_name::TypeName;
use crate::money::Money;
use crate::policy::{Backoff, Effect, Jitter, OnCancel, Policy, Rate, Validation};
use std::time::Duration;

/// What the flow is called, and what each of its runs may spend.
pub(super) fn flow(flow: &FlowInfo) -> Vec<String> {
    [flow.name.to_owned()].into_iter().chain(budget(flow)).collect()
}

/// What the step is, its name first.
pub(super) fn step(step: &StepInfo) -> Vec<String> {
    let mut lines = vec![title(step)];
    if let StepKind::Map { limit, .. } = step.kind {
        lines.push(format!("limit = {limit}"));
    }
    lines.extend(step.asks.map(|policy| format!("with {policy}")));
    match step.flow {
        Some(flow) => {
            // Of a step that is a flow the shape says so.
            lines.extend(matches!(step.kind, StepKind::Map { .. }).then(|| "a flow for each item".to_owned()));
            lines.extend(budget(flow));
            lines.extend(flow.irreversible.then(|| effect(Effect::Irreversible)));
        }
        // A flow has no attempts, and no policy.
        None => lines.extend(step.policy.as_ref().map(policy).unwrap_or_default()),
    }
    lines
}

/// What a message passes on this way: the arm or turn that leads here, a branch, an entry.
pub(super) fn edge(edge: &EdgeInfo, to: &StepInfo) -> Vec<String> {
    let lane = match edge.lane {
        Lane::Same => None,
        Lane::Parallel => Some("parallel"),
        Lane::Side => Some("tee"),
        Lane::BestEffort => Some("tee, best_effort"),
    };
    let entry = match to.entry {
        StepEntry::Straight => None,
        StepEntry::Queue { capacity, workers: 1 } => Some(format!("queue({capacity})")),
        StepEntry::Queue { capacity, workers } => Some(format!("queue({capacity}, workers = {workers})")),
        StepEntry::Batch { size, linger } => Some(format!("batch({size}, {linger:?})")),
    };
    [edge.when.label(), lane].into_iter().flatten().map(str::to_owned).chain(entry).collect()
}

/// The title of a loop's box.
pub(super) fn repeat(turns: u32) -> String {
    format!("repeat(turns = {turns})")
}

/// How often a controller runs.
pub(super) fn turns(turns: u32) -> String {
    format!("turns = {turns}")
}

fn title(step: &StepInfo) -> String {
    let name = match step.node {
        Some(node) if node != step.name => format!("{node} as {}", step.name),
        Some(_) | None => step.name.to_owned(),
    };
    let of_type = |of: Option<TypeName>| of.map_or_else(|| step.name.to_owned(), |name| name.to_string());
    match step.kind {
        StepKind::Input => of_type(step.gives),
        StepKind::Output => of_type(step.takes),
        StepKind::Map { at_once, parallel: false, .. } => format!("map({name}, {at_once})"),
        StepKind::Map { at_once, parallel: true, .. } => format!("map({name}, {at_once}, parallel)"),
        StepKind::JoinK { k } => format!("join_k({k})"),
        StepKind::Drop | StepKind::Node | StepKind::Router | StepKind::Join | StepKind::First | StepKind::Settle => {
            name
        }
    }
}

/// `budget { hops: 64, deadline: 30s }`, if anything is limited.
fn budget(flow: &FlowInfo) -> Option<String> {
    let limits = [
        flow.budget.hops.map(|hops| format!("hops: {hops}")),
        flow.budget.tokens.map(|tokens| format!("tokens: {tokens}")),
        flow.budget.usd.map(|usd| format!("usd: {}", usd.to_string().trim_start_matches('$'))),
        flow.deadline.map(|deadline| format!("deadline: {deadline:?}")),
    ];
    let limits: Vec<String> = limits.into_iter().flatten().collect();
    (!limits.is_empty()).then(|| format!("budget {{ {} }}", limits.join(", ")))
}

/// What the policy says that is not the default, a line each.
fn policy(policy: &Policy) -> Vec<String> {
    let Policy { retries, backoff: waits, timeout, concurrency, rate: starts, cost, validate, effect: does, on_cancel } =
        *policy;
    let default = Policy::new();
    let (plain, jittered) = (Backoff { jitter: default.backoff.jitter, ..waits }, waits.jitter);
    let validate = match validate {
        Validation::None => None,
        Validation::In => Some("validate = in"),
        Validation::Out => Some("validate = out"),
        Validation::Both => Some("validate = both"),
    };
    let jitter = match jittered {
        Jitter::Full => None,
        Jitter::None => Some("jitter = none"),
    };
    let on_cancel = match on_cancel {
        OnCancel::Drop => None,
        OnCancel::Finish(grace) => Some(format!("on_cancel = finish({grace:?})")),
    };
    let lines = [
        (retries > 0).then(|| format!("retries = {retries}")),
        (plain != default.backoff).then(|| backoff(waits)),
        jitter.map(str::to_owned),
        timeout.map(|timeout| format!("timeout = {timeout:?}")),
        concurrency.map(|concurrency| format!("concurrency = {concurrency}")),
        starts.map(rate),
        (cost.tokens > 0).then(|| format!("tokens = {}", cost.tokens)),
        (cost.usd > Money::ZERO).then(|| format!("usd = {}", cost.usd.to_string().trim_start_matches('$'))),
        validate.map(str::to_owned),
        (does != default.effect).then(|| effect(does)),
        on_cancel,
    ];
    lines.into_iter().flatten().collect()
}

/// `backoff = (10ms, 3, 1s)`.
fn backoff(Backoff { base, factor, cap, .. }: Backoff) -> String {
    let cap = cap.map_or_else(String::new, |cap| format!(", {cap:?}"));
    format!("backoff = ({base:?}, {factor}{cap})")
}

/// `rate = 10/s`.
fn rate(Rate { count, per }: Rate) -> String {
    const SECOND: Duration = Duration::from_secs(1);
    const MINUTE: Duration = Duration::from_secs(60);
    const HOUR: Duration = Duration::from_secs(3_600);
    match per {
        SECOND => format!("rate = {count}/s"),
        MINUTE => format!("rate = {count}/m"),
        HOUR => format!("rate = {count}/h"),
        per => format!("rate = {count}/{per:?}"),
    }
}

fn effect(effect: Effect) -> String {
    let effect = match effect {
        Effect::Pure => "pure",
        Effect::Idempotent => "idempotent",
        Effect::Keyed => "keyed",
        Effect::Irreversible => "irreversible",
    };
    format!("effect = {effect}")
}
