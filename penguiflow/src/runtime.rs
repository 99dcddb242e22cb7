//! Runs flows: hops, forks, loops, maps, the root of a trace, and the handle in front of it.

pub(crate) mod admission;
pub(crate) mod asked;
pub(crate) mod batch;
pub(crate) mod chunks;
pub(crate) mod desk;
pub(crate) mod floe;
pub(crate) mod flow;
pub(crate) mod fork;
pub(crate) mod handle;
pub(crate) mod hop;
pub(crate) mod judge;
pub(crate) mod keys;
pub(crate) mod leave;
pub(crate) mod map;
pub(crate) mod observe;
pub(crate) mod playbook;
pub(crate) mod posts;
pub(crate) mod queue;
pub(crate) mod registry;
pub(crate) mod repeat;
pub(crate) mod retry;
pub(crate) mod root;
pub(crate) mod route;
pub(crate) mod slot;
pub(crate) mod spawned;
pub(crate) mod sub;
pub(crate) mod tee;
pub(crate) mod told;
pub(crate) mod trace;
pub(crate) mod weave;
pub(crate) mod woken;

#[cfg(test)]
mod tests;
