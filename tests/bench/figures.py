"""The figures of a suite: rows of all runs, asked for by what they are of."""

from statistics import median
from typing import Iterable

FOR_UPDATE = "pg_for_update"
PEERS = {FOR_UPDATE: "SELECT FOR UPDATE (pgbench)", "pg_atomic": "atomic UPDATE (pgbench)",
         "pg_cte": "one CTE statement (pgbench)", "django_for_update": "Django select_for_update",
         "kafka_tx_per_command": "Kafka consumer, a transaction per command",
         "redis_lock": "Redis lock"}


def field_of(row: dict, path: str):
    """"cpu_us.worker", "latency_us.p99.9": None where a row has no such field."""
    value = row
    for name in path.split(".", 1):
        value = value.get(name) if isinstance(value, dict) else None
    return value


class Spread:
    """Median, lowest and highest of some runs."""

    def __init__(self, values: Iterable[float]) -> None:
        self.values = sorted(values)
        self.median = median(self.values)
        self.low, self.high = self.values[0], self.values[-1]

    def __format__(self, spec: str) -> str:
        text = format(self.median, spec)
        if len(self.values) == 1:
            return text
        return f"{text} ({format(self.low, spec)}-{format(self.high, spec)})"


class Figures:
    def __init__(self, rows: list[dict]) -> None:
        self.rows = rows
        self.good = [row for row in rows if row["verified"]]

    def pick(self, **wanted) -> list[dict]:
        return [row for row in self.good
                if all(row.get(name) == value for name, value in wanted.items())]

    def spread(self, path: str, **wanted) -> Spread | None:
        """None: it was not measured."""
        values = [field_of(row, path) for row in self.pick(**wanted)]
        values = [value for value in values if value is not None]
        return Spread(values) if values else None

    def median(self, path: str, **wanted) -> float | None:
        spread = self.spread(path, **wanted)
        return spread.median if spread else None

    def drained(self, system: str, workload: str, variant: str) -> float | None:
        return self.median("per_s", system=system, workload=workload, variant=variant, mode="D")

    def of_floor(self, workload: str, variant: str) -> float | None:
        return ratio(self.drained("teller", workload, variant),
                     self.drained("floor", workload, variant))

    def of_uniform(self, workload: str, variant: str) -> float | None:
        return ratio(self.drained("teller", workload, variant),
                     self.drained("teller", "W1", "uniform"))

    def of_peer(self, peer: str, workload: str, variant: str) -> float | None:
        """How many times as fast as the peer at its best number of clients."""
        best = self.best(peer, workload)
        return ratio(self.drained("teller", workload, variant), best and best[0].median)

    def best(self, peer: str, workload: str) -> tuple[Spread, int] | None:
        """The peer's rate and its clients, at the number of clients that suits it best. The search
        for that number counts too: what did better once than the chosen one does later was the
        better choice, and the peer gets it."""
        rows = self.pick(system=peer, workload=workload)
        counts = {row.get("clients", 1) for row in rows}
        tried = [(Spread(row["per_s"] for row in rows if row.get("clients", 1) == count), count)
                 for count in counts]
        return max(tried, key=lambda one: one[0].median) if tried else None

    def variants(self, **wanted) -> list[tuple[str, str]]:
        """Workload and variant of such rows, in the order of the suite."""
        return list(dict.fromkeys((row["workload"], row["variant"]) for row in self.pick(**wanted)))


def ratio(one: float | None, other: float | None) -> float | None:
    return one / other if one is not None and other else None
