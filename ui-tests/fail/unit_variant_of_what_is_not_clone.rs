//! A unit variant passes a clone of the router's input on, which cannot be cloned.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

struct Ticket(String);
#[message]
enum Verdict {
    Good(String),
    Bad,
}

#[router]
fn triage(ticket: Ticket) -> Verdict {
//~^ Ticket: a unit variant passes the router's input on, but `Ticket` is not `Clone` | take `&Ticket` in the router
    if ticket.0.is_empty() { Verdict::Bad } else { Verdict::Good(ticket.0) }
}
#[node]
fn polish(text: String) -> String {
    text
}

flow! {
    support(Ticket) -> String {
        triage {
            Good -> polish,
            Bad -> drop,
        }
    }
}

fn main() {}
