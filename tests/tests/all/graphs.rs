//! Flows of several chains: what runs, how often, in which order, and what a failure leaves behind.

use crate::kit::{App, Oops, Tally, failure, ms_since, nap, now};
use penguiflow::prelude::*;

/// What a node is told to wait, and whether the last one of them fails.
#[derive(Clone, Debug)]
struct Plan {
    ms: [u64; 4],
    fails: bool,
}

#[node]
fn begin(plan: Plan, State(tally): State<'_, Tally>) -> Plan {
    tally.note("begin");
    plan
}

macro_rules! nodes {
    ($($name:ident $index:literal),*) => {$(
        #[node]
        async fn $name(plan: Plan, State(tally): State<'_, Tally>) -> Result<Plan, Oops> {
            let _inside = tally.enter();
            nap(plan.ms[$index]).await;
            tally.note(stringify!($name));
            if plan.fails && $index == 3 { Err(Oops($index)) } else { Ok(plan) }
        }
    )*};
}
nodes!(north 0, east 1, south 2, west 3);

#[node]
fn both((_, one): (Plan, Plan)) -> Plan {
    one
}

#[node]
fn several(plans: Vec<Plan>) -> usize {
    plans.len()
}

#[node]
fn told(plan: Plan) -> [u64; 4] {
    plan.ms
}

flow! { webbed(Plan) -> [u64; 4] { begin -> (north, east); east -> south -> west; (west, north) -> join -> both; both -> told } }
flow! { in_part(Plan) -> usize { begin -> (north, east, west); (north, west) -> join -> both; (both, east) -> join_k(2) -> several } }

#[tokio::test(start_paused = true)]
async fn stretches_of_several_chains_run_side_by_side_and_each_node_once() {
    let (state, tally) = App::new();
    let app = webbed::flow().with_state(state).start().expect("starts");
    let begun = now();
    let gave = app.call(Plan { ms: [50, 10, 10, 10], fails: false }).await.expect("completes");
    assert_eq!((gave, ms_since(begun)), ([50, 10, 10, 10], 50));
    assert_eq!(tally.notes(), ["begin", "east", "south", "west", "north"]);
    assert_eq!((tally.calls(), tally.live()), (4, 0));
}

#[tokio::test(start_paused = true)]
async fn a_failure_in_one_stretch_drops_the_others_and_names_its_node() {
    let (state, tally) = App::new();
    let app = webbed::flow().with_state(state).start().expect("starts");
    let begun = now();
    let stop = app.call(Plan { ms: [500, 10, 10, 10], fails: true }).await.expect_err("west fails");
    assert_eq!(ms_since(begun), 30);
    assert!(failure(stop).to_string().contains("west"), "the place of the failure");
    assert_eq!(tally.notes(), ["begin", "east", "south", "west"]);
    assert_eq!((tally.calls(), tally.live(), app.in_flight()), (4, 0, 0));
}

#[tokio::test(start_paused = true)]
async fn some_branches_meet_before_the_others() {
    let (state, tally) = App::new();
    let app = in_part::flow().with_state(state).start().expect("starts");
    let gave = app.call(Plan { ms: [20, 30, 0, 10], fails: false }).await.expect("completes");
    assert_eq!((gave, tally.calls(), tally.live()), (2, 3, 0));
    assert_eq!(tally.notes(), ["begin", "west", "north", "east"]);
}
