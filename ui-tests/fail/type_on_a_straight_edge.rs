//! A node that does not take what the one before it returns.
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
        clean -> count
        //~^ count: `count` takes `Docs`, but gets `Question` | put a node between the two that turns `Question` into `Docs`
    }
}

fn main() {}
