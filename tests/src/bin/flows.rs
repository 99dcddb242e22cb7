//! Writes the flows that are drawn to where the tests run them.

use penguiflow_tests::{metadata, proof};
use std::{fs, io};

fn main() -> io::Result<()> {
    fs::write(
        metadata::root().join("tests/tests/all/proof/flows.rs"),
        proof::print::file(
            &proof::draw::flows(),
            &proof::draw::lines(),
            &proof::web::webs(),
            &proof::batches::batches(),
        ),
    )
}
