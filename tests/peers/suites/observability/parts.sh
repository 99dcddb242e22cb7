# What the parts of this suite share.

env=$peers/observability/env/bin

# example NAME: runs an example that was built.
example() {
    "${CARGO_TARGET_DIR:-target}/debug/examples/$1"
}
