//! Messages, nodes and flows inside a function's body.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    #[message]
    enum Verdict {
        Good(String),
        Bad,
    }
    #[router]
    fn triage(text: String) -> Verdict {
        if text.is_empty() { Verdict::Bad } else { Verdict::Good(text) }
    }
    #[node]
    fn length(text: String) -> usize {
        text.len()
    }
    flow! {
        support(String) -> usize {
            triage {
                Good -> length,
                Bad -> drop,
            }
        }
    }
    let app = support::flow().start().expect("starts");
    assert_eq!(app.call("ab".to_owned()).await.expect("counts"), 2);
    assert!(matches!(app.call(String::new()).await, Err(Stop::Dropped { .. })));
}
