//! The test kit: a flow is tested as it stands. Faults are told by the names of nodes, time is virtual, and all that happened is
//! there to be asserted.

use penguiflow::BoxError;
use penguiflow::prelude::*;
use penguiflow::testkit::{self, Fault, Testkit};
use std::io::Write;

#[node]
async fn clean(question: String) -> String {
    question.trim().to_lowercase()
}

#[node(retries = 2, backoff = ("1s", 2.0), jitter = none)]
async fn search(question: String) -> Result<Vec<String>, std::io::Error> {
    Ok(vec![format!("{question} eat fish")])
}

#[message]
enum Verdict {
    Good(Vec<String>),
    Nothing,
}

#[router]
async fn judge(found: Vec<String>) -> Verdict {
    if found.is_empty() { Verdict::Nothing } else { Verdict::Good(found) }
}

#[node]
async fn answer(found: Vec<String>) -> String {
    found.join("; ")
}

#[node]
async fn decline(_: Vec<String>) -> String {
    "nothing found".to_owned()
}

flow! {
    pub(crate) asking(String) -> String {
        clean -> search -> judge { Good -> answer, Nothing -> decline }
    }
}

pub(crate) async fn run(out: &mut impl Write) -> Result<(), BoxError> {
    // A service that refuses twice: the flow comes through, and each attempt is seen.
    let record =
        Testkit::new(asking::flow()).fail("search", Fault::error("RATE", 2)).run(" Penguins ".to_owned()).await?;
    record.assert_nodes(["clean", "search", "search~2", "search~3", "judge", "answer"]);
    record.assert_routes(["judge.Good"]);
    writeln!(out, "{:?} after {:?}", record.completed(), record.elapsed)?;

    // An error that no retry helps, and what is told of it.
    let record = Testkit::new(asking::flow()).fail("search", Fault::fatal("BAD_QUERY", 1)).run(String::new()).await?;
    writeln!(
        out,
        "{} attempt, then {:?}",
        record.calls("search"),
        record.ending.into_result().map_err(|stop| stop.to_string())
    )?;

    // Another arm, without the service that would lead there.
    let record = Testkit::new(asking::flow().stub::<search>(|_| Ok(Vec::new()))).run("krill".to_owned()).await?;
    writeln!(out, "{:?} by {:?}", record.completed(), record.routes())?;

    // A node that takes four days, under a deadline of three.
    let message = Message::new("penguins".to_owned()).with_deadline(secs(3 * 24 * 60 * 60));
    let record = Testkit::new(asking::flow()).delay("search", secs(4 * 24 * 60 * 60)).run(message).await?;
    record.assert_balanced();
    writeln!(out, "{:?} after {:?}", record.ending, record.elapsed)?;

    let misspelt = Testkit::new(asking::flow()).delay("serch", secs(1)).run(String::new()).await;
    writeln!(out, "{}", misspelt.err().map_or_else(String::new, |error| error.to_string()))?;
    Ok(())
}

fn main() -> Result<(), BoxError> {
    // Virtual time: what takes days above is over at once.
    testkit::block_on(7, async |_| run(&mut std::io::stdout()).await)
}
