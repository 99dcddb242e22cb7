"""Compares what two clients sent and read, and says where they differ: compare.py PREFIX. What may differ stands in a table with its reason."""

import json
import sys

prefix = sys.argv[1]

# Fields of a body that one client writes and the other leaves out, with the same meaning: (name, value that means nothing).
DEFAULTS = [
    ("stream", False),
    ("detail", "auto"),
    ("strict", False),
]

# Google's format takes a name in either way of writing, and its client uses both.
NAMES = {"parameters_json_schema": "parametersJsonSchema", "mime_type": "mimeType"}


def lines(name):
    with open(f"{prefix}.{name}") as file:
        return [json.loads(line) for line in file]


def plain(value):
    """The value without what means nothing."""
    if isinstance(value, dict):
        named = {NAMES.get(key, key): one for key, one in value.items()}
        kept = {key: plain(one) for key, one in named.items() if (key, one) not in DEFAULTS and one is not None}
        # Google reads base64 in both alphabets.
        if isinstance(kept.get("data"), str):
            kept["data"] = kept["data"].replace("-", "+").replace("_", "/")
        # A system text of one block and the text alone are the same, and so is a content of one text.
        for key in ("content", "system"):
            blocks = kept.get(key)
            if isinstance(blocks, list) and len(blocks) == 1 and set(blocks[0]) == {"type", "text"}:
                kept[key] = blocks[0]["text"]
        if isinstance(kept.get("arguments"), str):
            kept["arguments"] = json.loads(kept["arguments"])
        return kept
    if isinstance(value, list):
        return [plain(one) for one in value]
    return value


def differ(at, theirs, ours):
    if isinstance(theirs, dict) and isinstance(ours, dict):
        for key in sorted(set(theirs) | set(ours)):
            yield from differ(f"{at}.{key}", theirs.get(key), ours.get(key))
    elif isinstance(theirs, list) and isinstance(ours, list) and len(theirs) == len(ours):
        for index, (one, other) in enumerate(zip(theirs, ours)):
            yield from differ(f"{at}[{index}]", one, other)
    elif theirs != ours:
        yield f"{at}: theirs {json.dumps(theirs)}, ours {json.dumps(ours)}"


faults = []
for kind in ("sent", "read"):
    theirs, ours = lines(f"theirs.{kind}"), lines(f"ours.{kind}")
    if len(theirs) != len(ours) or not theirs:
        faults.append(f"{kind}: theirs has {len(theirs)} lines, ours {len(ours)}")
    for index, (one, other) in enumerate(zip(theirs, ours)):
        faults.extend(differ(f"{kind}[{index}]", plain(one), plain(other)))
print("\n".join(faults) if faults else f"{prefix.rsplit('/', 1)[-1]}: {len(lines('ours.sent'))} requests are the same, and so is what was read")
sys.exit(1 if faults else 0)
