//! Fallback: another model stands in for one that is rate limited, and the first one is asked again as soon as its provider allows it. What
//! all clients of a process send to one account is paced together.

use penguiflow::BoxError;
use penguiflow::clock::Seam;
use penguiflow::llm::{LlmClient, LlmError, LlmErrorKind, ModelInfo, PaceLimits, Pacing, ScriptedModel, ScriptedReply};
use penguiflow::prelude::*;
use std::io::Write;

/// Stands for a model behind a network. With real ones: `llm::open("openai/gpt-4o-mini")?`.
fn model(name: &str, replies: impl IntoIterator<Item = ScriptedReply>) -> ScriptedModel {
    ScriptedModel::new(replies).repeating_last().with_info(ModelInfo::new("stand-in", name))
}

/// What a provider answers when too much is asked of it.
fn slow_down() -> ScriptedReply {
    let kind = LlmErrorKind::RateLimited { retry_after: Some(secs(20)) };
    ScriptedReply::fail(LlmError::new(kind, "slow down").with_status(429))
}

#[derive(Provides)]
pub(crate) struct App {
    client: LlmClient,
}

impl App {
    pub(crate) fn new() -> Self {
        let pacing = Pacing::new();
        pacing.limit("stand-in", PaceLimits::new().concurrency(8).requests_per_minute(600));
        let large = model("large", ["Krill.".into(), slow_down(), "Squid, too.".into()]);
        let client = LlmClient::new(large).or(model("small", ["Fish.".into()])).with_pacing(pacing);
        App { client }
    }
}

#[node]
async fn answer(question: String, ctx: &Ctx, State(client): State<'_, LlmClient>) -> Result<String, LlmError> {
    let answer = client.chat(question).within(ctx).await?;
    Ok(format!("{} says {:?}, attempts: {}", answer.model, answer.text(), answer.attempts))
}

flow! { pub(crate) answering(String) -> String { answer } }

pub(crate) async fn run(out: &mut impl Write) -> Result<(), BoxError> {
    let app = answering::flow().with_state(App::new()).start()?;
    let clock = Seam::system();
    for wait in [0, 1, 1, 20] {
        clock.sleep(secs(wait)).await;
        writeln!(out, "{}", app.call("What do penguins eat?".to_owned()).await?)?;
    }
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    run(&mut std::io::stdout()).await
}
