//! Drives flows that a generator has drawn, with random failures, panics, delays, cancels, deadlines and capacities, on
//! virtual time, and compares what comes out with a plain interpreter of their graphs.

mod flows;
mod nodes;
mod run;

use penguiflow::clock::millis;
use penguiflow::prelude::*;
use penguiflow::{Budget, Limit, Options, Trace};
use penguiflow_tests::metadata;
use penguiflow_tests::proof::interpret::{Call, End, Outcome, Passing, interpret, pass};
use penguiflow_tests::proof::script::Script;
use penguiflow_tests::proof::web::{self, Web};
use penguiflow_tests::proof::{self, Flow, Line};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use run::{App, Driven, Log, end};
use std::sync::LazyLock;
use tokio::runtime::Runtime;

static DRAWN: LazyLock<Vec<Flow>> = LazyLock::new(proof::draw::flows);
static LINES: LazyLock<Vec<Line>> = LazyLock::new(proof::draw::lines);

#[test]
fn the_flows_are_those_that_are_drawn() {
    let path = metadata::root().join("tests/tests/all/proof/flows.rs");
    let kept = std::fs::read_to_string(path).expect("the file is there");
    assert!(
        kept == proof::print::file(&DRAWN, &LINES, &WEBS, &proof::batches::batches()),
        "`cargo run -p penguiflow-tests --bin flows` writes them anew"
    );
}

static WEBS: LazyLock<Vec<Web>> = LazyLock::new(web::webs);

/// What is done to a message from outside.
#[derive(Debug, Clone)]
struct Case {
    flow: usize,
    value: u64,
    script: Script,
    /// Milliseconds; neither falls on a moment at which something else happens.
    deadline: Option<u64>,
    cancel: Option<u64>,
}

impl Case {
    /// What must come out.
    fn expected(&self) -> Outcome {
        let mut whole = self.with_letters();
        whole.calls.retain(|call| !call.is_letter());
        whole
    }

    /// How many failures of side branches are dead letters.
    fn letters(&self) -> u64 {
        self.with_letters().calls.iter().filter(|call| call.is_letter()).count() as u64
    }

    fn with_letters(&self) -> Outcome {
        let alone = interpret(&DRAWN, self.flow, self.script, self.value);
        let ends = [(self.deadline, End::DeadlineExceeded), (self.cancel, End::Cancelled)];
        let first = ends.into_iter().filter_map(|(at, end)| Some((at?, end))).min_by_key(|(at, _)| *at);
        match first {
            Some((at, end)) => alone.ended(at, end),
            None => alone,
        }
    }

    fn message(&self, log: &Log, number: usize) -> Message<run::Token> {
        let message = Message::new(log.token(number, self.script, self.value));
        match self.deadline {
            Some(ms) => message.with_deadline(millis(ms)),
            None => message,
        }
    }
}

fn script() -> impl Strategy<Value = Script> {
    let percent = |most: u64| prop_oneof![1 => Just(0), 2 => 0..most];
    (any::<u64>(), percent(12), percent(4), prop_oneof![Just(0), Just(30), Just(100)])
        .prop_map(|(seed, failing, panicking, waiting)| Script { seed, failing, panicking, waiting })
}

fn case() -> impl Strategy<Value = Case> {
    // What nodes do ends on multiples of 50 or an even number behind; deadlines and cancels fall between.
    let moment = |offset: u64| prop_oneof![3 => Just(None), 1 => (0_u64..40).prop_map(move |n| Some(100 * n + offset))];
    (0..DRAWN.len(), any::<u64>(), script(), moment(53), moment(57))
        .prop_map(|(flow, value, script, deadline, cancel)| Case { flow, value, script, deadline, cancel })
}

/// The same cases in each run.
fn runner(cases: u32) -> TestRunner {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]))
}

fn cases() -> u32 {
    std::env::var("PROOF_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(2_000)
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().expect("a runtime")
}

fn started(flows: run::Flows, flow: usize, options: Options) -> (Driven, Log) {
    let log = Log::new();
    let mut driven = flows[flow](App { log: log.clone() }, options).expect("starts");
    // A flow that is watched takes another way through its hops: every second one goes each.
    driven.live = (flow % 2 == 1).then(|| (driven.watch)());
    (driven, log)
}

/// core:W-1, semantics:1 to semantics:20: one ending, and each node is called as often, when and with what the graph says.
#[test]
fn each_drawn_flow_does_what_its_graph_says() {
    let checked = runner(cases()).run(&case(), |case| {
        runtime().block_on(async {
            let (flow, log) = started(flows::FLOWS, case.flow, Options::new());
            let begin = crate::kit::now();
            let trace = (flow.try_emit)(case.message(&log, 0)).expect("there is room");
            if let Some(ms) = case.cancel {
                crate::kit::nap_until(begin, ms).await;
                trace.cancel();
            }
            let ended = end(trace.result().await);
            let at = crate::kit::ms_since(begin) as u64;
            let expected = case.expected();
            prop_assert_eq!((&ended, log.calls(0, None)), (&expected.end, expected.calls));
            prop_assert_eq!((flow.dead_letters)(), case.letters());
            prop_assert!(at == expected.at || case.cancel.is_some_and(|ms| at == ms.max(expected.at)), "at {} ms", at);
            nothing_is_left(flow, &log).await
        })
    });
    checked.unwrap_or_else(|why| panic!("{why}"));
}

/// How a message ends whose trace may spend `budget`, which it brings along or which its flow was started with; nothing if it
/// ran out of hops. And what was called for it.
async fn limited(case: &Case, budget: Budget, by_message: bool) -> Result<(Option<End>, Log), TestCaseError> {
    let options = if by_message { Options::new() } else { Options::new().with_budget(budget) };
    let (flow, log) = started(flows::FLOWS, case.flow, options);
    let message = case.message(&log, 0);
    let message = if by_message { message.with_budget(budget) } else { message };
    let ended = match (flow.try_emit)(message).expect("there is room").result().await {
        Ending::BudgetExceeded(Limit::Hops) => None,
        ended => Some(end(ended)),
    };
    nothing_is_left(flow, &log).await?;
    Ok((ended, log))
}

/// semantics:36: exactly as many nodes run as the budget has hops, whatever their order, and with enough of them it changes
/// nothing.
#[test]
fn each_drawn_flow_runs_as_many_nodes_as_its_budget_has_hops() {
    let cases = (case(), 0_u64..=110, any::<bool>());
    let checked = runner(1_000).run(&cases, |(case, percent, by_message)| {
        let case = Case { deadline: None, cancel: None, ..case };
        let expected = case.expected();
        runtime().block_on(async {
            let (alone, free) = limited(&case, Budget::new(), true).await?;
            prop_assert_eq!((alone.as_ref(), free.calls(0, None)), (Some(&expected.end), expected.calls.clone()));
            let hops = free.hops(0) * percent / 100;
            let (ended, log) = limited(&case, Budget::new().hops(hops), by_message).await?;
            if hops >= free.hops(0) {
                prop_assert_eq!((ended, log.calls(0, None)), (alone, expected.calls));
            } else {
                // An earlier branch may have come to the trace's own end in the moment in which a later one was refused.
                prop_assert!(ended.is_none() || ended == alone, "{:?}", ended);
                prop_assert_eq!(log.hops(0), hops);
                prop_assert!(log.calls(0, None).iter().all(|call| expected.calls.contains(call)));
            }
            Ok(())
        })
    });
    checked.unwrap_or_else(|why| panic!("{why}"));
}

/// core:W-2, core:W-15, semantics:33: neighbours change nothing, at whatever capacity.
#[test]
fn each_message_of_a_crowd_ends_as_it_does_alone() {
    let crowd = (proptest::collection::vec(case(), 2..12), 0..DRAWN.len(), 1_usize..4);
    let checked = runner(200).run(&crowd, |(mut cases, flow, capacity)| {
        runtime().block_on(async {
            let (driven, log) = started(flows::FLOWS, flow, Options::new().with_in_flight(capacity));
            let mut running = Vec::new();
            for (number, case) in cases.iter_mut().enumerate() {
                (case.flow, case.cancel) = (flow, None);
                while (driven.in_flight)() == capacity {
                    tokio::task::yield_now().await;
                    crate::kit::nap(1).await;
                }
                let trace = (driven.try_emit)(case.message(&log, number)).expect("there is room");
                running.push((number, trace));
            }
            for (number, trace) in running {
                let (ended, expected) = (end(trace.result().await), cases[number].expected());
                prop_assert_eq!((ended, log.calls(number, None)), (expected.end, expected.calls));
            }
            nothing_is_left(driven, &log).await
        })
    });
    checked.unwrap_or_else(|why| panic!("{why}"));
}

/// Up to nine messages in the order in which they come in. Each is cancelled, if at all, at a moment of its own: what nodes
/// do takes multiples of 100.
fn passing() -> impl Strategy<Value = Vec<Passing>> {
    let one = (any::<u64>(), script(), 0_u64..3, prop_oneof![2 => Just(None), 1 => (0_u64..30).prop_map(Some)]);
    proptest::collection::vec(one, 1..10).prop_map(|drawn| {
        let mut now = 0;
        let passing = |(number, (value, script, wait, cancel)): (u64, (u64, Script, u64, Option<u64>))| {
            now += 100 * wait;
            Passing { script, value, at: now, cancel: cancel.map(|later| now + 100 * later + number + 1), tenant: None }
        };
        (0..).zip(drawn).map(passing).collect()
    })
}

/// Brings the messages in and cancels them, each in its moment; gives their endings.
async fn brought(driven: &Driven, log: &Log, messages: &[Passing]) -> Vec<End> {
    let begin = crate::kit::now();
    let mut moments: Vec<(u64, usize)> = (0..).zip(messages).map(|(number, message)| (message.at, number)).collect();
    moments.extend((0..).zip(messages).filter_map(|(number, message)| Some((message.cancel?, number))));
    moments.sort_by_key(|(at, _)| *at);
    let mut traces: Vec<Trace<run::Token>> = Vec::new();
    for (at, number) in moments {
        crate::kit::nap_until(begin, at).await;
        match traces.get(number) {
            Some(trace) => drop(trace.cancel()),
            None => {
                let token = log.token(number, messages[number].script, messages[number].value);
                let mut message = Message::new(token);
                if let Some(tenant) = messages[number].tenant {
                    message = message.with_tenant(tenant);
                }
                traces.push((driven.try_emit)(message).expect("there is room"));
            }
        }
    }
    let mut ends = Vec::new();
    for trace in traces {
        ends.push(end(trace.result().await));
    }
    ends
}

/// semantics:18, core:AC-8.1: who comes first is served first, each message by itself, and who is cancelled makes room at once.
#[test]
fn each_line_serves_its_messages_in_the_order_in_which_they_come() {
    let ordered: Vec<usize> = (0..LINES.len()).filter(|line| LINES[*line].keeps_order()).collect();
    assert!(ordered.len() > LINES.len() / 2);
    let checked = runner(600).run(&(proptest::sample::select(ordered), passing()), |(line, messages)| {
        runtime().block_on(async {
            let (driven, log) = started(flows::LINES, line, Options::new());
            let begin = crate::kit::now();
            let ends = brought(&driven, &log, &messages).await;
            for (number, (end, expected)) in ends.into_iter().zip(pass(&LINES[line], &messages)).enumerate() {
                let calls = log.calls(number, Some(begin));
                prop_assert_eq!((end, calls), (expected.end, expected.calls), "message {}", number);
            }
            nothing_is_left(driven, &log).await
        })
    });
    checked.unwrap_or_else(|why| panic!("{why}"));
}

/// semantics:18: several workers may change the order, and nothing else.
#[test]
fn each_line_with_several_workers_does_with_a_message_what_it_does_with_it_alone() {
    let wide: Vec<usize> = (0..LINES.len()).filter(|line| !LINES[*line].keeps_order()).collect();
    let checked = runner(200).run(&(proptest::sample::select(wide), passing()), |(line, mut messages)| {
        messages.iter_mut().for_each(|message| message.cancel = None);
        runtime().block_on(async {
            let (driven, log) = started(flows::LINES, line, Options::new());
            let ends = brought(&driven, &log, &messages).await;
            for (number, end) in ends.into_iter().enumerate() {
                let alone = pass(&LINES[line], &messages[number..=number]).remove(0);
                let calls = |calls: Vec<Call>| calls.into_iter().map(|call| Call { at: 0, ..call }).collect();
                let (mut called, mut expected): (Vec<_>, Vec<_>) = (calls(log.calls(number, None)), calls(alone.calls));
                called.sort_unstable();
                expected.sort_unstable();
                prop_assert_eq!((end, called), (alone.end, expected), "message {}", number);
            }
            nothing_is_left(driven, &log).await
        })
    });
    checked.unwrap_or_else(|why| panic!("{why}"));
}

/// semantics:19: a batch goes when it is full or its time is up, with the messages of one tenant that are still in it, and
/// each of them ends as its own.
#[test]
fn each_drawn_batch_takes_who_is_there() {
    let batches = proof::batches::batches();
    let tenants = proptest::collection::vec(prop_oneof![Just(None), Just(Some("acme"))], 10);
    let checked = runner(1_000).run(&(0..batches.len(), passing(), tenants), |(number, mut messages, tenants)| {
        // Each message has moments of its own: two that come at once might stand in either order.
        for (number, (message, tenant)) in (0..).zip(messages.iter_mut().zip(tenants)) {
            message.cancel = message.cancel.map(|at| at + 30);
            message.at += number + 1;
            message.tenant = tenant;
        }
        runtime().block_on(async {
            let (driven, log) = started(flows::BATCHES, number, Options::new());
            let begin = crate::kit::now();
            let ends = brought(&driven, &log, &messages).await;
            let expected = proof::batches::gather(&batches[number], &messages);
            for (number, (end, expected)) in ends.into_iter().zip(expected).enumerate() {
                let calls = log.calls(number, Some(begin));
                prop_assert_eq!((end, calls), (expected.end, expected.calls), "message {}", number);
            }
            nothing_is_left(driven, &log).await
        })
    });
    checked.unwrap_or_else(|why| panic!("{why}"));
}

/// semantics:3: each station of a web runs once, when what feeds it is there, and what nobody waits for is dropped.
#[test]
fn each_drawn_web_does_what_its_graph_says() {
    let drawn = (0..WEBS.len(), any::<u64>(), script(), prop_oneof![3 => Just(None), 1 => (0_u64..30).prop_map(Some)]);
    let checked = runner(cases()).run(&drawn, |(number, value, script, cancel)| {
        runtime().block_on(async {
            let (flow, log) = started(flows::WEBS, number, Options::new());
            let begin = crate::kit::now();
            let trace = (flow.try_emit)(Message::new(log.token(0, script, value))).expect("there is room");
            if let Some(later) = cancel {
                crate::kit::nap_until(begin, 100 * later + 57).await;
                trace.cancel();
            }
            let (ended, calls) = (end(trace.result().await), log.calls(0, None));
            let mut expected = web::interpret(&WEBS[number], script, value);
            if let Some(at) = cancel.map(|later| 100 * later + 57).filter(|at| *at <= expected.outcome.at) {
                expected.others.clear();
                expected.outcome = expected.outcome.ended(at, End::Cancelled);
            }
            let shown = || format!("{}\n{ended:?} {calls:?}\n{expected:?}", WEBS[number].chains().join(";\n"));
            prop_assert!(expected.allow(&ended, &calls), "{}", shown());
            let at = crate::kit::ms_since(begin) as u64;
            prop_assert!(at == expected.outcome.at || cancel.is_some(), "at {} ms: {}", at, shown());
            nothing_is_left(flow, &log).await
        })
    });
    checked.unwrap_or_else(|why| panic!("{why}"));
}

/// No token, no trace, no task, nobody who knows the flow's state, and nothing that runs or waits for who looks on.
async fn nothing_is_left(flow: Driven, log: &Log) -> Result<(), TestCaseError> {
    prop_assert_eq!(((flow.in_flight)(), log.live()), (0, 0));
    let live = flow.live.clone();
    drop(flow);
    crate::kit::settle().await;
    if let Some(live) = live {
        crate::live::is_at_rest(&live);
    }
    let tasks = tokio::runtime::Handle::current().metrics().num_alive_tasks();
    prop_assert_eq!((log.holders(), tasks), (1, 0));
    Ok(())
}
