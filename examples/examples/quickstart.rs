//! Three nodes, one flow, one call: a query is sorted, documents are found for it, an answer is made of them.

use penguiflow::BoxError;
use penguiflow::prelude::*;
use std::io::Write;

#[message]
pub(crate) struct Query {
    text: String,
}

#[message]
struct Topic {
    name: String,
    query: Query,
}

#[message]
struct Documents {
    topic: Topic,
    found: Vec<String>,
}

#[message]
pub(crate) struct Answer {
    text: String,
}

/// A node is a function. Its first parameter is the message that it takes.
#[node]
async fn triage(query: Query) -> Topic {
    let name = if query.text.contains("metrics") { "metrics" } else { "general" };
    Topic { name: name.to_owned(), query }
}

#[node]
async fn retrieve(topic: Topic) -> Documents {
    let found = (1..=2).map(|n| format!("doc {n} about {}", topic.query.text)).collect();
    Documents { topic, found }
}

/// What does not wait needs no `async`.
#[node]
fn pack(Documents { topic, found }: Documents) -> Answer {
    Answer { text: format!("[{}] summarize {} docs", topic.name, found.len()) }
}

flow! {
    /// Answers a query. That `retrieve` takes what `triage` gives is checked when this compiles.
    pub(crate) quickstart(Query) -> Answer { triage -> retrieve -> pack }
}

pub(crate) async fn run(out: &mut impl Write) -> Result<(), BoxError> {
    let app = quickstart::flow().start()?;
    let answer = app.call(Query { text: "show marketing metrics".to_owned() }).await?;
    writeln!(out, "{}", answer.text)?;
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    run(&mut std::io::stdout()).await
}
