//! A model's answer goes to a browser as it is written: thoughts and words as two streams of server-sent events, whoever reads them. When
//! the reader goes away, the trace ends, and with it the request to the model.

use futures_util::StreamExt as _;
use penguiflow::llm::{ChatEvent, LlmClient, LlmError, Part, Reasoning, ScriptedModel, ScriptedReply};
use penguiflow::prelude::*;
use penguiflow::{BoxError, TraceItem, sse};
use std::io::Write;

/// Stands for a model that thinks aloud, a word each 50 ms.
fn model() -> ScriptedModel {
    let thought = Reasoning { text: "Cold feet.".to_owned(), signature: None };
    let reply = ScriptedReply::from(Part::Reasoning(thought)).with("They huddle.").with_pace(millis(50));
    ScriptedModel::new([reply]).repeating_last()
}

#[derive(Provides)]
pub(crate) struct App {
    client: LlmClient,
}

impl App {
    pub(crate) fn new() -> Self {
        App { client: LlmClient::new(model()) }
    }
}

/// Sends on what the model writes, and returns all of it.
#[node(timeout = "30s")]
async fn reply(question: String, ctx: &Ctx, State(client): State<'_, LlmClient>) -> Result<String, LlmError> {
    let (mut thoughts, mut words) = (ctx.stream("thoughts"), ctx.stream("answer"));
    let mut stream = client.chat(question).within(ctx).stream();
    while let Some(event) = stream.next().await {
        match event? {
            ChatEvent::Reasoning { text, .. } => thoughts.send(text).await,
            ChatEvent::Text { text, .. } => words.send(text).await,
            _ => {}
        }
    }
    thoughts.finish().await;
    words.finish().await;
    Ok(stream.finish().await?.text())
}

flow! { pub(crate) replying(String) -> String { reply } }

pub(crate) async fn run(out: &mut impl Write) -> Result<(), BoxError> {
    let app = replying::flow().with_state(App::new()).start()?;
    let mut stream = app.emit("Why do penguins huddle?".to_owned()).await?.stream();
    while let Some(item) = stream.next().await {
        match item {
            TraceItem::Chunk(chunk) => write!(out, "{}", sse::encode(&chunk))?,
            TraceItem::Ending(ending) => writeln!(out, "whole: {}", ending.into_result()?)?,
        }
    }
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    run(&mut std::io::stdout()).await
}
