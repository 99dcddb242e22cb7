//! Streaming: what a model says is passed on word by word, as server-sent events, while the flow still runs. What each event
//! holds is one line of JSON, so no text can break it; a web socket takes the same JSON.

use futures_util::stream::{self, Stream, StreamExt as _};
use penguiflow::clock::Seam;
use penguiflow::prelude::*;
use penguiflow::{BoxError, Meta, Piece, TraceItem, sse};
use std::io::Write;

#[message]
pub(crate) struct Prompt {
    text: String,
}

/// Stands in for a model behind a network: a word each 50 ms.
fn model(prompt: &Prompt) -> impl Stream<Item = String> + use<> {
    let words: Vec<String> = prompt.text.split_inclusive(' ').map(str::to_owned).collect();
    stream::iter(words).then(async |word| {
        Seam::system().sleep(millis(50)).await;
        word
    })
}

/// Sends the words on as they come, and returns them all.
#[node(timeout = "5s")]
async fn complete(prompt: Prompt, ctx: &Ctx) -> String {
    let mut answer = String::new();
    let collect = |word: String| {
        answer.push_str(&word);
        word
    };
    let end = Piece::default().with_meta("model", "emperor-1");
    ctx.stream("answer").forward(model(&prompt), collect, end).await;
    answer
}

#[node]
fn count(answer: String) -> (String, usize) {
    let words = answer.split_whitespace().count();
    (answer, words)
}

flow! { pub(crate) chat(Prompt) -> (String, usize) { complete -> count } }

pub(crate) async fn run(out: &mut impl Write) -> Result<(), BoxError> {
    let app = chat::flow().start()?;
    let trace = app.emit(Prompt { text: "Penguins huddle to\nstay warm".to_owned() }).await?;
    let session = Meta::from_iter([("session", "s-1")]);

    // Dropping the stream, as a server does when its client goes away, cancels the trace.
    let mut stream = trace.stream();
    let mut messages = Vec::new();
    while let Some(item) = stream.next().await {
        match item {
            TraceItem::Chunk(chunk) => {
                write!(out, "{}", sse::encode(&chunk))?;
                messages.push(chunk.to_ws_json(&session));
            }
            TraceItem::Ending(ending) => {
                let (answer, words) = ending.into_result()?;
                writeln!(out, "{words} words: {answer:?}")?;
            }
        }
    }
    for message in messages.iter().rev().take(1) {
        writeln!(out, "over a web socket: {message}")?;
    }
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    run(&mut std::io::stdout()).await
}
