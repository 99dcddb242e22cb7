//! A node with a state in a flow that starts without one.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

struct Index(Vec<String>);

#[node]
fn search(_: String, State(index): State<'_, Index>) -> usize {
    index.0.len()
}

flow! {
    support(String) -> usize {
        search
    }
}

async fn ask() -> Result<usize, Box<dyn std::error::Error>> {
    let app = support::flow().start()?;
    //~^ start: the flow's state `()` provides no `Index` | hand it to `.with_state(…)`
    Ok(app.call(String::new()).await?)
}

fn main() {
    let _ = ask();
}
