//! Batch: a call that costs much for its first item and little for the others is made once for the messages of many traces.
//! Each trace goes on with its own value; an error of one item is that item's alone; tenants never share a call.

use penguiflow::Trace;
use penguiflow::clock::{Seam, millis};
use penguiflow::prelude::*;
use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Counts the calls of a service that takes 40 ms for each, however many texts there are.
#[derive(Clone, Default)]
pub(crate) struct Calls(Arc<AtomicUsize>);

#[derive(Provides)]
pub(crate) struct App {
    pub(crate) calls: Calls,
    pub(crate) clock: Seam,
}

#[message]
struct Embedding {
    text: String,
    norm: f64,
}

#[node]
fn trim(text: String) -> String {
    text.trim().to_owned()
}

/// One call for a whole batch; the retries are about the call, the results about its items.
#[node(retries = 2, timeout = "1s")]
async fn embed(
    texts: Vec<String>,
    State(calls): State<'_, Calls>,
    State(clock): State<'_, Seam>,
) -> std::io::Result<Vec<Result<Embedding, String>>> {
    calls.0.fetch_add(1, Ordering::Relaxed);
    clock.sleep(millis(40)).await;
    let one = |text: String| match text.len() {
        0 => Err("there is nothing to embed".to_owned()),
        length => Ok(Embedding { norm: 1.0 / length as f64, text }),
    };
    Ok(texts.into_iter().map(one).collect())
}

#[node]
fn show(embedding: Embedding) -> String {
    format!("{} {:.2}", embedding.text, embedding.norm)
}

flow! {
    /// Embeds a text, together with what others bring within 5 ms.
    pub(crate) embedding(String) -> String { trim -> batch(16, "5ms") -> embed -> show }
}

pub(crate) async fn run(out: &mut impl Write) -> Result<(), penguiflow::BoxError> {
    let (calls, clock) = (Calls::default(), Seam::system());
    let begun = clock.now();
    let state = App { calls: calls.clone(), clock: clock.clone() };
    let app = embedding::flow().with_state(state).start()?;
    let texts = ["krill ", "squid", "  ", "ice shelf"];
    let mut traces: Vec<Trace<String>> = Vec::new();
    for tenant in ["acme", "bolt"] {
        for text in texts {
            traces.push(app.emit(Message::new(text.to_owned()).with_tenant(tenant)).await?);
        }
    }
    for trace in traces {
        match trace.result().await.into_result() {
            Ok(line) => writeln!(out, "{line}")?,
            Err(stop) => writeln!(out, "{stop}")?,
        }
    }
    let (calls, spent) = (calls.0.load(Ordering::Relaxed), clock.now() - begun);
    writeln!(out, "{} texts of two tenants: {calls} calls, {} ms", 2 * texts.len(), spent.as_millis())?;
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), penguiflow::BoxError> {
    run(&mut std::io::stdout()).await
}
