//! A module with a node of the module's own name.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

mod search {
    use penguiflow::prelude::*;

    #[node]
    pub(crate) fn search(text: String) -> usize {
        text.len()
    }
}

flow! { support(String) -> usize { search::search } }

mod inner {
    use super::search::search;
    use penguiflow::prelude::*;

    flow! { pub(crate) other(String) -> usize { search } }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let app = support::flow().start().expect("starts");
    assert_eq!(app.call("ab".to_owned()).await.expect("counts"), 2);
    let app = inner::other::flow().start().expect("starts");
    assert_eq!(app.call("abc".to_owned()).await.expect("counts"), 3);
}
