# What the suites share; they read it with `source`. Each part brings something or ends the suite.

peers=target/peers
mkdir -p "$peers"

# need_command COMMAND PACKAGE: the command, from a package of the system where it is missing.
need_command() {
    command -v "$1" >/dev/null && return
    printf '%s is missing: installing the package %s\n' "$1" "$2"
    local as_root=()
    [ "$(id -u)" = 0 ] || as_root=(sudo)
    "${as_root[@]}" apt-get update -qq
    DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "$2" >/dev/null
    command -v "$1" >/dev/null || {
        printf 'no %s: install %s by hand\n' "$1" "$2" >&2
        exit 1
    }
}

# need_npm FOLDER PACKAGE@VERSION…: these packages below target/peers/FOLDER, in no other version.
need_npm() {
    local folder=$peers/$1
    shift
    [ "$(cat "$folder/has" 2>/dev/null)" = "$*" ] && return
    need_command node nodejs
    need_command npm npm
    rm -rf "$folder"
    mkdir -p "$folder"
    echo '{ "private": true }' >"$folder/package.json"
    npm install --prefix "$folder" --save-exact --no-audit --no-fund --loglevel=error "$@"
    echo "$*" >"$folder/has"
}
