//! The drawn flows, as they are, with what simulates one in the place of what drives one.

#[path = "../all/proof/flows.rs"]
pub(crate) mod flows;
#[path = "../all/proof/nodes.rs"]
mod nodes;
pub(crate) mod run;
