//! Collects what is known of a line and writes it, in one piece. Knows neither filter nor setup. The one place where a writer
//! is erased.

use crate::clock::Seam;
use crate::telemetry::logging::fields::Fields;
use crate::telemetry::logging::stamp;
use crate::telemetry::logging::text::Line;
use serde_json::Value;
use std::io::Write;
use std::sync::{Mutex, PoisonError};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer};
use tracing_subscriber::registry::LookupSpan;

/// How lines look.
#[derive(Debug, Clone, Copy)]
pub(super) enum Format {
    Json { indent: bool },
    Human,
}

/// Where lines go.
pub(super) struct Lines {
    format: Format,
    seam: Seam,
    out: Mutex<Box<dyn Write + Send>>,
}

impl Lines {
    pub(super) fn new(seam: Seam, out: impl Write + Send + 'static) -> Self {
        Lines { format: Format::Human, seam, out: Mutex::new(Box::new(out)) }
    }

    pub(super) fn stamp_by(&mut self, seam: Seam) {
        self.seam = seam;
    }

    pub(super) fn in_format(self, format: Format) -> Self {
        Lines { format, ..self }
    }

    fn write(&self, mut text: String) {
        text.push('\n');
        let mut out = self.out.lock().unwrap_or_else(PoisonError::into_inner);
        // A log that is full must not end the program; nobody is left to be told.
        let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    }
}

impl<S> Layer<S> for Lines
where
    S: Subscriber + for<'lookup> LookupSpan<'lookup>,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        span.extensions_mut().replace(fields);
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        let mut extensions = span.extensions_mut();
        if let Some(fields) = extensions.get_mut::<Fields>() {
            values.record(fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut all = Fields::default();
        let mut spans = Vec::new();
        for span in context.event_scope(event).into_iter().flat_map(|scope| scope.from_root()) {
            spans.push(span.name());
            if let Some(Fields(fields)) = span.extensions().get::<Fields>() {
                let shown = fields.iter().filter(|(name, _)| !is_for_others(name));
                all.0.extend(shown.map(|(name, value)| (name.clone(), value.clone())));
            }
        }
        let mut own = Fields::default();
        event.record(&mut own);
        let message = own.0.remove("message").map(|message| match message {
            Value::String(text) => text,
            other => other.to_string(),
        });
        unpack(&mut own);
        all.0.append(&mut own.0);
        let metadata = event.metadata();
        let line = Line {
            timestamp: stamp::utc(self.seam.wall()),
            level: *metadata.level(),
            target: metadata.target(),
            message,
            spans,
            fields: all.0,
        };
        self.write(match self.format {
            Format::Json { indent } => line.json(indent),
            Format::Human => line.human(),
        });
    }
}

/// What a span carries for collectors, who read it there.
fn is_for_others(name: &str) -> bool {
    name.starts_with("otel.") || name.starts_with("gen_ai.")
}

/// The details of a flow's own event are JSON in a text, since `tracing` has no maps.
fn unpack(fields: &mut Fields) {
    if let Some(details) = fields.0.get_mut("details")
        && let Some(map) = details.as_str().and_then(|text| serde_json::from_str::<Value>(text).ok())
    {
        *details = map;
    }
}
