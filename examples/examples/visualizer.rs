//! A flow draws itself: as Mermaid for Markdown pages, as DOT for Graphviz, and with figures of its runs in it.
//!
//! ```text
//! cargo run --example visualizer -- mermaid
//! cargo run --example visualizer -- dot | dot -Tsvg > flow.svg
//! cargo run --example visualizer -- figures
//! ```

use penguiflow::prelude::*;
use penguiflow::{BoxError, Direction, Heat, Note};
use std::io::Write;

#[message]
pub(crate) struct Question(String);
#[message]
struct Docs(Vec<String>);

#[message]
enum Verdict {
    Good(String),
    Thin(Question),
    Refuse,
}

#[node]
fn clean(question: Question) -> Question {
    Question(question.0.trim().to_lowercase())
}

#[node(retries = 3, timeout = "2s", concurrency = 16)]
async fn search(question: Question) -> std::io::Result<Docs> {
    Ok(Docs(vec![question.0]))
}

#[node(effect = pure)]
fn count(question: Question) -> usize {
    question.0.len()
}

#[node]
fn gather((docs, letters): (Docs, usize)) -> String {
    format!("{} ({letters})", docs.0.join("; "))
}

#[controller(turns = 8)]
fn refine(draft: String) -> Step<String, String> {
    if draft.len() < 8 { Step::Again(format!("{draft}!")) } else { Step::Done(draft) }
}

#[router]
fn triage(draft: String) -> Verdict {
    if draft.is_empty() { Verdict::Refuse } else { Verdict::Good(draft) }
}

#[node(effect = irreversible)]
fn publish(draft: String) -> String {
    draft
}

#[node]
fn ask(question: Question) -> String {
    format!("what do you mean by {}?", question.0)
}

flow! {
    /// Finds what is known.
    pub(crate) find(Question) -> String { (search, count) -> join -> gather }
}

flow! {
    /// Answers a question.
    pub(crate) support(Question) -> String {
        budget { hops: 64, deadline: "30s" }
        queue(64, workers = 4) -> clean -> find -> refine -> triage {
            Good -> publish,
            Thin -> ask,
            Refuse -> drop,
        }
    }
}

pub(crate) async fn run(out: &mut impl Write, what: &str) -> Result<(), BoxError> {
    let app = support::flow().start()?;
    let drawing = app.info().drawing();
    match what {
        "mermaid" => write!(out, "{}", drawing.mermaid())?,
        "dot" => write!(out, "{}", drawing.direction(Direction::Right).dot())?,
        // Whatever a program knows about a step can be written into it.
        "figures" => {
            app.call(Question("Penguins".to_owned())).await?;
            let done = app.counts().completed;
            let heat = if done > 0 { Heat::Calm } else { Heat::Idle };
            let note = Note::new().line(format!("{done} completed")).heat(heat);
            let output = app.info().steps.len() - 1;
            write!(out, "{}", drawing.without_types().with_step_note(output, note).mermaid())?;
        }
        other => return Err(format!("`{other}` is nothing to draw: write `mermaid`, `dot` or `figures`").into()),
    }
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    let what = std::env::args().nth(1).unwrap_or_else(|| "mermaid".to_owned());
    run(&mut std::io::stdout(), &what).await
}
