//! Spans: a request that came with a `traceparent` goes on in a flow, whose nodes hand it on, so that what all processes do for
//! it is one trace. `OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318 cargo run --example tracing_spans` exports the spans to a
//! collector, and writes log lines beside; without the variable the nodes hand on what the request brought.

use penguiflow::prelude::*;
use penguiflow::{BoxError, Logging, Otel};
use std::io::{self, Write};

/// What a caller's own tracing sends along.
const HEADER: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

#[node]
async fn clean(question: String) -> String {
    question.trim().to_lowercase()
}

#[node(retries = 1, backoff = "5ms")]
async fn search(question: String, ctx: &Ctx) -> Result<String, io::Error> {
    match ctx.attempt() {
        1 => Err(io::ErrorKind::ConnectionReset.into()),
        _ => Ok(format!("docs on {question}")),
    }
}

/// Would send a request to another process; gives the header that goes with it.
#[node]
async fn ask(_: String, ctx: &Ctx) -> String {
    ctx.traceparent().unwrap_or_default()
}

flow! {
    /// A flow that is a node of another one has a span of its own.
    pub(crate) asking(String) -> String { ask }
}

#[node]
async fn render((docs, header): (String, String)) -> String {
    format!("{docs}, handed on {header}")
}

flow! {
    /// Answers a question, with the help of another process.
    pub(crate) answering(String) -> String { clean -> (search, asking) -> join -> render }
}

async fn answer() -> Result<String, BoxError> {
    let app = answering::flow().start()?;
    let question = Message::new(" Krill ".to_owned()).with_traceparent(HEADER)?;
    Ok(app.call(question).await?)
}

pub(crate) async fn run(out: &mut impl Write) -> Result<(), BoxError> {
    writeln!(out, "{}", answer().await?)?;
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    let Ok(endpoint) = std::env::var("OTEL_EXPORTER_OTLP_ENDPOINT") else { return run(&mut io::stdout()).await };
    let telemetry = Otel::new(endpoint).with_service("answering").with_logging(Logging::human()).init()?;
    run(&mut io::stdout()).await?;
    let exports = telemetry.shutdown(secs(5)).await;
    writeln!(io::stdout(), "{} spans sent, {} lost", exports.sent, exports.lost)?;
    if exports.lost > 0 { Err(exports.last_error.unwrap_or_default().into()) } else { Ok(()) }
}
