//! `batch(n, "10ms")`: a node that runs once for the messages of many traces.

mod ends;
mod failures;
mod places;

use crate::kit::{App, Tally, ms_since, nap, now, settle};
use penguiflow::Trace;
use penguiflow::prelude::*;
use proptest::prelude::*;

/// Notes what comes together, and gives each number back tenfold. Takes 5 ms.
#[node]
pub(crate) async fn tenfold(numbers: Vec<u32>, State(tally): State<'_, Tally>) -> Vec<u32> {
    let inside = tally.enter();
    tally.note(format!("{numbers:?}"));
    nap(5).await;
    inside.finish();
    numbers.into_iter().map(|n| n * 10).collect()
}

flow! { in_threes(u32) -> u32 { batch(3, "10ms") -> tenfold } }

pub(crate) async fn values(traces: impl IntoIterator<Item = Trace<u32>>) -> Vec<Option<u32>> {
    let ends = futures_util::future::join_all(traces.into_iter().map(Trace::result)).await;
    ends.into_iter().map(|end| end.into_result().ok()).collect()
}

/// semantics:19
#[tokio::test(start_paused = true)]
async fn a_full_batch_goes_at_once_and_gives_each_trace_its_own_back() {
    let (state, tally) = App::new();
    let app = in_threes::flow().with_state(state).start().expect("starts");
    let begun = now();
    let traces: Vec<_> = (0..6).map(|n| app.try_emit(n).expect("has room")).collect();
    assert_eq!(values(traces).await, [0, 10, 20, 30, 40, 50].map(Some));
    assert_eq!((ms_since(begun), tally.notes()), (5, vec!["[0, 1, 2]".to_owned(), "[3, 4, 5]".to_owned()]));
}

/// semantics:19
#[tokio::test(start_paused = true)]
async fn a_batch_that_is_not_full_waits_as_long_as_its_first_message_may() {
    let (state, tally) = App::new();
    let app = in_threes::flow().with_state(state).start().expect("starts");
    let begun = now();
    let first = app.try_emit(1).expect("has room");
    nap(8).await;
    let second = app.try_emit(2).expect("has room");
    assert_eq!((values([first]).await, ms_since(begun)), (vec![Some(10)], 15));
    assert_eq!((values([second]).await, ms_since(begun)), (vec![Some(20)], 15));
    assert_eq!(tally.notes(), ["[1, 2]"]);
    assert_eq!((app.call(3).await.ok(), ms_since(begun)), (Some(30), 30));
}

/// semantics:19: the data of two customers never meet.
#[tokio::test(start_paused = true)]
async fn tenants_never_share_a_batch() {
    let (state, tally) = App::new();
    let app = in_threes::flow().with_state(state).start().expect("starts");
    let of = |n, tenant: Option<&'static str>| match tenant {
        Some(tenant) => Message::new(n).with_tenant(tenant),
        None => Message::new(n),
    };
    let tenants = [Some("acme"), Some("bolt"), None, Some("acme"), None, Some("bolt"), Some("acme")];
    let traces: Vec<_> = (0..).zip(tenants).map(|(n, tenant)| app.try_emit(of(n, tenant)).expect("has room")).collect();
    assert_eq!(values(traces).await, [0, 10, 20, 30, 40, 50, 60].map(Some));
    let mut notes = tally.notes();
    notes.sort();
    assert_eq!(notes, ["[0, 3, 6]", "[1, 5]", "[2, 4]"]);
}

/// semantics:19: retries, timeout and concurrency are about the batch.
#[tokio::test(start_paused = true)]
async fn the_policy_of_the_node_holds_for_the_batch() {
    #[node(retries = 1, backoff = "10ms", jitter = none, timeout = "50ms", concurrency = 1)]
    async fn once_more(numbers: Vec<u32>, ctx: &Ctx, State(tally): State<'_, Tally>) -> std::io::Result<Vec<u32>> {
        let _inside = tally.enter();
        match (numbers.first(), ctx.attempt()) {
            (Some(0), 1) => crate::kit::forever().await,
            (Some(2), 1) => return Err(std::io::Error::other("down")),
            _ => nap(20).await,
        }
        Ok(numbers)
    }
    flow! { tried(u32) -> u32 { batch(2, "1s") -> once_more } }
    let (state, tally) = App::new();
    let app = tried::flow().with_state(state).start().expect("starts");
    let begun = now();
    let traces: Vec<_> = (0..4).map(|n| app.try_emit(n).expect("has room")).collect();
    assert_eq!(values(traces).await, [0, 1, 2, 3].map(Some));
    // The first batch hangs for 50 ms, while the second waits for the permit, fails at once and runs again.
    assert_eq!((tally.calls(), tally.peak(), ms_since(begun)), (4, 1, 100));
}

/// semantics:19: a batch is no member's: it has an id of its own, and of its members it knows the tenant only.
#[tokio::test(start_paused = true)]
async fn a_batch_has_a_context_of_its_own() {
    #[node]
    async fn look(ids: Vec<String>, ctx: &Ctx) -> Vec<String> {
        let spawned = ctx.spawn(crate::kit::forever());
        let own = ctx.trace_id().to_string();
        assert!(!ids.contains(&own) && !spawned.is_finished());
        let headers = ctx.headers();
        let text = format!("{:?} {:?} {:?} {}", headers.tenant(), headers.topic(), ctx.deadline(), ctx.place());
        ids.iter().map(|_| text.clone()).collect()
    }
    #[node]
    fn id(_: u32, ctx: &Ctx) -> String {
        ctx.trace_id().to_string()
    }
    let app = flow! { id -> batch(2, "10ms") -> look }.start().expect("starts");
    let message = |n| Message::new(n).with_tenant("acme").with_topic("fish").with_deadline(crate::kit::secs(1));
    let (one, other) = tokio::join!(app.call(message(1)), app.call(message(2)));
    let expected = "Some(\"acme\") None None 1";
    assert_eq!((one.ok().as_deref(), other.ok().as_deref()), (Some(expected), Some(expected)));
    settle().await;
    assert_eq!(crate::queues::tasks(), 0, "what the batch spawned ends with it");
}

/// semantics:19, semantics:24: each message keeps its meta; what the batch adds, all get.
#[tokio::test(start_paused = true)]
async fn each_message_keeps_its_meta() {
    #[node]
    fn mark(mut message: Message<u32>) -> Message<u32> {
        let n = *message.payload();
        message.meta_mut().insert("own", n);
        message
    }
    #[node]
    fn add(mut message: Message<Vec<u32>>) -> Message<Vec<u32>> {
        assert!(message.meta().is_empty());
        message.meta_mut().insert("all", true);
        message.meta_mut().insert("own", "lost");
        message
    }
    #[node]
    fn show(message: Message<u32>) -> String {
        format!("{:?}", message.meta())
    }
    let app = flow! { mark -> batch(2, "10ms") -> add -> show }.start().expect("starts");
    let (one, other) = tokio::join!(app.call(1), app.call(2));
    let expected = |n| format!("{{\"all\": Bool(true), \"own\": Number({n})}}");
    assert_eq!((one.ok(), other.ok()), (Some(expected(1)), Some(expected(2))));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// semantics:19: whoever comes and goes when, a batch is of one tenant and not too big, and nobody is in two.
    #[test]
    fn batches_are_of_one_tenant_and_each_message_is_in_one(
        plan in proptest::collection::vec((0_u64..40, 0_u8..3, proptest::option::of(0_u64..30)), 1..40)
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
        runtime.expect("builds").block_on(async {
            let (state, tally) = App::new();
            let app = in_threes::flow().with_state(state).start().expect("starts");
            let runs = (0..).zip(&plan).map(|(n, (comes, tenant, leaves))| {
                let app = app.clone();
                async move {
                    nap(*comes).await;
                    let message = match tenant {
                        0 => Message::new(n),
                        tenant => Message::new(n).with_tenant(tenant.to_string()),
                    };
                    let trace = app.try_emit(message).expect("has room");
                    if let Some(leaves) = leaves {
                        nap(*leaves).await;
                        trace.cancel();
                    }
                    trace.result().await.into_result().ok()
                }
            });
            let ends = futures_util::future::join_all(runs).await;
            for ((n, end), (.., leaves)) in (0_u32..).zip(&ends).zip(&plan) {
                assert!(*end == Some(n * 10) || (end.is_none() && leaves.is_some()), "{n} ended with {end:?}");
            }
            let mut seen = Vec::new();
            for note in tally.notes() {
                let batch: Vec<usize> =
                    note.trim_matches(['[', ']']).split(", ").map(|n| n.parse().expect("a number")).collect();
                assert!((1..=3).contains(&batch.len()), "{note}");
                assert!(batch.iter().all(|n| plan[*n].1 == plan[batch[0]].1), "{note}");
                seen.extend(batch);
            }
            let count = seen.len();
            seen.sort_unstable();
            seen.dedup();
            assert_eq!(seen.len(), count, "nobody is in two batches");
            settle().await;
            assert_eq!((tally.live(), crate::queues::tasks()), (0, 0));
        });
    }
}
