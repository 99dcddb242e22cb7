//! Which lines are written: `RUST_LOG`, or what the program says. Writes nothing.

use crate::telemetry::logging::LoggingError;
use std::env::{self, VarError};
use tracing::Level;
use tracing_subscriber::filter::{Directive, EnvFilter};

/// The variable that has the last word.
const VARIABLE: &str = "RUST_LOG";

/// What the program says.
#[derive(Debug)]
pub(super) enum Filter {
    Level(Level),
    Directives(String),
}

impl Default for Filter {
    fn default() -> Self {
        Filter::Level(Level::INFO)
    }
}

impl Filter {
    /// The filter in force.
    pub(super) fn read(self) -> Result<EnvFilter, LoggingError> {
        match env::var(VARIABLE) {
            Ok(text) if !text.trim().is_empty() => parse(VARIABLE, &text),
            Err(VarError::NotUnicode(text)) => {
                let (directive, why) = (text.to_string_lossy().into_owned(), "it is not UTF-8".to_owned());
                Err(LoggingError::Filter { from: VARIABLE, directive, why })
            }
            Ok(_) | Err(VarError::NotPresent) => match self {
                Filter::Level(level) => Ok(EnvFilter::default().add_directive(level.into())),
                Filter::Directives(text) => parse("with_filter", &text),
            },
        }
    }
}

fn parse(from: &'static str, text: &str) -> Result<EnvFilter, LoggingError> {
    EnvFilter::builder().parse(text).map_err(|error| {
        // The parser does not tell which part it means.
        let wrong = text.split(',').find(|part| part.parse::<Directive>().is_err());
        let directive = wrong.unwrap_or(text).trim().to_owned();
        LoggingError::Filter { from, directive, why: error.to_string() }
    })
}
