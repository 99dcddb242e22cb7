//! An item that the node behind a batch does not take.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[message]
struct Question(String);
#[message]
struct Docs(Vec<String>);

#[node]
fn clean(q: Question) -> Question {
    q
}
#[node]
fn count(docs: Vec<Docs>) -> Vec<usize> {
    docs.iter().map(|docs| docs.0.len()).collect()
}

flow! {
    support(Question) -> usize {
        clean -> batch(32, "10ms") -> count
        //~^ count: `count` takes batches of `Docs`, but gets `Question` | put a node between the two that turns `Question` into `Docs`
    }
}

fn main() {}
