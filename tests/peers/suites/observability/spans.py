"""Checks the spans of the example `tracing_spans`, as a collector has printed them: `spans.py oteltap FILE`."""

import json
import re
import sys

PARENT = "00f067aa0ba902b7"
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


def of_oteltap(text):
    """One span a line, as JSON; what stands between is for people."""
    for line in text.splitlines():
        if line.startswith('{"traceId"'):
            span = json.loads(line)
            attributes = {each["key"]: next(iter(each["value"].values())) for each in span["attributes"]}
            yield {
                "trace": span["traceId"],
                "id": span["spanId"],
                "parent": span["parentSpanId"],
                "name": span["name"],
                "status": span["status"].get("code", 0),
                "attributes": attributes,
                "events": [
                    next(iter(pair["value"].values()))
                    for event in span["events"]
                    for pair in event["attributes"]
                    if pair["key"] == "event"
                ],
            }


def of_rotel(text):
    """A block of lines for each span."""
    for block in re.split(r"^Span #\d+$", text, flags=re.M)[1:]:

        def line(name):
            return re.search(rf"^    {name} *: ?(.*)$", block, flags=re.M).group(1).strip()

        own, _, events = block.partition("\nEvents:")
        yield {
            "trace": line("Trace ID"),
            "id": line("ID"),
            "parent": line("Parent ID"),
            "name": line("Name"),
            "status": {"UNSET": 0, "OK": 1, "ERROR": 2}[line("Status code").removeprefix("STATUS_CODE_")],
            "attributes": dict(re.findall(r"^     -> ([\w.]+): Str\((.*)\)$", own, flags=re.M)),
            "events": re.findall(r"^ +-> event: Str\((.*)\)$", events, flags=re.M),
        }


def check(spans):
    by_name = {}
    for span in spans:
        assert span["trace"] == TRACE, span
        by_name.setdefault(span["name"], []).append(span)
    names = {name: len(found) for name, found in by_name.items()}
    flow, sub = "invoke_workflow answering", "invoke_workflow asking"
    assert names == {flow: 1, sub: 1, "clean": 1, "search": 2, "ask": 1, "render": 1}, names
    flow, sub = by_name[flow][0], by_name[sub][0]
    assert flow["parent"] == PARENT, flow
    for name in ("clean", "search", "render"):
        assert all(span["parent"] == flow["id"] for span in by_name[name]), name
    assert sub["parent"] == flow["id"] and by_name["ask"][0]["parent"] == sub["id"]
    assert [flow["status"], sub["status"]] == [1, 1]
    assert sorted(span["status"] for span in by_name["search"]) == [0, 2]
    failed = next(span for span in by_name["search"] if span["status"] == 2)
    assert failed["attributes"]["error.type"] == "NODE_EXCEPTION", failed
    assert failed["events"] == ["node_error"], failed
    said = ("gen_ai.operation.name", "gen_ai.agent.name", "flow", "ending")
    assert [flow["attributes"][key] for key in said] == ["invoke_workflow", "answering", "answering", "COMPLETED"]


kind, path = sys.argv[1:]
with open(path, encoding="utf-8") as file:
    found = list({"oteltap": of_oteltap, "rotel": of_rotel}[kind](file.read()))
check(found)
print(f"{kind}: {len(found)} spans with the right parents, names, attributes and status")
