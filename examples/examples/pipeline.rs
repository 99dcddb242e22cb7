//! Pipeline: `channels` puts a bounded queue with one worker before every node. Each node then runs one message at a time,
//! in the order of arrival, while the others run the next ones; a queue of its own gives a slow node more workers.

use penguiflow::clock::{Seam, millis};
use penguiflow::prelude::*;
use std::io::Write;
use std::sync::{Mutex, PoisonError};

/// What the pipeline has stored, in order.
#[derive(Default)]
pub(crate) struct Shelf(Mutex<Vec<u32>>);

#[derive(Provides)]
pub(crate) struct App {
    pub(crate) shelf: Shelf,
    pub(crate) clock: Seam,
}

#[node]
async fn read(page: u32, State(clock): State<'_, Seam>) -> u32 {
    clock.sleep(millis(10)).await;
    page
}

/// Takes twice as long as the nodes around it, so it has two workers.
#[node]
async fn parse(page: u32, State(clock): State<'_, Seam>) -> u32 {
    clock.sleep(millis(20)).await;
    page
}

/// Runs for one page at a time: no lock is held across an await, and none is needed for the order.
#[node]
async fn store(page: u32, State(shelf): State<'_, Shelf>, State(clock): State<'_, Seam>) -> usize {
    clock.sleep(millis(10)).await;
    let mut pages = shelf.0.lock().unwrap_or_else(PoisonError::into_inner);
    pages.push(page);
    pages.len()
}

flow! {
    /// Stores a page and tells how many there are.
    pub(crate) storing(u32) -> usize { channels(8) read -> queue(8, workers = 2) -> parse -> store }
}

pub(crate) async fn run(out: &mut impl Write) -> Result<(), penguiflow::BoxError> {
    let clock = Seam::system();
    let (seam, begun) = (clock.clone(), clock.now());
    let app = storing::flow().with_state(App { shelf: Shelf::default(), clock }).start()?;
    let mut traces = Vec::new();
    for page in 1..=6 {
        traces.push(app.emit(page).await?);
    }
    seam.sleep(millis(35)).await;
    for queue in app.queues() {
        let penguiflow::QueueInfo { node, workers, running, depth, .. } = queue;
        writeln!(out, "{node}: {running} of {workers} workers run, {depth} wait")?;
    }
    for (page, trace) in (1..).zip(traces) {
        let stored = trace.result().await.into_result()?;
        writeln!(out, "page {page} is number {stored}, after {} ms", (seam.now() - begun).as_millis())?;
    }
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), penguiflow::BoxError> {
    run(&mut std::io::stdout()).await
}
