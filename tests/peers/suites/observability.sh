# What collectors and an MLflow server of other makes make of the spans and the runs of the examples. Each server listens on this
# machine only, and is ended by its number.
set -euo pipefail
source tests/peers/parts.sh
source tests/peers/suites/observability/parts.sh

need_pip observability oteltap==1.0.0 rotel==0.0.1a15 mlflow==3.17.2
work=$peers/observability/work
rm -rf "$work"
mkdir -p "$work"

cargo build --quiet --locked -p penguiflow-examples --example tracing_spans --example mlflow_metrics

for part in oteltap rotel mlflow; do
    printf -- '--- %s\n' "$part"
    # shellcheck disable=SC1090
    source "tests/peers/suites/observability/$part.sh"
done
