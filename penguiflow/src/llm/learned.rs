//! What a model turned out to be while it was used. Pure: asks nobody, and must not know who remembers it.

use crate::llm::error::{LlmError, LlmErrorKind};
use crate::llm::profile::{OutputMode, Profile};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Of how many models something is remembered. The names come from whoever configures, not from models.
const MODELS_MAX: usize = 1_024;

/// Something that a model cannot do, though its profile says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Lesson {
    /// It takes no temperature, and none of the other settings of how it draws.
    NoTemperature,
    /// Its provider does not hold it to a schema.
    NoNativeSchema,
    /// Its provider does not hold it to JSON without a schema.
    NoJson,
    /// It cannot be made to ask for a certain tool.
    NoForcedTool,
}

impl Lesson {
    /// What the rejection of a request teaches about its model, if anything.
    ///
    /// Only a request that the provider calls wrong teaches something: what it says of its field, or else the words of its message.
    ///
    /// ```
    /// use penguiflow::llm::{Lesson, LlmError, LlmErrorKind};
    ///
    /// let kind = LlmErrorKind::InvalidRequest { field: Some("temperature".to_owned()) };
    /// let told = "Unsupported value: 'temperature' does not support 0.2 with this model. Only the default (1) value is supported.";
    /// assert_eq!(Lesson::of(&LlmError::new(kind, told)), Some(Lesson::NoTemperature));
    /// ```
    #[must_use]
    pub fn of(error: &LlmError) -> Option<Lesson> {
        let field = match error.kind() {
            LlmErrorKind::InvalidRequest { field } => field.as_deref().unwrap_or_default(),
            LlmErrorKind::Unsupported => "",
            LlmErrorKind::Timeout(_)
            | LlmErrorKind::RateLimited { .. }
            | LlmErrorKind::Overloaded { .. }
            | LlmErrorKind::Auth
            | LlmErrorKind::OutOfCredit
            | LlmErrorKind::ContextLength { .. }
            | LlmErrorKind::Refused
            | LlmErrorKind::UnknownModel
            | LlmErrorKind::ContentParse
            | LlmErrorKind::TooLarge
            | LlmErrorKind::Cancelled
            | LlmErrorKind::Transport
            | LlmErrorKind::OverBudget(_)
            | LlmErrorKind::Unpriced => return None,
        };
        let message = error.message().to_lowercase();
        let refused = REFUSALS.iter().any(|words| message.contains(words));
        if !refused {
            return None;
        }
        let about = |words: &[&str]| words.iter().any(|word| field.starts_with(word) || message.contains(word));
        if about(&["temperature", "top_p", "top_k", "top-p", "top-k"]) {
            Some(Lesson::NoTemperature)
        } else if message.contains(NO_JSON) || (message.contains("json_object") && !message.contains("json_schema")) {
            Some(Lesson::NoJson)
        } else if about(&["response_format", "json_schema", "output_config.format", "text.format", "response_schema"]) {
            Some(Lesson::NoNativeSchema)
        } else if about(&["tool_choice", "tool choice", "toolchoice"]) {
            Some(Lesson::NoForcedTool)
        } else {
            None
        }
    }
}

/// [LM Studio](https://github.com/lmstudio-ai/lmstudio-bug-tracker/issues/189), of JSON without a schema.
const NO_JSON: &str = "must be 'json_schema' or 'text'";

/// The words of providers for what a model never takes, in small letters. A value that is out of its range is none of them.
const REFUSALS: &[&str] = &[
    "does not support",
    "doesn't support",
    "do not support",
    "not supported",
    "unsupported",
    "not available for this model",
    "only the default",
    "is deprecated for this model",
    "not compatible with this model",
    "may not be set",
    NO_JSON,
    "unrecognized request argument",
];

/// What was learned of models, by provider and name: later requests leave out what was refused.
///
/// ```
/// use penguiflow::llm::{Learned, Lesson, Profile};
///
/// let mut learned = Learned::default();
/// assert!(learned.note("openai", "gpt-9", Lesson::NoTemperature), "it is new");
/// assert!(!learned.note("openai", "gpt-9", Lesson::NoTemperature), "it is known: asking again without it would not help");
///
/// let profile = Profile::default();
/// assert!(profile.temperature);
/// assert!(!learned.of("openai", "gpt-9", &profile).temperature);
/// assert!(learned.of("openai", "gpt-8", &profile).temperature);
/// ```
///
/// *Limits*: of 1,024 models; what would be learned of another one is not remembered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Learned {
    lessons: BTreeMap<(String, String), Vec<Lesson>>,
}

impl Learned {
    /// Notes it. Says whether it is new, so that the request is worth another try.
    pub fn note(&mut self, provider: &str, model: &str, lesson: Lesson) -> bool {
        let key = (provider.to_owned(), model.to_owned());
        if self.lessons.len() >= MODELS_MAX && !self.lessons.contains_key(&key) {
            return false;
        }
        let lessons = self.lessons.entry(key).or_default();
        let new = !lessons.contains(&lesson);
        if new {
            lessons.push(lesson);
        }
        new
    }

    /// The profile with what was learned since.
    #[must_use]
    pub fn of<'a>(&self, provider: &str, model: &str, profile: &'a Profile) -> Cow<'a, Profile> {
        let lessons = self.lessons.get(&(provider.to_owned(), model.to_owned()));
        let Some(lessons) = lessons else { return Cow::Borrowed(profile) };
        Cow::Owned(lessons.iter().fold(profile.clone(), |profile, lesson| after(profile, *lesson)))
    }
}

fn after(profile: Profile, lesson: Lesson) -> Profile {
    let mut profile = match lesson {
        Lesson::NoTemperature => Profile { temperature: false, ..profile },
        Lesson::NoNativeSchema => Profile { native_schema: false, ..profile },
        Lesson::NoJson => Profile { json: false, ..profile },
        Lesson::NoForcedTool => Profile { forced_tool: false, ..profile },
    };
    if profile.mode == OutputMode::Native && !profile.native_schema {
        profile.mode = if profile.tools && profile.forced_tool { OutputMode::Tool } else { OutputMode::Prompted };
    }
    if profile.mode == OutputMode::Tool && !profile.forced_tool {
        profile.mode = if profile.native_schema { OutputMode::Native } else { OutputMode::Prompted };
    }
    profile
}

#[cfg(test)]
mod tests;
