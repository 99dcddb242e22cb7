//! The command `docs_search` as a process: its exit status, its streams, Ctrl-C.

use crate::folder::Folder;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Command, Output, Stdio};

fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_docs_search"));
    command.args(args).env_remove("CARGO_MANIFEST_DIR").stdin(Stdio::null());
    command
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn without_a_folder_it_searches_where_the_user_stands() {
    let folder = Folder::new("here").with("sub/a.md", "# Sea\n\nKrill.\n");
    let Output { status, stdout, stderr } = command(&["krill"]).current_dir(folder.path()).output().expect("runs");
    assert_eq!(status.code(), Some(0), "{}", text(&stderr));
    assert!(text(&stdout).starts_with(&format!("{}:3  Sea\n", Path::new("sub").join("a.md").display())));
}

#[test]
fn cargo_makes_it_search_the_workspace() {
    let folder = Folder::new("workspace").with("a.md", "Krill.\n").with("member/Cargo.toml", "").with("away/x", "");
    let member = folder.path().join("member");
    let mut run = command(&["krill"]);
    let above = run.env("CARGO_MANIFEST_DIR", &member).current_dir(folder.path()).output().expect("runs");
    assert!(text(&above.stdout).starts_with("a.md:1\n"), "{}", text(&above.stdout));
    let beside = run.current_dir(folder.path().join("away")).output().expect("runs");
    let whole = folder.path().join("a.md");
    assert!(text(&beside.stdout).starts_with(&format!("{}:1\n", whole.display())), "{}", text(&beside.stdout));
}

#[test]
fn the_exit_status_tells_a_match_from_none_and_from_trouble() {
    let folder = Folder::new("status").with("a.md", "Krill.\n");
    let status = |question| command(&[question, folder.name()]).output().expect("runs").status.code();
    assert_eq!(["krill", "walrus", ""].map(status), [Some(0), Some(1), Some(2)]);
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_it_with_a_clear_line() {
    let folder = Folder::new("ctrl-c").with("a.md", "Krill.\n");
    let mut run = command(&["-", folder.name()]);
    // The open pipe makes it wait for a question, as a terminal would.
    let mut child = run.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("runs");
    let mut err = BufReader::new(child.stderr.take().expect("a pipe"));
    let mut line = String::new();
    err.read_line(&mut line).expect("a line");
    assert_eq!(line, "one question a line, Ctrl-C ends\n");
    let interrupt = format!("kill -INT {}", child.id());
    assert!(Command::new("sh").args(["-c", &interrupt]).status().expect("a shell").success());
    // Not `wait`, which would close the pipe first.
    let mut rest = String::new();
    err.read_to_string(&mut rest).expect("text");
    assert_eq!(rest, "docs_search: cancelled\n");
    assert_eq!(child.wait().expect("ends").code(), Some(130));
}
