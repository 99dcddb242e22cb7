//! Texts of models as a planner gets them, read.

use penguiflow::llm::lenient::{self, How, Repair};
use serde_json::{Value, json};

/// The object that looks most like an action, of several in a text; the earliest of them.
fn action(text: &str) -> Option<Value> {
    let mut all: Vec<Value> = Vec::new();
    for found in lenient::candidates(text) {
        if found.value.is_array() {
            all.extend(found.into_items().into_iter().map(|item| item.value));
        } else {
            all.push(found.value);
        }
    }
    all.into_iter().find(|value| value.get("next_node").is_some())
}

#[test]
fn the_action_is_found_wherever_a_model_puts_it() {
    let wanted = json!({"next_node": "search", "args": {"q": "krill"}});
    let text = wanted.to_string();
    for said in [
        text.clone(),
        format!("{text} That should do."),
        format!("I think so.\n```json\n{text}\n```\n"),
        format!("{{\"note\": 1}}{text}"),
        format!("```json\n{{\"note\": 1}}\n{text}\n```"),
        format!("```\n{{\"note\": 1}}\n```\nand\n```json\n{text}\n```"),
        format!("[{{\"note\": 1}}, {text}]"),
        serde_json::to_string(&text).expect("a string"),
        "{'next_node': 'search', 'args': {'q': 'krill'},}".to_owned(),
        "{next_node: \"search\", args: {q: \"krill\"}} // done".to_owned(),
    ] {
        assert_eq!(action(&said).as_ref(), Some(&wanted), "{said}");
    }
    assert_eq!(action("no action here"), None);
}

#[test]
fn what_stands_around_a_value_can_be_told() {
    let text = "Let me see.\n{\"next_node\": null, \"args\": {\"answer\": \"yes\"}}\nDone.";
    let found = lenient::candidates(text);
    let span = found[0].span.clone();
    assert_eq!((&text[..span.start], &text[span.end..]), ("Let me see.\n", "\nDone."));
}

#[test]
fn an_answer_that_is_cut_off_is_salvaged_and_says_so() {
    let found = lenient::candidates(r#"{"thought": "well", "args": {"raw_answer": "Penguins eat kri"#);
    assert_eq!(found[0].value["args"]["raw_answer"], "Penguins eat kri");
    assert!(matches!(found[0].how, How::Cut(_)));
}

#[test]
fn a_dictionary_of_python_is_read() {
    let found = lenient::candidates("{'thought': None, 'plan': [{'node': 'a', 'args': {'deep': True}}]}");
    assert_eq!(found[0].value, json!({"thought": null, "plan": [{"node": "a", "args": {"deep": true}}]}));
    assert_eq!(found[0].how, How::Repaired(vec![Repair::Quotes, Repair::Literals]));
}
