//! The pages name only what exists, and the architecture names every room.

use super::source::{Source, repository};
use super::table::{TABLES, TOP_LEVEL};
use super::{Finding, assert_clean, rows};
use penguiflow_tests::metadata::root;

fn dead_paths(page: &Source, exists: impl Fn(&str) -> bool) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut fenced = false;
    for (at, line) in page.text.lines().enumerate() {
        fenced ^= line.trim_start().starts_with("```");
        let named = spans(line).into_iter().filter(|span| is_path(span)).map(str::to_owned);
        let paths = named.chain(links(line).map(|target| from_root(page, target)));
        if !fenced {
            let dead = paths.filter(|path| !exists(path.trim_end_matches('/')));
            findings.extend(dead.map(|path| Finding::new(page, at + 1, format!("`{path}` does not exist"))));
        }
    }
    findings
}

/// A link's target, which counts from its page, as it counts from the root.
fn from_root(page: &Source, target: &str) -> String {
    match page.path.rsplit_once('/') {
        Some((folder, _)) => format!("{folder}/{target}"),
        None => target.to_owned(),
    }
}

/// What stands between single backticks.
fn spans(line: &str) -> Vec<&str> {
    line.split('`').skip(1).step_by(2).collect()
}

/// The targets of links into the repository. A link to an item of a crate is rustdoc's to resolve.
fn links(line: &str) -> impl Iterator<Item = &str> {
    let targets = line.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    targets.filter(|target| !target.contains("://") && !target.contains("::") && !target.starts_with('#'))
}

fn is_path(span: &str) -> bool {
    let plain = span.chars().all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c));
    let top = span.split('/').next().unwrap_or_default();
    plain && TOP_LEVEL.contains(&top) && (span.contains('/') || span.contains('.'))
}

/// Rooms that are there and that the page does not name.
fn unnamed_rooms<'a>(page: &str, sources: &[Source], rooms: impl Iterator<Item = &'a str>, root: &str) -> Vec<String> {
    let named = page.lines().flat_map(spans).collect::<Vec<_>>();
    let there = |room: &&str| sources.iter().any(|source| source.path == format!("{root}/{room}.rs"));
    rooms.filter(there).filter(|room| !named.contains(room)).map(str::to_owned).collect()
}

#[test]
fn pages_name_what_exists() {
    let pages = repository().into_iter().filter(|source| source.path.ends_with(".md"));
    assert_clean(&pages.flat_map(|page| dead_paths(&page, |path| root().join(path).exists())).collect::<Vec<_>>());
}

#[test]
fn the_architecture_names_every_room_of_the_runtime() {
    let sources = repository();
    let page = sources.iter().find(|source| source.path == "ARCHITECTURE.md").expect("the architecture page");
    let table = TABLES.iter().find(|table| table.root == "penguiflow/src").expect("the runtime's layers");
    let rooms = table.layers.iter().flat_map(|layer| layer.rooms).copied();
    assert_eq!(unnamed_rooms(&page.text, &sources, rooms, table.root), Vec::<String>::new());
}

/// semantics:39
#[test]
fn the_readme_says_that_graphs_are_not_built_from_data_and_what_to_do_instead() {
    let sources = repository();
    let page = sources.iter().find(|source| source.path == "README.md").expect("the readme");
    let (_, section) = page.text.split_once("## What it is not").expect("a section on what it is not");
    let point = section.split("\n- ").find(|point| point.starts_with("**No graphs from data.**"));
    assert!(point.is_some_and(|point| point.contains("a router") && point.contains("`Handle`")), "{point:?}");
}

#[test]
fn a_path_that_leads_nowhere_is_told() {
    let text = "See `tests/gone.rs`, `tests/here.rs` and `a/b`.\n[a](docs/GONE.md) [b](https://x.y/z)\n```\n`tests/gone.rs`\n```\n";
    let page = Source::fixture("ARCHITECTURE.md", text);
    let found = rows(&dead_paths(&page, |path| path == "tests/here.rs"));
    assert_eq!(found, ["1: `tests/gone.rs` does not exist", "2: `docs/GONE.md` does not exist"]);
    let page = Source::fixture("docs/a/PAGE.md", "[a](b.rs) [c](d.rs) [e](macro@crate::node) `tests/here.rs`\n");
    let found = rows(&dead_paths(&page, |path| ["docs/a/b.rs", "tests/here.rs"].contains(&path)));
    assert_eq!(found, ["1: `docs/a/d.rs` does not exist"]);
}

#[test]
fn a_room_that_is_not_named_is_told() {
    let sources = [Source::fixture("penguiflow/src/id.rs", ""), Source::fixture("penguiflow/src/error.rs", "")];
    let found = unnamed_rooms("rooms: `id`", &sources, ["id", "error", "later"].into_iter(), "penguiflow/src");
    assert_eq!(found, ["error"]);
}
