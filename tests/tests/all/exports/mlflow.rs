//! What an MLflow server is told of flows, and what becomes of a run when it is not there.

use super::otel::spans;
use super::server::{Answer, Request, Server};
use crate::kit::{App, Oops};
use penguiflow::clock::{millis, secs};
use penguiflow::prelude::*;
use penguiflow::{Budget, Mlflow, MlflowError, MlflowReport, MlflowRun};
use serde_json::{Value, json};
use std::net::TcpListener;

#[node(retries = 1, backoff = "1ms", jitter = none)]
async fn tries(n: u64, ctx: &Ctx) -> Result<u64, Oops> {
    if ctx.attempt() == 1 || n == 0 { Err(Oops(1)) } else { Ok(n) }
}
flow! { trying(u64) -> u64 { tries } }

/// What a server answers that has the experiment already, whose number is 7.
fn answer(request: &Request) -> Answer {
    let body = match call(request) {
        "experiments/get-by-name" => json!({ "experiment": { "experiment_id": "7", "lifecycle_stage": "active" } }),
        "experiments/create" => json!({ "experiment_id": "7" }),
        "runs/create" => json!({ "run": { "info": { "run_id": "run-1" } } }),
        _ => json!({}),
    };
    Answer { body: body.to_string(), ..Answer::status(200) }
}

fn missing() -> Answer {
    Answer { body: json!({ "error_code": "RESOURCE_DOES_NOT_EXIST" }).to_string(), ..Answer::status(404) }
}

fn call(request: &Request) -> &str {
    let path = request.path.strip_prefix("/api/2.0/mlflow/").unwrap_or(&request.path);
    path.split('?').next().unwrap_or_default()
}

fn body(request: &Request) -> Value {
    serde_json::from_slice(&request.body).expect("JSON")
}

fn calls(requests: &[Request]) -> Vec<&str> {
    requests.iter().map(call).collect()
}

fn done(report: &MlflowReport) -> (u64, usize, u64, u64, bool) {
    (report.sent, report.waiting, report.lost, report.failures, report.ended)
}

/// A trace that fails at first and then does not, and one that fails for good.
async fn two_traces(run: &MlflowRun) {
    let (state, _) = App::new();
    let app = trying::flow().with_state(state).start().expect("starts");
    let observation = app.observe(run.observer());
    app.call(Message::new(3).with_budget(Budget::new().tokens(100))).await.expect("completes");
    app.call(0).await.expect_err("fails");
    assert!(observation.flush(secs(10)));
}

/// Each key of all batches with its values, in order.
fn figures(requests: &[Request]) -> Vec<(String, Vec<f64>)> {
    let mut all: Vec<(String, Vec<f64>)> = Vec::new();
    for request in requests.iter().filter(|request| call(request) == "runs/log-batch") {
        for figure in body(request)["metrics"].as_array().into_iter().flatten() {
            assert!(figure["timestamp"].as_u64().is_some_and(|at| at > 1_600_000_000_000), "milliseconds: {figure}");
            let (key, value) = (figure["key"].as_str().expect("a key"), figure["value"].as_f64().expect("a number"));
            let at = all.iter().position(|(known, _)| known == key).unwrap_or_else(|| {
                all.push((key.to_owned(), Vec::new()));
                all.len() - 1
            });
            assert_eq!(figure["step"], json!(all[at].1.len()), "{figure}");
            all[at].1.push(value);
        }
    }
    all
}

#[tokio::test]
async fn a_run_has_its_parameters_tags_figures_and_its_end() {
    let server = Server::start(|_, request| answer(request));
    let mlflow = Mlflow::new(&*server.url, "my krill").with_token("hunter2").with_name("first");
    let run = mlflow.with_param("model", "small").with_tag("team", "south").start().expect("a good address");
    two_traces(&run).await;
    run.log("score", 0.5);
    run.set_tag("judged", "yes");
    let report = run.finish(secs(20)).await.expect("the server knows the end");
    assert_eq!((done(&report), report.run_id.as_deref()), ((17, 0, 0, 0, true), Some("run-1")));

    let all = server.all();
    assert!(all.iter().all(|request| request.headers["authorization"] == "Bearer hunter2"));
    let told = calls(&all);
    assert_eq!(told[..3], ["experiments/get-by-name", "runs/create", "runs/log-batch"]);
    assert_eq!(told.last(), Some(&"runs/update"));
    assert!(all[0].path.ends_with("?experiment_name=my+krill"), "{}", all[0].path);
    let begin = body(&all[1]);
    assert_eq!((&begin["experiment_id"], &begin["run_name"]), (&json!("7"), &json!("first")));
    assert_eq!(begin["tags"], json!([{ "key": "team", "value": "south" }]));
    assert_eq!(body(&all[2]), json!({ "run_id": "run-1", "params": [{ "key": "model", "value": "small" }] }));
    let tags: Vec<_> = all.iter().filter(|request| call(request) == "runs/set-tag").map(body).collect();
    let tag = |key: &str, value: &str| json!({ "run_id": "run-1", "key": key, "value": value });
    assert_eq!(tags, [tag("penguiflow.flow", "trying"), tag("judged", "yes")]);
    let end = body(all.last().expect("the end"));
    assert_eq!((&end["status"], &end["run_id"]), (&json!("FINISHED"), &json!("run-1")));
    assert!(end["end_time"].as_u64() >= begin["start_time"].as_u64());

    let figures = figures(&all);
    let of = |key: &str| figures.iter().find(|(known, _)| known == key).map(|(_, values)| values.clone());
    assert_eq!(of("tries/latency_ms").map(|values| values.len()), Some(4));
    assert_eq!(of("tries/errors"), Some(vec![1.0, 2.0, 3.0]));
    assert_eq!((of("tries/retries"), of("tries/failures")), (Some(vec![1.0, 2.0]), Some(vec![1.0])));
    assert_eq!(of("trace/latency_ms").map(|values| values.len()), Some(2));
    assert_eq!((of("traces/COMPLETED"), of("traces/NODE_EXCEPTION")), (Some(vec![1.0]), Some(vec![1.0])));
    assert_eq!((of("trace/tokens"), of("trace/usd")), (Some(vec![0.0]), Some(vec![0.0])));
    assert_eq!((of("score"), figures.len()), (Some(vec![0.5]), 10));
}

#[tokio::test]
async fn an_experiment_that_is_not_there_is_made() {
    let server = Server::start(|number, request| if number == 0 { missing() } else { answer(request) });
    let run = Mlflow::new(&*server.url, "new").start().expect("a good address");
    run.fail(secs(20)).await.expect("the server knows the end");
    let all = server.all();
    assert_eq!(calls(&all), ["experiments/get-by-name", "experiments/create", "runs/create", "runs/update"]);
    assert_eq!((body(&all[1]), &body(&all[3])["status"]), (json!({ "name": "new" }), &json!("FAILED")));
}

#[tokio::test]
async fn a_server_that_is_busy_is_told_again() {
    let server = Server::start(|number, request| match number {
        0 => Answer::status(503),
        2 => Answer::status(429),
        _ => answer(request),
    });
    let run = Mlflow::new(&*server.url, "busy").start().expect("a good address");
    run.log("score", 1.0);
    let report = run.finish(secs(20)).await.expect("the server knows the end");
    assert_eq!(done(&report), (1, 0, 0, 2, true));
    let told = [
        "experiments/get-by-name",
        "experiments/get-by-name",
        "runs/create",
        "runs/create",
        "runs/log-batch",
        "runs/update",
    ];
    assert_eq!(calls(&server.all()), told);
}

#[tokio::test]
async fn what_the_server_refuses_is_lost_and_counted_and_the_run_goes_on() {
    let server = Server::start(|_, request| match call(request) {
        "runs/log-batch" => Answer {
            body: json!({ "error_code": "INVALID_PARAMETER_VALUE", "message": "no" }).to_string(),
            ..Answer::status(400)
        },
        _ => answer(request),
    });
    let run = Mlflow::new(&*server.url, "refused").start().expect("a good address");
    run.log("score", 1.0);
    let report = run.finish(secs(20)).await.expect("the server knows the end");
    assert_eq!(done(&report), (0, 0, 1, 1, true));
    let why = "the MLflow server answers 400 Bad Request INVALID_PARAMETER_VALUE no";
    assert_eq!(report.last_error.as_deref(), Some(why));
}

#[tokio::test]
async fn a_server_that_is_down_harms_no_flow_and_the_missing_end_is_an_error() {
    let nobody = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("a port");
    let run = Mlflow::new(format!("http://{nobody}"), "down").start().expect("a good address");
    two_traces(&run).await;
    let error = run.finish(millis(300)).await.expect_err("nobody knows the end");
    let MlflowError::NotEnded { report } = &error else { panic!("{error}") };
    assert_eq!((report.sent, report.lost, report.ended), (0, 16, false));
    let text = error.to_string();
    assert!(
        text.starts_with("the MLflow server does not know that the run has ended: ") && text.contains("refused"),
        "{text}"
    );
}

#[tokio::test]
async fn a_server_that_never_answers_keeps_neither_flows_nor_the_end_waiting() {
    let stuck = Server::start(|_, _| Answer::status(0));
    let run = Mlflow::new(&*stuck.url, "stuck").with_timeout(secs(3_600)).start().expect("a good address");
    for number in 0..MlflowRun::ROOM + 5 {
        run.log("score", number as f64);
    }
    for number in 0..MlflowRun::TAGS + 3 {
        run.set_tag(format!("tag {number}"), "once");
    }
    run.set_tag("tag 0", "again");
    let report = run.report();
    assert_eq!((report.waiting, report.lost), (MlflowRun::ROOM, 5 + 3));
    drop(run);
    stuck.next();

    let slow =
        Server::start(|_, request| if call(request) == "runs/update" { Answer::status(0) } else { answer(request) });
    let run = Mlflow::new(&*slow.url, "slow").start().expect("a good address");
    while slow.next().path != "/api/2.0/mlflow/runs/create" {}
    run.finish(millis(100)).await.expect_err("the end is not answered");
}

#[tokio::test]
async fn a_run_that_is_dropped_ends_as_killed() {
    let server = Server::start(|_, request| answer(request));
    drop(Mlflow::new(&*server.url, "dropped").start().expect("a good address"));
    let end = loop {
        let request = server.next();
        if call(&request) == "runs/update" {
            break body(&request);
        }
    };
    assert_eq!(end["status"], json!("KILLED"));
}

#[tokio::test]
async fn spans_go_to_the_same_experiment() {
    let server = Server::start(|_, request| answer(request));
    let mlflow = Mlflow::new(&*server.url, "traced").with_token("hunter2");
    let (telemetry, _scope) = mlflow.traces().await.expect("has a number").scoped().expect("a good address");
    let (state, _) = App::new();
    let app = trying::flow().with_state(state).start().expect("starts");
    app.call(3).await.expect("completes");
    assert_eq!(telemetry.shutdown(secs(20)).await.sent, 3);
    assert_eq!(call(&server.next()), "experiments/get-by-name");
    let request = server.next();
    assert_eq!((request.path.as_str(), spans(&request).len()), ("/v1/traces", 3));
    let header = |name: &str| request.headers[name].as_str();
    assert_eq!((header("x-mlflow-experiment-id"), header("authorization")), ("7", "Bearer hunter2"));

    let refuses = Server::start(|_, _| Answer::status(403));
    let error = Mlflow::new(&*refuses.url, "traced").traces().await.expect_err("is refused");
    assert!(
        error.to_string().contains("does not tell its number of the experiment: the MLflow server answers 403"),
        "{error}"
    );
}

#[test]
fn what_cannot_be_right_is_told_and_no_token_is_shown() {
    let told = |mlflow: Mlflow| mlflow.start().expect_err("cannot be right").to_string();
    assert!(told(Mlflow::new("mlflow", "a")).starts_with("`mlflow` is no address of an MLflow server"));
    assert!(told(Mlflow::new("http://a", "")).starts_with("an experiment has a name"));
    let mlflow = Mlflow::new("http://a", "a").with_token("hunter2\n");
    assert!(!format!("{mlflow:?}").contains("hunter2"));
    assert!(!told(mlflow).contains("hunter2"));
}
