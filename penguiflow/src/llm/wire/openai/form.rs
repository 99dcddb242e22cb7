//! How the form of a provider differs from OpenAI's own, as data. Must not know which provider has which.

use crate::llm::transport::HttpRequest;
use crate::llm::wire::Target;
use crate::secret::Secret;
use std::borrow::Cow;

/// How the form of a provider differs from OpenAI's.
#[derive(Clone, Debug)]
pub(crate) struct Form {
    pub(crate) address: Address,
    pub(crate) auth: Auth,
    pub(crate) systems: Systems,
    pub(crate) thinking: Thinking,
    pub(crate) usage: StreamedUsage,
    pub(crate) schemas: StreamedSchemas,
    pub(crate) ids: CallIds,
    /// What `seed` is called.
    pub(crate) seed: &'static str,
    /// What `tool_choice` is where any tool has to be called.
    pub(crate) any_tool: &'static str,
    /// What `top_k` is called, where there is such a field.
    pub(crate) top_k: Option<&'static str>,
    /// The field of an assistant's message that has the thoughts behind its tool calls, where the provider wants them back.
    pub(crate) thoughts: Option<&'static str>,
}

/// OpenAI's own.
pub(crate) const OPENAI: Form = Form {
    address: Address::Path("/chat/completions"),
    auth: Auth::Bearer,
    systems: Systems::Anywhere,
    thinking: Thinking::Word,
    usage: StreamedUsage::Asked,
    schemas: StreamedSchemas::Taken,
    ids: CallIds::Any,
    seed: "seed",
    any_tool: "required",
    top_k: None,
    thoughts: None,
};

/// Where requests go.
#[derive(Clone, Debug)]
pub(crate) enum Address {
    /// This behind the base URL.
    Path(&'static str),
    /// A deployment that bears the model's name: <https://learn.microsoft.com/azure/ai-foundry/openai/reference>.
    Deployment { api_version: Cow<'static, str> },
    /// A serving endpoint that bears the model's name: <https://docs.databricks.com/api/workspace/servingendpoints/query>.
    Endpoint,
}

impl Address {
    pub(crate) fn url(&self, target: &Target) -> String {
        let (base, model) = (&target.base_url, segment(&target.model));
        match self {
            Address::Path(path) => format!("{base}{path}"),
            Address::Deployment { api_version } => {
                format!("{base}/openai/deployments/{model}/chat/completions?api-version={}", segment(api_version))
            }
            Address::Endpoint => format!("{base}/serving-endpoints/{model}/invocations"),
        }
    }
}

/// A name as one segment of a path, whatever is in it: <https://www.rfc-editor.org/rfc/rfc3986#section-2.3>.
pub(crate) fn segment(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for byte in name.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    // A segment of dots would be another folder.
    if out.bytes().all(|byte| byte == b'.') { out.replace('.', "%2E") } else { out }
}

/// How a request is told whose it is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Auth {
    /// `Authorization: Bearer …`.
    Bearer,
    /// A header of this name.
    Header(&'static str),
}

impl Auth {
    pub(crate) fn put(self, request: HttpRequest, key: &Secret) -> HttpRequest {
        match self {
            Auth::Bearer => request.with_secret("authorization", Secret::new(format!("Bearer {}", key.expose()))),
            Auth::Header(name) => request.with_secret(name, key.clone()),
        }
    }
}

/// Where system messages may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Systems {
    /// Anywhere, any number of them.
    Anywhere,
    /// At the front, and one: all are put together.
    OneInFront,
}

/// How it is said how long a model may think.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Thinking {
    /// `reasoning_effort`.
    Word,
    /// `reasoning`: <https://openrouter.ai/docs/use-cases/reasoning-tokens>.
    OpenRouter,
    /// `thinking`, with tokens or as the model likes: <https://docs.databricks.com/machine-learning/model-serving/query-reason-models>.
    Databricks,
}

/// Whether a stream tells what was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StreamedUsage {
    /// If it is asked to, by `stream_options`.
    Asked,
    /// Without being asked, and the question would be refused.
    Unasked,
}

/// Whether a streamed answer can be held to a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StreamedSchemas {
    Taken,
    /// No: the schema goes into the conversation.
    Told,
}

/// What ids of tool calls have to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CallIds {
    Any,
    /// Nine letters and digits. Ids of other providers, which a conversation may hold, are turned into such.
    Nine,
}

impl CallIds {
    pub(crate) fn of(self, id: &str) -> Cow<'_, str> {
        match self {
            CallIds::Any => id.into(),
            CallIds::Nine if id.len() == 9 && id.bytes().all(|byte| byte.is_ascii_alphanumeric()) => id.into(),
            CallIds::Nine => nine(id).into(),
        }
    }
}

/// Nine letters and digits that are the same for the same id: FNV-1a (<https://datatracker.ietf.org/doc/html/draft-eastlake-fnv>) in base 36.
fn nine(id: &str) -> String {
    let hash = id
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    let digit = |place: u32| char::from_digit((hash / 36_u64.pow(place) % 36) as u32, 36).unwrap_or('0');
    (0..9).map(digit).collect()
}
