//! Carries what flows tell to whoever reads it: log lines and collectors. Must not know how a flow runs.

#[cfg(feature = "logging")]
pub(crate) mod logging;
