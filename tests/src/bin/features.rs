//! Prints penguiflow's features, one a line, for the run that builds each of them alone.

use penguiflow_tests::metadata::Metadata;
use std::io::{self, Write as _};

fn main() -> io::Result<()> {
    let metadata = Metadata::read()?;
    let package = metadata.member("penguiflow").ok_or_else(|| io::Error::other("no penguiflow in the workspace"))?;
    let names: Vec<&str> = package.features.keys().map(String::as_str).filter(|name| *name != "default").collect();
    writeln!(io::stdout(), "{}", names.join("\n"))
}
