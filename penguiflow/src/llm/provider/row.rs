//! What is known of a provider, as data. Must not know any one of them.

use crate::llm::error::LlmError;
use crate::llm::profile::Profile;
use crate::llm::wire::Wire;
use crate::llm::wire::anthropic::Anthropic;
use crate::llm::wire::converse::Converse;
use crate::llm::wire::gemini::Gemini;
use crate::llm::wire::openai::Chat;
use crate::llm::wire::openai::form::{Address, Form};
use crate::llm::wire::responses::Responses;
use std::borrow::Cow;
use std::sync::Arc;

/// A provider.
#[derive(Clone)]
pub(super) struct Row {
    pub(super) name: &'static str,
    pub(super) aliases: &'static [&'static str],
    pub(super) base: Base,
    pub(super) key: KeyNeed,
    pub(super) format: Format,
    /// The variables of the environment that hold the key, the first one first.
    pub(super) key_vars: &'static [&'static str],
    pub(super) base_vars: &'static [&'static str],
    pub(super) version_vars: &'static [&'static str],
    /// Those that hold an OAuth client and its secret. They go before a key.
    pub(super) client_vars: Option<(&'static str, &'static str)>,
    /// The service of AWS that takes requests signed with an access key as well.
    pub(super) signed: Option<&'static str>,
    /// Where such a client gets its token, behind the base URL.
    pub(super) token_path: &'static str,
    /// Headers, and their values.
    pub(super) headers: &'static [(&'static str, &'static str)],
    /// Headers, and the variables that hold their values.
    pub(super) header_vars: &'static [(&'static str, &'static str)],
    /// Makes a base URL of what people write.
    pub(super) tidy: fn(&str) -> String,
    /// What its models can do, as far as nothing else is known.
    pub(super) profile: fn() -> Profile,
}

/// Where a provider is.
#[derive(Clone)]
pub(super) enum Base {
    Own(&'static str),
    /// Each account has another one, such as this.
    Asked(&'static str),
}

/// Whether a request needs a key.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum KeyNeed {
    Needed,
    Optional,
}

/// The format that a provider speaks.
#[derive(Clone)]
pub(super) enum Format {
    Chat(Form),
    Responses,
    Anthropic,
    Gemini,
    Converse,
}

impl Format {
    pub(super) fn wire(&self, profile: &Profile, api_version: Option<&str>) -> Result<Arc<dyn Wire>, LlmError> {
        Ok(match self {
            Format::Anthropic => Arc::new(Anthropic),
            Format::Gemini => Arc::new(Gemini),
            Format::Converse => Arc::new(Converse),
            Format::Chat(form) => {
                let mut form = form.clone();
                if let (Address::Deployment { api_version }, Some(asked)) = (&mut form.address, api_version) {
                    *api_version = Cow::Owned(asked.to_owned());
                }
                Arc::new(Chat::new(form, profile.think_tags))
            }
            Format::Responses => Arc::new(Responses),
        })
    }
}
