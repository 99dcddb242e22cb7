//! Finds and reads Markdown files, within limits. Knows no words and no ranking.

use penguiflow::{BoxError, prelude::*};
use std::fs::{File, read_dir, symlink_metadata};
use std::io::{self, Read as _};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, atomic::AtomicUsize, atomic::Ordering::Relaxed};

/// What people write by hand is a tenth of this; a larger file was generated, and would fill every answer.
const FILE_BYTES_MAX: u64 = 8 << 20;
/// The text and its words are held in memory.
const TEXT_BYTES_MAX: u64 = 256 << 20;
/// As many as `map` takes.
const FILES_MAX: usize = 10_000;
/// Deeper than people nest; ends a mount that contains itself.
const DEPTH_MAX: usize = 32;

/// Why there is nothing to search or to search for, and what to do.
#[derive(Debug, thiserror::Error)]
pub(super) enum Trouble {
    #[error("cannot search `{0}`: {1}: give a folder that is there and that you may read")]
    Unreadable(String, io::Error),
    #[error("no Markdown files (.md, .markdown) in `{0}`: give another folder")]
    NoMarkdown(String),
    #[error("more than {FILES_MAX} files or {mb} MB of Markdown in `{0}`: give a folder inside it", mb = TEXT_BYTES_MAX >> 20)]
    TooMuch(String),
    #[error("the question is empty: ask in words, for example \"how do joins work\"")]
    NoQuestion,
}

/// A file's path, and its text or why it is left out: one bad file must not end the search.
pub(super) struct Source(pub(super) String, pub(super) Result<String, String>);

/// Lists the Markdown files under a folder, sorted, and folders that cannot be entered. Hidden folders, `node_modules` and
/// caches (bford.info/cachedir) hold no pages; links are not followed, so there are no circles.
#[node(blocking)]
pub(super) fn list(root: PathBuf, ctx: &Ctx) -> Result<Vec<PathBuf>, Trouble> {
    read_dir(&root).map_err(|error| Trouble::Unreadable(shown(&root), error))?;
    let (mut paths, mut bytes, mut folders) = (Vec::new(), 0, vec![(root.clone(), 0)]);
    while let Some((folder, depth)) = folders.pop().filter(|_| !ctx.is_cancelled()) {
        let Ok(inside) = read_dir(&folder) else {
            paths.push(folder);
            continue;
        };
        let entries = inside.map_while(Result::ok).filter_map(|entry| Some((entry.path(), entry.metadata().ok()?)));
        for (path, meta) in entries.filter(|(path, meta)| !(meta.is_dir() && is_cache(path))) {
            if meta.is_dir() && depth < DEPTH_MAX {
                folders.push((path, depth + 1));
            } else if meta.is_dir() || is_markdown(&path) {
                bytes += meta.len().min(FILE_BYTES_MAX);
                paths.push(path);
            }
        }
        if paths.len() > FILES_MAX || bytes > TEXT_BYTES_MAX {
            return Err(Trouble::TooMuch(shown(&root)));
        }
    }
    paths.sort();
    if paths.is_empty() { Err(Trouble::NoMarkdown(shown(&root))) } else { Ok(paths) }
}

#[node(blocking)]
pub(super) fn read(path: PathBuf, State(count): State<'_, Arc<AtomicUsize>>) -> Source {
    count.fetch_add(1, Relaxed);
    Source(shown(&path), text(&path).map_err(|error| error.to_string()))
}

fn text(path: &Path) -> Result<String, BoxError> {
    let meta = symlink_metadata(path)?;
    if meta.is_dir() {
        return Err(format!("a folder that cannot be read, or is more than {DEPTH_MAX} deep").into());
    } else if !meta.is_file() {
        return Err("a link or a device: these are not followed".into());
    } else if meta.len() > FILE_BYTES_MAX {
        return Err(format!("{} MB, the limit is {} MB: split it", meta.len() >> 20, FILE_BYTES_MAX >> 20).into());
    }
    let mut bytes = Vec::new();
    // It may grow while it is read.
    File::open(path)?.take(FILE_BYTES_MAX).read_to_end(&mut bytes)?;
    let text = String::from_utf8(bytes).ok().filter(|text| !text.contains('\0'));
    let text = text.ok_or("binary, or not in UTF-8: save it as UTF-8 if it is Markdown")?;
    Ok(text.trim_start_matches('\u{feff}').to_owned())
}

fn is_markdown(path: &Path) -> bool {
    path.extension().is_some_and(|end| end.eq_ignore_ascii_case("md") || end.eq_ignore_ascii_case("markdown"))
}

fn is_cache(folder: &Path) -> bool {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with('.') || name == "node_modules" || folder.join("CACHEDIR.TAG").exists()
}

/// A path as a person types it: without `./`, with the separators of the system, and nothing that moves a cursor.
fn shown(path: &Path) -> String {
    let short: PathBuf = path.components().filter(|part| *part != Component::CurDir).collect();
    if short.as_os_str().is_empty() { ".".to_owned() } else { printable(&short.to_string_lossy()) }
}

/// Text that leaves the terminal as it is.
pub(super) fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
