//! A flow that ends in two places, with values of different types.
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
fn patch(patches: usize) -> usize {
    patches
}
#[node]
fn close(answer: String) -> String {
    answer
}

flow! {
    support(String) -> usize {
        triage { Bug -> fix, Question -> answer };
        fix -> patch;
        answer -> close;
        //~^ close: this arm ends with `String`, but the arms before it end with `usize`
    }
}

fn main() {}
