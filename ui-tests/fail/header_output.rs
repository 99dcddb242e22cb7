//! A flow whose header says another output than its last node returns.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node]
fn length(text: String) -> usize {
    text.len()
}

flow! {
    support(String) -> String {
        length
        //~^ length: the flow `support` ends with `usize`, but its header says `String` | write `-> usize` in the header, or add a node
    }
}

fn main() {}
