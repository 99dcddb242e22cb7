//! A flow that proves its deadline, with a router, a sub-flow and an irreversible node that nothing bounds.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node(effect = irreversible)]
async fn pay(cents: u32) -> u32 {
    cents
}
#[node]
async fn look(cents: u32) -> u32 {
    cents
}
#[router]
async fn is_small(cents: u32) -> bool {
    cents < 100
}

flow! { paying(u32) -> u32 { pay } }
flow! {
    support(u32) -> u32 {
        budget { deadline: "30s", prove }
        //~^ prove: `pay`, `is_small` and `look` have no timeout | a flow of its own
        paying -> is_small { true -> look, false -> look }
    }
}

fn main() {}
