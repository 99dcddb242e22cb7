//! A flow may be more visible than its nodes and its messages.
#![deny(warnings, missing_docs, unreachable_pub)]

pub mod answers {
    //! The flow's own module.
    use penguiflow::prelude::*;

    #[message]
    struct Draft(String);

    #[node]
    fn draft(text: String) -> Draft {
        Draft(text)
    }
    #[node]
    fn polish(draft: Draft) -> String {
        draft.0 + "."
    }

    flow! {
        /// Answers.
        pub support(String) -> String { draft -> polish }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let app = answers::support::flow().start().expect("starts");
    assert_eq!(app.call("yes".to_owned()).await.expect("answers"), "yes.");
}
