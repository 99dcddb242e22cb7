//! A node that borrows several parts of the state, in any order with the context.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

struct Index(usize);
struct Limits {
    most: usize,
}
#[derive(Provides)]
struct App {
    index: Index,
    limits: Limits,
    name: String,
}

#[node]
async fn add(n: usize, State(index): State<'_, Index>, ctx: &Ctx, limits: State<'_, Limits>) -> usize {
    assert_eq!(ctx.node(), "add");
    (n + index.0).min(limits.most)
}
#[node]
fn name(n: usize, State(name): State<'_, String>) -> String {
    format!("{name} {n}")
}

flow! { support(usize) -> String { add -> name } }

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let state = App { index: Index(3), limits: Limits { most: 5 }, name: "penguin".to_owned() };
    let app = support::flow().with_state(state).start().expect("starts");
    assert_eq!(app.call(1).await.expect("adds"), "penguin 4");
    assert_eq!(app.call(9).await.expect("is limited"), "penguin 5");
}
