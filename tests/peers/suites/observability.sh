# What collectors, an MLflow server and a Prometheus make of the spans, the runs and the figures of the examples. Each server listens on this
# machine only, and is ended by its number.
set -euo pipefail
source tests/peers/parts.sh
source tests/peers/suites/observability/parts.sh

need_pip observability oteltap==1.0.0 rotel==0.0.1a15 mlflow==3.17.2
need_deb prometheus 'prometheus=2.42.*'
work=$peers/observability/work
rm -rf "$work"
mkdir -p "$work"

cargo build --quiet --locked -p penguiflow-examples --example tracing_spans --example mlflow_metrics \
    --example prometheus

for part in oteltap rotel prometheus mlflow; do
    printf -- '--- %s\n' "$part"
    # shellcheck disable=SC1090
    source "tests/peers/suites/observability/$part.sh"
done
