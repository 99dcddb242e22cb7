//! Reads the chunks that most of a stream is: a piece of words, of thoughts, or of the arguments of a call. Must not know others.

use crate::llm::wire::plain::{Object, Word};
use serde::Deserialize;
use serde::de::IgnoredAny;

/// A chunk that says nothing of its end, of what it used or of errors: a field of `()` may be `null` or missing, and nothing else.
#[derive(Deserialize)]
pub(super) struct Chunk<'a> {
    #[serde(borrow)]
    pub(super) id: Option<Word<'a>>,
    #[serde(borrow)]
    pub(super) model: Option<Word<'a>>,
    #[serde(borrow)]
    object: Option<Word<'a>>,
    #[serde(borrow)]
    choices: [Object<Choice<'a>>; 1],
    #[serde(default, rename = "usage")]
    _usage: (),
    #[serde(default, rename = "x_groq")]
    _x_groq: (),
    #[serde(default, rename = "error")]
    _error: (),
}

#[derive(Deserialize)]
struct Choice<'a> {
    #[serde(default)]
    index: u64,
    #[serde(borrow)]
    delta: Object<Delta<'a>>,
    #[serde(default, rename = "finish_reason")]
    _finish_reason: (),
    #[serde(default, rename = "error")]
    _error: (),
}

/// What is not listed here is another's to read.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Delta<'a> {
    #[serde(borrow)]
    pub(super) content: Option<Word<'a>>,
    #[serde(borrow)]
    pub(super) reasoning_content: Option<Word<'a>>,
    #[serde(borrow)]
    pub(super) reasoning: Option<Word<'a>>,
    #[serde(borrow)]
    pub(super) tool_calls: Option<[Object<Call<'a>>; 1]>,
    #[serde(default, rename = "role")]
    _role: Option<IgnoredAny>,
    #[serde(default, rename = "refusal")]
    _refusal: (),
    #[serde(default, rename = "function_call")]
    _function_call: (),
    #[serde(default, rename = "audio")]
    _audio: (),
    #[serde(default, rename = "reasoning_details")]
    _reasoning_details: (),
}

/// A piece of a call.
#[derive(Deserialize)]
pub(super) struct Call<'a> {
    pub(super) index: Option<u64>,
    #[serde(borrow)]
    pub(super) id: Option<Word<'a>>,
    #[serde(borrow)]
    pub(super) function: Object<Function<'a>>,
}

#[derive(Deserialize)]
pub(super) struct Function<'a> {
    #[serde(borrow)]
    pub(super) name: Option<Word<'a>>,
    #[serde(borrow)]
    pub(super) arguments: Option<Word<'a>>,
}

impl<'a> Chunk<'a> {
    /// Nothing where it says anything else.
    pub(super) fn read(data: &'a str) -> Option<Self> {
        let Object(chunk) = serde_json::from_str::<Object<Chunk<'a>>>(data).ok()?;
        let [Object(choice)] = &chunk.choices;
        let is_error = chunk.object.as_ref().is_some_and(|object| object.0 == "error");
        (choice.index == 0 && !is_error).then_some(chunk)
    }

    /// What is new.
    pub(super) fn into_delta(self) -> Delta<'a> {
        let [Object(choice)] = self.choices;
        choice.delta.0
    }
}
