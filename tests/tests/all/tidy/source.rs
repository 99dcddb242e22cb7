//! Reads the repository's files, the Rust ones as tokens. Judges nothing.

use super::table::ANY_LENGTH;
use super::tokens::{Place, Token, tokens};
use penguiflow_tests::metadata::root;
use std::fs;
use std::path::{Path, PathBuf};

/// One file, by its path from the workspace's root.
pub(super) struct Source {
    pub(super) path: String,
    pub(super) text: String,
    pub(super) tokens: Vec<Token>,
}

impl Source {
    /// A file that is not on disk, for the tests of the rules.
    pub(super) fn fixture(path: &str, text: &str) -> Self {
        Source::read(path.to_owned(), text.to_owned())
    }

    fn read(path: String, text: String) -> Self {
        let mut laid_out = Vec::new();
        if path.ends_with(".rs") && !is_fixture(&path) {
            let place = Place { test: !path.contains("/src/"), ..Place::default() };
            laid_out = tokens(&text, place).unwrap_or_else(|e| panic!("{path} has no Rust tokens: {e}"));
        }
        Source { path, text, tokens: laid_out }
    }

    /// Whether the file belongs to the source of one of the published crates.
    pub(super) fn is_library(&self) -> bool {
        self.path.starts_with("penguiflow/src/") || self.path.starts_with("penguiflow-macros/src/")
    }

    /// Whether the file is one of the programs that are fed to the compiler, right or wrong.
    pub(super) fn is_fixture(&self) -> bool {
        is_fixture(&self.path)
    }

    /// Whether the table lets the file be as long as it is.
    pub(super) fn may_be_long(&self) -> bool {
        ANY_LENGTH.iter().any(|(path, _)| *path == self.path)
    }

    /// Whether the whole file is compiled for tests only.
    pub(super) fn is_test(&self) -> bool {
        !self.tokens.is_empty() && self.tokens.iter().all(|token| token.place.test)
    }

    /// The paths, without their ends, of the modules that this file declares for tests only.
    fn test_modules(&self) -> Vec<String> {
        let own = self.path.trim_end_matches(".rs");
        let folder = own.strip_suffix("/lib").or(own.strip_suffix("/main")).unwrap_or(own);
        let declared = |w: &[Token]| w[0].text == "mod" && w[0].place.test && w[2].text == ";";
        self.tokens.windows(3).filter(|w| declared(w)).map(|w| format!("{folder}/{}", w[1].text)).collect()
    }

    /// Where `words` stand one after the other, as indices into `tokens`.
    pub(super) fn find<'a>(&'a self, words: &'a [&'a str]) -> impl Iterator<Item = usize> + 'a {
        let hit =
            move |window: &[Token]| window.iter().zip(words).all(|(token, word)| !token.literal && token.text == *word);
        self.tokens.windows(words.len()).enumerate().filter(move |(_, window)| hit(window)).map(|(at, _)| at)
    }
}

/// Every text file of the repository, in the order of their paths.
pub(super) fn repository() -> Vec<Source> {
    let root = root();
    let mut paths = Vec::new();
    walk(&root, &mut paths);
    paths.sort();
    let relative = |path: &Path| path.strip_prefix(&root).expect("walked from the root").to_string_lossy().into_owned();
    let read = |path: &PathBuf| Source::read(relative(path), fs::read_to_string(path).expect("a text file"));
    let mut sources: Vec<Source> = paths.iter().map(read).collect();
    mark_tests(&mut sources);
    sources
}

/// Marks the files of modules that are declared for tests only, which the files themselves do not say.
fn mark_tests(sources: &mut [Source]) {
    let modules: Vec<String> = sources.iter().flat_map(Source::test_modules).collect();
    let of =
        |path: &str, module: &str| path.strip_prefix(module).is_some_and(|rest| rest == ".rs" || rest.starts_with('/'));
    for source in sources.iter_mut().filter(|source| modules.iter().any(|module| of(&source.path, module))) {
        source.tokens.iter_mut().for_each(|token| token.place.test = true);
    }
}

fn walk(folder: &Path, paths: &mut Vec<PathBuf>) {
    const TEXT: &[&str] = &["rs", "toml", "md", "yml"];
    const ELSEWHERE: &[&str] = &["target", ".git", "wip"];
    for entry in fs::read_dir(folder).expect("a readable folder") {
        let path = entry.expect("a readable entry").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let is_text = path.extension().is_some_and(|end| TEXT.contains(&end.to_string_lossy().as_ref()));
        if ELSEWHERE.contains(&name.as_str()) {
            continue;
        } else if path.is_dir() {
            walk(&path, paths);
        } else if is_text || folder.file_name().is_some_and(|name| name == ".ci") {
            paths.push(path);
        }
    }
}

fn is_fixture(path: &str) -> bool {
    let inside = path.strip_prefix("ui-tests/");
    inside.is_some_and(|rest| !rest.starts_with("src/") && !rest.starts_with("tests/"))
}

#[test]
fn a_file_that_is_declared_for_tests_only_is_one() {
    let mut sources = [
        Source::fixture("penguiflow-macros/src/lib.rs", "mod node; #[cfg(test)] mod table;"),
        Source::fixture("penguiflow-macros/src/node.rs", "fn f() {} #[cfg(test)] mod tests;"),
        Source::fixture("penguiflow-macros/src/node/tests/items.rs", "fn f() {}"),
        Source::fixture("penguiflow-macros/src/table.rs", "fn f() {}"),
        Source::fixture("penguiflow-macros/src/tables.rs", "fn f() {}"),
    ];
    mark_tests(&mut sources);
    assert_eq!(sources.each_ref().map(Source::is_test), [false, false, true, true, false]);
}
