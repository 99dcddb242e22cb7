//! The way to the network, where the feature `llm-http` is on. Must not know what is sent.

#[cfg(feature = "llm-http")]
mod linked;
#[cfg(not(feature = "llm-http"))]
mod unlinked;

#[cfg(feature = "llm-http")]
pub use linked::HttpTransport;
#[cfg(feature = "llm-http")]
pub(crate) use linked::transport;
#[cfg(not(feature = "llm-http"))]
pub(crate) use unlinked::transport;
