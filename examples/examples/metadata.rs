//! Metadata: a node that takes and returns `Message<T>` sees the envelope; all others hand it on without knowing of it.

use penguiflow::BoxError;
use penguiflow::prelude::*;
use std::io::Write;

/// Writes into the meta what the search cost.
#[node]
async fn search(query: Message<String>) -> Message<Vec<String>> {
    query.map(|query| vec![format!("{query}-1"), format!("{query}-2")]).with_meta("cost_ms", 87)
}

/// Takes a plain payload: the meta rides along.
#[node]
fn newest(found: Vec<String>) -> Result<String, &'static str> {
    found.into_iter().last().ok_or("nothing was found")
}

#[node]
async fn summarize(document: Message<String>) -> Message<String> {
    let document = document.with_meta("model", "emperor-1").with_meta("tokens", 128);
    let tenant = document.headers().tenant().unwrap_or("nobody").to_owned();
    document.map(|text| format!("summary of {text} for {tenant}"))
}

/// A flow's result is a payload, so what the caller wants of the envelope is put into it.
#[node]
fn report(summary: Message<String>) -> String {
    let meta = summary.meta().iter().map(|(key, value)| format!("{key}={value}"));
    let meta = meta.collect::<Vec<_>>().join(" ");
    format!("{} [{meta}]", summary.payload())
}

flow! { pub(crate) brief(String) -> String { search -> newest -> summarize -> report } }

pub(crate) async fn run(out: &mut impl Write) -> Result<(), BoxError> {
    let app = brief::flow().start()?;
    let query = Message::new("krill".to_owned()).with_tenant("acme").with_meta("asked_by", "ada");
    writeln!(out, "{}", app.call(query).await?)?;
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    run(&mut std::io::stdout()).await
}
