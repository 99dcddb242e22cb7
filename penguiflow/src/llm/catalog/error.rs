//! How a file of models can be wrong. Must not know what is done with a right one.

use crate::graph::near::nearest;
use std::fmt;
use std::io;

/// Why a file of models could not be taken over. Nothing of it was.
///
/// Prints where it is wrong and what is allowed there: ``models.toml, line 3: unknown field `contex_tokens`, did you mean `context_tokens`?``
#[derive(Debug)]
#[non_exhaustive]
pub enum CatalogError {
    /// The file could not be read.
    Unread {
        /// The file.
        file: String,
        /// Why.
        source: io::Error,
    },
    /// It is no TOML, or not of the form that a [`Catalog`](crate::llm::Catalog) has.
    Wrong {
        /// The file, if it came from one.
        file: Option<String>,
        /// The line, counted from 1, where it can be told.
        line: Option<usize>,
        /// The word in it that is wrong, where it can be told.
        key: Option<String>,
        /// What is wrong, and what is allowed.
        what: String,
    },
}

impl CatalogError {
    pub(super) fn of(error: &toml::de::Error, file: Option<&str>, text: &str) -> Self {
        let line = error.span().map(|span| text.bytes().take(span.start).filter(|byte| *byte == b'\n').count() + 1);
        let told = error.message();
        let mut quoted = told.split('`').skip(1).step_by(2);
        let unknown = told.starts_with("unknown field") || told.starts_with("unknown variant");
        let key = if unknown { quoted.next().map(str::to_owned) } else { None };
        let meant = key.as_deref().and_then(|key| nearest(quoted, key));
        let hint = meant.map(|meant| format!("; did you mean `{meant}`?")).unwrap_or_default();
        let file = file.map(str::to_owned);
        CatalogError::Wrong { file, line, key, what: format!("{}{hint}", told.trim_end().replace('\n', ", ")) }
    }

    pub(super) fn wrong(file: Option<&str>, key: &str, what: impl Into<String>) -> Self {
        CatalogError::Wrong { file: file.map(str::to_owned), line: None, key: Some(key.to_owned()), what: what.into() }
    }
}

impl fmt::Display for CatalogError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CatalogError::Unread { file, source } => write!(f, "{file}: {source}"),
            CatalogError::Wrong { file, line, what, .. } => {
                f.write_str(file.as_deref().unwrap_or("models"))?;
                line.iter().try_for_each(|line| write!(f, ", line {line}"))?;
                write!(f, ": {what}")
            }
        }
    }
}

impl std::error::Error for CatalogError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            CatalogError::Unread { source, .. } => Some(source),
            CatalogError::Wrong { .. } => None,
        }
    }
}
