//! Models that stand where no provider is: for tests, for examples, for a first run. Must not know who asks.

pub(crate) mod echo;
pub(crate) mod extract;
pub(crate) mod faulty;
pub(crate) mod reply;
pub(crate) mod scripted;
mod told;
