//! Where the feature `llm-aws` is off, nothing is signed.

use crate::llm::error::{LlmError, LlmErrorKind};
use crate::llm::signing::AwsKeySource;
use crate::llm::transport::Transport;
use std::sync::Arc;

pub(crate) fn signing(
    _: Arc<dyn Transport>,
    _: Arc<dyn AwsKeySource>,
    _: &str,
    _: &'static str,
) -> Result<Arc<dyn Transport>, LlmError> {
    let message =
        "signing with an access key of AWS is the feature `llm-aws` of penguiflow, which this program is built without";
    Err(LlmError::new(LlmErrorKind::Unsupported, message).unsent())
}
