"""Rules about C code: what is not called, not declared, not written."""

import re

from tree import Finding, Source, Tree

BANNED = {
    "strcpy": "no bound", "strcat": "no bound", "sprintf": "no bound", "vsprintf": "no bound",
    "gets": "no bound", "stpcpy": "no bound", "strncpy": "may leave out the NUL",
    "strncat": "its bound is not the buffer's", "alloca": "no bound on the stack",
    "atoi": "hides errors", "atol": "hides errors", "atoll": "hides errors",
    "atof": "hides errors, and is a float", "strtok": "hidden state", "rand": "hidden state",
    "srand": "hidden state", "random": "hidden state", "localtime": "hidden state",
    "gmtime": "hidden state", "ctime": "hidden state", "asctime": "hidden state",
    "system": "a shell", "popen": "a shell",
    "setjmp": "jumps over cleanup", "longjmp": "jumps over cleanup", "tmpnam": "a race",
    "mktemp": "a race", "signal": "unspecified semantics; sigaction", "sleep": "poll a condition",
    "usleep": "poll a condition", "vfork": "undefined nearly everywhere",
}
# Calls with one home. A path that ends with a slash is a room.
CONFINED = {
    "exit": ("consumer/main.c", "producer/main.c", "tests/"),
    "_exit": ("consumer/main.c", "producer/main.c", "tests/"),
    "abort": ("common/check.c", "tests/"),
    "clock_gettime": ("common/rt/clock.c",), "gettimeofday": ("common/rt/clock.c",),
    # A load in an open loop is sent on the microsecond.
    "time": ("common/rt/clock.c",), "nanosleep": ("common/rt/clock.c", "tests/bench/latency.c"),
    "clock_nanosleep": ("common/rt/clock.c",),
}
_ALLOCATORS = re.compile(r"(?<![\w.>])(malloc|calloc|realloc|strdup|strndup|aligned_alloc)\s*\(")
_BIRTH = re.compile(r"(_new|_init)$|^allocate(_|$)")
# A finalize loads all subscriptions of a product, and no limit of a lane says how many those are.
GROWS = ("consumer/core/allotment.c",)
_CALL = re.compile(r"(?<![\w.>])([a-z_]\w*)\s*\(")
_MUTE_CHECK = re.compile(r"\bCHECK\((false|0)\)|\bcheck_failed\(")
_GOTO = re.compile(r"\bgoto\s+(?!cleanup\b)(\w+)")
_TYPEDEF = re.compile(r"\btypedef\s+(struct|enum|union)\b")
_BARE_IF = re.compile(r"^\s*#\s*define\s+\w+(\([^)]*\))?\s+(\\\s*)?(if|else|for|while)\b")
_BRANCH = re.compile(r"^\s*(\} else if|\} else|else if|else|if|for|while)\b")
_PROTOTYPE = re.compile(r"^(?!typedef|static|return|else)[a-zA-Z_][\w\s*]*?[\s*](\w+)\(", re.M)
_TYPE_NAME = re.compile(r"^(?:struct|enum) (\w+)(?: \{|;)", re.M)
_TEST_NAME = re.compile(r"^\s*(?:Parameterized)?Test\(\s*\w+\s*,\s*(\w+)")
# The only state of the process as a whole; all else has an owner who passes it on.
GLOBALS = {
    "common/rt/stop.c": None,  # a signal handler can reach nothing else
    # There is one stderr: its level, its lock and its count of lost lines belong to the process.
    "common/rt/log.c": {"lowest", "lost", "writing"},
}


def banned_calls(tree: Tree):
    """Calls that overrun, hide errors or share state; each has a better one."""
    for source in tree.c_files:
        for number, name in _calls(source):
            if name in BANNED:
                yield Finding(source.path, number, f"{name}: {BANNED[name]}")


def confined_calls(tree: Tree):
    """Ending the process and reading clocks have one home each: the rest stays testable."""
    for source in tree.c_files:
        for number, name in _calls(source):
            homes = CONFINED.get(name)
            if homes and not any(_is_in(source.path, home) for home in homes):
                yield Finding(source.path, number, f"{name}: only in {', '.join(homes)}")


def _is_in(path: str, home: str) -> bool:
    return path.startswith(home) if home.endswith("/") else path == home


def _calls(source: Source):
    for number, line in enumerate(source.code, 1):
        if not line.lstrip().startswith("#"):
            for match in _CALL.finditer(line):
                yield number, match.group(1)


def core_allocates_at_birth_only(tree: Tree):
    """The lane machine allocates when it is made (..._new, ..._init, allocate...), not later."""
    for source in tree.c_files:
        if source.path.startswith("consumer/core/") and source.path not in GROWS:
            for function in source.functions:
                for number in range(function.first, function.last + 1):
                    match = _ALLOCATORS.search(source.code[number - 1])
                    if match and not _BIRTH.search(function.name):
                        yield Finding(source.path, number, f"{match.group(1)} in {function.name}")


def impossible_places_say_why(tree: Tree):
    """An impossible place is a CHECK(!"why"): what is printed then tells more than `false`."""
    for source in tree.c_files:
        if source.path not in ("common/check.h", "common/check.c"):
            for number, line in enumerate(source.code, 1):
                if _MUTE_CHECK.search(line) and not line.lstrip().startswith("#"):
                    yield Finding(source.path, number, line.strip())


def single_cleanup_label(tree: Tree):
    """goto leads to the one label `cleanup`: ways out of a function are all the same way."""
    for source in tree.c_files:
        for number, line in enumerate(source.code, 1):
            if match := _GOTO.search(line):
                yield Finding(source.path, number, f"goto {match.group(1)}")


def no_struct_typedef(tree: Tree):
    """`struct x` without typedef: the reader sees what is copied."""
    for source in tree.c_files:
        for number, line in enumerate(source.code, 1):
            if _TYPEDEF.search(line):
                yield Finding(source.path, number, line.strip())


def no_bare_if_macro(tree: Tree):
    """A macro does not begin with if, else or a loop: it would take the caller's else."""
    for source in tree.c_files:
        for number, line in enumerate(source.code, 1):
            if _BARE_IF.match(line):
                yield Finding(source.path, number, line.strip())


def braced_bodies(tree: Tree):
    """Every body of a branch or loop has braces: a line that is added later is inside."""
    for source in tree.c_files:
        lines = [line.rstrip("\\").rstrip() for line in source.code]
        for number, line in enumerate(lines, 1):
            if _BRANCH.match(line) and not _head(lines, number).endswith(("{", ";")):
                yield Finding(source.path, number, line.strip())


def _head(lines: list[str], number: int) -> str:
    """From the keyword to the line that closes its parentheses."""
    head = lines[number - 1]
    while head.count("(") > head.count(")") and number < len(lines):
        head += lines[number]
        number += 1
    return head


def no_mutable_global(tree: Tree):
    """No variable that outlives a call, but the stop flag and the log's: state has an owner."""
    for source in tree.c_files:
        allowed = GLOBALS.get(source.path, set())
        if allowed is None or source.path.startswith("tests/"):
            continue
        inside = {number for function in source.functions
                  for number in range(function.first + 1, function.last + 1)}
        for number, line in enumerate(source.code, 1):
            is_local_static = number in inside and re.match(r"\s+static\b", line)
            if (is_local_static or number not in inside) and _mutable(line) not in allowed | {""}:
                yield Finding(source.path, number, line.strip())


_VARIABLE = re.compile(r"\s*(?:static|extern|_Thread_local)\s+(?!inline\b|_Noreturn\b)([^(=;]*?)"
                       r"(\**)\s*(const\b)?\s*(\w+)(?:\[[^=;]*\])?\s*(?:=.*|;)\s*$")


def _mutable(line: str) -> str:
    """The name of the mutable variable that this line defines, or nothing."""
    match = _VARIABLE.match(line)
    if not match:
        return ""
    specifiers, stars, last_const, name = match.groups()
    if "*" in specifiers + stars:
        is_const = last_const or re.search(r"\*\s*const\s*$", specifiers)
    else:
        is_const = last_const or re.search(r"\bconst\b", specifiers)
    return "" if is_const else name


def module_prefix(tree: Tree):
    """A public function is named after its header or a type of it: one knows where to look."""
    for source in tree.ending(".h"):
        if source.path.startswith("tests/"):
            continue
        module = source.path.rsplit("/", 1)[-1][:-2]
        code = "\n".join(line for line in source.code if not line.lstrip().startswith("#"))
        prefixes = _prefixes(module) | set(_TYPE_NAME.findall(code))
        for match in _PROTOTYPE.finditer(code):
            name = match.group(1)
            if not any(name == prefix or name.startswith(prefix + "_") for prefix in prefixes):
                yield Finding(source.path, 0, f"{name} is not {module}_...")


def _prefixes(module: str) -> set[str]:
    """command_json -> command_json, command; verbs -> verbs, verb."""
    parts = module.split("_")
    leading = {"_".join(parts[:count]) for count in range(1, len(parts) + 1)}
    return leading | {prefix.removesuffix("s") for prefix in leading}


def test_names(tree: Tree):
    """A test is named by what it promises: test_withdraw_below_floor_is_rejected."""
    for source in tree.ending(".c"):
        if source.path.startswith("tests/"):
            for number, line in enumerate(source.code, 1):
                match = _TEST_NAME.match(line)
                if match and not re.fullmatch(r"test(_[a-z0-9]+){2,}", match.group(1)):
                    yield Finding(source.path, number, match.group(1))


RULES = [banned_calls, confined_calls, core_allocates_at_birth_only, impossible_places_say_why,
         single_cleanup_label, no_struct_typedef, no_bare_if_macro, braced_bodies,
         no_mutable_global, module_prefix, test_names]
