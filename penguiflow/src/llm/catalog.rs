//! What is known of models, by their names. Asks nobody, and must not know who asks.

mod embedded;
mod error;
mod file;
mod look;
mod name;

pub use crate::llm::catalog::error::CatalogError;
use crate::llm::catalog::file::Provider;
use crate::llm::profile::Profile;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, LazyLock};

/// The variable that names a file of the user's own.
pub(crate) const FILE_VARIABLE: &str = "PENGUIFLOW_MODELS";
/// How long such a file may be.
const FILE_BYTES_MAX: u64 = 4 * 1024 * 1024;

static EMBEDDED: LazyLock<Catalog> = LazyLock::new(|| {
    let mut providers = BTreeMap::new();
    for (_, text) in embedded::FILES {
        // A test holds that each is right; a wrong one would be as if it were not there.
        let _ = file::take(&mut providers, text, None);
    }
    Catalog { providers: Arc::new(providers), profiles: Arc::default() }
});

/// What models can do and what they cost: the table that comes with the crate, and what you say of yours. The default one is empty.
///
/// ```
/// use penguiflow::llm::{Catalog, Usage};
///
/// let known = Catalog::embedded().profile("openai", "gpt-4o-mini-2024-07-18");
/// assert_eq!(known.row.as_deref(), Some("openai/gpt-4o-mini"));
/// let price = known.profile.price.as_ref().expect("it has one");
/// assert_eq!(price.of(Usage::new(1_000, 100)).total().to_string(), "$0.00021");
///
/// // What is not known has no price. That is not the price of nothing.
/// let unknown = Catalog::embedded().profile("openai", "gtp-4o-mini");
/// assert!(unknown.row.is_none() && unknown.profile.price.is_none());
/// assert_eq!(unknown.nearest, ["gpt-4o-mini"]);
/// ```
///
/// # Which row
/// The one of the name itself; else the one whose name begins it and is the **longest**. A name ends where its version does: the row
/// `gpt-4` is not that of `gpt-4o`, `gpt-4.1` or `gpt-41`. A point is as good as a dash, a large letter as a small one, and what follows
/// a slash is tried as well. A row that only begins the name tells what the model can do; it tells the price only where what follows
/// is a date, a version or a word such as `latest` or `preview`, because `gpt-4o-audio` is not sold at the price of `gpt-4o`.
///
/// A model that is sold by others – `openrouter/anthropic/claude-sonnet-4.5`, `databricks-claude-sonnet-4-5` – has the price and the
/// limits of its maker's row, but not the ways of writing values that only its maker has.
///
/// # Prices
/// In dollars for a million tokens, as the provider's page had them on the row's [date](Known::date); the page is the row's
/// [source](Known::source). They change: say yours in a file. Discounts for batches, and what audio, pictures that are made and searches
/// cost, are not in them. Where a price depends on the hour, the dearest is told.
///
/// # A file of your own
/// ```
/// use penguiflow::llm::Catalog;
///
/// let catalog = Catalog::embedded().with_toml(r#"
///     [openai]
///     source = "our contract"
///     date = 2026-11-01
///
///     ## Says what differs; the rest stays as it was.
///     [openai.models."gpt-4o"]
///     price = { input = "2.00", cached = "1.00", output = "8.00" }
///
///     ## A provider that nobody knows yet, with what holds for all its models.
///     [ours.defaults]
///     images = true
///     price = { input = "0", output = "0" }
///
///     [ours.models."tuned-qwen"]
///     context_tokens = 32_768
///     think_tags = true
/// "#)?;
/// let ours = catalog.profile("ours", "tuned-qwen-2026-10-01").profile;
/// assert!(ours.images && ours.think_tags && ours.price.is_some());
/// assert_eq!(catalog.profile("openai", "gpt-4o").source.as_deref(), Some("our contract"));
/// # Ok::<_, penguiflow::llm::CatalogError>(())
/// ```
///
/// For each provider: `defaults`, `models`, `source`, `date`, and
/// - `like`: another provider whose rows hold here as well,
/// - `strip`: beginnings of names that say nothing of the model, such as `us.`,
/// - `vendors`: how names that begin so begin at their maker, such as `"anthropic/" = "anthropic/"`; see above,
/// - `free`: names that end so cost nothing, such as `:free`; `paid`: names that end so have no price, where the defaults have one.
///
/// In a row and in `defaults`: the fields of [`Profile`], `source` and `date`. A price has `input` and `output`, and may have `cached`,
/// `cache_written`, `cache_written_hour` and `above = { tokens = 200_000, price = { … } }`; its amounts are decimal strings.
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    providers: Arc<BTreeMap<String, Provider>>,
    /// What was said of a model in whole, by provider and name.
    profiles: Arc<BTreeMap<String, BTreeMap<String, Arc<Profile>>>>,
}

/// What is known of a model.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Known {
    /// What it can do and what it costs. Where nothing is known of the model, what is usual for its provider, without a price.
    pub profile: Arc<Profile>,
    /// The row that it is from, as `provider/name`. None if there is none.
    pub row: Option<String>,
    /// The row that the price is from, which may be another provider's. None if there is no price, or it is that of all models of
    /// the provider.
    pub price_row: Option<String>,
    /// The page that the price was taken from, or the row if it has none.
    pub source: Option<String>,
    /// The day of that, as `2026-11-27`.
    pub date: Option<String>,
    /// Names that may have been meant, the nearest first, at most three. Only where there is no row of the name itself; where nothing
    /// is known of the provider, names of providers.
    pub nearest: Vec<String>,
}

impl Catalog {
    /// The table that comes with the crate. It is read once, and shared.
    #[must_use]
    pub fn embedded() -> Self {
        EMBEDDED.clone()
    }

    /// [That table](Catalog::embedded), with the file that the variable `PENGUIFLOW_MODELS` names, if it names one.
    ///
    /// # Errors
    /// As [`with_file`](Catalog::with_file).
    pub fn from_env() -> Result<Self, CatalogError> {
        match std::env::var_os(FILE_VARIABLE) {
            Some(file) if !file.is_empty() => Self::embedded().with_file(file),
            _ => Ok(Self::embedded()),
        }
    }

    /// With what a file says; see [above](Catalog). It is read here and now, and not again.
    ///
    /// # Errors
    /// If it cannot be read, is larger than 4 MiB, or says something that is not of its form: with file, line, and what is allowed.
    pub fn with_file(self, file: impl AsRef<Path>) -> Result<Self, CatalogError> {
        let file = file.as_ref();
        let name = file.display().to_string();
        let read = || {
            let length = std::fs::metadata(file)?.len();
            if length > FILE_BYTES_MAX {
                return Err(std::io::Error::other(format!("{length} bytes; at most {FILE_BYTES_MAX}")));
            }
            std::fs::read_to_string(file)
        };
        let text = read().map_err(|source| CatalogError::Unread { file: name.clone(), source })?;
        self.taking(&text, Some(&name))
    }

    /// With what a text says; see [above](Catalog).
    ///
    /// # Errors
    /// If it says something that is not of its form: with line, and what is allowed.
    pub fn with_toml(self, text: &str) -> Result<Self, CatalogError> {
        self.taking(text, None)
    }

    /// With the profile of one model, whole, with its price or without one. It holds for the states of the model as well, as a
    /// row does.
    #[must_use]
    pub fn with_profile(mut self, provider: impl Into<String>, model: impl Into<String>, profile: Profile) -> Self {
        let profiles = Arc::make_mut(&mut self.profiles).entry(provider.into()).or_default();
        profiles.insert(model.into(), Arc::new(profile));
        self
    }

    /// What is known of a model of that provider.
    #[must_use]
    pub fn profile(&self, provider: &str, model: &str) -> Known {
        look::up(self, provider, model)
    }

    /// Whether anything is known of the provider.
    pub(crate) fn knows(&self, provider: &str) -> bool {
        self.providers.contains_key(provider) || self.profiles.contains_key(provider)
    }

    /// The names of the rows of that provider.
    pub fn models(&self, provider: &str) -> impl Iterator<Item = &str> {
        let rows = self.providers.get(provider).map(|provider| provider.models.keys());
        let whole = self.profiles.get(provider).map(|profiles| profiles.keys());
        rows.into_iter().flatten().chain(whole.into_iter().flatten()).map(String::as_str)
    }

    /// The names of the providers of which something is known.
    pub fn providers(&self) -> impl Iterator<Item = &str> {
        self.providers.keys().map(String::as_str)
    }

    fn taking(mut self, text: &str, file: Option<&str>) -> Result<Self, CatalogError> {
        file::take(Arc::make_mut(&mut self.providers), text, file)?;
        Ok(self)
    }
}

#[cfg(test)]
mod tests;
