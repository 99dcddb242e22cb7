//! The drawn flows of the proof, as they stand there.

#[allow(dead_code, reason = "a soak keeps to the flows")]
#[path = "../../tests/all/proof/flows.rs"]
pub(crate) mod flows;
#[path = "../../tests/all/proof/nodes.rs"]
mod nodes;
#[allow(dead_code, reason = "a soak keeps no books")]
#[path = "../../tests/all/proof/run.rs"]
pub(crate) mod run;
