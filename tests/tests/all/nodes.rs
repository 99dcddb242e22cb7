//! What a node may be: its signature, its results, its state, its places in a flow.

use crate::kit::{App, Oops, Tally, failure};
use penguiflow::prelude::*;

#[node]
fn plus(n: u64, State(tally): State<'_, Tally>) -> u64 {
    tally.call();
    n + 1
}

#[node]
async fn double(n: u64, State(tally): State<'_, Tally>) -> u64 {
    tally.call();
    n * 2
}

#[node]
fn take(held: crate::kit::Inside) -> crate::kit::Inside {
    held
}

/// semantics:1, core:AC-5.3, core:W-1
#[tokio::test(start_paused = true)]
async fn a_chain_is_a_straight_line_of_hops_each_run_once_for_each_message() {
    flow! { line(u64) -> u64 { plus -> double -> plus as more -> double as again } }
    let (state, tally) = App::new();
    let app = line::flow().with_state(state).start().expect("starts");
    for n in 0..100 {
        assert_eq!(app.call(n).await.expect("completes"), ((n + 1) * 2 + 1) * 2);
    }
    assert_eq!(tally.calls(), 400);
}

/// semantics:1
#[tokio::test(start_paused = true)]
async fn an_edge_moves_the_value_and_copies_nothing() {
    flow! { moving(crate::kit::Inside) -> crate::kit::Inside { take -> take as once_more -> take as and_again } }
    let (_, tally) = App::new();
    let app = moving::flow().start().expect("starts");
    let held = app.call(tally.enter()).await.expect("completes");
    assert_eq!((tally.calls(), tally.live()), (1, 1));
    drop(held);
    assert_eq!(tally.live(), 0);
}

/// semantics:2: two instances of a node have their own policies; the node itself keeps its own.
#[tokio::test(start_paused = true)]
async fn an_instance_has_a_name_and_a_policy_of_its_own() {
    #[node(retries = 0)]
    async fn shaky(n: u64, State(tally): State<'_, Tally>) -> Result<u64, Oops> {
        tally.call();
        if n == 1 { Err(Oops(1)) } else { Ok(n - 1) }
    }
    flow! { apart(u64) -> u64 {
        shaky -> shaky(retries = 2, backoff = ("1ms", 1, "1ms"), jitter = none) as stubborn
    } }
    for (n, path, attempts, calls) in [(1, "apart › shaky", 1, 1), (2, "apart › stubborn", 3, 1 + 3)] {
        let (state, tally) = App::new();
        let app = apart::flow().with_state(state).start().expect("starts");
        let error = failure(app.call(n).await.expect_err("fails"));
        assert_eq!((error.path(), error.attempts(), tally.calls()), (path, attempts, calls));
    }
}

/// semantics:26: a limit of an instance is its own.
#[tokio::test(start_paused = true)]
async fn an_instance_has_limits_of_its_own() {
    #[node]
    async fn slow(n: u64, State(tally): State<'_, Tally>) -> u64 {
        let _inside = tally.enter();
        crate::kit::nap(10).await;
        n
    }
    #[node]
    fn total(list: Vec<u64>) -> u64 {
        list.iter().sum()
    }
    #[node]
    fn five(n: u64) -> Vec<u64> {
        vec![n; 5]
    }
    flow! { narrow(u64) -> u64 { five -> map(slow(concurrency = 2) as slower, 5) -> total } }
    flow! { wide(u64) -> u64 { five -> map(slow, 5) -> total } }
    for (peak, narrowed) in [(2, true), (5, false)] {
        let (state, tally) = App::new();
        let gave = match narrowed {
            true => narrow::flow().with_state(state).start().expect("starts").call(1).await,
            false => wide::flow().with_state(state).start().expect("starts").call(1).await,
        };
        assert_eq!((gave.expect("completes"), tally.peak()), (5, peak));
    }
}

type Alias<T> = Result<T, Oops>;

#[node]
fn std_result(n: u64) -> std::result::Result<u64, Oops> {
    if n == 1 { Err(Oops(1)) } else { Ok(n) }
}

#[node]
fn io_result(n: u64) -> std::io::Result<u64> {
    if n == 2 { Err(std::io::Error::other("io")) } else { Ok(n) }
}

#[node]
fn boxed_error(n: u64) -> Result<u64, Box<dyn std::error::Error + Send + Sync>> {
    if n == 3 { Err("a text".into()) } else { Ok(n) }
}

#[node(fallible)]
fn alias(n: u64) -> Alias<u64> {
    if n == 4 { Err(Oops(4)) } else { Ok(n) }
}

#[node]
fn result_as_message(n: u64) -> Alias<u64> {
    if n == 5 { Err(Oops(5)) } else { Ok(n) }
}

#[node]
fn told(result: Alias<u64>) -> String {
    result.map_or_else(|error| error.to_string(), |n| n.to_string())
}

/// semantics:22
#[tokio::test(start_paused = true)]
async fn a_result_fails_its_node_by_its_last_word_an_alias_when_it_is_said_and_else_it_is_a_message() {
    flow! { results(u64) -> String {
        std_result -> io_result -> boxed_error -> alias -> result_as_message -> told
    } }
    let app = results::flow().start().expect("starts");
    for (n, node, text) in [(1, "std_result", "oops 1"), (2, "io_result", "io"), (3, "boxed_error", "a text")] {
        let error = failure(app.call(n).await.expect_err("fails"));
        assert_eq!(error.node(), node);
        assert!(error.to_string().ends_with(text), "{error}");
    }
    assert_eq!(failure(app.call(4).await.expect_err("fails")).node(), "alias");
    assert_eq!(app.call(5).await.expect("completes"), "oops 5");
    assert_eq!(app.call(6).await.expect("completes"), "6");
}

// === state ===

struct Index(Vec<&'static str>);
struct Prefix(&'static str);

#[derive(Provides)]
struct Library {
    index: Index,
    prefix: Prefix,
    tally: Tally,
}

#[node]
async fn lookup(word: String, State(prefix): State<'_, Prefix>, ctx: &Ctx, index: State<'_, Index>) -> Vec<String> {
    let found = index.0.0.iter().filter(|line| line.contains(&word));
    found.map(|line| format!("{}{line} by {}", prefix.0, ctx.node())).collect()
}

/// semantics:23
#[tokio::test(start_paused = true)]
async fn a_node_borrows_each_part_of_the_state_that_it_asks_for() {
    flow! { looking(String) -> Vec<String> { lookup } }
    let state = Library {
        index: Index(vec!["penguins huddle", "walrus", "penguins swim"]),
        prefix: Prefix("- "),
        tally: Tally::default(),
    };
    assert_eq!(state.tally.calls(), 0);
    let app = looking::flow().with_state(state).start().expect("starts");
    let found = app.call("penguin".to_owned()).await.expect("completes");
    assert_eq!(found, ["- penguins huddle by lookup", "- penguins swim by lookup"]);
}

/// semantics:25, semantics:23: a node stays a function, callable as one, wherever it stands.
#[tokio::test(start_paused = true)]
async fn a_node_stays_a_function_and_may_stand_in_a_module_of_its_own() {
    mod inside {
        use penguiflow::prelude::*;

        #[node]
        pub(super) async fn thrice(n: u64) -> u64 {
            n * 3
        }
    }
    use inside::thrice;
    flow! { threefold(u64) -> u64 { thrice -> inside::thrice as once_more } }
    let app = threefold::flow().start().expect("starts");
    assert_eq!((app.call(2).await.expect("completes"), thrice(2).await), (18, 6));
}

/// semantics:25
#[tokio::test(start_paused = true)]
async fn a_condition_takes_an_arm_out_of_a_flow_with_its_node() {
    #[message]
    enum Way {
        Here(u64),
        #[cfg(any())]
        Nowhere(u64),
    }
    #[router]
    fn way(n: u64) -> Way {
        Way::Here(n)
    }
    #[cfg(any())]
    #[node]
    fn gone(n: u64) -> u64 {
        n
    }
    flow! { conditional(u64) -> u64 { way { Here -> thrice, #[cfg(any())] Nowhere -> gone } } }
    #[node]
    fn thrice(n: u64) -> u64 {
        n * 3
    }
    assert_eq!(conditional::flow().start().expect("starts").call(2).await.expect("completes"), 6);
}

/// semantics:31
#[test]
fn a_message_has_what_travelling_and_storing_need_and_nothing_twice() {
    #[message]
    #[derive(Clone, PartialEq, Default)]
    struct Note {
        text: String,
    }
    #[message(no_schema)]
    struct Foreign {
        wait: std::time::Duration,
    }
    fn travels<T: Send + Clone + std::fmt::Debug + serde::Serialize + serde::de::DeserializeOwned + 'static>(_: &T) {}
    let (note, foreign) = (Note { text: "a".to_owned() }, Foreign { wait: std::time::Duration::ZERO });
    travels(&note);
    travels(&foreign);
    let json = serde_json::to_string(&note).expect("is plain");
    assert_eq!(serde_json::from_str::<Note>(&json).expect("is a note"), note);
    assert_eq!(foreign.wait, std::time::Duration::ZERO);
}
