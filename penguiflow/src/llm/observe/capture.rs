//! Whether prompts and answers are told, and through which hands they go before. Must not know to whom.

use std::fmt;
use std::sync::Arc;

/// Whether what is said to a model, and what it says, is told to whoever collects spans. By default it is not: a prompt holds what
/// users write, and a collector is read by many.
///
/// ```
/// use penguiflow::llm::Capture;
///
/// let nothing = Capture::default();
/// let all = Capture::text();
/// let without_numbers = Capture::text_through(|text| text.replace(|letter: char| letter.is_ascii_digit(), "#"));
/// # let _ = (nothing, all, without_numbers);
/// ```
///
/// What is told stands in `gen_ai.input.messages` and `gen_ai.output.messages`, as JSON of the form that
/// [OpenTelemetry](https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/) gives it.
///
/// *Limits*: the latest 64 messages, 8000 letters of each text. Of pictures and sounds only the type and the size are told, of
/// signatures nothing.
#[derive(Clone, Default)]
pub struct Capture {
    through: Option<Arc<Redact>>,
}

type Redact = dyn Fn(&str) -> String + Send + Sync;

impl Capture {
    /// Tells nothing of what is said.
    #[must_use]
    pub fn off() -> Self {
        Capture { through: None }
    }

    /// Tells all that is said, as it stands.
    #[must_use]
    pub fn text() -> Self {
        Self::text_through(str::to_owned)
    }

    /// Tells what `redact` leaves of each text: of words, thoughts, a tool's arguments and its results, each as a whole.
    ///
    /// It runs in the task that asks the model, at the beginning and at the end of a call. A panic in it is one of that task.
    #[must_use]
    pub fn text_through(redact: impl Fn(&str) -> String + Send + Sync + 'static) -> Self {
        Capture { through: Some(Arc::new(redact)) }
    }

    /// Whether anything is told.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.through.is_some()
    }

    /// What may be told of a text; nothing where nothing may.
    pub(super) fn of(&self, text: &str) -> Option<String> {
        self.through.as_ref().map(|redact| redact(text))
    }
}

impl fmt::Debug for Capture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_on() { "Capture::text" } else { "Capture::off" })
    }
}
