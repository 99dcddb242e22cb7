//! Asks cargo what the workspace consists of. Judges nothing.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;
use std::{env, io};

/// What `cargo metadata` says, as far as somebody here asks for it.
#[derive(Debug, Deserialize)]
pub struct Metadata {
    /// Members of the workspace and everything that they depend on.
    pub packages: Vec<Package>,
}

/// One package in one version.
#[derive(Debug, Deserialize)]
pub struct Package {
    /// Its name on the registry.
    pub name: String,
    /// Its version.
    pub version: String,
    /// An SPDX expression; some old ones have a slash for `OR`.
    pub license: Option<String>,
    /// The oldest compiler that it promises to work with.
    pub rust_version: Option<String>,
    /// Where it comes from; nothing for a member of the workspace.
    pub source: Option<String>,
    /// What its manifest asks for.
    pub dependencies: Vec<Dependency>,
    /// Its features and what they turn on.
    pub features: BTreeMap<String, Vec<String>>,
}

/// One line of a manifest.
#[derive(Debug, Deserialize)]
pub struct Dependency {
    /// The package's name.
    pub name: String,
    /// The version that is asked for.
    pub req: String,
    /// `dev`, `build`, or nothing for an ordinary one.
    pub kind: Option<String>,
    /// Whether its default features are on.
    pub uses_default_features: bool,
    /// Set when it lies in the workspace.
    pub path: Option<String>,
}

impl Metadata {
    /// Everything that can be part of any build here, all features on.
    ///
    /// # Errors
    /// When cargo cannot be run or does not understand the workspace.
    pub fn read() -> io::Result<Self> {
        let text = cargo(&["metadata", "--format-version", "1", "--all-features", "--filter-platform", &host()?])?;
        serde_json::from_str(&text).map_err(io::Error::other)
    }

    /// The workspace's member of that name.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<&Package> {
        self.packages.iter().find(|package| package.name == name && package.source.is_none())
    }
}

/// The crates that a user of `package` builds with its default features, as (name, version).
///
/// # Errors
/// As [`Metadata::read`].
pub fn default_tree(package: &str) -> io::Result<Vec<(String, String)>> {
    let text = cargo(&["tree", "-p", package, "-e", "normal,build", "--prefix", "none", "--format", "{p}"])?;
    let line = |line: &str| {
        let mut words = line.split_whitespace();
        Some((words.next()?.to_owned(), words.next()?.trim_start_matches('v').to_owned()))
    };
    let mut crates: Vec<(String, String)> = text.lines().filter_map(line).collect();
    crates.sort();
    crates.dedup();
    Ok(crates)
}

/// The workspace's root.
#[must_use]
pub fn root() -> PathBuf {
    // Asked at run time first: work trees that share a target folder would else read each other's files.
    let member = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    PathBuf::from(member).parent().map(PathBuf::from).unwrap_or_default()
}

fn host() -> io::Result<String> {
    let text = run(Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into())).arg("-vV"))?;
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).ok_or_else(|| io::Error::other("rustc does not say what it builds for"))
}

fn cargo(args: &[&str]) -> io::Result<String> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    run(Command::new(cargo).args(args).arg("--locked").current_dir(root()))
}

fn run(command: &mut Command) -> io::Result<String> {
    let output = command.output()?;
    if !output.status.success() {
        return Err(io::Error::other(format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr))));
    }
    String::from_utf8(output.stdout).map_err(io::Error::other)
}
