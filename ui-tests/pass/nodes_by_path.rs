//! Nodes of other modules, by every kind of path.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

mod left {
    use penguiflow::prelude::*;

    #[node]
    pub(crate) fn add(n: usize) -> usize {
        n + 1
    }

    pub(crate) mod deep {
        use penguiflow::prelude::*;

        #[node]
        pub(crate) fn add(n: usize) -> usize {
            n + 10
        }
        flow! { pub(crate) both(usize) -> usize { super::add -> add } }
    }
}
use left::add as begin;

flow! { support(usize) -> usize { begin -> crate::left::deep::add -> self::left::add as again -> left::deep::both } }

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let app = support::flow().start().expect("starts");
    assert_eq!(app.call(0).await.expect("adds"), 1 + 10 + 1 + 11);
}
