//! Macros for a user who knows the crate as a part of another one.
#![deny(warnings, missing_docs, unreachable_pub)]

mod platform {
    pub(crate) use arctic as flows;
}

use platform::flows::prelude::*;

#[message(crate = crate::platform::flows)]
struct Question(String);

#[node(crate = crate::platform::flows)]
fn length(q: Question) -> usize {
    q.0.len()
}

flow! {
    crate = crate::platform::flows;
    support(Question) -> usize { length }
}

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    let answer = runtime.block_on(async {
        let app = support::flow().start().expect("starts");
        app.call(Question("ab".to_owned())).await.expect("counts")
    });
    assert_eq!(answer, 2);
}
