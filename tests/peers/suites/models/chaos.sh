# The same server, which misbehaves each time: what a call is told then.
port=14020
for chaos in ratelimit disconnect malformed drop; do
    port=$((port + 1))
    start "aimock-$chaos" node "$peers/aimock/node_modules/.bin/llmock" --port "$port" --fixtures tests/peers/suites/models/aimock.json \
        --log-level silent "--chaos-$chaos" 1
    until_port "$port"
    models chaos "$chaos" "http://127.0.0.1:$port"
done
start aimock-latency node "$peers/aimock/node_modules/.bin/llmock" --port 14029 --fixtures tests/peers/suites/models/aimock.json --log-level silent \
    --chaos-latency 3000
until_port 14029
models chaos latency http://127.0.0.1:14029
