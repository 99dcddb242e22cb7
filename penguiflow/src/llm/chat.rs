//! The vocabulary of conversations with models. Knows no provider.

pub(crate) mod assembly;
pub(crate) mod event;
pub(crate) mod media;
pub(crate) mod message;
pub(crate) mod part;
pub(crate) mod request;
pub(crate) mod response;
pub(crate) mod tool;
pub(crate) mod usage;
