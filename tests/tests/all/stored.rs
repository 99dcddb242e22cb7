//! What stored runs of a flow rely on: what changes of a flow strand them, and what changes do not.

use penguiflow::prelude::*;
use penguiflow::{FlowInfo, Stored};

#[message]
struct Draft {
    text: String,
}

#[node]
async fn clean(text: String) -> Draft {
    Draft { text }
}
#[node]
async fn polish(draft: Draft) -> Draft {
    draft
}
#[node]
async fn render(draft: Draft) -> String {
    draft.text
}
#[node]
async fn many(draft: Draft) -> Vec<Draft> {
    vec![draft]
}
#[node]
async fn glued(drafts: Vec<Draft>) -> String {
    drafts.into_iter().map(|draft| draft.text).collect()
}
#[node]
async fn judge(draft: Draft) -> Step<Draft, Draft> {
    Step::Done(draft)
}

flow! { built(String) -> String { clean -> polish -> render } }

fn stranded(old: &'static FlowInfo, new: &'static FlowInfo) -> Vec<String> {
    // By way of its text, as a file keeps it.
    let old: Stored = old.stored().to_string().parse().expect("is what was printed");
    old.stranded_by(&new.stored()).iter().map(ToString::to_string).collect()
}

#[test]
fn docs_policies_budgets_and_new_steps_behind_strand_nothing() {
    #[node(timeout = "5s", retries = 2, concurrency = 4)]
    /// Now with docs.
    async fn polish(draft: Draft) -> Draft {
        draft
    }
    flow! {
        /// Now with docs.
        second(String) -> usize {
            budget { deadline: "30s", hops: 64 }
            clean -> queue(8) -> polish -> render -> length
        }
    }
    #[node]
    fn length(text: String) -> usize {
        text.len()
    }
    assert_eq!(
        stranded(built::flow().info(), second::flow().info()),
        ["what is stored at what `built` gives cannot be read any more: `it` was string, and is integer (uint) now"]
    );
    flow! { third(String) -> String { budget { usd: 1 } clean -> polish -> render } }
    assert_eq!(stranded(built::flow().info(), third::flow().info()), [""; 0]);
    flow! { fourth(String) -> String { clean -> polish -> render -> again } }
    #[node]
    fn again(text: String) -> String {
        text
    }
    assert_eq!(stranded(built::flow().info(), fourth::flow().info()), [""; 0]);
    let print = |info: &FlowInfo| info.stored().fingerprint();
    assert_eq!(print(built::flow().info()), print(built::flow().info()));
    assert_ne!(print(built::flow().info()), print(fourth::flow().info()));
}

#[test]
fn a_step_that_moved_was_replaced_or_is_gone_strands_and_says_what_to_do() {
    flow! { moved(String) -> String { clean -> polish as sanded -> polish -> render } }
    assert_eq!(
        stranded(built::flow().info(), moved::flow().info()),
        [
            "`polish` stood at place 1 and stands at 2 now: keep the order of the steps, and put new ones behind it or into a flow that is one step",
            "`render` stood at place 2 and stands at 3 now: keep the order of the steps, and put new ones behind it or into a flow that is one step",
        ]
    );
    flow! { replaced(String) -> String { clean -> polish as sanded -> render } }
    assert_eq!(
        stranded(built::flow().info(), replaced::flow().info()),
        ["place 1 was `polish` and is `sanded` now: if it does the same, write `sanded as polish`"]
    );
    flow! { shorter(String) -> String { clean -> render } }
    assert_eq!(
        stranded(built::flow().info(), shorter::flow().info()),
        [
            "`polish` at place 1 is gone, and runs may wait there: keep it until they have ended",
            "`render` stood at place 2 and stands at 1 now: keep the order of the steps, and put new ones behind it or into a flow that is one step",
        ]
    );
    flow! { looped(String) -> String { clean -> repeat(turns = 3) { polish -> judge } -> render } }
    let lines = stranded(built::flow().info(), looped::flow().info());
    assert_eq!(lines.len(), 2, "{lines:?}");
    flow! { mapped(String) -> String { clean -> many -> map(polish, 2) -> glued } }
    flow! { mapped_later(String) -> String { clean -> many -> polish_all -> glued } }
    #[node]
    fn polish_all(drafts: Vec<Draft>) -> Vec<Draft> {
        drafts
    }
    flow! { other_kind(String) -> String { clean -> many -> polish_all as polish -> glued } }
    assert_eq!(
        stranded(mapped::flow().info(), mapped_later::flow().info()),
        ["place 2 was `polish` and is `polish_all` now: if it does the same, write `polish_all as polish`"]
    );
    assert_eq!(
        stranded(mapped::flow().info(), other_kind::flow().info()),
        ["`polish` at place 2 was a map and is a node now: keep the old one until stored runs have ended"]
    );
}

#[message]
enum Verdict {
    Good(Draft),
    Refuse(Draft),
}
#[router]
async fn triage(draft: Draft) -> Verdict {
    if draft.text.is_empty() { Verdict::Refuse(draft) } else { Verdict::Good(draft) }
}

/// The next build of the program, with other types.
mod next {
    use penguiflow::prelude::*;

    #[message]
    pub(super) struct Draft {
        pub(super) lang: String,
        pub(super) text: String,
    }
    #[message]
    pub(super) enum Verdict {
        Good(Draft),
    }
    #[node]
    pub(super) async fn clean(text: String) -> Draft {
        Draft { text, lang: String::new() }
    }
    #[router]
    pub(super) async fn triage(draft: Draft) -> Verdict {
        Verdict::Good(draft)
    }
    #[node]
    pub(super) async fn render(draft: Draft) -> String {
        draft.text + &draft.lang
    }
    flow! { pub(super) routed(String) -> String { clean -> triage { Good -> render } } }
    flow! { pub(super) outer(String) -> String { routed } }
}

#[test]
fn a_type_that_cannot_be_read_and_an_arm_that_is_gone_strand() {
    flow! { routed(String) -> String { clean -> triage { Good -> render, Refuse -> polish -> render as refused } } }
    flow! { outer(String) -> String { routed } }
    assert_eq!(stranded(routed::flow().info(), routed::flow().info()), [""; 0]);
    let needed = "cannot be read any more: `it.lang` is needed now: give it `#[serde(default)]`";
    let lines = stranded(routed::flow().info(), next::routed::flow().info());
    assert!(lines.contains(&format!("what is stored at place 0, what `clean` gives {needed}")), "{lines:#?}");
    assert!(lines.contains(&format!("what is stored at place 2, what `render` takes {needed}")), "{lines:#?}");
    let arm = "what is stored at place 1, what `triage` gives cannot be read any more: `it` has no `Refuse` any more";
    assert!(lines.contains(&arm.to_owned()), "{lines:#?}");
    assert!(
        lines.contains(
            &"`polish` at place 3 is gone, and runs may wait there: keep it until they have ended".to_owned()
        )
    );
    let inside = stranded(outer::flow().info(), next::outer::flow().info());
    assert!(inside.contains(&format!("what is stored at place 0/0, what `clean` gives {needed}")), "{inside:#?}");
}

#[test]
fn a_text_that_is_none_is_told_by_its_line() {
    let text = format!("{}not a step\n", built::flow().info().stored());
    let told = text.parse::<Stored>().expect_err("has a line too many");
    assert_eq!((told.line, told.to_string().starts_with("line 5 tells no step: ")), (5, true), "{told}");
}
