//! Sends what waits, on a thread of its own. Decides nothing.

use crate::telemetry::otel::queue::Queue;
use crate::telemetry::otel::retry;
use crate::telemetry::otel::wire::Wire;
use opentelemetry::Context;
use opentelemetry_otlp::SpanExporter;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{Span, SpanData, SpanExporter as _, SpanProcessor};
use std::io;
use std::sync::Arc;
use std::thread;
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};

/// Starts the thread, and gives what takes the spans.
pub(super) fn start(
    queue: Arc<Queue>,
    mut exporter: SpanExporter,
    wire: Wire,
    resource: &Resource,
) -> io::Result<Processor> {
    exporter.set_resource(resource);
    // A runtime of its own: that of the flows may be busy, paused or gone.
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let theirs = queue.clone();
    let work = move || serve(&theirs, &exporter, &wire, &runtime);
    thread::Builder::new().name("penguiflow-otel".into()).spawn(work)?;
    Ok(Processor(queue))
}

fn serve(queue: &Queue, exporter: &SpanExporter, wire: &Wire, runtime: &Runtime) {
    while let Some(batch) = queue.take() {
        send(queue, exporter, wire, runtime, batch);
    }
}

fn send(queue: &Queue, exporter: &SpanExporter, wire: &Wire, runtime: &Runtime, batch: Vec<SpanData>) {
    for attempt in 1.. {
        let left = queue.left();
        if left == Some(Duration::ZERO) {
            return queue.lost();
        }
        wire.begin(left);
        let Err(error) = runtime.block_on(exporter.export(batch.clone())) else { return queue.sent() };
        let fault = wire.fault();
        let pause = retry::pause(attempt, fault);
        // The wire's own words tell more than the exporter's.
        let why = wire.why().unwrap_or_else(|| error.to_string());
        if queue.failed(why.clone()) {
            tracing::warn!(target: "penguiflow::otel", error = why, "spans cannot be exported; told once");
        }
        if !pause.is_some_and(|pause| queue.pause(pause)) {
            return queue.lost();
        }
    }
}

/// Takes the spans that have ended.
#[derive(Debug)]
pub(super) struct Processor(Arc<Queue>);

impl SpanProcessor for Processor {
    fn on_start(&self, _: &mut Span, _: &Context) {}

    fn on_end(&self, span: SpanData) {
        if span.span_context.is_sampled() {
            self.0.put(span);
        }
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    /// Called when the last subscriber is gone: who waits, and for how long, `Telemetry` says.
    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.0.close(timeout);
        Ok(())
    }
}
