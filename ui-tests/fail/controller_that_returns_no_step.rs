//! A controller that does not say whether it goes on.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[controller(turns = 8)]
fn refine(n: usize) -> usize {
//~^ usize: a controller says whether it goes on: write `Step<usize, usize>`
    n
}

flow! {
    support(usize) -> usize {
        refine
    }
}

fn main() {}
