//! A `crate` setting that names nothing.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node]
fn clean(text: String) -> String {
    text
}

flow! {
    crate = ;
    //~^ crate: `crate` takes the path of the crate: write `crate = my_penguiflow`
    support(String) -> String { clean }
}

fn main() {}
