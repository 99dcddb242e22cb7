//! What the integration tests and the checks of the repository share. Knows nothing about single features.

pub mod acceptance;
pub mod metadata;
