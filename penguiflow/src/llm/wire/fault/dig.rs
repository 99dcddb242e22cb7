//! Finds the error in the JSON of a reply, however deep it is wrapped. Must not know what its codes mean.

use crate::llm::wire::fault::clean::shown;
use crate::llm::wire::fault::{Said, wait};
use serde_json::{Map, Value};

/// How many wrappings are opened.
const DEPTH_MAX: usize = 12;
/// How long a code or the name of a field may be.
const NAME_CHARS_MAX: usize = 100;

pub(super) fn dig(value: &Value) -> Said {
    let mut said = Said::default();
    let mut words = String::new();
    into(value, DEPTH_MAX, &mut said, &mut words);
    said.message = shown(&words);
    // The innermost knows best.
    said.codes.reverse();
    said
}

fn into(value: &Value, depth: usize, said: &mut Said, words: &mut String) {
    if depth == 0 {
        return;
    }
    match value {
        Value::Object(object) => {
            note(object, said);
            // FastAPI names what is wrong in `detail`; OpenRouter has the error of whoever it asked in `metadata.raw`.
            let names = [
                "errors",
                "title",
                "detail",
                "Message",
                "message",
                "msg",
                "error_description",
                "error",
                "metadata",
                "raw",
            ];
            for name in names {
                if let Some(inner) = object.get(name) {
                    into(inner, depth - 1, said, words);
                }
            }
        }
        Value::Array(all) => {
            if let Some(first) = all.first() {
                into(first, depth - 1, said, words);
            }
        }
        Value::String(text) => {
            if !text.trim().is_empty() {
                text.clone_into(words);
            }
            if let Some(inner) = error_in(text) {
                into(&inner, depth - 1, said, words);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn note(object: &Map<String, Value>, said: &mut Said) {
    // Outer names first: what is read last is turned to the front.
    for name in ["status", "__type", "error_code", "type", "code"] {
        match object.get(name) {
            Some(Value::String(code)) => {
                // `com.amazon#ThrottlingException`
                let code = code.rsplit('#').next().unwrap_or(code);
                said.codes.push(limited(&code.to_ascii_lowercase()));
            }
            Some(Value::Number(number)) => {
                let status = number.as_u64().and_then(|status| u16::try_from(status).ok());
                said.status = status.filter(|status| (400..600).contains(status)).or(said.status);
            }
            _ => {}
        }
    }
    if let Some(Value::String(field)) = object.get("param") {
        said.field = Some(limited(field));
    }
    if let Some(Value::Array(place)) = object.get("loc") {
        let names = place.iter().filter_map(Value::as_str).filter(|name| *name != "body");
        said.field = Some(limited(&names.collect::<Vec<_>>().join("."))).filter(|field| !field.is_empty());
    }
    // OpenRouter, where an input is not let through: <https://openrouter.ai/docs/api-reference/errors>.
    if object.contains_key("flagged_input") {
        said.codes.push("moderation".to_owned());
    }
    // llama-server, where a conversation is too long.
    said.tokens.0 = object.get("n_ctx").and_then(Value::as_u64).or(said.tokens.0);
    said.tokens.1 = object.get("n_prompt_tokens").and_then(Value::as_u64).or(said.tokens.1);
    // Google: <https://github.com/googleapis/googleapis/blob/master/google/rpc/error_details.proto>.
    if let Some(Value::Array(details)) = object.get("details") {
        let wait = details.iter().find_map(|detail| detail.get("retryDelay")?.as_str());
        said.retry_after = wait.and_then(wait::duration).or(said.retry_after);
    }
}

/// The JSON of an error that stands in a text, behind whatever words.
fn error_in(text: &str) -> Option<Value> {
    let from = text.get(text.find('{')?..)?;
    let value = serde_json::Deserializer::from_str(from).into_iter::<Value>().next()?.ok()?;
    ["error", "message", "detail"].iter().any(|name| value.get(name).is_some()).then_some(value)
}

fn limited(name: &str) -> String {
    shown(&name.chars().take(NAME_CHARS_MAX).collect::<String>())
}

/// What a body says that is no JSON; of a page of HTML its title.
pub(super) fn words(body: &str) -> String {
    let body = body.trim();
    if !body.starts_with('<') {
        return body.to_owned();
    }
    let title = body.split_once("<title>").and_then(|(_, rest)| rest.split_once("</title>"));
    title.map_or_else(|| "a page of HTML".to_owned(), |(title, _)| title.to_owned())
}
