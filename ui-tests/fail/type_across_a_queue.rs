//! A wrong edge with a queue on it.
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
fn count(docs: Docs) -> usize {
    docs.0.len()
}

flow! {
    support(Question) -> usize {
        clean -> queue(64, workers = 4) -> count
        //~^ count: `count` takes `Docs`, but gets `Question` | put a node between the two that turns `Question` into `Docs`
    }
}

fn main() {}
