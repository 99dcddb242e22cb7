//! A flow with docs, attributes and a visibility of its own.
#![deny(warnings, missing_docs, unreachable_pub)]

pub mod flows {
    //! Flows.
    use penguiflow::prelude::*;

    #[node]
    fn length(text: String) -> usize {
        text.len()
    }

    flow! {
        /// Counts letters.
        ///
        /// ```text
        /// ab -> 2
        /// ```
        #[doc(alias = "len")]
        pub(crate) near(String) -> usize { length }
    }
    flow! {
        /// Counts letters for everybody.
        pub far(String) -> usize { near }
    }
    flow! { pub(super) above(String) -> usize { far } }
    flow! { pub(in crate::flows) inside(String) -> usize { length } }

    pub(crate) async fn run() {
        let app = inside::flow().start().expect("starts");
        assert_eq!(app.call("a".to_owned()).await.expect("counts"), 1);
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    flows::run().await;
    assert_eq!(flows::near::flow().start().expect("starts").call("a".to_owned()).await.expect("counts"), 1);
    assert_eq!(flows::above::flow().start().expect("starts").call("a".to_owned()).await.expect("counts"), 1);
}
