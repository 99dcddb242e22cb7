//! How events are written down.

use super::Heard;
use crate::kit::{App, Oops};
use penguiflow::prelude::*;
use serde_json::{Value, json};

#[node]
fn fails(n: u64) -> Result<u64, Oops> {
    Err(Oops(n as u32))
}
flow! { failing(u64) -> u64 { fails } }

async fn heard() -> Heard {
    let (state, _) = App::new();
    let (app, heard) = (failing::flow().with_state(state).start().expect("starts"), Heard::default());
    let _observation = app.observe_in_line(heard.clone());
    let message = Message::new(7).with_tenant("acme").with_topic("krill");
    app.call(message).await.expect_err("fails");
    heard
}

/// core:AC-18.1
#[tokio::test(start_paused = true)]
async fn a_payload_has_the_common_keys_and_those_of_its_event() {
    let heard = heard().await;
    let id = heard.events()[0].trace_id.to_string();
    let emit = heard.of("emit")[0].to_payload();
    assert!(emit["ts"].as_f64().is_some_and(|ts| ts > 0.0));
    let rest = |mut payload: Value| {
        payload["ts"].take();
        payload
    };
    assert_eq!(
        rest(emit),
        json!({
            "ts": null, "event": "emit", "flow": "failing", "trace_id": id, "node_name": null, "node_id": null,
            "path": "failing", "attempt": 0, "latency_ms": null, "deadline_s": null,
            "headers": { "tenant": "acme", "topic": "krill" },
        })
    );
    let failed = &heard.of("node_failed")[0];
    let payload = rest(failed.to_payload());
    assert_eq!(
        (&payload["node_name"], &payload["node_id"], &payload["attempt"]),
        (&json!("fails"), &json!("0"), &json!(1))
    );
    assert_eq!((&payload["code"], &payload["exception"]), (&json!("NODE_EXCEPTION"), &json!("oops 7")));
    assert_eq!(payload["flow_error"]["metadata"]["attempts"], json!(1));
    assert_eq!(serde_json::to_value(failed).expect("is JSON")["event"], json!("node_failed"));
}

/// core:AC-18.1, core:AC-18.3
#[tokio::test(start_paused = true)]
async fn samples_and_tags_are_the_scalars_of_the_payload() {
    let heard = heard().await;
    let failed = &heard.of("node_failed")[0];
    let samples = failed.metric_samples();
    let sample = |key: &str| samples.iter().find(|(name, _)| name == key).map(|(_, value)| *value);
    assert_eq!((sample("attempt"), sample("latency_ms"), sample("ts")), (Some(1.0), Some(0.0), None));
    let tags = failed.tag_values();
    let tag = |key: &str| tags.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str());
    assert_eq!((tag("event"), tag("node_name")), (Some("node_failed"), Some("fails")));
    assert_eq!((tag("flow_error_code"), tag("flow_error_metadata_attempt")), (Some("NODE_EXCEPTION"), None));
}

#[tokio::test(start_paused = true)]
async fn levels_tell_failures_from_what_happens_always() {
    let heard = heard().await;
    let level = |name: &str| heard.of(name)[0].level();
    assert_eq!((level("node_start"), level("emit")), (tracing::Level::DEBUG, tracing::Level::INFO));
    assert_eq!((level("node_failed"), level("ending")), (tracing::Level::ERROR, tracing::Level::ERROR));
}
