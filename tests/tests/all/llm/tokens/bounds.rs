//! What a whole request has at most, and about.

use penguiflow::llm::{
    Audio, ChatMessage, ChatRequest, Image, ModelInfo, Output, OutputSpec, Part, Profile, Reasoning, Role, Signature,
    ToolCall, ToolResult, ToolSpec, count_tokens, estimate_request, estimate_usage, tokens_at_most,
};
use proptest::prelude::*;
use serde_json::json;

fn model(provider: &str, name: &str, image_tokens: Option<u64>) -> ModelInfo {
    let mut profile = Profile::default();
    profile.image_tokens = image_tokens;
    ModelInfo::new(provider, name).with_profile(profile)
}

fn claude() -> ModelInfo {
    model("anthropic", "claude-opus-5-5", None)
}

fn most(request: &ChatRequest) -> u64 {
    tokens_at_most(&claude(), request).expect("it can be told")
}

/// What OpenAI's cookbook says of its own: three for each message, its role and its words, and three for the answer.
fn told(request: &ChatRequest, name: &str) -> u64 {
    let message = |message: &ChatMessage| 4 + count_tokens("openai", name, &message.text()).count;
    3 + request.messages.iter().map(message).sum::<u64>()
}

fn conversation() -> impl Strategy<Value = ChatRequest> {
    let text = prop_oneof![".{0,120}", "[a-z ]{0,200}", "\\PC{0,60}", "[0-9.,;{}\"\\n ]{0,80}"];
    let message = (0..3_usize, prop::collection::vec(text, 0..4)).prop_map(|(role, texts)| {
        let role = [Role::System, Role::User, Role::Assistant][role];
        ChatMessage::new(role, texts.into_iter().map(Part::text).collect())
    });
    prop::collection::vec(message, 0..6).prop_map(ChatRequest::new)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn no_tokenizer_counts_more_than_the_bound(request in conversation()) {
        for name in ["gpt-4o", "gpt-4"] {
            let counted = told(&request, name);
            prop_assert!(most(&request) >= counted, "without its tokenizer");
            let own = tokens_at_most(&model("openai", name, None), &request).expect("it can be told");
            prop_assert!(own >= counted, "{own} for {counted} with its own");
        }
    }
}

#[test]
fn a_bound_is_tight_where_the_tokenizer_is_built_in() {
    let story = "Emperor penguins walk for weeks across the ice to reach the place where they breed. ".repeat(50);
    let request = ChatRequest::new([ChatMessage::system("Sum it up."), ChatMessage::user(story.as_str())]);
    let counted = told(&request, "gpt-4o");
    let own = tokens_at_most(&model("openai", "gpt-4o", None), &request).expect("it can be told");
    assert!(own - counted < 128, "{own} for {counted}");
    assert!(most(&request) > story.len() as u64, "and as many as bytes where it is not");
}

#[test]
fn what_is_beside_the_words_counts() {
    let plain = ChatRequest::from("Will it snow?");
    let base = most(&plain);
    let tool = ToolSpec::new(
        "weather",
        "Tells the weather.",
        json!({"type": "object", "properties": {"city": {"type": "string"}}}),
    );
    let schema = tool.schema.clone();
    let written = schema.to_string().len() as u64;
    let with_tool = most(&plain.clone().with_tool(tool));
    assert!(with_tool >= base + written + 7 + 18 + 1_024, "{with_tool}");
    let held = most(&plain.clone().with_output(Output::Schema(OutputSpec::new("answer", schema))));
    assert!(held >= base + written + 6 + 512, "{held}");
    let extra = most(&plain.clone().with_extra("service_tier", "flex"));
    assert_eq!(extra, base + r#"{"service_tier":"flex"}"#.len() as u64);
    let call = ToolCall::new("c1", "weather", r#"{"city":"Oslo"}"#);
    let asked = ChatMessage::new(Role::Assistant, vec![Part::ToolCall(call.clone())]);
    let given = ChatMessage::tool(ToolResult::text(&call, "It snows."));
    let turns = most(&plain.clone().with(asked).with(given));
    assert!(turns >= base + 15 + 9 + 2 * (2 + 7) + 2 * (16 + 16), "{turns}");
    let signature = Some(Signature::new("anthropic", json!("c2lnbmVk")));
    let thought = Part::Reasoning(Reasoning { text: "Hm.".to_owned(), signature });
    let thoughts = most(&plain.with(ChatMessage::new(Role::Assistant, vec![thought])));
    assert_eq!(thoughts, base + 16 + 8 + 3 + 10);
}

#[test]
fn a_picture_has_as_many_as_its_model_says_and_a_sound_cannot_be_told() {
    let scan = Image::bytes("image/png", vec![0; 100_000]);
    let request = ChatRequest::new([ChatMessage::user("What is on it?").with(scan.clone())]);
    assert_eq!(tokens_at_most(&claude(), &request), None);
    let seeing = model("anthropic", "claude-opus-5-5", Some(4_800));
    let known = tokens_at_most(&seeing, &request).expect("its pictures are known");
    assert!((4_800..5_000).contains(&known), "{known}: its bytes do not count");
    let result = ToolResult::text(&ToolCall::new("c1", "look", "{}"), "this").with(scan);
    let shown = ChatRequest::new([ChatMessage::tool(result)]);
    assert_eq!(tokens_at_most(&claude(), &shown), None, "a picture in a result is one, too");
    assert!(tokens_at_most(&seeing, &shown).is_some());
    let heard = ChatRequest::new([ChatMessage::user("Who is it?").with(Audio::bytes("audio/wav", vec![0; 50_000]))]);
    assert_eq!(tokens_at_most(&seeing, &heard), None);
    let profile = Profile::default();
    assert!(estimate_request(&request, &profile) > 1_000 && estimate_request(&heard, &profile) > 200);
}

#[test]
fn what_a_provider_does_not_tell_is_estimated_and_says_so() {
    let request =
        ChatRequest::new([ChatMessage::system("Answer in one word."), ChatMessage::user("What do penguins eat?")]);
    let usage = estimate_usage(&request, "Fish.", &Profile::default());
    assert!(usage.estimated);
    assert!((15..35).contains(&usage.input) && (1..4).contains(&usage.output), "{usage:?}");
    assert_eq!((usage.cached, usage.cache_written, usage.reasoning), (0, 0, 0));
    assert!(estimate_request(&request, &Profile::default()) < most(&request));
    assert_eq!(estimate_usage(&request, "", &Profile::default()).output, 0);
}
