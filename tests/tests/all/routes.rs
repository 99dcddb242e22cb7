//! A router chooses one arm; what its variants hold is what the arms get.

use crate::kit::{App, Oops, Tally, failure};
use penguiflow::prelude::*;

#[message]
#[derive(PartialEq)]
struct Ticket {
    text: String,
}

fn ticket(text: &str) -> Ticket {
    Ticket { text: text.to_owned() }
}

#[message]
enum Kind {
    Bug(Ticket),
    Counted(Ticket, u32),
    Plain,
    Spam,
}

#[router]
async fn sort(t: Ticket, State(tally): State<'_, Tally>) -> Result<Kind, Oops> {
    tally.call();
    match t.text.as_str() {
        "bug" => Ok(Kind::Bug(t)),
        "spam" => Ok(Kind::Spam),
        "error" => Err(Oops(1)),
        text if text.starts_with("count") => Ok(Kind::Counted(t, 3)),
        _ => Ok(Kind::Plain),
    }
}

#[node]
fn fix(t: Ticket, State(tally): State<'_, Tally>) -> String {
    tally.note("fix");
    format!("fixed {}", t.text)
}

#[node]
fn count((t, n): (Ticket, u32), State(tally): State<'_, Tally>) -> String {
    tally.note("count");
    format!("{} {n}", t.text)
}

#[node]
fn read(t: Ticket, State(tally): State<'_, Tally>) -> String {
    tally.note("read");
    t.text
}

#[node]
fn close(text: String, State(tally): State<'_, Tally>) -> String {
    tally.note("close");
    text + "."
}

flow! { desk(Ticket) -> String {
    sort { Bug -> fix, Counted -> count -> done, Plain -> read, Spam -> drop } -> close
} }

/// core:AC-16.5, semantics:13
#[tokio::test(start_paused = true)]
async fn the_arm_that_was_named_runs_once_and_no_other() {
    for (text, gave, ran) in [
        ("bug", "fixed bug.", vec!["fix", "close"]),
        ("hello", "hello.", vec!["read", "close"]),
        ("count me", "count me 3", vec!["count"]),
    ] {
        let (state, tally) = App::new();
        let app = desk::flow().with_state(state).start().expect("starts");
        assert_eq!(app.call(ticket(text)).await.expect("completes"), gave);
        assert_eq!((tally.notes(), tally.calls()), (ran.iter().map(ToString::to_string).collect(), 1), "{text}");
    }
}

/// core:AC-16.6, core:W-21, semantics:14
#[tokio::test(start_paused = true)]
async fn an_arm_that_drops_delivers_nothing_and_says_so() {
    let (state, tally) = App::new();
    let app = desk::flow().with_state(state).start().expect("starts");
    let stop = app.call(ticket("spam")).await.expect_err("is dropped");
    assert!(matches!(&stop, Stop::Dropped { at } if &**at == "sort.Spam"), "{stop}");
    let trace = app.emit(ticket("spam")).await.expect("lets it in");
    assert!(matches!(trace.result().await, Ending::Dropped { at } if &*at == "sort.Spam"));
    assert_eq!((tally.notes().len(), app.in_flight()), (0, 0));
}

/// core:AC-16.7, semantics:35: a router that fails leaves the flow as it was.
#[tokio::test(start_paused = true)]
async fn a_router_that_fails_fails_its_trace_and_the_flow_goes_on() {
    let (state, tally) = App::new();
    let app = desk::flow().with_state(state).start().expect("starts");
    let error = failure(app.call(ticket("error")).await.expect_err("fails"));
    assert_eq!((error.node(), tally.notes().len()), ("sort", 0));
    assert_eq!(app.call(ticket("bug")).await.expect("completes"), "fixed bug.");
}

// === what needs no clone ===

/// Can be neither cloned nor stored.
struct Unique(u8);

#[message]
enum Odd {
    Yes,
    No,
}

#[router]
fn is_odd(u: &Unique) -> Odd {
    if u.0 % 2 == 1 { Odd::Yes } else { Odd::No }
}

#[node]
fn odd(u: Unique) -> u8 {
    u.0
}

#[node]
fn half(u: Unique) -> u8 {
    u.0 / 2
}

/// semantics:13
#[tokio::test(start_paused = true)]
async fn a_router_that_borrows_hands_its_input_on_without_a_clone() {
    flow! { halve(Unique) -> u8 { is_odd { Yes -> odd, No -> half } } }
    let app = halve::flow().start().expect("starts");
    assert_eq!(app.call(Unique(7)).await.expect("completes"), 7);
    assert_eq!(app.call(Unique(8)).await.expect("completes"), 4);
}

// === std's own enums ===

/// A router's outermost `Result` is its failure; by this name it is what it routes on.
type Parsed = Result<u32, String>;

#[router]
fn parse(text: String) -> Parsed {
    text.parse().map_err(|_| text)
}

#[router]
async fn checked(text: String) -> Result<Result<u32, String>, Oops> {
    if text.is_empty() { Err(Oops(0)) } else { Ok(text.parse().map_err(|_| text)) }
}

#[router]
fn first_word(text: String) -> Option<String> {
    text.split_once(' ').map(|(word, _)| word.to_owned())
}

#[router]
fn is_long(text: String) -> bool {
    text.len() > 3
}

#[node]
fn number(n: u32) -> String {
    format!("number {n}")
}

#[node]
fn word(text: String) -> String {
    format!("text {text}")
}

#[node]
fn short(text: String) -> String {
    format!("short {text}")
}

flow! { parsing(String) -> String { parse { Ok -> number, Err -> word } } }
flow! { checking(String) -> String { checked { Ok -> number, Err -> word } } }
flow! { wording(String) -> String { first_word { Some -> word, None -> short } } }
flow! { measuring(String) -> String { is_long { true -> word, false -> short } } }

/// semantics:13
#[tokio::test(start_paused = true)]
async fn result_option_and_bool_route_too() {
    let app = parsing::flow().start().expect("starts");
    assert_eq!(app.call("17".to_owned()).await.expect("completes"), "number 17");
    assert_eq!(app.call("seven".to_owned()).await.expect("completes"), "text seven");
    let app = checking::flow().start().expect("starts");
    assert_eq!(app.call("17".to_owned()).await.expect("completes"), "number 17");
    assert_eq!(app.call("x".to_owned()).await.expect("completes"), "text x");
    assert_eq!(failure(app.call(String::new()).await.expect_err("fails")).node(), "checked");
    let app = wording::flow().start().expect("starts");
    assert_eq!(app.call("two words".to_owned()).await.expect("completes"), "text two");
    assert_eq!(app.call("one".to_owned()).await.expect("completes"), "short one");
    let app = measuring::flow().start().expect("starts");
    assert_eq!(app.call("long".to_owned()).await.expect("completes"), "text long");
    assert_eq!(app.call("so".to_owned()).await.expect("completes"), "short so");
}

// === merges ===

#[node]
fn shout(text: String) -> String {
    text.to_uppercase()
}

/// semantics:3: exclusive arms meet behind the braces; a node named in two arms is the same node.
#[tokio::test(start_paused = true)]
async fn arms_that_go_on_meet_behind_the_router() {
    flow! { meeting(String) -> String { is_long { true -> word -> shout, false -> shout } -> short } }
    let app = meeting::flow().start().expect("starts");
    assert_eq!(app.call("long".to_owned()).await.expect("completes"), "short TEXT LONG");
    assert_eq!(app.call("so".to_owned()).await.expect("completes"), "short SO");
}
