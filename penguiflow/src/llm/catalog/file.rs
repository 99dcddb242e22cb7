//! How models are written down in TOML. Must not know how one is looked up.

use crate::llm::catalog::error::CatalogError;
use crate::llm::profile::{Dialect, LimitField, OutputMode, Price, Profile, ReasoningStyle};
use serde::Deserialize;
use std::collections::BTreeMap;

/// What is said of the models of one provider.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Provider {
    /// The page that the rows are from which name none themselves.
    source: Option<String>,
    /// Its date.
    date: Option<toml::value::Datetime>,
    /// What has no row here is as it is there.
    pub(super) like: Option<String>,
    /// Beginnings of names that say nothing of the model.
    pub(super) strip: Vec<String>,
    /// How names that begin so begin at whoever made the model, as `provider/name`.
    pub(super) vendors: BTreeMap<String, String>,
    /// What ends so costs nothing.
    pub(super) free: Vec<String>,
    /// What ends so costs something, though the others do not.
    pub(super) paid: Vec<String>,
    /// What holds where a row does not say otherwise.
    pub(super) defaults: Row,
    /// The rows, by the beginnings of names.
    pub(super) models: BTreeMap<String, Row>,
}

/// What is said of a model: as much of a [`Profile`] as differs.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Row {
    pub(super) source: Option<String>,
    date: Option<toml::value::Datetime>,
    mode: Option<OutputMode>,
    native_schema: Option<bool>,
    json: Option<bool>,
    tools: Option<bool>,
    forced_tool: Option<bool>,
    streaming: Option<bool>,
    images: Option<bool>,
    audio: Option<bool>,
    temperature: Option<bool>,
    system: Option<bool>,
    reasoning: Option<ReasoningStyle>,
    think_tags: Option<bool>,
    dialect: Option<Dialect>,
    limit_field: Option<LimitField>,
    tools_max: Option<u32>,
    schema_keys_max: Option<u32>,
    context_tokens: Option<u64>,
    output_tokens: Option<u64>,
    image_tokens: Option<u64>,
    pub(super) price: Option<Price>,
}

impl Row {
    /// The profile with what the row says.
    pub(super) fn onto(&self, under: Profile) -> Profile {
        Profile {
            mode: self.mode.unwrap_or(under.mode),
            native_schema: self.native_schema.unwrap_or(under.native_schema),
            json: self.json.unwrap_or(under.json),
            tools: self.tools.unwrap_or(under.tools),
            forced_tool: self.forced_tool.unwrap_or(under.forced_tool),
            streaming: self.streaming.unwrap_or(under.streaming),
            images: self.images.unwrap_or(under.images),
            audio: self.audio.unwrap_or(under.audio),
            temperature: self.temperature.unwrap_or(under.temperature),
            system: self.system.unwrap_or(under.system),
            reasoning: self.reasoning.unwrap_or(under.reasoning),
            think_tags: self.think_tags.unwrap_or(under.think_tags),
            dialect: self.dialect.unwrap_or(under.dialect),
            limit_field: self.limit_field.unwrap_or(under.limit_field),
            tools_max: self.tools_max.or(under.tools_max),
            schema_keys_max: self.schema_keys_max.or(under.schema_keys_max),
            context_tokens: self.context_tokens.or(under.context_tokens),
            output_tokens: self.output_tokens.or(under.output_tokens),
            image_tokens: self.image_tokens.or(under.image_tokens),
            price: self.price.clone().or(under.price),
        }
    }

    /// The day of the page, as `2026-11-27`.
    pub(super) fn date(&self) -> Option<String> {
        self.date.as_ref().and_then(|date| date.date).map(|date| date.to_string())
    }

    /// The row with what a later one says.
    fn with(self, later: Row) -> Self {
        Row {
            source: later.source.or(self.source),
            // The date belongs to its page.
            date: later.date,
            mode: later.mode.or(self.mode),
            native_schema: later.native_schema.or(self.native_schema),
            json: later.json.or(self.json),
            tools: later.tools.or(self.tools),
            forced_tool: later.forced_tool.or(self.forced_tool),
            streaming: later.streaming.or(self.streaming),
            images: later.images.or(self.images),
            audio: later.audio.or(self.audio),
            temperature: later.temperature.or(self.temperature),
            system: later.system.or(self.system),
            reasoning: later.reasoning.or(self.reasoning),
            think_tags: later.think_tags.or(self.think_tags),
            dialect: later.dialect.or(self.dialect),
            limit_field: later.limit_field.or(self.limit_field),
            tools_max: later.tools_max.or(self.tools_max),
            schema_keys_max: later.schema_keys_max.or(self.schema_keys_max),
            context_tokens: later.context_tokens.or(self.context_tokens),
            output_tokens: later.output_tokens.or(self.output_tokens),
            image_tokens: later.image_tokens.or(self.image_tokens),
            price: later.price.or(self.price),
        }
    }

    fn from(mut self, source: Option<&String>, date: Option<&toml::value::Datetime>) -> Self {
        if self.source.is_none() {
            self.source = source.cloned();
            self.date = self.date.or(date.copied());
        }
        self
    }
}

impl Provider {
    /// Takes over what a later file says of it.
    fn take(&mut self, later: Provider) {
        let Provider { source, date, like, strip, vendors, free, paid, defaults, models } = later;
        self.like = like.or(self.like.take());
        self.free.extend(free);
        self.paid.extend(paid);
        self.strip.extend(strip);
        self.vendors.extend(vendors);
        let under = std::mem::take(&mut self.defaults);
        self.defaults = under.with(defaults.from(source.as_ref(), date.as_ref()));
        for (name, row) in models {
            let row = row.from(source.as_ref(), date.as_ref());
            let under = self.models.remove(&name).unwrap_or_default();
            self.models.insert(name, under.with(row));
        }
    }
}

/// Takes over what the text says, which is from that file. Nothing of it where anything is wrong.
pub(super) fn take(
    providers: &mut BTreeMap<String, Provider>,
    text: &str,
    file: Option<&str>,
) -> Result<(), CatalogError> {
    let read: BTreeMap<String, Provider> =
        toml::from_str(text).map_err(|error| CatalogError::of(&error, file, text))?;
    check(&read, file)?;
    for (name, mut provider) in read {
        provider.source = provider.source.or_else(|| file.map(str::to_owned));
        providers.entry(name).or_default().take(provider);
    }
    Ok(())
}

fn check(read: &BTreeMap<String, Provider>, file: Option<&str>) -> Result<(), CatalogError> {
    for (name, provider) in read {
        if let Some((_, to)) = provider.vendors.iter().find(|(_, to)| !to.contains('/')) {
            let what = format!("`{name}.vendors` says `{to}`: write `provider/` and how the name begins there");
            return Err(CatalogError::wrong(file, to, what));
        }
        if provider.models.keys().any(String::is_empty) {
            return Err(CatalogError::wrong(file, "", format!("`{name}.models` has a row without a name")));
        }
    }
    Ok(())
}
