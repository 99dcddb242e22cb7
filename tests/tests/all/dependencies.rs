//! Holds the policy for other people's code: licences, bans, versions, and how much of it a user has to build.

mod bans;
mod licences;
mod manifests;
mod tree;

use penguiflow_tests::metadata::{Metadata, Package};

fn metadata() -> Metadata {
    Metadata::read().expect("cargo knows its own workspace")
}

#[track_caller]
fn assert_none(faults: &[String]) {
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// A package of the registry, for the tests of the rules themselves.
fn package(name: &str, version: &str) -> Package {
    Package {
        name: name.to_owned(),
        version: version.to_owned(),
        license: Some("MIT".to_owned()),
        rust_version: None,
        source: Some("registry".to_owned()),
        dependencies: Vec::new(),
        features: std::collections::BTreeMap::new(),
    }
}
