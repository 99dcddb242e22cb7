"""Reads back what the example `mlflow_metrics` has told an MLflow server: `mlflow.py URL`."""

import json
import sys
import time
import urllib.parse
import urllib.request

URL = sys.argv[1]


def ask(path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(URL + path, data, {"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


name = urllib.parse.quote("penguiflow-examples")
experiment = ask(f"/api/2.0/mlflow/experiments/get-by-name?experiment_name={name}")["experiment"]["experiment_id"]
(run,) = ask("/api/2.0/mlflow/runs/search", {"experiment_ids": [experiment]})["runs"]
info, data = run["info"], run["data"]
assert (info["status"], info["run_name"]) == ("FINISHED", "reading"), info
assert info["end_time"] >= info["start_time"], info
assert {each["key"]: each["value"] for each in data["params"]} == {"model": "emperor-1"}, data
tags = {each["key"]: each["value"] for each in data["tags"]}
assert (tags["team"], tags["penguiflow.flow"]) == ("south", "reading"), tags
last = {each["key"]: each["value"] for each in data["metrics"]}
counts = {"fetch/errors": 2, "fetch/retries": 2, "traces/COMPLETED": 2, "pages": 2}
assert {key: last[key] for key in counts} == counts, last
run_id = info["run_id"]
history = ask(f"/api/2.0/mlflow/metrics/get-history?run_id={run_id}&metric_key=fetch/latency_ms")["metrics"]
assert [each["step"] for each in history] == [0, 1, 2, 3], history
assert all(each["value"] > 0 for each in history), history

where = {"locations": [{"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": experiment}}]}
for _ in range(50):
    traces = ask("/api/3.0/mlflow/traces/search", where).get("traces", [])
    if len(traces) == 2:
        break
    time.sleep(0.1)
assert [trace["state"] for trace in traces] == ["OK", "OK"], traces
assert all(trace["tags"]["service.name"] == "reading" for trace in traces), traces
print(f"mlflow: run {run_id} has finished with its figures, and two traces are OK")
