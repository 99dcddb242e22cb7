//! The examples' own flows under seeds that decide what fails, waits and comes first: each holds, or the table says why it is not asked.

use crate::*;
use penguiflow::clock::Seam;
use penguiflow::message::Message;
use penguiflow::testkit::{Seen, Simulation, SimulationError, simulate};
use penguiflow::{FlowInfo, MapPolicy, Routes, flows};
use std::collections::HashMap;

/// How many seeds each flow is run under.
const SEEDS: u64 = 200;

/// A flow by its example and its name, and what simulates it.
type Row = (&'static str, &'static str, fn(&Simulation) -> Result<Seen, SimulationError>);

/// Flows that are not simulated, with the reason.
const LEFT_OUT: &[(&str, &str, &str)] = &[
    ("docs_search", "page", "reads files, on threads"),
    ("docs_search", "indexing", "reads files, on threads"),
    ("docs_search", "asking", "stands behind the library's own door, with an index that is made of files"),
    ("playbook_retrieval", "answer", "calls a started flow; both that it may call are simulated"),
    ("simulate", "trusting", "waits for what never comes: the example shows that a simulation finds it"),
];

macro_rules! simulated {
    ($($example:ident: $flow:ident $(.$with:ident($by:expr))?, $message:expr;)*) => {
        const SIMULATED: &[Row] = &[$(
            (stringify!($example), stringify!($flow), |simulation| {
                simulate(|| $example::$flow::flow()$(.$with($by))?, |n| $message(n), simulation)
            }),
        )*];
    };
}

simulated! {
    batch: embedding.with_state(batch::App { calls: batch::Calls::default(), clock: Seam::system() }), word;
    bounds: support, text;
    bounds: signed, text;
    budgets: essay.with_state(budgets::App::default()), topics;
    cancel: thinking.with_state(cancel::App { begun: <_>::default() }), word;
    cancel: work.with_state(cancel::App { begun: <_>::default() }), word;
    controller: answer, |n| json(format!(r#"{{ "facts": [], "wanted": {} }}"#, n % 7));
    fallback: answering.with_state(fallback::App::new()), word;
    fanout_join: all, word;
    fanout_join: any, word;
    general_graph: read, word;
    general_graph: tell, word;
    intake: packing, |n| json(format!(r#"{{ "number": {n}, "crates": {} }}"#, 1 + n % 7));
    map: rank, word;
    map: measure, word;
    metadata: brief, word;
    mlflow_metrics: reading, word;
    observability: find, word;
    observability: support, word;
    pipeline: storing.with_state(pipeline::App { shelf: <_>::default(), clock: Seam::system() }), number;
    playbook_retrieval: retrieval, text;
    playbook_retrieval: memory, text;
    prometheus: answering, word;
    quickstart: quickstart, text;
    reliability: reliable, word;
    replay: asking, word;
    roadmap: roadmap, text;
    routing_policy: handle.with_routing(policy()), text;
    routing_predicate: sort, |n| json(format!(r#"{{ "name": "{}" }}"#, pick(n)));
    routing_union: look_up, word;
    simulate: asking, Message::new;
    state: look_up.with_state(state::App { index: index(), lookups: <_>::default() }), word;
    stream_to_sse: replying.with_state(stream_to_sse::App::new()), word;
    streaming_sse: chat, text;
    sub_flow: retrieval, text;
    sub_flow: answer, word;
    testkit_demo: asking, word;
    traceable_errors: survey, number;
    tracing_spans: asking, word;
    tracing_spans: answering, word;
    visualizer: find, |n| json(format!(r#""{}""#, pick(n)));
    visualizer: support, |n| json(format!(r#""{}""#, pick(n)));
}

/// One of the words that lead into the examples' arms.
fn pick(n: u64) -> &'static str {
    const WORDS: &[&str] =
        &["krill", "", "antarctic krill", "walrus", "metrics", "a crash", "web:ice", "sql:penguins", " "];
    WORDS[(n % WORDS.len() as u64) as usize]
}

fn word(n: u64) -> Message<String> {
    Message::new(pick(n).to_owned())
}

fn number(n: u64) -> Message<u32> {
    Message::new((n % 6) as u32)
}

fn topics(n: u64) -> Message<String> {
    const TOPICS: &[&str] = &["ice", "krill, squid", "fog", "ice, fog, krill", "a, b, c, d, e, f"];
    Message::new(TOPICS[(n % TOPICS.len() as u64) as usize].to_owned())
}

/// A message of a type that keeps its fields to itself, with a text.
fn text<T: serde::de::DeserializeOwned>(n: u64) -> Message<T> {
    json(format!(r#"{{ "text": "{}" }}"#, pick(n)))
}

fn json<T: serde::de::DeserializeOwned>(text: String) -> Message<T> {
    Message::new(serde_json::from_str(&text).expect("a message"))
}

fn policy() -> MapPolicy {
    MapPolicy::new(Routes::from_json_str(routing_policy::ROUTES).expect("routes"))
}

fn index() -> state::Index {
    state::Index(HashMap::from([("krill", vec!["antarctic", "northern"])]))
}

#[test]
fn the_flows_of_the_examples_hold_under_every_seed() {
    let seeds = std::env::var("SIMULATE_SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(SEEDS);
    let mut all = Seen::default();
    for (number, (example, flow, simulate)) in (0..).zip(SIMULATED) {
        // No two under the same seeds.
        let seen = simulate(&Simulation::seeds(number * seeds..(number + 1) * seeds));
        let seen = seen.unwrap_or_else(|why| panic!("{example}::{flow}: {why}"));
        assert!(seen.completed > 0 && seen.disturbed > 0, "{example}::{flow}: {seen:?}");
        all += seen;
    }
    assert!(all.runs >= seeds || std::env::var_os("PENGUIFLOW_SEED").is_some(), "{all:?}");
}

#[test]
fn each_flow_of_the_examples_is_simulated_or_has_a_reason_not_to_be() {
    let known = |info: &FlowInfo, example: &str, name: &str| {
        info.name == name && info.module.split("::").any(|module| module == example)
    };
    let simulated = |info: &FlowInfo| SIMULATED.iter().any(|(example, name, _)| known(info, example, name));
    let left_out = |info: &FlowInfo| LEFT_OUT.iter().any(|(example, name, _)| known(info, example, name));
    let wrong: Vec<String> = flows()
        .filter(|info| simulated(info) == left_out(info))
        .map(|info| format!("{}::{}", info.module, info.name))
        .collect();
    assert_eq!(wrong, Vec::<String>::new(), "simulate each, or say why not, and not both");
    let gone: Vec<&str> = LEFT_OUT
        .iter()
        .filter(|(example, name, _)| !flows().any(|info| known(info, example, name)))
        .map(|(_, name, _)| *name)
        .collect();
    assert_eq!(gone, Vec::<&str>::new());
}
