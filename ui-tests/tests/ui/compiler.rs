//! Compiles programs, all in one package, and reads rustc's own records. Judges nothing.

use serde_json::Value;
use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// One error or warning.
#[derive(Debug)]
pub(crate) struct Told {
    /// The program's name.
    pub(crate) program: String,
    pub(crate) level: String,
    /// Where the caret stands: file, line, and the words above it.
    pub(crate) file: PathBuf,
    pub(crate) line: u64,
    pub(crate) word: String,
    /// All that is said: the message, the labels, the notes and the helps, with the lines of the framework that they show,
    /// and without the program's own.
    pub(crate) said: String,
    /// As it is shown.
    pub(crate) shown: String,
}

/// Checks all `programs` as binaries of one package with these dependencies.
pub(crate) fn check(package: &str, dependencies: &str, programs: &[PathBuf]) -> Vec<Told> {
    let output = cargo(&["check", "--keep-going", "--message-format=json"], package, dependencies, programs);
    let stderr = String::from_utf8_lossy(&output.stderr);
    let ran = output.status.success() || stderr.contains("could not compile");
    assert!(ran, "cargo failed before the programs were compiled:\n{stderr}");
    let stdout = String::from_utf8_lossy(&output.stdout);
    // Of messages that are the same to the letter cargo shows one, and so is one counted: incremental builds repeat some.
    let mut shown = HashSet::new();
    let told = stdout.lines().filter_map(|line| told(line, package));
    told.filter(|told| shown.insert((told.program.clone(), told.shown.clone()))).collect()
}

/// Runs cargo in a package of its own, made for these programs.
pub(crate) fn cargo(
    arguments: &[&str],
    package: &str,
    dependencies: &str,
    programs: &[PathBuf],
) -> std::process::Output {
    let tmp = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let folder = tmp.join(package);
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a member of the workspace");
    fs::create_dir_all(&folder).expect("a folder for the package");
    write(
        &folder.join("Cargo.toml"),
        &manifest(package, &dependencies.replace("{workspace}", &shown(workspace)), programs),
    );
    if !folder.join("Cargo.lock").exists() {
        fs::copy(workspace.join("Cargo.lock"), folder.join("Cargo.lock")).expect("the workspace's versions");
    }
    Command::new(env!("CARGO"))
        .args(arguments)
        .args(["--offline", "--quiet", "--target-dir"])
        .arg(tmp.join("target"))
        .current_dir(&folder)
        .output()
        .expect("cargo runs")
}

/// Leaves the file alone if it says this already: cargo would begin anew.
fn write(path: &Path, text: &str) {
    if fs::read_to_string(path).ok().as_deref() != Some(text) {
        fs::write(path, text).expect("a writable package");
    }
}

fn manifest(package: &str, dependencies: &str, programs: &[PathBuf]) -> String {
    let bin =
        |path: &PathBuf| format!("[[bin]]\nname = \"{}\"\npath = \"{}\"\n", super::programs::name(path), shown(path));
    let bins: String = programs.iter().map(bin).collect();
    format!(
        "[package]\nname = \"{package}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n\
         {dependencies}\n\n{bins}"
    )
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// One line of cargo's output, if it is about a program and no summary.
fn told(line: &str, package: &str) -> Option<Told> {
    let record: Value = serde_json::from_str(line).ok()?;
    let of_package = record["package_id"].as_str().is_some_and(|id| id.contains(package));
    if record["reason"] != "compiler-message" || !of_package {
        return None;
    }
    let message = &record["message"];
    let all = message["spans"].as_array()?;
    let span = all.iter().find(|span| span["is_primary"] == true)?;
    let word = span["text"].as_array().into_iter().flatten().map(highlighted).collect::<Vec<_>>().join("\n");
    Some(Told {
        program: record["target"]["name"].as_str()?.to_owned(),
        level: message["level"].as_str()?.to_owned(),
        file: span["file_name"].as_str()?.into(),
        line: span["line_start"].as_u64()?,
        word,
        said: said(message, span["file_name"].as_str()?),
        shown: message["rendered"].as_str()?.to_owned(),
    })
}

fn said(message: &Value, program: &str) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let spans = || message["spans"].as_array().into_iter().flatten();
    let labels = spans().map(|span| text(&span["label"]));
    let elsewhere = spans().filter(|span| span["file_name"] != program);
    let lines =
        elsewhere.flat_map(|span| span["text"].as_array().into_iter().flatten()).map(|line| text(&line["text"]));
    let notes = message["children"].as_array().into_iter().flatten().map(|note| said(note, program));
    let all: Vec<String> = [text(&message["message"])].into_iter().chain(labels).chain(lines).chain(notes).collect();
    all.join("\n")
}

fn highlighted(line: &Value) -> String {
    let at = |name: &str| line[name].as_u64().and_then(|at| usize::try_from(at).ok()).unwrap_or(1) - 1;
    let (from, to) = (at("highlight_start"), at("highlight_end"));
    line["text"].as_str().unwrap_or_default().chars().skip(from).take(to - from).collect()
}
