//! A policy that is any other type.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

struct Tenants;

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

flow! {
    support(String) -> String {
        long with Tenants {
            //~^ Tenants: `Tenants` is no routing policy: write `impl RoutingPolicy for Tenants`
            true -> polish,
            false -> ask,
        }
    }
}

fn main() {}
