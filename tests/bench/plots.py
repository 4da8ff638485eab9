"""The report's plots: SVG with its text as text, the same bytes for the same figures, and colours
that can be read on white and on black."""

from pathlib import Path

import matplotlib

matplotlib.use("svg")
matplotlib.rcParams.update({
    "svg.fonttype": "none", "svg.hashsalt": "teller", "font.family": "sans-serif", "font.size": 10,
    "text.color": "#7a7a7a", "axes.labelcolor": "#7a7a7a", "axes.edgecolor": "#9a9a9a",
    "xtick.color": "#7a7a7a", "ytick.color": "#7a7a7a", "grid.color": "#9a9a9a",
    "grid.alpha": 0.35, "axes.grid": True, "axes.axisbelow": True, "axes.spines.top": False,
    "axes.spines.right": False, "legend.frameon": False})

import matplotlib.pyplot as plt

from figures import PEERS, Figures
from parts import LONG

TELLER, FLOOR, PEER, OTHER = "#2f8fd0", "#9a9a9a", "#d9822b", "#3f9d5a"
PROCESSES = {"worker": TELLER, "database": PEER, "broker": OTHER}


def _figure(lines: float):
    return plt.subplots(figsize=(8, lines), layout="constrained")


def _save(figure, path: Path) -> None:
    figure.savefig(path, transparent=True, metadata={"Date": None})
    plt.close(figure)


def _bars(figures: Figures) -> list[tuple[str, float, str]]:
    """Name, rate and colour, from below to the top."""
    bars = []
    for workload, variant in figures.variants(mode="D", system="teller"):
        for system, colour in (("teller", TELLER), ("floor", FLOOR)):
            rate = figures.drained(system, workload, variant)
            if rate:
                bars.append((f"{workload} {variant}{', floor' * (system == 'floor')}", rate,
                             colour))
    for system, name in PEERS.items():
        for workload, accounts in (("W1", "uniform"), ("W3", "hot")):
            best = figures.best(system, workload)
            if best:
                bars.append((f"{name}, {accounts}", best[0].median, PEER))
    return bars[::-1]


def throughput(figures: Figures, path: Path) -> None:
    bars = _bars(figures)
    if not bars:
        return
    figure, axes = _figure(1 + 0.24 * len(bars))
    names, rates, colours = zip(*bars)
    drawn = axes.barh(range(len(bars)), rates, color=colours)
    axes.bar_label(drawn, labels=[f"{rate:,.0f}" for rate in rates], padding=3, fontsize=8)
    axes.set_yticks(range(len(bars)), names, fontsize=8)
    axes.set_xscale("log")
    axes.margins(x=0.15, y=0.01)
    axes.set_xlabel("commands per second (logarithmic): Teller blue, its floor grey, peers orange")
    _save(figure, path)


def latency(figures: Figures, path: Path) -> None:
    load = {"mode": "L", "workload": "W1", "lanes": 8}
    variants = {row["offered_per_s"]: row["variant"] for row in figures.pick(**load)
                if row["variant"] != LONG}
    if not variants:
        return
    offered = sorted(variants)
    figure, axes = _figure(4)
    styles = {"p50": TELLER, "p90": OTHER, "p99": PEER, "p99.9": FLOOR}
    for path_name, line in (("latency_us", "-"), ("visible_us", ":")):
        for name, colour in styles.items():
            points = [figures.median(f"{path_name}.{name}", variant=variants[rate], **load)
                      for rate in offered]
            until = {"latency_us": "result", "visible_us": "commit"}[path_name]
            if path_name == "latency_us" or name in ("p50", "p99"):
                axes.plot(offered, [(point or 0) / 1000 for point in points], line, color=colour,
                          marker="o", markersize=3, label=f"{name}, {until}")
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("commands per second offered (open loop, Poisson)")
    axes.set_ylabel("ms since the intended send")
    axes.legend(fontsize=8, ncols=2)
    _save(figure, path)


def scaling(figures: Figures, path: Path) -> None:
    rows = figures.pick(mode="S")
    if not rows:
        return
    lanes = sorted({row["lanes"] for row in rows})
    figure, axes = _figure(3.2)
    for cores, colour in zip(sorted({row["cores"] for row in rows}), (PEER, TELLER)):
        rates = [figures.median("per_s", mode="S", lanes=count, cores=cores) or 0
                 for count in lanes]
        axes.plot(lanes, rates, color=colour, marker="o",
                  label=f"{cores} core{'s' * (cores > 1)}, {cores} writer{'s' * (cores > 1)}")
    axes.set_xticks(lanes)
    axes.set_ylim(bottom=0)
    axes.set_xlabel("lanes")
    axes.set_ylabel("W1, commands per second")
    axes.legend(fontsize=8)
    _save(figure, path)


def cpu(figures: Figures, path: Path) -> None:
    bars = figures.variants(mode="D", system="teller")[::-1]
    if not bars:
        return
    figure, axes = _figure(1 + 0.32 * len(bars))
    left = [0.0] * len(bars)
    for process, colour in PROCESSES.items():
        spent = [figures.median(f"cpu_us.{process}", workload=workload, variant=variant, mode="D",
                                system="teller") or 0 for workload, variant in bars]
        axes.barh(range(len(bars)), spent, left=left, color=colour, label=process)
        left = [begin + more for begin, more in zip(left, spent)]
    axes.set_yticks(range(len(bars)), [" ".join(bar) for bar in bars], fontsize=8)
    axes.set_xlabel("microseconds of CPU per command")
    axes.legend(fontsize=8)
    _save(figure, path)


PLOTS = {"throughput": throughput, "latency": latency, "scaling": scaling, "cpu": cpu}


def write(figures: Figures, directory: Path) -> None:
    """Those for which there are figures; no old one stays."""
    for name, plot in PLOTS.items():
        (directory / f"{name}.svg").unlink(missing_ok=True)
        plot(figures, directory / f"{name}.svg")
