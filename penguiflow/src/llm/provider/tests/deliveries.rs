//! How answers come where a model or its server does not stream.

use super::{Desk, named};
use crate::clock::Seam;
use crate::llm::chat::event::ChatEvent;
use crate::llm::chat::request::ChatRequest;
use crate::llm::model::{Call, Model as _};
use crate::llm::profile::Profile;
use crate::llm::provider::Provider;
use futures_util::future::FutureExt as _;
use futures_util::stream::StreamExt as _;
use serde_json::Value;
use std::sync::Arc;

const WHOLE: &str = r#"{"choices": [{"message": {"reasoning": "Hm.", "content": "Krill."}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 3, "completion_tokens": 2}}"#;

/// What is sent where a stream is asked for, and what is heard.
fn streamed(provider: Provider) -> (Value, Vec<ChatEvent>) {
    let desk = Desk::giving(&[(200, WHOLE)]);
    let model = provider.with_transport(desk.clone()).model("m").expect("is a model");
    let answer = model.stream(Arc::new(ChatRequest::from("food?")), Call::new(Seam::seeded(1)));
    let heard: Vec<_> = answer.collect().now_or_never().expect("nothing is waited for");
    let sent = desk.sent().pop().expect("something was sent");
    let heard = heard.into_iter().collect::<Result<_, _>>().expect("it answers");
    (serde_json::from_slice(&sent.body).expect("is JSON"), heard)
}

/// tooling:A.2.6
#[test]
fn a_model_that_does_not_stream_is_asked_for_all_at_once_and_told_in_steps() {
    let (sent, heard) = streamed(named("vllm").with_profile(Profile { streaming: false, ..Profile::default() }));
    assert_eq!((&sent["stream"], &sent["stream_options"]), (&Value::Null, &Value::Null));
    let [ChatEvent::Reasoning { text: thought, .. }, ChatEvent::Text { text, .. }, ChatEvent::End(end)] =
        heard.as_slice()
    else {
        panic!("{heard:?}")
    };
    assert_eq!((thought.as_str(), text.as_str()), ("Hm.", "Krill."));
    assert_eq!(end.usage.map(|usage| (usage.input, usage.output)), Some((3, 2)));
}
