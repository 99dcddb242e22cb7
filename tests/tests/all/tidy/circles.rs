//! No circle among the files of one folder. A file and its own folder are one room, and may know one another.

use super::paths::{crate_paths, module_of};
use super::source::{Source, repository};
use super::{Finding, assert_clean};
use std::collections::{BTreeMap, BTreeSet};

const ROOTS: &[&str] = &["penguiflow/src", "penguiflow-macros/src", "tests/src", "examples/src"];

/// Who imports whom, for each folder.
type Folders = BTreeMap<Vec<String>, BTreeMap<String, BTreeSet<String>>>;

fn check(sources: &[Source], root: &str) -> Vec<Finding> {
    let inside: Vec<(Vec<String>, &Source)> =
        sources.iter().filter_map(|source| Some((module_of(source, root)?, source))).collect();
    let modules: BTreeSet<&[String]> = inside.iter().map(|(module, _)| module.as_slice()).collect();
    let mut folders = Folders::new();
    for (module, source) in &inside {
        for path in crate_paths(source, module).iter().filter(|path| !path.test) {
            if let Some((folder, from, to)) = edge(module, &path.segments, &modules) {
                folders.entry(folder).or_default().entry(from).or_default().insert(to);
            }
        }
    }
    let complain = |(folder, edges): (&Vec<String>, &BTreeMap<String, BTreeSet<String>>)| {
        let circle = circle(edges)?;
        let path = [root.to_owned()].iter().chain(folder).cloned().collect::<Vec<_>>().join("/");
        Some(Finding { path, line: 1, text: format!("circle: {}", circle.join(" -> ")) })
    };
    folders.iter().filter_map(complain).collect()
}

/// The folder in which two modules part, and the members of it that they belong to.
fn edge(from: &[String], to: &[String], modules: &BTreeSet<&[String]>) -> Option<(Vec<String>, String, String)> {
    // The longest known module in the path; what follows is an item of it.
    let known = (1..=to.len()).rev().map(|len| &to[..len]).find(|module| modules.contains(module))?;
    let shared = from.iter().zip(known).take_while(|(a, b)| a == b).count();
    Some((from[..shared].to_vec(), from.get(shared)?.clone(), known.get(shared)?.clone()))
}

/// The members of one circle, the first repeated at the end.
fn circle(edges: &BTreeMap<String, BTreeSet<String>>) -> Option<Vec<String>> {
    edges.keys().find_map(|start| way_back(edges, start))
}

/// The shortest way from `start` to itself.
fn way_back(edges: &BTreeMap<String, BTreeSet<String>>, start: &String) -> Option<Vec<String>> {
    let mut ways = vec![vec![start.clone()]];
    let mut seen = BTreeSet::new();
    while !ways.is_empty() {
        let mut longer = Vec::new();
        for way in ways {
            for next in way.last().and_then(|last| edges.get(last)).into_iter().flatten() {
                let on = [way.as_slice(), std::slice::from_ref(next)].concat();
                if next == start {
                    return Some(on);
                }
                if seen.insert(next.clone()) {
                    longer.push(on);
                }
            }
        }
        ways = longer;
    }
    None
}

#[test]
fn no_folder_has_a_circle() {
    let sources = repository();
    assert_clean(&ROOTS.iter().flat_map(|root| check(&sources, root)).collect::<Vec<_>>());
}

#[cfg(test)]
fn circles(files: &[(&str, &str)]) -> Vec<String> {
    let sources: Vec<Source> = files.iter().map(|(path, text)| Source::fixture(path, text)).collect();
    check(&sources, "penguiflow/src").iter().map(Finding::to_string).collect()
}

#[test]
fn a_circle_of_three_files_is_told_with_its_members() {
    let files = [
        ("penguiflow/src/runtime/hop.rs", "use crate::runtime::retry::A;"),
        ("penguiflow/src/runtime/retry.rs", "use super::join::B;"),
        ("penguiflow/src/runtime/join/early.rs", "fn f() { crate::runtime::hop::c() }"),
        ("penguiflow/src/runtime/join.rs", ""),
    ];
    assert_eq!(circles(&files), ["penguiflow/src/runtime:1: circle: hop -> retry -> join -> hop"]);
}

#[test]
fn a_file_and_its_own_folder_may_know_one_another() {
    let files = [
        ("penguiflow/src/runtime.rs", "mod hop; use hop::Hop; pub struct Limit;"),
        ("penguiflow/src/runtime/hop.rs", "use super::Limit; use crate::runtime::Limit as Other;"),
    ];
    assert_eq!(circles(&files), Vec::<String>::new());
}

#[test]
fn a_re_export_between_siblings_counts() {
    let files = [
        ("penguiflow/src/runtime/hop.rs", "pub use super::retry::A;"),
        ("penguiflow/src/runtime/retry.rs", "use super::hop::B;"),
    ];
    assert_eq!(circles(&files), ["penguiflow/src/runtime:1: circle: hop -> retry -> hop"]);
}

#[test]
fn two_rooms_that_need_each_other_are_a_circle() {
    let files = [
        ("penguiflow/src/error.rs", "use crate::id::A;"),
        ("penguiflow/src/id.rs", "use crate::error::B;"),
        ("penguiflow/src/lib.rs", "mod id; mod error; pub use id::A; pub use error::B;"),
    ];
    assert_eq!(circles(&files), ["penguiflow/src:1: circle: error -> id -> error"]);
}

#[test]
fn a_diamond_and_a_test_are_no_circle() {
    let files = [
        ("penguiflow/src/runtime.rs", "mod hop; mod retry; pub(crate) use hop::Hop;"),
        ("penguiflow/src/runtime/hop.rs", "use super::retry::A; use crate::id::B;"),
        ("penguiflow/src/runtime/retry.rs", "#[cfg(test)] mod tests { use crate::runtime::hop::Hop; use super::*; }"),
        ("penguiflow/src/id.rs", ""),
    ];
    assert_eq!(circles(&files), Vec::<String>::new());
}
