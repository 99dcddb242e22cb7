//! A message that must not leave its thread.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

use std::rc::Rc;

#[node]
fn clean(text: Rc<String>) -> usize {
//~^ Rc: `Rc<String>` cannot be sent between threads | write `Arc` for `Rc`
    text.len()
}

flow! {
    support(Rc<String>) -> usize {
        clean
    }
}

fn main() {}
