# shellcheck shell=bash
# Shared by the sandbox scripts; sourced, never run. A sandbox is a directory with a private
# PostgreSQL and a private Kafka broker, which only need ports of their own on the loopback address.
#
#   DIR/ports            name=port, chosen once and kept over restarts
#   DIR/base             where data and sockets lie (a link when DIR itself cannot hold them)
#   DIR/base/pg          database cluster;   its log: DIR/pg.log
#   DIR/base/kafka       broker;             its log: DIR/kafka.log, its pid: DIR/kafka.pid
#   DIR/env              shell variables for programs and tests

set -euo pipefail

SANDBOX_HOME=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
REPO=$(cd "$SANDBOX_HOME/../.." && pwd)
HOST=127.0.0.1
START_TIMEOUT_S=60
JARS=$REPO/.sandbox/jars

say() { echo "sandbox: $*" >&2; }
die() { say "$*"; exit 69; }

# Sets DIR to the absolute path of the sandbox directory, which exists afterwards.
use_dir() {
    mkdir -p "${1:-$REPO/.sandbox}"
    DIR=$(cd "${1:-$REPO/.sandbox}" && pwd -P)
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

forget_port() { sed -i "/^$1=/d" "$DIR/ports"; }

# PostgreSQL refuses to run as root: then it runs as the user that its package made.
server_user() { if [[ $(id -u) == 0 ]]; then echo postgres; else id -un; fi; }
as_server() {
    if [[ $(id -u) != 0 ]]; then "$@"; return; fi
    setpriv --reuid=postgres --regid=postgres --clear-groups -- "$@"
}

# Data and sockets lie in DIR where the server user can reach it and a socket's path fits into the
# 107 bytes that the kernel allows; otherwise in a private directory that DIR/base points to.
make_base() {
    [[ -d $DIR/base/. ]] && return
    local place=$DIR/data
    if ((${#place} > 80)) || ! as_server test -x "$DIR"; then
        place=/var/tmp/teller-$(id -u)-$(sha256sum <<<"$DIR" | cut -c1-12)
    fi
    mkdir -p -m 0755 "$place"
    ln -sfn "$place" "$DIR/base"
}

pg_bin() {
    local dirs
    dirs=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
    [[ -x $dirs/postgres ]] || die "PostgreSQL is not installed (make deps)"
    echo "$dirs"
}

pg_conninfo() { echo "host=$DIR/base/run port=$(port_of pg) dbname=teller user=$1"; }

# The pid in the file, if that process still runs the given text; a stale file counts as none.
live_pid() {
    local pid
    pid=$(cat "$1" 2>/dev/null) || return 1
    [[ -n $pid ]] && tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -qF -- "$2" || return 1
    echo "$pid"
}
is_gone() { ! kill -0 "$1" 2>/dev/null; }
