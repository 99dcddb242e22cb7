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

fn main() {
    let app = App { name: "penguin".to_owned() };
    let _ = outer::flow().with_state(app);
    //~^ app: the flow's state `App` provides no `Index`
}
