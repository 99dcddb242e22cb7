//! The file of a cassette: what is in it, how it is read, how it is written as a whole. Must not know who records or replays.

use crate::llm::cassette::error::CassetteError;
use crate::llm::cassette::redact::Redactor;
use crate::llm::transport::{HeaderText, HttpRequest};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fs;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// The version of the format. One that means something else has another number.
const VERSION: u64 = 1;
/// How large a file may be.
const FILE_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// A body that is nested deeper is kept as text: serde reads no more than 128 levels, and the file has some of its own.
const DEPTH_MAX: u32 = 100;

/// All exchanges, in the order in which they began.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Tape<E> {
    version: u64,
    exchanges: E,
}

/// One request and what came of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Exchange {
    pub(super) request: Asked,
    pub(super) reply: Replied,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    pub(super) method: String,
    pub(super) url: String,
    /// `name: value`
    pub(super) headers: Vec<String>,
    pub(super) body: Content,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Replied {
    /// How long the head took, or what stands in its place.
    pub(super) wait_ms: u64,
    /// Nothing where no head came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) status: Option<u16>,
    /// `name: value`
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) headers: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) chunks: Vec<Chunk>,
    pub(super) end: Ended,
}

/// One piece of a reply's body.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Chunk {
    /// How long it came behind what was before it.
    pub(super) gap_ms: u64,
    #[serde(flatten)]
    pub(super) bytes: Content,
}

/// Bytes, as people can read them best.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Content {
    Json(Value),
    Text(String),
    Base64(String),
}

/// How a reply ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Ended {
    Complete,
    /// Whoever asked did not want it any more.
    Cut,
    /// It broke.
    Failed {
        kind: String,
        message: String,
    },
}

impl Asked {
    /// A request as it is written down and compared.
    pub(super) fn of(request: &HttpRequest, redactor: &Redactor) -> Self {
        let sent = request.headers.iter().filter(|(name, _)| !name.eq_ignore_ascii_case("traceparent"));
        let headers = sent.map(|(name, value)| match value {
            HeaderText::Open(value) => format!("{name}: {}", redactor.header(name, value)),
            HeaderText::Secret(secret) => format!("{name}: {secret}"),
        });
        let json = serde_json::from_slice(&request.body).ok().filter(|value| is_flat(value, DEPTH_MAX));
        let body = match json {
            Some(value) => Content::Json(redactor.json(value)),
            None => Content::of(redactor.pieces(&[&request.body]).concat()),
        };
        Asked { method: "POST".to_owned(), url: redactor.text(&request.url), headers: headers.collect(), body }
    }
}

impl Content {
    /// As text if it is some.
    pub(super) fn of(bytes: Vec<u8>) -> Self {
        String::from_utf8(bytes).map_or_else(|error| Content::Base64(STANDARD.encode(error.as_bytes())), Content::Text)
    }

    pub(super) fn into_bytes(self) -> Result<Vec<u8>, base64::DecodeError> {
        match self {
            Content::Json(value) => Ok(value.to_string().into_bytes()),
            Content::Text(text) => Ok(text.into_bytes()),
            Content::Base64(text) => STANDARD.decode(text),
        }
    }
}

fn is_flat(value: &Value, depth: u32) -> bool {
    let Some(below) = depth.checked_sub(1) else { return false };
    match value {
        Value::Array(all) => all.iter().all(|one| is_flat(one, below)),
        Value::Object(fields) => fields.values().all(|one| is_flat(one, below)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => true,
    }
}

/// Reads the file.
pub(super) fn read(path: &Path) -> Result<Vec<Exchange>, CassetteError> {
    let failed = |source: io::Error| match source.kind() {
        io::ErrorKind::NotFound => CassetteError::Missing { path: path.to_owned() },
        _ => CassetteError::Read { path: path.to_owned(), source },
    };
    let (mut text, file) = (String::new(), fs::File::open(path).map_err(failed)?);
    let read = file.take(FILE_BYTES_MAX + 1).read_to_string(&mut text).map_err(failed)?;
    if read as u64 > FILE_BYTES_MAX {
        return Err(failed(io::Error::other(format!("it has more than {FILE_BYTES_MAX} bytes"))));
    }
    // The version first: what another one says of its exchanges is not known here.
    #[derive(Deserialize)]
    struct Head {
        version: u64,
    }
    let other = |source| CassetteError::NotCassette { path: path.to_owned(), source };
    let Head { version } = serde_json::from_str(&text).map_err(other)?;
    if version != VERSION {
        return Err(CassetteError::Version { path: path.to_owned(), found: version, known: VERSION });
    }
    let tape: Tape<Vec<Exchange>> = serde_json::from_str(&text).map_err(other)?;
    Ok(tape.exchanges)
}

/// Writes the file as a whole: what stood there before stays until all of the new one is on the disk.
pub(super) fn write(path: &Path, exchanges: &[&Exchange]) -> io::Result<()> {
    let mut text = serde_json::to_string_pretty(&Tape { version: VERSION, exchanges }).map_err(io::Error::other)?;
    text.push('\n');
    beside(path, |file| file.write_all(text.as_bytes()), true)
}

/// Makes the folder, and fails where a file in it could not be written.
pub(super) fn probe(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.map_or(Ok(()), fs::create_dir_all)?;
    if path.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder"));
    }
    beside(path, |_| Ok(()), false)
}

/// Fills a file beside `path`, and lets it take the place, or removes it again.
fn beside(path: &Path, fill: impl FnOnce(&mut fs::File) -> io::Result<()>, keep: bool) -> io::Result<()> {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let mut name = path.file_name().ok_or_else(|| io::Error::other("it names no file"))?.to_owned();
    name.push(format!(".{}-{number}.part", std::process::id()));
    let part: PathBuf = path.with_file_name(name);
    let filled = fs::File::create(&part).and_then(|mut file| {
        fill(&mut file)?;
        file.sync_all()
    });
    let done = filled.and_then(|()| if keep { fs::rename(&part, path) } else { fs::remove_file(&part) });
    if done.is_err() {
        // It may not be there at all, and the first error is the one that says why.
        let _ = fs::remove_file(&part);
    }
    done
}

#[cfg(test)]
mod tests;
