# rotel reads OTLP with a decoder of its own, and prints what it has read.
agent=$("$env/python" -c 'import pathlib, rotel; print(pathlib.Path(rotel.__file__).parent / "rotel-agent")')
start rotel "$agent" start --debug-log traces --debug-log-verbosity detailed \
    --otlp-grpc-endpoint 127.0.0.1:14317 --otlp-http-endpoint 127.0.0.1:14318 --exporter blackhole
until_port 14318
OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:14318 example tracing_spans
for _ in $(seq 100); do
    grep -q 'invoke_workflow answering' "$work/rotel.out" && break
    sleep 0.1
done
"$env/python" tests/peers/suites/observability/spans.py rotel "$work/rotel.out"
