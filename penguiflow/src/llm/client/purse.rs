//! What a call may cost, set aside before it is sent. Must not know how it is sent.

use crate::graph::allowance::Reservation;
use crate::graph::context::Ctx;
use crate::llm::chat::message::Cache;
use crate::llm::chat::request::ChatRequest;
use crate::llm::chat::usage::Usage;
use crate::llm::error::{LlmError, LlmErrorKind};
use crate::llm::model::ModelInfo;
use crate::llm::tokens;
use crate::message::Cost;
use crate::money::Money;

/// Sets aside what the request costs at most, where it works for a trace.
///
/// Where the trace has a budget of money or tokens, what the request reads and writes at most has to be known, and for money its price.
pub(super) fn reserve(
    ctx: Option<&Ctx>,
    info: &ModelInfo,
    request: &ChatRequest,
) -> Result<Option<Reservation>, LlmError> {
    let Some(ctx) = ctx else { return Ok(None) };
    let allowance = ctx.budget();
    let left = allowance.left();
    if left.tokens.is_none() && left.usd.is_none() {
        return Ok(None);
    }
    let profile = &info.profile;
    let input = tokens::tokens_at_most(info, request)
        .ok_or_else(|| unknown("how many tokens its pictures and sounds have", "image_tokens"))?;
    let written = request.max_output_tokens.map(u64::from).or(profile.output_tokens);
    let output = written.ok_or_else(|| {
        let what = "how many tokens it may write";
        LlmError::new(
            LlmErrorKind::Unpriced,
            format!(
                "the trace has a budget, and it is not known {what}: \
             give the request `max_output_tokens`, or the model `output_tokens` in a file of models"
            ),
        )
    })?;
    let usd = match (&profile.price, left.usd) {
        (Some(price), _) if keeps_for_an_hour(request) => price.worst(input, output),
        (Some(price), _) => price.without_hour().worst(input, output),
        (None, None) => Money::ZERO,
        (None, Some(_)) => return Err(unknown("its price", "price")),
    };
    let cost = Cost::tokens(input.saturating_add(output)).and_usd(usd);
    allowance.reserve(cost).map(Some).map_err(|over| {
        let message = format!("the call may cost {} tokens and {usd}", cost.tokens);
        LlmError::new(LlmErrorKind::OverBudget(over.limit), message).with_source(over)
    })
}

/// Whether the request may put something into the provider's cache for an hour: it says so, or has fields that we do not know.
fn keeps_for_an_hour(request: &ChatRequest) -> bool {
    !request.extra.is_empty() || request.messages.iter().any(|message| message.cache == Some(Cache::Hour))
}

fn unknown(what: &str, key: &str) -> LlmError {
    let message = format!(
        "the trace has a budget, and {what} is not known: give the model `{key}` in a file of models that \
         `PENGUIFLOW_MODELS` names, or in its profile"
    );
    LlmError::new(LlmErrorKind::Unpriced, message)
}

/// What the usage costs; nothing known where the price is not.
pub(super) fn price(info: &ModelInfo, usage: Usage) -> Option<Money> {
    info.profile.price.as_ref().map(|price| price.of(usage).total())
}

/// Charges what the call came to.
pub(super) fn settle(reservation: Option<Reservation>, usage: Usage, usd: Option<Money>) {
    if let Some(reservation) = reservation {
        reservation.settle(Cost::tokens(usage.total()).and_usd(usd.unwrap_or_default()));
    }
}

/// Gives all of it back: it is certain that nothing is charged.
pub(super) fn release(reservation: Option<Reservation>) {
    settle(reservation, Usage::default(), None);
}
