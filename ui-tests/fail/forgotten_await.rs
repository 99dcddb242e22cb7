//! A call whose answer is used without waiting for it.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node]
fn length(text: String) -> usize {
    text.len()
}

flow! { support(String) -> usize { length } }

async fn ask() -> usize {
    let Ok(app) = support::flow().start() else { return 0 };
    app.call(String::new()).unwrap_or(0)
    //~^ unwrap_or: consider `await`ing on the `Future`
}

fn main() {
    let _ = ask();
}
