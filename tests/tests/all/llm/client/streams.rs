//! Answers while they are written.

use super::{all, client, end, fail, named, text};
use crate::kit::now;
use futures_util::StreamExt as _;
use penguiflow::clock::secs;
use penguiflow::llm::{ChatEvent, Faulty, LlmErrorKind, ModelFault, Patience, Retry, ScriptedReply, Timeouts};

#[tokio::test(start_paused = true)]
async fn an_answer_comes_step_by_step_with_one_end_and_nothing_behind_it() {
    let model = named("a", [ScriptedReply::events([text("kri"), text("ll"), end(), text("more")])]);
    let told = all(client(model).chat("food?").stream()).await;
    assert_eq!(told, [Ok(text("kri")), Ok(text("ll")), Ok(end())]);
}

#[tokio::test(start_paused = true)]
async fn behind_the_end_the_whole_answer_is_there() {
    let model = named("a", [ScriptedReply::from("krill and fish"), ScriptedReply::from("krill")]);
    let client = client(model);
    let mut stream = client.chat("food?").stream();
    assert!(stream.response().is_none());
    while stream.next().await.is_some() {}
    assert_eq!(stream.response().expect("it has ended").text(), "krill and fish");
    assert!(stream.next().await.is_none());
    assert_eq!(stream.finish().await.expect("it has answered").text(), "krill and fish");
    assert_eq!(client.chat("food?").stream().finish().await.expect("it answers").text(), "krill");
}

#[tokio::test(start_paused = true)]
async fn an_answer_of_which_nothing_was_told_is_asked_for_again() {
    let model = named("a", [fail(LlmErrorKind::Transport), "krill".into()]);
    let told = all(client(model).chat("food?").stream()).await;
    assert_eq!(told[0], Ok(text("krill")));
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_breaks_off_is_an_error_and_is_not_begun_anew() {
    let broken = || {
        let reply = ScriptedReply::from("krill and");
        reply.then_fail(penguiflow::llm::LlmError::new(LlmErrorKind::Transport, "it broke off"))
    };
    let model = named("a", [broken(), "fish".into()]);
    let told = all(client(model.clone()).chat("food?").stream()).await;
    assert_eq!(told, [Ok(text("krill ")), Ok(text("and")), Err(LlmErrorKind::Transport)]);
    model.assert_calls(1);
    // Who asks for it is told that it begins anew, and the whole answer has nothing of the broken one.
    let model = named("a", [broken(), "fish".into()]);
    let client = client(model).with_retry(Retry::default().with_restarts());
    let mut stream = client.chat("food?").stream();
    let mut told = Vec::new();
    while let Some(step) = stream.next().await {
        told.push(step.expect("it is begun anew"));
    }
    assert_eq!(told[..4], [text("krill "), text("and"), ChatEvent::Restart, text("fish")]);
    assert_eq!(stream.response().expect("it has ended").text(), "fish");
}

#[tokio::test(start_paused = true)]
async fn a_whole_answer_is_asked_for_again_though_some_of_it_had_come() {
    let broken = ScriptedReply::from("krill").then_fail(penguiflow::llm::LlmError::new(LlmErrorKind::Transport, ""));
    let model = named("a", [broken, "fish".into()]);
    assert_eq!(client(model).chat("food?").await.expect("the second attempt answers").text(), "fish");
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_falls_silent_is_given_up_and_a_slow_one_is_not() {
    let slow = ScriptedReply::from("one word each twenty seconds").with_pace(secs(20));
    let timeouts = Timeouts::default().with_chunk(secs(25));
    let patient = client(named("a", [slow])).with_timeouts(timeouts);
    assert_eq!(all(patient.chat("food?").stream()).await.len(), 6);
    let silent = Faulty::new(named("a", ["krill and fish".into()])).fail_call(1, ModelFault::stall().after(1));
    let (patient, start) = (client(silent).with_timeouts(timeouts), now());
    let told = all(patient.chat("food?").stream()).await;
    assert_eq!(told, [Ok(text("krill ")), Err(LlmErrorKind::Timeout(Patience::Chunk))]);
    assert_eq!((now() - start), secs(25));
}

#[tokio::test(start_paused = true)]
async fn nothing_is_asked_before_it_is_polled_and_what_is_dropped_is_not_asked() {
    let model = named("a", ["krill".into()]);
    let client = client(model.clone());
    drop(client.chat("food?").stream());
    drop(client.chat("food?"));
    model.assert_calls(0);
}
