//! A flow whose answer is used as another type.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node]
fn length(text: String) -> usize {
    text.len()
}

flow! { support(String) -> usize { length } }

async fn ask() -> Result<String, Stop> {
    let Ok(app) = support::flow().start() else { return Ok(String::new()) };
    app.call(String::new()).await
    //~^ app.call(String::new()).await: expected `Result<String, Stop>`, found `Result<usize, Stop>`
}

fn main() {
    let _ = ask();
}
