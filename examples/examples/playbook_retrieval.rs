//! A playbook: a node runs a flow that was started elsewhere, as a part of its own trace. It names the types, not the flow.

use penguiflow::prelude::*;
use penguiflow::{BoxError, CallError, Playbook};
use std::io::Write;

#[message]
pub(crate) struct Query {
    text: String,
}

#[message]
pub(crate) struct Context {
    text: String,
}

// === two playbooks of one type ===

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
fn compress(found: Vec<String>) -> Result<Context, &'static str> {
    let best = found.first().ok_or("nothing was found")?;
    Ok(Context { text: format!("{best} :: compressed") })
}
flow! {
    /// Finds the best document for a query.
    pub(crate) retrieval(Query) -> Context { retrieve -> rerank -> compress }
}

#[node]
async fn remember(query: Query, ctx: &Ctx) -> Result<Context, String> {
    let tenant = ctx.headers().tenant().unwrap_or("nobody").to_owned();
    if query.text == "walrus" {
        Err(format!("{tenant} never saw a walrus"))
    } else {
        Ok(Context { text: format!("{tenant} remembers {}", query.text) })
    }
}
flow! {
    /// Asks what was learnt before.
    pub(crate) memory(Query) -> Context { remember }
}

// === the flow that calls one of them ===

/// Which one is decided when the program starts.
#[derive(Provides)]
struct App {
    look_up: Playbook<Query, Context>,
}

#[message]
struct Thought {
    query: String,
    facts: Vec<String>,
}

#[node]
fn begin(query: String) -> Thought {
    Thought { query, facts: Vec::new() }
}

#[controller(turns = 4)]
async fn plan(
    mut thought: Thought,
    ctx: &Ctx,
    State(look_up): State<'_, Playbook<Query, Context>>,
) -> Result<Step<Thought, String>, CallError> {
    if thought.facts.len() == 2 {
        return Ok(Step::Done(thought.facts.join(", then ")));
    }
    // The trace, its deadline and its cancel signal are inherited; a failure ends the trace with the whole path.
    let context = ctx.call(look_up, Query { text: thought.query.clone() }).await?;
    thought.query.push('!');
    thought.facts.push(context.text);
    Ok(Step::Again(thought))
}
flow! { answer(String) -> String { begin -> plan } }

pub(crate) async fn run(out: &mut impl Write) -> Result<(), BoxError> {
    let (retrieval, memory) = (retrieval::flow().start()?, memory::flow().start()?);
    for look_up in [retrieval.playbook(), memory.playbook()] {
        let name = look_up.name();
        let app = answer::flow().with_state(App { look_up }).start()?;
        let asked = Message::new("antarctic krill".to_owned()).with_tenant("acme");
        writeln!(out, "by {name}: {}", app.call(asked).await?)?;
    }
    let app = answer::flow().with_state(App { look_up: memory.playbook() }).start()?;
    if let Err(Stop::Failed(error)) = app.call("walrus".to_owned()).await {
        writeln!(out, "failed at {}, place {}", error.path(), error.place())?;
    }
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    run(&mut std::io::stdout()).await
}
