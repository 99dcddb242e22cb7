//! Flows as `flow!` prints them: every form runs, in item and in expression form.
#![allow(missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

#[message]
#[derive(PartialEq)]
pub struct Question {
    pub text: String,
}

#[message]
#[derive(PartialEq)]
pub struct Answer(pub String);

#[message]
pub enum Verdict {
    Good(Answer),
    Thin(Question),
    Refuse,
}

#[node]
async fn clean(q: Question) -> Question {
    Question { text: q.text.trim().to_owned() }
}

#[node]
fn length(q: Question) -> usize {
    q.text.len()
}

#[node]
fn words(q: Question) -> Vec<String> {
    q.text.split(' ').map(str::to_owned).collect()
}

#[node]
fn letters(word: String) -> usize {
    word.len()
}

#[node]
async fn gather((len, words): (usize, Vec<usize>)) -> Answer {
    Answer(format!("{len}: {words:?}"))
}

#[router]
async fn triage(a: Answer) -> Verdict {
    match a.0.len() {
        0..5 => Verdict::Refuse,
        5..9 => Verdict::Thin(Question { text: a.0 }),
        _ => Verdict::Good(a),
    }
}

#[node]
fn ask(q: Question) -> Answer {
    Answer(format!("{}?", q.text))
}

#[node]
fn polish(a: Answer) -> Answer {
    Answer(a.0 + "!")
}

#[node]
fn longer(a: Answer) -> Step<Answer, Answer> {
    if a.0.len() > 20 { Step::Done(a) } else { Step::Again(Answer(a.0 + ".")) }
}

#[node]
fn pick(lengths: Vec<usize>) -> Answer {
    Answer(format!("{lengths:?}"))
}

flow! {
    /// Answers a question.
    pub support(Question) -> Answer {
        clean -> (length, words -> map(letters, 2)) -> join -> gather -> triage {
            Good -> polish,
            Thin -> ask -> done,
            Refuse -> drop,
        } -> repeat(turns = 30) { longer }
    }
}

flow! { twice(Question) -> Answer { support -> again -> support as second; } }

#[node]
fn again(a: Answer) -> Question {
    Question { text: a.0 }
}

fn question(text: &str) -> Question {
    Question { text: text.to_owned() }
}

#[tokio::test(start_paused = true)]
async fn an_item_runs() {
    let app = support::flow().start().expect("starts");
    assert_eq!(app.call(question(" a bc ")).await.expect("answers"), Answer("4: [1, 2]!..........".to_owned() + "."));
}

#[tokio::test(start_paused = true)]
async fn an_expression_runs() {
    let app = flow! { clean -> (length, length as other) -> join_k(1) -> pick }.start().expect("starts");
    assert_eq!(app.call(question(" a bc ")).await.expect("answers"), Answer("[4]".to_owned()));
}

#[test]
fn a_named_flow_is_listed() {
    let info = penguiflow::flows().find(|flow| flow.name == "support").expect("is listed");
    assert_eq!((info.docs, info.module), ("Answers a question.", module_path!()));
    assert!(info.mermaid.starts_with("flowchart TD\n    n0([\"Question\"])\n"), "{}", info.mermaid);
    assert!(info.input.is_some() && info.output.is_some());
}
