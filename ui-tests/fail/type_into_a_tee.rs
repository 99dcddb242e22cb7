//! A side branch that takes another type, and a rest that does not take what the side branch gives.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node]
fn write(text: String) -> String {
    text
}

#[node]
fn count(n: usize) -> usize {
    n
}

#[node]
fn measure(text: String) -> usize {
    text.len()
}

flow! {
    support(String) -> usize {
        write -> tee(count) -> tee(measure) -> count
        //~^ count: `count` takes `usize`, but gets `String`
        //~^^ count: `count` takes `usize`, but gets `String`
    }
}

fn main() {}
