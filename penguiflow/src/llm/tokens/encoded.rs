//! Counts with the tables of OpenAI's tokenizers. Must not know what is counted for.

use std::collections::HashSet;

/// How long a text is counted exactly; what is longer takes too long.
const BYTES_MAX: usize = 1024 * 1024;

/// Beginnings of the names of models that `o200k_base` is the tokenizer of.
///
/// <https://github.com/openai/tiktoken/blob/main/tiktoken/model.py>
const O200K: &[&str] = &["gpt-4o", "chatgpt-4o", "gpt-4.1", "gpt-4.5", "gpt-5", "codex-mini", "o1", "o3", "o4-mini"];
/// And `cl100k_base`.
const CL100K: &[&str] = &["gpt-4", "gpt-3.5", "gpt-35"];
/// Who calls those models by those names. Models with open weights have their names everywhere.
const PROVIDERS: &[&str] = &["openai", "azure", "openrouter"];
const OPEN: &str = "gpt-oss";

/// How many tokens the text has, if the tokenizer of that model is known and takes it.
pub(super) fn counted(provider: &str, model: &str, text: &str) -> Option<u64> {
    if text.len() > BYTES_MAX {
        return None;
    }
    let model = model.strip_prefix("openai/").unwrap_or(model).to_ascii_lowercase();
    let begins = |names: &[&str]| PROVIDERS.contains(&provider) && names.iter().any(|name| model.starts_with(name));
    let tokenizer = if model.starts_with(OPEN) || begins(O200K) {
        tiktoken_rs::o200k_base_singleton()
    } else if begins(CL100K) {
        tiktoken_rs::cl100k_base_singleton()
    } else {
        return None;
    };
    // Words for special tokens are words in a text. Its regex gives up on some texts; an estimate is better than a panic.
    tokenizer.count(text, &HashSet::new()).ok().map(|count| u64::try_from(count).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests;
