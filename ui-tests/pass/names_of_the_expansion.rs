//! Users' own items may bear the names that the expansions use inside.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[message]
struct M(usize);
#[message]
struct Cx(usize);
#[message]
enum Routed {
    Some(M),
    None,
    Ok(Cx),
}

#[node]
fn m(input: usize) -> M {
    M(input)
}
#[node]
fn cx(m: M) -> Cx {
    Cx(m.0)
}
#[router]
fn route(cx: Cx) -> Routed {
    match cx.0 {
        0 => Routed::None,
        1 => Routed::Some(M(1)),
        _ => Routed::Ok(cx),
    }
}
#[node]
fn at(m: M) -> usize {
    m.0
}
#[node]
fn run(cx: Cx) -> usize {
    cx.0
}
#[node]
fn ends(cx: Cx) -> usize {
    cx.0
}

flow! {
    turns(usize) -> usize {
        m -> cx -> route {
            Some -> at,
            None -> ends,
            Ok -> run,
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let app = turns::flow().start().expect("starts");
    for n in 0..3 {
        assert_eq!(app.call(n).await.expect("goes through"), n);
    }
}
