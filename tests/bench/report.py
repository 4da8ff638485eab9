#!/usr/bin/env python3
"""Makes the report from the results in a directory: report.md and the plots beside them, or the
measured parts of a document.    usage: report.py RESULTS [DOCUMENT]

In a document, what stands between `<!-- measured: NAME -->` and `<!-- end -->` is replaced; its
plots go to a directory that is named as it is, without .md, and stand at plot_NAME."""

import json
import re
import sys
import textwrap
from pathlib import Path

sys.dont_write_bytecode = True

import machine
import plots
import tables
from figures import Figures
from parts import every_part

SECTIONS = {"throughput": tables.throughput, "log": tables.log_floor, "peers": tables.peers,
            "latency": tables.latency, "turns": tables.turns, "scaling": tables.scaling,
            "crashes": tables.crashes, "growth": tables.growth, "steady": tables.steady,
            "goals": tables.goals, "failures": tables.failures, "weather": tables.weather}
CAPTIONS = {"throughput": "Commands per second by workload, beside floor and peers",
            "cpu": "CPU per command by process",
            "latency": "Latency percentiles against offered load",
            "scaling": "Commands per second by lanes"}
NOTHING = ["Not measured."]
PLACE = re.compile(r"(<!-- measured: (\w+) -->\n).*?(<!-- end -->)", re.S)


def read_rows(directory: Path) -> list[dict]:
    """In the order of the plan, whichever part was measured again."""
    files = [directory / f"{part}.json" for part in every_part()]
    return [json.loads(line) for file in files if file.exists()
            for line in file.read_text("utf-8").splitlines()]


def _sections(directory: Path, figures: Figures) -> dict[str, list[str]]:
    if not (directory / machine.FILE).exists():
        sys.exit(f"report: there are no results in {directory}")
    described = json.loads((directory / machine.FILE).read_text("utf-8"))
    return {"machine": tables.machine(described),
            **{name: section(figures) for name, section in SECTIONS.items()}}


def write(directory: Path) -> bool:
    """report.md, plots, and the goals on the terminal. False: a run has failed."""
    figures = Figures(read_rows(directory))
    sections = _sections(directory, figures)
    lines = ["# Teller's benchmark", ""]
    for name, section in sections.items():
        lines += [f"## {name.capitalize()}", "", *section]
    plots.write(figures, directory)
    lines += [f"![{plot.stem}]({plot.name})" for plot in sorted(directory.glob("*.svg"))]
    (directory / "report.md").write_text("\n".join(lines) + "\n", "utf-8")
    for name in ("throughput", "peers", "latency", "goals", "failures"):
        print("\n".join(sections[name]))
    print(f"bench: {directory / 'report.md'}", flush=True)
    return len(figures.good) == len(figures.rows)


def _shown(pictures: Path) -> dict[str, list[str]]:
    """What was plotted, as a document shows it."""
    return {f"plot_{name}": [f"![{caption}]({pictures.name}/{name}.svg)"]
            if (pictures / f"{name}.svg").exists() else []
            for name, caption in CAPTIONS.items()}


def _filled(lines: list[str]) -> str:
    """As a document's place takes it: prose in lines of 100 columns, rows of tables as they are."""
    return "\n".join(part for line in lines or NOTHING
                     for part in ([line] if line.startswith("|") else
                                  textwrap.wrap(line, 100, break_on_hyphens=False) or [""]))


def write_document(directory: Path, document: Path) -> None:
    figures = Figures(read_rows(directory))
    if any(row["length"] != "full" for row in figures.rows):
        sys.exit("report: a document takes the figures of the full form only")
    pictures = document.with_suffix("")
    pictures.mkdir(exist_ok=True)
    plots.write(figures, pictures)
    sections = {**_sections(directory, figures), **_shown(pictures)}
    text = document.read_text("utf-8")
    missing = {name for _, name, _ in PLACE.findall(text)} - set(sections)
    if missing:
        sys.exit(f"report: nothing is called {', '.join(missing)}")
    document.write_text(PLACE.sub(lambda found: found.group(1) + "\n"
                                  + _filled(sections[found.group(2)]).rstrip()
                                  + "\n\n" + found.group(3), text), "utf-8")


if __name__ == "__main__":
    if len(sys.argv) == 3:
        write_document(Path(sys.argv[1]), Path(sys.argv[2]))
    elif len(sys.argv) == 2:
        sys.exit(0 if write(Path(sys.argv[1])) else 1)
    else:
        sys.exit(__doc__)
