//! A node that is reached from itself over four others, through a fork and a map.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node]
fn plan(text: String) -> String {
    text
}
#[node]
fn left(text: String) -> String {
    text
}
#[node]
fn right(text: String) -> String {
    text
}
#[node]
fn list((left, right): (String, String)) -> Vec<String> {
    vec![left, right]
}
#[node]
fn length(text: String) -> usize {
    text.len()
}

flow! {
    support(String) -> Vec<usize> {
        plan
            -> (left, right)
            -> join
            -> list
            -> map(length, 2)
            -> left
            //~^ left: `left` is reached from itself: left -> join -> list -> length -> left
    }
}

fn main() {}
