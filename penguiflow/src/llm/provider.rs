//! Who serves models: where they are, by which format, with whose key. Must not know what is asked.

pub(crate) mod account;
pub(crate) mod address;
mod client_credentials;
mod names;
mod row;
mod rows;

use crate::llm::catalog::{self, Catalog};
use crate::llm::chat::request::ChatRequest;
use crate::llm::error::{LlmError, LlmErrorKind};
use crate::llm::key::KeySource;
use crate::llm::model::{Call, Model, ModelInfo, ModelStream};
use crate::llm::network;
use crate::llm::profile::Profile;
use crate::llm::provider::address::Plain;
use crate::llm::provider::row::{Base, KeyNeed, Row};
use crate::llm::signing::{AwsKeySource, AwsKeys, signing};
use crate::llm::transport::Transport;
use crate::llm::wire::Target;
use crate::llm::wired::Wired;
use crate::secret::Secret;
use std::borrow::Cow;
use std::fmt;
use std::sync::{Arc, OnceLock};

pub use crate::llm::provider::client_credentials::ClientCredentials;

/// Opens the model that is named `provider/model`, with the key and the address that the environment names.
///
/// ```no_run
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let model = penguiflow::llm::open("anthropic/claude-sonnet-4-5")?; // with ANTHROPIC_API_KEY
/// # let _ = model;
/// # Ok(())
/// # }
/// ```
///
/// The name ends with whatever the provider calls its model: `openrouter/meta-llama/llama-3.3-70b-instruct`. [`Provider::names`] lists
/// the providers.
///
/// # Errors
/// [`UnknownModel`](LlmErrorKind::UnknownModel) where the name begins with no provider; it says which one may be meant. Nothing is
/// ever sent anywhere on a guess. Otherwise those of [`Provider::model`].
pub fn open(name: &str) -> Result<ProviderModel, LlmError> {
    let (provider, model) = names::split(name)?;
    Provider::named(provider)?.from_env()?.model(model)
}

/// Who serves models: OpenAI, Anthropic, a server of your own.
///
/// ```
/// use penguiflow::Secret;
/// use penguiflow::llm::{Model, Provider};
/// # fn transport() -> impl penguiflow::llm::Transport { Nowhere }
/// # struct Nowhere;
/// # impl penguiflow::llm::Transport for Nowhere {
/// #     fn send(
/// #         &self,
/// #         _: penguiflow::llm::HttpRequest,
/// #     ) -> futures_util::future::BoxFuture<'static, Result<penguiflow::llm::HttpReply, penguiflow::llm::LlmError>> {
/// #         Box::pin(std::future::pending())
/// #     }
/// # }
///
/// # fn main() -> Result<(), penguiflow::llm::LlmError> {
/// let openai = Provider::named("openai")?.with_key(Secret::new("sk-…".to_owned())).with_transport(transport());
/// assert_eq!(openai.model("gpt-4o-mini")?.info().to_string(), "openai/gpt-4o-mini");
///
/// // Whatever speaks OpenAI's format.
/// let local = Provider::compatible("llama", "http://localhost:8080/v1")?.with_transport(transport());
/// assert_eq!(local.model("qwen3-8b")?.info().to_string(), "llama/qwen3-8b");
/// # Ok(())
/// # }
/// ```
///
/// # Where a key goes
/// A key is sent to the host that was named with it, and nowhere else:
/// - one of the [environment](Provider::from_env) to the provider's own address, or to the one that the environment names beside it;
/// - one that the program [gives](Provider::with_key) to the provider's own address, or to the one that the program
///   [gives](Provider::with_base_url), or that the environment names.
///
/// So a key of the environment is not sent to an address that only the program gives: [`Provider::model`] refuses it, and the program has
/// to give the key as well. Addresses are of `https`, or of `http` on this very machine, unless [`Provider::allow_http`] says that others
/// are meant. They hold no user, no query and no fragment. Redirects are not followed.
///
/// # Bedrock
/// It takes an API key of its own, in `AWS_BEARER_TOKEN_BEDROCK`, or, with the feature `llm-aws`, an [access key](Provider::with_aws_keys), also of
/// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`, by which requests are signed. Its address is that of
/// the region in `AWS_REGION` or `AWS_DEFAULT_REGION`, of `us-east-1` where there is none, or of the region that
/// [`Provider::with_base_url`] is given in the place of a URL.
///
/// # The way to the network
/// The way to the network is the feature `llm-http`. Without it a transport has to be [given](Provider::with_transport). With it all models
/// of a provider, and of its clones, share their connections.
#[derive(Clone)]
pub struct Provider {
    row: Row,
    name: String,
    base: Given<String>,
    key: Given<Key>,
    http: Plain,
    api_version: Option<String>,
    headers: Vec<(String, String)>,
    profile: Option<Profile>,
    catalog: Option<Catalog>,
    transport: Option<Arc<dyn Transport>>,
    /// The way to the network that its models share, once one needs it.
    network: Arc<OnceLock<Arc<dyn Transport>>>,
}

/// Who said it.
#[derive(Clone)]
enum Given<T> {
    Nobody,
    Environment(T),
    Program(T),
}

#[derive(Clone)]
enum Key {
    Secret(Secret),
    Source(Arc<dyn KeySource>),
    /// The client of an OAuth server, and its secret.
    Client(String, Secret),
    /// An access key of AWS.
    Aws(Arc<dyn AwsKeySource>),
}

impl Provider {
    /// The provider of that name, as in [`Provider::names`].
    ///
    /// # Errors
    /// [`UnknownModel`](LlmErrorKind::UnknownModel) where there is none; it says which one may be meant.
    pub fn named(name: &str) -> Result<Self, LlmError> {
        let row = rows::find(name).ok_or_else(|| names::unknown(name))?;
        Ok(Self::of(row.clone(), row.name.to_owned()))
    }

    /// Whoever speaks OpenAI's format at that base URL: llama-server, LM Studio, vLLM, a gateway. `/chat/completions` is put behind it.
    ///
    /// `name` is what the provider is called in errors, figures and limits. No key is sent unless one is given.
    ///
    /// # Errors
    /// [`InvalidRequest`](LlmErrorKind::InvalidRequest) where the base URL is none, or of `http` and on another machine. For the latter
    /// there is [`Provider::compatible_http`].
    pub fn compatible(name: impl Into<String>, base_url: &str) -> Result<Self, LlmError> {
        Self::of(rows::COMPATIBLE, name.into()).with_base_url(base_url)
    }

    /// As [`Provider::compatible`], also without encryption on another machine: whoever stands between can read all, the key as well.
    ///
    /// # Errors
    /// [`InvalidRequest`](LlmErrorKind::InvalidRequest) where the base URL is none.
    pub fn compatible_http(name: impl Into<String>, base_url: &str) -> Result<Self, LlmError> {
        Self::of(rows::COMPATIBLE, name.into()).allow_http().with_base_url(base_url)
    }

    fn of(row: Row, name: String) -> Self {
        let (base, key, http, headers) = (Given::Nobody, Given::Nobody, Plain::Loopback, Vec::new());
        let (api_version, profile, catalog, transport) = (None, None, None, None);
        let network = Arc::default();
        Provider { row, name, base, key, http, api_version, headers, profile, catalog, transport, network }
    }

    /// The names of all providers that are known.
    pub fn names() -> impl Iterator<Item = &'static str> {
        rows::ALL.iter().map(|row| row.name)
    }

    /// With this key: a [`Secret`], or a source that gives one for each request.
    #[must_use]
    pub fn with_key(self, key: impl KeySource) -> Self {
        Provider { key: Given::Program(Key::Source(Arc::new(key))), ..self }
    }

    /// With an access key of AWS, that each request is signed with: Bedrock takes one. That is the feature `llm-aws`.
    #[must_use]
    pub fn with_aws_keys(self, keys: impl AwsKeySource) -> Self {
        Provider { key: Given::Program(Key::Aws(Arc::new(keys))), ..self }
    }

    /// At another address than the provider's own: that of a proxy, a region, a deployment. A key of the environment is not sent
    /// there.
    ///
    /// # Errors
    /// [`InvalidRequest`](LlmErrorKind::InvalidRequest) where it is no base URL, or of `http` and on another machine.
    pub fn with_base_url(self, base_url: &str) -> Result<Self, LlmError> {
        let base = address::checked(&(self.row.tidy)(base_url), self.http)?;
        Ok(Provider { base: Given::Program(base), ..self })
    }

    /// Takes addresses of `http` on other machines as well, from here on. Whoever stands between can read all, the key as well.
    #[must_use]
    pub fn allow_http(self) -> Self {
        Provider { http: Plain::Anywhere, ..self }
    }

    /// With another version of the API, where the provider wants one in each request: Azure's is `2024-10-21`.
    #[must_use]
    pub fn with_api_version(self, version: impl Into<String>) -> Self {
        Provider { api_version: Some(version.into()), ..self }
    }

    /// With another way to the network: that of a test, a cassette, a proxy.
    #[must_use]
    pub fn with_transport(self, transport: impl Transport) -> Self {
        Provider { transport: Some(Arc::new(transport)), ..self }
    }

    /// With a header in each request that anybody may see. One of the same name is replaced.
    #[must_use]
    pub fn with_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        put(&mut self.headers, name.into(), value.into());
        self
    }

    /// What its models can do and cost, in the place of what is known of them.
    #[must_use]
    pub fn with_profile(self, profile: Profile) -> Self {
        Provider { profile: Some(profile), ..self }
    }

    /// With what this catalogue knows of its models, in the place of the [embedded](Catalog::embedded) one.
    #[must_use]
    pub fn with_catalog(self, catalog: Catalog) -> Self {
        Provider { catalog: Some(catalog), ..self }
    }

    /// With what the environment's variables say: `OPENAI_API_KEY`, `OPENAI_BASE_URL` and their like, and
    /// `PENGUIFLOW_MODELS`, a file of a [catalogue](Catalog). What the program gave stays.
    ///
    /// # Errors
    /// [`InvalidRequest`](LlmErrorKind::InvalidRequest) where a variable holds an address that is none, or names a file that cannot be
    /// read.
    pub fn from_env(self) -> Result<Self, LlmError> {
        self.from_vars(|name| std::env::var(name).ok())
    }

    /// As [`Provider::from_env`], with whatever looks a variable up. An empty one counts as none.
    ///
    /// # Errors
    /// As there.
    pub fn from_vars(mut self, look_up: impl Fn(&str) -> Option<String>) -> Result<Self, LlmError> {
        let get = |name: &&str| look_up(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
        if let (Given::Nobody, Some(key)) =
            (&self.key, self.row.client_vars.and_then(|(id, secret)| Some((get(&id)?, get(&secret)?))))
        {
            self.key = Given::Environment(Key::Client(key.0, Secret::new(key.1)));
        }
        if let (Given::Nobody, Some(key)) = (&self.key, self.row.key_vars.iter().find_map(get)) {
            self.key = Given::Environment(Key::Secret(Secret::new(key)));
        }
        if let (Given::Nobody, Some(_)) = (&self.key, self.row.signed)
            && let (Some(id), Some(secret)) = (get(&"AWS_ACCESS_KEY_ID"), get(&"AWS_SECRET_ACCESS_KEY"))
        {
            let keys = AwsKeys {
                session: get(&"AWS_SESSION_TOKEN").map(Secret::new),
                ..AwsKeys::new(id, Secret::new(secret))
            };
            self.key = Given::Environment(Key::Aws(Arc::new(keys)));
        }
        if let (Given::Nobody, Some((name, base))) =
            (&self.base, self.row.base_vars.iter().find_map(|name| Some((name, get(name)?))))
        {
            let base = address::checked(&(self.row.tidy)(&base), self.http)
                .map_err(|error| LlmError::new(error.kind().clone(), format!("{name}: {}", error.message())))?;
            self.base = Given::Environment(base);
        }
        if let (None, Some(file)) = (&self.catalog, get(&catalog::FILE_VARIABLE)) {
            let read = Catalog::embedded().with_file(file).map_err(|error| {
                LlmError::new(LlmErrorKind::InvalidRequest { field: None }, error.to_string())
                    .with_source(error)
                    .unsent()
            });
            self.catalog = Some(read?);
        }
        if self.api_version.is_none() {
            self.api_version = self.row.version_vars.iter().find_map(get);
        }
        for (header, name) in self.row.header_vars {
            if let Some(value) = get(name)
                && !self.headers.iter().any(|(one, _)| one.eq_ignore_ascii_case(header))
            {
                self.headers.push(((*header).to_owned(), value));
            }
        }
        Ok(self)
    }

    /// The model of that name. Nothing is sent, so that it exists is not known yet.
    ///
    /// # Errors
    /// [`Auth`](LlmErrorKind::Auth) where the provider wants a key and there is none, or one of the environment and an address of the
    /// program; [`InvalidRequest`](LlmErrorKind::InvalidRequest) where its address is not known, or the name is empty;
    /// [`Unsupported`](LlmErrorKind::Unsupported) where there is no way to the network.
    pub fn model(&self, name: &str) -> Result<ProviderModel, LlmError> {
        self.build(name).map_err(|error| error.of(format!("{}/{name}", self.name)))
    }

    fn build(&self, name: &str) -> Result<ProviderModel, LlmError> {
        if name.trim().is_empty() || name.chars().any(char::is_control) {
            let kind = LlmErrorKind::InvalidRequest { field: Some("model".to_owned()) };
            return Err(LlmError::new(kind, "the model has no name"));
        }
        let base_url = self.base_url()?;
        self.check_key(&base_url)?;
        let transport = self.signed(self.transport()?, &base_url)?;
        let key = self.key_source(&base_url, &transport);
        let profile = self.profile_of(name);
        let mut headers: Vec<(String, String)> = Vec::new();
        let own = self.row.headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        for (name, value) in own.chain(self.headers.iter().cloned()) {
            put(&mut headers, name, value);
        }
        let wire = self.row.format.wire(&profile, self.api_version.as_deref())?;
        let account = account::of(&self.name, &base_url, key.as_deref());
        let info = ModelInfo {
            profile: profile.clone(),
            ..ModelInfo::new(&self.name, name).with_account(account).with_endpoint(base_url.as_str())
        };
        let target = Target { provider: self.name.clone(), model: name.to_owned(), base_url, profile, headers };
        Ok(ProviderModel(Wired::new(info, target, wire, key, transport)))
    }

    fn profile_of(&self, name: &str) -> Arc<Profile> {
        if let Some(profile) = &self.profile {
            return Arc::new(profile.clone());
        }
        let catalog = self.catalog.clone().unwrap_or_else(Catalog::embedded);
        if catalog.knows(&self.name) {
            catalog.profile(&self.name, name).profile
        } else {
            Arc::new((self.row.profile)())
        }
    }

    fn transport(&self) -> Result<Arc<dyn Transport>, LlmError> {
        if let Some(transport) = self.transport.as_ref().or_else(|| self.network.get()) {
            return Ok(transport.clone());
        }
        // Of two that are made at the same time, one is kept.
        let made = network::transport()?;
        Ok(self.network.get_or_init(|| made).clone())
    }

    fn base_url(&self) -> Result<String, LlmError> {
        match (&self.base, &self.row.base) {
            (Given::Program(base) | Given::Environment(base), _) => Ok(base.clone()),
            (Given::Nobody, Base::Own(base)) => Ok((*base).to_owned()),
            (Given::Nobody, Base::Asked(example)) => {
                let names = crate::graph::near::listed(self.row.base_vars.iter().copied());
                let kind = LlmErrorKind::InvalidRequest { field: Some("base_url".to_owned()) };
                Err(LlmError::new(kind, format!("no base URL: one like {example} is set by {names} or given")))
            }
        }
    }

    fn check_key(&self, base_url: &str) -> Result<(), LlmError> {
        let names = || crate::graph::near::listed(self.row.key_vars.iter().copied());
        match (&self.key, &self.base, self.row.key) {
            // It is sent nowhere.
            (Given::Environment(Key::Aws(_)), _, _) => Ok(()),
            (Given::Environment(_), Given::Program(_), _) => {
                let why = format!(
                    "the key of the environment is not sent to {base_url}, which only the program names: give the key with it"
                );
                Err(LlmError::new(LlmErrorKind::Auth, why))
            }
            (Given::Nobody, _, KeyNeed::Needed) => {
                Err(LlmError::new(LlmErrorKind::Auth, format!("no key: it is set by {} or given", names())))
            }
            (Given::Nobody, _, KeyNeed::Optional) | (Given::Program(_) | Given::Environment(_), _, _) => Ok(()),
        }
    }

    /// The transport, which signs where an access key is given.
    fn signed(&self, transport: Arc<dyn Transport>, base_url: &str) -> Result<Arc<dyn Transport>, LlmError> {
        let (Given::Program(Key::Aws(keys)) | Given::Environment(Key::Aws(keys))) = &self.key else {
            return Ok(transport);
        };
        let service = self.row.signed.ok_or_else(|| {
            let kind = LlmErrorKind::InvalidRequest { field: Some("key".to_owned()) };
            LlmError::new(kind, "this provider takes no access key of AWS").unsent()
        })?;
        signing(transport, keys.clone(), base_url, service)
    }

    fn key_source(&self, base_url: &str, transport: &Arc<dyn Transport>) -> Option<Arc<dyn KeySource>> {
        let (Given::Program(key) | Given::Environment(key)) = &self.key else { return None };
        match key {
            Key::Secret(secret) => Some(Arc::new(secret.clone())),
            Key::Source(source) => Some(source.clone()),
            Key::Client(id, secret) => {
                let url = format!("{base_url}{}", self.row.token_path);
                Some(Arc::new(ClientCredentials::over(url, id.clone(), secret.clone(), transport.clone())))
            }
            // Requests are signed with it, and it is not sent.
            Key::Aws(_) => None,
        }
    }
}

fn put(headers: &mut Vec<(String, String)>, name: String, value: String) {
    headers.retain(|(one, _)| !one.eq_ignore_ascii_case(&name));
    headers.push((name, value));
}

/// Without its key.
impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let base: Option<Cow<'_, str>> = self.base_url().ok().map(Cow::Owned);
        f.debug_struct("Provider").field("name", &self.name).field("base_url", &base).finish_non_exhaustive()
    }
}

/// A model of a [`Provider`]. Clones are the same model.
#[derive(Clone)]
pub struct ProviderModel(Wired);

impl Model for ProviderModel {
    fn info(&self) -> &ModelInfo {
        self.0.info()
    }

    fn stream(&self, request: Arc<ChatRequest>, call: Call) -> ModelStream {
        self.0.stream(request, call)
    }
}

/// Without its key.
impl fmt::Debug for ProviderModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ProviderModel").field(&self.info().to_string()).finish()
    }
}

#[cfg(test)]
mod tests;
