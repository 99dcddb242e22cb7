//! Runs every example in-process and reads what it prints. The examples are included as they are, each a whole program.

mod docs_search;
mod drawings;
mod folder;
mod ideas;
mod process;
mod seeds;
mod updates;

macro_rules! examples {
    ($($name:ident $path:literal)*) => {$(
        #[path = $path]
        #[allow(dead_code, reason = "its `main` is for the command line")]
        mod $name;
    )*};
}

examples! {
    batch "../../examples/batch.rs"
    bounds "../../examples/bounds.rs"
    budgets "../../examples/budgets.rs"
    cancel "../../examples/cancel.rs"
    chat "../../examples/chat.rs"
    controller "../../examples/controller.rs"
    fallback "../../examples/fallback.rs"
    fanout_join "../../examples/fanout_join.rs"
    general_graph "../../examples/general_graph.rs"
    intake "../../examples/intake.rs"
    map "../../examples/map.rs"
    metadata "../../examples/metadata.rs"
    mlflow_metrics "../../examples/mlflow_metrics.rs"
    observability "../../examples/observability.rs"
    pipeline "../../examples/pipeline.rs"
    playbook_retrieval "../../examples/playbook_retrieval.rs"
    prometheus "../../examples/prometheus.rs"
    quickstart "../../examples/quickstart.rs"
    record_replay "../../examples/record_replay.rs"
    reliability "../../examples/reliability.rs"
    replay "../../examples/replay.rs"
    roadmap "../../examples/roadmap.rs"
    routing_policy "../../examples/routing_policy.rs"
    routing_predicate "../../examples/routing_predicate.rs"
    routing_union "../../examples/routing_union.rs"
    simulate "../../examples/simulate.rs"
    state "../../examples/state.rs"
    stream_to_sse "../../examples/stream_to_sse.rs"
    streaming_sse "../../examples/streaming_sse.rs"
    structured "../../examples/structured.rs"
    sub_flow "../../examples/sub_flow.rs"
    testkit_demo "../../examples/testkit_demo.rs"
    traceable_errors "../../examples/traceable_errors.rs"
    tracing_spans "../../examples/tracing_spans.rs"
    visualizer "../../examples/visualizer.rs"
}
