//! Decides whether a cassette is recorded or replayed. Pure.

use crate::llm::cassette::error::CassetteError;
use std::ffi::OsStr;

/// The variable of the environment that decides.
pub(super) const SWITCH: &str = "PENGUIFLOW_CASSETTES";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Record,
    Replay,
}

/// What is done with a cassette that is there or not, where the environment says `word`.
pub(super) fn chosen(word: Option<&OsStr>, is_there: bool) -> Result<Mode, CassetteError> {
    let word = word.map(OsStr::to_string_lossy);
    match word.as_deref().map(str::trim) {
        Some("record") => Ok(Mode::Record),
        Some("replay") => Ok(Mode::Replay),
        None | Some("") if is_there => Ok(Mode::Replay),
        None | Some("") => Ok(Mode::Record),
        Some(other) => Err(CassetteError::Mode { found: other.to_owned() }),
    }
}

#[cfg(test)]
mod tests;
