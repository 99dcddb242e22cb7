//! A message is checked where its node says so; a breach is fatal.

use crate::kit::{App, Oops, Tally, failure};
use penguiflow::prelude::*;
use penguiflow::{ErrorKind, Validate, Violations};

#[message]
#[derive(PartialEq)]
struct Text {
    text: String,
}

impl Validate for Text {
    fn validate(&self) -> Result<(), Violations> {
        let mut found = Violations::new();
        if self.text.is_empty() {
            found.push("text", "is empty");
        }
        if self.text.contains('!') {
            found.push("text", "shouts");
        }
        found.into_result()
    }
}

fn text(text: &str) -> Text {
    Text { text: text.to_owned() }
}

macro_rules! cuts {
    ($name:ident, $validate:ident) => {
        #[node(validate = $validate, retries = 3, backoff = ("1ms", 1, "1ms"), jitter = none)]
        async fn $name(t: Text, State(tally): State<'_, Tally>) -> Result<Text, Oops> {
            tally.call();
            Ok(Text { text: t.text.chars().skip(1).collect() })
        }
    };
}
cuts!(cut_in, in);
cuts!(cut_out, out);
cuts!(cut_both, both);

#[node]
async fn cut_none(t: Text, State(tally): State<'_, Tally>) -> Text {
    tally.call();
    Text { text: t.text.chars().skip(1).collect() }
}

flow! { ins(Text) -> Text { cut_in } }
flow! { outs(Text) -> Text { cut_out } }
flow! { boths(Text) -> Text { cut_both } }
flow! { nones(Text) -> Text { cut_none } }

/// What `$flow` makes of `$given`: the text or the violations, and how often the node ran.
macro_rules! run {
    ($flow:ident, $given:expr) => {{
        let (state, tally) = App::new();
        let app = $flow::flow().with_state(state).start().expect("starts");
        let gave = app.call(text($given)).await.map(|t| t.text).map_err(|stop| {
            let error = failure(stop);
            assert_eq!((error.code(), error.attempt()), ("MESSAGE_INVALID", 1));
            let ErrorKind::Invalid(violations) = error.into_kind() else { panic!("another kind") };
            violations.to_string()
        });
        (gave, tally.calls())
    }};
}

/// core:AC-4.2, core:W-14
#[tokio::test(start_paused = true)]
async fn a_bad_input_is_refused_where_inputs_are_validated_before_the_node_runs_and_never_retried() {
    assert_eq!(run!(ins, ""), (Err("text: is empty".to_owned()), 0));
    assert_eq!(run!(boths, ""), (Err("text: is empty".to_owned()), 0));
    assert_eq!(run!(ins, "a!"), (Err("text: shouts".to_owned()), 0));
    assert_eq!(run!(ins, "ab"), (Ok("b".to_owned()), 1));
    assert_eq!(run!(ins, "a"), (Ok(String::new()), 1), "the output is not its business");
}

/// core:AC-4.2, core:W-14
#[tokio::test(start_paused = true)]
async fn a_bad_output_is_refused_where_outputs_are_validated_after_one_run() {
    assert_eq!(run!(outs, "a"), (Err("text: is empty".to_owned()), 1));
    assert_eq!(run!(boths, "a"), (Err("text: is empty".to_owned()), 1));
    assert_eq!(run!(outs, "!a"), (Ok("a".to_owned()), 1), "the input is not its business");
}

/// core:AC-3.5, core:AC-4.2
#[tokio::test(start_paused = true)]
async fn a_node_that_does_not_say_so_validates_nothing() {
    assert_eq!(run!(nones, ""), (Ok(String::new()), 1));
}

/// core:AC-4.1: untyped data becomes a node's input before it enters a flow, and what comes out is typed.
#[tokio::test(start_paused = true)]
async fn untyped_data_is_made_into_the_input_and_the_output_comes_out_typed() {
    let (state, _) = App::new();
    let app = boths::flow().with_state(state).start().expect("starts");
    let input: Text = serde_json::from_str(r#"{ "text": "ab" }"#).expect("has the shape of the input");
    assert_eq!(app.call(input).await.expect("completes"), text("b"));
    let bad = serde_json::from_str::<Text>(r#"{ "txt": "ab" }"#).expect_err("has another shape");
    assert!(bad.to_string().contains("missing field `text`"), "{bad}");
}

/// core:AC-4.2: a stub's input is checked as the node's is.
#[tokio::test(start_paused = true)]
async fn the_input_of_a_stub_is_validated_as_the_node_s_is() {
    let (state, tally) = App::new();
    let seen = tally.clone();
    let app = ins::flow()
        .with_state(state)
        .stub_async::<cut_in, _>(move |t| {
            seen.call();
            std::future::ready(Ok(t))
        })
        .start()
        .expect("starts");
    assert_eq!(failure(app.call(text("")).await.expect_err("is empty")).code(), "MESSAGE_INVALID");
    assert_eq!((app.call(text("ab")).await.expect("completes"), tally.calls()), (text("ab"), 1));
}

#[message]
enum Say {
    Aloud(String),
    Nothing,
}

impl Validate for Say {
    fn validate(&self) -> Result<(), Violations> {
        match self {
            Say::Aloud(said) => text(said).validate(),
            Say::Nothing => Ok(()),
        }
    }
}

#[router(validate = out)]
fn speak(t: &Text) -> Say {
    if t.text.is_empty() { Say::Nothing } else { Say::Aloud(t.text.clone()) }
}

#[node]
fn aloud(said: String) -> String {
    said
}

flow! { speaks(Text) -> String { speak { Aloud -> aloud, Nothing -> drop } } }

/// core:AC-4.2, semantics:34: a stub gives nothing that its node could not give, waiting or at once.
#[tokio::test(start_paused = true)]
async fn the_output_of_a_stub_is_validated_where_the_node_s_is_and_a_breach_is_not_retried() {
    /// What the flow makes of a stub that gives `$gives`, and how often the stub ran.
    macro_rules! stubbed {
        ($flow:ident, $node:ident, $gives:expr) => {{
            let mut seen = Vec::new();
            for waits in [false, true] {
                let (state, tally) = App::new();
                let (builder, count) = ($flow::flow().with_state(state), tally.clone());
                let stub = move |_| {
                    count.call();
                    Ok(text($gives))
                };
                let builder = match waits {
                    true => builder.stub_async::<$node, _>(move |t| std::future::ready(stub(t))),
                    false => builder.stub::<$node>(stub),
                };
                let app = builder.start().expect("starts");
                let gave = app.call(text("ok")).await.map(|t| t.text).map_err(|stop| failure(stop).code());
                seen.push((gave, tally.calls()));
            }
            assert_eq!(seen[0], seen[1]);
            seen.remove(0)
        }};
    }
    assert_eq!(stubbed!(outs, cut_out, ""), (Err("MESSAGE_INVALID"), 1));
    assert_eq!(stubbed!(boths, cut_both, "a!"), (Err("MESSAGE_INVALID"), 1));
    assert_eq!(stubbed!(boths, cut_both, "a"), (Ok("a".to_owned()), 1));
    assert_eq!(stubbed!(ins, cut_in, ""), (Ok(String::new()), 1), "its output is not validated");
    assert_eq!(stubbed!(nones, cut_none, ""), (Ok(String::new()), 1));
}

/// core:AC-4.2, semantics:13: what a router that borrows returns is validated, its own and its stub's.
#[tokio::test(start_paused = true)]
async fn what_a_router_or_its_stub_chooses_is_validated() {
    let app = speaks::flow().start().expect("starts");
    assert_eq!(app.call(text("a")).await.expect("completes"), "a");
    assert_eq!(failure(app.call(text("a!")).await.expect_err("shouts")).code(), "MESSAGE_INVALID");
    let app = speaks::flow().stub::<speak>(|t| Ok((Say::Aloud(t.text.clone() + "!"), t))).start().expect("starts");
    assert_eq!(failure(app.call(text("a")).await.expect_err("shouts")).code(), "MESSAGE_INVALID");
}
