//! No test that does not run or only has to panic; features gate whole modules.

use super::source::{Source, repository};
use super::tokens::Token;
use super::{Finding, assert_clean, rows};

fn check(source: &Source) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (words, text) in [
        (["#", "[", "ignore"], "a test that does not run proves nothing"),
        (["#", "[", "should_panic"], "assert on the error, or on the panic's own text"),
    ] {
        findings.extend(source.find(&words).map(|at| Finding::new(source, source.tokens[at].line, text)));
    }
    for (at, line) in source.text.lines().enumerate() {
        if is_dead_example(line) {
            findings.push(Finding::new(source, at + 1, "an example in the docs runs, or is `no_run` or `text`"));
        }
    }
    findings.extend(features(source));
    findings
}

fn is_dead_example(line: &str) -> bool {
    let doc = line.trim_start().strip_prefix("//!").or_else(|| line.trim_start().strip_prefix("///"));
    let fence = doc.and_then(|doc| doc.trim_start().strip_prefix("```"));
    fence.is_some_and(|words| words.split(',').any(|word| matches!(word.trim(), "ignore" | "should_panic")))
}

/// Features outside `mod` lines make more programs than anyone tests.
fn features(source: &Source) -> Vec<Finding> {
    const FACADES: &[&str] = &["lib.rs", "prelude.rs", "__private.rs"];
    let inside = source.path.strip_prefix("penguiflow/src/");
    if inside.is_none_or(|inside| FACADES.contains(&inside)) {
        return Vec::new();
    }
    let gates = source
        .find(&["feature", "="])
        .filter(|at| !source.tokens[*at].place.test && !gates_a_module(&source.tokens, *at));
    gates
        .map(|at| {
            Finding::new(
                source,
                source.tokens[at].line,
                "a feature gates a whole module, at its `mod` and `pub use` lines",
            )
        })
        .collect()
}

/// Whether the attribute around `at` stands before `mod name;` or before its re-export.
fn gates_a_module(tokens: &[Token], at: usize) -> bool {
    let opens = |i: &usize| {
        tokens[*i].text == "#" && tokens[i + 1].text == "[" && tokens[*i].place.depth < tokens[at].place.depth
    };
    let Some(start) = (0..at).rev().find(opens) else { return false };
    let depth = tokens[start].place.depth;
    let mut rest =
        tokens[start..].iter().filter(|token| token.place.depth == depth).map(|token| token.text.as_str()).peekable();
    // Further attributes and a visibility may stand between.
    while rest.next_if(|word| matches!(*word, "#" | "[" | "]" | "pub" | "(" | ")")).is_some() {}
    match rest.next() {
        Some("mod") => rest.nth(1) == Some(";"),
        first => first == Some("use"),
    }
}

#[test]
fn tests_run_and_features_gate_modules() {
    assert_clean(&repository().iter().flat_map(check).collect::<Vec<_>>());
}

#[cfg(test)]
fn found(path: &str, text: &str) -> Vec<usize> {
    check(&Source::fixture(path, text)).iter().map(|finding| finding.line).collect()
}

#[test]
fn a_test_that_does_not_run_is_refused() {
    assert_eq!(found("tests/tests/all/a.rs", "#[test]\n#[ignore = \"slow\"]\nfn f() {}"), [2]);
    assert_eq!(found("tests/tests/all/a.rs", "#[test]\n#[should_panic]\nfn f() {}"), [2]);
    let fence = "/// ```ignore\n/// x\n/// ```\nfn f() {}\n//! ```should_panic\n/// ```no_run\n/// ```text\n";
    assert_eq!(rows(&check(&Source::fixture("penguiflow/src/a.rs", fence))).len(), 2);
}

#[test]
fn a_feature_inside_a_file_is_refused() {
    let path = "penguiflow/src/store.rs";
    assert_eq!(
        found(path, "#[cfg(feature = \"sqlite\")]\n#[doc(hidden)]\npub(crate) mod sqlite;"),
        Vec::<usize>::new()
    );
    assert_eq!(found(path, "#[cfg(feature = \"sqlite\")]\npub use sqlite::Store;"), Vec::<usize>::new());
    assert_eq!(found(path, "#[cfg(any(feature = \"a\", feature = \"b\"))]\nmod a;"), Vec::<usize>::new());
    assert_eq!(found(path, "#[cfg(feature = \"sqlite\")]\nfn f() {}\nmod a;"), [1]);
    assert_eq!(found(path, "#[cfg(feature = \"sqlite\")]\nmod a { }"), [1]);
    assert_eq!(found(path, "fn f() {\nif cfg!(feature = \"sqlite\") {} }"), [2]);
    assert_eq!(found(path, "#![cfg(feature = \"sqlite\")]\nfn f() {}"), [1]);
    assert_eq!(found("penguiflow/src/lib.rs", "#[cfg(feature = \"sqlite\")]\npub use a::B;"), Vec::<usize>::new());
}
