//! A trace that failed where nobody looked is recorded, and played again elsewhere, as often as one likes and without its
//! services: to see what happened, to ask what if, and to see what a changed flow would make of it.

use penguiflow::prelude::*;
use penguiflow::testkit::{self, Replay};
use penguiflow::{BoxError, Recorder, Recording};
use std::io::Write;

#[node]
async fn clean(question: String) -> String {
    question.trim().to_lowercase()
}

/// Where it runs, this asks a service, which is having a bad day.
#[node(retries = 2, backoff = ("1s", 2.0), jitter = none)]
async fn search(question: String) -> Result<Vec<String>, std::io::Error> {
    let connected = question.len() < 9;
    if connected { Ok(vec![question]) } else { Err(std::io::Error::other("connection reset")) }
}

#[node]
async fn answer(found: Vec<String>) -> String {
    format!("{} found: {}", found.len(), found.join("; "))
}

flow! {
    pub(crate) asking(String) -> String { clean -> search -> answer }
}

/// What production leaves behind: the failures, each as a file would have it.
async fn production() -> Result<Vec<String>, BoxError> {
    let recorder = Recorder::new().only(|ending| ending != "COMPLETED").keep(20);
    let app = asking::flow().record(&recorder).start()?;
    for question in ["Krill?", "  Penguins? ", "Ice?"] {
        let _ = app.call(question.to_owned()).await;
    }
    recorder.take_all().iter().map(|recording| Ok(serde_json::to_string(recording)?)).collect()
}

pub(crate) async fn run(out: &mut impl Write) -> Result<(), BoxError> {
    let files = production().await?;
    writeln!(out, "{} of 3 traces was kept", files.len())?;
    let recording: Recording = serde_json::from_str(&files[0])?;

    // Each attempt fails as it did, at the time at which it did. No node is called.
    let record = Replay::of(&recording).run(asking::flow()).await?;
    record.assert_nodes(["clean", "search", "search~2", "search~3"]);
    writeln!(out, "{:?} after {:?}", record.ending.into_result().map_err(|stop| stop.to_string()), record.elapsed)?;

    // What if the question had been another one? From `search` on the nodes run.
    let record = Replay::of(&recording).fork("search", "ice?".to_owned()).run(asking::flow()).await?;
    writeln!(out, "{:?}", record.completed())?;

    // What would the flow make of it with fewer retries?
    let hasty = asking::flow().override_policy::<search>(|policy| policy.with_retries(1));
    if let Err(why) = Replay::of(&recording).run(hasty).await {
        writeln!(out, "{why}")?;
    }
    Ok(())
}

fn main() -> Result<(), BoxError> {
    // Virtual time: what took seconds is over at once.
    testkit::block_on(7, async |_| run(&mut std::io::stdout()).await)
}
