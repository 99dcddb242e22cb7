//! Routing policies: what they see, what they may do with an arm, how they are read, and what keeps a flow from starting.

use crate::kit::{App, Oops, Tally, failure, forever, settle};
use penguiflow::clock::millis;
use penguiflow::prelude::*;
use penguiflow::{
    BoxError, KeepOrDrop, MapPolicy, NoSuchArm, Proposal, Reroute, RouteKey, Routes, RoutesError, RoutingPolicy,
    StartError,
};
use std::error::Error as _;

#[message]
enum Branch {
    Left,
    Right,
    Middle(String),
}
#[router]
fn branch(text: String, State(tally): State<'_, Tally>) -> Branch {
    tally.note("branch");
    match text.as_str() {
        "left" => Branch::Left,
        "right" => Branch::Right,
        _ => Branch::Middle(text + "!"),
    }
}
#[node]
fn left(text: String, State(tally): State<'_, Tally>) -> String {
    tally.note("left");
    format!("left: {text}")
}
#[node]
fn right(text: String, State(tally): State<'_, Tally>) -> String {
    tally.note("right");
    format!("right: {text}")
}

flow! { mapped(String) -> String { branch with MapPolicy { Left -> left, Right -> right, Middle -> left } } }

fn of(tenant: &str, text: &str) -> Message<String> {
    Message::new(text.to_owned()).with_tenant(tenant)
}

// === what a policy does with an arm ===

#[tokio::test(start_paused = true)]
async fn one_graph_with_two_policies_takes_two_ways() {
    let policies = [
        (Routes::by_tenant().with_route("acme", "Left"), "left: right", ["branch", "left"]),
        (Routes::by_tenant().with_route("acme", "Right"), "right: right", ["branch", "right"]),
    ];
    for (routes, answer, notes) in policies {
        let (app, tally) = App::new();
        let flow = mapped::flow().with_state(app).with_routing(MapPolicy::new(routes)).start().expect("starts");
        assert_eq!(flow.call(of("acme", "right")).await.expect("answers"), answer);
        assert_eq!(tally.notes(), notes);
    }
}

#[tokio::test(start_paused = true)]
async fn an_arm_that_is_taken_instead_gets_what_the_proposed_one_would_have_got() {
    let (app, _) = App::new();
    let routes = Routes::by_topic().with_default("Right");
    let flow = mapped::flow().with_state(app).with_routing(MapPolicy::new(routes)).start().expect("starts");
    let message = of("acme", "else").with_meta("lang", "en");
    assert_eq!(flow.call(message).await.expect("answers"), "right: else!");
}

#[tokio::test(start_paused = true)]
async fn a_policy_drops_one_trace_and_passes_the_others_unchanged() {
    let (app, tally) = App::new();
    let routes = Routes::by_tenant().with_route("evil", Reroute::Drop);
    let flow = mapped::flow().with_state(app).with_routing(MapPolicy::new(routes)).start().expect("starts");
    let (evil, acme) = (flow.call(of("evil", "left")).await, flow.call(of("acme", "left")).await);
    assert!(matches!(evil, Err(Stop::Dropped { at }) if &*at == "branch.Left by MapPolicy"));
    assert_eq!(acme.expect("answers"), "left: left");
    assert_eq!(flow.call("right".to_owned()).await.expect("has no tenant"), "right: right");
    assert_eq!(tally.notes(), ["branch", "branch", "left", "branch", "right"]);
    assert_eq!(flow.counts().dropped, 1);
}

/// A policy for arms of different types: notes what it sees, and answers by the tenant's name.
struct Watch(Tally);

impl RoutingPolicy for Watch {
    type Answer = KeepOrDrop;

    #[expect(clippy::panic, reason = "the test is about it")]
    async fn decide(&self, proposal: &Proposal<'_>) -> Result<KeepOrDrop, BoxError> {
        let tenant = proposal.headers().tenant().unwrap_or_default();
        self.0.note(format!("{}.{} of {:?} for {tenant}", proposal.router(), proposal.arm(), proposal.arms()));
        self.0.note(proposal.trace_id().to_string());
        match tenant {
            "drop" => Ok(KeepOrDrop::Drop),
            "fail" => Err(Oops(3).into()),
            "panic" => panic!("no tenant"),
            "hang" => {
                let _inside = self.0.enter();
                forever().await;
                Ok(KeepOrDrop::Keep)
            }
            _ => Ok(KeepOrDrop::Keep),
        }
    }
}

#[message]
enum Sort {
    Text(String),
    Number(u32, bool),
}
#[router]
fn sort(text: String) -> Sort {
    text.parse().map_or(Sort::Text(text), |number| Sort::Number(number, true))
}
#[node]
fn say(text: String) -> String {
    text
}
#[node]
fn count((number, _): (u32, bool)) -> String {
    format!("{number} of them")
}
flow! { sorted(String) -> String { sort as sorter with Watch { Text -> say, Number -> count } } }
flow! { around(String) -> String { sorted -> say } }

#[tokio::test(start_paused = true)]
async fn a_policy_sees_router_arm_arms_headers_and_trace() {
    let tally = Tally::default();
    let flow = sorted::flow().with_routing(Watch(tally.clone())).start().expect("starts");
    let trace = flow.emit(of("acme", "7")).await.expect("lets it in");
    let id = trace.id().to_string();
    assert_eq!(trace.result().await.into_result().expect("keeps"), "7 of them");
    assert_eq!(tally.notes(), [r#"sorter.Number of ["Text", "Number"] for acme"#.to_owned(), id]);
}

#[tokio::test(start_paused = true)]
async fn a_policy_that_takes_no_other_arm_stands_where_arms_take_different_types() {
    let flow = sorted::flow().with_routing(Watch(Tally::default())).start().expect("starts");
    assert_eq!(flow.call(of("acme", "krill")).await.expect("keeps"), "krill");
    let dropped = flow.call(of("drop", "7")).await.expect_err("drops");
    assert_eq!(dropped.to_string(), "dropped at sorter.Number by Watch");
}

#[tokio::test(start_paused = true)]
async fn a_policy_that_fails_or_panics_fails_the_trace_at_its_router() {
    let flow = around::flow().with_routing(Watch(Tally::default())).start().expect("starts");
    let error = failure(flow.call(of("fail", "7")).await.expect_err("fails"));
    assert_eq!((error.path(), error.place(), error.code()), ("around › sorted › sorter", "0/0", "NODE_EXCEPTION"));
    assert_eq!(error.source().and_then(|source| source.downcast_ref()), Some(&Oops(3)));
    let error = failure(flow.call(of("panic", "7")).await.expect_err("fails"));
    assert_eq!((error.path(), error.place(), error.code()), ("around › sorted › sorter", "0/0", "NODE_PANIC"));
    assert_eq!(flow.call(of("acme", "7")).await.expect("goes on"), "7 of them");
}

#[tokio::test(start_paused = true)]
async fn a_policy_that_waits_ends_with_its_trace() {
    let tally = Tally::default();
    let flow = sorted::flow().with_routing(Watch(tally.clone())).start().expect("starts");
    let trace = flow.emit(of("hang", "7")).await.expect("lets it in");
    settle().await;
    assert_eq!(tally.live(), 1);
    trace.cancel();
    assert!(matches!(trace.result().await, Ending::Cancelled));
    let late = flow.call(of("hang", "7").with_deadline(millis(10))).await;
    assert!(matches!(late, Err(Stop::DeadlineExceeded)), "{late:?}");
    assert_eq!((tally.calls(), tally.live(), flow.in_flight()), (2, 0, 0));
}

/// Takes whatever arm the tenant is called.
struct Obey;

impl RoutingPolicy for Obey {
    type Answer = Reroute;

    async fn decide(&self, proposal: &Proposal<'_>) -> Result<Reroute, BoxError> {
        Ok(proposal.headers().tenant().map_or(Reroute::Keep, Reroute::from))
    }
}

#[node]
fn is_long(text: String) -> Option<String> {
    (text.len() > 4).then_some(text)
}
#[router]
fn long(text: String) -> Option<String> {
    is_long(text)
}
#[message]
enum Judged {
    Good,
    #[cfg(any())]
    Never,
    Bad,
}
#[router]
fn judge(text: String) -> Judged {
    if text.len() > 4 { Judged::Good } else { Judged::Bad }
}
flow! {
    obeying(String) -> String {
        judge with Obey {
            #[cfg(any())]
            Never -> nobody with Nothing { A -> b },
            Good -> say,
            Bad -> done,
        } -> repeat(turns = 2) { turn }
    }
}
#[node]
fn turn(text: String) -> Step<String, String> {
    Step::Done(format!("{text}."))
}
flow! { by_option(String) -> String { long with Obey { Some -> say, None -> left_alone } } }
#[node]
fn left_alone(text: String) -> String {
    format!("short: {text}")
}

#[tokio::test(start_paused = true)]
async fn arms_under_a_condition_arms_that_leave_and_arms_of_option_can_be_taken_instead() {
    let flow = obeying::flow().with_routing(Obey).start().expect("starts");
    assert_eq!(flow.call(of("Bad", "krill")).await.expect("leaves"), "krill");
    assert_eq!(flow.call(of("Good", "ice")).await.expect("goes on"), "ice.");
    let flow = by_option::flow().with_routing(Obey).start().expect("starts");
    assert_eq!(flow.call(of("None", "krill")).await.expect("answers"), "short: krill");
    assert_eq!(flow.call(of("Some", "ice")).await.expect("answers"), "ice");
}

#[tokio::test(start_paused = true)]
async fn an_arm_that_the_router_has_not_fails_the_trace_and_names_the_nearest() {
    let flow = by_option::flow().with_routing(Obey).start().expect("starts");
    let error = failure(flow.call(of("Non", "krill")).await.expect_err("fails"));
    assert_eq!(error.to_string(), "by_option › long, after 0 ms: `long` has no arm `Non`: did you mean `None`?");
    let source = error.source().and_then(|source| source.downcast_ref::<NoSuchArm>()).expect("is typed");
    assert_eq!(
        (source.router, source.nearest, source.arms.as_slice()),
        ("long", Some("None"), ["Some", "None"].as_slice())
    );
}

// === what keeps a flow from starting ===

#[tokio::test(start_paused = true)]
async fn a_flow_does_not_start_without_its_policies_nor_with_arms_that_it_has_not() {
    let missing = around::flow().start().expect_err("lacks a policy");
    assert_eq!(missing, StartError::NoRoutingPolicy { router: "sorter", policy: "Watch" });
    assert_eq!(missing.to_string(), "`sorter` asks the policy `Watch`: give it by `.with_routing(…)`");
    let unused = around::flow().with_routing(Watch(Tally::default())).with_routing(Obey).start();
    assert!(
        matches!(unused, Err(StartError::UnusedRoutingPolicy { policy, flow: "around" }) if policy.ends_with("Obey"))
    );
    let policy = |routes| mapped::flow().with_state(App::new().0).with_routing(MapPolicy::new(routes));
    let unknown = policy(Routes::by_tenant().with_route("acme", "Midle")).start().expect_err("names no arm");
    assert_eq!(
        unknown.to_string(),
        "the policy `MapPolicy` cannot be used: `branch` has no arm `Midle`: did you mean `Middle`?"
    );
    let unknown = policy(Routes::by_tenant().with_default("Up")).start().expect_err("names no arm");
    assert!(
        unknown.to_string().ends_with("`branch` has no arm `Up`: it has `Left`, `Right` and `Middle`"),
        "{unknown}"
    );
}

// === maps ===

#[tokio::test(start_paused = true)]
async fn routes_change_while_the_flow_runs_and_wrong_ones_change_nothing() {
    let (app, _) = App::new();
    let policy = MapPolicy::new(Routes::by_tenant().with_route("vip", "Left"));
    let flow = mapped::flow().with_state(app).with_routing(policy.clone()).start().expect("starts");
    assert_eq!(flow.call(of("vip", "right")).await.expect("answers"), "left: right");
    policy.replace(policy.routes().with_route("vip", "Right").with_default(Reroute::Drop)).expect("has these arms");
    assert_eq!(flow.call(of("vip", "left")).await.expect("answers"), "right: left");
    assert!(matches!(flow.call(of("else", "left")).await, Err(Stop::Dropped { .. })));
    let wrong = policy.replace(Routes::by_tenant().with_route("vip", "Rihgt")).expect_err("names no arm");
    assert_eq!(wrong.to_string(), "`branch` has no arm `Rihgt`: did you mean `Right`?");
    assert_eq!(flow.call(of("vip", "left")).await.expect("answers"), "right: left");
}

struct Second;
type ByTopic = MapPolicy<Second>;
flow! { twice(String) -> String { branch with MapPolicy { Left -> left, Right -> right, Middle -> left } -> judge with ByTopic { Good -> say, Bad -> left_alone } } }

#[tokio::test(start_paused = true)]
async fn two_maps_in_one_flow_are_told_apart_by_their_names() {
    let (app, _) = App::new();
    let flow =
        twice::flow().with_state(app).with_routing(MapPolicy::new(Routes::by_tenant().with_route("acme", "Right")));
    let flow = flow.with_routing(ByTopic::named(Routes::by_topic().with_route("all", "Bad"))).start().expect("starts");
    assert_eq!(flow.call(of("acme", "left").with_topic("all")).await.expect("answers"), "short: right: left");
}

#[tokio::test(start_paused = true)]
async fn a_trace_is_routed_by_its_id_and_whatever_has_no_value_by_the_default() {
    let (app, _) = App::new();
    let id = penguiflow::clock::Seam::seeded(1).trace_id();
    let policy = MapPolicy::new(Routes::by_trace().with_route(id.to_string(), "Right").with_default("Middle"));
    let flow = mapped::flow().with_state(app).with_routing(policy).start().expect("starts");
    assert_eq!(flow.call(of("acme", "left").with_trace_id(id)).await.expect("answers"), "right: left");
    assert_eq!(flow.call(of("acme", "right")).await.expect("answers"), "left: right");
    let none = Routes::by_topic().with_route("a", "Left").answer(None);
    assert_eq!((none, Routes::new(RouteKey::Topic).answer(Some("a"))), (Reroute::Keep, Reroute::Keep));
}

#[test]
fn routes_are_read_from_a_text_and_from_a_file() {
    let text = r#"{ "key": "topic", "routes": { "a": "Left", "b": "drop", "c": "keep" }, "default": "drop" }"#;
    let expected = Routes::by_topic().with_route("a", "Left").with_route("b", Reroute::Drop);
    let expected = expected.with_route("c", Reroute::Keep).with_default(Reroute::Drop);
    assert_eq!(Routes::from_json_str(text).expect("is well-formed"), expected);
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
    let path = folder.join("routes_of_a_policy.json");
    std::fs::write(&path, text).expect("can be written");
    assert_eq!(Routes::from_file(&path).expect("is well-formed"), expected);
    let gone = Routes::from_file(folder.join("gone.json")).expect_err("is not there");
    assert!(gone.to_string().ends_with("gone.json`") && gone.source().is_some(), "{gone}");
    let unset = Routes::from_env("PENGUIFLOW_NO_SUCH_ROUTES").expect_err("is not set");
    assert_eq!(unset.to_string(), "the environment variable `PENGUIFLOW_NO_SUCH_ROUTES` is not set");
    assert!(matches!(Routes::from_env("PATH"), Err(RoutesError::Malformed { line: 1, .. })));
}

#[test]
fn routes_are_read_from_the_environment() {
    let (name, variable) = ("routing_policies::routes_are_read_from_the_environment", "PENGUIFLOW_TEST_ROUTES");
    if std::env::var_os(variable).is_some() {
        assert_eq!(Routes::from_env(variable).expect("is well-formed"), Routes::by_tenant().with_route("acme", "Left"));
        return;
    }
    // A process cannot safely change its own environment, so the test runs once more in another one.
    let program = std::env::current_exe().expect("runs");
    let text = r#"{ "key": "tenant", "routes": { "acme": "Left" } }"#;
    let run = std::process::Command::new(program).args(["--exact", name]).env(variable, text).output().expect("runs");
    let told = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success() && told.contains("1 passed"), "{told}");
}

#[test]
fn each_fault_of_a_text_is_told_with_its_place() {
    let faults = [
        ("", "EOF while parsing a value (line 1, column 0)"),
        ("[]", "invalid type: sequence, expected an object with `key` and `routes` (line 1, column 0)"),
        (
            "\"tenant\"",
            "invalid type: string \"tenant\", expected an object with `key` and `routes` (line 1, column 8)",
        ),
        ("{}", "`key` is missing: write `\"key\": \"tenant\"` (line 1, column 2)"),
        (r#"{"key":"tenant"}"#, "`routes` is missing: write `\"routes\": { … }` (line 1, column 16)"),
        (r#"{"key":"tennant","routes":{}}"#, "there is no key `tennant`: did you mean `tenant`? (line 1, column 16)"),
        (
            r#"{"key":"user","routes":{}}"#,
            "there is no key `user`: write one of `tenant`, `topic`, `trace` (line 1, column 13)",
        ),
        (
            "{\"key\":\"tenant\",\n \"rotues\":{}}",
            "there is no field `rotues`: did you mean `routes`? (line 2, column 9)",
        ),
        (r#"{"key":"topic","key":"topic","routes":{}}"#, "`key` is given twice (line 1, column 28)"),
        (r#"{"key":"topic","routes":{"a":"X","a":"Y"}}"#, "`a` has a route already (line 1, column 41)"),
        (r#"{"key":"topic","routes":{"a":""}}"#, "a route is `keep`, `drop` or the name of an arm (line 1, column 32)"),
        (r#"{"key":"topic","routes":{"a":7}}"#, "invalid type: integer `7`, expected a string (line 1, column 30)"),
        (r#"{"key":"topic","routes":{}} x"#, "trailing characters (line 1, column 29)"),
    ];
    let told: Vec<String> =
        faults.iter().map(|(text, _)| Routes::from_json_str(text).expect_err("is wrong").to_string()).collect();
    assert_eq!(told, faults.map(|(_, words)| words));
}

#[test]
fn routes_of_any_length_are_not_read() {
    let text = " ".repeat(Routes::BYTES_MAX + 1);
    assert!(matches!(Routes::from_json_str(&text), Err(RoutesError::TooLong)));
    let routes: Vec<String> = (0..=Routes::ROUTES_MAX).map(|n| format!("\"{n}\":\"X\"")).collect();
    let text = format!("{{\"key\":\"topic\",\"routes\":{{{}}}}}", routes.join(","));
    let fault = Routes::from_json_str(&text).expect_err("is too much");
    assert!(fault.to_string().starts_with("more than 10000 routes (line 1"), "{fault}");
}
