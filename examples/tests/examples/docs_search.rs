//! What `docs_search` answers, and what it says about every kind of folder and question, in-process.

use crate::folder::Folder;
use penguiflow::clock::secs;
use penguiflow_examples::docs_search::{CANCELLED, Console, MATCH, NO_MATCH, TROUBLE};
use std::fs;
use std::future::{Future, pending, poll_fn, ready};
use std::path::PathBuf;
use std::task::Poll;
use std::time::Duration;

const BIRDS: &str = "\
# Birds

Of the south.

## Penguins

Penguins huddle to stay warm.
They take turns in the middle.

Their eggs lie on their feet.

## Petrels ##

Petrels fly far. They eat krill, and krill again.
";

const KRILL: &str = "\
---
title: krill
---
Krill
=====

Everybody eats it.

```sh
# no heading, but a penguin
```

How penguins hunt
-----------------
They dive.
";

struct Ran {
    code: u8,
    out: String,
    err: String,
}

async fn run_with(args: &[&str], input: &[u8], tell_every: Duration, cancel: impl Future<Output = ()>) -> Ran {
    let args: Vec<String> = args.iter().map(ToString::to_string).collect();
    let (out, err) = (Vec::new(), Vec::new());
    let mut console = Console { folder: PathBuf::from("."), input, out, err, tell_every };
    let code = console.run(&args, cancel).await.expect("nothing fails to be written");
    let text = |bytes| String::from_utf8(bytes).expect("text");
    Ran { code, out: text(console.out), err: text(console.err) }
}

/// Asks about a folder, which is called `docs` in what is printed.
async fn ask(folder: &Folder, question: &str) -> Ran {
    let ran = run_with(&[question, folder.name()], b"", secs(60), pending()).await;
    let short = |text: String| text.replace(folder.name(), "docs");
    Ran { code: ran.code, out: short(ran.out), err: short(ran.err) }
}

fn birds(name: &str) -> Folder {
    Folder::new(name).with("birds.md", BIRDS).with("sea/krill.markdown", KRILL)
}

// === answers ===

#[tokio::test]
async fn an_answer_is_the_passage_with_its_lines_and_where_else_to_look() {
    let ran = ask(&birds("passage"), "How do penguins stay warm?").await;
    let expected = "\
docs/birds.md:7  Birds › Penguins

     7 | Penguins huddle to stay warm.
     8 | They take turns in the middle.

See also
  docs/sea/krill.markdown:15  Krill › How penguins hunt
  docs/sea/krill.markdown:9  Krill
";
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (MATCH, expected, ""));
}

#[tokio::test]
async fn headings_count_and_code_has_none() {
    let ran = ask(&birds("headings"), "what does a penguin hunt").await;
    assert!(
        ran.out.starts_with("docs/sea/krill.markdown:15  Krill › How penguins hunt\n\n    15 | They dive.\n"),
        "{}",
        ran.out
    );
    assert!(!ran.out.contains("no heading, but"), "{}", ran.out);
}

#[tokio::test]
async fn the_same_question_has_the_same_answer() {
    let folder = birds("same");
    let first = ask(&folder, "krill").await;
    assert!(first.out.starts_with("docs/sea/krill.markdown:7  Krill"), "{}", first.out);
    for _ in 0..5 {
        assert_eq!(ask(&folder, "krill").await.out, first.out);
    }
}

#[tokio::test]
async fn lines_are_counted_as_editors_count_them() {
    let folder =
        Folder::new("lines").with("a.md", "\u{feff}# One\r\n\r\nfirst\r\n\r\n# Two\r\n\r\n\r\nsecond line\r\n");
    assert!(ask(&folder, "second").await.out.starts_with("docs/a.md:8  Two\n\n     8 | second line\n"));
}

#[tokio::test]
async fn of_a_long_paragraph_the_best_lines_are_shown() {
    let long: String = (1..=30).map(|n| format!("line {n} {}\n", if n == 25 { "albatross" } else { "" })).collect();
    let ran = ask(&Folder::new("long").with("a.md", long), "albatross").await;
    assert!(ran.out.contains("    25 | line 25 albatross\n"), "{}", ran.out);
    assert_eq!(ran.out.lines().filter(|line| line.contains(" | ")).count(), 8);
}

#[tokio::test]
async fn a_line_without_end_is_clipped_and_steers_no_terminal() {
    let folder = Folder::new("clipped").with("a.md", format!("krill \u{1b}[31m{}", "x".repeat(100_000)));
    let ran = ask(&folder, "krill").await;
    assert!(!ran.out.contains('\u{1b}'));
    assert!(ran.out.ends_with("x …\n") && ran.out.len() < 400, "{}", ran.out.len());
}

#[tokio::test]
async fn half_an_answer_says_what_is_nowhere() {
    let ran = ask(&birds("half"), "petrels walruses narwhals").await;
    let expected = "\
No section has all of it, and none has `narwhal` or `walruse`. The nearest:
  docs/birds.md:14  Birds › Petrels
";
    assert_eq!((ran.code, ran.out.as_str()), (MATCH, expected));
}

#[tokio::test]
async fn no_match_is_an_answer() {
    let ran = ask(&birds("none"), "where is the walrus?").await;
    let expected = "No match: none of 5 sections has `walrus`. Ask in other words.\n";
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (NO_MATCH, expected, ""));
}

#[tokio::test]
async fn questions_are_read_a_line_each() {
    let folder = birds("session");
    let ran = run_with(&["-", folder.name()], b"eggs?\n\nwalrus\nkrill", secs(60), pending()).await;
    assert_eq!(ran.code, TROUBLE, "the empty line");
    assert_eq!(ran.out.matches("birds.md:10  Birds › Penguins").count(), 1, "{}", ran.out);
    assert!(ran.out.contains("No match") && ran.out.contains("krill.markdown:7"), "{}", ran.out);
    assert_eq!(ran.err.lines().count(), 2, "{}", ran.err);
}

// === questions and folders that are at fault ===

#[tokio::test]
async fn an_empty_question_is_told() {
    for question in ["", "  ", "?!"] {
        let ran = ask(&birds("empty-question"), question).await;
        let expected = "docs_search: the question is empty: ask in words, for example \"how do joins work\"\n";
        assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (TROUBLE, "", expected));
    }
}

#[tokio::test]
async fn a_wrong_call_shows_the_usage() {
    for args in [&[][..], &["how", "do", "joins"]] {
        let ran = run_with(args, b"", secs(60), pending()).await;
        assert_eq!((ran.code, ran.out.as_str()), (TROUBLE, ""));
        assert!(ran.err.starts_with("Usage: docs_search \"QUESTION\" [FOLDER]\n"), "{}", ran.err);
    }
    let ran = run_with(&["--help"], b"", secs(60), pending()).await;
    assert!(ran.code == MATCH && ran.out.starts_with("Usage: ") && ran.err.is_empty());
}

#[tokio::test]
async fn a_wrong_folder_is_told() {
    let folder = birds("wrong");
    for wrong in ["nowhere", "birds.md"] {
        let path = folder.path().join(wrong);
        let ran = run_with(&["krill", path.to_str().expect("UTF-8")], b"", secs(60), pending()).await;
        assert_eq!((ran.code, ran.out.as_str()), (TROUBLE, ""));
        assert!(ran.err.starts_with(&format!("docs_search: cannot search `{}`: ", path.display())), "{}", ran.err);
        assert!(ran.err.ends_with(": give a folder that is there and that you may read\n"), "{}", ran.err);
    }
}

#[tokio::test]
async fn a_folder_without_markdown_is_told() {
    let folder = Folder::new("no-markdown").with("a.txt", "krill").with(".hidden/a.md", "krill");
    let folder = folder.with("cache/CACHEDIR.TAG", "").with("cache/a.md", "krill").with("node_modules/a.md", "krill");
    let ran = ask(&folder, "krill").await;
    let expected = "docs_search: no Markdown files (.md, .markdown) in `docs`: give another folder\n";
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (TROUBLE, "", expected));
}

#[tokio::test]
async fn what_cannot_be_read_is_left_out_and_the_rest_answers() {
    let folder = birds("left-out").with("binary.md", b"krill\0krill").with("latin1.md", b"krill \xe9");
    let folder = folder.with_sparse("large.md", 50).with("empty.md", "");
    let ran = ask(&folder, "krill").await;
    assert_eq!(ran.code, MATCH);
    assert!(ran.out.starts_with("docs/sea/krill.markdown:7  Krill"), "{}", ran.out);
    let expected = "\
left out: docs/binary.md: binary, or not in UTF-8: save it as UTF-8 if it is Markdown
left out: docs/large.md: 50 MB, the limit is 8 MB: split it
left out: docs/latin1.md: binary, or not in UTF-8: save it as UTF-8 if it is Markdown
";
    assert_eq!(ran.err, expected);
}

#[cfg(unix)]
#[tokio::test]
async fn links_are_left_out_and_lead_into_no_circle() {
    use std::os::unix::fs::symlink;
    let folder = birds("links");
    symlink(folder.path(), folder.path().join("sea/back")).expect("a link to the folder above");
    symlink("birds.md", folder.path().join("alias.md")).expect("a link to a file");
    symlink("nowhere", folder.path().join("dead.md")).expect("a link to nowhere");
    let ran = ask(&folder, "krill").await;
    let expected = "\
left out: docs/alias.md: a link or a device: these are not followed
left out: docs/dead.md: a link or a device: these are not followed
";
    assert_eq!((ran.code, ran.err.as_str()), (MATCH, expected));
}

#[cfg(unix)]
#[tokio::test]
async fn a_closed_file_and_a_closed_folder_are_left_out() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = birds("closed").with("closed.md", "krill").with("cellar/a.md", "krill");
    let (file, cellar) = (folder.path().join("closed.md"), folder.path().join("cellar"));
    let set = |path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("permissions");
    set(&file, 0o000);
    set(&cellar, 0o000);
    let ran = ask(&folder, "krill").await;
    // The administrator may read everything.
    let is_closed = fs::read(&file).is_err();
    set(&cellar, 0o700);
    assert_eq!(ran.code, MATCH);
    assert_eq!(ran.err.contains("left out: docs/closed.md: Permission denied"), is_closed, "{}", ran.err);
    assert_eq!(ran.err.contains("left out: docs/cellar: a folder that cannot be read"), is_closed, "{}", ran.err);
}

#[tokio::test]
async fn what_lies_too_deep_is_left_out() {
    let deep = format!("{}a.md", "d/".repeat(40));
    let ran = ask(&birds("deep").with(&deep, "krill"), "krill").await;
    assert_eq!(ran.code, MATCH);
    let expected =
        format!("left out: docs/{}d: a folder that cannot be read, or is more than 32 deep\n", "d/".repeat(32));
    assert_eq!(ran.err, expected);
}

#[tokio::test]
async fn too_much_is_refused_before_it_is_read() {
    let many = Folder::new("many");
    for n in 0..=10_000 {
        fs::write(many.path().join(format!("{n}.md")), "").expect("a file");
    }
    let mut much = Folder::new("much");
    for n in 0..=32 {
        much = much.with_sparse(&format!("{n}.md"), 8);
    }
    for folder in [many, much] {
        let ran = ask(&folder, "krill").await;
        let expected = "docs_search: more than 10000 files or 256 MB of Markdown in `docs`: give a folder inside it\n";
        assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (TROUBLE, "", expected));
    }
}

// === progress and cancel ===

/// On a clock that stands still, no time at all has passed at once.
#[tokio::test(start_paused = true)]
async fn long_work_tells_how_far_it_is() {
    let ran = run_with(&["krill", birds("progress").name()], b"", Duration::ZERO, pending()).await;
    assert_eq!(ran.code, MATCH);
    assert!(ran.err.starts_with("0 files read\n"), "{}", ran.err);
}

#[tokio::test]
async fn a_cancel_ends_it_with_a_clear_line_and_nothing_half_written() {
    let folder = birds("cancel");
    let args = ["krill", folder.name()];
    // At once, and when the reading has begun: a blocking thread cannot be done before it is first polled.
    let mut polls = 0;
    let begun = poll_fn(|cx| {
        polls += 1;
        cx.waker().wake_by_ref();
        if polls > 1 { Poll::Ready(()) } else { Poll::Pending }
    });
    for ran in [run_with(&args, b"", secs(60), ready(())).await, run_with(&args, b"", secs(60), begun).await] {
        assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (CANCELLED, "", "docs_search: cancelled\n"));
    }
}
