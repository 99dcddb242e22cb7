//! The client: what it asks again, whom it asks instead, what it waits for, what it charges.

mod budgets;
mod fallback;
mod retries;
mod streams;
mod told;
mod values;
mod waits;

use penguiflow::clock::Seam;
use penguiflow::llm::{
    ChatEvent, ChatStream, End, Finish, LlmClient, LlmError, LlmErrorKind, Model, ModelInfo, Pacing, ScriptedModel,
    ScriptedReply,
};
use std::time::Duration;

/// A client of its own: nobody else's limits, seeded draws.
fn client(model: impl Model) -> LlmClient {
    LlmClient::new(model).with_pacing(Pacing::new()).with_seam(Seam::seeded(7))
}

fn named(name: &str, replies: impl IntoIterator<Item = ScriptedReply>) -> ScriptedModel {
    ScriptedModel::new(replies).with_info(ModelInfo::new("test", name))
}

fn fail(kind: LlmErrorKind) -> ScriptedReply {
    ScriptedReply::fail(LlmError::new(kind, "as scripted").with_status(500))
}

fn limited(wait: Option<Duration>) -> ScriptedReply {
    fail(LlmErrorKind::RateLimited { retry_after: wait })
}

fn overloaded() -> ScriptedReply {
    fail(LlmErrorKind::Overloaded { retry_after: None })
}

fn text(text: &str) -> ChatEvent {
    ChatEvent::Text { part: 0, text: text.to_owned() }
}

fn end() -> ChatEvent {
    ChatEvent::End(End::new(Finish::Stop))
}

/// All that a stream tells, until it tells nothing more.
async fn all(mut stream: ChatStream) -> Vec<Result<ChatEvent, LlmErrorKind>> {
    use futures_util::StreamExt as _;
    let mut told = Vec::new();
    while let Some(step) = stream.next().await {
        told.push(step.map_err(|error| error.kind().clone()));
    }
    told
}
