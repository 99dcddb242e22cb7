//! Idempotency keys: asking twice does it once, per tenant, for as long as it is remembered. And priorities, which do not
//! reorder.

use crate::kit::{App, Oops, Tally, forever, nap, secs, settle};
use penguiflow::prelude::*;
use penguiflow::{CallBlockingError, ErrorKind, Handle, Options, Refused, TraceId};

/// Waits as long as it is told; 0 is for ever, and odd numbers fail.
#[node]
async fn work(ms: u64, ctx: &Ctx, State(tally): State<'_, Tally>) -> Result<u64, Oops> {
    let inside = tally.enter();
    tally.note(ctx.idempotency_key().unwrap_or("none"));
    if ms == 0 {
        forever().await;
    }
    nap(ms).await;
    inside.finish();
    if ms % 2 == 1 { Err(Oops(1)) } else { Ok(ms) }
}

flow! { working(u64) -> u64 { work } }

fn with(options: Options) -> (Handle<working>, Tally) {
    let (state, tally) = App::new();
    (working::flow().with_state(state).with_options(options).start().expect("starts"), tally)
}

fn keyed(ms: u64, key: &str) -> Message<u64> {
    Message::new(ms).with_tenant("acme").with_idempotency_key(key)
}

/// The trace that was let in before.
#[track_caller]
fn first<T>(refused: Result<T, Refused<u64>>) -> TraceId {
    match refused {
        Err(Refused::Duplicate { message, trace_id }) => {
            assert!(message.idempotency_key().is_some() && message.trace_id().is_none(), "it comes back as it was");
            trace_id
        }
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("was let in"),
    }
}

#[track_caller]
fn first_of_call(stop: Stop) -> TraceId {
    let error = crate::kit::failure(stop);
    assert_eq!((error.code(), error.node(), error.path()), ("DUPLICATE", "working", "working"));
    match error.kind() {
        ErrorKind::Duplicate { first } => *first,
        other => panic!("{other}"),
    }
}

/// semantics:32, core:W-14
#[tokio::test(start_paused = true)]
async fn a_second_message_with_the_key_of_one_that_runs_is_refused_on_every_way_in() {
    let (app, tally) = with(Options::new());
    let _outputs = app.outputs().expect("nobody reads");
    let trace = app.emit(keyed(10_000, "order 17")).await.expect("is the first");
    let twins = [
        first(app.emit(keyed(2, "order 17")).await),
        first(app.try_emit(keyed(2, "order 17"))),
        first(app.post(keyed(2, "order 17")).await),
        first(app.try_post(keyed(2, "order 17"))),
        first_of_call(app.call(keyed(2, "order 17")).await.expect_err("is a twin")),
    ];
    assert_eq!(twins, [trace.id(); 5]);
    assert_eq!((tally.calls(), app.in_flight(), app.counts().admitted()), (0, 1, 1), "none was let in");
    assert!(trace.result().await.is_completed());
    assert_eq!(tally.notes(), ["order 17"], "the node sees the key");
}

/// semantics:32
#[tokio::test(start_paused = true)]
async fn the_first_may_come_by_any_way_in() {
    let (app, tally) = with(Options::new());
    let mut outputs = app.outputs().expect("nobody reads");
    assert_eq!(app.call(keyed(2, "called")).await.expect("completes"), 2);
    let emitted = app.try_emit(keyed(2, "emitted")).expect("is the first");
    let posted = app.try_post(keyed(2, "posted").with_trace_id(TraceId::from_u128(7))).expect("is the first");
    assert_eq!(first(app.try_emit(keyed(2, "emitted"))), emitted.id());
    assert_eq!((first(app.try_emit(keyed(2, "posted"))), posted), (TraceId::from_u128(7), TraceId::from_u128(7)));
    first(app.try_emit(keyed(2, "called")));
    assert!(outputs.next().await.expect("has ended").ending.is_completed());
    assert!(emitted.result().await.is_completed());
    assert_eq!(tally.calls(), 3);
}

/// semantics:32: the border that data of one customer must not cross.
#[tokio::test(start_paused = true)]
async fn keys_of_different_tenants_never_meet() {
    let (app, tally) = with(Options::new());
    let of = |tenant: Option<&str>| {
        let message = Message::new(2).with_idempotency_key("order 17");
        tenant.map_or(message.clone(), |tenant| message.with_tenant(tenant))
    };
    for tenant in [Some("acme"), Some("umbrella"), None, Some("")] {
        assert_eq!(app.call(of(tenant)).await.expect("is the first of its tenant"), 2);
        first_of_call(app.call(of(tenant)).await.expect_err("is the second"));
    }
    assert_eq!(app.call(Message::new(2).with_tenant("acme")).await.expect("has no key"), 2);
    assert_eq!(app.call(Message::new(2).with_tenant("acme")).await.expect("has no key"), 2);
    assert_eq!(tally.calls(), 6);
}

/// semantics:32
#[tokio::test(start_paused = true)]
async fn a_key_is_remembered_for_ten_minutes_behind_the_ending_whatever_that_was() {
    let (app, tally) = with(Options::new());
    assert!(app.call(keyed(11, "failed")).await.is_err());
    assert!(app.call(keyed(10, "completed")).await.is_ok());
    assert!(tokio::time::timeout(secs(1), app.call(keyed(0, "given up"))).await.is_err());
    let late = keyed(0, "late").with_deadline(secs(1));
    assert!(matches!(app.call(late).await, Err(Stop::DeadlineExceeded)));
    let runs = app.try_emit(keyed(3_600_000, "runs")).expect("is the first");
    nap(597_000).await;
    for key in ["failed", "completed", "given up", "late", "runs"] {
        first(app.try_emit(keyed(2, key)));
    }
    nap(4_000).await;
    for key in ["failed", "completed", "given up", "late"] {
        assert_eq!(app.call(keyed(2, key)).await.expect("is forgotten"), 2);
    }
    nap(1_800_000).await;
    assert_eq!(first(app.try_emit(keyed(2, "runs"))), runs.id(), "its time has not begun");
    assert_eq!(tally.calls(), 9);
}

/// semantics:32: memory is bounded, the oldest goes first.
#[tokio::test(start_paused = true)]
async fn of_more_keys_than_are_kept_the_oldest_is_forgotten() {
    let (app, tally) = with(Options::new().with_idempotency(100, secs(3_600)));
    for n in 0..150 {
        assert!(app.call(keyed(2, &n.to_string())).await.is_ok());
    }
    for n in 50..150 {
        first(app.try_emit(keyed(2, &n.to_string())));
    }
    assert!(app.call(keyed(2, "49")).await.is_ok());
    assert!(app.call(keyed(2, "0")).await.is_ok());
    assert_eq!(tally.calls(), 152);
}

/// semantics:32
#[tokio::test(start_paused = true)]
async fn with_room_for_no_key_one_is_known_while_its_trace_runs() {
    for options in [Options::new().with_idempotency(0, secs(60)), Options::new().with_idempotency(10, secs(0))] {
        let (app, tally) = with(options);
        let trace = app.try_emit(keyed(10, "a")).expect("is the first");
        assert_eq!(first(app.try_emit(keyed(10, "a"))), trace.id());
        assert!(trace.result().await.is_completed());
        assert!(app.call(keyed(10, "a")).await.is_ok());
        assert_eq!(tally.calls(), 2);
    }
}

/// core:W-15: what was not let in leaves no key behind.
#[tokio::test(start_paused = true)]
async fn a_message_that_was_refused_or_given_up_before_it_was_let_in_leaves_no_key() {
    let (app, tally) = with(Options::new().with_in_flight(1));
    let inside = app.try_emit(10_000).expect("has room");
    assert!(matches!(app.try_emit(keyed(2, "a")), Err(Refused::Full(_))));
    assert!(tokio::time::timeout(secs(1), app.emit(keyed(2, "a"))).await.is_err());
    assert!(tokio::time::timeout(secs(1), app.call(keyed(2, "a"))).await.is_err());
    let late = keyed(2, "a").with_deadline_at(crate::kit::now());
    assert!(matches!(app.emit(late).await, Err(Refused::TooLate(_))));
    assert!(matches!(app.try_post(keyed(2, "a")), Err(Refused::NoReader(_))));
    assert!(inside.result().await.is_completed());
    assert_eq!(app.call(keyed(2, "a")).await.expect("is the first"), 2);
    assert_eq!((tally.calls(), app.in_flight()), (2, 0));
}

/// core:W-15: a post whose reader went while it waited.
#[tokio::test(start_paused = true)]
async fn a_post_whose_reader_went_leaves_no_key_and_no_id_on_the_message() {
    let (app, _) = with(Options::new().with_in_flight(1));
    let outputs = app.outputs().expect("nobody reads");
    let inside = app.try_emit(1_000).expect("has room");
    let waiting = tokio::spawn({
        let app = app.clone();
        async move { app.post(keyed(2, "a")).await }
    });
    settle().await;
    drop(outputs);
    assert!(inside.result().await.is_completed());
    let refused = waiting.await.expect("no panic").expect_err("nobody reads");
    assert!(matches!(refused, Refused::NoReader(_)), "{refused}");
    let message = refused.into_message();
    assert_eq!((message.trace_id(), message.idempotency_key()), (None, Some("a")));
    assert_eq!(app.call(message).await.expect("is the first"), 2);
    assert_eq!(app.in_flight(), 0);
}

/// semantics:32: of several that wait for room, one is let in, and the places of the others come back.
#[tokio::test(start_paused = true)]
async fn of_twins_that_wait_for_room_together_one_runs() {
    let (app, tally) = with(Options::new().with_in_flight(2));
    let held = [app.try_emit(1_000).expect("has room"), app.try_emit(1_000).expect("has room")];
    let twins: Vec<_> = (0..10)
        .map(|n| {
            let app = app.clone();
            tokio::spawn(async move {
                match n % 2 {
                    0 => app.call(keyed(10, "a")).await.is_ok(),
                    _ => match app.emit(keyed(10, "a")).await {
                        Ok(trace) => trace.result().await.is_completed(),
                        Err(refused) => {
                            assert!(matches!(refused, Refused::Duplicate { .. }), "{refused}");
                            false
                        }
                    },
                }
            })
        })
        .collect();
    settle().await;
    for trace in held {
        assert!(trace.result().await.is_completed());
    }
    let mut ran = 0;
    for twin in twins {
        ran += usize::from(twin.await.expect("no panic"));
    }
    assert_eq!((ran, tally.calls(), app.in_flight()), (1, 3, 0));
}

/// semantics:34
#[test]
fn a_blocking_call_and_a_service_are_told_as_a_call_is() {
    use tower_service::Service;
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_time().build().expect("a runtime");
    let (app, tally) = runtime.block_on(async { with(Options::new().with_in_flight(1)) });
    assert_eq!(app.call_blocking(keyed(2, "a")).expect("is the first"), 2);
    let Err(CallBlockingError::Stopped(stop)) = app.call_blocking(keyed(2, "a")) else { panic!("is a twin") };
    first_of_call(stop);
    runtime.block_on(async {
        let mut service = app.service();
        for _ in 0..3 {
            futures_util::future::poll_fn(|task| service.poll_ready(task)).await.expect("has room");
            first_of_call(service.call(keyed(2, "a")).await.expect_err("is a twin"));
        }
    });
    assert_eq!((tally.calls(), app.in_flight()), (1, 0));
}

/// semantics:30: a call from inside a trace has the trace's tenant and a key of its own.
#[tokio::test(start_paused = true)]
async fn a_call_from_inside_a_trace_runs_once_per_key_and_tenant_too() {
    use penguiflow::CallError;
    #[derive(Provides)]
    struct Shelf {
        book: penguiflow::Playbook<u64, u64>,
        tally: Tally,
    }
    #[node(retries = 3)]
    async fn ask(
        ms: u64,
        ctx: &Ctx,
        State(book): State<'_, penguiflow::Playbook<u64, u64>>,
        State(tally): State<'_, Tally>,
    ) -> Result<u64, CallError> {
        tally.call();
        let first = ctx.call(book, Message::new(ms).with_idempotency_key("inner")).await?;
        Ok(first + ctx.call(book, ms).await?)
    }
    flow! { asking(u64) -> u64 { ask } }
    let (callee, inner) = with(Options::new());
    let (_, outer) = App::new();
    let shelf = Shelf { book: callee.playbook(), tally: outer.clone() };
    let app = asking::flow().with_state(shelf).start().expect("starts");
    assert_eq!(app.call(keyed(2, "outer")).await.expect("is the first"), 4);
    assert_eq!(inner.notes(), ["inner", "outer"], "the callee sees the nearest key");
    let error = crate::kit::failure(app.call(keyed(2, "other")).await.expect_err("asks again under the inner key"));
    assert!(matches!(error.kind(), ErrorKind::Duplicate { .. }), "{error}");
    assert_eq!((outer.calls(), inner.calls(), callee.in_flight()), (2, 2, 0), "and does not try again");
    let elsewhere = Message::new(2).with_tenant("umbrella");
    assert_eq!(app.call(elsewhere).await.expect("is another tenant"), 4);
    assert_eq!(inner.notes(), ["inner", "outer", "inner", "none"]);
}

/// Inside a flow the envelope has no key, so that a node which hands its message on to another flow twice is not refused.
#[tokio::test(start_paused = true)]
async fn a_message_inside_a_flow_has_no_key() {
    #[node]
    fn look(message: Message<u64>) -> Message<bool> {
        let keyed = message.idempotency_key().is_some();
        message.with_payload(keyed)
    }
    flow! { looking(u64) -> bool { look } }
    let app = looking::flow().start().expect("starts");
    assert!(!app.call(keyed(2, "a")).await.expect("completes"));
}

/// semantics:32, on several threads: one of many is let in for each key.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_several_threads_each_key_runs_once() {
    #[node]
    async fn count(n: u64, State(tally): State<'_, Tally>) -> u64 {
        tally.call();
        n
    }
    flow! { counting(u64) -> u64 { count } }
    let (state, tally) = App::new();
    let options = Options::new().with_in_flight(4);
    let app = counting::flow().with_state(state).with_options(options).start().expect("starts");
    let askers: Vec<_> = (0..4)
        .map(|_| {
            let app = app.clone();
            tokio::spawn(async move {
                let mut ran = 0;
                for n in 0..250 {
                    ran += usize::from(app.call(keyed(n, &n.to_string())).await.is_ok());
                }
                ran
            })
        })
        .collect();
    let mut ran = 0;
    for asker in askers {
        ran += asker.await.expect("no panic");
    }
    assert_eq!((ran, tally.calls(), app.in_flight()), (250, 250, 0));
}

/// semantics:33: a priority is a hint for nodes and routers; who waits is served in the order of coming.
#[tokio::test(start_paused = true)]
async fn a_priority_is_seen_by_nodes_and_reorders_nothing() {
    #[node]
    async fn note(n: u64, ctx: &Ctx, State(tally): State<'_, Tally>) -> u64 {
        tally.note(format!("{n} at {}", ctx.headers().priority()));
        nap(10).await;
        n
    }
    flow! { noting(u64) -> u64 { note } }
    let (state, tally) = App::new();
    let options = Options::new().with_in_flight(1);
    let app = noting::flow().with_state(state).with_options(options).start().expect("starts");
    let held = app.try_emit(0).expect("has room");
    let mut waiting = Vec::new();
    for (n, priority) in [(1, -5), (2, 0), (3, 100), (4, 5)] {
        let app = app.clone();
        waiting.push(tokio::spawn(async move { app.call(Message::new(n).with_priority(priority)).await }));
        settle().await;
    }
    assert!(held.result().await.is_completed());
    for (call, n) in waiting.into_iter().zip(1..) {
        assert_eq!(call.await.expect("no panic").expect("completes"), n);
    }
    assert_eq!(tally.notes(), ["0 at 0", "1 at -5", "2 at 0", "3 at 100", "4 at 5"]);
}
