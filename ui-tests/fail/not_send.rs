//! A node that holds an `Rc` across an await.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

use std::rc::Rc;

async fn wait() {}

#[node]
async fn clean(text: String) -> String {
//~^ clean: future cannot be sent between threads safely | has type `Rc<String>` which is not `Send` | await occurs here, with `shared` maybe used later | take `Arc` for `Rc`
    let shared = Rc::new(text);
    wait().await;
    shared.to_string()
}

flow! {
    support(String) -> String {
        clean
    }
}

fn main() {}
