//! Routing by a predicate: a node looks at the payload and says yes or no; the payload goes on as it is.

use penguiflow::BoxError;
use penguiflow::prelude::*;
use std::io::Write;

#[message]
pub(crate) struct Event {
    name: String,
}

/// Takes a reference: it decides, and keeps nothing.
#[router]
fn is_metric(event: &Event) -> bool {
    event.name.starts_with("metric")
}

#[node]
fn metrics(event: Event) -> String {
    format!("[metrics] {}", event.name)
}

#[node]
fn general(event: Event) -> String {
    format!("[general] {}", event.name)
}

flow! {
    /// An arm that is missing, misspelt or written twice does not compile.
    pub(crate) sort(Event) -> String {
        is_metric {
            true -> metrics,
            false -> general,
        }
    }
}

pub(crate) async fn run(out: &mut impl Write) -> Result<(), BoxError> {
    let app = sort::flow().start()?;
    for name in ["metric-usage", "ad-spend"] {
        let sorted = app.call(Event { name: name.to_owned() }).await?;
        writeln!(out, "{sorted}")?;
    }
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    run(&mut std::io::stdout()).await
}
