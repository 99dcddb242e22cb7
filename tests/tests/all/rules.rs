//! How often and when rules are asked: once for each attempt and each side, and never of who does not ask for it.

use crate::kit::{Oops, Tally, failure};
use penguiflow::prelude::*;
use penguiflow::{ErrorKind, Validate, Violations};

/// A payload that counts how often it is checked, and may be checked `good` times before it is found bad.
#[derive(Clone)]
struct Watched {
    checks: Tally,
    good: usize,
}

impl Validate for Watched {
    fn validate(&self) -> Result<(), Violations> {
        match self.checks.call() <= self.good {
            true => Ok(()),
            false => Violations::new().with("good", "is used up").with("", "is bad").into_result(),
        }
    }
}

fn watched(good: usize) -> (Watched, Tally) {
    let watched = Watched { checks: Tally::default(), good };
    let checks = watched.checks.clone();
    (watched, checks)
}

#[node(validate = in)]
fn before(w: Watched) -> Watched {
    w
}

#[node(validate = both, retries = 2, backoff = ("1ms", 1, "1ms"))]
async fn around(w: Watched, ctx: &Ctx) -> Result<Watched, Oops> {
    if ctx.attempt() < 3 { Err(Oops(1)) } else { Ok(w) }
}

#[node]
fn neither(w: Watched) -> Watched {
    w
}

#[controller(turns = 3, validate = in)]
fn turns(w: Watched) -> Step<Watched, Watched> {
    if w.checks.calls() < 3 { Step::Again(w) } else { Step::Done(w) }
}

flow! { checked_before(Watched) -> Watched { neither -> before -> neither as end } }
flow! { checked_around(Watched) -> Watched { around } }
flow! { checked_turns(Watched) -> Watched { turns } }

/// core:AC-4.2, core:AC-3.5
#[tokio::test(start_paused = true)]
async fn a_message_is_checked_once_where_its_node_says_so_good_or_bad() {
    let app = checked_before::flow().start().expect("starts");
    for good in [0, 1] {
        let (message, checks) = watched(good);
        assert_eq!(app.call(message).await.is_ok(), good == 1);
        assert_eq!(checks.calls(), 1);
    }
}

/// core:W-14: a breach is fatal; an error of the node is not, and each attempt's input is checked.
#[tokio::test(start_paused = true)]
async fn a_breach_is_never_retried_and_tells_every_rule_that_is_broken() {
    let app = checked_around::flow().start().expect("starts");
    for (good, asked, attempt) in [(0, 1, 1), (1, 2, 2), (2, 3, 3), (3, 4, 3)] {
        let (message, checks) = watched(good);
        let error = failure(app.call(message).await.err().expect("is bad"));
        assert_eq!((checks.calls(), error.attempt(), error.code()), (asked, attempt, "MESSAGE_INVALID"));
        assert!(error.to_string().ends_with("invalid message: good: is used up; is bad"), "{error}");
        let ErrorKind::Invalid(violations) = error.into_kind() else { panic!("another kind") };
        assert_eq!(violations.len(), 2);
    }
    let (message, checks) = watched(4);
    assert!(app.call(message).await.is_ok());
    assert_eq!(checks.calls(), 4);
}

/// semantics:17
#[tokio::test(start_paused = true)]
async fn a_controller_s_state_is_checked_in_each_turn() {
    let app = checked_turns::flow().start().expect("starts");
    let (message, checks) = watched(3);
    assert!(app.call(message).await.is_ok());
    assert_eq!(checks.calls(), 3);
    let (message, checks) = watched(1);
    let error = failure(app.call(message).await.err().expect("is bad in its second turn"));
    assert_eq!((checks.calls(), error.path()), (2, "checked_turns › turn 1 › turns"));
}
