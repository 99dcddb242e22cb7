//! What is found, and what is not.

use super::rank::best;
use super::sentences::sentences;
use super::words::words;
use super::{NOTE, answer, question};
use crate::llm::chat::media::Image;
use crate::llm::chat::message::ChatMessage;
use crate::llm::chat::request::ChatRequest;
use crate::llm::stand_in::reply::Step;
use proptest::prelude::*;

fn cut(text: &str) -> Vec<&str> {
    sentences(text).map(|one| one.text).collect()
}

#[test]
fn a_text_is_cut_behind_full_stops_and_lines_and_not_inside_numbers() {
    assert_eq!(cut("They dive 3.5 m. Really?\n- krill\n\n!!!"), ["They dive 3.5 m.", "Really?", "- krill"]);
    assert_eq!(cut("企鹅吃磷虾。它们不会飞。"), ["企鹅吃磷虾。", "它们不会飞。"]);
}

#[test]
fn a_sentence_without_end_is_cut_off() {
    let long = "ä".repeat(10_000);
    let found: Vec<usize> = sentences(&long).map(|one| one.text.chars().count()).collect();
    assert_eq!(found, [600]);
}

#[test]
fn words_are_compared_without_their_ends() {
    assert_eq!(words("The penguin's boxes, berries and Eats"), ["penguin", "box", "berry", "eat"]);
    assert_eq!(words("企鹅 eat"), ["企", "鹅", "eat"]);
}

#[test]
fn the_question_is_what_is_asked_or_said_last() {
    assert_eq!(question("Krill is small. What is krill? Be brief."), ["What is krill?"]);
    assert_eq!(question("Context: krill is small.\nDescribe krill"), ["Describe krill"]);
    assert_eq!(question(" \n "), [""; 0]);
}

#[test]
fn rare_words_count_more_than_common_ones_and_the_order_is_that_of_the_text() {
    let text = "Penguins swim. Penguins walk. Penguins moult in autumn. Penguins moult once a year in autumn and rest. Gulls fly.";
    let all: Vec<_> = sentences(text).collect();
    let found = best("When do penguins moult?", &all, 3);
    assert_eq!(found, ["Penguins moult in autumn.", "Penguins moult once a year in autumn and rest."]);
    assert_eq!(best("And the whales?", &all, 3), [""; 0]);
    assert_eq!(best("of the and", &all, 3), [""; 0]);
}

fn said(request: &ChatRequest) -> String {
    let reply = answer(request).expect("answers");
    let texts = reply.steps.iter().filter_map(|step| match step {
        Step::Part(part) => part.as_text(),
        Step::Wait(_) | Step::Event(_) | Step::Fail(_) => None,
    });
    texts.collect()
}

#[test]
fn a_picture_is_not_looked_at_and_what_the_model_said_is_not_quoted() {
    let request = ChatRequest::new([
        ChatMessage::assistant("On the picture is a penguin."),
        ChatMessage::user("What is on the picture?").with(Image::bytes("image/png", vec![1])),
    ]);
    assert_eq!(said(&request), format!("{NOTE} Nothing in the conversation answers that. It cannot look at pictures."));
}

#[test]
fn the_question_is_never_its_own_answer() {
    let request = ChatRequest::new([ChatMessage::user("Describe krill"), ChatMessage::user("Describe krill")]);
    assert_eq!(said(&request), format!("{NOTE} Nothing in the conversation answers that."));
}

proptest! {
    /// Whatever is written, nothing is said that does not stand there.
    #[test]
    fn an_answer_is_a_refusal_or_sentences_of_the_conversation(
        context in "(krill|fish|企鹅|eat|[\\PC\n.?!]){0,60}",
        question in "(krill|fish|企鹅|eat|[\\PC .?!]){0,12}",
    ) {
        let request = ChatRequest::new([ChatMessage::system(context.as_str()), ChatMessage::user(question.as_str())]);
        let said = said(&request);
        let said = said.strip_prefix(NOTE).expect("says what it is");
        let refused = ["Nothing in the conversation answers that.", "Nothing is asked in words."].contains(&said.trim());
        let mut rest = said.to_owned();
        for sentence in cut(&context) {
            rest = rest.replacen(sentence, "", 1);
        }
        prop_assert!(refused || rest.trim().is_empty(), "{rest:?} of {said:?}");
    }
}
