//! The sample of the design, word for word, with its types filled in.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[message]
struct Question { text: String }

#[message]
struct Docs(Vec<String>);
#[message]
struct Facts(usize);
#[message]
struct Notes(String);
#[message]
struct Draft(String);
#[message]
#[derive(PartialEq)]
struct Answer(String);

#[derive(Debug)]
struct SearchError;
impl std::fmt::Display for SearchError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("nothing was found")
    }
}
impl std::error::Error for SearchError {}

struct Index(Vec<String>);
#[derive(Provides)]
struct App {
    index: Index,
}

#[message]
enum Verdict { Good(Draft), Thin(Question), Refuse }

#[node]
async fn clean(q: Question) -> Question {
    Question { text: q.text.trim().to_owned() }
}

#[node(retries = 3, timeout = "2s", concurrency = 16)]
async fn search(q: Question, State(index): State<'_, Index>) -> Result<Docs, SearchError> {
    let found: Vec<String> = index.0.iter().filter(|line| line.contains(&q.text)).cloned().collect();
    if found.is_empty() { Err(SearchError) } else { Ok(Docs(found)) }
}

#[node]
fn lookup(q: Question) -> Facts {
    Facts(q.text.len())
}

#[node]
async fn gather((docs, facts): (Docs, Facts)) -> Notes {
    Notes(format!("{} ({})", docs.0.join(", "), facts.0))
}

#[controller(turns = 8)]
async fn refine(notes: Notes) -> Step<Notes, Draft> {
    if notes.0.ends_with("..") { Step::Done(Draft(notes.0)) } else { Step::Again(Notes(notes.0 + ".")) }
}

#[router]
async fn triage(d: Draft) -> Verdict {
    match d.0.len() {
        0..9 => Verdict::Refuse,
        9..14 => Verdict::Thin(Question { text: d.0 }),
        _ => Verdict::Good(d),
    }
}

#[node]
fn polish(d: Draft) -> Answer {
    Answer(d.0)
}
#[node]
fn ask_more(q: Question) -> Answer {
    Answer(format!("what of {}?", q.text))
}
#[node]
fn decline(_: Draft) -> Answer {
    Answer("no".to_owned())
}
#[node]
fn render(a: Answer) -> Answer {
    Answer(format!("<{}>", a.0))
}

flow! {
    /// Answers a question from the docs.
    pub support(Question) -> Answer {
        budget { hops: 64, deadline: "30s", usd: 0.50 }
        clean -> (search, lookup) -> join -> gather -> refine -> triage {
            Good   -> polish,
            Thin   -> ask_more,
            Refuse -> decline,
        } -> render
    }
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let state = App { index: Index(vec!["penguins swim".to_owned(), "ice is".to_owned()]) };
    let text = " penguin ".to_owned();

    let app = support::flow().with_state(state).start()?;
    let answer = app.call(Question { text }).await?;
    assert_eq!(answer, Answer("<penguins swim (7)..>".to_owned()));

    let q = Question { text: "ice".to_owned() };
    let trace  = app.emit(Message::new(q).with_tenant("acme").with_deadline(secs(30))).await?;
    let ending = trace.result().await;
    assert!(matches!(ending, Ending::Completed(Answer(text)) if text == "<what of ice is (3)..?>"));

    let q = Question { text: "whales".to_owned() };
    assert!(app.call(q).await.is_err());
    Ok(())
}
