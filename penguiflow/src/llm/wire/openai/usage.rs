//! Reads how much an answer used. Must not know prices.

use crate::llm::chat::usage::Usage;
use serde_json::Value;

/// What a `usage` object says; nothing where it says that nothing was used, which no answer does.
///
/// <https://platform.openai.com/docs/api-reference/chat/object>; `prompt_cache_hit_tokens` is DeepSeek's
/// (<https://api-docs.deepseek.com/guides/kv_cache>), `cache_write_tokens` OpenRouter's.
pub(super) fn usage(value: &Value) -> Option<Usage> {
    let (input, written) = (count(value, "/prompt_tokens")?, count(value, "/completion_tokens").unwrap_or(0));
    let reasoning = count(value, "/completion_tokens_details/reasoning_tokens").unwrap_or(0);
    let cached = ["/prompt_tokens_details/cached_tokens", "/prompt_cache_hit_tokens", "/cached_tokens"];
    let cached = cached.iter().find_map(|at| count(value, at)).unwrap_or(0);
    let cache_written = count(value, "/prompt_tokens_details/cache_write_tokens").unwrap_or(0);
    // xAI counts thoughts beside what was written (<https://docs.x.ai/docs/guides/reasoning>); the sum tells.
    let beside = input.checked_add(written).and_then(|sum| sum.checked_add(reasoning));
    let output = match count(value, "/total_tokens") {
        Some(total) if reasoning > 0 && beside == Some(total) => written.saturating_add(reasoning),
        _ => written,
    };
    let told = input > 0 || output > 0;
    told.then(|| Usage::new(input, output).with_cached(cached, cache_written).with_reasoning(reasoning))
}

/// A number of tokens; some servers write them as `12.0`.
pub(crate) fn count(value: &Value, pointer: &str) -> Option<u64> {
    let number = value.pointer(pointer)?;
    let whole = |number: f64| (0.0..9e15).contains(&number).then_some(number as u64);
    number.as_u64().or_else(|| number.as_f64().and_then(whole))
}
