//! A node whose state is not provided where the state is given.
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

flow! {
    support(String) -> usize {
        search
    }
}

fn main() {
    let app = App { name: "penguin".to_owned() };
    let _ = support::flow().with_state(app);
    //~^ app: the flow's state `App` provides no `Index` | add a field of type `Index` to a struct with `#[derive(Provides)]`
}
