# oteltap reads OTLP with the code that OpenTelemetry generates for Python, and ends well once the span that it waits for is there.
start oteltap "$env/oteltap" --port 14319 --await-span '^invoke_workflow answering$'
tap=$!
until_port 14319
OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:14319 example tracing_spans
wait "$tap"
"$env/python" tests/peers/suites/observability/spans.py oteltap "$work/oteltap.out"
