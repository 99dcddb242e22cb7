//! A flow that is called before it is started.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node]
fn length(text: String) -> usize {
    text.len()
}

flow! { support(String) -> usize { length } }

async fn ask() -> usize {
    support::flow().call(String::new()).await.unwrap_or(0)
    //~^ call: this flow is not started | write `.start()?` before it
}

fn main() {
    let _ = ask();
}
