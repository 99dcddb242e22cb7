//! Which crates stay out, and of which two versions may stand side by side; each with the reason.

use super::{assert_none, metadata, package};
use penguiflow_tests::metadata::Package;
use std::collections::{BTreeMap, BTreeSet};

/// In no build, whatever its features; a name that ends in `*` stands for all that begin so.
const BANNED: &[(&str, &str)] = &[
    ("async-std", "no longer kept, and a second runtime"),
    ("aws-lc-sys", "one TLS provider, and it needs no C build: ring"),
    ("native-tls", "one TLS provider, the same on every system: rustls"),
    ("openssl-sys", "needs a system library"),
    ("proc-macro-crate", "builds a TOML parser for a path that `crate = …` tells"),
    ("sqlx*", "cannot stand in one lock file with rusqlite"),
];

/// Other versions of what is there already, as (name, who brings it). All behind features or for tests.
const TWICE: &[(&str, &str)] = &[
    ("base64", "tiktoken-rs"),
    ("getrandom", "shuttle"),
    ("hashbrown", "serde_with, of genai"),
    ("indexmap", "serde_with, of genai"),
    ("jiff", "serde_with, of genai"),
    ("jiff-core", "serde_with, of genai"),
    ("rand", "shuttle"),
    ("rand_chacha", "shuttle"),
    ("rand_core", "shuttle"),
    ("schemars", "serde_with, of genai"),
    ("syn", "garde_derive"),
];

fn banned(packages: &[Package]) -> Vec<String> {
    let hit = |name: &str, ban: &str| ban.strip_suffix('*').map_or(name == ban, |stem| name.starts_with(stem));
    let of = |p: &Package| {
        let (_, why) = BANNED.iter().find(|(ban, _)| hit(&p.name, ban))?;
        Some(format!("{} {}: banned: {why}", p.name, p.version))
    };
    packages.iter().filter_map(of).collect()
}

/// Duplicates that nobody listed, and listed ones that are none any more.
fn twice(packages: &[Package], listed: &[(&str, &str)]) -> Vec<String> {
    let mut versions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for package in packages {
        versions.entry(&package.name).or_default().insert(&package.version);
    }
    versions.retain(|_, versions| versions.len() > 1);
    let unlisted = versions.iter().filter(|(name, _)| !listed.iter().any(|(known, _)| known == *name));
    let stale = listed.iter().filter(|(name, _)| !versions.contains_key(name));
    let mut faults: Vec<String> =
        unlisted.map(|(name, versions)| format!("{name}: in versions {versions:?}")).collect();
    faults.extend(stale.map(|(name, from)| format!("{name}: listed because of {from}, but there is one version only")));
    faults
}

#[test]
fn no_banned_crate_is_in_any_build() {
    assert_none(&banned(&metadata().packages));
}

#[test]
fn no_crate_comes_twice_unnoticed() {
    assert_none(&twice(&metadata().packages, TWICE));
}

#[test]
fn a_banned_crate_is_refused() {
    let packages = [package("sqlx-core", "0.9.0"), package("sql", "1.0.0"), package("openssl-sys", "0.9.0")];
    let found = banned(&packages);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].starts_with("sqlx-core 0.9.0: banned: "));
}

#[test]
fn a_second_version_is_refused_unless_listed() {
    let packages = [package("syn", "2.0.0"), package("syn", "3.0.0"), package("rand", "0.9.0")];
    assert_eq!(twice(&packages, &[]), ["syn: in versions {\"2.0.0\", \"3.0.0\"}"]);
    assert_eq!(twice(&packages, &[("syn", "x")]), Vec::<String>::new());
    let stale = ["rand: listed because of y, but there is one version only"];
    assert_eq!(twice(&packages, &[("syn", "x"), ("rand", "y")]), stale);
}
