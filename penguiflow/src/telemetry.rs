//! Carries what flows tell to whoever reads it: log lines and collectors. Must not know how a flow runs.

#[cfg(feature = "otel")]
mod http;
pub(crate) mod live;
#[cfg(feature = "logging")]
pub(crate) mod logging;
#[cfg(feature = "mlflow")]
pub(crate) mod mlflow;
#[cfg(feature = "otel")]
pub(crate) mod otel;
#[cfg(feature = "otel")]
mod pause;
#[cfg(feature = "prometheus")]
pub(crate) mod prometheus;
#[cfg(feature = "recording")]
pub(crate) mod recording;
