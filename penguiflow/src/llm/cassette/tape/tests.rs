//! The file, and what is not one.

use super::{Asked, Chunk, Content, Ended, Exchange, Replied, probe, read, write};
use crate::llm::cassette::error::CassetteError;
use crate::llm::cassette::redact::Redactor;
use crate::llm::transport::HttpRequest;
use serde_json::{Value, json};
use std::fs;
use std::path::PathBuf;

/// A folder of its own, gone behind the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("penguiflow-tape-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).expect("a folder for the test");
        Folder(path)
    }

    fn names(&self) -> Vec<String> {
        let names = fs::read_dir(&self.0).expect("is there").map(|one| one.expect("is there").file_name());
        names.map(|name| name.to_string_lossy().into_owned()).collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn exchange() -> Exchange {
    let request = HttpRequest::json("https://example.org", &json!({ "b": 1, "a": [1.5, "ä"] }));
    let chunk = |bytes: &[u8]| Chunk { gap_ms: 3, bytes: Content::of(bytes.to_vec()) };
    let chunks = vec![chunk(b"data: 1\n\n"), chunk(&[0xff]), chunk(b"")];
    let headers = vec!["content-type: text/event-stream".to_owned()];
    Exchange {
        request: Asked::of(&request, &Redactor::new(&request, &[])),
        reply: Replied { wait_ms: 1, status: Some(200), headers, chunks, end: Ended::Complete },
    }
}

#[test]
fn what_was_written_is_read_and_no_other_file_is_left() {
    let folder = Folder::new("same");
    let path = folder.0.join("a.json");
    let cut = Replied { wait_ms: 9, status: None, headers: Vec::new(), chunks: Vec::new(), end: Ended::Cut };
    let all = [exchange(), Exchange { reply: cut, ..exchange() }];
    write(&path, &all.iter().collect::<Vec<_>>()).expect("writes");
    write(&path, &all.iter().collect::<Vec<_>>()).expect("writes again");
    assert_eq!(read(&path).expect("reads"), all);
    assert_eq!(folder.names(), ["a.json"]);
    let text = fs::read_to_string(&path).expect("is text");
    assert!(text.starts_with("{\n  \"version\": 1,\n"), "{text}");
    assert!(text.contains(r#""text": "data: 1\n\n""#) && text.contains(r#""base64": "/w==""#), "{text}");
}

#[test]
fn what_cannot_be_written_leaves_what_was_there() {
    let folder = Folder::new("kept");
    // A folder cannot be replaced by a file.
    let path = folder.0.join("a.json");
    fs::create_dir_all(path.join("inside")).expect("a folder");
    assert!(write(&path, &[&exchange()]).is_err());
    assert!(probe(&path).is_err());
    assert_eq!(folder.names(), ["a.json"], "no half file is left");
    let file = folder.0.join("file");
    fs::write(&file, "x").expect("a file");
    assert!(probe(&file.join("a.json")).is_err(), "a file is no folder");
    probe(&folder.0.join("new/deeper/a.json")).expect("folders are made");
    assert!(folder.0.join("new/deeper").is_dir());
}

#[test]
fn what_is_no_cassette_is_said_to_be_none() {
    let folder = Folder::new("other");
    let path = folder.0.join("a.json");
    assert!(matches!(read(&path), Err(CassetteError::Missing { .. })));
    for text in [
        "",
        "[]",
        "{",
        "{\"version\":1}",
        "{\"version\":1,\"exchanges\":[{}]}",
        "{\"version\":1,\"exchanges\":[],\"x\":1}",
    ] {
        fs::write(&path, text).expect("writes");
        assert!(matches!(read(&path), Err(CassetteError::NotCassette { .. })), "{text}");
    }
    fs::write(&path, [0xff]).expect("writes");
    assert!(matches!(read(&path), Err(CassetteError::Read { .. })));
    fs::write(&path, "{\"version\":2,\"tracks\":[]}").expect("writes");
    let error = read(&path).expect_err("another version");
    assert!(error.to_string().contains("has version 2 of the format, and this build reads 1"), "{error}");
}

#[test]
fn a_body_that_is_nested_too_deeply_for_the_file_is_kept_as_text() {
    let folder = Folder::new("deep");
    let path = folder.0.join("a.json");
    for depth in [1, 99, 100, 101, 120, 5_000] {
        let body = format!("{}{}", "[".repeat(depth), "]".repeat(depth)).into_bytes();
        let request = HttpRequest { body: body.clone(), ..HttpRequest::json("https://example.org", &Value::Null) };
        let asked = Asked::of(&request, &Redactor::new(&request, &[]));
        write(&path, &[&Exchange { request: asked.clone(), ..exchange() }]).expect("writes");
        assert_eq!(read(&path).expect("reads")[0].request, asked, "{depth}");
        assert_eq!(asked.body.into_bytes().expect("is no base64"), body);
    }
}
