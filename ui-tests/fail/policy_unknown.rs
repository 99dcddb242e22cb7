//! A misspelt policy.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::MapPolicy;
use penguiflow::prelude::*;

#[router]
fn long(text: String) -> bool {
    text.len() > 8
}
#[node]
fn polish(text: String) -> String {
    text
}
#[node]
fn ask(text: String) -> String {
    text
}

type Tenants = MapPolicy;

flow! {
    support(String) -> String {
        long with Tennants {
            //~^ Tennants: cannot find type `Tennants` in this scope
            true -> polish,
            false -> ask,
        }
    }
}

fn main() {
    let _ = std::any::type_name::<Tenants>();
}
