//! Cancel: one trace is ended inside a slow sub-flow; others do not notice.

use penguiflow::BoxError;
use penguiflow::prelude::*;
use std::future::pending;
use std::io::Write;
use std::sync::Arc;
use tokio::sync::Notify;

#[derive(Provides)]
pub(crate) struct App {
    /// Told when the slow node has begun.
    pub(crate) begun: Arc<Notify>,
}

#[node]
async fn prepare(name: String) -> String {
    name
}

/// Never answers when it is asked for `slow`, as a model behind a dead connection would.
#[node]
async fn think(name: String, State(begun): State<'_, Arc<Notify>>) -> String {
    if name == "slow" {
        begun.notify_one();
        pending::<()>().await;
    }
    format!("{name} result")
}

flow! { pub(crate) thinking(String) -> String { prepare -> think } }

#[node]
fn render(result: String) -> String {
    format!("done: {result}")
}

flow! { pub(crate) work(String) -> String { thinking -> render } }

pub(crate) async fn run(out: &mut impl Write) -> Result<(), BoxError> {
    let begun = Arc::new(Notify::new());
    let app = work::flow().with_state(App { begun: begun.clone() }).start()?;

    let slow = app.emit("slow".to_owned()).await?;
    begun.notified().await;
    writeln!(out, "in flight: {}", app.in_flight())?;
    // By its handle; `app.cancel(id)` does it from anywhere. Dropping the handle does it, too.
    slow.cancel();
    match slow.result().await {
        Ending::Cancelled => writeln!(out, "slow: cancelled")?,
        other => writeln!(out, "slow: {other:?}")?,
    }
    writeln!(out, "in flight: {}", app.in_flight())?;

    let safe = app.emit("safe".to_owned()).await?;
    writeln!(out, "safe: {}", safe.result().await.into_result()?)?;
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    run(&mut std::io::stdout()).await
}
