//! Public nodes and messages need no more docs than their functions have.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

pub mod nodes {
    //! Nodes for others.
    use penguiflow::prelude::*;

    /// A question.
    #[message]
    pub struct Question {
        /// What is asked.
        pub text: String,
    }

    /// Where a question goes.
    #[message]
    pub enum Kind {
        /// To the library.
        Known(Question),
        /// To nobody.
        Unknown,
    }

    /// Cleans.
    #[node]
    pub async fn clean(q: Question) -> Question {
        Question { text: q.text.trim().to_owned() }
    }

    /// Sorts.
    #[router]
    pub fn sort(q: Question) -> Kind {
        if q.text.is_empty() { Kind::Unknown } else { Kind::Known(q) }
    }

    /// Answers.
    #[node]
    pub fn answer(q: Question) -> String {
        q.text
    }
}

use nodes::*;

flow! {
    /// Answers.
    pub support(Question) -> String {
        clean -> sort {
            Known -> answer,
            Unknown -> answer as nothing,
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let app = support::flow().start().expect("starts");
    assert_eq!(app.call(Question { text: " a ".to_owned() }).await.expect("answers"), "a");
    assert_eq!(answer(Question { text: "b".to_owned() }), "b");
}
