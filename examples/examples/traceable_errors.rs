//! Traceable errors: a failure says which node failed, on which path, at which attempt, and keeps the node's own error.

use penguiflow::prelude::*;
use penguiflow::{BoxError, ErrorKind};
use std::io::Write;

/// The node's own error, with what it knows about trying again.
#[derive(Debug, thiserror::Error)]
#[error("station {station} does not answer")]
struct Unreachable {
    station: u32,
}

impl Classify for Unreachable {
    fn class(&self) -> ErrorClass {
        ErrorClass::Retry
    }
}

#[node]
fn stations(count: u32) -> Vec<u32> {
    (1..=count).collect()
}

#[node(retries = 1, backoff = ("10ms", 1), jitter = none)]
async fn measure(station: u32) -> Result<u32, Unreachable> {
    if station == 3 { Err(Unreachable { station }) } else { Ok(station * 10) }
}

#[node]
fn sum(measured: Vec<u32>) -> u32 {
    measured.into_iter().sum()
}

flow! { pub(crate) survey(u32) -> u32 { stations -> map(measure, 4) -> sum } }

pub(crate) async fn run(out: &mut impl Write) -> Result<(), BoxError> {
    let app = survey::flow().start()?;
    writeln!(out, "2 stations: {}", app.call(2).await?)?;
    let error = match app.call(4).await {
        Err(Stop::Failed(error)) => error,
        other => return Err(format!("station 3 answered: {other:?}").into()),
    };
    writeln!(out, "4 stations: {}", error.code())?;
    writeln!(out, "  path:    {}", error.path())?;
    writeln!(out, "  attempt: {} of {}", error.attempt(), error.attempts())?;
    if let ErrorKind::Node(source) = error.kind() {
        let own = source.downcast_ref::<Unreachable>().map(|error| error.station);
        writeln!(out, "  error:   {source}; station as a number: {own:?}")?;
    }
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    run(&mut std::io::stdout()).await
}
