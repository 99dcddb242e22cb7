//! How many tokens a text has, or a request. Must not know prices, and asks no provider.

#[cfg(feature = "llm-tokens")]
mod encoded;
mod estimate;
mod request;
#[cfg(not(feature = "llm-tokens"))]
mod unencoded;

use crate::llm::chat::request::ChatRequest;
use crate::llm::chat::usage::Usage;
use crate::llm::model::ModelInfo;
use crate::llm::profile::Profile;
#[cfg(feature = "llm-tokens")]
use encoded::counted;
#[cfg(not(feature = "llm-tokens"))]
use unencoded::counted;

/// A number of tokens, and whether it was counted or estimated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Tokens {
    /// How many.
    pub count: u64,
    /// Whether the model's own tokenizer counted them. Else it is an [estimate](estimate_tokens).
    pub exact: bool,
}

/// How many tokens a text has about.
///
/// ```
/// use penguiflow::llm::estimate_tokens;
///
/// assert_eq!(estimate_tokens(""), 0);
/// assert_eq!(estimate_tokens("Penguins cannot fly."), 5);
/// assert_eq!(estimate_tokens("ペンギンは飛べない"), 8);
/// ```
///
/// *Formula*: a word of up to six letters, with the blank before it, is a token; each letter more is a sixth of one, and an accent nearly
/// half of one more. Three digits are one; a sign is nearly one, those behind it a third each. A letter of Cyrillic or Greek is a
/// third, of Arabic, Hebrew, Hindi or Thai two fifths, of Chinese, Japanese and Korean four fifths of a token; an emoji is two.
///
/// *Error*: for prose in some twenty-five languages, code, JSON and log lines, as the tests have them, between two thirds and four thirds of
/// what OpenAI's `o200k_base` counts, mostly within a fifth of it. Tokenizers differ: older ones count two to three times as much for
/// scripts other than Latin, Anthropic's newest about a third more for all. It is never 0 for a text that is not empty.
#[must_use]
pub fn estimate_tokens(text: &str) -> u64 {
    estimate::estimate(text)
}

/// How many tokens a text has for that model: exactly where its tokenizer is built in, as an [estimate](estimate_tokens) otherwise.
///
/// The feature `llm-tokens` builds those of OpenAI's models in, up to gpt-5. Nobody else's is open. A text of more than 1 MiB is
/// estimated. Counting takes time in proportion to the text, on the thread that asks; the first count of a process takes a moment more,
/// in which the tables are unpacked.
///
/// ```
/// use penguiflow::llm::count_tokens;
///
/// let tokens = count_tokens("anthropic", "claude-opus-5-5", "Penguins cannot fly.");
/// assert_eq!((tokens.count, tokens.exact), (5, false));
/// ```
#[must_use]
pub fn count_tokens(provider: &str, model: &str, text: &str) -> Tokens {
    match counted(provider, model, text) {
        Some(count) => Tokens { count, exact: true },
        None => Tokens { count: estimate_tokens(text), exact: false },
    }
}

/// The most tokens that this model can read in this request. None if that cannot be told: there is a picture whose
/// [tokens](Profile::image_tokens) are not known, or a sound.
///
/// ```
/// use penguiflow::llm::{ChatRequest, ModelInfo, tokens_at_most};
///
/// let model = ModelInfo::new("anthropic", "claude-opus-5-5");
/// let most = tokens_at_most(&model, &ChatRequest::from("Can penguins fly?")).expect("there are only words");
/// assert!((17..128).contains(&most));
/// ```
///
/// *Formula*: a text has as many tokens as it has bytes in UTF-8, because tokenizers of bytes never make two of one; where the
/// model's own is built in (see [`count_tokens`]), as many as it counts. Arguments and results of tools, schemas, names, signatures and
/// the fields of [`extra`](ChatRequest::extra) have as many as bytes of JSON. To that come 16 for each message and each call or
/// result, 8 for each other part, 64 for each tool and for the request, 1,024 for what providers say of tools to their models and 512
/// for what they say of a schema.
///
/// *Sources*: three or four tokens a message by <https://developers.openai.com/cookbook/examples/how_to_count_tokens_with_tiktoken>; a few
/// hundred of a system prompt for tools by <https://platform.claude.com/docs/en/agents-and-tools/tool-use/overview>.
///
/// *Limits*: what a provider puts in by itself is not known, such as the pages of a search that `extra` asks for.
#[must_use]
pub fn tokens_at_most(model: &ModelInfo, request: &ChatRequest) -> Option<u64> {
    let text = |text: &str| counted(&model.provider, &model.name, text).unwrap_or(request::bytes(text));
    request::at_most(request, &model.profile, text)
}

/// How many tokens this request has about, for a model of that profile. A picture whose [tokens](Profile::image_tokens) are not known
/// counts 1,000, and a sound one for 250 of its bytes.
#[must_use]
pub fn estimate_request(request: &ChatRequest, profile: &Profile) -> u64 {
    request::about(request, profile, estimate_tokens)
}

/// What a call used about, for a provider that does not tell: the request, and what was written.
///
/// ```
/// use penguiflow::llm::{ChatRequest, Profile, estimate_usage};
///
/// let usage = estimate_usage(&ChatRequest::from("Can penguins fly?"), "No.", &Profile::default());
/// assert!(usage.estimated && usage.input >= 4 && usage.output == 2);
/// ```
#[must_use]
pub fn estimate_usage(request: &ChatRequest, written: &str, profile: &Profile) -> Usage {
    Usage::new(estimate_request(request, profile), estimate_tokens(written)).as_estimate()
}

#[cfg(test)]
mod tests;
