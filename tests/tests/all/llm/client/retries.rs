//! What is asked again.

use super::{client, fail, limited, named, overloaded};
use crate::kit::now;
use penguiflow::clock::secs;
use penguiflow::llm::{ChatRequest, LlmError, LlmErrorKind, Patience, Retry, ScriptedReply};
use penguiflow::{Classify, ErrorClass};

#[tokio::test(start_paused = true)]
async fn what_may_pass_is_asked_again_and_the_answer_says_how_often() {
    let model = named("a", [overloaded(), fail(LlmErrorKind::Transport), "krill".into()]);
    let answer = client(model.clone()).chat("food?").await.expect("the third attempt answers");
    assert_eq!((answer.text().as_str(), answer.attempts, answer.model.as_str()), ("krill", 3, "test/a"));
    model.assert_calls(3);
}

#[tokio::test(start_paused = true)]
async fn retries_are_those_after_the_first_attempt_and_the_last_error_is_told() {
    let model = named("a", [overloaded(), overloaded(), fail(LlmErrorKind::Transport), "too late".into()]);
    let error = client(model.clone()).with_retry(Retry::times(2)).chat("food?").await.expect_err("it stays broken");
    assert_eq!(error.kind(), &LlmErrorKind::Transport);
    assert_eq!(error.to_string(), "test/a: the connection failed (500): as scripted");
    model.assert_calls(3);
}

#[tokio::test(start_paused = true)]
async fn without_retries_it_is_asked_once() {
    let model = named("a", [overloaded(), "too late".into()]);
    let error = client(model.clone()).with_retry(Retry::none()).chat("food?").await.expect_err("it is broken");
    assert_eq!(error.kind().code(), "overloaded");
    assert_eq!((error.class(), model.calls()), (ErrorClass::Retry, 1));
}

#[tokio::test(start_paused = true)]
async fn what_would_fail_again_is_not_asked_again() {
    let kinds = [
        LlmErrorKind::Auth,
        LlmErrorKind::OutOfCredit,
        LlmErrorKind::InvalidRequest { field: Some("messages".to_owned()) },
        LlmErrorKind::ContextLength { limit: Some(8_192), asked: Some(9_000) },
        LlmErrorKind::Refused,
        LlmErrorKind::UnknownModel,
        LlmErrorKind::Unsupported,
        LlmErrorKind::ContentParse,
        LlmErrorKind::TooLarge,
    ];
    for kind in kinds {
        let model = named("a", [fail(kind.clone()), "too late".into()]);
        let error = client(model.clone()).chat("food?").await.expect_err("it fails");
        assert_eq!((error.kind(), error.class(), model.calls()), (&kind, ErrorClass::Fatal, 1));
    }
}

#[tokio::test(start_paused = true)]
async fn what_the_provider_asks_to_wait_is_waited() {
    let model = named("a", [limited(Some(secs(20))), "krill".into()]);
    let start = now();
    client(model).chat("food?").await.expect("the second attempt answers");
    assert!((secs(20)..secs(21)).contains(&(now() - start)), "{:?}", (now() - start));
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_is_too_long_is_told_and_not_waited() {
    let model = named("a", [limited(Some(secs(3_600))), "too late".into()]);
    let start = now();
    let error = client(model.clone()).chat("food?").await.expect_err("nobody waits for an hour");
    assert_eq!((error.kind().retry_after(), (now() - start), model.calls()), (Some(secs(3_600)), secs(0), 1));
    // A wait that is too long for the call is not begun.
    let model = named("a", [limited(Some(secs(20))), "too late".into()]);
    let error = client(model.clone()).chat("food?").with_timeout(secs(10)).await.expect_err("there is no time");
    assert_eq!((error.kind().retry_after(), (now() - start), model.calls()), (Some(secs(20)), secs(0), 1));
}

#[tokio::test(start_paused = true)]
async fn waits_are_drawn_and_the_same_seed_draws_the_same() {
    let waits = async || {
        let model = named("a", [overloaded(), overloaded(), overloaded(), "krill".into()]);
        let start = now();
        client(model).chat("food?").await.expect("the last attempt answers");
        now() - start
    };
    let (first, second) = (waits().await, waits().await);
    assert_eq!(first, second);
    assert!(first > secs(0) && first < secs(1 + 2 + 4), "{first:?}");
}

#[tokio::test(start_paused = true)]
async fn a_temperature_that_the_model_refuses_is_left_out_at_once() {
    let refused = || {
        let kind = LlmErrorKind::InvalidRequest { field: Some("temperature".to_owned()) };
        ScriptedReply::fail(LlmError::new(kind, "unsupported value: only the default (1) is supported"))
    };
    let model = named("a", [refused(), "krill".into(), "fish".into(), refused()]);
    let warm = || ChatRequest::from("food?").with_temperature(0.3);
    let client = client(model.clone()).with_retry(Retry::none());
    let start = now();
    client.chat(warm()).await.expect("without one it answers");
    let asked: Vec<Option<f64>> = model.requests().iter().map(|request| request.temperature).collect();
    assert_eq!((asked, (now() - start)), (vec![Some(0.3), None], secs(0)));
    // What was learned once is not asked again by this client.
    client.chat(warm()).await.expect("it is known");
    assert_eq!(model.last_request().expect("it was asked").temperature, None);
    // A model that refuses what it was not asked is not asked for ever.
    let error = client.chat("food?").await.expect_err("there is nothing to leave out");
    assert_eq!((error.kind().code(), model.calls()), ("invalid_request", 4));
}

#[tokio::test(start_paused = true)]
async fn an_attempt_that_takes_too_long_is_dropped_and_asked_again() {
    use penguiflow::llm::{EchoModel, Faulty, ModelFault, Timeouts};
    let model = Faulty::new(EchoModel::default()).fail_call(1, ModelFault::stall());
    let timeouts = Timeouts::default().with_attempt(secs(30)).with_total(secs(100));
    let (patient, start) = (client(model).with_timeouts(timeouts), now());
    assert_eq!(patient.chat("krill").await.expect("the second attempt answers").attempts, 2);
    assert!((secs(30)..secs(31)).contains(&(now() - start)), "{:?}", (now() - start));
    let model = Faulty::new(EchoModel::default()).fail_each(1, ModelFault::stall());
    let (patient, start) = (client(model).with_timeouts(timeouts), now());
    let error = patient.chat("krill").await.expect_err("it never answers");
    assert_eq!((error.kind(), (now() - start)), (&LlmErrorKind::Timeout(Patience::Total), secs(100)));
}

#[tokio::test(start_paused = true)]
async fn an_answer_without_an_end_is_no_answer() {
    use super::text;
    let model = named("a", [ScriptedReply::events([text("kri")]), ScriptedReply::events([text("kri")])]);
    let error = client(model).with_retry(Retry::none()).chat("food?").await.expect_err("it has no end");
    assert_eq!(error.kind(), &LlmErrorKind::Transport);
}

#[test]
fn how_often_and_how_long_is_known_where_nothing_is_said() {
    use penguiflow::llm::{Fallback, Timeouts};
    let retry = Retry::default();
    assert_eq!((retry.retries, retry.initial, retry.factor, retry.most), (3, secs(1), 2.0, secs(30)));
    assert_eq!((retry.retry_after_max, retry.restarts), (secs(60), false));
    let timeouts = Timeouts::default();
    assert_eq!([timeouts.total, timeouts.attempt, timeouts.chunk], [600, 360, 90].map(secs));
    assert_eq!((Fallback::default().cooldown, Fallback::default().wait_max), (secs(45), secs(30)));
}
