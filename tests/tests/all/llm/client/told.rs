//! What observers are told of a call.

use super::{client, fail, limited, named, overloaded};
use penguiflow::llm::{
    LlmClient, LlmError, LlmErrorKind, ModelInfo, Price, Profile, Retry, ScriptedModel, ScriptedReply, Usage,
};
use penguiflow::prelude::*;
use penguiflow::{EventKind, FlowEvent, ModelCall, Money, Observer};
use std::sync::{Arc, Mutex};

#[derive(Clone, Provides)]
struct Models {
    client: LlmClient,
}

#[node]
async fn ask(question: String, ctx: &Ctx, State(client): State<'_, LlmClient>) -> Result<String, LlmError> {
    Ok(client.chat(question).within(ctx).await?.text())
}

flow! { asking(String) -> String { ask } }

/// Keeps what is told of models, with the node that it is told of.
#[derive(Default)]
struct Calls(Mutex<Vec<(String, ModelCall)>>);

impl Observer for Calls {
    fn on_event(&self, event: &FlowEvent) {
        if let EventKind::ModelCall(call) = &event.kind {
            self.0.lock().expect("no test panics inside").push((event.node.to_owned(), (**call).clone()));
        }
    }
}

async fn told(client: LlmClient) -> Vec<(String, ModelCall)> {
    let app = asking::flow().with_state(Models { client }).start().expect("it starts");
    let calls = Arc::new(Calls::default());
    let observation = app.observe_in_line(calls.clone());
    let _ = app.call("food?".to_owned()).await;
    drop(observation);
    calls.0.lock().expect("no test panics inside").clone()
}

fn priced(name: &str, replies: impl IntoIterator<Item = ScriptedReply>) -> ScriptedModel {
    let mut profile = Profile::default();
    profile.price = Some(Price::per_million(Money::from_cents(100), Money::from_cents(200)));
    ScriptedModel::new(replies).with_info(ModelInfo::new("test", name).with_profile(profile))
}

#[tokio::test(start_paused = true)]
async fn a_call_is_told_once_with_all_its_attempts_at_its_node() {
    let answer = ScriptedReply::from("krill").with_usage(Usage::new(10, 5)).with_model("second-2026-11-01");
    let chain = client(priced("first", [overloaded(), limited(None)])).or(priced("second", [answer]));
    let told = told(chain).await;
    assert_eq!(told.len(), 1);
    let (node, call) = &told[0];
    assert_eq!((node.as_str(), &*call.provider, &*call.model, call.attempts), ("ask", "test", "second", 3));
    assert_eq!((call.answered.as_deref(), call.finish.as_deref()), (Some("second-2026-11-01"), Some("stop")));
    assert_eq!((call.cost, call.outcome()), (Some(Money::from_micros(20)), "completed"));
    let usage = call.usage.expect("it is known");
    assert_eq!((usage.input, usage.output, usage.estimated), (10, 5, false));
    assert!(call.first_token.is_some_and(|first| first <= call.latency));
}

#[tokio::test(start_paused = true)]
async fn a_call_that_fails_is_told_with_the_kind_of_its_error() {
    let told = told(client(named("a", [fail(LlmErrorKind::Auth)])).with_retry(Retry::none())).await;
    let (_, call) = &told[0];
    assert_eq!((told.len(), call.outcome(), call.attempts, call.usage), (1, "auth", 1, None));
}

#[tokio::test(start_paused = true)]
async fn a_call_that_nobody_waits_for_any_more_is_told_as_cancelled() {
    use penguiflow::clock::secs;
    use penguiflow::llm::{EchoModel, Faulty, ModelFault};
    let silent = Faulty::new(EchoModel::default()).fail_each(1, ModelFault::stall());
    let app = asking::flow().with_state(Models { client: client(silent) }).start().expect("it starts");
    let calls = Arc::new(Calls::default());
    let observation = app.observe_in_line(calls.clone());
    let ended = app.call(Message::new("food?".to_owned()).with_deadline(secs(1))).await;
    assert!(matches!(ended, Err(Stop::DeadlineExceeded)));
    drop(observation);
    let told = calls.0.lock().expect("no test panics inside").clone();
    assert_eq!((told.len(), told[0].1.outcome()), (1, "cancelled"));
}
