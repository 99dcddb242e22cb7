//! What the integration tests and the checks of the repository share. Knows nothing about single features.

pub mod acceptance;
pub mod metadata;
pub mod proof;

/// The README's code, compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;
