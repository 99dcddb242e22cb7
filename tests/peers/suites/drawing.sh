# Every flow of the tests and of the examples is drawn, and each drawing is read by Mermaid's own parser and by Graphviz: they
# must take it, and find in it what the flow tells.
set -euo pipefail
source tests/peers/parts.sh

need_command dot graphviz
need_npm drawing mermaid@12.3.0 jsdom@26.1.0

drawings=$peers/drawings
rm -rf "$drawings"
mkdir -p "$drawings"
export PENGUIFLOW_DRAWINGS=$PWD/$drawings
# As the whole workspace is tested: nothing is built anew for this.
cargo test --quiet --locked --workspace --test all --test examples -- drawings::

# Node looks for packages from the folder of the program on.
cp tests/peers/suites/drawing/*.mjs "$peers/drawing/"
node "$peers/drawing/read.mjs" "$drawings/tests.jsonl" "$drawings/examples.jsonl" "$drawings/hostile.jsonl"
