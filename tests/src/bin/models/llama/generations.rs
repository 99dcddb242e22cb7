//! Values of a type by a real model: each is valid, or the error says why it is none. What the values say is nobody's business here.

use crate::{Fault, must};
use penguiflow::llm::{ChatMessage, ChatRequest, LlmClient, LlmErrorKind, OutputMode};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a planner asks for, in small: one of several actions, with arguments of its own.
#[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "action", rename_all = "snake_case")]
enum Action {
    /// Look something up.
    Search { query: String, limit: Option<u8> },
    /// Remember a fact.
    Note { fact: Fact, tags: Vec<String> },
    /// Answer the user.
    Finish { answer: String },
}

#[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
struct Fact {
    subject: String,
    is_certain: bool,
    weight: Option<f64>,
}

const QUESTIONS: [&str; 5] = [
    "What do penguins eat? Decide what to do next.",
    "Remember that the emperor penguin weighs 30 kilograms.",
    "Say hello to the user.",
    "Search for the deepest dive of a penguin, at most 3 results.",
    "Is the sea \"cold\"? Use {curly} words, commas, and quotes.",
];

/// So many values in each way in which a model can be asked.
pub(crate) async fn check(client: &LlmClient, generations: usize) -> Result<(), Fault> {
    // Prompted answers take it longest, and are seldom values.
    for (mode, generations) in [(OutputMode::Native, generations), (OutputMode::Prompted, generations / 4)] {
        let mut ended: BTreeMap<String, usize> = BTreeMap::new();
        for number in 0..generations {
            let streamed = number % 2 == 1;
            let end = generate(client, mode, number, streamed).await?;
            *ended.entry(end).or_default() += 1;
        }
        println!("{mode:?}: {generations} asked for: {ended:?}");
        // The server holds the model to the schema: what is not cut off is a value.
        let valid = ended.get("value").copied().unwrap_or_default();
        must(mode != OutputMode::Native || valid * 2 >= generations, || {
            format!("{valid} of {generations} are values")
        })?;
    }
    Ok(())
}

async fn generate(client: &LlmClient, mode: OutputMode, number: usize, streamed: bool) -> Result<String, Fault> {
    let question = QUESTIONS[number % QUESTIONS.len()];
    let messages = [ChatMessage::system("You plan the work of a zoologist."), ChatMessage::user(question)];
    let seed = i64::try_from(number)?;
    let request = ChatRequest::new(messages).with_max_output_tokens(160).with_temperature(0.8).with_seed(seed);
    let asking = client.generate::<Action>(request).with_mode(mode).with_repairs(1);
    let made = if streamed { asking.stream().finish().await } else { asking.await };
    match made {
        Ok(made) => {
            // A value is one that is written and read again as the same.
            let written = serde_json::to_string(&made.value)?;
            let again: Action = serde_json::from_str(&written)?;
            must(again == made.value, || format!("{written} is read as {again:?}"))?;
            must(made.usage.output > 0 && !made.usage.estimated, || format!("{:?}", made.usage))?;
            Ok("value".to_owned())
        }
        Err(error) => {
            let kind = error.kind().clone();
            must(kind == LlmErrorKind::ContentParse && error.content().is_some(), || format!("{question}: {error:?}"))?;
            let message = error.message();
            Ok(message.split([':', '`']).next().unwrap_or(message).trim().to_owned())
        }
    }
}
