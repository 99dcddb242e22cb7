//! Two chains in one flow.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node]
fn clean(text: String) -> String {
    text
}
#[node]
fn write(text: String) -> String {
    text
}

flow! {
    support(String) -> String {
        clean; write
        //~^ ;: a flow of several chains is not supported yet
    }
}

fn main() {}
