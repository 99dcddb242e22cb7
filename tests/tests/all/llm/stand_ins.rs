//! Models that need no network: scripts, echoes, faults, and the one that looks sentences up.

use crate::kit::{ms_since, now, secs};
use futures_util::StreamExt as _;
use penguiflow::clock::{Seam, millis};
use penguiflow::llm::{
    Assembly, Call, ChatEvent, ChatMessage, ChatRequest, Delivery, EchoModel, End, ExtractModel, Faulty, Finish, Image,
    LlmError, LlmErrorKind, Model, ModelFault, ModelInfo, Output, OutputSpec, Part, Reasoning, ScriptedModel,
    ScriptedReply, Signature, Text, ToolCall, ToolChoice, ToolResult, Usage,
};
use serde_json::json;
use std::sync::Arc;
use tokio::time::timeout;

type Steps = Vec<Result<ChatEvent, LlmError>>;

async fn ask_as(model: &impl Model, request: ChatRequest, delivery: Delivery) -> Steps {
    model.stream(Arc::new(request), Call::new(Seam::seeded(7)).with_delivery(delivery)).collect().await
}

async fn ask(model: &impl Model, request: impl Into<ChatRequest>) -> Steps {
    ask_as(model, request.into(), Delivery::Streamed).await
}

fn text(steps: &Steps) -> String {
    steps.iter().flatten().filter_map(ChatEvent::as_text).collect()
}

fn end(steps: &Steps) -> &End {
    match steps.last() {
        Some(Ok(ChatEvent::End(end))) => end,
        other => panic!("no end: {other:?}"),
    }
}

#[track_caller]
fn error(steps: &Steps) -> &LlmError {
    match steps.last() {
        Some(Err(error)) => error,
        other => panic!("no error: {other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_script_is_answered_once_each_and_then_is_an_error_and_no_repeat() {
    let model = ScriptedModel::new(["one", "two"]);
    assert_eq!(text(&ask(&model, "a").await), "one");
    // A clone goes on where the other one is.
    assert_eq!(text(&ask(&model.clone(), "b").await), "two");
    let third = ask(&model, "c").await;
    assert_eq!(third.len(), 1);
    assert_eq!(
        error(&third).to_string(),
        "offline/scripted: invalid request: the script has 2 answers, and this is call 3"
    );
    assert!(!error(&third).is_transient());
    assert_eq!((model.calls(), model.left()), (3, 0));
}

#[test]
fn a_script_that_is_shared_by_threads_gives_each_answer_once() {
    let model = ScriptedModel::new((0..400).map(|number: u32| number.to_string()));
    let ask_all = || {
        let one = || text(&futures_util::FutureExt::now_or_never(ask(&model, "x")).expect("it goes well"));
        (0..100).map(|_| one()).collect::<Vec<String>>()
    };
    let mut all: Vec<u32> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(ask_all)).collect();
        threads
            .into_iter()
            .flat_map(|thread| thread.join().expect("it goes well"))
            .map(|text| text.parse().expect("it goes well"))
            .collect()
    });
    all.sort_unstable();
    assert_eq!(all, (0..400).collect::<Vec<u32>>());
    assert_eq!((model.calls(), model.requests().len()), (400, 400));
}

#[tokio::test(start_paused = true)]
async fn the_last_answer_is_repeated_where_that_is_wanted() {
    let limited = LlmErrorKind::RateLimited { retry_after: Some(secs(2)) };
    let failed = LlmError::new(limited.clone(), "slow down").with_status(429).with_source("the cause".to_owned());
    let model = ScriptedModel::new([ScriptedReply::from("one"), failed.into()]).repeating_last();
    assert_eq!(text(&ask(&model, "a").await), "one");
    for _ in 0..3 {
        let steps = ask(&model, "b").await;
        let error = error(&steps);
        assert_eq!((error.kind(), error.status(), error.message()), (&limited, Some(429), "slow down"));
        assert_eq!(std::error::Error::source(error).map(ToString::to_string).as_deref(), Some("the cause"));
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_comes_in_pieces_or_whole_and_is_the_same_message() {
    let message = ChatMessage::new(
        penguiflow::llm::Role::Assistant,
        vec![
            Part::Reasoning(Reasoning {
                text: "They want  weather.".to_owned(),
                signature: Some(Signature::new("anthropic", json!("sig"))),
            }),
            Part::Text(Text { text: "Let me see.\n".to_owned(), signature: None }),
            Part::ToolCall(ToolCall::new("a1", "weather", json!({ "city": "Ny-Ålesund", "unit": "°C" }).to_string())),
        ],
    );
    let whole_of = |steps: &Steps| {
        let mut answer = Assembly::default();
        steps.iter().flatten().for_each(|step| answer.push(step));
        answer.into_message()
    };
    let model = ScriptedModel::new([ScriptedReply::from(message.clone())]).repeating_last();
    let streamed = ask(&model, "weather?").await;
    let whole = ask_as(&model, "weather?".into(), Delivery::Whole).await;
    assert_eq!(whole_of(&streamed), message);
    assert_eq!(whole_of(&whole), message);
    assert!(streamed.len() > whole.len() + 5, "{} and {} steps", streamed.len(), whole.len());
    assert_eq!(whole.len(), 6, "thought, its signature, text, call, arguments, end: {whole:?}");
    assert_eq!(end(&streamed).finish, Finish::ToolCalls);
}

#[tokio::test(start_paused = true)]
async fn waits_are_those_of_the_calls_clock() {
    let reply = ScriptedReply::wait(secs(3)).with("a b ").then_wait(secs(10)).with("c").with_pace(millis(5));
    let start = now();
    let steps = ask(&ScriptedModel::new([reply]), "go").await;
    assert_eq!(text(&steps), "a b c");
    assert_eq!(ms_since(start), 13_015);
}

#[tokio::test(start_paused = true)]
async fn usage_is_an_estimate_unless_it_is_given() {
    let reply = ScriptedReply::from("12345678")
        .with_usage(Usage::new(100, 7).with_cached(40, 0))
        .with_finish(Finish::Length)
        .with_model("gpt-4o-2024-08-06")
        .with_id("resp_1");
    let model = ScriptedModel::new([ScriptedReply::from("12345678"), reply]);
    let guessed = ask(&model, "123456789").await;
    assert_eq!(end(&guessed).usage, Some(Usage::new(3, 2).as_estimate()));
    let given = ask(&model, "123456789").await;
    let End { finish, usage, model, id, .. } = end(&given);
    assert_eq!((finish, usage), (&Finish::Length, &Some(Usage::new(100, 7).with_cached(40, 0))));
    assert_eq!((model.as_deref(), id.as_deref()), (Some("gpt-4o-2024-08-06"), Some("resp_1")));
}

#[tokio::test(start_paused = true)]
async fn raw_steps_come_as_they_are_also_without_an_end() {
    let raw = [ChatEvent::Arguments { part: 9, json: "{".to_owned() }, ChatEvent::Restart];
    let steps = ask(&ScriptedModel::new([ScriptedReply::events(raw.clone())]), "go").await;
    assert_eq!(steps.into_iter().map(Result::unwrap).collect::<Vec<_>>(), raw);
    assert_eq!(ask(&ScriptedModel::new([ScriptedReply::events([])]), "go").await.len(), 0);
}

#[tokio::test(start_paused = true)]
async fn an_answer_may_break_in_the_middle() {
    let broken = LlmError::new(LlmErrorKind::Transport, "connection reset");
    let reply = ScriptedReply::from("Krill and").then_fail(broken).with("fish");
    let steps = ask(&ScriptedModel::new([reply]), "go").await;
    assert_eq!((steps.len(), text(&steps).as_str()), (3, "Krill and"));
    assert_eq!(error(&steps).to_string(), "offline/scripted: the connection failed: connection reset");
}

#[tokio::test(start_paused = true)]
async fn a_picture_is_nothing_that_a_model_says() {
    let steps = ask(&ScriptedModel::new([Part::from(Image::url("https://example.org/a.png"))]), "draw").await;
    assert!(error(&steps).message().contains("a part `image`"), "{}", error(&steps));
}

#[tokio::test(start_paused = true)]
async fn a_function_answers_by_what_it_is_asked() {
    let model = ScriptedModel::answering(|request: &ChatRequest| format!("{} messages", request.messages.len()));
    let longer = ChatRequest::from("a").with(ChatMessage::assistant("b")).with(ChatMessage::user("c"));
    assert_eq!(text(&ask(&model, "a").await), "1 messages");
    assert_eq!(text(&ask(&model, longer).await), "3 messages");
    assert_eq!(model.calls(), 2);
}

#[tokio::test(start_paused = true)]
async fn it_remembers_what_it_was_asked_in_every_part_of_a_message() {
    let model = ScriptedModel::new(["a"]).repeating_last();
    let call = ToolCall::new("1", "weather", r#"{"city":"Oslo"}"#);
    let conversation = ChatRequest::new([
        ChatMessage::system("Be kind."),
        ChatMessage::assistant(call.clone()),
        ChatMessage::tool(ToolResult::text(&call, "sleet")),
    ]);
    let _ = ask(&model, conversation.clone()).await;
    ["Be kind", r#"weather({"city":"Oslo"})"#, "sleet"].iter().for_each(|words| model.assert_asked(words));
    model.assert_not_asked("snow");
    model.assert_calls(1);
    assert_eq!(*model.last_request().expect("it goes well"), conversation);
    let printed = model.to_string();
    assert!(printed.contains("call 1\n    System: Be kind.\n"), "{printed}");
}

#[test]
fn what_asserts_fails_where_it_does_not_hold_and_shows_what_was_asked() {
    let fails = |check: fn(&ScriptedModel)| {
        let model = ScriptedModel::new(["a"]);
        let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| check(&model)));
        *caught.expect_err("it fails").downcast::<String>().expect("it goes well")
    };
    assert_eq!(fails(|model| model.assert_asked("x")), "offline/scripted was not asked `x`:\n  it was not called");
    assert!(fails(|model| model.assert_calls(2)).contains("called 2 times, and was 0 times"));
    assert!(fails(ScriptedModel::assert_used_up).contains("1 answers that nobody asked for"));
    let asked = std::panic::catch_unwind(|| {
        let model = ScriptedModel::new(["a"]);
        futures_util::FutureExt::now_or_never(ask(&model, "krill")).expect("it goes well");
        model.assert_not_asked("krill");
    });
    assert!(
        asked.expect_err("it fails").downcast::<String>().expect("it goes well").contains("call 1\n    User: krill")
    );
}

#[tokio::test(start_paused = true)]
async fn nothing_is_asked_before_the_stream_is_polled() {
    let (script, faulty) = (ScriptedModel::new(["a"]), Faulty::new(EchoModel::default()));
    drop(script.stream(Arc::new("a".into()), Call::new(Seam::seeded(1))));
    drop(faulty.stream(Arc::new("a".into()), Call::new(Seam::seeded(1))));
    assert_eq!((script.calls(), script.left(), faulty.calls()), (0, 1, 0));
}

#[tokio::test(start_paused = true)]
async fn an_echo_says_what_the_user_said_last() {
    let request = ChatRequest::new([ChatMessage::user("a"), ChatMessage::user("b c"), ChatMessage::assistant("d")]);
    assert_eq!(text(&ask(&EchoModel::default(), request).await), "b c");
    let nobody = ask(&EchoModel::default(), ChatRequest::new([ChatMessage::system("x")])).await;
    assert_eq!(error(&nobody).kind(), &LlmErrorKind::InvalidRequest { field: Some("messages".to_owned()) });
    let named = EchoModel::default().with_info(ModelInfo::new("acme", "echo-1"));
    assert_eq!(named.info().to_string(), "acme/echo-1");
}

fn failures(all: &[Steps]) -> Vec<usize> {
    (1..).zip(all).filter(|(_, steps)| steps.iter().any(Result::is_err)).map(|(call, _)| call).collect()
}

async fn calls(model: &impl Model, count: usize) -> Vec<Steps> {
    let mut all = Vec::new();
    for _ in 0..count {
        all.push(ask(model, "krill and fish").await);
    }
    all
}

#[tokio::test(start_paused = true)]
async fn the_calls_that_are_named_fail_and_no_others() {
    let model = Faulty::new(EchoModel::default())
        .fail_call(2, ModelFault::overloaded(secs(9)))
        .fail_each(3, ModelFault::error(LlmErrorKind::Transport))
        .fail_each(0, ModelFault::error(LlmErrorKind::Auth));
    let all = calls(&model, 7).await;
    assert_eq!(failures(&all), [2, 3, 6]);
    assert_eq!(error(&all[1]).kind().retry_after(), Some(secs(9)));
    assert_eq!(error(&all[2]).to_string(), "offline/echo: the connection failed: simulated failure of call 3");
    assert_eq!(model.calls(), 7);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_fails_at_once_does_not_reach_the_model_and_one_that_breaks_does() {
    let inner = ScriptedModel::new(["a b c"]).repeating_last();
    let model = Faulty::new(inner.clone())
        .fail_call(1, ModelFault::error(LlmErrorKind::Transport))
        .fail_call(2, ModelFault::error(LlmErrorKind::Transport).after(2));
    assert_eq!(ask(&model, "x").await.len(), 1);
    assert_eq!(inner.calls(), 0);
    let broken = ask(&model, "x").await;
    assert_eq!((broken.len(), text(&broken).as_str()), (3, "a b "));
    assert_eq!(inner.calls(), 1);
    assert_eq!(text(&ask(&model, "x").await), "a b c");
}

#[tokio::test(start_paused = true)]
async fn chance_is_the_seams_so_the_same_seed_fails_the_same_calls() {
    let run = async |seed: u64| {
        let model = Faulty::new(EchoModel::default()).fail_at_random(0.3, ModelFault::error(LlmErrorKind::Transport));
        let seam = Seam::seeded(seed);
        let mut all = Vec::new();
        for _ in 0..200 {
            all.push(model.stream(Arc::new("a".into()), Call::new(seam.clone())).collect().await);
        }
        failures(&all)
    };
    let failed = run(1).await;
    assert!((40..80).contains(&failed.len()), "{} of 200", failed.len());
    assert_eq!(run(1).await, failed);
    assert_ne!(run(2).await, failed);
}

#[tokio::test(start_paused = true)]
async fn a_stalled_call_tells_nothing_more_and_a_slow_one_takes_its_time() {
    let model = Faulty::new(EchoModel::default())
        .fail_call(1, ModelFault::stall().after(1))
        .fail_call(2, ModelFault::slow(secs(2)));
    let mut stalled = model.stream(Arc::new("a b".into()), Call::new(Seam::seeded(1)));
    assert!(stalled.next().await.is_some_and(|step| step.is_ok()));
    assert!(timeout(secs(86_400), stalled.next()).await.is_err());
    let start = now();
    let slow = ask(&model, "a b").await;
    assert_eq!((text(&slow).as_str(), slow.len(), ms_since(start)), ("a b", 3, 6_000));
}

const NOTE: &str = "[extractive stand-in, no language model]";

fn conversation() -> ChatRequest {
    let call = ToolCall::new("1", "search", "{}");
    ChatRequest::new([
        ChatMessage::system("You help visitors of the zoo. Answer briefly."),
        ChatMessage::user("The zoo opens at 9:30 and closes at 18:00. Emperor penguins eat fish, krill and squid."),
        ChatMessage::assistant("Emperor penguins eat pizza."),
        ChatMessage::tool(ToolResult::text(&call, "An emperor penguin weighs 22 to 45 kg. Tickets cost 12 euros.")),
    ])
}

#[tokio::test(start_paused = true)]
async fn an_extract_quotes_what_fits_best_and_says_what_it_is() {
    let model = ExtractModel::default();
    assert_eq!((model.info().provider.as_str(), model.info().name.as_str()), ("offline", "extract"));
    for (question, answer) in [
        ("When does the zoo open?", "The zoo opens at 9:30 and closes at 18:00."),
        ("What do emperor penguins eat?", "Emperor penguins eat fish, krill and squid."),
        ("How much do the tickets cost?", "Tickets cost 12 euros."),
    ] {
        let steps = ask(&model, conversation().with(ChatMessage::user(question))).await;
        assert_eq!(text(&steps), format!("{NOTE} {answer}"));
        assert_eq!(end(&steps).finish, Finish::Stop);
        assert!(end(&steps).usage.is_some_and(|usage| usage.estimated));
    }
}

#[tokio::test(start_paused = true)]
async fn an_extract_refuses_where_nothing_fits() {
    let steps = ask(&ExtractModel::default(), conversation().with(ChatMessage::user("Who wrote Faust?"))).await;
    assert_eq!(text(&steps), format!("{NOTE} Nothing in the conversation answers that."));
    assert_eq!(end(&steps).finish, Finish::Refusal);
    let nobody = ask(&ExtractModel::default(), ChatRequest::default()).await;
    assert_eq!(text(&nobody), format!("{NOTE} Nobody asks anything."));
}

#[tokio::test(start_paused = true)]
async fn an_extract_finds_its_question_behind_the_context_of_the_same_message() {
    let prompt = "Context:\nKrill are small crustaceans.\nPenguins cannot fly.\n\nQuestion: What are krill?";
    let steps = ask(&ExtractModel::default(), prompt).await;
    assert_eq!(text(&steps), format!("{NOTE} Krill are small crustaceans."));
}

#[tokio::test(start_paused = true)]
async fn an_extract_makes_up_no_values() {
    let schema = Output::Schema(OutputSpec::new("Weight", json!({ "type": "object" })));
    let forced = [
        ChatRequest::from("Krill?").with_output(schema),
        ChatRequest::from("Krill?").with_output(Output::Json),
        ChatRequest::from("Krill?").with_tool_choice(ToolChoice::Required),
        ChatRequest::from("Krill?").with_tool_choice(ToolChoice::Named("weigh".to_owned())),
    ];
    for request in forced {
        let steps = ask(&ExtractModel::default(), request).await;
        assert_eq!(steps.len(), 1);
        assert_eq!(error(&steps).kind(), &LlmErrorKind::Unsupported);
        let told = error(&steps).to_string();
        assert!(told.contains("makes up no values: give the client a model of a provider"), "{told}");
    }
}
