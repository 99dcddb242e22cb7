//! A state that only one thread may look at.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

use std::cell::Cell;

#[derive(Provides)]
struct App {
    count: Cell<usize>,
}

#[node]
fn clean(text: String, State(count): State<'_, Cell<usize>>) -> String {
    count.set(count.get() + 1);
    text
}

flow! {
    support(String) -> String {
        clean
    }
}

fn main() {
    let app = App { count: Cell::new(0) };
    let _ = support::flow().with_state(app).start();
    //~^ start: `Cell<usize>` cannot be shared between threads safely | use `std::sync::RwLock` or `std::sync::atomic::AtomicUsize` instead | within the type `App`
}
