//! A map whose worker does not take the items.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node]
fn words(text: String) -> Vec<String> {
    text.split(' ').map(str::to_owned).collect()
}
#[node]
fn double(n: usize) -> usize {
    n * 2
}

flow! {
    support(String) -> Vec<usize> {
        words -> map(double, 8)
        //~^ double: `double` takes `usize`, but gets `String`
    }
}

fn main() {}
