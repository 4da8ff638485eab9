"""Rules about files as wholes: headers that stand alone, nothing dead, nothing twice."""

import os
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor

from tree import Finding, Source, Tree

PACKAGES = ["rdkafka", "libpq", "jansson", "libcrypto", "libmicrohttpd", "inih", "smartcols"]
# Rooms that the Makefile builds.
BUILT = ["common", "common/rt", "common/kafka", "common/pg", "consumer", "consumer/core",
         "consumer/adapters", "consumer/runtime", "consumer/verbs", "producer", "tests/unit",
         "tests/trace", "tests/integration", "tests/chaos", "tests/bench", "tests/bench/peers",
         "tests/harness", "tests/fakes", "tests/sim", "tests/fuzz", "tests/race", "tests/sandbox"]
# Found by people and programs under their own name.
ENTRY_POINTS = re.compile(
    r"^(README|CONTRIBUTING|SECURITY|CHANGELOG)\.md$|^(LICENSE|Makefile)$|^\.|(^|/)README\.md$|"
    r"^\.ci/run$|^docs/|^schemas/(db/\d+_\w+\.sql|examples/)|^tests/fuzz/corpus/|(^|/)\.\w+$")


def header_guard(tree: Tree):
    """The guard ends with the file's name, and two headers never share one."""
    owners: dict[str, str] = {}
    for source in tree.ending(".h"):
        match = re.search(r"^#ifndef (TELLER_\w+)\n#define \1$", source.text, re.M)
        guard = match.group(1) if match else ""
        if not guard.endswith("_" + re.sub(r"\W", "_", os.path.basename(source.path)).upper()):
            yield Finding(source.path, 0, "no guard TELLER_..._FILE_H")
        elif guard in owners:
            yield Finding(source.path, 0, f"same guard as {owners[guard]}")
        owners.setdefault(guard, source.path)


def header_says_what_for(tree: Tree):
    """A header begins with one comment that says what the module is for."""
    for source in tree.ending(".h"):
        if not source.text.startswith("/*"):
            yield Finding(source.path, 1, "no comment on top")


def no_umbrella_header(tree: Tree):
    """A header declares something of its own: includes of includes hide who needs what."""
    for source in tree.ending(".h"):
        body = [line for line in source.code
                if line.strip() and not re.match(r"\s*#\s*(include|ifndef|endif)", line)
                and not re.match(r"\s*#\s*define\s+\w+_H$", line)]
        if not body:
            yield Finding(source.path, 0, "only includes")


def header_stands_alone(tree: Tree):
    """A header compiles alone, and twice: the order of includes means nothing."""
    flags = subprocess.run(["pkg-config", "--cflags", *PACKAGES], capture_output=True,
                           text=True, check=False).stdout.split()
    command = [os.environ.get("CC", "gcc"), "-std=c11", "-D_POSIX_C_SOURCE=200809L", "-Wall",
               "-Wextra", "-Werror", "-I.", *flags, "-fsyntax-only", "-x", "c", "-"]

    def compile_alone(source: Source):
        include = f'#include "{source.path}"\n'
        result = subprocess.run(command, input=include * 2, text=True, capture_output=True,
                                cwd=tree.root, check=False)
        if result.returncode != 0:
            first = next((line for line in result.stderr.splitlines() if "error" in line), "fails")
            return Finding(source.path, 0, first)
        return None

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        yield from filter(None, pool.map(compile_alone, tree.ending(".h")))


def no_dead_file(tree: Tree):
    """Every file is built, included or named by another one: what nobody uses rots."""
    included = {include.name for source in tree.c_files for include in source.includes}
    for source in tree.sources:
        if source.path.endswith(".h"):
            if source.path not in included:
                yield Finding(source.path, 0, "nobody includes it")
        elif source.path.endswith(".c"):
            if os.path.dirname(source.path) not in BUILT:
                yield Finding(source.path, 0, "the Makefile does not build this room")
        elif not ENTRY_POINTS.search(source.path) and not _is_named(tree, source):
            yield Finding(source.path, 0, "nobody names it")


def _is_named(tree: Tree, wanted: Source) -> bool:
    """By its name, its stem (an import, a Java class), or a pattern (*.golden, %s.golden)."""
    name = os.path.basename(wanted.path)
    stem, ending = (re.escape(part) for part in os.path.splitext(name))
    pattern = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])|\b(?:import|from) {stem}\b|"
                         rf">{stem}<" + (rf'|(?:\*|%s|>|"){ending}\b' if ending else ""))
    return any(pattern.search(source.text) for source in tree.sources if source is not wanted)


def no_second_copy(tree: Tree):
    """A helper exists once: the second copy is the one that is not repaired."""
    seen: dict[str, str] = {}
    for source in tree.ending(".c"):
        for function in source.functions:
            body = source.lines[function.first:function.last]
            text = " ".join(" ".join(body).split())
            if len(body) < 4 or function.name in ("main", "Test"):
                continue
            place = f"{function.name} in {source.path}"
            if text in seen:
                yield Finding(source.path, function.first, f"same body as {seen[text]}")
            seen.setdefault(text, place)


def shell_is_clean(tree: Tree):
    """shellcheck finds nothing: quoting mistakes wait for the first path with a blank."""
    scripts = [source.path for source in tree.sources if source.text.startswith("#!/bin/bash")]
    command = ["shellcheck", "-x", "-P", "SCRIPTDIR", "-f", "gcc"]
    if scripts:
        report = subprocess.run(command + scripts, cwd=tree.root, capture_output=True, text=True,
                                check=False).stdout
        for line in report.splitlines():
            path, number, _, what = line.split(":", 3)
            yield Finding(path, int(number), what.strip())


RULES = [header_guard, header_says_what_for, no_umbrella_header, header_stands_alone, no_dead_file,
         no_second_copy, shell_is_clean]
