//! A router that borrows a message which cannot be cloned.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

struct Ticket(String);

#[message]
enum Kind {
    Open,
    Closed(usize),
}

#[router]
async fn sort(ticket: &Ticket) -> Kind {
    if ticket.0.is_empty() { Kind::Closed(0) } else { Kind::Open }
}
#[node]
fn answer(ticket: Ticket) -> String {
    ticket.0
}
#[node]
fn file(n: usize) -> String {
    n.to_string()
}

flow! {
    support(Ticket) -> String {
        sort {
            Open -> answer,
            Closed -> file,
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let app = support::flow().start().expect("starts");
    assert_eq!(app.call(Ticket("a".to_owned())).await.expect("answers"), "a");
    assert_eq!(app.call(Ticket(String::new())).await.expect("files"), "0");
}
