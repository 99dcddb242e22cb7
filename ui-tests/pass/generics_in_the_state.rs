//! A state with type parameters.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

trait Store: Send + Sync + 'static {
    fn get(&self) -> usize;
}
struct Memory(usize);
impl Store for Memory {
    fn get(&self) -> usize {
        self.0
    }
}
#[derive(Provides)]
struct App<T: Store> {
    store: Box<dyn Store>,
    #[provides(skip)]
    other: T,
}

#[node]
fn add(n: usize, State(store): State<'_, Box<dyn Store>>) -> usize {
    n + store.get()
}

flow! { support(usize) -> usize { add } }

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let state = App { store: Box::new(Memory(1)), other: Memory(2) };
    assert_eq!(state.other.get(), 2);
    let app = support::flow().with_state(state).start().expect("starts");
    assert_eq!(app.call(1).await.expect("adds"), 2);
}
