//! Limits of accounts, deadlines, cancels.

use super::{client, fail, named};
use crate::kit::{Tally, nap, now};
use futures_util::future::join_all;
use penguiflow::clock::secs;
use penguiflow::llm::{
    Call, ChatRequest, EchoModel, Faulty, LlmClient, LlmErrorKind, Model, ModelFault, ModelInfo, ModelStream,
    PaceLimits, Pacing, Patience,
};
use penguiflow::prelude::*;
use std::sync::Arc;
use tokio::time::timeout;

/// Counts the requests that are under way.
struct Counted<M>(M, Tally);

impl<M: Model> Model for Counted<M> {
    fn info(&self) -> &ModelInfo {
        self.0.info()
    }

    fn stream(&self, request: Arc<ChatRequest>, call: Call) -> ModelStream {
        use futures_util::StreamExt as _;
        let (inside, stream) = (self.1.enter(), self.0.stream(request, call));
        Box::pin(stream.inspect(move |_| {
            let _ = &inside;
        }))
    }
}

#[tokio::test(start_paused = true)]
async fn an_account_takes_so_many_requests_at_once_over_all_its_clients() {
    let (pacing, tally) = (Pacing::new(), Tally::default());
    pacing.limit("offline", PaceLimits::new().concurrency(3));
    let slow = || Faulty::new(EchoModel::default()).fail_each(1, ModelFault::slow(secs(1)));
    let clients = [0, 1].map(|_| LlmClient::new(Counted(slow(), tally.clone())).with_pacing(pacing.clone()));
    let start = now();
    let calls = (0..12).map(|index| clients[index % 2].chat("krill").into_future());
    assert!(join_all(calls).await.iter().all(Result::is_ok));
    assert_eq!((tally.peak(), tally.calls()), (3, 12));
    assert!((now() - start) >= secs(4), "{:?}", (now() - start));
}

#[tokio::test(start_paused = true)]
async fn waiting_for_a_turn_ends_with_the_time_of_the_call() {
    let pacing = Pacing::new();
    pacing.limit("offline", PaceLimits::new().requests_per_minute(1));
    let client = LlmClient::new(EchoModel::default()).with_pacing(pacing);
    client.chat("krill").await.expect("it is the first one");
    let start = now();
    let error = client.chat("krill").with_timeout(secs(5)).await.expect_err("its turn comes in a minute");
    assert_eq!((error.kind(), (now() - start)), (&LlmErrorKind::Timeout(Patience::Total), secs(5)));
}

#[derive(Clone, Provides)]
struct Models {
    client: LlmClient,
}

#[node(on_cancel = finish("1m"))]
async fn stubborn(
    question: String,
    ctx: &Ctx,
    State(client): State<'_, LlmClient>,
) -> Result<String, penguiflow::llm::LlmError> {
    ctx.cancelled().await;
    Ok(client.chat(question).within(ctx).await?.text())
}

#[node]
async fn ask(
    question: String,
    ctx: &Ctx,
    State(client): State<'_, LlmClient>,
) -> Result<String, penguiflow::llm::LlmError> {
    Ok(client.chat(question).within(ctx).await?.text())
}

/// A client, and what came of its calls.
#[derive(Clone, Provides)]
struct Kept {
    client: LlmClient,
    errors: Tally,
}

/// Is in the middle of its call when its trace is cancelled, and may end it.
#[node(on_cancel = finish("1m"))]
async fn persist(
    question: String,
    ctx: &Ctx,
    State(client): State<'_, LlmClient>,
    State(errors): State<'_, Tally>,
) -> String {
    let error = client.chat(question).within(ctx).await.expect_err("it is cancelled");
    errors.note(format!("{}{}", error.kind().code(), if error.is_free() { ", and nothing was sent" } else { "" }));
    String::new()
}

flow! { persisting(String) -> String { persist } }
flow! { asking(String) -> String { ask } }
flow! { insisting(String) -> String { stubborn } }

#[tokio::test(start_paused = true)]
async fn a_cancelled_trace_drops_the_request_at_once() {
    let tally = Tally::default();
    let silent = Faulty::new(EchoModel::default()).fail_each(1, ModelFault::stall());
    let client = client(Counted(silent, tally.clone()));
    let app = asking::flow().with_state(Models { client }).start().expect("it starts");
    let trace = app.emit("krill".to_owned()).await.expect("it is let in");
    nap(10).await;
    assert_eq!(tally.live(), 1);
    trace.cancel();
    assert!(matches!(trace.result().await, penguiflow::Ending::Cancelled));
    assert_eq!(tally.live(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_trace_s_deadline_ends_the_call() {
    let tally = Tally::default();
    let silent = Faulty::new(EchoModel::default()).fail_each(1, ModelFault::stall());
    let client = client(Counted(silent, tally.clone()));
    let app = asking::flow().with_state(Models { client }).start().expect("it starts");
    let start = now();
    let ended = app.call(Message::new("krill".to_owned()).with_deadline(secs(2))).await;
    assert!(matches!(ended, Err(Stop::DeadlineExceeded)), "{ended:?}");
    assert_eq!(((now() - start), tally.live()), (secs(2), 0));
}

#[tokio::test(start_paused = true)]
async fn nothing_is_asked_for_a_trace_that_is_to_end() {
    let model = named("a", ["krill".into()]);
    let app = insisting::flow().with_state(Models { client: client(model.clone()) }).start().expect("it starts");
    let trace = app.emit("food?".to_owned()).await.expect("it is let in");
    nap(10).await;
    trace.cancel();
    let _ = timeout(secs(5), trace.result()).await.expect("it ends");
    model.assert_calls(0);
}

/// tooling:2.9 weak
#[tokio::test(start_paused = true)]
async fn a_trace_that_is_cancelled_between_two_attempts_is_not_asked_again() {
    let busy = fail(LlmErrorKind::Overloaded { retry_after: Some(secs(20)) });
    let model = named("a", [busy, "too late".into()]);
    let errors = Tally::default();
    let app = persisting::flow().with_state(Kept { client: client(model.clone()), errors: errors.clone() });
    let app = app.start().expect("it starts");
    let trace = app.emit("food?".to_owned()).await.expect("it is let in");
    nap(1_000).await;
    trace.cancel();
    // Nobody waits for the 20 seconds that are asked for.
    let _ = timeout(secs(1), trace.result()).await.expect("it ends");
    model.assert_calls(1);
    assert_eq!(errors.notes(), ["cancelled, and nothing was sent"]);
}
