# An MLflow server keeps a run and its traces, which are read back by its own REST API.
start mlflow "$env/mlflow" server --host 127.0.0.1 --port 15000 --workers 1 \
    --backend-store-uri "sqlite:///$PWD/$work/mlflow.db" --default-artifact-root "$PWD/$work/artifacts"
until_port 15000
MLFLOW_TRACKING_URI=http://127.0.0.1:15000 example mlflow_metrics
"$env/python" tests/peers/suites/observability/mlflow.py http://127.0.0.1:15000
