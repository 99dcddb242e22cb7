//! Time, chance and ids come from the seam; tasks start where the table says; library code does not panic.

use super::source::{Source, repository};
use super::table::{PANICKERS, SPAWNERS};
use super::{Finding, assert_clean, rows};

/// The one file that may read clocks and draw numbers.
const SEAM: &str = "penguiflow/src/clock.rs";

/// Banned in library code; in its tests tokio's time is virtual, and clippy sees to the system's.
const FROM_THE_SEAM: &[&[&str]] = &[
    &["Instant", "::", "now"],
    &["SystemTime", "::", "now"],
    &["Uuid", "::", "now_v7"],
    &["Uuid", "::", "new_v4"],
    &["rand", "::"],
    &["time", "::", "sleep"],
    &["time", "::", "sleep_until"],
    &["time", "::", "interval"],
    &["time", "::", "timeout"],
];

/// Banned everywhere, tests included: they run on virtual time.
const NEVER: &[&[&str]] = &[&["thread", "::", "sleep"]];

const SPAWNS: &[&[&str]] = &[
    &["tokio", "::", "spawn"],
    &["task", "::", "spawn"],
    &["spawn_blocking", "("],
    &["spawn_local", "("],
    &["thread", "::", "spawn"],
    &["JoinSet"],
];

const PANICS: &[&[&str]] = &[
    &[".", "unwrap", "("],
    &[".", "expect", "("],
    &["panic", "!"],
    &["todo", "!"],
    &["unimplemented", "!"],
    &["unreachable", "!"],
];

fn check(source: &Source) -> Vec<Finding> {
    let mut findings = hits(source, NEVER, true, "a real sleep: let virtual time pass");
    if source.is_library() && source.path != SEAM {
        findings.extend(hits(source, FROM_THE_SEAM, false, "take it from `clock`"));
    }
    if source.is_library() && !SPAWNERS.iter().any(|(path, _)| *path == source.path) {
        findings.extend(hits(source, SPAWNS, false, "tasks start only in the files that the tidy table lists"));
    }
    if source.is_library() {
        let allowed = PANICKERS.iter().find(|(path, ..)| *path == source.path).map_or(0, |(_, times, _)| *times);
        let found = hits(source, PANICS, false, "library code returns its errors");
        findings.extend(if found.len() == allowed { Vec::new() } else { found });
    }
    findings
}

fn hits(source: &Source, banned: &[&[&str]], in_tests: bool, why: &str) -> Vec<Finding> {
    let found = banned.iter().flat_map(|words| source.find(words).map(move |at| (at, words.concat())));
    let counted = found.map(|(at, what)| (&source.tokens[at], what)).filter(|(token, _)| in_tests || !token.place.test);
    counted.map(|(token, what)| Finding::new(source, token.line, format!("`{what}`: {why}"))).collect()
}

#[test]
fn time_tasks_and_panics_stay_where_they_belong() {
    assert_clean(&repository().iter().flat_map(check).collect::<Vec<_>>());
}

#[cfg(test)]
fn found(path: &str, text: &str) -> Vec<String> {
    rows(&check(&Source::fixture(path, text)))
}

#[test]
fn each_banned_call_is_refused_in_library_code() {
    for words in FROM_THE_SEAM.iter().chain(NEVER).chain(SPAWNS).chain(PANICS) {
        let call = words.concat().replace('(', "()");
        let receiver = if call.starts_with('.') { "x" } else { "" };
        let text = format!("fn f() {{ {receiver}{call} }}");
        assert_eq!(found("penguiflow/src/runtime/hop.rs", &text).len(), 1, "{text}");
    }
}

#[test]
fn the_seam_reads_the_clock_and_a_test_may_unwrap() {
    assert_eq!(found(SEAM, "fn f() { std::time::Instant::now() }"), Vec::<String>::new());
    let test = "#[cfg(test)] mod tests { fn f() { x.unwrap(); tokio::spawn(y); tokio::time::sleep(z) } }";
    assert_eq!(found("penguiflow/src/id.rs", test), Vec::<String>::new());
}

#[test]
fn a_file_that_may_panic_may_not_panic_more_often() {
    let (path, times, _) = PANICKERS[0];
    assert_eq!(found(path, &"fn f() { panic!() }".repeat(times)), Vec::<String>::new());
    assert_eq!(found(path, &"fn f() { panic!() }".repeat(times + 1)).len(), times + 1);
    assert_eq!(found("penguiflow/src/id.rs", "fn f() { panic!() }").len(), 1);
}

#[test]
fn a_real_sleep_is_refused_in_tests_too() {
    let expected = ["1: `thread::sleep`: a real sleep: let virtual time pass"];
    assert_eq!(found("tests/tests/all/join.rs", "fn f() { std::thread::sleep(d) }"), expected);
}

#[test]
fn words_that_only_look_alike_are_fine() {
    let text = "fn f() { let operand = a.expected(); x.unwrap_or(y); assert!(z); brand::new() }";
    assert_eq!(found("penguiflow/src/id.rs", text), Vec::<String>::new());
}
