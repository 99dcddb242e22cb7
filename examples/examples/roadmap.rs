//! Status updates: a user sees what the flow is at while it is at it. Each step streams its own status, the answer is streamed
//! beside it, and the caller sorts them by name. A step that fails needs no code for it: its stream says that it was aborted.

use penguiflow::clock::Seam;
use penguiflow::prelude::*;
use penguiflow::{BoxError, Chunk, Handle, StreamWriter, TraceItem};
use std::fmt;
use std::io::Write;

#[message]
pub(crate) struct Query {
    text: String,
}

#[message]
enum Route {
    Documents(Query),
    Bug(Query),
}

/// What a branch has found out.
#[message]
struct Findings {
    route: String,
    lines: Vec<String>,
}

#[message]
pub(crate) struct Answer {
    pub(crate) text: String,
    pub(crate) route: String,
    pub(crate) artifacts: Vec<String>,
}

/// A step that is shown to the user: it runs until it is done or given up.
struct Step(StreamWriter);

impl Step {
    async fn begin(ctx: &Ctx, what: &str) -> Step {
        let mut out = ctx.stream("status");
        out.send(what).await;
        Step(out)
    }

    async fn end(self) {
        self.0.finish().await;
    }
}

/// Tells the steps to come, so that the user sees how far it is.
async fn plan(ctx: &Ctx, steps: &[&str]) {
    let mut out = ctx.stream("plan");
    for step in steps {
        out.send(*step).await;
    }
    out.finish().await;
}

/// Stands in for work that takes its time.
async fn work() {
    Seam::system().sleep(millis(20)).await;
}

// === which way ===

#[node]
async fn announce(query: Query, ctx: &Ctx) -> Query {
    let step = Step::begin(ctx, "Determining message path").await;
    work().await;
    step.end().await;
    query
}

#[router]
fn triage(query: Query) -> Route {
    let is_bug = ["bug", "crash", "error"].iter().any(|word| query.text.to_lowercase().contains(word));
    if is_bug { Route::Bug(query) } else { Route::Documents(query) }
}

// === documents ===

#[node]
async fn parse(query: Query, ctx: &Ctx) -> Vec<String> {
    plan(ctx, &["Parsing documents", "Extracting metadata", "Summarizing"]).await;
    let step = Step::begin(ctx, "Parsing documents").await;
    work().await;
    step.end().await;
    (1..=3).map(|n| format!("{}-{n}.md", query.text)).collect()
}

#[node]
async fn metadata(document: String, ctx: &Ctx) -> String {
    let step = Step::begin(ctx, &format!("Extracting metadata of {document}")).await;
    work().await;
    step.end().await;
    format!("{document}: {} letters", document.len())
}

#[node]
async fn summarize(lines: Vec<String>, ctx: &Ctx) -> Findings {
    let step = Step::begin(ctx, "Summarizing").await;
    work().await;
    step.end().await;
    Findings { route: "documents".to_owned(), lines }
}

// === a bug ===

#[node]
async fn collect_logs(query: Query, ctx: &Ctx) -> Query {
    plan(ctx, &["Collecting logs", "Reproducing the failure"]).await;
    let step = Step::begin(ctx, "Collecting logs").await;
    work().await;
    step.end().await;
    query
}

/// Comes to nothing at first: the stream of that attempt ends as aborted, and the next attempt opens another one.
#[node(retries = 1, backoff = "10ms", jitter = none)]
async fn reproduce(query: Query, ctx: &Ctx) -> Result<Findings, &'static str> {
    let step = Step::begin(ctx, "Reproducing the failure").await;
    work().await;
    if ctx.attempt() == 1 {
        return Err("it did not happen again");
    }
    step.end().await;
    Ok(Findings { route: "bug".to_owned(), lines: vec![format!("`{}` happens in the morning", query.text)] })
}

// === the answer ===

#[node]
async fn compose(findings: Findings, ctx: &Ctx) -> Answer {
    let Findings { route, lines } = findings;
    let step = Step::begin(ctx, "Composing the answer").await;
    let (intro, rest) = (format!("Looked at {} finding(s). ", lines.len()), lines.join("; "));
    let mut out = ctx.stream("answer");
    out.send(intro.as_str()).await;
    work().await;
    out.finish_with(rest.as_str()).await;
    step.end().await;
    Answer { text: intro + &rest, route, artifacts: lines }
}

flow! {
    pub(crate) roadmap(Query) -> Answer {
        announce -> triage {
            Documents -> parse -> map(metadata, 2) -> summarize,
            Bug -> collect_logs -> reproduce,
        } -> compose
    }
}

// === what the user sees ===

/// What one chunk changes on the user's screen.
#[derive(Debug, PartialEq)]
pub(crate) enum Update {
    Plan(String),
    Running(String),
    /// A step is done. Which one, its stream tells.
    Ok,
    Error,
    Answer(String),
    LastOfAnswer(String),
}

impl Update {
    fn of(chunk: Chunk) -> Option<Update> {
        Some(match (chunk.stream.name(), chunk.done, chunk.aborted) {
            ("plan", false, _) => Update::Plan(chunk.text),
            ("status", false, _) => Update::Running(chunk.text),
            ("status", true, false) => Update::Ok,
            ("status", true, true) => Update::Error,
            ("answer", false, _) => Update::Answer(chunk.text),
            ("answer", true, false) => Update::LastOfAnswer(chunk.text),
            _ => return None,
        })
    }
}

impl fmt::Display for Update {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Update::Plan(step) => write!(f, "to do    {step}"),
            Update::Running(step) => write!(f, "running  {step}"),
            Update::Ok => f.write_str("ok"),
            Update::Error => f.write_str("error"),
            Update::Answer(text) | Update::LastOfAnswer(text) => write!(f, "answer   {text:?}"),
        }
    }
}

/// Asks one question; `see` is told each update with the place of its step as it comes.
pub(crate) async fn ask(
    app: &Handle<roadmap>,
    text: &str,
    mut see: impl FnMut(String, Update) -> Result<(), BoxError>,
) -> Result<Answer, BoxError> {
    let mut stream = app.emit(Query { text: text.to_owned() }).await?.stream();
    loop {
        match stream.next().await {
            Some(TraceItem::Chunk(chunk)) => {
                let place = chunk.stream.to_string();
                Update::of(chunk).map_or(Ok(()), |update| see(place, update))?;
            }
            Some(TraceItem::Ending(ending)) => return Ok(ending.into_result()?),
            None => return Err("a trace ends with its ending".into()),
        }
    }
}

pub(crate) fn app() -> Result<Handle<roadmap>, BoxError> {
    Ok(roadmap::flow().start()?)
}

pub(crate) async fn run(out: &mut impl Write) -> Result<(), BoxError> {
    let app = app()?;
    for question in ["krill", "a crash"] {
        writeln!(out, "{question}:")?;
        let see = |place, update| Ok(writeln!(out, "  {place:<10} {update}")?);
        let answer = ask(&app, question, see).await?;
        writeln!(out, "  by {} with {} artifact(s): {}", answer.route, answer.artifacts.len(), answer.text)?;
    }
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    run(&mut std::io::stdout()).await
}
