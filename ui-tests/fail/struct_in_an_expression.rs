//! A struct as a step of a flow without a name.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

struct Plain;

#[node]
fn clean(text: String) -> String {
    text
}

fn main() {
    let _ = flow! { clean -> Plain };
    //~^ Plain: `Plain` is no node: put `#[node]` above the function, or write the name of a flow
}
