//! Says what an error of Bedrock's means: by its type, and by its words where several things share a type. Source: the
//! [errors of Converse](https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html#API_runtime_Converse_Errors) and those
//! [common to all](https://docs.aws.amazon.com/bedrock/latest/APIReference/CommonErrors.html).

use crate::llm::error::{LlmError, LlmErrorKind, Patience};
use crate::llm::transport::Headers;
use crate::llm::wire::fault::Said;
use serde_json::Value;
use std::time::SystemTime;

/// The error that a reply stands for.
pub(crate) fn reply(status: u16, headers: &Headers, body: &[u8], now: SystemTime) -> LlmError {
    let said = Said::reply(status, headers, body, now);
    // `ValidationException:http://internal.amazon.com/coral/com.amazon.bedrock/`
    let name = headers.get("x-amzn-errortype").and_then(|kind| kind.split(':').next()).map(str::to_owned);
    let name = name.or_else(|| said.codes.iter().find(|code| code.ends_with("exception")).cloned());
    of(said, &name.unwrap_or_default())
}

/// The error that stands in a stream in the place of an event.
pub(crate) fn inside(name: &str, payload: &str) -> LlmError {
    of(Said::value(&serde_json::from_str(payload).unwrap_or(Value::Null)), name)
}

fn of(mut said: Said, name: &str) -> LlmError {
    let retry_after = said.retry_after;
    let kind = match name.trim().to_ascii_lowercase().as_str() {
        "throttlingexception" | "throttling" | "toomanyrequestsexception" | "servicequotaexceededexception" => {
            LlmErrorKind::RateLimited { retry_after }
        }
        "accessdeniedexception"
        | "unrecognizedclientexception"
        | "expiredtokenexception"
        | "expiredtoken"
        | "invalidclienttokenid"
        | "invalidsignatureexception"
        | "incompletesignature"
        | "incompletesignatureexception"
        | "missingauthenticationtoken"
        | "missingauthenticationtokenexception"
        | "notauthorized"
        | "optinrequired" => LlmErrorKind::Auth,
        "resourcenotfoundexception" => LlmErrorKind::UnknownModel,
        "modeltimeoutexception" | "requesttimeoutexception" => LlmErrorKind::Timeout(Patience::Provider),
        "internalserverexception"
        | "internalfailure"
        | "serviceunavailableexception"
        | "serviceunavailable"
        | "modelnotreadyexception"
        | "modelerrorexception"
        | "modelstreamerrorexception" => LlmErrorKind::Overloaded { retry_after },
        "validationexception" | "validationerror" => match validation(&said.message) {
            Some(kind) => kind,
            None => {
                said.status = said.status.or(Some(400));
                return said.into_error();
            }
        },
        _ => return said.into_error(),
    };
    said.of_kind(kind)
}

/// What an invalid request is, where its words tell more.
fn validation(message: &str) -> Option<LlmErrorKind> {
    let message = message.to_ascii_lowercase();
    if message.contains("model identifier is invalid") {
        return Some(LlmErrorKind::UnknownModel);
    }
    // Without numbers; where there are some, `Said` reads them.
    message.contains("input is too long").then_some(LlmErrorKind::ContextLength { limit: None, asked: None })
}
