//! How a flow looks while it runs: what is in flight and what waits, how often, how long, what fails; as values, as JSON for a
//! page, and as a drawing in which each step has the colour of how it does.
//!
//! ```text
//! cargo run --example observability
//! cargo run --example observability -- json
//! cargo run --example observability -- dot | dot -Tsvg > live.svg
//! ```

use penguiflow::clock::{Seam, millis};
use penguiflow::prelude::*;
use penguiflow::{BoxError, Live, LiveTopology};
use std::io::{self, Write};

#[node]
fn clean(question: String) -> String {
    question.trim().to_lowercase()
}

/// Does not answer when it is asked first.
#[node(retries = 2, backoff = "5ms", concurrency = 1)]
async fn search(question: String, ctx: &Ctx) -> Result<String, io::Error> {
    Seam::system().sleep(millis(20)).await;
    if ctx.attempt() == 1 && question.contains("krill") {
        return Err(io::ErrorKind::ConnectionReset.into());
    }
    Ok(format!("docs on {question}"))
}

#[node]
fn answer(docs: String) -> String {
    docs
}

flow! {
    /// Finds what is known.
    pub(crate) find(String) -> String { search }
}

flow! {
    /// Answers a question.
    pub(crate) support(String) -> String { clean -> find -> answer }
}

pub(crate) async fn run(out: &mut impl Write) -> Result<(), BoxError> {
    show(out, "figures").await
}

async fn show(out: &mut impl Write, what: &str) -> Result<(), BoxError> {
    let app = support::flow().start()?;
    let live = Live::of(&app);
    let (one, two) = (app.emit(" Krill".to_owned()).await?, app.emit("Huddles".to_owned()).await?);
    Seam::system().sleep(millis(10)).await;
    let running = live.snapshot();
    for trace in [one, two] {
        trace.result().await;
    }
    let done = live.snapshot();
    match what {
        "figures" => {
            figures(out, "while it runs", &running)?;
            figures(out, "when it has", &done)?;
            write!(out, "{}", done.drawing().without_types().mermaid())?;
        }
        "json" => writeln!(out, "{}", serde_json::to_string_pretty(&done)?)?,
        "dot" => write!(out, "{}", done.drawing().dot())?,
        other => return Err(format!("`{other}` is nothing to show: write `figures`, `json` or `dot`").into()),
    }
    Ok(())
}

fn figures(out: &mut impl Write, when: &str, now: &LiveTopology) -> io::Result<()> {
    writeln!(out, "{when}: {} of {} traces in flight", now.traces.in_flight, now.traces.started)?;
    for step in now.steps.iter().filter(|step| step.attempts > 0 && !step.runs_flow) {
        let p95 = step.latency.as_ref().map_or(0, |took| took.p95.as_millis());
        let (runs, waits, done, errors) = (step.in_flight, step.waiting, step.completed, step.errors);
        writeln!(out, "  {}: {runs} running, {waits} waiting, {done} done, {errors} errors, p95 {p95} ms", step.path)?;
    }
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    match std::env::args().nth(1) {
        Some(what) => show(&mut io::stdout(), &what).await,
        None => run(&mut io::stdout()).await,
    }
}
