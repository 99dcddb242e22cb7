//! What a user builds who asks for nothing but `penguiflow`: how many crates, each once, for which compiler.

use super::{assert_none, metadata, package};
use penguiflow_tests::metadata::{Package, default_tree};
use std::collections::BTreeMap;

const CRATES_MAX: usize = 55;

/// Fine behind a feature, too heavy or too far from our API for everybody.
const NOT_BY_DEFAULT: &[(&str, &str)] = &[("chrono", "time types of the public API are std's")];

fn faults(tree: &[(String, String)]) -> Vec<String> {
    let mut versions: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, version) in tree {
        versions.entry(name).or_default().push(version);
    }
    let twice = versions.iter().filter(|(_, versions)| versions.len() > 1);
    let mut faults: Vec<String> = twice.map(|(name, versions)| format!("{name}: in versions {versions:?}")).collect();
    let heavy = NOT_BY_DEFAULT.iter().filter(|(name, _)| versions.contains_key(name));
    faults.extend(heavy.map(|(name, why)| format!("{name}: not by default: {why}")));
    if tree.len() > CRATES_MAX {
        faults.push(format!("{} crates; at most {CRATES_MAX}", tree.len()));
    }
    faults
}

/// Crates that ask for a newer compiler than penguiflow promises.
fn too_new(tree: &[(String, String)], packages: &[Package], ours: &str) -> Vec<String> {
    let of = |(name, version): &(String, String)| {
        let package = packages.iter().find(|package| package.name == *name && package.version == *version)?;
        let wanted = package.rust_version.as_deref().filter(|wanted| numbers(wanted) > numbers(ours))?;
        Some(format!("{name} {version} asks for Rust {wanted}; penguiflow promises {ours}"))
    };
    tree.iter().filter_map(of).collect()
}

fn numbers(version: &str) -> [u32; 3] {
    let mut parts = version.split('.').map(|part| part.parse().unwrap_or(0));
    std::array::from_fn(|_| parts.next().unwrap_or(0))
}

fn penguiflow_tree() -> Vec<(String, String)> {
    default_tree("penguiflow").expect("cargo knows its own workspace")
}

#[test]
fn the_default_build_is_small_and_has_each_crate_once() {
    let tree = penguiflow_tree();
    assert_none(&faults(&tree));
    assert!(tree.len() > 10, "the tree was not read: {tree:?}");
}

#[test]
fn no_dependency_asks_for_a_newer_compiler() {
    let metadata = metadata();
    let ours = metadata.member("penguiflow").and_then(|package| package.rust_version.clone()).expect("a promise");
    assert_none(&too_new(&penguiflow_tree(), &metadata.packages, &ours));
}

#[cfg(test)]
fn tree(crates: &[(&str, &str)]) -> Vec<(String, String)> {
    crates.iter().map(|(name, version)| ((*name).to_owned(), (*version).to_owned())).collect()
}

#[test]
fn a_duplicate_a_heavy_crate_and_a_large_tree_are_refused() {
    let found = faults(&tree(&[("syn", "2.0.0"), ("syn", "3.0.0"), ("chrono", "0.4.0")]));
    assert_eq!(
        found,
        ["syn: in versions [\"2.0.0\", \"3.0.0\"]", "chrono: not by default: time types of the public API are std's"]
    );
    let many: Vec<String> = (0..=CRATES_MAX).map(|number| format!("crate{number}")).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|name| (name.as_str(), "1.0.0")).collect();
    assert_eq!(faults(&tree(&many)), ["56 crates; at most 55"]);
}

#[test]
fn a_crate_for_a_newer_compiler_is_refused() {
    let mut new = package("new", "1.0.0");
    new.rust_version = Some("1.100".to_owned());
    let mut old = package("old", "1.0.0");
    old.rust_version = Some("1.90.0".to_owned());
    let found = too_new(&tree(&[("new", "1.0.0"), ("old", "1.0.0")]), &[new, old], "1.90");
    assert_eq!(found, ["new 1.0.0 asks for Rust 1.100; penguiflow promises 1.90"]);
}
