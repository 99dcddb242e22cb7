//! The models that a started flow has called, as values. Counts nothing.

use crate::event::ModelUsage;
use crate::money::Money;
use crate::telemetry::live::models::{Calls, Models};
use crate::telemetry::live::topology::Latency;
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// A model that nodes of a started flow have called, as it looks at one moment. All is counted since the watching began, when a call
/// is over.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct LiveModel {
    /// Who serves it. `other`, as the model, for all beyond [`Live::MODELS_MAX`](crate::Live::MODELS_MAX).
    pub provider: Arc<str>,
    /// Its name there.
    pub model: Arc<str>,
    /// How many calls are over, by [`ModelCall::outcome`](crate::ModelCall::outcome).
    pub calls: BTreeMap<Arc<str>, u64>,
    /// How many times it was asked, retries included.
    pub attempts: u64,
    /// What it used, as far as that is known.
    pub usage: ModelUsage,
    /// What it has cost, as far as that is known.
    pub cost: Money,
    /// How many calls have a cost that is not known.
    pub unpriced: u64,
    /// How long calls took.
    pub latency: Option<Latency>,
    /// How long the first piece of an answer took.
    pub first_token: Option<Latency>,
}

pub(super) fn taken(models: &Models, bounds: &[Duration]) -> Vec<LiveModel> {
    let model = |((provider, model), calls): (&(Arc<str>, Arc<str>), &Calls)| LiveModel {
        provider: provider.clone(),
        model: model.clone(),
        calls: calls.outcomes.clone(),
        attempts: calls.attempts,
        usage: calls.usage,
        cost: calls.cost,
        unpriced: calls.unpriced,
        latency: Latency::of(&calls.latency, bounds),
        first_token: Latency::of(&calls.first_token, bounds),
    };
    models.all.iter().map(model).collect()
}

impl Serialize for LiveModel {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let LiveModel { provider, model, calls, attempts, usage, cost, unpriced, latency, first_token } = self;
        let mut written = serializer.serialize_struct("LiveModel", 14)?;
        written.serialize_field("provider", provider)?;
        written.serialize_field("model", model)?;
        written.serialize_field("calls", calls)?;
        written.serialize_field("attempts", attempts)?;
        written.serialize_field("input_tokens", &usage.input)?;
        written.serialize_field("output_tokens", &usage.output)?;
        written.serialize_field("cached_tokens", &usage.cached)?;
        written.serialize_field("cache_written_tokens", &usage.cache_written)?;
        written.serialize_field("reasoning_tokens", &usage.reasoning)?;
        written.serialize_field("usage_estimated", &usage.estimated)?;
        written.serialize_field("cost_usd", &cost.to_string())?;
        written.serialize_field("unpriced", unpriced)?;
        written.serialize_field("latency", latency)?;
        written.serialize_field("first_token", first_token)?;
        written.end()
    }
}
