//! A secret goes through a flow and comes out of no text: not of errors, prints, panics, schemas.

use crate::kit::failure;
use penguiflow::prelude::*;
use penguiflow::secret::{Secret, Wipe};
use penguiflow::{Options, Refused};
use std::error::Error as _;
use std::fmt::{self, Debug, Display};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

const KEY: &str = "sk-4711";

#[message(no_serde)]
struct Login {
    user: String,
    key: Secret,
}

fn login(user: &str) -> Login {
    Login { user: user.to_owned(), key: Secret::from(KEY) }
}

/// An error that holds a secret and prints whatever it can.
#[derive(Debug)]
struct Refusal {
    login: Login,
}

impl Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} may not come in with {}", self.login.user, self.login.key)
    }
}

impl std::error::Error for Refusal {}

#[node(retries = 1, backoff = ("1ms", 1, "1ms"))]
async fn enter(login: Login) -> Result<Login, Refusal> {
    assert!(login.user != "panic", "cannot enter with {login:?}");
    if login.user == "ada" { Ok(login) } else { Err(Refusal { login }) }
}

#[node]
fn length(login: Login, State(pepper): State<'_, Secret>) -> usize {
    login.key.expose().len() + pepper.expose().len()
}

#[node]
fn enough(lengths: Vec<usize>) -> usize {
    lengths.len()
}

flow! { measured(Login) -> usize { enter -> length } }
flow! { starved(Login) -> usize { (enter -> length, enter as again -> length) -> join_k(1) -> enough } }

#[derive(Provides)]
struct Kitchen {
    pepper: Secret,
}

fn kitchen() -> Kitchen {
    Kitchen { pepper: Secret::from(KEY) }
}

#[track_caller]
fn assert_hidden(shown: &[String]) {
    for text in shown {
        assert!(!text.contains(KEY), "{text}");
    }
}

fn prints(value: &(impl Debug + ?Sized)) -> [String; 2] {
    [format!("{value:?}"), format!("{value:#?}")]
}

/// semantics:35
#[tokio::test(start_paused = true)]
async fn no_print_of_a_failure_or_of_its_sources_shows_the_secret_in_a_node_s_error() {
    let app = measured::flow().with_state(kitchen()).start().expect("starts");
    assert_eq!(app.call(login("ada")).await.expect("completes"), 2 * KEY.len(), "nodes may use it");
    let stop = app.call(login("bob")).await.expect_err("is refused");
    assert!(stop.to_string().ends_with("bob may not come in with [redacted]"), "{stop}");
    assert_hidden(&prints(&stop));
    let error = failure(stop);
    assert_hidden(&prints(&error));
    assert_hidden(&prints(error.kind()));
    assert_hidden(&[error.to_payload().to_string()]);
    let source = error.source().and_then(|source| source.downcast_ref::<Refusal>()).expect("is kept");
    assert_hidden(&prints(source));
    assert_eq!(source.login.key.expose(), KEY, "the error itself is whole");
    let ending = app.emit(login("bob")).await.expect("lets it in").result().await;
    assert_hidden(&prints(&ending));

    let app = starved::flow().with_state(kitchen()).start().expect("starts");
    let stop = app.call(login("bob")).await.expect_err("starves");
    assert_eq!(stop.to_string().matches("[redacted]").count(), 2, "{stop}");
    assert_hidden(&[stop.to_string(), format!("{stop:#?}")]);
}

/// semantics:28
#[tokio::test(start_paused = true)]
async fn a_panic_that_prints_its_message_shows_no_secret() {
    let app = measured::flow().with_state(kitchen()).start().expect("starts");
    let stop = app.call(login("panic")).await.expect_err("panics");
    assert!(stop.to_string().contains("cannot enter with Login { user: \"panic\", key: [redacted] }"), "{stop}");
    assert_hidden(&[stop.to_string(), format!("{stop:?}")]);
}

#[tokio::test(start_paused = true)]
async fn messages_handles_traces_and_refusals_print_no_secret() {
    let options = Options::new().with_in_flight(1);
    let app = measured::flow().with_state(kitchen()).with_options(options).start().expect("starts");
    let trace = app.try_emit(login("ada")).expect("has room");
    let refused = app.try_emit(login("ada")).expect_err("has no room");
    let mut shown = [prints(&app), prints(&trace), prints(&refused)].concat();
    shown.push(refused.to_string());
    let Refused::Full(message) = refused else { panic!("is full") };
    shown.extend(prints(&message));
    assert!(shown.last().is_some_and(|shown| shown.contains("[redacted]")));
    assert_hidden(&shown);
    assert_eq!(message.payload().key.expose(), KEY, "it comes back whole");
    assert!(trace.result().await.is_completed());
}

#[test]
fn the_listed_schema_of_a_message_tells_that_a_field_is_secret_and_shows_none() {
    let flow = penguiflow::flows().find(|flow| flow.name == "measured").expect("is listed");
    let schema = flow.input.expect("has a schema")();
    assert_eq!(schema.pointer("/properties/key"), Some(&serde_json::json!({ "type": "string", "writeOnly": true })));
}

#[test]
fn a_login_that_cannot_be_read_does_not_quote_the_secret() {
    #[message]
    struct Stored {
        #[serde(skip_serializing)]
        key: Secret,
    }
    let read: Stored = serde_json::from_str(&format!(r#"{{ "key": "{KEY}" }}"#)).expect("reads");
    assert_eq!(read.key.expose(), KEY);
    assert_eq!(serde_json::to_string(&read).expect("writes"), "{}");
    let refused = serde_json::from_str::<Stored>(r#"{ "key": ["sk-4711"] }"#).expect_err("is no text");
    assert_hidden(&[refused.to_string(), format!("{refused:?}")]);
}

/// A secret that counts how many of it are live and how many were overwritten.
#[derive(Debug)]
struct Counted {
    made: Arc<AtomicUsize>,
    wiped: Arc<AtomicUsize>,
}

impl Clone for Counted {
    fn clone(&self) -> Self {
        self.made.fetch_add(1, SeqCst);
        Counted { made: self.made.clone(), wiped: self.wiped.clone() }
    }
}

impl Wipe for Counted {
    fn wipe(&mut self) {
        self.wiped.fetch_add(1, SeqCst);
    }
}

/// core:W-28
#[tokio::test(start_paused = true)]
async fn every_copy_that_retries_and_branches_make_of_a_secret_is_wiped_with_its_trace() {
    #[node(retries = 2, backoff = ("1ms", 1, "1ms"))]
    async fn tries(key: Secret<Counted>, ctx: &Ctx) -> Result<Secret<Counted>, crate::kit::Oops> {
        if ctx.attempt() == 3 { Ok(key) } else { Err(crate::kit::Oops(ctx.attempt())) }
    }
    #[node]
    fn both((_a, _b): (Secret<Counted>, Secret<Counted>)) -> u8 {
        2
    }
    flow! { copied(Secret<Counted>) -> u8 { tries -> (tries as one, tries as other) -> join -> both } }
    let (made, wiped) = (Arc::new(AtomicUsize::new(1)), Arc::new(AtomicUsize::new(0)));
    let app = copied::flow().start().expect("starts");
    let key = Secret::new(Counted { made: made.clone(), wiped: wiped.clone() });
    assert_eq!(app.call(key).await.expect("completes"), 2);
    assert!(made.load(SeqCst) > 4, "{made:?} copies");
    assert_eq!(wiped.load(SeqCst), made.load(SeqCst));
}
