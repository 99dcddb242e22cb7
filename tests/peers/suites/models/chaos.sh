# The same server, which misbehaves each time: what a call is told then.
port=14020
for chaos in ratelimit disconnect malformed drop; do
    port=$((port + 1))
    aimock "aimock-$chaos" "$port" "--chaos-$chaos" 1
    models chaos "$chaos" "http://127.0.0.1:$port"
done
aimock aimock-latency 14029 --chaos-latency 3000
models chaos latency http://127.0.0.1:14029
