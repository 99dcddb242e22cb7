//! What stands for the written form of a type where nothing is recorded. There is none.

/// How values of a type are written down and read back.
#[derive(Debug, Clone, Copy)]
#[allow(clippy::exhaustive_enums, reason = "there is no value of it")]
pub enum Codec {}
