#!/usr/bin/env python3
"""Runs the benchmark on the sandbox's variables, part by part, and makes the report from what is
there. Ends with 1 where a run failed or its ledger was wrong: a fast wrong run scores 0.

Each part has a file of its own, DIR/PART.json, one line per run. A part is measured anew only when
it is asked for: so parts can be measured again, and a long suite can be resumed (--resume: what has
a file is kept). Without --only and --resume everything is measured, and old files go first."""

import argparse
import json
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

sys.dont_write_bytecode = True

import machine
import report
from figures import Figures
from parts import LENGTHS, Measurement, Plan

PEERS = Path(__file__).resolve().parent / "peers" / "run"


class Suite:
    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.directory = Path(options.out)
        self.program = Path(os.environ["TELLER_BUILD"]) / "tests" / "teller-bench"
        self.plan = Plan(options.length, self.drain_rate)
        self.failed = 0

    def drain_rate(self, workload: str, variant: str) -> float:
        """What mode L takes its shares of."""
        figures = Figures(report.read_rows(self.directory))
        rate = figures.drained("teller", workload, variant)
        if rate is None:
            sys.exit(f"bench: mode L offers shares of the drain rate: measure {workload} first")
        return rate

    def wanted(self) -> list[str]:
        parts = list(self.plan.parts())
        chosen = self.options.only.split(",") if self.options.only else parts
        for part in chosen:
            if part not in parts:
                sys.exit(f"bench: there is no part {part}; there are {', '.join(parts)}")
        if self.options.resume:
            chosen = [part for part in chosen if not self.file(part).exists()]
        return chosen

    def file(self, part: str) -> Path:
        return self.directory / f"{part}.json"

    def run(self) -> int:
        self.directory.mkdir(parents=True, exist_ok=True)
        chosen = self.wanted()
        if "peers" in chosen and not PEERS.exists():
            sys.exit(f"bench: {PEERS} is missing: the peers cannot be measured")
        for part in chosen:
            self.file(part).unlink(missing_ok=True)
        machine.write(self.directory)
        begin = time.monotonic()
        for part in chosen:
            self.measure_part(part)
        print(f"bench: {time.monotonic() - begin:.0f} s, {self.failed} runs failed", flush=True)
        return 0 if report.write(self.directory) and self.failed == 0 else 1

    def measure_part(self, part: str) -> None:
        """The file gets its name at the end: what was broken off is measured again."""
        unfinished = self.directory / f"{part}.part"
        unfinished.unlink(missing_ok=True)
        measurements = self.plan.parts()[part]()
        for run in range(1, self.plan.rounds(part, self.options.runs) + 1):
            for measurement in measurements:
                for row in self.measure(part, measurement):
                    show(row)
                    with unfinished.open("a") as file:
                        json.dump({"part": part, "length": self.options.length, "run": run, **row},
                                  file)
                        file.write("\n")
        unfinished.rename(self.file(part))

    def measure(self, part: str, measurement: Measurement) -> list[dict]:
        weather = machine.Weather()
        lines = self.directory / "lines"
        lines.unlink(missing_ok=True)
        if measurement.verb == "peers":
            runs = self.plan.runs(part, self.options.runs)
            command = [str(PEERS), "--out", str(lines), "--runs", str(runs),
                       "--length", self.options.length]
        else:
            command = [str(self.program), *measurement.arguments(), "--out", str(lines)]
            command += ["--spoil"] if part == self.options.spoil else []
        with bound(measurement.cores):
            said = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False)
        rows = [json.loads(line) for line in lines.read_text().splitlines()] \
            if lines.exists() else []
        lines.unlink(missing_ok=True)
        if said.returncode != 0:
            rows.append(self.failure(measurement, said))
        self.failed += sum(not row["verified"] for row in rows)
        return [{**row, **weather.read()} for row in rows]

    @staticmethod
    def failure(measurement: Measurement, said: subprocess.CompletedProcess) -> dict:
        lines = said.stderr.strip().splitlines() or [f"ended with {said.returncode}"]
        why = next((line for line in lines if line.startswith("harness:")), lines[-1])
        return {"workload": measurement.workload, "variant": measurement.variant,
                "system": "floor" if measurement.verb == "floor" else
                          "peers" if measurement.verb == "peers" else "teller",
                "mode": measurement.mode, "per_s": 0, "verified": False, "error": why}


def show(row: dict) -> None:
    words = [row["workload"], row["mode"], row["system"], row["variant"]]
    if not row["verified"]:
        words.append("FAILED: " + row.get("error", "the books are wrong"))
    elif "per_s" in row:
        words.append(f"{row['per_s']:,.0f}/s")
    if "recovery_ms" in row:
        words.append(f"first commit after {row['recovery_ms']:,} ms")
    if "latency_us" in row:
        words.append("p50 {p50:,.0f} us, p99 {p99:,.0f} us".format(**row["latency_us"]))
    print("bench:", *words, flush=True)


def _threads_of(processes: list[int]) -> list[int]:
    return [int(task.name) for process in processes
            for task in Path(f"/proc/{process}/task").glob("*")]


def _servers() -> list[int]:
    """Postmaster and its children, and the broker."""
    sandbox = Path(os.environ["TELLER_SANDBOX"])
    postmaster = (sandbox / "base" / "pg" / "postmaster.pid").read_text().split()[0]
    broker = (sandbox / "kafka.pid").read_text().strip()
    children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
    return [int(process) for process in (postmaster, broker, *children)]


@contextmanager
def bound(cores: int):
    """Servers and ourselves, so whatever we start too, on the first cores only."""
    usual = os.sched_getaffinity(0)
    few = set(sorted(usual)[:cores])
    if few == usual:
        yield
        return
    _bind(few)
    try:
        yield
    finally:
        _bind(usual)


def _bind(cores: set[int]) -> None:
    for thread in _threads_of(_servers()) + [0]:
        try:
            os.sched_setaffinity(thread, cores)
        except ProcessLookupError:
            pass  # a session that has ended


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench ARGS=", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--length", choices=LENGTHS, default="short")
    parser.add_argument("--out", required=True, help="directory of results and report")
    parser.add_argument("--only", help="parts to measure, with commas between")
    parser.add_argument("--runs", type=int, help="how often (1, or 5 in the full form)")
    parser.add_argument("--resume", action="store_true", help="keep parts that are there")
    parser.add_argument("--spoil", help="a part whose ledgers are damaged: it must fail")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(Suite(parse(sys.argv[1:])).run())
