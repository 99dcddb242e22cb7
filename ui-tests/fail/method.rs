//! A node with `self`.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

struct Bot;

impl Bot {
    #[node]
    fn clean(&self, text: String) -> String {
    //~^ &self: a node is a function of its own and has no `self`: move it out of the impl
        text
    }
}

fn main() {}
