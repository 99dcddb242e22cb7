//! A sub-flow: a flow stands in another one by its name, as if it were a node, and is tested on its own.

use penguiflow::BoxError;
use penguiflow::prelude::*;
use std::io::Write;

#[message]
pub(crate) struct Query {
    text: String,
}

#[node]
async fn retrieve(query: Query) -> Vec<String> {
    (1..=3).map(|n| format!("{}-doc-{n}", query.text)).collect()
}

#[node]
fn rerank(mut found: Vec<String>) -> Vec<String> {
    found.sort();
    found
}

#[node]
fn compress(found: Vec<String>) -> Result<String, &'static str> {
    let best = found.first().ok_or("nothing was found")?;
    Ok(format!("{best} :: compressed"))
}

flow! {
    /// Finds the best document for a query.
    pub(crate) retrieval(Query) -> String { retrieve -> rerank -> compress }
}

#[node]
fn parse(text: String) -> Query {
    Query { text: text.trim().to_owned() }
}

#[node]
fn render((document, words): (String, usize)) -> String {
    format!("{document} (asked in {words} words)")
}

#[node]
fn words(query: Query) -> usize {
    query.text.split_whitespace().count()
}

flow! {
    /// Answers with the best document. The sub-flow inherits trace, deadline and cancel signal.
    pub(crate) answer(String) -> String { parse -> (retrieval, words) -> join -> render }
}

pub(crate) async fn run(out: &mut impl Write) -> Result<(), BoxError> {
    let alone = retrieval::flow().start()?;
    writeln!(out, "{}", alone.call(Query { text: "emperor".to_owned() }).await?)?;
    let app = answer::flow().start()?;
    writeln!(out, "{}", app.call(" antarctic krill ".to_owned()).await?)?;
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    run(&mut std::io::stdout()).await
}
