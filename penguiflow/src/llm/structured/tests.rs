//! What holds of a plan with and without the check by schema.

use crate::llm::chat::message::ChatMessage;
use crate::llm::chat::part::{Part, Reasoning};
use crate::llm::chat::request::ChatRequest;
use crate::llm::chat::usage::Finish;
use crate::llm::profile::{OutputMode, Profile};
use crate::llm::structured::misfit::{Fault, Misfit, MisfitKind};
use crate::llm::structured::{Plan, repair, write};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

#[derive(Debug, PartialEq, JsonSchema, Deserialize)]
struct Outer {
    nested: Vec<Inner>,
    #[serde(default)]
    kind: Kind,
}

#[derive(Debug, PartialEq, JsonSchema, Deserialize)]
struct Inner {
    field2: u8,
}

#[derive(Debug, Default, PartialEq, JsonSchema, Deserialize)]
enum Kind {
    #[default]
    Plain,
    Sized {
        size: u8,
    },
}

fn misfit(text: &str) -> Misfit {
    let plan = Plan::<Outer>::of(&Profile::default(), &ChatRequest::from("?"), Some(OutputMode::Prompted)).unwrap();
    plan.read_message(&ChatMessage::assistant(text), &Finish::Stop).unwrap_err()
}

#[test]
fn the_path_to_what_is_wrong_is_told() {
    for (text, path) in [
        (r#"{"nested": [{"field2": 1}, {"field2": "x"}]}"#, "nested -> 1 -> field2"),
        (r#"{"nested": [{"field2": 1}, {"field2": 256}]}"#, "nested -> 1 -> field2"),
        (r#"{"nested": [{}]}"#, "nested -> 0 -> field2"),
        (r#"{"kind": "Plain"}"#, "nested"),
        (r#"{"nested": [], "kind": {"Sized": {"size": -1}}}"#, "kind"),
        ("[1, 2]", ""),
    ] {
        let MisfitKind::Invalid { faults } = misfit(text).kind else { panic!("{text}") };
        assert!(faults.iter().any(|fault| fault.path.starts_with(path)), "{text}: {faults:?}");
        assert!(faults.iter().all(|fault| !fault.reason.is_empty()));
    }
}

#[test]
fn a_reason_is_never_long() {
    let fault = Fault::new(&[], "é".repeat(100_000));
    assert_eq!(fault.reason.chars().count(), 401);
    let text = json!({ "nested": "x".repeat(100_000) }).to_string();
    assert!(misfit(&text).feedback().len() < 2_000);
}

#[test]
fn many_faults_are_told_in_part() {
    let inner = vec![json!({}); 1_000];
    let MisfitKind::Invalid { faults } = misfit(&json!({ "nested": inner }).to_string()).kind else {
        panic!("it fits")
    };
    assert!(!faults.is_empty() && faults.len() <= super::FAULTS_MAX, "{}", faults.len());
}

#[test]
fn the_name_of_a_schema_is_one_that_every_provider_takes() {
    for (title, name) in [
        ("Outer", "Outer"),
        ("Page_for_Item", "Page_for_Item"),
        ("a b/é-1", "a_b__-1"),
        ("", "answer"),
        (&"x".repeat(100), &"x".repeat(64)),
    ] {
        assert_eq!(write::name_of(&json!({ "title": title })), name);
    }
}

#[test]
fn an_answer_without_words_leaves_no_message() {
    let thoughts = ChatMessage::assistant(Part::Reasoning(Reasoning::default()));
    for empty in [ChatMessage::assistant(""), thoughts] {
        let mut request = ChatRequest::from("?");
        repair::append(&mut request, &empty, "again", false);
        assert_eq!(request.messages.iter().map(ChatMessage::text).collect::<Vec<_>>(), ["?", "again"]);
    }
}

#[test]
fn a_plan_goes_from_thread_to_thread() {
    fn goes<T: Send + Sync + 'static>(_: &T) {}
    let plan = Plan::<Outer>::of(&Profile::default(), &ChatRequest::from("?"), None).unwrap();
    goes(&plan);
    goes(&plan.partial());
    goes(&misfit("?"));
}
