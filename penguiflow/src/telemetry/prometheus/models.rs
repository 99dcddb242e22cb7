//! Writes what a flow's calls of models look like. Counts nothing.

use crate::telemetry::live::topology::models::LiveModel;
use crate::telemetry::prometheus::text::{Kind, Page};
use crate::telemetry::prometheus::{Shown, histogram};

/// The families of models, behind those of the flows.
pub(super) fn models(page: &mut Page, flows: &[Shown]) {
    page.family("penguiflow_llm_requests_total", Kind::Counter, "Calls of a model that are over, by how.");
    each(flows, |flow, model| {
        for (outcome, count) in &model.calls {
            let [flow, provider, model] = labels(flow, model);
            page.sample(&[flow, provider, model, ("outcome", outcome)], count);
        }
    });
    let family = |page: &mut Page, name, help, read: fn(&LiveModel) -> [(&'static str, u64); 2]| {
        page.family(name, Kind::Counter, help);
        each(flows, |flow, model| {
            for (direction, tokens) in read(model) {
                let [flow, provider, model] = labels(flow, model);
                page.sample(&[flow, provider, model, ("direction", direction)], tokens);
            }
        });
    };
    let help = "Tokens that models have read and written.";
    family(page, "penguiflow_llm_tokens_total", help, |model| {
        [("input", model.usage.input), ("output", model.usage.output)]
    });
    let help = "Tokens of the input that came from a provider's cache, and that were put into it.";
    family(page, "penguiflow_llm_cache_tokens_total", help, |model| {
        [("read", model.usage.cached), ("write", model.usage.cache_written)]
    });
    let count = |page: &mut Page, name, help, read: fn(&LiveModel) -> String| {
        page.family(name, Kind::Counter, help);
        each(flows, |flow, model| page.sample(&labels(flow, model), read(model)));
    };
    let help = "Tokens of the output that were thoughts.";
    count(page, "penguiflow_llm_reasoning_tokens_total", help, |model| model.usage.reasoning.to_string());
    count(page, "penguiflow_llm_attempts_total", "Times that a model was asked, retries included.", |model| {
        model.attempts.to_string()
    });
    let help = "Dollars that models have cost, as far as that is known.";
    // Money is written as it is, `$0.35`, and not by way of a float.
    let dollars = |model: &LiveModel| model.cost.to_string().trim_start_matches('$').to_owned();
    count(page, "penguiflow_llm_cost_dollars_total", help, dollars);
    let help = "Calls whose cost is not known.";
    count(page, "penguiflow_llm_unpriced_total", help, |model| model.unpriced.to_string());
    page.family("penguiflow_llm_latency_seconds", Kind::Histogram, "Time of a call, with all its attempts.");
    each(flows, |flow, model| histogram(page, &labels(flow, model), flow.live.bounds(), model.latency.as_ref()));
    let help = "Time to the first piece of an answer.";
    page.family("penguiflow_llm_first_token_seconds", Kind::Histogram, help);
    each(flows, |flow, model| histogram(page, &labels(flow, model), flow.live.bounds(), model.first_token.as_ref()));
}

fn each<'a>(flows: &'a [Shown], mut write: impl FnMut(&'a Shown, &'a LiveModel)) {
    for flow in flows {
        flow.now.models.iter().for_each(|model| write(flow, model));
    }
}

fn labels<'a>(flow: &'a Shown, model: &'a LiveModel) -> [(&'static str, &'a str); 3] {
    [("flow", &flow.name), ("provider", &model.provider), ("model", &model.model)]
}
