# A Prometheus scrapes an example that runs, its own checker reads the same text, and its query language is asked for the figures.
# Not by `example`: what is ended is the program, and not a shell around it.
start scraped "${CARGO_TARGET_DIR:-target}/debug/examples/prometheus" 127.0.0.1:19464
until_port 19464
"$env/python" tests/peers/suites/observability/prometheus.py text http://127.0.0.1:19464/metrics >"$work/metrics.txt"
"$peers/prometheus/root/usr/bin/promtool" check metrics <"$work/metrics.txt"
cat >"$work/prometheus.yml" <<'YML'
global:
  scrape_interval: 1s
scrape_configs:
  - job_name: penguiflow
    static_configs:
      - targets: ["127.0.0.1:19464"]
YML
start prometheus "$peers/prometheus/root/usr/bin/prometheus" --config.file="$work/prometheus.yml" \
    --storage.tsdb.path="$work/prometheus" --web.listen-address=127.0.0.1:19090 \
    --web.console.templates="$work" --web.console.libraries="$work"
until_port 19090
"$env/python" tests/peers/suites/observability/prometheus.py query http://127.0.0.1:19090
