//! Compares what stored runs of a flow rely on with a file beside the code. Decides nothing about what strands them.

use crate::graph::stored::{NotStored, Stored, Stranded};
use crate::graph::topology::FlowInfo;
use std::path::{Path, PathBuf};
use std::{env, fmt, fs, io};

/// The switch that takes the flow as it is into the file.
const SWITCH: &str = "PENGUIFLOW_GOLDEN";

/// Fails if stored runs of the flow, as the file at `path` keeps them, could not go on in this build; for a test that stands beside
/// the flow. A step that moved, was replaced or is gone strands them, and so does a type that cannot read what was stored as it was.
/// Docs, policies and budgets do not. What is only new fails as well, until the file knows it: else nothing would
/// protect it from then on.
///
/// With `PENGUIFLOW_GOLDEN=overwrite` in the environment the file is written anew. A relative path is one from the root of
/// the package under test.
///
/// ```
/// use penguiflow::prelude::*;
/// use penguiflow::testkit::{GoldenError, golden};
///
/// #[node]
/// async fn clean(text: String) -> String { text }
/// flow! { cleaning(String) -> String { clean } }
///
/// let kept = std::env::temp_dir().join(format!("cleaning-{}.golden", std::process::id()));
/// assert!(matches!(golden(&kept, cleaning::flow().info()), Err(GoldenError::Missing { .. })));
///
/// std::fs::write(&kept, cleaning::flow().info().stored().to_string())?; // as the switch does
/// golden(&kept, cleaning::flow().info())?;
/// # std::fs::remove_file(kept)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`GoldenError`], which prints what no longer fits and what to do.
pub fn golden(path: impl AsRef<Path>, flow: &FlowInfo) -> Result<(), GoldenError> {
    let overwrite = env::var_os(SWITCH).is_some_and(|value| value == "overwrite");
    if overwrite { take_over(path.as_ref(), flow) } else { compare(path.as_ref(), flow) }
}

/// Why a flow is not as its golden file keeps it. Prints as a report, in a failed test as well.
#[non_exhaustive]
pub enum GoldenError {
    /// There is no file.
    Missing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// The file could not be read or written.
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The file is something else.
    NotGolden {
        /// The file.
        path: PathBuf,
        /// The line that is no step.
        source: NotStored,
    },
    /// Stored runs could not go on.
    Stranded {
        /// The file.
        path: PathBuf,
        /// The flow.
        flow: &'static str,
        /// Each thing that does not fit.
        why: Vec<Stranded>,
    },
    /// Nothing is stranded, but the file does not know all of the flow.
    Outdated {
        /// The file.
        path: PathBuf,
        /// The flow.
        flow: &'static str,
        /// The steps that are not there as they are now.
        steps: Vec<String>,
    },
}

fn take_over(path: &Path, flow: &FlowInfo) -> Result<(), GoldenError> {
    fs::write(path, flow.stored().to_string()).map_err(|source| GoldenError::File { path: path.to_owned(), source })
}

fn compare(path: &Path, flow: &FlowInfo) -> Result<(), GoldenError> {
    let at = path.to_owned();
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(GoldenError::Missing { path: at }),
        Err(source) => return Err(GoldenError::File { path: at, source }),
    };
    let kept: Stored = match text.parse() {
        Ok(kept) => kept,
        Err(source) => return Err(GoldenError::NotGolden { path: at, source }),
    };
    let new = flow.stored();
    let why = kept.stranded_by(&new);
    if !why.is_empty() {
        return Err(GoldenError::Stranded { path: at, flow: flow.name, why });
    }
    let steps = kept.added_by(&new);
    if steps.is_empty() { Ok(()) } else { Err(GoldenError::Outdated { path: at, flow: flow.name, steps }) }
}

impl fmt::Display for GoldenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let overwrite = "PENGUIFLOW_GOLDEN=overwrite cargo test";
        match self {
            GoldenError::Missing { path } => {
                write!(
                    f,
                    "there is no golden file {}: run `{overwrite}` once, and keep it beside the code",
                    path.display()
                )
            }
            GoldenError::File { path, source } => write!(f, "the golden file {}: {source}", path.display()),
            GoldenError::NotGolden { path, source } => {
                write!(f, "{} is no golden file: {source}; run `{overwrite}`", path.display())
            }
            GoldenError::Stranded { path, flow, why } => {
                writeln!(f, "this change strands the stored runs of `{flow}` that {} keeps:", path.display())?;
                why.iter().try_for_each(|why| writeln!(f, "  - {why}"))?;
                write!(f, "where no run of an earlier build is stored any more, take it over: `{overwrite}`")
            }
            GoldenError::Outdated { path, flow, steps } => {
                writeln!(f, "no stored run of `{flow}` is stranded, but {} does not know all of it:", path.display())?;
                steps.iter().try_for_each(|step| writeln!(f, "  + {step}"))?;
                write!(f, "take it over: `{overwrite}`")
            }
        }
    }
}

/// What a failed test shows.
impl fmt::Debug for GoldenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for GoldenError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            GoldenError::File { source, .. } => Some(source),
            GoldenError::NotGolden { source, .. } => Some(source),
            GoldenError::Missing { .. } | GoldenError::Stranded { .. } | GoldenError::Outdated { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests;
