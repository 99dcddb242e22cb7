"""What the example `prometheus` tells, once it has made all its calls: `prometheus.py text URL` prints it, `prometheus.py query URL`
asks the Prometheus there that scrapes it."""

import json
import sys
import time
import urllib.parse
import urllib.request

WHAT, URL = sys.argv[1:]
CALLS = 6


def get(url):
    with urllib.request.urlopen(url, timeout=30) as answer:
        return answer.headers["content-type"], answer.read().decode()


def until(found):
    """What `found` gives, once it gives something."""
    for _ in range(150):
        value = found()
        if value is not None:
            return value
        time.sleep(0.1)
    sys.exit(f"nothing came of {found.__name__} in 15 seconds")


def all_calls():
    kind, text = get(URL)
    assert kind == "text/plain; version=0.0.4; charset=utf-8", kind
    done = f'penguiflow_traces_total{{flow="answering",code="COMPLETED"}} {CALLS}\n'
    return text if done in text else None


def ask(query):
    """The one value of a query; none where it has none."""
    _, text = get(f"{URL}/api/v1/query?{urllib.parse.urlencode({'query': query})}")
    answer = json.loads(text)
    assert answer["status"] == "success", answer
    result = answer["data"]["result"]
    assert len(result) <= 1, result
    return float(result[0]["value"][1]) if result else None


def scraped():
    return True if ask('penguiflow_traces_total{flow="answering",code="COMPLETED"}') == CALLS else None


if WHAT == "text":
    sys.stdout.write(until(all_calls))
    sys.exit()

until(scraped)
search = '{flow="answering",node="search",place="0"'
expected = {
    'up{job="penguiflow"}': 1,
    "scrape_samples_scraped > 50": None,
    "penguiflow_traces_in_flight": 0,
    f'penguiflow_node_attempts_total{search},outcome="completed"}}': CALLS,
    f'penguiflow_node_attempts_total{search},outcome="error"}}': 2,
    'sum(penguiflow_node_attempts_total{node="search"})': CALLS + 2,
    f"penguiflow_node_retries_total{search}}}": 2,
    f"penguiflow_queue_capacity{search}}}": 16,
    f"penguiflow_node_latency_seconds_count{search}}}": CALLS,
    f'penguiflow_node_latency_seconds_bucket{search},le="0.01"}}': 0,
    f'penguiflow_node_latency_seconds_bucket{search},le="+Inf"}}': CALLS,
    'count({__name__=~"penguiflow_.+", trace_id!=""})': None,
}
for query, value in expected.items():
    told = ask(query)
    if query.startswith("scrape_samples"):
        assert told is not None, query
    else:
        assert told == value, (query, told, value)
# Each attempt takes 20 ms and what the machine adds to that.
p95 = ask('histogram_quantile(0.95, sum by (le) (penguiflow_node_latency_seconds_bucket{node="search"}))')
mean = ask(f"penguiflow_node_latency_seconds_sum{search}}} / penguiflow_node_latency_seconds_count{search}}}")
assert 0.01 < p95 < 1 and 0.02 <= mean < 1, (p95, mean)
print(f"prometheus: {len(expected)} queries, p95 of {p95:.3f} s")
