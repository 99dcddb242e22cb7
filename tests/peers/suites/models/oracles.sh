# The providers' own clients hold conversations, and ours holds the same: what is sent and what is read has to be the same.
need_pip sdks openai==3.54.0 anthropic==2.12.0 google-genai==3.4.0
aimock aimock-oracles 14011 --strict --chunk-size 5
for format in openai anthropic google; do
    start "tap-$format-theirs" python3 tests/peers/suites/models/tap.py 14012 127.0.0.1:14011 "$work/$format.theirs.sent"
    tap_theirs=$!
    until_port 14012
    start "tap-$format-ours" python3 tests/peers/suites/models/tap.py 14013 127.0.0.1:14011 "$work/$format.ours.sent"
    tap_ours=$!
    until_port 14013
    "$peers/sdks/env/bin/python" -W ignore tests/peers/suites/models/oracle.py "$format" http://127.0.0.1:14012 >"$work/$format.theirs.read"
    models oracle "$format" http://127.0.0.1:14013 tests/peers/suites/models/conversations.json >"$work/$format.ours.read"
    kill "$tap_theirs" "$tap_ours"
    wait "$tap_theirs" "$tap_ours" 2>/dev/null || true
    python3 tests/peers/suites/models/compare.py "$work/$format"
done
