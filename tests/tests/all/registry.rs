//! Named flows and nodes are listed, with all that a reader, a drawing and a deploy check need.

use penguiflow::prelude::*;
use penguiflow::{FlowInfo, NodeInfo, Validation, flows, nodes};
use std::time::Duration;

#[message]
struct Asked {
    text: String,
}

#[message(no_schema, no_serde)]
struct Bare;

/// Looks
/// things up.
#[node(retries = 3, timeout = "2s", concurrency = 16, rate = "100/s")]
async fn registry_search(a: Asked) -> Asked {
    a
}

#[node(name = "registry-tidy")]
fn registry_tidy(a: Asked) -> Bare {
    drop(a);
    Bare
}

#[node]
fn registry_last(_: Bare) -> u32 {
    1
}

#[router]
fn registry_choose(a: &Asked) -> bool {
    a.text.is_empty()
}

#[controller(turns = 3)]
fn registry_turn(a: Asked) -> Step<Asked, Asked> {
    Step::Done(a)
}

flow! {
    /// Answers.
    registry_answers(Asked) -> u32 { registry_search -> registry_turn -> registry_tidy -> registry_last }
}

flow! { registry_chooses(Asked) -> Asked { registry_choose { true -> registry_search, false -> drop } } }

flow! { registry_twin(Asked) -> Asked { registry_choose { true -> registry_search, false -> drop } } }

flow! { registry_other(Asked) -> Asked { registry_search -> registry_choose { true -> registry_turn, false -> drop } } }

fn flow(name: &str) -> &'static FlowInfo {
    flows().find(|flow| flow.name == name).expect("is listed")
}

fn node(name: &str) -> &'static NodeInfo {
    let mut found = nodes().filter(|node| node.name == name);
    let node = found.next().expect("is listed");
    assert!(found.next().is_none(), "{name} is listed twice");
    node
}

/// semantics:38, core:AC-4.3
#[test]
fn a_node_is_listed_with_its_name_docs_policy_and_schemas() {
    let search = node("registry_search");
    assert_eq!((search.docs, search.module), ("Looks\nthings up.", module_path!()));
    assert_eq!((search.policy.retries, search.policy.timeout), (3, Some(Duration::from_secs(2))));
    assert_eq!((search.policy.concurrency, search.policy.validate), (Some(16), Validation::None));
    let input = search.input.expect("its message has a schema")();
    assert!(input.as_value().to_string().contains("\"text\""), "{input:?}");
    let tidy = node("registry-tidy");
    assert!(tidy.input.is_some() && tidy.output.is_none() && tidy.docs.is_empty());
    assert!(node("registry_choose").output.is_some() && node("registry_turn").output.is_some());
    assert!(nodes().all(|node| node.name != "registry_missing"));
}

/// semantics:38
#[test]
fn a_flow_is_listed_with_its_name_docs_picture_and_schemas() {
    let answers = flow("registry_answers");
    assert_eq!((answers.docs, answers.module), ("Answers.", module_path!()));
    assert!(answers.input.is_some() && answers.output.is_some());
    assert!(answers.mermaid.starts_with("flowchart TD\n"), "{}", answers.mermaid);
    for name in ["registry_search", "registry_turn", "registry_tidy", "registry_last"] {
        assert_eq!(answers.mermaid.matches(&format!("\"{name}")).count(), 1, "{}", answers.mermaid);
    }
}

/// semantics:38, core:W-7
#[test]
fn several_flows_of_one_program_are_all_listed_and_their_order_is_as_drawn() {
    let names = ["registry_answers", "registry_chooses", "registry_twin", "registry_other"];
    assert!(names.iter().all(|name| flows().filter(|flow| flow.name == *name).count() == 1));
    let picture = flow("registry_answers").mermaid;
    let at = |name: &str| picture.find(&format!("\"{name}")).expect("is drawn");
    assert!(at("registry_search") < at("registry_turn") && at("registry_turn") < at("registry_tidy"));
}

/// semantics:38: what a deploy check compares.
#[test]
fn a_fingerprint_changes_with_the_graph() {
    assert_ne!(flow("registry_chooses").fingerprint, flow("registry_other").fingerprint);
    assert_ne!(flow("registry_answers").fingerprint, flow("registry_chooses").fingerprint);
}
