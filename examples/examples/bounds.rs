//! Bounds: how long a run takes at most, and by which way, is told before anything runs. Where that has to hold, `prove` makes it a part
//! of compiling. And what stored runs rely on is kept in a file beside the code, so that a change that would strand them is seen.

use penguiflow::clock::millis;
use penguiflow::prelude::*;
use penguiflow::testkit::{self, Fault, Testkit};
use penguiflow::{BoxError, Stored};
use std::io::{self, Write};

#[message]
pub(crate) struct Question {
    text: String,
}

#[message]
struct Draft {
    text: String,
    checks: u32,
}

#[node(timeout = "2s")]
async fn clean(question: Question) -> Question {
    Question { text: question.text.trim().to_lowercase() }
}

/// Three attempts of 2 s each, and waits of 500 ms and 1 s between them.
#[node(timeout = "2s", retries = 2, backoff = ("500ms", 2.0), jitter = none)]
async fn search(question: Question) -> io::Result<Vec<String>> {
    Ok(vec![format!("{} huddle", question.text)])
}

/// How long it waits for one of its permits depends on other runs, so no bound knows it: the report says so.
#[node(timeout = "5s", concurrency = 8)]
async fn look_up(question: Question) -> usize {
    question.text.len()
}

/// Never waits, so it takes no time that a timeout could end.
#[node]
fn gather((found, letters): (Vec<String>, usize)) -> Draft {
    Draft { text: format!("{} ({letters})", found.join("; ")), checks: 0 }
}

#[controller(turns = 3, timeout = "4s")]
async fn refine(draft: Draft) -> Step<Draft, Draft> {
    let draft = Draft { checks: draft.checks + 1, ..draft };
    if draft.checks < 3 { Step::Again(draft) } else { Step::Done(draft) }
}

#[node(timeout = "1s")]
async fn render(draft: Draft) -> String {
    format!("{}, checked {} times", draft.text, draft.checks)
}

flow! {
    /// With `deadline: "20s"` the compiler says that it can take 22.5 s, and by which way; with no timeout on `render`, that
    /// nothing bounds that node.
    pub(crate) support(Question) -> String {
        budget { deadline: "30s", prove, tokens: 4_000 }
        clean -> (search, look_up) -> join -> gather -> refine -> render
    }
}

/// May wait, and says nothing of how long.
#[node]
async fn sign(draft: Draft) -> Draft {
    draft
}

flow! {
    /// What `support` could become. A run of the old one that was stored before `render` would go on at `sign`.
    pub(crate) signed(Question) -> String { clean -> (search, look_up) -> join -> gather -> refine -> sign -> render }
}

/// What stored runs of `support` rely on. `PENGUIFLOW_GOLDEN=overwrite` takes over what it is now.
const KEPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/bounds.golden");

pub(crate) async fn run(out: &mut impl Write) -> Result<(), BoxError> {
    let bound = support::flow().bound();
    write!(out, "{bound}")?;

    // A run in which each attempt takes as long as it may, and two of them are for nothing.
    let slowest = Testkit::new(support::flow())
        .delay("clean", millis(1_999))
        .delay("search", millis(1_999))
        .fail("search", Fault::error("BUSY", 2))
        .delay("refine", millis(3_999))
        .delay("render", millis(999))
        .run(Question { text: " Penguins ".to_owned() })
        .await?;
    writeln!(out, "the slowest run: {:?} after {:?}", slowest.completed(), slowest.elapsed)?;

    write!(out, "{}", signed::flow().bound())?;

    // In a test beside the flow: it fails, and says why, when a change would strand runs that are stored.
    testkit::golden(KEPT, support::flow().info())?;
    let kept: Stored = support::flow().info().stored().to_string().parse()?;
    for stranded in kept.stranded_by(&signed::flow().info().stored()) {
        writeln!(out, "- {stranded}")?;
    }
    Ok(())
}

fn main() -> Result<(), BoxError> {
    // Virtual time: what takes seconds above is over at once.
    testkit::block_on(7, async |_| run(&mut io::stdout()).await)
}
