//! Flows as `flow!` prints them: every form runs, as an item and as an expression.
#![deny(warnings, missing_docs, unreachable_pub)]
#![forbid(unsafe_code)]

use penguiflow::prelude::*;
use penguiflow::{EdgeKind, Limit, StepKind};
use std::cell::Cell;

#[message]
#[derive(PartialEq)]
struct Question {
    text: String,
}

#[message]
#[derive(PartialEq)]
struct Answer(String);

#[message]
enum Verdict {
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
    if a.0.len() > 16 { Step::Done(a) } else { Step::Again(Answer(a.0 + ".")) }
}

#[node]
fn pick(lengths: Vec<usize>) -> Answer {
    Answer(format!("{lengths:?}"))
}

#[node]
fn answer(q: Question) -> Answer {
    Answer(q.text)
}

#[node]
fn question_again(a: Answer) -> Question {
    Question { text: a.0 }
}

flow! {
    /// Answers a question.
    ///
    /// With an example: `a`.
    support(Question) -> Answer {
        clean -> (length, words -> map(letters, 2)) -> join -> gather -> triage {
            Good -> polish,
            Thin -> ask -> done,
            Refuse -> drop,
        } -> repeat(turns = 30) { longer }
    }
}

fn question(text: &str) -> Question {
    Question { text: text.to_owned() }
}

fn answered(text: &str) -> Answer {
    Answer(text.to_owned())
}

#[tokio::test(start_paused = true)]
async fn an_item_runs_and_its_arms_lead_on_out_and_away() {
    let app = support::flow().start().expect("starts");
    assert_eq!(app.call(question(" a bc ")).await.expect("answers"), answered("4: [1, 2]!......."));
    assert_eq!(app.call(question("a ")).await.expect("answers"), answered("1: [1]?"));
    let quick =
        flow! { answer -> triage { Good -> polish, Thin -> ask -> done, Refuse -> drop } }.start().expect("starts");
    let stop = quick.call(question("abc")).await.expect_err("drops");
    assert!(matches!(&stop, Stop::Dropped { at } if &**at == "triage.Refuse"), "{stop}");
}

#[tokio::test(start_paused = true)]
async fn an_expression_takes_and_gives_what_its_first_and_last_steps_do() {
    let app = flow! { clean -> (length, length as other) -> join_k(1) -> pick }.start().expect("starts");
    assert_eq!(app.call(question(" a bc ")).await.expect("answers"), answered("[4]"));
    let app = flow! { (length, words) -> join }.start().expect("starts");
    assert_eq!(app.call(question("a b")).await.expect("answers"), (3, vec!["a".to_owned(), "b".to_owned()]));
    let app = flow! { map(length, 2, limit = 2) }.start().expect("starts");
    assert_eq!(app.call(vec![question("a"), question("bc")]).await.expect("answers"), [1, 2]);
    let stop = app.call(vec![question("a"), question("b"), question("c")]).await.expect_err("over the limit");
    assert!(matches!(stop, Stop::Failed(_)), "{stop}");
    let app = flow! { repeat(turns = 30) { polish -> longer } }.start().expect("starts");
    assert_eq!(app.call(answered("a")).await.expect("answers"), answered("a!.!.!.!.!.!.!.!.!"));
}

#[tokio::test(start_paused = true)]
async fn a_loop_that_is_out_of_turns_ends_the_trace_or_goes_on_with_its_last_state() {
    let app = flow! { repeat(turns = 3) { longer } }.start().expect("starts");
    let stop = app.call(answered("a")).await.expect_err("out of turns");
    assert!(matches!(stop, Stop::BudgetExceeded(Limit::Turns)), "{stop}");
    let app = flow! { repeat(turns = 3) { longer } else polish }.start().expect("starts");
    assert_eq!(app.call(answered("a")).await.expect("answers"), answered("a...!"));
    let app = flow! { repeat(turns = 3) { longer } else triage { Good -> polish, Thin -> ask -> done, Refuse -> drop } -> polish as more };
    let app = app.start().expect("starts");
    assert_eq!(app.call(answered("ab")).await.expect("answers"), answered("ab...?"));
}

#[tokio::test(start_paused = true)]
async fn a_starved_join_says_where_it_stands() {
    let app = flow! { clean -> (flaky -> length, length) -> join_k(2) -> pick }.start().expect("starts");
    CALLS.set(0);
    let stop = app.call(question("a")).await.expect_err("one of two fails");
    let Stop::Failed(error) = stop else { panic!("{stop}") };
    assert_eq!((error.node(), error.place()), ("join_k", "4"));
}

flow! { twice(Question) -> Answer { support -> question_again -> support as second; } }

#[tokio::test(start_paused = true)]
async fn a_flow_is_a_node_of_another_flow() {
    let app = twice::flow().start().expect("starts");
    assert_eq!(app.call(question("a b c d")).await.expect("answers"), answered("17: [2, 3, 2, 2, 4]!"));
}

thread_local! {
    /// Calls of `flaky` in one test: each runs on a thread of its own.
    static CALLS: Cell<u32> = const { Cell::new(0) };
}

#[derive(Debug)]
struct Down;
impl std::fmt::Display for Down {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("down")
    }
}
impl std::error::Error for Down {}

#[node]
fn flaky(q: Question) -> Result<Question, Down> {
    if CALLS.replace(CALLS.get() + 1) < 2 { Err(Down) } else { Ok(q) }
}

#[tokio::test(start_paused = true)]
async fn an_instance_has_a_name_and_a_policy_of_its_own() {
    let app = flow! { flaky(retries = 2) as patient -> answer }.start().expect("starts");
    assert_eq!(app.call(question("a")).await.expect("answers"), answered("a"));
    assert_eq!(CALLS.get(), 3);
    CALLS.set(0);
    let app = flow! { flaky as hasty -> answer }.start().expect("starts");
    let stop = app.call(question("a")).await.expect_err("fails");
    assert!(stop.to_string().contains("hasty"), "{stop}");
    assert_eq!(CALLS.get(), 1);
}

flow! {
    of_this_build(Answer) -> Answer {
        triage {
            Good -> polish,
            #[cfg(any())]
            Gone -> no_such_node(retries = 1) as never { A -> nor_this, B -> drop } -> polish,
            #[cfg(all())]
            Thin -> ask,
            Refuse -> polish as other,
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_arm_under_a_cfg_is_there_or_not() {
    let app = of_this_build::flow().start().expect("starts");
    assert_eq!(app.call(answered("abcde")).await.expect("answers"), answered("abcde?"));
}

#[tokio::test(start_paused = true)]
async fn every_node_of_a_flow_can_be_overridden_and_stubbed() {
    let app = twice::flow()
        .override_policy::<clean>(|policy| policy.with_concurrency(1))
        .stub::<gather>(|_| Ok(answered("stubbed")))
        .start()
        .expect("starts");
    assert_eq!(app.call(question("a")).await.expect("answers"), answered("stubbed?"));
}

#[tokio::test(start_paused = true)]
async fn a_long_chain_runs_each_step_once() {
    let app = flow! {
        answer -> polish -> polish as p1 -> polish as p2 -> polish as p3 -> polish as p4 -> polish as p5 -> polish as p6
            -> polish as p7 -> polish as p8 -> polish as p9 -> polish as p10 -> polish as p11 -> polish as p12
            -> polish as p13 -> polish as p14 -> polish as p15 -> polish as p16 -> polish as p17 -> polish as p18
    };
    let app = app.start().expect("starts");
    assert_eq!(app.call(question("a")).await.expect("answers"), answered(&format!("a{}", "!".repeat(19))));
}

#[test]
fn a_named_flow_is_listed() {
    let info = penguiflow::flows().find(|flow| flow.name == "support").expect("is listed");
    assert_eq!((info.docs, info.module), ("Answers a question.\n\nWith an example: `a`.", module_path!()));
    assert!(info.input.is_some() && info.output.is_some());
}

flow! {
    shaped(Answer) -> Answer {
        repeat(turns = 3) { repeat(turns = 2) { polish(retries = 1) as twice -> longer } -> longer as last }
            -> triage { Good -> polish, Thin -> (ask, answer) -> join_k(1) -> first_of, Refuse -> drop }
    }
}

#[node]
fn first_of(answers: Vec<Answer>) -> Result<Answer, Down> {
    answers.into_iter().next().ok_or(Down)
}

#[test]
fn a_flow_tells_its_steps_edges_and_loops() {
    let info = penguiflow::flows().find(|flow| flow.name == "shaped").expect("is listed");
    let steps: Vec<_> = info.steps.iter().map(|step| (step.place, step.name, step.around)).collect();
    let expected = [
        (None, "input", None),
        (Some(2), "twice", Some(1)),
        (Some(3), "longer", Some(1)),
        (Some(4), "last", Some(0)),
        (Some(5), "triage", None),
        (Some(6), "polish", None),
        (Some(7), "ask", None),
        (Some(8), "answer", None),
        (Some(9), "join_k", None),
        (Some(10), "first_of", None),
        (None, "drop", None),
        (None, "output", None),
    ];
    assert_eq!(steps, expected);
    assert_eq!(info.steps[1].policy.expect("is a node").retries, 1);
    assert_eq!(info.steps[4].kind, StepKind::Router);
    assert_eq!((info.steps[8].kind, info.steps[8].policy), (StepKind::JoinK { k: 1 }, None));
    let loops: Vec<_> = info.loops.iter().map(|found| (found.place, found.turns, found.around)).collect();
    assert_eq!(loops, [(0, 3, None), (1, 2, Some(0))]);
    let edges: Vec<_> = info.edges.iter().map(|edge| (edge.from, edge.to, edge.when)).collect();
    assert!(edges.contains(&(4, 10, EdgeKind::Arm("Refuse"))), "{edges:?}");
    assert_eq!(edges[edges.len() - 2..], [(2, 1, EdgeKind::Again), (3, 1, EdgeKind::Again)]);
}
