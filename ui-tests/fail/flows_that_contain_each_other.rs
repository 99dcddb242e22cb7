//! Two flows, each a step of the other.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node]
fn clean(text: String) -> String {
    text
}

flow! { ping(String) -> String { clean -> pong } }
//~^ ping: FLOWS_THAT_CONTAIN_EACH_OTHER_NEVER_END_CALL_ONE_FROM_A_NODE_BY_CTX_CALL | evaluating + checking
flow! { pong(String) -> String { clean -> ping } }

fn main() {}
