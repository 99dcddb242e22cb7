# Models of other makes: a real small one behind llama-server, a server that speaks the formats of OpenAI, Anthropic and Google from a table, and
# these three's own clients for Python as oracles. Each server listens on this machine only, and is ended by its number.
# MODELS_PARTS="aimock chaos" runs these parts alone, GENERATIONS=200 asks the real model for more values.
set -euo pipefail
source tests/peers/parts.sh

work=$peers/models
rm -rf "$work"
mkdir -p "$work"

cargo build --quiet --locked -p penguiflow-tests --bin models
models() {
    "${CARGO_TARGET_DIR:-target}/debug/models" "$@"
}

# aimock NAME PORT OPTION…: the server with our table.
aimock() {
    local name=$1 port=$2
    shift 2
    need_npm aimock @copilotkit/aimock@1.43.0
    start "$name" node "$peers/aimock/node_modules/.bin/llmock" --port "$port" --fixtures tests/peers/suites/models/aimock.json --log-level silent "$@"
    until_port "$port"
}

read -ra parts <<<"${MODELS_PARTS:-aimock chaos oracles llama}"
for part in "${parts[@]}"; do
    printf -- '--- %s\n' "$part"
    # shellcheck disable=SC1090
    source "tests/peers/suites/models/$part.sh"
done
