//! A flow that proves its deadline, with nodes that nothing bounds.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node(timeout = "2s")]
async fn clean(question: String) -> String {
    question
}
#[node]
async fn lookup(question: String) -> String {
    question
}

flow! {
    support(String) -> String {
        budget { deadline: "30s", prove }
        //~^ prove: `lookup` has no timeout | how long `support` takes | `#[node(timeout = "5s")]`
        clean -> (lookup, clean as other) -> first
    }
}

fn main() {}
