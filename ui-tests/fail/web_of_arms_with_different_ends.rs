//! Arms that meet in another chain with values of different types.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[message]
enum Kind {
    Bug(String),
    Question(String),
}

#[router]
fn triage(text: String) -> Kind {
    if text.ends_with('?') { Kind::Question(text) } else { Kind::Bug(text) }
}
#[node]
fn fix(text: String) -> usize {
    text.len()
}
#[node]
fn answer(text: String) -> String {
    text
}
#[node]
fn review(patches: usize) -> usize {
    patches
}
#[node]
fn close(reviewed: usize) -> usize {
    reviewed
}

flow! {
    support(String) -> usize {
        triage { Bug -> fix, Question -> answer };
        //~^ answer: this arm ends with `String`, but the arms before it end with `usize` | add a node to this arm that returns `usize`
        fix -> review -> close;
        answer -> close;
    }
}

fn main() {}
