//! The worst case of a flow: each form's rule, what nothing bounds, and that a run of the worst case takes as long as told.

use crate::kit::{Oops, forever, ms_since, nap, now, secs};
use penguiflow::clock::millis;
use penguiflow::prelude::*;
use penguiflow::{Bound, FlowInfo, Leg, Wait, flows};
use std::time::Duration;

/// Hangs in each attempt but the last, which takes all its time.
#[node(timeout = "100ms", retries = 2, backoff = ("10ms", 2.0), jitter = none)]
async fn flaky(n: u64, ctx: &Ctx) -> Result<u64, Oops> {
    if ctx.attempt() < 3 {
        forever().await;
    }
    nap(100).await;
    Ok(n + 1)
}

#[node(timeout = "200ms")]
async fn steady(n: u64) -> u64 {
    nap(200).await;
    n
}

#[node(timeout = "1s")]
async fn slow(n: u64) -> u64 {
    nap(1_000).await;
    n
}

#[node]
fn plain(n: u64) -> u64 {
    n
}

#[node]
fn pair((a, b): (u64, u64)) -> u64 {
    a + b
}

#[node]
fn many(n: u64) -> Vec<u64> {
    vec![n; 5]
}

#[node]
fn sum(all: Vec<u64>) -> u64 {
    all.iter().sum()
}

#[node]
async fn open(n: u64) -> u64 {
    n
}

#[message]
enum Way {
    Short(u64),
    Long(u64),
    Away(u64),
}

#[router(timeout = "50ms")]
async fn choose(n: u64) -> Way {
    nap(50).await;
    match n {
        0 => Way::Short(n),
        1 => Way::Long(n),
        _ => Way::Away(n),
    }
}

#[node(timeout = "100ms")]
async fn again(n: u64) -> Step<u64, u64> {
    nap(100).await;
    if n > 100 { Step::Done(n) } else { Step::Again(n + 1) }
}

#[controller(turns = 4, timeout = "100ms")]
async fn turning(n: u64) -> Step<u64, u64> {
    nap(100).await;
    if n >= 3 { Step::Done(n) } else { Step::Again(n + 1) }
}

flow! { chain(u64) -> u64 { plain -> flaky -> steady } }
flow! { forked(u64) -> u64 { (flaky, steady -> slow, plain) -> first -> steady as behind } }
flow! { woven(u64) -> u64 { plain -> (flaky, slow); flaky -> steady; (slow, steady) -> join -> pair } }
flow! { mapped(u64) -> u64 { many -> map(flaky, 2, limit = 5) -> sum } }
flow! { looped(u64) -> u64 { repeat(turns = 3) { steady -> again } else slow } }
flow! { teed(u64) -> u64 { (plain -> tee(slow) -> steady, plain as other) -> join -> pair -> flaky } }
flow! {
    routed(u64) -> u64 {
        choose { Short -> steady, Long -> slow -> done, Away -> flaky -> drop } -> slow as behind
    }
}

fn ms(bound: &Bound) -> Option<u128> {
    bound.time.map(|time| time.as_millis())
}

fn text(legs: &[Leg]) -> String {
    legs.iter().map(Leg::to_string).collect::<Vec<_>>().join(" -> ")
}

/// 3 × 100 ms, and 10 ms and 20 ms between them.
const FLAKY: u128 = 330;

#[test]
fn steps_one_after_the_other_add_up_with_all_attempts_and_delays() {
    let bound = chain::flow().bound();
    assert_eq!(ms(&bound), Some(FLAKY + 200));
    assert_eq!((bound.hops, bound.attempts), (3, 1 + 3 + 1));
    assert_eq!(text(&bound.critical_path), "flaky 3 × 100 ms + 30 ms of backoff -> steady 200 ms");
    let flaky = bound.critical_path[0];
    assert_eq!((flaky.name, flaky.place, flaky.attempts, flaky.rounds), ("flaky", Some(1), 3, 1));
    assert_eq!((flaky.each, flaky.between, flaky.time), (Some(millis(100)), millis(30), Some(millis(330))));
}

#[test]
fn of_branches_the_longest_counts_and_the_hops_of_all() {
    let bound = forked::flow().bound();
    assert_eq!((ms(&bound), bound.hops), (Some(1_200 + 200), 5));
    assert_eq!(text(&bound.critical_path), "steady 200 ms -> slow 1 s -> behind 200 ms");
    for bound in [
        flow! { (flaky, slow) -> join -> pair }.bound(),
        flow! { (flaky, slow) -> join_k(1) -> sum }.bound(),
        flow! { (flaky, slow) -> first }.bound(),
    ] {
        assert_eq!((ms(&bound), text(&bound.critical_path).as_str()), (Some(1_000), "slow 1 s"));
    }
}

#[test]
fn of_chains_that_do_not_nest_the_longest_way_counts() {
    let bound = woven::flow().bound();
    assert_eq!((ms(&bound), text(&bound.critical_path).as_str()), (Some(1_000), "slow 1 s"));
    let other =
        flow! { slow -> (flaky, plain, steady); (flaky, plain) -> join -> pair; (pair, steady) -> first }.bound();
    assert_eq!(ms(&other), Some(1_000 + FLAKY));
    assert_eq!(text(&other.critical_path), "slow 1 s -> flaky 3 × 100 ms + 30 ms of backoff");
}

#[test]
fn of_arms_the_longest_counts_and_behind_one_that_leaves_nothing_more() {
    let bound = routed::flow().bound();
    // `Short` goes on for 200 ms and 1 s, `Long` leaves after 1 s, `Away` after 330 ms.
    assert_eq!((ms(&bound), bound.hops), (Some(50 + 200 + 1_000), 3));
    let leaves =
        flow! { choose { Short -> plain, Long -> slow -> slow as more -> done, Away -> drop } -> steady }.bound();
    assert_eq!(ms(&leaves), Some(50 + 2_000));
    assert_eq!(text(&leaves.critical_path), "choose 50 ms -> slow 1 s -> more 1 s");
    assert_eq!(leaves.hops, 3);
}

#[test]
fn a_map_counts_the_rounds_that_its_items_take() {
    let bound = mapped::flow().bound();
    assert_eq!((ms(&bound), bound.hops, bound.attempts), (Some(3 * FLAKY), 1 + 5 + 1, 1 + 15 + 1));
    assert_eq!(text(&bound.critical_path), "flaky 3 × (3 × 100 ms + 30 ms of backoff)");
    #[node(timeout = "1s", concurrency = 2)]
    async fn scarce(n: u64) -> u64 {
        n
    }
    let narrow = flow! { many -> map(scarce, 8, limit = 5) -> sum }.bound();
    assert_eq!(ms(&narrow), Some(3_000), "the items wait for the worker's permits");
    assert_eq!(narrow.assumed.iter().map(|assumed| assumed.wait).collect::<Vec<_>>(), [Wait::Permit]);
}

#[test]
fn a_loop_counts_each_turn_and_what_runs_when_none_is_left() {
    let bound = looped::flow().bound();
    assert_eq!((ms(&bound), bound.hops), (Some(3 * 300 + 1_000), 3 * 2 + 1));
    assert_eq!(text(&bound.critical_path), "steady 3 × 200 ms -> again 3 × 100 ms -> slow 1 s");
    let nested = flow! { repeat(turns = 2) { repeat(turns = 3) { again } -> again as outer } }.bound();
    assert_eq!((ms(&nested), nested.hops), (Some(2 * (3 * 100 + 100)), 2 * (3 + 1)));
    let controller = flow! { turning -> steady }.bound();
    assert_eq!((ms(&controller), controller.hops), (Some(4 * 100 + 200), 4 + 1));
    let leaves = flow! { repeat(turns = 3) { steady -> choose { Short -> plain, Long -> slow -> done, Away -> drop } -> again } }.bound();
    assert_eq!(ms(&leaves), Some(2 * 350 + 250 + 1_000), "out of the last turn");
    assert_eq!(leaves.path_time, leaves.critical_path.iter().map(|leg| leg.time).sum::<Option<Duration>>());
}

#[test]
fn what_runs_beside_is_waited_for_where_its_sequence_ends() {
    let bound = teed::flow().bound();
    assert_eq!((ms(&bound), bound.hops), (Some(1_000 + FLAKY), 6));
    assert_eq!(text(&bound.critical_path), "slow 1 s -> flaky 3 × 100 ms + 30 ms of backoff");
}

flow! { capped(u64) -> u64 { budget { deadline: "300ms", hops: 1 } slow -> open } }
flow! { over(u64) -> u64 { budget { usd: 0.50 } capped -> capped as twice -> steady } }

#[test]
fn a_flow_takes_at_most_its_deadline_and_runs_at_most_its_hops() {
    let inner = capped::flow().bound();
    assert_eq!((ms(&inner), inner.path_time, inner.hops), (Some(300), None, 1));
    assert_eq!(inner.unbounded, ["capped › open"], "which only the deadline ends");
    let bound = over::flow().bound();
    assert_eq!((ms(&bound), bound.hops), (Some(300 + 300 + 200), 3));
    assert_eq!(text(&bound.critical_path), "capped 300 ms -> twice 300 ms -> steady 200 ms");
    assert_eq!(bound.unbounded, [""; 0]);
    let limits: Vec<String> = bound.limits.iter().map(ToString::to_string).collect();
    assert_eq!(
        limits,
        ["limited: over to $0.50", "limited: over › capped to 1 hop, 300 ms", "limited: over › twice to 1 hop, 300 ms",]
    );
}

#[test]
fn an_attempt_that_may_finish_holds_the_ending_back_behind_the_deadline() {
    #[node(timeout = "9s", on_cancel = finish("2s"))]
    async fn finishes(n: u64) -> u64 {
        n
    }
    #[node(effect = irreversible)]
    async fn pay(n: u64) -> u64 {
        n
    }
    let bound = flow! { budget { deadline: "1s" } finishes }.bound();
    assert_eq!(bound.time, Some(secs(3)));
    assert_eq!(flow! { budget { deadline: "1s" } pay }.bound().time, Some(secs(1 + 30)));
}

#[test]
fn what_nothing_bounds_is_told_by_its_path() {
    flow! { inner(u64) -> u64 { steady -> open } }
    let bound = flow! { (inner, slow) -> join -> pair -> open as last }.bound();
    assert_eq!((bound.time, bound.path_time), (None, None));
    assert_eq!(bound.unbounded, ["flow › inner › open", "flow › last"]);
    assert_eq!(text(&bound.critical_path), "inner without a bound -> last without a timeout");
    let queued = flow! { queue(8) -> steady -> batch(4, "10ms") -> batched }.bound();
    assert_eq!((ms(&queued), queued.assumed.len()), (Some(200 + 100 + 10), 1));
    assert_eq!((queued.assumed[0].path.as_str(), queued.assumed[0].wait), ("flow › steady", Wait::Queue));
}

#[node(timeout = "100ms")]
async fn batched(all: Vec<u64>) -> Vec<u64> {
    all
}

#[test]
fn a_bound_prints_as_a_report() {
    flow! { asked(u64) -> u64 { budget { deadline: "2s", hops: 64 } queue(8) -> flaky -> (slow, open) -> first } }
    assert_eq!(
        asked::flow().bound().to_string(),
        "`asked` takes at most 2 s, 3 hops and 5 attempts\n  \
         longest: flaky 3 × 100 ms + 30 ms of backoff -> open without a timeout\n  \
         without a timeout: asked › open\n  \
         not counted: asked › flaky waits for room in the queue and a worker\n  \
         limited: asked to 64 hops, 2 s\n"
    );
    assert_eq!(flow! { plain }.bound().to_string(), "`flow` takes at most 0 s, 1 hop and 1 attempt\n");
}

/// The milliseconds that a run takes which goes the longest way.
async fn run<T>(run: impl Future<Output = T>) -> (u128, T) {
    let start = now();
    let ended = run.await;
    (ms_since(start), ended)
}

#[tokio::test(start_paused = true)]
async fn a_run_of_the_worst_case_takes_as_long_as_the_bound_says() {
    macro_rules! worst {
        ($($flow:expr => $input:expr;)*) => {$({
            let flow = $flow;
            let bound = flow.bound();
            let app = flow.start().expect("starts");
            let (took, ended) = run(app.call($input)).await;
            assert_eq!((Some(took), ended.is_ok()), (ms(&bound), true), "{bound}");
        })*};
    }
    worst! {
        chain::flow() => 0;
        mapped::flow() => 0;
        looped::flow() => 0;
        teed::flow() => 0;
        woven::flow() => 0;
        routed::flow() => 0;
        flow! { turning -> steady } => 0;
        flow! { (flaky, steady -> slow) -> join -> pair } => 0;
        flow! { slow -> (flaky, plain, steady); (flaky, plain) -> join -> pair; (pair, steady) -> join -> pair as end } => 0;
    }
}

#[test]
fn the_longest_way_of_every_flow_here_adds_up_to_its_bound() {
    let mut seen = 0;
    for info in flows() {
        let bound = FlowInfo::bound(info);
        let legs = bound.critical_path.iter().map(|leg| leg.time).sum::<Option<Duration>>();
        assert_eq!(legs, bound.path_time, "{bound}");
        seen += 1;
    }
    assert!(seen >= 10, "{seen}");
}

#[node(tokens = 1_000, usd = 0.01, retries = 2)]
async fn ask(n: u64) -> Result<u64, Oops> {
    Ok(n)
}

#[node(tokens = 10)]
async fn embed(n: u64) -> u64 {
    n
}

flow! { asked(u64) -> u64 { (ask, embed) -> join -> pair -> embed(tokens = 7, usd = 0.000_5) as cheaply } }
flow! { paid(u64) -> u64 { budget { tokens: 1_500, usd: 0.5 } many -> map(embed, 4, limit = 20) -> sum -> ask } }
flow! { turned(u64) -> u64 { plain -> repeat(turns = 3) { ask -> again } } }

/// All attempts of all nodes that run are counted, and no more than the flow's own budget allows.
#[test]
fn what_nodes_say_that_they_cost_is_added_up() {
    let cost = |info: &'static FlowInfo| (info.bound().cost.tokens, info.bound().cost.usd.to_string());
    assert_eq!(cost(asked::flow().info()), (3 * 1_000 + 10 + 7, "$0.0305".to_owned()));
    assert_eq!(
        cost(paid::flow().info()),
        (1_500, "$0.03".to_owned()),
        "20 · 10 + 3 · 1,000 tokens are more than it may take"
    );
    assert_eq!(cost(turned::flow().info()), (3 * 3 * 1_000, "$0.09".to_owned()));
    let told = asked::flow().bound().to_string();
    assert!(told.contains("4 hops and 6 attempts, declared to cost 3017 tokens and $0.0305\n"), "{told}");
    assert!(!chain::flow().bound().to_string().contains("declared"), "nothing is said where nothing was declared");
    let drawn = asked::flow().info().drawing().mermaid();
    assert!(drawn.contains("tokens = 7<br/>usd = 0.0005"), "{drawn}");
}
