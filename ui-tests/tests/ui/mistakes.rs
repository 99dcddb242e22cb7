//! Proves for each program of `fail/` that exactly its mistakes are told: each on its line, on its word, in its words.
//!
//! A program says so itself, below the line: `//~^ lookup: takes Docs, but gets Question | put a node between`. In front
//! of the colon stands what the caret underlines; the rest must all be said. `//~^^` speaks of the line above that one.

use super::compiler::{self, Told};
use super::programs;
use std::fs;
use std::path::Path;

const DEPENDENCIES: &str = "penguiflow = { path = \"{workspace}/penguiflow\" }";

/// What a program says about one of its mistakes.
struct Mistake {
    line: u64,
    word: String,
    said: Vec<String>,
}

#[test]
fn each_mistake_is_one_error_on_its_word_that_says_what_to_write() {
    let paths = programs::of("fail");
    let told = compiler::check("penguiflow-mistakes", DEPENDENCIES, &paths);
    let findings: String = paths.iter().flat_map(|path| judge(path, &told)).collect();
    assert!(findings.is_empty(), "\n{findings}");
}

fn judge(path: &Path, told: &[Told]) -> Vec<String> {
    let name = programs::name(path);
    let text = fs::read_to_string(path).expect("a readable program");
    let mut expected = mistakes(&text);
    let mut findings = Vec::new();
    if expected.is_empty() {
        findings.push(format!("{name}: the program says nothing about its mistake: write `//~^ word: text`\n"));
    }
    for told in told.iter().filter(|told| told.program == name) {
        match expected.iter().position(|mistake| mistake.is_told(told, path)) {
            Some(at) => drop(expected.remove(at)),
            None => findings.push(format!("{name}: not expected on `{}`:\n{}\n", told.word, told.shown)),
        }
    }
    let missing = |mistake: Mistake| {
        format!("{name}:{}: nobody says on `{}`: {}\n", mistake.line, mistake.word, mistake.said.join(" | "))
    };
    findings.extend(expected.into_iter().map(missing));
    findings
}

impl Mistake {
    fn is_told(&self, told: &Told, path: &Path) -> bool {
        let text = plain(&told.said);
        told.level == "error"
            && told.file == path
            && told.line == self.line
            && told.word == self.word
            && self.said.iter().all(|words| text.contains(&plain(words)))
    }
}

/// Without backticks and line breaks.
fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('`', "")
}

fn mistakes(text: &str) -> Vec<Mistake> {
    let lines = (1..).zip(text.lines());
    lines.filter_map(|(line, text)| mistake(line, text.split_once("//~")?.1)).collect()
}

fn mistake(line: u64, comment: &str) -> Option<Mistake> {
    let above = comment.chars().take_while(|c| *c == '^').count();
    let (word, said) = comment[above..].split_once(": ")?;
    let said = said.split(" | ").map(|words| words.trim().to_owned()).collect();
    Some(Mistake { line: line - above as u64, word: word.trim().to_owned(), said })
}
