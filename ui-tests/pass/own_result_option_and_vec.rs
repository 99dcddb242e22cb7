//! A module with names that shadow those of the standard library.
#![deny(warnings, missing_docs, unreachable_pub)]

mod shadows {
    use penguiflow::prelude::*;

    #[message]
    pub(crate) struct Option(pub(crate) usize);
    #[message]
    pub(crate) struct Vec(pub(crate) usize);
    #[message]
    pub(crate) struct Box(pub(crate) usize);
    #[message]
    pub(crate) struct String(pub(crate) usize);
    #[message]
    pub(crate) enum Some {
        None,
        Ok(Box),
    }

    #[node]
    fn option(option: Option) -> Vec {
        Vec(option.0)
    }
    #[node]
    fn boxed(vec: Vec) -> Box {
        Box(vec.0)
    }
    #[router]
    fn some(b: Box) -> Some {
        if b.0 == 0 { Some::None } else { Some::Ok(b) }
    }
    #[node(retries = 1)]
    async fn string(b: Box) -> core::result::Result<String, std::fmt::Error> {
        Ok(String(b.0))
    }
    flow! {
        pub(crate) support(Option) -> String {
            option -> boxed -> some {
                None -> string,
                Ok -> string,
            }
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let app = shadows::support::flow().start().expect("starts");
    assert_eq!(app.call(shadows::Option(3)).await.expect("goes through").0, 3);
}
