//! A node with a state, two flows deep.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

struct Index(Vec<String>);
#[derive(Provides)]
struct App {
    name: String,
}

#[node]
fn search(_: String, State(index): State<'_, Index>) -> usize {
    index.0.len()
}

flow! { inner(String) -> usize { search } }
flow! { middle(String) -> usize { inner } }
flow! { outer(String) -> usize { middle } }

async fn ask() -> Result<usize, Box<dyn std::error::Error>> {
    let app = App { name: "penguin".to_owned() };
    let app = outer::flow().with_state(app).start()?;
    //~^ start: the flow's state `App` provides no `Index` | add a field of type `Index` to a struct with `#[derive(Provides)]`
    Ok(app.call(String::new()).await?)
}

fn main() {
    let _ = ask();
}
