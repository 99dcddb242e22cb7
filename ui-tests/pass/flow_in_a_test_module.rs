//! Flows in a module that is there for tests only.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[node]
fn length(text: String) -> usize {
    text.len()
}

flow! { support(String) -> usize { length } }

#[cfg(test)]
mod tests {
    use super::*;

    #[node]
    fn twice(n: usize) -> usize {
        n * 2
    }

    flow! { doubled(String) -> usize { support -> twice } }

    #[tokio::test]
    async fn it_doubles() {
        let app = doubled::flow().start().expect("starts");
        assert_eq!(app.call("ab".to_owned()).await.expect("doubles"), 4);
    }
}

mod shown {
    //! The same without a `cfg`, so that it is compiled here.
    use super::*;

    flow! { again(String) -> usize { super::support } }

    pub(crate) async fn run() {
        let app = again::flow().start().expect("starts");
        assert_eq!(app.call("ab".to_owned()).await.expect("counts"), 2);
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    shown::run().await;
}
