//! Stands where the feature `llm-http` is off. Must not know a network.

use crate::llm::error::{LlmError, LlmErrorKind};
use crate::llm::transport::Transport;
use std::sync::Arc;

pub(crate) fn transport() -> Result<Arc<dyn Transport>, LlmError> {
    let why = "there is no way to the network: turn on the feature `llm-http`, or give a transport";
    Err(LlmError::new(LlmErrorKind::Unsupported, why))
}
