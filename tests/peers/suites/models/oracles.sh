# The providers' own clients hold conversations, and ours holds the same: what is sent and what is read has to be the same.
start aimock node "$peers/aimock/node_modules/.bin/llmock" --port 14011 --fixtures tests/peers/suites/models/aimock.json --strict --log-level warn \
    --chunk-size 5
until_port 14011
for format in openai anthropic google; do
    rm -f "$work/$format".*
    start "tap-$format-theirs" python3 tests/peers/suites/models/tap.py 14012 127.0.0.1:14011 "$work/$format.theirs.sent"
    tap_theirs=$!
    start "tap-$format-ours" python3 tests/peers/suites/models/tap.py 14013 127.0.0.1:14011 "$work/$format.ours.sent"
    tap_ours=$!
    until_port 14012
    until_port 14013
    "$peers/sdks/env/bin/python" tests/peers/suites/models/oracle.py "$format" http://127.0.0.1:14012 >"$work/$format.theirs.read"
    models oracle "$format" http://127.0.0.1:14013 tests/peers/suites/models/conversations.json >"$work/$format.ours.read"
    kill "$tap_theirs" "$tap_ours"
    python3 tests/peers/suites/models/compare.py "$work/$format"
done
