//! Wrong types on the edges between chains that do not nest: an edge, a gather, a join of one type, the end.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node]
fn clean(text: String) -> String {
    text
}
#[node]
fn length(text: String) -> usize {
    text.len()
}
#[node]
fn upper(text: String) -> String {
    text.to_uppercase()
}
#[node]
fn double(n: u64) -> u64 {
    n * 2
}
#[node]
fn both((n, text): (usize, usize)) -> usize {
    n + text
}
#[node]
fn last((n, more): (u64, usize)) -> usize {
    n as usize + more
}
#[node]
fn any(lengths: Vec<usize>) -> usize {
    lengths.len()
}

flow! {
    edge(String) -> usize {
        clean -> (length, upper);
        length -> double;
        //~^ double: `double` takes `u64`, but gets `usize` | put a node between the two
        (length, upper) -> join -> both;
        //~^ both: `both` takes `(usize, usize)`, but gets `(usize, String)`
        (double, both) -> join -> last
    }
}

flow! {
    picked(String) -> String {
        clean -> (length, upper);
        //~^ upper: `join_k` collects values of one type, but this branch ends with `String` and the first one with `usize`
        (length, upper) -> join_k(1) -> any;
        length -> length as again;
        //~^ length: `length` takes `String`, but gets `usize`
        (any, again) -> first
        //~^ first: the flow `picked` ends with `usize`, but its header says `String`
    }
}

fn main() {}
