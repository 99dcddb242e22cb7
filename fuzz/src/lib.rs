//! What the fuzz targets share: the inside of the macro crate, and what holds of everything that it prints. Must not know the
//! fuzzer.
//!
//! Nothing but a compiler can link a macro crate, so its rooms are compiled anew here, as they are; what touches the compiler
//! itself, its door, stays out.

#[cfg(fuzzing)]
compile_error!(
    "build with `--no-cfg-fuzzing`: under `cfg(fuzzing)` no token has a place, and places are part of what is checked"
);

#[path = "../../penguiflow-macros/src"]
#[allow(dead_code, reason = "some of it is for the door alone")]
mod inside {
    pub(crate) mod args;
    pub(crate) mod crate_path;
    pub(crate) mod diag;
    pub(crate) mod docs;
    pub(crate) mod fallback;
    pub(crate) mod flow;
    pub(crate) mod message;
    pub(crate) mod node;
    pub(crate) mod sig;
    pub(crate) mod state;
}
// The rooms name each other from the root of their crate.
use inside::{args, crate_path, diag, docs, fallback, flow, message, node, sig, state};

mod graph;
pub mod macros;
mod mistakes;
pub mod text;
