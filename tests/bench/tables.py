"""The report's tables, in Markdown."""

from figures import PEERS, Figures, Spread, field_of
from goals import GOALS
from parts import LONG

PERCENTILES = ("p50", "p90", "p99", "p99.9", "max")


def _cell(spread: Spread | None, spec: str = ",.0f") -> str:
    return format(spread, spec) if spread else ""


def _ms(spread: Spread | None) -> str:
    """Of microseconds."""
    return _cell(spread and Spread(value / 1000 for value in spread.values), ",.1f")


def _number(value: float | None, spec: str) -> str:
    return "" if value is None else format(value, spec)


def _table(head: str, lines: list[str]) -> list[str]:
    if not lines:
        return ["Not measured.", ""]
    return [head, "|" + "---|" * (head.count("|") - 1), *lines, ""]


def machine(described: dict) -> list[str]:
    settings = described["postgresql"]
    versions = described["versions"]
    sync = described["fdatasync_us"]
    said = ", ".join(f"`{name}={value}`" for name, value in sorted(settings.items())
                     if name not in ("server_version", "server_encoding"))
    return [f"{described['processor']}, {described['cores']} cores, "
            f"{described['memory_mb'] // 1024} GB; fdatasync of 8 KiB takes {sync['p50']:,.0f} us "
            f"(p50; p99 {sync['p99']:,.0f}). Linux {versions['kernel']}, PostgreSQL "
            f"{settings['server_version']} ({said}), Kafka {versions['kafka']}, librdkafka "
            f"{versions['rdkafka']}, jansson {versions['jansson']}. Broker, database, worker and "
            "clients share these cores.", ""]


def weather(figures: Figures) -> list[str]:
    loads = [row["load_before"] for row in figures.rows]
    steals = [row["steal"] for row in figures.rows]
    if not loads:
        return []
    return [f"Load average before a run: {min(loads):.1f} to {max(loads):.1f}; stolen by the host "
            f"during a run: up to {max(steals):.1%}.", ""]


def throughput(figures: Figures) -> list[str]:
    lines = []
    for workload, variant in figures.variants(mode="D"):
        def of(path: str, system: str = "teller") -> Spread | None:
            return figures.spread(path, workload=workload, variant=variant, mode="D", system=system)
        if of("per_s") is None:
            continue
        cpu = " | ".join(_cell(of(f"cpu_us.{name}"), ".2f")
                         for name in ("worker", "database", "broker"))
        fsyncs = of("fsyncs")
        lines.append(f"| {workload} {variant} | {len(of('per_s').values)} | {_cell(of('per_s'))} "
                     f"| {_cell(of('per_s', 'floor'))} "
                     f"| {_number(figures.of_floor(workload, variant), '.2f')} "
                     f"| {_number(figures.of_uniform(workload, variant), '.2f')} | {cpu} "
                     f"| {_cell(of('wal_bytes'))} "
                     f"| {_number(fsyncs and fsyncs.median * 1000, '.2f')} "
                     f"| {_number(of('memory_kb') and of('memory_kb').high / 1024, ',.0f')} |")
    return _table("| workload | runs | commands/s | floor/s | of floor | of W1 | worker us "
                  "| PostgreSQL us | broker us | WAL bytes | fsyncs per 1,000 | worker MB |", lines)


def log_floor(figures: Figures) -> list[str]:
    lines = [f"| {variant} | {_cell(figures.spread('per_s', workload='W0', variant=variant))} "
             f"| {_cell(figures.spread('cpu_us.client', workload='W0', variant=variant), '.2f')} |"
             for _, variant in figures.variants(workload="W0")]
    return _table("| W0: fetch and | records/s | CPU us |", lines)


def peers(figures: Figures) -> list[str]:
    lines = []
    for system, name in PEERS.items():
        for workload, variant in (("W1", "uniform"), ("W3", "hot")):
            best = figures.best(system, workload)
            if best:
                times = figures.of_peer(system, workload, variant)
                lines.append(f"| {name} | {variant} | {_cell(best[0])} | {best[1]} "
                             f"| {_number(times, ',.1f')} |")
    return _table("| peer | accounts | commands/s | clients | Teller's rate, times this |", lines)


def _percentiles(row: dict, path: str) -> str:
    found = field_of(row, path)
    if found is None:
        return ""
    return " | ".join(f"{found[name] / 1000:,.1f}" for name in PERCENTILES)


def latency(figures: Figures) -> list[str]:
    lines = []
    ways = (("latency_us", "result"), ("visible_us", "commit"), ("credit_us", "debit to credit"))
    for workload, variant in figures.variants(mode="L"):
        rows = figures.pick(mode="L", workload=workload, variant=variant)
        for system in dict.fromkeys(row["system"] for row in rows):
            mine = [row for row in rows if row["system"] == system]
            middle = sorted(mine, key=lambda row: row["latency_us"]["p50"])[len(mine) // 2]
            for path, way in ways:
                cells = _percentiles(middle, path)
                if cells:
                    lines.append(f"| {workload} {variant} | {len(mine)} | {system} | {way} "
                                 f"| {_number(middle.get('offered_per_s'), ',.0f')} "
                                 f"| {_number(middle.get('accepted_per_s'), ',.0f')} | {cells} "
                                 f"| {_number(middle.get('growth'), '.2f')} |")
    return _table("| load | runs | system | until | offered/s | accepted/s | p50 ms | p90 | p99 "
                  "| p99.9 | max | growth |", lines)


def turns(figures: Figures) -> list[str]:
    lines = []
    for system in dict.fromkeys(row["system"] for row in figures.pick(mode="turns")):
        def of(path: str) -> Spread | None:
            return figures.spread(path, mode="turns", system=system)
        lines.append(f"| {system} | {_cell(of('per_s'))} | {_ms(of('turn_us.p50'))} "
                     f"| {_ms(of('turn_us.p99'))} |")
    return _table("| one at a time | turns/s | p50 ms | p99 ms |", lines)


def scaling(figures: Figures) -> list[str]:
    rows = figures.pick(mode="S")
    lanes = sorted({row["lanes"] for row in rows})
    cores = sorted({row["cores"] for row in rows})
    lines = [f"| {count} | " + " | ".join(
        _cell(figures.spread("per_s", mode="S", lanes=count, cores=core)) for core in cores) + " |"
        for count in lanes]
    return _table("| lanes |" + "".join(f" {core} core{'s' * (core > 1)} |" for core in cores),
                  lines)


def crashes(figures: Figures) -> list[str]:
    lines = [f"| {variant} | {len(figures.pick(workload='W8', variant=variant))} "
             f"| {_cell(figures.spread('down_ms', workload='W8', variant=variant))} "
             f"| {_cell(figures.spread('recovery_ms', workload='W8', variant=variant))} "
             f"| {sum(row['lost'] for row in figures.pick(workload='W8', variant=variant))} "
             f"| {sum(row['doubled'] for row in figures.pick(workload='W8', variant=variant))} |"
             for _, variant in figures.variants(workload="W8")]
    return _table("| kill -9 of | runs | started again after ms | first commit after ms | lost "
                  "| doubled |", lines)


def growth(figures: Figures) -> list[str]:
    lines = [f"| {row['variant']}, {row['lanes']} lanes | {row['journal_rows']:,} "
             f"| {row['per_s']:,.0f} "
             f"| {row['cpu_us']['worker']:.2f} | {row['cpu_us']['database']:.2f} "
             f"| {_number(row.get('restart_s'), '.2f')} |"
             for mode in ("journal", "restart") for row in figures.pick(mode=mode)]
    return _table("| journal | rows | commands/s | worker us | PostgreSQL us "
                  "| restart to first commit, s |", lines)


def steady(figures: Figures) -> list[str]:
    lines = [f"{row['commands']:,} commands at {row['offered_per_s']:,}/s: {row['checkpoints']} "
             f"checkpoints and {row['autovacuums']} autovacuums came to pass."
             for row in figures.pick(mode="L", variant=LONG)]
    return lines + [""] if lines else []


def goals(figures: Figures) -> list[str]:
    return _table("| goal | bound | measured | |", [goal.line(figures) for goal in GOALS])


def failures(figures: Figures) -> list[str]:
    lines = [f"- {row['workload']} {row['variant']}, {row['system']}, mode {row['mode']}: "
             f"{row.get('error', 'the books are wrong')}"
             for row in figures.rows if not row["verified"]]
    if lines:
        return ["**Runs that failed, and score 0:**", "", *lines, ""]
    return ["None.", ""] if figures.rows else []
