//! Nodes from a glob import.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

mod nodes {
    use penguiflow::prelude::*;

    #[node]
    pub(crate) async fn clean(text: String) -> String {
        text.trim().to_owned()
    }
    #[node]
    pub(crate) fn length(text: String) -> usize {
        text.len()
    }
}

use nodes::*;

flow! { support(String) -> usize { clean -> length } }

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let app = support::flow().start().expect("starts");
    assert_eq!(app.call(" ab ".to_owned()).await.expect("counts"), 2);
}
