# A server of another make that speaks four formats from a table of answers.
start aimock node "$peers/aimock/node_modules/.bin/llmock" --port 14010 --fixtures tests/peers/suites/models/aimock.json --strict --log-level warn \
    --chunk-size 5
until_port 14010
models aimock http://127.0.0.1:14010
