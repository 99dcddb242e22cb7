//! An irreversible node that may run again.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node(retries = 3, effect = irreversible)]
//~^ irreversible: an irreversible effect is never tried twice: leave `retries` out
fn pay(cents: u32) -> Result<u32, std::fmt::Error> {
    Ok(cents)
}

flow! {
    support(u32) -> u32 {
        pay
    }
}

fn main() {}
