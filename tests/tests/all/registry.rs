//! The program's list of nodes and flows tells what each of them is, without running anything.

use penguiflow::clock::{millis, secs};
use penguiflow::prelude::*;
use penguiflow::{Backoff, Effect, FlowInfo, Jitter, NodeInfo, OnCancel, Policy, flows, nodes};

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

const PICTURE: &str = r#"flowchart TD
    n0(["Question"])
    n1["look_up"]
    n2{"judge"}
    n3["polish"]
    n4(("drop"))
    n5["seal"]
    n6["open"]
    n7["polish as twin"]
    n8{{"join_k(1)"}}
    n9[["map(open_up, 2)"]]
    n10["pick"]
    n11(["Answer"])
    n0 --> n1
    n1 --> n2
    n2 -->|Good| n3
    n2 -->|Poor| n4
    n3 --> n5
    n5 --> n6
    n3 --> n7
    n6 --> n8
    n7 --> n8
    n8 --> n9
    n9 --> n10
    n10 --> n11
"#;

/// core:W-7, core:W-25
#[test]
fn a_flow_is_listed_with_its_docs_and_its_picture_in_the_order_of_the_source() {
    let flow = flow_in(module_path!(), "answers");
    assert_eq!(flow.docs, "Answers a question.\n\nOr says nothing.");
    assert_eq!(flow.mermaid, PICTURE);
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

/// core:W-25: signs that Mermaid reads as markup are written out, and no node takes a number or a name of another.
#[test]
fn a_picture_is_well_formed_whatever_its_types_and_nodes_are_called() {
    let picture = flow_in(module_path!(), "borrows").mermaid;
    let lines: Vec<_> = picture.lines().map(str::trim).collect();
    assert_eq!(
        lines,
        [
            "flowchart TD",
            r##"n0(["#amp;'static str"])"##,
            r#"n1["move"]"#,
            r#"n2["wrap"]"#,
            r##"n3(["Option#lt;Vec#lt;#amp;'static str#gt;#gt;"])"##,
            "n0 --> n1",
            "n1 --> n2",
            "n2 --> n3",
        ]
    );
    for flow in flows() {
        let vertices: Vec<_> =
            flow.mermaid.lines().filter(|line| line.contains('"') && line.trim().starts_with('n')).collect();
        for line in &vertices {
            let title = line.split_once('"').and_then(|(_, rest)| rest.rsplit_once('"')).map(|(title, _)| title);
            assert!(title.is_some_and(|title| !title.is_empty() && !title.contains(['"', '<', '>', '&'])), "{line}");
        }
        assert!(vertices.len() > 2, "{}", flow.mermaid);
    }
}
