//! Typed agent pipelines.

pub mod clock;
pub mod id;
pub mod message;
pub mod secret;
pub mod validate;
