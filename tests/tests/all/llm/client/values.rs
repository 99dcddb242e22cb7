//! Values of a type: how they are asked for, what is sent back, what is learned.

use super::{client, fail, limited};
use crate::kit::now;
use futures_util::StreamExt as _;
use penguiflow::clock::secs;
use penguiflow::llm::{
    ChatEvent, ChatRequest, Dialect, Finish, GeneratingStream, LlmClient, LlmError, LlmErrorKind, ModelInfo, Output,
    OutputMode, Patience, Price, Profile, Retry, Role, ScriptedModel, ScriptedReply, Usage,
};
use penguiflow::{Money, Violations};
use serde_json::{Value, json};

#[derive(Clone, Debug, PartialEq, serde::Deserialize, schemars::JsonSchema)]
struct Food {
    name: String,
    grams: Option<u8>,
}

fn food(name: &str, grams: Option<u8>) -> Food {
    Food { name: name.to_owned(), grams }
}

/// A cent for an answer of a hundred tokens.
fn model(name: &str, mode: OutputMode, replies: impl IntoIterator<Item = ScriptedReply>) -> ScriptedModel {
    let mut profile = Profile::default();
    profile.mode = mode;
    (profile.native_schema, profile.dialect) = (true, Dialect::OpenAi);
    profile.price = Some(Price::per_million(Money::ZERO, Money::from_cents(10_000)));
    ScriptedModel::new(replies).with_info(ModelInfo::new("test", name).with_profile(profile))
}

fn call(arguments: Value) -> ScriptedReply {
    ScriptedReply::call("structured_output", &arguments).with_usage(Usage::new(10, 100))
}

fn text(text: &str) -> ScriptedReply {
    ScriptedReply::from(text).with_usage(Usage::new(10, 100))
}

/// What a provider says that has no schemas.
fn no_schemas() -> ScriptedReply {
    let kind = LlmErrorKind::InvalidRequest { field: Some("response_format".to_owned()) };
    ScriptedReply::fail(
        LlmError::new(kind, "response_format of the type json_schema is not supported").with_status(400),
    )
}

#[tokio::test(start_paused = true)]
async fn a_value_comes_in_each_way_that_a_model_can_be_asked() {
    let rows = [
        (OutputMode::Tool, call(json!({ "name": "krill" }))),
        (OutputMode::Native, text("{\"name\":\"krill\",\"grams\":null}")),
        (OutputMode::Prompted, text("Here you are:\n```json\n{\"name\": \"krill\"}\n```")),
    ];
    for (mode, reply) in rows {
        let model = model("a", mode, [reply]);
        let made = client(model.clone()).generate::<Food>("food?").await.expect("it is one");
        assert_eq!((made.value, made.mode, made.attempts, made.repairs), (food("krill", None), mode, 1, 0));
        assert_eq!((made.usage, made.cost), (Usage::new(10, 100), Some(Money::from_cents(1))));
        let request = model.last_request().expect("it was asked");
        match mode {
            OutputMode::Tool => assert_eq!(request.tools[0].name, "structured_output"),
            OutputMode::Native => assert!(matches!(request.output, Output::Schema(_))),
            _ => assert!(request.messages[0].text().contains("\"grams\"")),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_wrong_answer_goes_back_with_what_is_wrong_and_all_answers_are_paid_for() {
    let replies = [call(json!({ "name": "krill", "grams": 700 })), call(json!({ "name": "krill", "grams": 7 }))];
    let model = model("a", OutputMode::Tool, replies);
    let made = client(model.clone()).generate::<Food>("food?").await.expect("the second one is a value");
    assert_eq!((made.value, made.attempts, made.repairs), (food("krill", Some(7)), 2, 1));
    assert_eq!((made.usage, made.cost), (Usage::new(20, 200), Some(Money::from_cents(2))));
    let request = model.last_request().expect("it was asked");
    let roles: Vec<Role> = request.messages.iter().map(|message| message.role).collect();
    // No call without its result.
    assert_eq!(roles, [Role::User, Role::Assistant, Role::Tool]);
    let feedback = match &request.messages[2].parts[0] {
        penguiflow::llm::Part::ToolResult(result) => result.to_text(),
        other => panic!("it is a {}", other.kind()),
    };
    assert!(feedback.contains("failed validation") && feedback.contains("grams"), "{feedback}");
}

#[tokio::test(start_paused = true)]
async fn so_many_answers_go_back_and_the_last_one_is_told() {
    for (repairs, calls) in [(None, 3), (Some(2), 3), (Some(0), 1)] {
        let model = model("a", OutputMode::Native, [text("{\"name\": 7}"), text("no"), text("{\"name\": \"kri")]);
        let asking = client(model.clone()).generate::<Food>("food?");
        let asking = if let Some(repairs) = repairs { asking.with_repairs(repairs) } else { asking };
        let error = asking.await.expect_err("none is a value");
        assert_eq!((error.kind(), model.calls()), (&LlmErrorKind::ContentParse, calls));
        assert_eq!(error.content(), Some(if calls == 1 { "{\"name\": 7}" } else { "{\"name\": \"kri" }));
        assert_eq!(error.model(), Some("test/a"));
        assert!(!error.to_string().contains("kri"), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_refused_or_cut_off_does_not_go_back() {
    for (finish, kind) in [(Finish::Refusal, LlmErrorKind::Refused), (Finish::Length, LlmErrorKind::ContentParse)] {
        let model = model("a", OutputMode::Native, [text("{\"name\": \"kr").with_finish(finish)]);
        let error = client(model.clone()).generate::<Food>("food?").await.expect_err("it is no value");
        assert_eq!((error.kind(), model.calls()), (&kind, 1));
    }
}

#[tokio::test(start_paused = true)]
async fn a_value_has_to_pass_the_check_that_was_given() {
    let replies = [call(json!({ "name": "ice" })), call(json!({ "name": "krill" }))];
    let model = model("a", OutputMode::Tool, replies);
    let check = |food: &Food| {
        if food.name == "ice" { Err(Violations::new().with("name", "is no food")) } else { Ok(()) }
    };
    let made = client(model.clone()).generate::<Food>("food?").with_check(check).await.expect("the second one passes");
    assert_eq!((made.value.name.as_str(), made.repairs), ("krill", 1));
    let asked = format!("{:?}", model.last_request().expect("it was asked").messages);
    assert!(asked.contains("name: is no food"), "{asked}");
}

#[tokio::test(start_paused = true)]
async fn each_model_of_a_chain_is_asked_in_its_own_way_and_read_so() {
    let first = model("first", OutputMode::Native, [limited(None)]);
    let second = model("second", OutputMode::Tool, [call(json!({ "name": "krill" }))]);
    let made = client(first.clone()).or(second).generate::<Food>("food?").await.expect("the second one answers");
    assert_eq!((made.value, made.mode, made.attempts), (food("krill", None), OutputMode::Tool, 2));
    assert!(matches!(first.last_request().expect("it was asked").output, Output::Schema(_)));
}

#[tokio::test(start_paused = true)]
async fn who_stands_in_for_a_repair_sees_what_was_written_and_no_calls() {
    let first = model("first", OutputMode::Tool, [call(json!({ "name": 7 })), limited(None)]);
    let second = model("second", OutputMode::Prompted, [text("{\"name\": \"krill\"}")]);
    let made = client(first).or(second.clone()).generate::<Food>("food?").await.expect("the second one answers");
    assert_eq!((made.value, made.mode, made.attempts, made.repairs), (food("krill", None), OutputMode::Prompted, 3, 1));
    let request = second.last_request().expect("it was asked");
    assert!(request.messages.iter().all(|message| message.tool_calls().next().is_none()));
    assert!(request.messages.iter().any(|message| message.text().contains("\"name\":7")), "{:?}", request.messages);
}

#[tokio::test(start_paused = true)]
async fn a_schema_that_is_refused_is_not_asked_for_again_by_this_client() {
    let replies = [no_schemas(), call(json!({ "name": "krill" })), call(json!({ "name": "fish" }))];
    let model = model("a", OutputMode::Native, replies);
    let client = client(model.clone());
    let start = now();
    let made = client.generate::<Food>("food?").await.expect("by a tool it answers");
    assert_eq!((made.value, made.mode, made.attempts), (food("krill", None), OutputMode::Tool, 2));
    let made = client.generate::<Food>("food?").await.expect("it is known");
    assert_eq!(
        (made.value, made.mode, made.attempts, now() - start),
        (food("fish", None), OutputMode::Tool, 1, secs(0))
    );
    // Who insists on the one way is told that it cannot be gone.
    let error = client.generate::<Food>("food?").with_mode(OutputMode::Native).await.expect_err("it cannot");
    assert_eq!((error.kind(), model.calls()), (&LlmErrorKind::Unsupported, 3));
}

/// tooling:A.2.3
#[tokio::test(start_paused = true)]
async fn what_is_refused_is_asked_for_in_another_way_step_by_step_and_costs_no_retry() {
    let refuses = |words: &str| ScriptedReply::fail(LlmError::new(LlmErrorKind::InvalidRequest { field: None }, words));
    let no_tool = || refuses("tool_choice: a forced tool is not supported by this model");
    let replies = [no_schemas(), no_tool(), no_schemas(), text("{\"name\": \"krill\"}"), text("{\"name\": \"fish\"}")];
    let model = model("a", OutputMode::Native, replies);
    let client = client(model.clone()).with_retry(Retry::none());
    let made = client.generate::<Food>("food?").await.expect("by the prompt alone it answers");
    assert_eq!((made.value, made.mode, made.attempts, made.repairs), (food("krill", None), OutputMode::Prompted, 4, 0));
    let ways: Vec<&str> = model
        .requests()
        .iter()
        .map(|request| match (&request.output, request.tools.len()) {
            (Output::Schema(_), 0) => "schema",
            (Output::Text, 1) => "tool",
            (Output::Json, 0) => "json",
            (Output::Text, 0) => "text",
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(ways, ["schema", "tool", "json", "text"]);
    // It is known from then on.
    let made = client.generate::<Food>("food?").await.expect("it answers at once");
    assert_eq!((made.value, made.attempts, model.calls()), (food("fish", None), 1, 5));
}

#[tokio::test(start_paused = true)]
async fn who_refuses_json_still_holds_to_schemas() {
    let no_json = || {
        let kind = LlmErrorKind::InvalidRequest { field: None };
        ScriptedReply::fail(LlmError::new(kind, "'response_format.type' must be 'json_schema' or 'text'"))
    };
    let replies = [no_json(), text("{\"name\": \"krill\"}"), text("{\"name\": \"fish\"}")];
    let model = model("a", OutputMode::Native, replies);
    let client = client(model.clone());
    let prompted =
        client.generate::<Food>("food?").with_mode(OutputMode::Prompted).await.expect("as a text it answers");
    assert_eq!((prompted.attempts, &model.requests()[1].output), (2, &Output::Text));
    let native = client.generate::<Food>("food?").await.expect("it is held to the schema");
    assert_eq!((native.mode, native.attempts), (OutputMode::Native, 1));
}

/// tooling:2.7 weak
#[tokio::test(start_paused = true)]
async fn an_answer_in_words_where_a_tool_was_to_be_called_goes_back() {
    let model = model("a", OutputMode::Tool, [text("I'd rather chat."), call(json!({ "name": "krill" }))]);
    let made = client(model.clone()).generate::<Food>("food?").await.expect("the second time it calls");
    assert_eq!((made.value, made.repairs), (food("krill", None), 1));
    let asked = model.last_request().expect("it was asked");
    assert!(asked.messages[2].text().contains("Call the tool `structured_output` once"), "{:?}", asked.messages);
}

/// The values as they grew, and the steps.
async fn grown(mut stream: GeneratingStream<Food>) -> (Vec<Value>, Vec<ChatEvent>, GeneratingStream<Food>) {
    let (mut values, mut steps) = (Vec::new(), Vec::new());
    while let Some(step) = stream.next().await {
        steps.push(step.expect("it goes well"));
        if let Some(value) = stream.partial()
            && values.last() != Some(value)
        {
            values.push(value.clone());
        }
    }
    (values, steps, stream)
}

#[tokio::test(start_paused = true)]
async fn a_value_grows_while_it_is_written() {
    let model = model("a", OutputMode::Native, [text("{\"name\": \"krill and fish\", \"grams\": 7}")]);
    let (values, _, stream) = grown(client(model).generate::<Food>("food?").stream()).await;
    assert_eq!(values[0], json!({}));
    let names: Vec<&str> = values.iter().filter_map(|value| value["name"].as_str()).collect();
    assert_eq!(names, ["krill ", "krill and ", "krill and fish", "krill and fish"]);
    assert_eq!(values.last(), Some(&json!({ "name": "krill and fish", "grams": 7 })));
    assert_eq!(stream.read(), Some(food("krill and fish", Some(7))));
    assert_eq!(stream.finish().await.expect("it is one").value, food("krill and fish", Some(7)));
}

#[tokio::test(start_paused = true)]
async fn a_streamed_value_goes_back_only_if_that_was_asked_for_and_then_it_begins_anew() {
    let replies = || [text("{\"name\": 7}"), text("{\"name\": \"krill\"}")];
    let failed = client(model("a", OutputMode::Native, replies())).generate::<Food>("food?").stream().finish().await;
    assert_eq!(failed.expect_err("it is no value").kind(), &LlmErrorKind::ContentParse);
    let asking = client(model("a", OutputMode::Native, replies())).generate::<Food>("food?").with_repairs(1);
    let (values, steps, stream) = grown(asking.stream()).await;
    assert_eq!(values.last(), Some(&json!({ "name": "krill" })));
    assert_eq!(steps.iter().filter(|step| matches!(step, ChatEvent::Restart)).count(), 1);
    assert_eq!(steps.iter().filter(|step| matches!(step, ChatEvent::End(_))).count(), 1);
    assert_eq!(stream.finish().await.expect("it is one").repairs, 1);
}

#[tokio::test(start_paused = true)]
async fn the_time_of_a_value_is_that_of_all_its_answers() {
    let slow = || text("one word each ten seconds").with_pace(secs(10));
    let model = model("a", OutputMode::Native, [slow(), slow(), slow()]);
    let start = now();
    let error = client(model).generate::<Food>("food?").with_timeout(secs(25)).await.expect_err("it takes too long");
    assert_eq!((error.kind(), now() - start), (&LlmErrorKind::Timeout(Patience::Total), secs(25)));
}

#[tokio::test(start_paused = true)]
async fn a_request_that_leaves_no_way_is_refused_before_anything_is_asked() {
    let model = model("a", OutputMode::Tool, [call(json!({ "name": "krill" }))]);
    let request = ChatRequest::from("food?").with_output(Output::Json);
    let error = client(model.clone()).generate::<Food>(request).await.expect_err("the type says the form");
    assert_eq!((error.kind().code(), error.is_free(), model.calls()), ("invalid_request", true, 0));
}

#[tokio::test(start_paused = true)]
async fn a_failure_of_the_call_is_that_of_the_value() {
    let model = model("a", OutputMode::Tool, [fail(LlmErrorKind::Auth)]);
    let client: LlmClient = client(model.clone());
    assert_eq!(client.generate::<Food>("food?").await.expect_err("it fails").kind(), &LlmErrorKind::Auth);
    assert_eq!(model.calls(), 1);
}
