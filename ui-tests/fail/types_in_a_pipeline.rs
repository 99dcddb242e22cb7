//! A wrong edge into a router behind a queue, and a wrong edge out of it.
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
#[router]
fn any(docs: Docs) -> Option<Docs> {
    Some(docs)
}
#[node]
fn text(q: Question) -> usize {
    q.0.len()
}

flow! {
    support(Question) -> usize {
        channels(64) clean -> any {
            //~^ any: `any` takes `Docs`, but gets `Question`
            Some -> text,
            //~^ text: `text` takes `Question`, but gets `Docs`
            None -> drop,
        }
    }
}

fn main() {}
