# shellcheck shell=bash disable=SC2034
# Shared by the sandbox scripts; sourced, never run. A sandbox is a directory with a private
# PostgreSQL and a private Kafka broker, which only need ports of their own on the loopback address.
#
#   DIR/ports            name=port, chosen once and kept over restarts
#   DIR/base             link to BASE, where data and sockets lie (see make_base)
#   BASE/pg, BASE/run    database cluster and its socket;   log: DIR/pg.log
#   BASE/kafka           broker's data;   log: DIR/kafka.log, pid: DIR/kafka.pid
#   DIR/env              shell variables for programs and tests

set -euo pipefail

SANDBOX_HOME=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
REPO=$(cd "$SANDBOX_HOME/../.." && pwd)
HOST=127.0.0.1
START_TIMEOUT_S=60
JARS=$REPO/.sandbox/jars

say() { echo "sandbox: $*" >&2; }
die() { say "$*"; exit 69; }

# Sets DIR to the absolute path of the sandbox directory, which exists afterwards, and BASE to where
# its data are, empty before make_base.
use_dir() {
    mkdir -p "${1:-$REPO/.sandbox}"
    DIR=$(cd "${1:-$REPO/.sandbox}" && pwd -P)
    BASE=$(readlink -e "$DIR/base" || true)
}

# Runs the rest of the script under the directory's lock. Daemons must be started with 9>&-.
lock_dir() {
    exec 9>"$DIR/.lock"
    flock -w 300 9 || die "$DIR is locked by another start or stop"
}

# wait_until SECONDS COMMAND...: polls; returns 1 when the time is over.
wait_until() {
    local deadline=$((SECONDS + $1))
    shift
    until "$@"; do
        ((SECONDS < deadline)) || return 1
        sleep 0.05
    done
}

is_listening() { (exec 3<>"/dev/tcp/$HOST/$1") 2>/dev/null; }

# Below the range that the kernel hands out to clients, so that only servers can compete for it.
free_port() {
    local port
    while :; do
        port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
        is_listening "$port" || break
    done
    echo "$port"
}

# port_of NAME: the remembered port of this sandbox, chosen at the first call.
port_of() {
    local port
    port=$(sed -n "s/^$1=//p" "$DIR/ports" 2>/dev/null || true)
    [[ -n $port ]] || { port=$(free_port) && echo "$1=$port" >>"$DIR/ports"; }
    echo "$port"
}

is_free() { ! is_listening "$1"; }

# To be called before a start: a server that was just killed lets go of its port a little later; one
# that another program has taken since is given up.
claim_port() {
    wait_until 5 is_free "$(port_of "$1")" && return
    say "port $(port_of "$1") belongs to another program now, $1 moves"
    sed -i "/^$1=/d" "$DIR/ports"
    port_of "$1" >/dev/null
}

# PostgreSQL refuses to run as root: then it runs as the user that its package made.
server_user() { if [[ $(id -u) == 0 ]]; then echo postgres; else id -un; fi; }
as_server() {
    # Not from here: initdb insists on a working directory that it can read.
    local run_as=(env --chdir=/)
    [[ $(id -u) != 0 ]] || run_as+=(setpriv --reuid=postgres --regid=postgres --clear-groups --)
    "${run_as[@]}" "$@"
}

# Data and sockets lie in DIR where the server user can reach it and a socket's path fits into the
# 107 bytes that the kernel allows; otherwise in a directory of this sandbox alone under /var/tmp.
make_base() {
    [[ -z $BASE ]] || return 0
    BASE=$DIR/data
    if ((${#BASE} > 80)) || ! as_server test -x "$DIR"; then
        BASE=/var/tmp/teller-$(id -u)-$(sha256sum <<<"$DIR" | cut -c1-12)
    fi
    mkdir -p "$BASE"
    [[ -O $BASE ]] || die "$BASE belongs to another user"
    chmod 0755 "$BASE"
    ln -sfn "$BASE" "$DIR/base"
}

pg_bin() {
    local dirs
    dirs=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
    [[ -x $dirs/postgres ]] || die "PostgreSQL is not installed (make deps)"
    echo "$dirs"
}

pg_conninfo() { echo "host=$BASE/run port=$(port_of pg) dbname=teller user=$1"; }

# The pid in the file, if that process still runs the given text; a stale file counts as none.
live_pid() {
    local pid
    pid=$(cat "$1" 2>/dev/null) || return 1
    [[ -n $pid ]] && tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -qF -- "$2" || return 1
    echo "$pid"
}
# A zombie counts as gone: in a container nobody may ever collect it.
is_gone() { ! grep -qE '^State:\s+[^ZX[:space:]]' "/proc/$1/status" 2>/dev/null; }
