//! Writes how long a model may think. Must not know what else is asked.

use crate::llm::chat::request::Effort;
use crate::llm::error::LlmError;
use crate::llm::profile::ReasoningStyle;
use crate::llm::wire::Target;
use crate::llm::wire::checks::unsupported;
use crate::llm::wire::openai::fields::{limit_field, put as put_field};
use crate::llm::wire::openai::form::{Form, Thinking};
use serde_json::{Map, Value, json};

/// As many tokens stay for the answer where the limit leaves none behind the thoughts.
const ANSWER_TOKENS: u32 = 4_096;
/// The smallest budget that is taken: <https://docs.anthropic.com/en/docs/build-with-claude/extended-thinking>.
const BUDGET_MIN: u32 = 1_024;

pub(super) fn put(form: &Form, target: &Target, effort: Effort, body: &mut Map<String, Value>) -> Result<(), LlmError> {
    match (target.profile.reasoning, form.thinking) {
        (ReasoningStyle::None, _) if effort == Effort::Off => {}
        (ReasoningStyle::None, _) => return Err(unsupported("the model cannot be told how long to think")),
        (ReasoningStyle::Template, _) => template(&target.model, effort, body)?,
        (_, Thinking::OpenRouter) => open_router(&target.model, effort, body),
        (ReasoningStyle::Effort, Thinking::Word | Thinking::Databricks) => {
            put_field(body, "reasoning_effort", word(effort)?);
        }
        (ReasoningStyle::Budget, Thinking::Databricks) => budget(target, effort, body),
        (ReasoningStyle::Adaptive, Thinking::Databricks) => adaptive(effort, body)?,
        (ReasoningStyle::Budget | ReasoningStyle::Adaptive, Thinking::Word) => {
            return Err(unsupported("this format has no field for how many tokens a model may think"));
        }
    }
    Ok(())
}

/// <https://platform.openai.com/docs/guides/reasoning>
pub(crate) fn word(effort: Effort) -> Result<&'static str, LlmError> {
    Ok(match effort {
        Effort::Off => "none",
        Effort::Minimal => "minimal",
        Effort::Low => "low",
        Effort::Medium => "medium",
        Effort::High => "high",
        Effort::Tokens(_) => {
            return Err(unsupported("the model is told by a word how long to think, and not in tokens"));
        }
    })
}

fn open_router(model: &str, effort: Effort, body: &mut Map<String, Value>) {
    let reasoning = match effort {
        Effort::Off => json!({"enabled": false}),
        // Grok thinks, or it does not.
        _ if model.starts_with("x-ai/") => json!({"enabled": true}),
        Effort::Tokens(tokens) => json!({"max_tokens": tokens}),
        Effort::Minimal => json!({"effort": "minimal"}),
        Effort::Low => json!({"effort": "low"}),
        Effort::Medium => json!({"effort": "medium"}),
        Effort::High => json!({"effort": "high"}),
    };
    put_field(body, "reasoning", reasoning);
}

/// Thoughts count as part of the answer, so its limit has to lie above their budget.
fn budget(target: &Target, effort: Effort, body: &mut Map<String, Value>) {
    let asked = match effort {
        Effort::Off => return put_field(body, "thinking", json!({"type": "disabled"})),
        Effort::Minimal => BUDGET_MIN,
        Effort::Low => 4_096,
        Effort::Medium => 16_384,
        Effort::High => 32_768,
        Effort::Tokens(tokens) => tokens.max(BUDGET_MIN),
    };
    let field = limit_field(target.profile.limit_field);
    let most = target.profile.output_tokens.and_then(|most| u32::try_from(most).ok()).unwrap_or(u32::MAX);
    let limit = body.get(field).and_then(Value::as_u64).and_then(|limit| u32::try_from(limit).ok());
    let limit = match limit {
        Some(limit) if limit > asked => limit,
        _ => asked.saturating_add(ANSWER_TOKENS).min(most),
    };
    let fits = asked.min(limit.saturating_sub(ANSWER_TOKENS.min(limit / 2)));
    put_field(body, field, limit);
    put_field(body, "thinking", json!({"type": "enabled", "budget_tokens": fits}));
}

fn adaptive(effort: Effort, body: &mut Map<String, Value>) -> Result<(), LlmError> {
    if effort == Effort::Off {
        put_field(body, "thinking", json!({"type": "disabled"}));
        return Ok(());
    }
    let word = match effort {
        Effort::Minimal => "low",
        other => word(other)?,
    };
    put_field(body, "thinking", json!({"type": "adaptive"}));
    put_field(body, "output_config", json!({"effort": word}));
    Ok(())
}

/// What the chat templates of open models call the switch, by what their names hold.
const SWITCHES: &[(&str, &str, Switch)] = &[
    ("qwen3.5-397b", "thinking_mode", Switch::Words("thinking", "non-thinking")),
    ("step-3.5-flash", "reasoning_mode", Switch::Words("thinking", "none")),
    ("glm5", "reasoning_mode", Switch::Words("thinking", "none")),
    ("kimi-k2.5", "reasoning_mode", Switch::Words("thinking", "none")),
    ("deepseek-v3.1-terminus", "reasoning_mode", Switch::Words("thinking", "none")),
    ("minimax-m2.1", "enable_thinking", Switch::Bool),
    ("qwen3", "enable_thinking", Switch::Bool),
];

#[derive(Clone, Copy)]
enum Switch {
    Words(&'static str, &'static str),
    Bool,
}

fn template(model: &str, effort: Effort, body: &mut Map<String, Value>) -> Result<(), LlmError> {
    if let Effort::Tokens(_) = effort {
        return Err(unsupported("the model is told by a switch whether to think, and not in tokens"));
    }
    let model = model.to_ascii_lowercase();
    let known = SWITCHES.iter().find(|(part, ..)| model.contains(part));
    let (name, switch) = known.map_or(("thinking", Switch::Bool), |(_, name, switch)| (*name, *switch));
    let thinks = effort != Effort::Off;
    let value = match switch {
        Switch::Words(yes, no) => json!(if thinks { yes } else { no }),
        Switch::Bool => json!(thinks),
    };
    put_field(body, "chat_template_kwargs", json!({ name: value }));
    Ok(())
}
