"""Rules about lines, names and words, for every kind of file."""

import re

from tree import Finding, Tree

LINE_MAX = 100
FILE_MAX = {".c": 400, ".h": 150}
FUNCTION_MAX = 70

_WRAPPED = (".c", ".h", ".py", ".sh", ".bash", ".sql", "Makefile")
# Written apart, so that this file does not break its own rule.
_LEFTOVER = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "HA" + "CK"]) + r")\b")
_MACHINE_PATH = re.compile(r"(?<![\w.$}])/" + "(home|root|work|Users)/[a-z]")
_SUNDRIES = re.compile(r"(^|/)(utils?|misc|helpers?|common|tools|stuff)\.[ch]$")


def line_length(tree: Tree):
    """Lines are at most 100 columns: two files fit beside each other, and diffs stay readable."""
    for source in tree.sources:
        if source.path.endswith(_WRAPPED) or _is_script(source):
            for number, line in enumerate(source.lines, 1):
                if len(line) > LINE_MAX:
                    yield Finding(source.path, number, f"{len(line)} columns")


def _is_script(source) -> bool:
    return source.text.startswith("#!")


def file_length(tree: Tree):
    """A .c file is at most 400 lines, a header 150: one that is longer has two subjects."""
    for source in tree.c_files:
        most = FILE_MAX[source.path[-2:]]
        if len(source.lines) > most:
            yield Finding(source.path, 0, f"{len(source.lines)} lines, at most {most}")


def function_length(tree: Tree):
    """A function is at most 70 lines: what does not fit on a screen is not understood at once."""
    for source in tree.c_files:
        for function in source.functions:
            lines = function.last - function.first + 1
            if lines > FUNCTION_MAX:
                yield Finding(source.path, function.first, f"{function.name} has {lines} lines")


def white_space(tree: Tree):
    """No tab in C, no blank at a line's end, a newline at the end: diffs show changes only."""
    for source in tree.c_files:
        for number, line in enumerate(source.lines, 1):
            if "\t" in line or line != line.rstrip():
                yield Finding(source.path, number, "tab or trailing blank")
        if source.text and not source.text.endswith("\n"):
            yield Finding(source.path, len(source.lines), "no newline at the end")


def leftovers(tree: Tree):
    """What is still to be done is an issue, not a comment that nobody reads."""
    for source in tree.sources:
        for number, line in enumerate(source.lines, 1):
            if match := _LEFTOVER.search(line):
                yield Finding(source.path, number, match.group())


def machine_paths(tree: Tree):
    """No path of somebody's machine: a clone works anywhere."""
    for source in tree.sources:
        for number, line in enumerate(source.lines, 1):
            if match := _MACHINE_PATH.search(line):
                yield Finding(source.path, number, match.group())


def sundries(tree: Tree):
    """No file named for being left over: every function belongs to a module with a subject."""
    for source in tree.c_files:
        if _SUNDRIES.search(source.path):
            yield Finding(source.path, 0, "name the subject")


RULES = [line_length, file_length, function_length, white_space, leftovers, machine_paths, sundries]
