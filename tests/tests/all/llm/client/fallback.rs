//! Models that stand in.

use super::{all, client, fail, limited, named, overloaded, text};
use crate::kit::now;
use penguiflow::clock::{Seam, millis, secs};
use penguiflow::llm::{
    Fallback, LlmClient, LlmError, LlmErrorKind, ModelInfo, Pacing, Retry, ScriptedModel, ScriptedReply,
};
use tokio::time::advance;

fn always(name: &str) -> ScriptedModel {
    ScriptedModel::new([name]).repeating_last().with_info(ModelInfo::new("test", name))
}

#[tokio::test(start_paused = true)]
async fn another_model_stands_in_for_one_that_is_rate_limited_until_it_may_be_asked_again() {
    let first = named("first", [limited(None), "back".into()]);
    let client = client(first.clone()).or(always("second"));
    let start = now();
    let answer = client.chat("food?").await.expect("the second one answers");
    assert_eq!((answer.model.as_str(), answer.attempts, (now() - start)), ("test/second", 2, secs(0)));
    assert_eq!(client.chat("food?").await.expect("the first one cools").model, "test/second");
    first.assert_calls(1);
    advance(secs(45)).await;
    assert_eq!(client.chat("food?").await.expect("the first one is back").model, "test/first");
}

#[tokio::test(start_paused = true)]
async fn a_model_is_left_alone_for_as_long_as_its_provider_says() {
    let client = client(named("first", [limited(Some(secs(3))), "back".into()])).or(always("second"));
    client.chat("food?").await.expect("the second one answers");
    advance(millis(2_900)).await;
    assert_eq!(client.chat("food?").await.expect("the first one cools").model, "test/second");
    advance(millis(100)).await;
    assert_eq!(client.chat("food?").await.expect("the first one is back").model, "test/first");
}

#[tokio::test(start_paused = true)]
async fn what_one_client_has_found_out_all_of_the_process_know() {
    let pacing = Pacing::new();
    let of = |model: ScriptedModel| LlmClient::new(model).with_pacing(pacing.clone()).with_seam(Seam::seeded(7));
    let first = named("first", [limited(Some(secs(5)))]);
    of(first).or(always("second")).chat("food?").await.expect("the second one answers");
    let elsewhere = of(always("first")).or(always("third"));
    assert_eq!(elsewhere.chat("food?").await.expect("the third one answers").model, "test/third");
}

#[tokio::test(start_paused = true)]
async fn when_all_are_left_alone_the_call_waits_once_for_the_first_that_is_back() {
    let first = named("first", [limited(Some(secs(20))), "back".into()]);
    let second = named("second", [limited(Some(secs(10))), "back".into()]);
    let start = now();
    let answer = client(first).or(second).chat("food?").await.expect("the second one is back first");
    assert_eq!((answer.model.as_str(), answer.attempts, (now() - start)), ("test/second", 3, secs(10)));
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_is_longer_than_the_rule_says_is_not_begun() {
    let both = || named("first", [limited(Some(secs(20)))]);
    let client = client(both()).or(named("second", [limited(Some(secs(10)))]));
    let client = client.with_fallback(Fallback::default().with_wait_max(secs(9)));
    let start = now();
    let error = client.chat("food?").await.expect_err("both are limited");
    assert_eq!((error.kind().code(), (now() - start)), ("rate_limited", secs(0)));
}

#[tokio::test(start_paused = true)]
async fn who_comes_while_all_are_left_alone_is_told_for_how_long() {
    let client = client(named("only", [limited(Some(secs(50)))])).with_retry(Retry::none());
    let client = client.or(named("other", [limited(Some(secs(40)))]));
    client.chat("food?").await.expect_err("both are limited");
    let error = client.chat("food?").await.expect_err("nobody was asked");
    assert_eq!(error.kind(), &LlmErrorKind::RateLimited { retry_after: Some(secs(40)) });
    assert!(error.to_string().starts_with("test/other: rate limited, asks to wait 40 s"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_broken_model_is_asked_again_before_another_one_stands_in() {
    let first = named("first", [overloaded(), overloaded(), overloaded(), overloaded()]);
    let answer = client(first.clone()).or(always("second")).chat("food?").await.expect("the second one answers");
    assert_eq!((answer.model.as_str(), answer.attempts), ("test/second", 5));
    first.assert_used_up();
}

#[tokio::test(start_paused = true)]
async fn another_model_stands_in_where_this_one_cannot_answer_and_not_where_the_request_is_wrong() {
    let cannot = [
        LlmErrorKind::Auth,
        LlmErrorKind::OutOfCredit,
        LlmErrorKind::UnknownModel,
        LlmErrorKind::Unsupported,
        LlmErrorKind::ContextLength { limit: None, asked: None },
    ];
    for kind in cannot {
        let answer = client(named("first", [fail(kind)])).or(always("second")).chat("food?").await;
        assert_eq!(answer.expect("the second one answers").model, "test/second");
    }
    for kind in [LlmErrorKind::InvalidRequest { field: None }, LlmErrorKind::Refused] {
        let second = always("second");
        let error = client(named("first", [fail(kind.clone())])).or(second.clone()).chat("food?").await;
        assert_eq!((error.expect_err("it fails").kind(), second.calls()), (&kind, 0));
    }
}

#[tokio::test(start_paused = true)]
async fn when_all_have_failed_the_last_error_is_told() {
    let client =
        client(named("first", [fail(LlmErrorKind::Auth)])).or(named("second", [fail(LlmErrorKind::UnknownModel)]));
    let error = client.chat("food?").await.expect_err("nobody answers");
    assert_eq!(error.to_string(), "test/second: unknown model (500): as scripted");
}

#[tokio::test(start_paused = true)]
async fn calls_at_once_are_told_of_their_own_models() {
    let answers = ["one", "two"].map(|question| {
        let replies = if question == "one" { vec![limited(None)] } else { vec!["krill".into()] };
        let client = client(named("first", replies)).or(always("second"));
        async move { client.chat(question).await.expect("it answers").model }
    });
    assert_eq!(futures_util::future::join_all(answers).await, ["test/second", "test/first"]);
}

/// tooling:2.11: each model of a chain has its own key, and what is left alone is one key of it.
#[tokio::test(start_paused = true)]
async fn the_same_model_with_another_key_stands_in_for_one_whose_key_is_limited() {
    let info = |key: &str| ModelInfo::new("test", "a").with_account(format!("test#{key}"));
    let first = ScriptedModel::new([limited(Some(secs(60)))]).with_info(info("1"));
    let second = ScriptedModel::new(["krill"]).repeating_last().with_info(info("2"));
    let client = client(first.clone()).or(second.clone());
    for _ in 0..2 {
        assert_eq!(client.chat("food?").await.expect("the second key answers").model, "test/a");
    }
    assert_eq!((first.calls(), second.calls()), (1, 2));
}

#[tokio::test(start_paused = true)]
async fn an_answer_of_which_something_was_told_is_not_another_models() {
    let broken =
        ScriptedReply::from("krill").then_fail(LlmError::new(LlmErrorKind::RateLimited { retry_after: None }, ""));
    let second = always("second");
    let told = all(client(named("first", [broken])).or(second.clone()).chat("food?").stream()).await;
    assert_eq!(told, [Ok(text("krill")), Err(LlmErrorKind::RateLimited { retry_after: None })]);
    second.assert_calls(0);
}

#[test]
fn a_chain_has_at_least_one_model_and_tells_them_in_their_order() {
    let client = client(always("first")).or(always("second"));
    assert_eq!(client.models().map(ToString::to_string).collect::<Vec<_>>(), ["test/first", "test/second"]);
}
