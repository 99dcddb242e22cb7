//! Values of types, by way of a request and its answer.

use penguiflow::Violations;
use penguiflow::llm::structured::{Misfit, MisfitKind, Plan, Why};
use penguiflow::llm::{
    ChatEvent, ChatMessage, ChatRequest, Dialect, Effort, Finish, Image, LlmError, LlmErrorKind, Output, OutputMode,
    Part, Profile, Role, ToolCall, ToolChoice, ToolResult, ToolSpec,
};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};
use std::fmt::Debug;

/// What is wanted.
#[derive(Clone, Debug, PartialEq, JsonSchema, Deserialize)]
struct Wanted {
    field1: String,
    nested: Nested,
}

#[derive(Clone, Debug, PartialEq, JsonSchema, Deserialize)]
struct Nested {
    #[schemars(range(min = 1, max = 9))]
    field2: i64,
    #[serde(default)]
    field3: i64,
}

const ANSWER: &str = r#"{"field1": "a", "nested": {"field2": 2}}"#;

fn wanted() -> Wanted {
    Wanted { field1: "a".to_owned(), nested: Nested { field2: 2, field3: 0 } }
}

fn profile(mode: OutputMode, set: impl FnOnce(&mut Profile)) -> Profile {
    let mut profile = Profile::default();
    profile.mode = mode;
    profile.native_schema = true;
    set(&mut profile);
    profile
}

fn plan<T: serde::de::DeserializeOwned + JsonSchema>(mode: OutputMode) -> Plan<T> {
    Plan::of(&profile(mode, |_| ()), &ChatRequest::from("what?"), None).expect("there is a way")
}

fn call(arguments: &str) -> ChatMessage {
    ChatMessage::assistant(ToolCall::new("c1", "structured_output", arguments))
}

#[track_caller]
fn misfit<T: Debug + serde::de::DeserializeOwned + JsonSchema>(plan: &Plan<T>, answer: &ChatMessage) -> Misfit {
    plan.read_message(answer, &Finish::Stop).expect_err("it does not fit")
}

// === The mode ===

#[test]
fn the_profiles_mode_comes_first_and_then_what_else_will_do() {
    let mode = |profile: &Profile, request: &ChatRequest| {
        let plan = Plan::<Wanted>::of(profile, request, None).expect("prompted always does");
        let why = plan.ruled_out().iter().map(|one| (one.mode, one.why.clone())).collect::<Vec<_>>();
        (plan.mode(), why)
    };
    let plain = ChatRequest::from("what?");
    for wanted in [OutputMode::Native, OutputMode::Tool, OutputMode::Prompted] {
        assert_eq!(mode(&profile(wanted, |_| ()), &plain), (wanted, vec![]));
    }
    let no_native = profile(OutputMode::Native, |profile| profile.native_schema = false);
    assert_eq!(mode(&no_native, &plain), (OutputMode::Tool, vec![(OutputMode::Native, Why::NotSupported)]));
    let no_tool = profile(OutputMode::Tool, |profile| profile.forced_tool = false);
    assert_eq!(mode(&no_tool, &plain), (OutputMode::Native, vec![(OutputMode::Tool, Why::NotSupported)]));
    let neither = profile(OutputMode::Native, |profile| (profile.native_schema, profile.tools) = (false, false));
    assert_eq!(mode(&neither, &plain).0, OutputMode::Prompted);
    let few_keys = profile(OutputMode::Native, |profile| profile.schema_keys_max = Some(3));
    assert_eq!(mode(&few_keys, &plain), (OutputMode::Tool, vec![(OutputMode::Native, Why::Keys { keys: 4, most: 3 })]));
    let own = plain.clone().with_tool(ToolSpec::new("look", "", json!({"type": "object"})));
    assert_eq!(
        mode(&profile(OutputMode::Tool, |_| ()), &own),
        (OutputMode::Native, vec![(OutputMode::Tool, Why::OwnTools)])
    );
    let thinks = plain.clone().with_effort(Effort::Low);
    let claude =
        profile(OutputMode::Tool, |profile| (profile.dialect, profile.native_schema) = (Dialect::Anthropic, false));
    let why = vec![(OutputMode::Tool, Why::Thinking), (OutputMode::Native, Why::NotSupported)];
    assert_eq!(mode(&claude, &thinks), (OutputMode::Prompted, why));
    assert_eq!(mode(&claude, &plain.clone().with_effort(Effort::Off)).0, OutputMode::Tool);
}

#[test]
fn a_type_that_holds_itself_is_not_native_where_that_is_not_taken() {
    #[derive(Debug, JsonSchema, Deserialize)]
    #[allow(dead_code, reason = "only its schema counts")]
    struct Tree {
        children: Vec<Tree>,
    }
    for (dialect, mode) in [
        (Dialect::OpenAi, OutputMode::Native),
        (Dialect::Plain, OutputMode::Native),
        (Dialect::Anthropic, OutputMode::Tool),
        (Dialect::Google, OutputMode::Tool),
        (Dialect::Databricks, OutputMode::Tool),
    ] {
        let plan = Plan::<Tree>::of(&profile(OutputMode::Native, |one| one.dialect = dialect), &"?".into(), None)
            .expect("a plan");
        assert_eq!(plan.mode(), mode, "{dialect:?}");
        let tells_why = plan.ruled_out().first().is_none_or(|one| one.to_string().contains("holds itself"));
        assert!(tells_why, "{:?}", plan.ruled_out());
    }
}

#[test]
fn a_forced_mode_is_taken_or_it_is_an_error() {
    let profile = profile(OutputMode::Native, |profile| profile.tools = false);
    let of = |mode| Plan::<Wanted>::of(&profile, &"what?".into(), Some(mode)).map(|plan| plan.mode());
    assert_eq!(of(OutputMode::Prompted).expect("it does"), OutputMode::Prompted);
    let error = of(OutputMode::Tool).expect_err("there are no tools");
    assert_eq!(*error.kind(), LlmErrorKind::Unsupported);
    assert!(error.to_string().contains("no forced tool: the model does not support it"), "{error}");
}

#[test]
fn a_request_that_says_itself_how_to_answer_is_refused() {
    let of =
        |request: ChatRequest| Plan::<Wanted>::of(&Profile::default(), &request, None).expect_err("it says two things");
    let field = |name: &str| LlmErrorKind::InvalidRequest { field: Some(name.to_owned()) };
    let request = ChatRequest::from("what?");
    assert_eq!(*of(request.clone().with_output(Output::Json)).kind(), field("output"));
    assert_eq!(*of(request.clone().with_tool_choice(ToolChoice::Required)).kind(), field("tool_choice"));
    assert_eq!(*of(request.with_tool_choice(ToolChoice::Named("x".to_owned()))).kind(), field("tool_choice"));
}

// === The request ===

#[test]
fn native_gives_the_schema_in_the_dialect() {
    let profile = profile(OutputMode::Native, |profile| profile.dialect = Dialect::OpenAi);
    let plan = Plan::<Wanted>::of(&profile, &"what?".into(), None).expect("a plan");
    let Output::Schema(spec) = &plan.request().output else { panic!("no schema") };
    assert_eq!(
        (spec.name.as_str(), spec.description.as_deref(), spec.strict),
        ("Wanted", Some("What is wanted."), true)
    );
    assert_eq!(spec.schema["$defs"]["Nested"]["required"], json!(["field2", "field3"]));
    assert_eq!(plan.request().messages, ChatRequest::from("what?").messages);
    assert!(plan.request().tools.is_empty());
}

#[test]
fn a_forced_tool_takes_the_value() {
    let plan = plan::<Wanted>(OutputMode::Tool);
    let request = plan.request();
    assert_eq!(request.tools.iter().map(|tool| tool.name.as_str()).collect::<Vec<_>>(), ["structured_output"]);
    assert_eq!(request.tools[0].schema["properties"]["field1"]["type"], "string");
    assert_eq!(request.tool_choice, ToolChoice::Named("structured_output".to_owned()));
    assert_eq!((request.parallel_tool_calls, &request.output), (Some(false), &Output::Text));
}

#[test]
fn a_prompt_tells_the_schema_behind_the_first_system_message() {
    let image = Part::Image(Image::bytes("image/png", vec![1, 2, 3]));
    let request = ChatRequest::new([
        ChatMessage::system("Be kind.").with(image.clone()),
        ChatMessage::system("Be brief."),
        ChatMessage::user("What is this?").with(image.clone()),
    ]);
    let plan = Plan::<Wanted>::of(&profile(OutputMode::Prompted, |_| ()), &request, None).expect("a plan");
    let [first, second, user] = plan.request().messages.as_slice() else { panic!("three messages") };
    assert_eq!(first.parts[..2], request.messages[0].parts[..]);
    assert!(first.text().starts_with("Be kind.\n\nAnswer with one JSON value") && first.text().contains("\"field2\""));
    assert_eq!(*second, request.messages[1]);
    assert_eq!(user.parts[..2], request.messages[2].parts[..]);
    assert_eq!(user.parts.len(), 3);
    assert!(user.text().ends_with("\n\nAnswer with the JSON value only."), "{}", user.text());
    assert_eq!(plan.request().output, Output::Json);
}

#[test]
fn a_prompt_makes_a_system_message_where_there_is_none() {
    let request = ChatRequest::new([ChatMessage::user("What?"), ChatMessage::assistant("Well,")]);
    let plan = Plan::<Wanted>::of(&profile(OutputMode::Prompted, |profile| profile.json = false), &request, None)
        .expect("a plan");
    let messages = &plan.request().messages;
    assert_eq!(
        messages.iter().map(|message| message.role).collect::<Vec<_>>(),
        [Role::System, Role::User, Role::Assistant]
    );
    assert!(messages[0].text().contains("JSON schema"));
    // What the model began is not to be talked into.
    assert_eq!(messages[1..], request.messages[..]);
    assert_eq!(plan.request().output, Output::Text);
}

#[test]
fn a_model_without_system_messages_is_told_by_the_user() {
    let quiet = profile(OutputMode::Prompted, |profile| profile.system = false);
    let plan = Plan::<Wanted>::of(&quiet, &"what?".into(), None).expect("a plan");
    assert_eq!(plan.request().messages.len(), 1);
    assert!(plan.request().messages[0].text().contains("\"field2\""));
}

// === The answer ===

#[test]
fn a_value_is_read_from_text_and_from_the_tool() {
    for mode in [OutputMode::Native, OutputMode::Prompted] {
        let plan = plan::<Wanted>(mode);
        for text in [
            ANSWER.to_owned(),
            format!("```json\n{ANSWER}\n```"),
            format!("Here: {ANSWER} That is it."),
            format!("[{ANSWER}]"),
            format!("first {{\"x\": 1}}, no: {ANSWER}"),
            serde_json::to_string(ANSWER).expect("a string"),
            "{'field1': 'a', 'nested': {'field2': 2,},}".to_owned(),
            r#"{"field1": "a", "nested": {"field2": 2, "field3": null}}"#.to_owned(),
        ] {
            assert_eq!(
                plan.read_message(&ChatMessage::assistant(text.as_str()), &Finish::Stop),
                Ok(wanted()),
                "{text}"
            );
        }
    }
    let plan = plan::<Wanted>(OutputMode::Tool);
    for answer in [call(ANSWER), call("{'field1': 'a', 'nested': {'field2': 2}}"), ChatMessage::assistant(ANSWER)] {
        assert_eq!(plan.read_message(&answer, &Finish::ToolCalls), Ok(wanted()));
    }
}

#[test]
fn roots_that_are_no_objects_come_out_of_the_object_around_them() {
    for mode in [OutputMode::Native, OutputMode::Tool, OutputMode::Prompted] {
        let plan = plan::<Vec<Nested>>(mode);
        let text = r#"{"value": [{"field2": 1, "field3": null}]}"#;
        let answer = if mode == OutputMode::Tool { call(text) } else { ChatMessage::assistant(text) };
        assert_eq!(plan.read_message(&answer, &Finish::Stop), Ok(vec![Nested { field2: 1, field3: 0 }]), "{mode:?}");
        assert!(!plan.request().messages[0].text().is_empty());
    }
}

#[test]
fn a_call_that_is_not_the_one_is_a_misfit() {
    let plan = plan::<Wanted>(OutputMode::Tool);
    assert_eq!(misfit(&plan, &ChatMessage::assistant("I'd rather not")).kind, MisfitKind::NoToolCall);
    assert_eq!(misfit(&plan, &ChatMessage::new(Role::Assistant, vec![])).kind, MisfitKind::NoToolCall);
    let other = ChatMessage::assistant(ToolCall::new("c1", "look", "{}"));
    assert_eq!(misfit(&plan, &other).kind, MisfitKind::WrongTool { got: "look".to_owned() });
    let two = call(ANSWER).with(ToolCall::new("c2", "structured_output", ANSWER));
    assert_eq!(misfit(&plan, &two).kind, MisfitKind::SeveralCalls { calls: 2 });
    assert!(misfit(&plan, &two).feedback().contains("Call the tool `structured_output` once"));
}

#[test]
fn tools_of_the_requests_own_give_no_value() {
    let request = ChatRequest::from("what?").with_tool(ToolSpec::new("look", "", json!({"type": "object"})));
    let mut plan = Plan::<Wanted>::of(&profile(OutputMode::Native, |_| ()), &request, None).expect("a plan");
    assert_eq!(plan.request().tools.len(), 1);
    let answer = ChatMessage::assistant(ToolCall::new("c1", "look", "{}"));
    let misfit = misfit(&plan, &answer);
    assert_eq!(misfit.kind, MisfitKind::CalledTools { names: vec!["look".to_owned()] });
    assert!(plan.repair(&answer, &misfit));
    let roles: Vec<Role> = plan.request().messages.iter().map(|message| message.role).collect();
    assert_eq!(roles, [Role::User, Role::Assistant, Role::Tool, Role::User]);
}

#[test]
fn what_failed_validation_is_told_with_its_path() {
    let plan = plan::<Wanted>(OutputMode::Prompted);
    for (text, line) in [
        (r#"{"field1": "a", "nested": {"field2": "x"}}"#, "- nested -> field2: value is not of type \"integer\""),
        (r#"{"field1": "a", "nested": {}}"#, "- nested -> field2: is required"),
        (r#"{"field1": "a", "nested": {"field2": 10}}"#, "- nested -> field2: value is greater than the maximum of 9"),
        (r#"{"nested": {"field2": 1}}"#, "- field1: is required"),
    ] {
        let misfit = misfit(&plan, &ChatMessage::assistant(text));
        let feedback = misfit.feedback();
        assert!(feedback.contains("failed validation") && feedback.contains(line), "{feedback}");
        // What is logged quotes nothing.
        let MisfitKind::Invalid { faults } = &misfit.kind else { panic!("{misfit:?}") };
        assert_eq!(misfit.to_string(), format!("it failed validation at {}", faults[0].path));
    }
}

#[test]
fn several_faults_come_in_one_answer() {
    let misfit = misfit(&plan::<Wanted>(OutputMode::Tool), &call(r#"{"field1": 1, "nested": {"field2": 0}}"#));
    let MisfitKind::Invalid { faults } = misfit.kind else { panic!("{misfit:?}") };
    let mut paths: Vec<&str> = faults.iter().map(|fault| fault.path.as_str()).collect();
    paths.sort_unstable();
    assert_eq!(paths, ["field1", "nested -> field2"]);
}

#[test]
fn a_check_of_the_callers_own_is_asked_last() {
    let plan = plan::<Wanted>(OutputMode::Prompted);
    let check = |value: &Wanted| match value.field1.as_str() {
        "a" => Err(Violations::new().with("nested.list[3]", "is not right")),
        _ => Ok(()),
    };
    let answer = serde_json::from_value(json!({
        "message": ChatMessage::assistant(ANSWER), "finish": "stop", "usage": {"input": 1, "output": 1}, "cost": null,
        "model": "m/n", "attempts": 1,
    }))
    .expect("a response");
    let misfit = plan.read_with(&answer, check).expect_err("the check refuses it");
    assert!(misfit.feedback().contains("- nested -> list -> 3: is not right"), "{}", misfit.feedback());
    assert_eq!(plan.read(&answer), Ok(wanted()));
}

#[test]
fn what_is_no_json_is_told_as_such() {
    let plan = plan::<Wanted>(OutputMode::Prompted);
    for text in
        ["I do not know.", "", r#"{"field1": "a", "nested": "#, r#"{"field1": NaN}"#, r#"{"a": {"b": 1}, oops}"#]
    {
        let misfit = misfit(&plan, &ChatMessage::assistant(text));
        assert!(matches!(misfit.kind, MisfitKind::NotJson { .. }), "{text}: {misfit:?}");
        let feedback = misfit.feedback();
        assert!(feedback.contains("invalid") && feedback.contains("valid JSON"), "{feedback}");
        assert!(misfit.is_repairable());
    }
}

#[test]
fn what_the_limit_cut_off_is_no_value_and_is_not_asked_for_again() {
    #[derive(Debug, PartialEq, JsonSchema, Deserialize)]
    struct Lax {
        #[serde(default)]
        a: String,
        #[serde(default)]
        b: i64,
    }
    let mut plan = plan::<Lax>(OutputMode::Prompted);
    let half = ChatMessage::assistant(r#"{"a": "he"#);
    // Each of its fields may be left out, and still this is not what was meant.
    let misfit = plan.read_message(&half, &Finish::Length).expect_err("it is cut off");
    assert_eq!(misfit.kind, MisfitKind::CutOff);
    assert!(!plan.repair(&half, &misfit));
    assert_eq!(plan.request().messages.len(), 2);
    assert!(plan.read_message(&half, &Finish::Stop).is_err());
    // All of it was there before the limit.
    let whole = ChatMessage::assistant("{\"a\": \"x\", \"b\": 1}\n\n\n");
    assert_eq!(plan.read_message(&whole, &Finish::Length), Ok(Lax { a: "x".to_owned(), b: 1 }));
}

#[test]
fn a_refusal_stays_one() {
    let mut plan = plan::<Wanted>(OutputMode::Prompted);
    for finish in [Finish::Refusal, Finish::ContentFilter] {
        let answer = ChatMessage::assistant("I cannot help with that.");
        let misfit = plan.read_message(&answer, &finish).expect_err("it is none");
        assert_eq!(misfit.kind, MisfitKind::Refused);
        assert!(!plan.repair(&answer, &misfit));
        let error = LlmError::from(misfit);
        assert_eq!((error.kind(), error.content()), (&LlmErrorKind::Refused, Some("I cannot help with that.")));
    }
}

#[test]
fn a_misfit_becomes_an_error_that_keeps_what_was_written() {
    let misfit =
        misfit(&plan::<Wanted>(OutputMode::Tool), &call(r#"{"field1": "secret", "nested": {"field2": "secret"}}"#));
    let error = LlmError::from(misfit);
    assert_eq!(*error.kind(), LlmErrorKind::ContentParse);
    assert_eq!(error.to_string(), "the answer could not be read: it failed validation at nested -> field2");
    assert!(
        error.content().is_some_and(|content| content.contains("secret")) && !format!("{error:?}").contains("secret")
    );
}

// === The repair ===

/// What providers ask of a conversation: each call has its result in what follows at once, and no message is empty.
fn is_accepted(messages: &[ChatMessage]) -> bool {
    let mut open: Vec<String> = Vec::new();
    for message in messages {
        let results: Vec<&ToolResult> = message
            .parts
            .iter()
            .filter_map(|part| match part {
                Part::ToolResult(result) => Some(result),
                _ => None,
            })
            .collect();
        if !open.is_empty() && message.role != Role::Tool {
            return false;
        }
        for result in results {
            let before = open.len();
            open.retain(|id| *id != result.id);
            if before == open.len() || !result.is_error {
                return false;
            }
        }
        open.extend(message.tool_calls().map(|call| call.id.clone()));
        let objects = message.tool_calls().all(|call| call.parse::<serde_json::Map<String, Value>>().is_ok());
        if message.parts.is_empty() || !objects {
            return false;
        }
    }
    open.is_empty()
}

#[test]
fn a_repair_is_a_conversation_that_providers_take() {
    let bad = r#"{"field1": "a", "nested": {"field2": "x"}}"#;
    let two = call(bad).with(ToolCall::new("c2", "look", "{}"));
    for (mode, answer, roles) in [
        (OutputMode::Tool, call(bad), vec![Role::Assistant, Role::Tool]),
        (OutputMode::Tool, two, vec![Role::Assistant, Role::Tool, Role::Tool]),
        (OutputMode::Tool, call("not JSON at all"), vec![Role::Assistant, Role::Tool]),
        (OutputMode::Tool, call("[1]"), vec![Role::Assistant, Role::Tool]),
        (OutputMode::Tool, ChatMessage::assistant("no"), vec![Role::Assistant, Role::User]),
        (OutputMode::Tool, ChatMessage::new(Role::Assistant, vec![]), vec![Role::User]),
        (OutputMode::Native, ChatMessage::assistant(bad), vec![Role::Assistant, Role::User]),
        (OutputMode::Prompted, ChatMessage::assistant("no"), vec![Role::Assistant, Role::User]),
    ] {
        let mut plan = plan::<Wanted>(mode);
        let before = plan.request().messages.len();
        for _ in 0..2 {
            let misfit = misfit(&plan, &answer);
            assert!(plan.repair(&answer, &misfit), "{answer:?}");
            let added = &plan.request().messages[plan.request().messages.len() - roles.len()..];
            assert_eq!(added.iter().map(|message| message.role).collect::<Vec<_>>(), roles, "{answer:?}");
            assert!(is_accepted(&plan.request().messages), "{:?}", plan.request().messages);
            let told =
                added.last().map(|message| serde_json::to_string(message).expect("it is written")).expect("a message");
            let first_line = misfit.feedback().lines().next().map(str::to_owned).expect("a line");
            assert!(told.contains(first_line.split('`').next().expect("words")), "{told}");
        }
        assert_eq!(plan.request().messages.len(), before + 2 * roles.len());
    }
}

#[test]
fn arguments_that_are_no_object_are_told_in_words() {
    let mut plan = plan::<Wanted>(OutputMode::Tool);
    let answer = call("field1 is a");
    let misfit = misfit(&plan, &answer);
    plan.repair(&answer, &misfit);
    let result = plan.request().messages.last().expect("a message");
    let Part::ToolResult(result) = &result.parts[0] else { panic!("{result:?}") };
    assert!(result.is_error && result.to_text().contains("The arguments were: field1 is a"), "{result:?}");
    // What was nearly one goes back as what it was taken for.
    let answer = call("{'field1': 1}");
    let misfit = self::misfit(&plan, &answer);
    plan.repair(&answer, &misfit);
    let call = plan.request().messages.iter().rev().find_map(|message| message.tool_calls().next()).expect("a call");
    assert_eq!(call.arguments, r#"{"field1":1}"#);
}

// === While it is written ===

#[test]
fn a_value_is_there_while_it_is_written() {
    #[derive(Debug, PartialEq, JsonSchema, Deserialize)]
    struct Lax {
        #[serde(default)]
        a: String,
        #[serde(default)]
        b: i64,
    }
    let by_tool = plan::<Lax>(OutputMode::Tool);
    let mut partial = by_tool.partial();
    assert!(!partial.push(&ChatEvent::Text { part: 0, text: "{\"b\": 7}".to_owned() }));
    assert_eq!(partial.read(), None);
    let json = |json: &str| ChatEvent::Arguments { part: 1, json: json.to_owned() };
    assert!(partial.push(&json("{\"b\": null, \"a\": \"he")));
    assert_eq!(partial.value(), Some(&json!({"a": "he", "b": null})));
    assert_eq!(partial.read(), Some(Lax { a: "he".to_owned(), b: 0 }));
    assert!(partial.push(&ChatEvent::Restart));
    assert_eq!(partial.value(), None);
    let list = plan::<Vec<Nested>>(OutputMode::Prompted);
    let mut partial = list.partial();
    partial.push(&ChatEvent::Text { part: 0, text: "Here [1]: {\"value\": [{\"field2\": 1}, {\"fi".to_owned() });
    assert_eq!(partial.value(), Some(&json!([{"field2": 1}, {}])));
    assert_eq!(partial.read(), None);
    partial.push(&ChatEvent::Text { part: 0, text: "eld2\": 2 ".to_owned() });
    assert_eq!(partial.read().map(|list| list.len()), Some(2));
}
