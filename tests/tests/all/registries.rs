//! Started flows by name: what is served, what is found, and what is said of what is not.

use crate::kit::{App, Tally};
use penguiflow::prelude::*;
use penguiflow::{BoxError, LookUpError, Registry, ServeError};

#[node]
async fn count(n: u32, State(tally): State<'_, Tally>) -> u32 {
    tally.note(format!("count {n}"));
    n + 1
}
flow! {
    /// Counts on.
    counting(u32) -> u32 { count }
}

#[message]
struct Word {
    text: String,
}
#[node]
fn measure(word: Word) -> usize {
    word.text.len()
}
flow! { measuring(Word) -> usize { measure } }

mod twin {
    use super::*;
    #[node]
    fn halve(n: u32) -> u32 {
        n / 2
    }
    flow! {
        /// Another flow of that name.
        pub(super) counting(u32) -> u32 { halve }
    }
}

#[derive(Provides)]
struct Shelf {
    registry: Registry,
}

#[node]
async fn follow(names: Vec<String>, ctx: &Ctx, State(registry): State<'_, Registry>) -> Result<u32, BoxError> {
    let mut n = 8;
    for name in names {
        n = ctx.call(&registry.get(&name)?, n).await?;
    }
    Ok(n)
}
flow! { following(Vec<String>) -> u32 { follow } }

fn served() -> (Registry, Tally) {
    let (app, tally) = App::new();
    let counting = counting::flow().with_state(app).start().expect("starts");
    let registry = Registry::new().serve(&counting).expect("is new");
    let registry = registry.serve_as("halving", &twin::counting::flow().start().expect("starts")).expect("is new");
    (registry.serve(&measuring::flow().start().expect("starts")).expect("is new"), tally)
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[tokio::test(start_paused = true)]
async fn what_is_served_is_found_by_name_and_type_and_called_as_a_part_of_the_trace() {
    let (registry, tally) = served();
    let app = following::flow().with_state(Shelf { registry: registry.clone() }).start().expect("starts");
    assert_eq!(app.call(names(&["halving", "counting", "counting"])).await.expect("follows"), 6);
    assert_eq!(tally.notes(), ["count 4", "count 5"]);
    let Err(Stop::Failed(error)) = app.call(names(&["counting", "cuonting"])).await else { panic!("does not fail") };
    assert!(error.to_string().ends_with("no flow `cuonting` is served: did you mean `counting`?"), "{error}");
    assert_eq!(registry.get::<Word, usize>("measuring").expect("has these types").name(), "measuring");
}

#[tokio::test(start_paused = true)]
async fn what_is_served_is_listed_with_its_docs_and_its_schemas() {
    let (registry, _) = served();
    let told = |served: penguiflow::Served| {
        (served.name.to_string(), served.flow, served.input, served.info.docs, served.info.input.is_some())
    };
    let list: Vec<_> = registry.list().map(told).collect();
    let word = std::any::type_name::<Word>();
    assert_eq!(
        list,
        [
            ("counting".to_owned(), "counting", "u32", "Counts on.", true),
            ("halving".to_owned(), "counting", "u32", "Another flow of that name.", true),
            ("measuring".to_owned(), "measuring", word, "", true),
        ]
    );
    assert_eq!(format!("{registry:?}"), r#"{"counting", "halving", "measuring"}"#);
}

#[tokio::test(start_paused = true)]
async fn a_name_is_served_once() {
    let (registry, _) = served();
    let again = registry.clone().serve(&twin::counting::flow().start().expect("starts"));
    assert_eq!(again.expect_err("is taken"), ServeError::NameTaken { name: "counting".into() });
    let unnamed = flow! { measure };
    let registry = registry.serve(&unnamed.start().expect("starts")).expect("is new");
    let unnamed = registry.list().find(|served| &*served.name == "flow").expect("is listed");
    assert_eq!(unnamed.info.steps[1].name, "measure");
}

#[tokio::test(start_paused = true)]
async fn who_asks_for_the_wrong_flow_is_told_the_right_one() {
    let (registry, _) = served();
    let unknown = registry.get::<u32, u32>("walrus").expect_err("is not served");
    let words = "no flow `walrus` is served; served: `counting`, `halving` and `measuring`";
    assert_eq!(unknown.to_string(), words);
    let near = registry.get::<u32, u32>("measurin").expect_err("is not served");
    assert!(matches!(near, LookUpError::Unknown { nearest: Some(name), .. } if &*name == "measuring"));
    let other = registry.get::<u32, String>("counting").expect_err("gives a number");
    assert_eq!(other.to_string(), "`counting` runs from `u32` to `u32`, not from `u32` to `alloc::string::String`");
    assert_eq!(
        Registry::new().get::<u32, u32>("x").expect_err("is empty").to_string(),
        "no flow `x` is served; served: nothing"
    );
}
