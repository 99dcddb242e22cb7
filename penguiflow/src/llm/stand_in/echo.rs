//! A model that says what it was told. Must not know who asks.

use crate::llm::chat::message::Role;
use crate::llm::chat::request::ChatRequest;
use crate::llm::error::{LlmError, LlmErrorKind};
use crate::llm::model::{Call, Model, ModelInfo, ModelStream};
use crate::llm::stand_in::reply::ScriptedReply;
use crate::llm::stand_in::told::{free, tell};
use std::sync::Arc;

/// Says what the last message of the user says, whatever form is asked for.
///
/// ```
/// use futures_util::StreamExt;
/// use penguiflow::clock::Seam;
/// use penguiflow::llm::{Call, ChatRequest, EchoModel, Model};
/// use std::sync::Arc;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let steps = EchoModel::default().stream(Arc::new(ChatRequest::from("krill")), Call::new(Seam::seeded(1)));
/// let steps: Vec<_> = steps.collect().await;
/// assert_eq!(steps[0].as_ref().unwrap().as_text(), Some("krill"));
/// # }
/// ```
///
/// A conversation without a user is an error of the kind [`InvalidRequest`](LlmErrorKind::InvalidRequest).
#[derive(Clone, Debug)]
pub struct EchoModel {
    info: ModelInfo,
}

impl EchoModel {
    /// Under another name than `offline/echo`.
    #[must_use]
    pub fn with_info(self, info: ModelInfo) -> Self {
        EchoModel { info }
    }
}

impl Default for EchoModel {
    fn default() -> Self {
        EchoModel { info: free("offline", "echo") }
    }
}

impl Model for EchoModel {
    fn info(&self) -> &ModelInfo {
        &self.info
    }

    fn stream(&self, request: Arc<ChatRequest>, call: Call) -> ModelStream {
        let said = request.messages.iter().rfind(|message| message.role == Role::User).map(|message| message.text());
        let reply = said.map_or_else(
            || {
                let kind = LlmErrorKind::InvalidRequest { field: Some("messages".to_owned()) };
                ScriptedReply::fail(LlmError::new(kind, "no message of a user is there to say again"))
            },
            ScriptedReply::from,
        );
        tell(reply, &request, call, self.info.to_string())
    }
}
