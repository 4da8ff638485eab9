"""What the figures are held against: ratios taken in one run, and few absolute bounds."""

from dataclasses import dataclass
from typing import Callable

from figures import FOR_UPDATE, Figures, ratio


@dataclass(frozen=True)
class Goal:
    what: str
    measure: Callable[[Figures], float | None]
    bound: float
    is_most: bool = False  # the bound is the most, not the least
    unit: str = ""

    def verdict(self, found: float | None) -> str:
        if found is None:
            return "not measured"
        met = found <= self.bound if self.is_most else found >= self.bound
        return "met" if met else "**missed**"

    def line(self, figures: Figures) -> str:
        found = self.measure(figures)
        sign = "at most" if self.is_most else "at least"
        shown = "" if found is None else _number(found) + self.unit
        return (f"| {self.what} | {sign} {_number(self.bound)}{self.unit} | {shown} "
                f"| {self.verdict(found)} |")


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.3g}"


def _floor(workload: str, variant: str, bound: float) -> Goal:
    return Goal(f"{workload}, {variant}: share of its floor",
                lambda figures: figures.of_floor(workload, variant), bound)


def _uniform(workload: str, variant: str, bound: float) -> Goal:
    return Goal(f"{workload}, {variant}: share of W1",
                lambda figures: figures.of_uniform(workload, variant), bound)


def _latency(variant: str, percentile: str, bound_ms: float, workload: str = "W1",
             kind: str = "latency_us") -> Goal:
    what = {"latency_us": "result", "credit_us": "debit to credit"}[kind]

    def measure(figures: Figures) -> float | None:
        found = figures.median(f"{kind}.{percentile}", workload=workload, mode="L",
                               variant=variant)
        return found and found / 1000
    return Goal(f"{what}, {percentile} at {variant}", measure, bound_ms, True, " ms")


def _cpu(process: str, bound_us: float) -> Goal:
    return Goal(f"W1: CPU of the {process} per command",
                lambda figures: figures.median(f"cpu_us.{process}", workload="W1", mode="D",
                                               system="teller", variant="uniform"),
                bound_us, True, " us")


def _total(figures: Figures, variant: str) -> float | None:
    rows = figures.pick(workload="W1", system="teller", mode="journal", variant=variant)
    return sum(rows[0]["cpu_us"][name] for name in ("worker", "database")) if rows else None


def _memory(figures: Figures) -> float | None:
    return ratio(figures.median("memory_kb", variant="10 M backlog"),
                 figures.median("memory_kb", variant="uniform", mode="D", system="teller"))


def _crash(field: str) -> Callable[[Figures], float | None]:
    def measure(figures: Figures) -> float | None:
        rows = figures.pick(workload="W8")
        return float(sum(row[field] for row in rows)) if rows else None
    return measure


def _growth(figures: Figures) -> float | None:
    """Of the workload whose queue grows most."""
    return max((figures.median("growth", mode="L", workload=workload, variant=variant)
                for workload, variant in figures.variants(mode="L") if variant == "75 % of D"),
               default=None)


GOALS = [
    _floor("W1", "uniform", 0.60), _floor("W2", "zipf-0.99", 0.60), _floor("W2", "zipf-1.2", 0.60),
    _floor("W3", "hot", 0.65), _floor("W4", "hot product", 0.5), _floor("W5", "across lanes", 0.5),
    _uniform("W6", "10 % repeated", 0.85), _uniform("W7", "1 % malformed", 0.95),
    _uniform("W5", "across lanes", 1 / 3), _uniform("W4", "hot product", 1 / 5),
    _latency("100/s", "p50", 4, "W9"), _latency("100/s", "p99", 12, "W9"),
    _latency("25000/s", "p50", 10), _latency("50000/s", "p50", 15),
    Goal("75 % of D: p50 of the last quarter by that of the second",
         _growth, 2, True),
    _latency("transfer", "p50", 15, "W9", "credit_us"),
    _cpu("worker", 4.5), _cpu("database", 7), _cpu("broker", 1),
    Goal("W1: times SELECT FOR UPDATE at its best",
         lambda figures: figures.of_peer(FOR_UPDATE, "W1", "uniform"), 15),
    Goal("W3: times SELECT FOR UPDATE at its best",
         lambda figures: figures.of_peer(FOR_UPDATE, "W3", "hot"), 80),
    Goal("10 M backlog: memory by that of W1", _memory, 1.1, True),
    Goal("restart to the first applied command, long journal in the lane",
         lambda figures: figures.median("restart_s", mode="restart"), 3, True, " s"),
    Goal("CPU per command with a long journal by that with a short one",
         lambda figures: ratio(_total(figures, "long"), _total(figures, "short")), 1.3, True),
    Goal("W8: commands lost", _crash("lost"), 0, True),
    Goal("W8: commands doubled", _crash("doubled"), 0, True),
]
