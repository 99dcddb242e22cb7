//! A node that holds a lock of std across an await.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

use std::sync::Mutex;

async fn wait() {}

#[derive(Provides)]
struct App {
    count: Mutex<usize>,
}

#[node]
async fn clean(text: String, State(count): State<'_, Mutex<usize>>) -> String {
//~^ clean: future cannot be sent between threads safely | has type `std::sync::MutexGuard<'_, usize>` which is not `Send` | await occurs here | drop what is not `Send` before the `.await`
    let mut count = count.lock().expect("no poison");
    *count += 1;
    wait().await;
    format!("{count} {text}")
}

flow! {
    support(String) -> String {
        clean
    }
}

fn main() {
    let app = App { count: Mutex::new(0) };
    let _ = support::flow().with_state(app).start();
}
