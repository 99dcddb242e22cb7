//! What log lines look like, what is let through, and that no secret is among them.

use penguiflow::clock::{Clock, Seam};
use penguiflow::prelude::*;
use penguiflow::{Logging, LoggingError, Secret};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Write};
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};
use tracing::{Level, debug, error, info, info_span};

/// Keeps what is written.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("no test panics inside").extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Written {
    fn text(&self) -> String {
        String::from_utf8(std::mem::take(&mut *self.0.lock().expect("no test panics inside"))).expect("UTF-8")
    }

    fn json(&self) -> Vec<Value> {
        self.text().lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect()
    }
}

/// It is always the same moment.
struct Stopped;

impl Clock for Stopped {
    fn wall_at(&self, _: tokio::time::Instant) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_millis(1_000_000_000_250)
    }
}

const NOW: &str = "2001-09-09T01:46:40.250000Z";

/// What `logs` writes by `logging` on this thread.
fn written(logging: Logging, logs: impl FnOnce()) -> Written {
    let out = Written::default();
    let logging = logging.with_writer(out.clone()).with_seam(Seam::system().with_clock(Stopped));
    let guard = logging.scoped().expect("the filter can be read");
    logs();
    drop(guard);
    out
}

// === JSON ===

/// core:AC-18.4
#[test]
fn a_line_of_json_has_its_keys_and_the_fields_of_the_spans_around_it() {
    let out = written(Logging::json(), || {
        let _outer = info_span!("ask", tenant = "acme", turn = 1).entered();
        let _inner = info_span!("look", turn = 2, found = tracing::field::Empty).entered();
        tracing::Span::current().record("found", true);
        info!(target: "support", answer = 42, share = 0.5, "ready: {}", "now");
    });
    let line = json!({
        "timestamp": NOW, "level": "INFO", "target": "support", "message": "ready: now", "spans": ["ask", "look"],
        "tenant": "acme", "turn": 2, "found": true, "answer": 42, "share": 0.5,
    });
    assert_eq!(out.json(), [line]);
}

/// core:AC-18.4
#[test]
fn what_is_no_json_becomes_text_and_an_error_tells_its_causes() {
    #[derive(Debug)]
    struct Lost(io::Error);
    impl fmt::Display for Lost {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("the page is lost")
        }
    }
    impl std::error::Error for Lost {
        fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
            Some(&self.0)
        }
    }
    let out = written(Logging::json(), || {
        let lost = Lost(io::Error::other("the disk is full"));
        let map = BTreeMap::from([("a", 1)]);
        error!(
            exception = &lost as &(dyn std::error::Error + 'static),
            endless = f64::INFINITY,
            ?map,
            wide = u128::MAX
        );
    });
    let line = &out.json()[0];
    assert_eq!(line["exception"], "the page is lost: the disk is full");
    assert_eq!((&line["endless"], &line["map"]), (&json!("inf"), &json!("{\"a\": 1}")));
    assert_eq!((&line["wide"], line.get("message")), (&json!(u128::MAX.to_string()), None));
}

#[test]
fn a_field_that_is_called_like_a_key_hides_it_not() {
    let out = written(Logging::json(), || info!(level = "mine", timestamp = 1, "ready"));
    let line = &out.json()[0];
    assert_eq!((&line["level"], &line["level_"]), (&json!("INFO"), &json!("mine")));
    assert_eq!((&line["timestamp"], &line["timestamp_"]), (&json!(NOW), &json!(1)));
}

/// core:AC-18.4
#[test]
fn json_can_be_indented() {
    let text = written(Logging::json().with_indent(), || info!(target: "support", answer = 42, "ready")).text();
    let expected = format!(
        "{{\n  \"timestamp\": \"{NOW}\",\n  \"level\": \"INFO\",\n  \"target\": \"support\",\n  \"message\": \"ready\",\n  \
         \"answer\": 42\n}}\n"
    );
    assert_eq!(text, expected);
}

// === for people ===

/// core:AC-18.4
#[test]
fn a_line_for_people_has_its_fields_in_brackets() {
    let out = written(Logging::human(), || {
        let _span = info_span!("ask", tenant = "acme").entered();
        info!(target: "support", answer = 42, "ready");
        error!(target: "support", "no field is its own");
    });
    let lines = format!(
        "{NOW}  INFO support: ready [answer=42, tenant=\"acme\"]\n{NOW} ERROR support: no field is its own [tenant=\"acme\"]\n"
    );
    assert_eq!(out.text(), lines);
    assert_eq!(written(Logging::human(), || info!(target: "a", "bare")).text(), format!("{NOW}  INFO a: bare\n"));
}

/// core:AC-18.4
#[test]
fn for_people_long_texts_are_cut_to_a_hundred_characters() {
    let (fits, long) = ("ü".repeat(100), "ü".repeat(101));
    let text = written(Logging::human(), || info!(target: "a", fits, long, "cut")).text();
    let short = "ü".repeat(100);
    assert_eq!(text, format!("{NOW}  INFO a: cut [fits=\"{short}\", long=\"{short}...\"]\n"));
}

#[test]
fn a_message_cannot_look_like_two_lines() {
    for logging in [Logging::human(), Logging::json()] {
        let name = "a\n2001-09-09 INFO forged\u{1b}[31m";
        let text = written(logging, || info!(name, "hello {name}")).text();
        assert_eq!(text.lines().count(), 1, "{text}");
        assert!(!text.contains('\u{1b}'), "{text}");
    }
}

// === what is let through ===

/// core:AC-18.4
#[test]
fn by_default_what_is_for_finding_mistakes_is_left_out() {
    let logs = || {
        debug!(target: "a", "fine");
        info!(target: "a", "told");
    };
    assert_eq!(written(Logging::human(), logs).text().lines().count(), 1);
    assert_eq!(written(Logging::human().with_level(Level::DEBUG), logs).text().lines().count(), 2);
    assert_eq!(written(Logging::human().with_level(Level::ERROR), logs).text(), "");
    for level in ["debug", "DEBUG", "4"] {
        let level = level.parse().expect("a level as a word or a number");
        assert_eq!(written(Logging::human().with_level(level), logs).text().lines().count(), 2);
    }
    assert_eq!(written(Logging::human().with_filter("warn,a=debug"), logs).text().lines().count(), 2);
}

#[test]
fn a_filter_that_cannot_be_read_is_told_with_the_part_that_is_wrong() {
    let error = Logging::json().with_filter("info,penguiflow=lots").scoped().expect_err("no such level");
    let LoggingError::Filter { from, directive, .. } = &error else { panic!("{error}") };
    assert_eq!((*from, directive.as_str()), ("with_filter", "penguiflow=lots"));
    let text = error.to_string();
    assert!(
        text.starts_with("with_filter: `penguiflow=lots` is no filter: ") && text.contains("penguiflow=debug,info")
    );
}

/// Runs one test of this program in a process of its own, whose environment it may have.
fn in_a_process(test: &str, rust_log: &str) -> Output {
    let module = module_path!().split_once("::").map_or("", |(_, rest)| rest);
    let program = std::env::current_exe().expect("a test is a program");
    let mut command = Command::new(program);
    command.args(["--exact", &format!("{module}::{test}"), "--nocapture"]);
    command.env("RUST_LOG", rust_log).env("PENGUIFLOW_TEST_CHILD", test).output().expect("starts")
}

fn is_child(test: &str) -> bool {
    std::env::var("PENGUIFLOW_TEST_CHILD").is_ok_and(|name| name == test)
}

/// core:AC-18.4
#[test]
fn the_environment_has_the_last_word() {
    let name = "the_environment_has_the_last_word";
    if is_child(name) {
        Logging::json().with_level(Level::ERROR).init().expect("the first one");
        debug!(target: "mine", "seen");
        info!(target: "other", "unseen");
        let again = Logging::human().init().expect_err("the second one");
        assert!(matches!(again, LoggingError::AlreadySet));
        assert_eq!(
            again.to_string(),
            "the program has a subscriber of `tracing` already: call `init` once, at the start of `main`"
        );
        return;
    }
    let out = in_a_process(name, "warn,mine=debug");
    let text = String::from_utf8_lossy(&out.stderr);
    assert!(out.status.success(), "{text}");
    let lines: Vec<Value> = text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let told: Vec<_> = lines.iter().map(|line| (&line["level"], &line["message"])).collect();
    assert_eq!(told, [(&json!("DEBUG"), &json!("seen"))], "on the standard error stream: {text}");
}

#[test]
fn an_environment_that_cannot_be_read_is_told() {
    let name = "an_environment_that_cannot_be_read_is_told";
    if is_child(name) {
        let error = Logging::json().init().expect_err("cannot be read");
        let LoggingError::Filter { from, directive, .. } = &error else { panic!("{error}") };
        assert_eq!((*from, directive.as_str()), ("RUST_LOG", "b=huge"));
        // Nothing has changed, so that a program may go on without.
        assert!(!tracing::enabled!(Level::ERROR));
        return;
    }
    assert!(in_a_process(name, "a=debug,b=huge").status.success());
}

// === what flows write ===

#[message(no_schema)]
struct Login {
    name: String,
    #[serde(skip, default = "nothing")]
    password: Secret,
}

fn nothing() -> Secret {
    Secret::from("")
}

#[derive(Debug)]
struct Refused(Secret);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "refused with {} and {:?}", self.0, self.0)
    }
}

impl std::error::Error for Refused {}

#[node]
async fn log_in(login: Login) -> Result<String, Refused> {
    info!(target: "mine", ?login, password = %login.password, "logging in");
    if login.name.is_empty() { Err(Refused(login.password)) } else { Ok(login.name) }
}

flow! { logging_in(Login) -> String { log_in } }

async fn logged(logging: Logging, name: &str) -> Written {
    let out = Written::default();
    let _guard = logging.with_level(Level::TRACE).with_writer(out.clone()).scoped().expect("the filter can be read");
    let app = logging_in::flow().start().expect("starts");
    let login = Login { name: name.into(), password: Secret::from("hunter2") };
    let _ = app.call(Message::new(login).with_tenant("acme")).await;
    out
}

/// core:AC-18.3, core:AC-18.4
#[tokio::test]
async fn what_a_node_writes_has_its_trace_and_its_node() {
    let lines = logged(Logging::json(), "ada").await.json();
    let mine = lines.iter().find(|line| line["target"] == "mine").expect("the node's own line");
    assert_eq!((&mine["flow"], &mine["node"], &mine["attempt"]), (&json!("logging_in"), &json!("log_in"), &json!(1)));
    assert_eq!((&mine["tenant"], &mine["spans"]), (&json!("acme"), &json!(["flow", "node"])));
    let told: Vec<_> = lines.iter().filter(|line| line["target"] == "penguiflow").map(|line| &line["event"]).collect();
    assert_eq!(told, ["emit", "node_start", "node_success", "ending"]);
    assert!(lines.iter().all(|line| line["trace_id"] == mine["trace_id"]));
    assert!(
        lines.iter().all(|line| line.as_object().is_some_and(|keys| keys.keys().all(|key| !key.starts_with("otel"))))
    );
    let emit = lines.iter().find(|line| line["event"] == "emit").expect("the first event");
    assert_eq!(emit["details"], json!({ "headers": { "tenant": "acme" } }), "details are JSON and no text");
    let success = lines.iter().find(|line| line["event"] == "node_success").expect("the node's event");
    assert!(success["latency_ms"].is_f64() && success["message"] == "node_success: logging_in › log_in");
}

#[tokio::test]
async fn a_secret_in_a_payload_and_in_an_error_is_never_written() {
    for (logging, name) in
        [(Logging::json(), "ada"), (Logging::json(), ""), (Logging::human(), "ada"), (Logging::human(), "")]
    {
        let text = logged(logging, name).await.text();
        assert!(!text.contains("hunter2"), "{text}");
        assert!(text.contains("[redacted]") && text.lines().count() > 3, "{text}");
    }
}
