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

# need_pip FOLDER PACKAGE==VERSION…: these packages in an environment of their own below target/peers/FOLDER, in no other version.
need_pip() {
    local folder=$peers/$1
    shift
    [ "$(cat "$folder/has" 2>/dev/null)" = "$*" ] && return
    need_command python3 python3
    python3 -c 'import ensurepip' 2>/dev/null || need_command python3-config python3-venv
    rm -rf "$folder"
    python3 -m venv "$folder/env"
    "$folder/env/bin/pip" install --quiet --disable-pip-version-check "$@"
    echo "$*" >"$folder/has"
}

# need_deb FOLDER PACKAGE=VERSION: what this package of the system holds, below target/peers/FOLDER and not installed, so that no service
# of it is started.
need_deb() {
    local folder=$peers/$1
    [ "$(cat "$folder/has" 2>/dev/null)" = "$2" ] && return
    rm -rf "$folder"
    mkdir -p "$folder"
    (cd "$folder" && apt-get download -qq "$2" 2>/dev/null) || {
        local as_root=()
        [ "$(id -u)" = 0 ] || as_root=(sudo)
        "${as_root[@]}" apt-get update -qq
        (cd "$folder" && apt-get download -qq "$2")
    }
    dpkg -x "$folder"/*.deb "$folder/root"
    echo "$2" >"$folder/has"
}

# The servers of a suite; its output goes to the folder $work.
started=()

# start NAME COMMAND…: a server, whose output is $work/NAME.out, and which ends with the suite.
start() {
    local name=$1
    shift
    "$@" >"$work/$name.out" 2>&1 &
    started+=($!)
}

end_all() {
    local pid
    for pid in "${started[@]}"; do
        kill "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
}
trap end_all EXIT

# until_port PORT: something listens there, or the suite fails; at once where the server that was started last has ended.
until_port() {
    local tries
    for tries in $(seq 600); do
        (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null && return
        kill -0 "${started[-1]}" 2>/dev/null || break
        sleep 0.1
    done
    printf 'nothing listens on port %s\n' "$1" >&2
    exit 1
}

# until_up URL: what is behind it answers well, or the suite fails.
until_up() {
    need_command curl curl
    local tries
    for tries in $(seq 600); do
        curl --silent --fail --output /dev/null "$1" && return
        kill -0 "${started[-1]}" 2>/dev/null || break
        sleep 0.1
    done
    printf '%s does not answer\n' "$1" >&2
    exit 1
}
