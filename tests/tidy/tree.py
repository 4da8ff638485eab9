"""The source tree as the rules see it: files, their lines, and C without comments and strings."""

import re
import subprocess
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Iterator, NamedTuple

_COMMENT_OR_LITERAL = re.compile(
    r"""/\*.*?\*/ | //[^\n]* | "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*'""", re.S | re.X)
_INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]')
_FUNCTION_NAME = re.compile(r"(\w+)\s*\(")


class Finding(NamedTuple):
    """One place that breaks a rule; line 0 means the whole file."""
    path: str
    line: int
    what: str


class Include(NamedTuple):
    line: int
    name: str
    quoted: bool


class Function(NamedTuple):
    """A definition: first and last are the lines of its head's end and of its closing brace."""
    name: str
    head: str
    first: int
    last: int


def _blank(match: re.Match) -> str:
    """Keeps the line numbers and the quotes: what was inside is no code."""
    text = match.group()
    if text[0] in "\"'":
        return text[0] + " " * (len(text) - 2) + text[0]
    return "\n" * text.count("\n") or " "


@dataclass(frozen=True)
class Source:
    path: str
    text: str

    @cached_property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    @cached_property
    def code(self) -> list[str]:
        """C lines without comments and without what stands in literals."""
        return _COMMENT_OR_LITERAL.sub(_blank, self.text).splitlines()

    @cached_property
    def includes(self) -> list[Include]:
        found = []
        for number, line in enumerate(self.lines, 1):
            if match := _INCLUDE.match(line):
                found.append(Include(number, match.group(2), match.group(1) == '"'))
        return found

    @cached_property
    def functions(self) -> list[Function]:
        """House style makes this easy: a body ends with a brace in the first column."""
        return list(self._find_functions())

    def _find_functions(self) -> Iterator[Function]:
        start = 0
        is_directive = False
        for number, line in enumerate(self.code, 1):
            is_directive = line.startswith("#") or is_directive and self._is_continued(number - 1)
            if is_directive or line.rstrip() in ("}", "};"):
                start = number
            if start < number and line.endswith("{") and not line.startswith((" ", "#", "\t")) or (
                    line.endswith(") {") and line.startswith("  ") and self._continues(number)):
                head = " ".join(part.strip() for part in self.code[start:number])
                head = re.split(r"[;}]", head)[-1].strip()
                name = _FUNCTION_NAME.search(head)
                if name and "=" not in head.split("(")[0]:
                    yield Function(name.group(1), head, number, self._end(number))
                    start = self._end(number)

    def _is_continued(self, number: int) -> bool:
        return self.code[number - 1].endswith("\\")

    def _continues(self, number: int) -> bool:
        """Whether this indented line ends a head that began in the first column."""
        for line in reversed(self.code[:number - 1]):
            if not line.startswith(" "):
                return bool(re.match(r"\w.*\(", line)) and not line.endswith(("{", ";", "}"))
        return False

    def _end(self, number: int) -> int:
        for last in range(number, len(self.code)):
            if self.code[last].startswith("}"):
                return last + 1
        return len(self.code)


@dataclass(frozen=True)
class Tree:
    root: Path

    @cached_property
    def sources(self) -> list[Source]:
        """Every file that is or could be committed."""
        listed = subprocess.run(["git", "ls-files", "-z", "-co", "--exclude-standard"],
                                cwd=self.root, check=True, capture_output=True).stdout
        found = []
        for name in sorted(set(listed.decode().split("\0")) - {""}):
            path = self.root / name
            if path.is_file() and not path.is_symlink():
                try:
                    found.append(Source(name, path.read_text("utf-8")))
                except UnicodeDecodeError:
                    continue
        return found

    def ending(self, *suffixes: str) -> list[Source]:
        return [source for source in self.sources if source.path.endswith(suffixes)]

    @property
    def c_files(self) -> list[Source]:
        return self.ending(".c", ".h")
