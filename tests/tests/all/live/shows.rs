//! How a snapshot is written down and drawn.

use super::step;
use crate::kit::{Oops, nap, settle};
use penguiflow::prelude::*;
use penguiflow::{Heat, Live};
use serde_json::{Value, json};

#[node]
async fn work(ms: u64) -> Result<u64, Oops> {
    nap(ms).await;
    if ms == 13 { Err(Oops(13)) } else { Ok(ms) }
}
#[node]
fn start(ms: u64) -> u64 {
    ms
}
#[node(retries = 1, backoff = "1ms", jitter = none)]
async fn shaky(ms: u64, ctx: &Ctx) -> Result<u64, Oops> {
    if ctx.attempt() == 1 { Err(Oops(1)) } else { Ok(ms) }
}
#[node(concurrency = 1)]
async fn narrow(ms: u64) -> u64 {
    nap(ms).await;
    ms
}
flow! { inner(u64) -> u64 { work } }
flow! { shown(u64) -> u64 { start -> inner } }
flow! { warm(u64) -> u64 { shaky -> narrow } }

#[tokio::test(start_paused = true)]
async fn a_snapshot_is_json_with_its_units_in_its_names() {
    let app = shown::flow().start().expect("starts");
    let live = Live::of(&app);
    app.call(20).await.expect("completes");
    app.call(13).await.expect_err("fails");
    let now = serde_json::to_value(live.snapshot()).expect("is JSON");
    assert!(now["at_s"].as_f64().is_some_and(|at| at > 0.0));
    assert_eq!((&now["flow"], &now["window_s"]), (&json!("shown"), &json!(1.0)));
    assert_eq!(now["traces"]["ended"], json!({ "COMPLETED": 1, "NODE_EXCEPTION": 1 }));
    let work = now["steps"].as_array().and_then(|steps| steps.iter().find(|step| step["name"] == "work"));
    let mut work = work.expect("is a step").clone();
    let at_most = work["latency"]["at_most"].take();
    assert_eq!(at_most[2], json!([25.0, 1]));
    assert_eq!(
        work,
        json!({
            "name": "work", "flow": "inner", "index": 1, "above": 2, "runs_flow": false, "place": "1/0",
            "path": "shown › inner › work", "in_flight": 0, "waiting": 0, "attempts": 2, "completed": 1, "errors": 1,
            "timeouts": 0, "panics": 0, "cancelled": 0, "retries": 0, "failures": 1, "dropped": 0, "per_second": 1.0,
            "latency": {
                "count": 1, "total_ms": 20.0, "mean_ms": 20.0, "p50_ms": 20.0, "p95_ms": 20.0, "p99_ms": 20.0,
                "max_ms": 20.0, "at_most": null,
            },
            "cost": { "tokens": 0, "usd": "$0.00" }, "queue": null, "heat": "hot",
        })
    );
    assert_eq!(now["edges"][0], json!({ "from": 3, "to": 4, "label": null, "passed": null, "per_second": null }));
    let total: Vec<&Value> = now["edges"].as_array().expect("a list").iter().map(|edge| &edge["passed"]).collect();
    assert_eq!(total, [&Value::Null, &json!(1), &json!(2), &json!(2), &Value::Null]);
}

#[tokio::test(start_paused = true)]
async fn a_drawing_has_the_figures_and_the_colours_and_a_sub_flow_has_one_of_its_own() {
    let app = shown::flow().start().expect("starts");
    let live = Live::of(&app);
    let idle = live.snapshot().drawing().mermaid();
    assert!(idle.contains(r#"n1["start"]"#) && idle.contains("class n1,n2 idle"), "{idle}");
    app.call(20).await.expect("completes");
    app.call(13).await.expect_err("fails");
    let running = app.emit(40).await.expect("is let in");
    settle().await;
    let now = live.snapshot();
    let text = now.drawing().without_types().mermaid();
    for line in [
        r#"n1["start<br/>3 done, 3.0/s<br/>p50 0, p95 0, p99 0"]"#,
        r#"n2[["inner<br/>1 running<br/>1 done, 1.0/s<br/>1 errors, 1 failed"]]"#,
        r#"n0(["u64<br/>3 in"])"#,
        r#"n3(["u64<br/>1 out"])"#,
        r#"n1 -->|"3, 3.0/s"| n2"#,
        "n2 --> n3",
        "class n1 calm",
        "class n2 hot",
    ] {
        assert!(text.lines().any(|written| written.trim() == line), "{line}\n{text}");
    }
    let at = now.steps.iter().position(|step| step.name == "inner").expect("is a step");
    let inside = now.drawing_of(at).expect("runs a flow").without_types().mermaid();
    let line = r#"n1["work<br/>1 running<br/>1 done, 1.0/s<br/>p50 20ms, p95 20ms, p99 20ms<br/>1 errors, 1 failed"]"#;
    assert!(inside.lines().any(|written| written.trim() == line), "{inside}");
    assert!(inside.contains("class n1 hot") && now.drawing().dot().contains("class=hot"), "{inside}");
    assert!(now.drawing_of(0).is_none() && now.drawing_of(99).is_none());
    running.result().await;
    // The colour forgets.
    nap(20_000).await;
    assert_eq!(step(&live.snapshot(), "work").heat, Heat::Idle);
}

#[tokio::test(start_paused = true)]
async fn errors_and_crowds_are_warm() {
    let app = warm::flow().start().expect("starts");
    let live = Live::of(&app);
    let running = [
        app.emit(50).await.expect("is let in"),
        app.emit(50).await.expect("is let in"),
        app.emit(50).await.expect("is let in"),
    ];
    nap(10).await;
    let now = live.snapshot();
    assert_eq!((step(&now, "shaky").heat, step(&now, "narrow").heat), (Heat::Warm, Heat::Warm));
    for trace in running {
        trace.result().await;
    }
    assert_eq!((step(&live.snapshot(), "shaky").heat, step(&live.snapshot(), "narrow").heat), (Heat::Warm, Heat::Calm));
}
