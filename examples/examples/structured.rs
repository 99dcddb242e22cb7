//! Structured output: the answer of a model is a value of a Rust type. What is wrong with one goes back to the model, and a value can be
//! read while it is written. The model is a stand-in that makes a mistake first.

use futures_util::StreamExt as _;
use penguiflow::BoxError;
use penguiflow::llm::{ChatMessage, ChatRequest, LlmClient, OutputMode, ScriptedModel, ScriptedReply};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;
use std::io::Write;

/// What is taken from a report. Doc comments and types are what the model is told of it.
#[derive(Debug, Deserialize, JsonSchema)]
struct Sighting {
    /// The common name of the species.
    species: String,
    /// How many animals were seen.
    count: u32,
    /// What they were doing, if the report says so.
    doing: Option<Activity>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Activity {
    Diving,
    Huddling,
    Walking,
}

fn report() -> ChatRequest {
    ChatRequest::new([
        ChatMessage::system("Take the facts from the report."),
        ChatMessage::user("Dawn, -31 °C. Counted 240 emperors, packed closely."),
    ])
}

pub(crate) async fn run(out: &mut impl Write) -> Result<(), BoxError> {
    // A word instead of a number, and an activity that is none.
    let wrong = json!({ "species": "emperor", "count": "many", "doing": "packing" });
    let right = json!({ "species": "emperor", "count": 240, "doing": "huddling" });
    let replies = [ScriptedReply::call("structured_output", &wrong), ScriptedReply::call("structured_output", &right)];
    let made = LlmClient::new(ScriptedModel::new(replies)).generate::<Sighting>(report()).await?;
    let Sighting { species, count, doing } = made.value;
    writeln!(out, "{count} {species}s, {doing:?}: answers sent back: {}", made.repairs)?;

    let model = ScriptedModel::new([ScriptedReply::from("{ \"species\": \"emperor\", \"count\": 240 }")]);
    let mut stream = LlmClient::new(model).generate::<Sighting>(report()).with_mode(OutputMode::Prompted).stream();
    while let Some(step) = stream.next().await {
        step?;
        // As far as it is written; a number only once it is complete.
        if let Some(partial) = stream.partial() {
            writeln!(out, "so far: {partial}")?;
        }
    }
    let made = stream.finish().await?;
    writeln!(out, "whole: {} {}s, {:?}", made.value.count, made.value.species, made.value.doing)?;
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    run(&mut std::io::stdout()).await
}
