"""Who may include whom: the arrows that keep the core pure and each library in its room."""

import re
from fnmatch import fnmatch

from tree import Finding, Tree

COMMON = ["common", "common/rt", "common/kafka", "common/pg"]
# Room of the includer -> rooms that it may include. Tests may include anything.
ROOMS = {
    "common": ["common"],
    "common/rt": ["common", "common/rt"],
    "common/kafka": ["common", "common/rt", "common/kafka"],
    "common/pg": ["common", "common/rt", "common/pg"],
    "consumer/core": ["common", "consumer/core"],
    "consumer/adapters": COMMON + ["consumer/core", "consumer/adapters", "gen"],
    "consumer/runtime": COMMON + ["consumer/core", "consumer/adapters", "consumer/runtime"],
    "consumer/verbs": COMMON + ["consumer/core", "consumer/adapters", "consumer/verbs", "gen"],
    "consumer": COMMON + ["consumer/core", "consumer/adapters", "consumer/runtime",
                          "consumer/verbs", "consumer"],
    "producer": COMMON + ["producer"],
}
PURE_ROOMS = ("common", "consumer/core")
PURE_C = {f"{name}.h" for name in
          "assert ctype errno float inttypes limits stdalign stdarg stdatomic stdbool stddef "
          "stdint stdio stdlib string".split()}
# Library header -> files that may include it.
LIBRARIES = {
    "jansson.h": ["common/*_json.c"],
    "openssl/*": ["common/digest.c", "common/digest.h"],
    "librdkafka/*": ["common/kafka/*", "producer/publisher*.c", "producer/waiter*.c",
                     "consumer/adapters/lane_source*.c", "consumer/adapters/membership*.c",
                     "consumer/adapters/outbox*.c", "consumer/adapters/kafka_*"],
    "*libpq-fe.h": ["common/pg/*", "consumer/adapters/pg_*"],
    "microhttpd.h": ["consumer/adapters/http*.c"],
    "ini.h": ["common/rt/*.c"],
    "*libsmartcols.h": ["common/rt/*.c", "producer/*.c", "consumer/verbs/*.c"],
    "ut*.h": ["common/rt/*", "common/kafka/*", "common/pg/*", "producer/*",
              "consumer/adapters/*", "consumer/runtime/*", "consumer/verbs/*"],
    "pthread.h": ["consumer/runtime/*"],
    "threads.h": [],
}
_NOT_UTHASH = {"utime.h", "utmp.h", "utmpx.h"}


def room_of(path: str) -> str:
    if path in ("gen/schema_sql.h", "schema_sql.h"):
        return "gen"
    parts = path.split("/")
    for depth in (2, 1):
        room = "/".join(parts[:depth])
        if len(parts) > depth and (room in ROOMS or room == "tests"):
            return room
    return parts[0]


def rooms(tree: Tree):
    """common <- rt <- kafka, pg; common <- core <- adapters <- runtime, verbs; producer apart."""
    for source in tree.c_files:
        allowed = ROOMS.get(room_of(source.path))
        for include in source.includes:
            if allowed is not None and include.quoted and room_of(include.name) not in allowed:
                yield Finding(source.path, include.line, f"may not include {include.name}")


def includes_from_the_root(tree: Tree):
    """"room/file.h" in quotes: the reader sees where a header lies, and two never collide."""
    known = {source.path for source in tree.sources}
    for source in tree.c_files:
        for include in source.includes:
            is_ours = include.name in known or room_of(include.name) == "gen"
            if include.quoted != is_ours:
                yield Finding(source.path, include.line, include.name)


def pure_rooms(tree: Tree):
    """common and consumer/core see only C itself: no OS, no clock, nothing to fake in a test."""
    for source in tree.c_files:
        if room_of(source.path) in PURE_ROOMS:
            for include in source.includes:
                if not include.quoted and include.name not in PURE_C \
                        and not _is_library_home(source.path, include.name):
                    yield Finding(source.path, include.line, f"<{include.name}>")


def _is_library_home(path: str, header: str) -> bool:
    return any(fnmatch(header, library) and any(fnmatch(path, home) for home in homes)
               for library, homes in LIBRARIES.items())


def libraries(tree: Tree):
    """A library stays in its room: replacing it, or faking it, touches one place."""
    for source in tree.c_files:
        if source.path.startswith("tests/"):
            continue
        for include in source.includes:
            if include.quoted or include.name in _NOT_UTHASH:
                continue
            known = any(fnmatch(include.name, library) for library in LIBRARIES)
            if known and not _is_library_home(source.path, include.name):
                yield Finding(source.path, include.line, f"<{include.name}>")


def adapter_headers_hide_libraries(tree: Tree):
    """What others see of an adapter shows no type of librdkafka or libpq; pg_... files may, among
    themselves, and kafka_... files."""
    types = re.compile(r"\b(rd_kafka_\w+|PGconn|PGresult|PGcancel)\b")
    exposed = _seen_from_outside(tree)
    for source in tree.ending(".h"):
        if source.path in exposed:
            for number, line in enumerate(source.code, 1):
                if match := types.search(line):
                    yield Finding(source.path, number, match.group())


def _family(path: str) -> str:
    return re.sub(r"^(consumer/adapters/(?:pg|kafka)_).*", r"\1", path)


def _seen_from_outside(tree: Tree) -> set[str]:
    """Adapter headers that a file of another family includes, at once or through others."""
    includes = {source.path: [include.name for include in source.includes]
                for source in tree.c_files if not source.path.startswith("tests/")}
    seen = {name for path, names in includes.items() for name in names
            if name.startswith("consumer/adapters/")
            and (_family(path) != _family(name) or _family(name) == name)}
    waiting = list(seen)
    while waiting:
        new = {name for name in includes.get(waiting.pop(), ())
               if name.startswith("consumer/adapters/")} - seen
        seen |= new
        waiting.extend(new)
    return seen


RULES = [rooms, includes_from_the_root, pure_rooms, libraries, adapter_headers_hide_libraries]
