//! A blocking node whose state must not leave its thread.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

use std::cell::Cell;
use std::sync::Arc;

#[node(blocking)]
fn clean(text: String, State(count): State<'_, Arc<Cell<usize>>>) -> String {
//~^ clean: `Cell<usize>` cannot be shared between threads safely | use `std::sync::RwLock` or `std::sync::atomic::AtomicUsize` instead
    count.set(count.get() + 1);
    text
}

flow! {
    support(String) -> String {
        clean
    }
}

fn main() {}
