//! How long a model of Anthropic's thinks, and what that leaves for its words, at whatever door it is asked. Must not know the rest of a request.

use crate::llm::chat::request::Effort;
use crate::llm::error::LlmError;
use crate::llm::profile::{Profile, ReasoningStyle};
use crate::llm::wire::checks::unsupported;
use serde_json::{Value, json};

/// What is written where nothing says how long an answer may be.
const MAX_TOKENS: u64 = 8192;
/// The least that it can be told to think, by the [reference](https://platform.claude.com/docs/en/build-with-claude/extended-thinking).
const BUDGET_MIN: u64 = 1024;
/// What is kept for words where an effort is a word and not a number.
const WORDS: u64 = 4096;

/// What is said of thinking.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Thinking {
    /// The field `thinking`.
    pub(crate) thinking: Option<Value>,
    /// The field `output_config.effort`.
    pub(crate) effort: Option<&'static str>,
    /// The field `max_tokens`: words and thoughts together. What was asked for, what the model can write at most, or 8192 where that is not
    /// known, and always more than the budget.
    pub(crate) max_tokens: u64,
    /// Whether it thinks, as far as we ask for it.
    pub(crate) thinks: bool,
}

/// Decides what is said. `asked` is how many tokens the answer may have.
pub(crate) fn decide(profile: &Profile, effort: Option<Effort>, asked: Option<u32>) -> Result<Thinking, LlmError> {
    let most = profile.output_tokens;
    let max_tokens = asked.map(u64::from).or(most).unwrap_or(MAX_TOKENS);
    let silent = Thinking { max_tokens, ..Thinking::default() };
    let Some(effort) = effort else { return Ok(silent) };
    match profile.reasoning {
        ReasoningStyle::None if effort == Effort::Off => Ok(silent),
        ReasoningStyle::None | ReasoningStyle::Template => {
            Err(unsupported("the model cannot be told how long to think"))
        }
        ReasoningStyle::Budget => match budget(effort, most)? {
            None => Ok(silent),
            Some(budget) => Ok(Thinking {
                thinking: Some(json!({ "type": "enabled", "budget_tokens": budget })),
                effort: None,
                max_tokens: room(budget, max_tokens, most)?,
                thinks: true,
            }),
        },
        ReasoningStyle::Effort => Ok(Thinking { effort: word(effort)?, ..silent }),
        ReasoningStyle::Adaptive => {
            let effort = word(effort)?;
            let thinking = match effort {
                None => json!({ "type": "disabled" }),
                // Newer models show no thoughts unless asked to.
                Some(_) => json!({ "type": "adaptive", "display": "summarized" }),
            };
            Ok(Thinking { thinking: Some(thinking), effort, max_tokens, thinks: effort.is_some() })
        }
    }
}

/// <https://platform.claude.com/docs/en/build-with-claude/effort>
fn word(effort: Effort) -> Result<Option<&'static str>, LlmError> {
    match effort {
        Effort::Off | Effort::Tokens(0) => Ok(None),
        Effort::Minimal | Effort::Low => Ok(Some("low")),
        Effort::Medium => Ok(Some("medium")),
        Effort::High => Ok(Some("high")),
        Effort::Tokens(_) => {
            Err(unsupported("the model decides by itself how many tokens it thinks: ask for an effort by a word"))
        }
    }
}

/// How many tokens it may think; nothing where it is not to think.
fn budget(effort: Effort, most: Option<u64>) -> Result<Option<u64>, LlmError> {
    let word = match effort {
        Effort::Off | Effort::Tokens(0) => return Ok(None),
        Effort::Minimal => BUDGET_MIN,
        Effort::Low => 4096,
        Effort::Medium => 16_384,
        Effort::High => 32_768,
        // A number is meant as it stands.
        Effort::Tokens(tokens) if u64::from(tokens) < BUDGET_MIN => {
            return Err(unsupported(format!("the model thinks for at least {BUDGET_MIN} tokens, not for {tokens}")));
        }
        Effort::Tokens(tokens) => return Ok(Some(tokens.into())),
    };
    let fits = most.map_or(word, |most| word.min(most.saturating_sub(WORDS)));
    if fits < BUDGET_MIN {
        let most = most.unwrap_or_default();
        return Err(unsupported(format!("the model can write {most} tokens, too few to think of them")));
    }
    Ok(Some(fits))
}

/// How long the answer may be with thoughts of that budget, which has to be less.
fn room(budget: u64, max_tokens: u64, most: Option<u64>) -> Result<u64, LlmError> {
    if max_tokens > budget {
        return Ok(max_tokens);
    }
    let wanted = budget.saturating_add(max_tokens.max(1));
    let room = most.map_or(wanted, |most| wanted.min(most));
    if room <= budget {
        let why = format!("thoughts of {budget} tokens leave nothing of the {room} tokens that the model can write");
        return Err(unsupported(why));
    }
    Ok(room)
}
