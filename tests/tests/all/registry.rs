//! The program's list of nodes and flows tells what each of them is, without running anything.

use penguiflow::clock::{millis, secs};
use penguiflow::prelude::*;
use penguiflow::{
    Backoff, EdgeKind, Effect, FlowInfo, Jitter, Lane, NodeInfo, OnCancel, Policy, StepInfo, StepKind, TypeName, flows,
    nodes,
};

/// What people ask.
#[message]
struct Question {
    /// In their own words.
    text: String,
}

#[message]
struct Answer {
    text: String,
    score: u8,
}

#[message]
enum Verdict {
    Good(Answer),
    Poor,
}

struct Opaque(Answer);

/// Looks it up.
///
/// More than once, if need be.
#[node(
    retries = 2,
    backoff = ("10ms", 3, "1s"),
    jitter = none,
    timeout = "1500ms",
    concurrency = 4,
    rate = "10/s",
    effect = pure,
    on_cancel = finish("5s")
)]
async fn look_up(q: Question) -> std::io::Result<Answer> {
    Ok(Answer { score: q.text.len() as u8, text: q.text })
}

#[node(name = "seal-it")]
fn seal(answer: Answer) -> Opaque {
    Opaque(answer)
}

#[node]
fn open(opaque: Message<Opaque>) -> Message<Answer> {
    opaque.map(|Opaque(answer)| answer)
}

#[router]
async fn judge(answer: Answer) -> Verdict {
    if answer.score > 3 { Verdict::Good(answer) } else { Verdict::Poor }
}

#[controller(turns = 4)]
fn polish(answer: Answer) -> Step<Answer, Answer> {
    Step::Done(answer)
}

#[cfg(any())]
#[node]
fn never_there(n: u8) -> u8 {
    n
}

flow! {
    /// Answers a question.
    ///
    /// Or says nothing.
    answers(Question) -> Answer {
        look_up -> judge { Good -> polish, Poor -> drop } -> (seal -> open, polish as twin) -> join_k(1) -> map(open_up, 2) -> pick
    }
}

#[node]
fn open_up(answer: Answer) -> Answer {
    answer
}

#[node]
fn pick(mut answers: Vec<Answer>) -> Answer {
    answers.remove(0)
}

flow! { sealed(Answer) -> Opaque { seal } }

fn listed_nodes() -> Vec<&'static NodeInfo> {
    let mut listed: Vec<_> = nodes().filter(|node| node.module == module_path!()).collect();
    listed.sort_by_key(|node| node.name);
    listed
}

#[track_caller]
fn node_named(name: &str) -> &'static NodeInfo {
    listed_nodes().into_iter().find(|node| node.name == name).expect("is listed")
}

#[track_caller]
fn flow_in(module: &str, name: &str) -> &'static FlowInfo {
    let mut found = flows().filter(|flow| flow.name == name && flow.module == module);
    let flow = found.next().expect("is listed");
    assert!(found.next().is_none(), "is listed once");
    flow
}

/// core:AC-4.3: each node is there once, under its module and its name; what `cfg` leaves out is not there.
#[test]
fn every_node_is_listed_once_with_its_module_and_its_docs() {
    let names: Vec<_> = listed_nodes().iter().map(|node| node.name).collect();
    assert_eq!(
        names,
        ["judge", "look_up", "move", "open", "open_up", "pick", "polish", "post", "seal-it", "wrap", "wrapped_up"]
    );
    assert_eq!(node_named("look_up").docs, "Looks it up.\n\nMore than once, if need be.");
    assert_eq!(node_named("open").docs, "");
    let everywhere: std::collections::BTreeSet<_> = nodes().map(|node| (node.module, node.name)).collect();
    assert!(
        everywhere.contains(&(module_path!(), "look_up")) && !everywhere.iter().any(|(_, name)| *name == "never_there")
    );
}

/// semantics:26
#[test]
fn a_node_is_listed_with_the_policy_that_its_attribute_wrote() {
    let backoff = Backoff::new().with_base(millis(10)).with_factor(3.0).with_cap(secs(1));
    let written = Policy::new()
        .with_retries(2)
        .with_backoff(backoff)
        .with_jitter(Jitter::None)
        .with_timeout(millis(1_500))
        .with_concurrency(4)
        .with_rate(10, secs(1))
        .with_effect(Effect::Pure)
        .with_on_cancel(OnCancel::Finish(secs(5)));
    assert_eq!(node_named("look_up").policy, written);
    assert_eq!(node_named("pick").policy, Policy::new());
}

/// semantics:31: a type without a schema is no obstacle, and an envelope has the schema of its payload.
#[test]
fn nodes_and_flows_have_the_schemas_of_their_types_where_these_have_one() {
    let title = |schema: Option<fn() -> penguiflow::__private::schemars::Schema>| {
        schema.map(|schema| schema().get("title").and_then(|title| title.as_str()).unwrap_or_default().to_owned())
    };
    let ends = |name| (title(node_named(name).input), title(node_named(name).output));
    let some = |name: &str| Some(name.to_owned());
    assert_eq!(ends("look_up"), (some("Question"), some("Answer")), "of the value in the `Result`");
    assert_eq!(ends("judge"), (some("Answer"), some("Verdict")));
    assert_eq!(ends("polish"), (some("Answer"), some("Answer")), "of what the loop ends with");
    assert_eq!(ends("seal-it"), (some("Answer"), None));
    assert_eq!(ends("open"), (None, some("Answer")));
    let flow = flow_in(module_path!(), "answers");
    assert_eq!((title(flow.input), title(flow.output)), (some("Question"), some("Answer")));
    let flow = flow_in(module_path!(), "sealed");
    assert_eq!((title(flow.input), title(flow.output)), (some("Answer"), None));
    let schema = flow_in(module_path!(), "answers").input.expect("has one")();
    assert_eq!(schema.get("description"), Some(&"What people ask.".into()));
    assert_eq!(schema.pointer("/properties/text/description"), Some(&"In their own words.".into()));
    assert_eq!(schema.get("required"), Some(&serde_json::json!(["text"])));
}

/// core:W-7
#[test]
fn a_flow_is_listed_with_its_docs_and_its_steps_in_the_order_of_the_source() {
    let flow = flow_in(module_path!(), "answers");
    assert_eq!(flow.docs, "Answers a question.\n\nOr says nothing.");
    let steps: Vec<_> =
        flow.steps.iter().map(|step| (step.name, step.node.filter(|node| *node != step.name))).collect();
    let expected = [
        ("input", None),
        ("look_up", None),
        ("judge", None),
        ("polish", None),
        ("drop", None),
        ("seal-it", None),
        ("open", None),
        ("twin", Some("polish")),
        ("join_k", None),
        ("open_up", None),
        ("pick", None),
        ("output", None),
    ];
    assert_eq!(steps, expected);
    let turns: Vec<_> = flow.steps.iter().filter_map(|step| step.turns.map(|turns| (step.name, turns))).collect();
    assert_eq!(turns, [("polish", 4), ("twin", 4)]);
}

/// A type is told by its name, where the flow's author can see it: at each node, and at both ends.
#[test]
fn each_step_tells_what_it_takes_and_gives() {
    let name = |name: Option<TypeName>| name.map_or_else(String::new, |name| name.to_string());
    let types = |step: &StepInfo| (name(step.takes), name(step.gives));
    let of = |step: usize| types(&flow_in(module_path!(), "answers").steps[step]);
    let both = |takes: &str, gives: &str| (takes.to_owned(), gives.to_owned());
    assert_eq!((of(0), of(11)), (both("", "Question"), both("Answer", "")));
    assert_eq!((of(2), of(3)), (both("Answer", "Verdict"), both("Answer", "Answer")), "a router, a controller");
    assert_eq!((of(8), of(9)), (both("", ""), both("Answer", "Answer")), "a join, and an item of a map");
    assert_eq!(of(10), both("Vec<Answer>", "Answer"));
    let answer = flow_in(module_path!(), "sealed").steps[1].takes.expect("a node");
    assert_eq!((answer, answer.full()), (TypeName::of::<Answer>(), std::any::type_name::<Answer>()));
    assert_ne!(answer, TypeName::of::<Opaque>());
}

/// core:AC-4.3: what `cfg` leaves out is no way, so that nothing is drawn there or counted.
#[test]
fn an_arm_that_is_not_there_in_this_build_is_no_edge() {
    let flow = flow_in(module_path!(), "with_or_without");
    let ways = flow.edges.iter().map(|edge| (edge.from, edge.to, edge.when));
    let arms: Vec<_> = ways.filter(|(_, _, when)| matches!(when, EdgeKind::Arm(_))).collect();
    assert_eq!(arms, [(1, 3, EdgeKind::Arm("Good")), (1, 5, EdgeKind::Arm("Poor"))]);
    assert_eq!((flow.steps[2].name, flow.steps[3].name), ("absent", "polish"));
    assert!(!flow.drawing().mermaid().contains("absent"));
}

flow! {
    with_or_without(Answer) -> Answer {
        judge { #[cfg(any())] Good -> not_there, #[cfg(all())] Good -> polish, #[cfg(any())] Fair -> drop, Poor -> drop }
    }
}

/// semantics:7, semantics:11: what runs beside a branch is told on the way into it.
#[test]
fn a_way_tells_what_runs_beside_it() {
    let flow = flow_in(module_path!(), "side_by_side");
    let lanes: Vec<_> =
        flow.edges.iter().map(|edge| (edge.from, edge.to, edge.lane)).filter(|way| way.2 != Lane::Same).collect();
    assert_eq!(lanes, [(1, 2, Lane::Side), (1, 3, Lane::BestEffort), (1, 4, Lane::Parallel), (1, 6, Lane::Parallel)]);
    assert!(matches!(flow.steps[8].kind, StepKind::Map { parallel: true, .. }));
}

flow! {
    side_by_side(Answer) -> Vec<Answer> {
        polish -> tee(open_up) -> tee(post, best_effort) -> parallel(open_up as left -> post as sent, open_up as right)
            -> join_k(2) -> map(open_up as each, 2, parallel)
    }
}

/// A module with the flow `same` over the nodes `one` and `two`, and its fingerprint.
macro_rules! written {
    ($($module:ident<$payload:ident> { $($flow:tt)* })+) => {
        $(mod $module {
            use penguiflow::prelude::*;
            #[node]
            fn one(n: $payload) -> $payload { n }
            #[node]
            fn two(n: $payload) -> $payload { n }
            flow! { $($flow)* }
            pub(super) fn print() -> u64 {
                super::flow_in(module_path!(), "same").fingerprint
            }
        })+
    };
}

written! {
    plain<u32> { same(u32) -> u32 { one -> two } }
    documented<u32> {
        /// Does the same.
        pub(super) same( u32 )->u32{one->
            two}
    }
    swapped<u32> { same(u32) -> u32 { two -> one } }
    longer<u32> { same(u32) -> u32 { one -> two -> one as three } }
    renamed<u32> { same(u32) -> u32 { one -> two as three } }
    retyped<u64> { same(u64) -> u64 { one -> two } }
}

/// semantics:38: what a deploy compares. The number itself must not change either: runs are stored under it.
#[test]
fn a_fingerprint_changes_with_nodes_edges_and_types_and_not_with_layout_docs_or_policies() {
    assert_eq!(documented::print(), plain::print());
    let others = [swapped::print(), longer::print(), renamed::print(), retyped::print()];
    let different: std::collections::BTreeSet<_> = others.into_iter().chain([plain::print()]).collect();
    assert_eq!(different.len(), 5);
    assert_eq!(plain::print(), 13_821_794_011_828_356_832);
}

flow! { cautious(Answer) -> Answer { budget { hops: 8 } sealed as shut -> open -> answered_by_hand } }
flow! { answered_by_hand(Answer) -> Answer { post } }

#[node(effect = irreversible)]
fn post(answer: Answer) -> Answer {
    answer
}

/// semantics:20: what runs inside is told from the outermost flow on, whatever it is called there.
#[tokio::test(start_paused = true)]
async fn a_started_flow_tells_what_it_is_and_what_its_sub_flows_are() {
    let app = flow! { look_up -> cautious -> wrapped_up -> map(cautious as each, 2) }.start().expect("starts");
    let inner = [1, 2, 3, 4].map(|step| app.info().steps[step].flow.map(|flow| (flow.name, flow.budget.hops)));
    assert_eq!(inner, [None, Some(("cautious", Some(8))), None, Some(("cautious", Some(8)))]);
    assert_eq!((app.info().name, app.info().module), ("flow", module_path!()));

    let cautious = cautious::flow().start().expect("starts").info();
    let inner = cautious.steps.iter().map(|step| (step.name, step.flow.map(|flow| flow.name)));
    let inner: Vec<_> = inner.filter(|(_, flow)| flow.is_some()).collect();
    assert_eq!(inner, [("shut", Some("sealed")), ("answered_by_hand", Some("answered_by_hand"))]);
    assert_eq!(cautious.fingerprint, flow_in(module_path!(), "cautious").fingerprint);
    assert!(cautious.irreversible && app.info().irreversible && !flow_in(module_path!(), "sealed").irreversible);
}

#[node]
fn wrapped_up(answer: Answer) -> Vec<Answer> {
    vec![answer]
}

/// semantics:21
#[tokio::test(start_paused = true)]
async fn a_flow_without_a_name_runs_and_is_not_listed() {
    let before = flows().count();
    let app = flow! { seal -> open }.start().expect("starts");
    let answer = app.call(Answer { text: "yes".into(), score: 1 }).await.expect("completes");
    assert_eq!((answer.text.as_str(), flows().count()), ("yes", before));
    assert!(flows().all(|flow| !flow.name.contains("__")));
}

flow! { borrows(&'static str) -> Option<Vec<&'static str>> { r#move -> wrap } }

#[node]
fn r#move(text: &'static str) -> &'static str {
    text
}

#[node]
fn wrap(text: &'static str) -> Option<Vec<&'static str>> {
    Some(vec![text])
}
