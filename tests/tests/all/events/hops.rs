//! The events of nodes, arms, joins, streams, budgets and waits.

use super::Heard;
use crate::kit::{App, Oops, Tally, nap};
use penguiflow::prelude::*;
use penguiflow::{Budget, Cost, EventKind, Limit, OverBudget};

#[node]
fn a(n: u64) -> u64 {
    n + 1
}

#[node]
async fn b(n: u64) -> u64 {
    nap(10).await;
    n
}

#[node]
async fn c(n: u64) -> u64 {
    nap(20).await;
    n
}

#[node]
fn sum((x, y): (u64, u64)) -> u64 {
    x + y
}

#[message]
enum Size {
    Small(u64),
    Big(u64),
}

#[router]
fn weigh(n: u64) -> Size {
    if n < 100 { Size::Small(n) } else { Size::Big(n) }
}

flow! { drawn(u64) -> u64 { a -> (b, c) -> join -> sum -> weigh { Small -> a as small, Big -> drop } } }

#[tokio::test(start_paused = true)]
async fn each_step_is_told_once_in_the_order_in_which_it_happens() {
    let (app, heard) = (drawn::flow().start().expect("starts"), Heard::default());
    let _observation = app.observe_in_line(heard.clone());
    assert_eq!(app.call(1).await.expect("completes"), 5);
    let told = [
        "emit",
        "node_start a",
        "node_success a",
        "node_start b",
        "node_start c",
        "node_success b",
        "node_success c",
        "join_complete join",
        "node_start sum",
        "node_success sum",
        "node_start weigh",
        "node_success weigh",
        "route_chosen weigh",
        "node_start small",
        "node_success small",
        "ending",
    ];
    assert_eq!(heard.told(), told);
    heard.is_balanced();
    let events = heard.events();
    assert!(events.windows(2).all(|two| two[0].at <= two[1].at && two[0].trace_id == two[1].trace_id));
    let of = |name: &str, node: &str| heard.of(name).into_iter().find(|event| event.node == node).expect("was told");
    assert_eq!(of("node_success", "c").latency(), Some(penguiflow::clock::millis(20)));
    assert_eq!(
        (of("node_start", "b").place.to_string(), of("node_start", "b").path()),
        ("1".into(), "drawn › b".into())
    );
    assert!(matches!(of("route_chosen", "weigh").kind, EventKind::RouteChosen { arm: "Small" }));
    assert!(matches!(of("join_complete", "join").kind, EventKind::JoinComplete { branches: 2 }));
    assert!(matches!(events[15].kind, EventKind::Ending { code: "COMPLETED", error: None, .. }));
    assert_eq!(events[15].latency(), Some(penguiflow::clock::millis(20)));
}

#[tokio::test(start_paused = true)]
async fn an_arm_that_drops_is_told_with_its_name() {
    let (app, heard) = (drawn::flow().start().expect("starts"), Heard::default());
    let _observation = app.observe_in_line(heard.clone());
    assert!(matches!(app.call(80).await, Err(Stop::Dropped { .. })));
    assert_eq!(heard.told()[12..], ["route_chosen weigh", "dropped", "ending"]);
    assert!(matches!(&heard.of("dropped")[0].kind, EventKind::Dropped { at } if &**at == "weigh.Big"));
    assert!(matches!(heard.of("ending")[0].kind, EventKind::Ending { code: "DROPPED", error: None, .. }));
}

#[node(retries = 2, backoff = "100ms", jitter = none)]
async fn shaky(n: u64, State(tally): State<'_, Tally>) -> Result<u64, Oops> {
    match tally.call() as u64 {
        call if call > n => Ok(call),
        call => Err(Oops(call as u32)),
    }
}

flow! { trying(u64) -> u64 { shaky } }

#[tokio::test(start_paused = true)]
async fn a_retry_is_told_when_it_is_scheduled_with_how_long_it_waits() {
    let (state, _) = App::new();
    let (app, heard) = (trying::flow().with_state(state).start().expect("starts"), Heard::default());
    let _observation = app.observe_in_line(heard.clone());
    assert_eq!(app.call(1).await.expect("succeeds at last"), 2);
    let told = [
        "emit",
        "node_start shaky",
        "node_error shaky",
        "node_retry shaky~2",
        "node_start shaky~2",
        "node_success shaky~2",
        "ending",
    ];
    assert_eq!(heard.told(), told);
    let retry = &heard.of("node_retry")[0];
    assert!(
        matches!(&retry.kind, EventKind::NodeRetry { wait, error } if wait.as_millis() == 100 && &*error.message == "oops 1")
    );
    assert_eq!(heard.of("node_error")[0].error().expect("failed").code, "NODE_EXCEPTION");
    heard.is_balanced();
}

#[tokio::test(start_paused = true)]
async fn who_gives_up_is_told_with_the_whole_failure() {
    let (state, _) = App::new();
    let (app, heard) = (trying::flow().with_state(state).start().expect("starts"), Heard::default());
    let _observation = app.observe_in_line(heard.clone());
    let stop = app.call(9).await.expect_err("fails");
    assert_eq!(heard.told()[7..], ["node_start shaky~3", "node_error shaky~3", "node_failed shaky~3", "ending"]);
    let Stop::Failed(error) = stop else { panic!("{stop}") };
    let failed = heard.of("node_failed")[0].error().expect("failed").payload.clone().expect("is whole");
    assert_eq!(*failed, error.to_payload());
    assert_eq!(heard.of("ending")[0].error().expect("failed").message.as_ref(), "oops 3");
    heard.is_balanced();
}

#[node(timeout = "50ms")]
async fn slow(ms: u64) -> u64 {
    nap(ms).await;
    ms
}
flow! { timed(u64) -> u64 { slow } }

#[tokio::test(start_paused = true)]
async fn a_timeout_is_told_as_one() {
    let (app, heard) = (timed::flow().start().expect("starts"), Heard::default());
    let _observation = app.observe_in_line(heard.clone());
    app.call(80).await.expect_err("takes too long");
    assert_eq!(heard.told(), ["emit", "node_start slow", "node_timeout slow", "node_failed slow", "ending"]);
    assert_eq!(heard.of("node_timeout")[0].latency(), Some(penguiflow::clock::millis(50)));
    assert_eq!(heard.of("node_timeout")[0].error().expect("failed").code, "NODE_TIMEOUT");
}

#[node]
fn explode(n: u64) -> u64 {
    assert!(n == 0, "as it was told");
    n
}
flow! { exploding(u64) -> u64 { (explode, b) -> join -> sum } }
flow! { around(u64) -> u64 { exploding } }

#[tokio::test(start_paused = true)]
async fn a_panic_is_told_once_as_the_failure_of_its_node() {
    for depth in [0, 1] {
        let heard = Heard::default();
        let stop = match depth {
            0 => {
                let app = exploding::flow().start().expect("starts");
                let _observation = app.observe_in_line(heard.clone());
                app.call(1).await
            }
            _ => {
                let app = around::flow().start().expect("starts");
                let _observation = app.observe_in_line(heard.clone());
                app.call(1).await
            }
        };
        stop.expect_err("panics");
        let failed = heard.of("node_failed");
        assert_eq!((failed.len(), failed[0].node), (1, "explode"), "{:?}", heard.told());
        assert_eq!(failed[0].error().expect("failed").code, "NODE_PANIC");
        heard.is_balanced();
    }
}

#[node]
async fn answer(words: u64, ctx: &Ctx) -> u64 {
    let mut out = ctx.stream("answer");
    for _ in 0..words {
        out.send("krill").await;
    }
    out.finish().await;
    words
}
flow! { answering(u64) -> u64 { answer } }

#[tokio::test(start_paused = true)]
async fn chunks_that_somebody_reads_are_told() {
    let (app, heard) = (answering::flow().start().expect("starts"), Heard::default());
    let _observation = app.observe_in_line(heard.clone());
    let mut stream = app.emit(2).await.expect("is let in").stream();
    while stream.next().await.is_some() {}
    let chunks = heard.of("chunk");
    let read = |event: &penguiflow::FlowEvent| match &event.kind {
        EventKind::Chunk { stream, bytes, done } => (stream.name().to_owned(), *bytes, *done),
        other => panic!("{other:?}"),
    };
    let expected = [("answer".to_owned(), 5, false), ("answer".to_owned(), 5, false), ("answer".to_owned(), 0, true)];
    assert_eq!(chunks.iter().map(read).collect::<Vec<_>>(), expected);
    assert_eq!((chunks[0].node, chunks[0].attempt), ("answer", 1));
    app.call(2).await.expect("completes");
    assert_eq!(heard.of("chunk").len(), 3, "nobody reads a call");
}

/// Reserves ten tokens, and settles what it is told; at zero it does not settle.
#[node]
async fn spend(n: u64, ctx: &Ctx) -> Result<u64, OverBudget> {
    let reserved = ctx.budget().reserve(Cost::tokens(10))?;
    if n > 0 {
        reserved.settle(Cost::tokens(n));
    }
    Ok(n)
}
flow! { spending(u64) -> u64 { spend } }

#[tokio::test(start_paused = true)]
async fn what_is_reserved_settled_and_in_doubt_is_told_and_what_was_spent() {
    let (app, heard) = (spending::flow().start().expect("starts"), Heard::default());
    let _observation = app.observe_in_line(heard.clone());
    let with = |n| Message::new(n).with_budget(Budget::new().tokens(15));
    app.call(with(7)).await.expect("completes");
    assert_eq!(heard.told()[1..4], ["node_start spend", "budget_reserved spend", "budget_settled spend"]);
    let ten = Cost::tokens(10);
    assert!(matches!(heard.of("budget_reserved")[0].kind, EventKind::BudgetReserved { cost } if cost == ten));
    let settled = &heard.of("budget_settled")[0].kind;
    assert!(matches!(settled, EventKind::BudgetSettled { reserved, actual } if *reserved == ten && actual.tokens == 7));
    assert!(matches!(heard.of("ending")[0].kind, EventKind::Ending { spent: Some(spent), .. } if spent.tokens == 7));
    heard.clear();
    app.call(with(0)).await.expect("completes");
    assert!(matches!(heard.of("budget_in_doubt")[0].kind, EventKind::BudgetInDoubt { cost } if cost == ten));
    heard.clear();
    let stop = app.call(Message::new(7).with_budget(Budget::new().tokens(5))).await.expect_err("costs too much");
    assert!(matches!(stop, Stop::BudgetExceeded(Limit::Tokens)));
    assert!(matches!(heard.of("ending")[0].kind, EventKind::Ending { code: "TOKEN_BUDGET_EXHAUSTED", .. }));
}

#[node(concurrency = 1)]
async fn alone(ms: u64) -> u64 {
    nap(ms).await;
    ms
}
flow! { limited(u64) -> u64 { alone } }
flow! { queued(u64) -> u64 { queue(4) -> b } }

#[tokio::test(start_paused = true)]
async fn who_waits_for_a_permit_is_told_when_the_wait_begins_and_ends() {
    let (app, heard) = (limited::flow().start().expect("starts"), Heard::default());
    let _observation = app.observe_in_line(heard.clone());
    let (one, two) = tokio::join!(app.call(30), app.call(5));
    assert_eq!((one.expect("completes"), two.expect("completes")), (30, 5));
    let told = [
        "emit",
        "node_start alone",
        "emit",
        "permit_enter alone",
        "node_success alone",
        "ending",
        "permit_wait alone",
        "node_start alone",
        "node_success alone",
        "ending",
    ];
    assert_eq!(heard.told(), told);
    assert_eq!(heard.of("permit_wait")[0].latency(), Some(penguiflow::clock::millis(30)));
    assert_eq!(
        heard.of("node_success")[1].latency(),
        Some(penguiflow::clock::millis(5)),
        "the wait is not the attempt's"
    );
}

#[tokio::test(start_paused = true)]
async fn a_queue_tells_its_depth_and_how_long_a_message_waited() {
    let (app, heard) = (queued::flow().start().expect("starts"), Heard::default());
    let _observation = app.observe_in_line(heard.clone());
    let (one, two) = tokio::join!(app.call(1), app.call(2));
    assert_eq!((one.expect("completes"), two.expect("completes")), (1, 2));
    let waits = heard.of("queue_wait");
    let wait = |index: usize| match waits[index].kind {
        EventKind::QueueWait { latency, depth, capacity } => (latency.as_millis(), depth, capacity),
        ref other => panic!("{other:?}"),
    };
    assert_eq!((wait(0), wait(1)), ((0, 1, 4), (10, 0, 4)));
    let entered = heard.of("queue_enter");
    assert!(matches!(entered[1].kind, EventKind::QueueEnter { depth: 2, capacity: 4 }), "{:?}", entered[1]);
    heard.is_balanced();
}

#[node(timeout = "10s")]
async fn each(n: u64) -> u64 {
    nap(n).await;
    n
}
#[node]
fn up_to(n: u64) -> Vec<u64> {
    (1..=n).collect()
}
#[node]
fn total(all: Vec<u64>) -> u64 {
    all.iter().sum()
}
flow! { mapped(u64) -> u64 { up_to -> map(each, 2) -> total } }
flow! { outer(u64) -> u64 { a -> mapped } }

#[tokio::test(start_paused = true)]
async fn a_place_tells_sub_flows_and_items() {
    let (app, heard) = (outer::flow().start().expect("starts"), Heard::default());
    let _observation = app.observe_in_line(heard.clone());
    assert_eq!(app.call(1).await.expect("completes"), 3);
    let places: Vec<String> = heard.of("node_start").iter().map(|event| event.place.to_string()).collect();
    assert_eq!(places, ["0", "1/0", "1/1[0]/0", "1/1[1]/0", "1/2"]);
    let item = &heard.of("node_start")[3];
    assert_eq!((item.place.flow(), item.place.step(), item.place.steps()), ("mapped", Some(0), vec![1, 1, 0]));
    assert_eq!(item.path(), "outer › mapped › map[1] › each");
    assert_eq!(item.flow, "outer");
}

#[tokio::test(start_paused = true)]
async fn a_join_that_starves_is_told_with_how_many_failed() {
    #[node]
    async fn fails(n: u64) -> Result<u64, Oops> {
        Err(Oops(n as u32))
    }
    let app = flow! { up_to as _x -> total -> (fails, fails as again, b) -> join_k(2) -> total as last }.start();
    let (app, heard) = (app.expect("starts"), Heard::default());
    let _observation = app.observe_in_line(heard.clone());
    app.call(1).await.expect_err("starves");
    assert!(matches!(heard.of("join_starved")[0].kind, EventKind::JoinStarved { needed: 2, failed: 2 }));
    assert_eq!(heard.of("join_starved")[0].attempt, 0, "a word has no attempts");
    assert_eq!(heard.of("node_cancelled").len(), 1, "the third branch is not needed: {:?}", heard.told());
    heard.is_balanced();
}

#[tokio::test(start_paused = true)]
async fn the_failure_of_a_batch_is_told_to_each_trace_at_its_own_place() {
    #[node]
    fn all_fail(list: Vec<u64>) -> Result<Vec<u64>, Oops> {
        Err(Oops(list.len() as u32))
    }
    let app = flow! { a -> batch(2, "10ms") -> all_fail }.start().expect("starts");
    let heard = Heard::default();
    let _observation = app.observe_in_line(heard.clone());
    let (one, two) = tokio::join!(app.call(1), app.call(2));
    for stop in [one.expect_err("fails"), two.expect_err("fails")] {
        let Stop::Failed(error) = stop else { panic!("{stop}") };
        let told = heard.of("node_failed").into_iter().find(|event| event.trace_id == error.trace_id());
        let told = told.expect("was told to its trace");
        assert_eq!((told.place.to_string().as_str(), told.node), (error.place(), "all_fail"));
        assert_eq!((told.place.step(), told.attempt), (Some(1), 0), "the attempts are those of the batch");
    }
    heard.is_balanced();
}
