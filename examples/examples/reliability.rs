//! Reliability: a node that is too slow at first, then fails, then succeeds. Its attribute says how often it is tried, how long
//! an attempt may take, and how long to wait between two; the code says only what it does.

use penguiflow::BoxError;
use penguiflow::clock::Seam;
use penguiflow::prelude::*;
use std::future::pending;
use std::io::Write;

#[node(retries = 2, timeout = "50ms", backoff = ("20ms", 2.0), jitter = none)]
async fn unsteady(task: String, ctx: &Ctx) -> Result<String, &'static str> {
    match ctx.attempt() {
        1 => pending().await,
        2 => Err("connection reset"),
        attempt => Ok(format!("{task}: success on attempt {attempt}")),
    }
}

flow! { pub(crate) reliable(String) -> String { unsteady } }

pub(crate) async fn run(out: &mut impl Write) -> Result<(), BoxError> {
    let app = reliable::flow().start()?;
    let clock = Seam::system();
    let start = clock.now();
    writeln!(out, "{}", app.call("upload".to_owned()).await?)?;
    // 50 ms until the timeout, a wait of 20, the failure, a wait of 40.
    let is_patient = clock.now() - start >= millis(50 + 20 + 40);
    writeln!(out, "waited between the attempts: {is_patient}")?;

    // Before the start, policies can be changed without a build; the message's deadline bounds all attempts together.
    let app = reliable::flow().override_policy::<unsteady>(|policy| policy.with_retries(1)).start()?;
    if let Err(Stop::Failed(error)) = app.call("upload".to_owned()).await {
        writeln!(out, "with one retry: {} of {} attempts failed: {}", error.attempt(), error.attempts(), error.kind())?;
    }
    let hurried = Message::new("upload".to_owned()).with_deadline(millis(60));
    if let Err(stop) = reliable::flow().start()?.call(hurried).await {
        writeln!(out, "with 60 ms in all: {stop}")?;
    }
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    run(&mut std::io::stdout()).await
}
