//! The command `docs_search`: hands the real streams and Ctrl-C to the library. Decides nothing but the default folder.

use penguiflow::clock::secs;
use penguiflow_examples::docs_search::{Console, TROUBLE};
use std::future::pending;
use std::io::{self, ErrorKind, Write as _, stderr, stdout};
use std::path::{Path, PathBuf};
use std::{env, process};
use tokio::io::{BufReader, stdin};
use tokio::signal::ctrl_c;

#[tokio::main]
async fn main() -> io::Result<()> {
    let args: Vec<String> = env::args_os().skip(1).map(|arg| arg.to_string_lossy().into_owned()).collect();
    let (input, out, err) = (BufReader::new(stdin()), stdout(), stderr());
    let mut console = Console { folder: default_folder(), input, out, err, tell_every: secs(1) };
    let ctrl_c = async {
        if ctrl_c().await.is_err() {
            pending().await
        }
    };
    let code = match console.run(&args, ctrl_c).await {
        Ok(code) => code,
        // Whoever reads our output, say `head`, has seen enough.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => 0,
        Err(error) => writeln!(stderr(), "docs_search: {error}").map(|()| TROUBLE)?,
    };
    // A read from a dead network folder or from an open terminal may never return, and must not hold the process.
    process::exit(code.into())
}

/// The workspace when cargo runs us, by a short name where that is possible; else where the user stands.
fn default_folder() -> PathBuf {
    let member = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let workspace = member.as_deref().and_then(Path::parent).unwrap_or(Path::new("."));
    let here = env::current_dir().unwrap_or_default();
    Path::new(".").join(workspace.strip_prefix(here).unwrap_or(workspace))
}
