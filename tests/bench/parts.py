"""What the suite measures: the parts, what each consists of, and how much of it in each form."""

import os
from dataclasses import dataclass, field

LENGTHS = ("smoke", "short", "full")
SHARES = (10, 25, 50, 75, 90)  # of the drain rate, in percent, offered in part load
LOADS = (("W1", "uniform", "uniform"), ("W3", "hot", "hot"), ("W5", "across lanes", "transfer"))
RATES = (100, 25_000, 50_000)  # commands per second, offered in part L
LONG = "660 s"


@dataclass(frozen=True)
class Measurement:
    """One run of the benchmark program, or of the peers' (verb "peers")."""
    verb: str
    workload: str
    variant: str
    mode: str = "D"
    options: dict[str, int | str] = field(default_factory=dict)

    @property
    def cores(self) -> int:
        return int(self.options["cores"])

    def arguments(self) -> list[str]:
        words = [self.verb]
        said = {"workload": self.workload, "variant": self.variant, "mode": self.mode}
        for name, value in {**said, **self.options}.items():
            words += [f"--{name}", str(value)]
        return words


class Plan:
    """The parts of one form."""

    def __init__(self, length: str, drain_rate) -> None:
        """drain_rate(workload, variant) answers what was measured, once mode L asks for it."""
        self.length = length
        self.cores = min(os.cpu_count() or 1, 64)
        self.accounts = self._size(1000, 100_000, 100_000)
        self.drain_rate = drain_rate

    def _size(self, smoke, short, full):
        return (smoke, short, full)[LENGTHS.index(self.length)]

    def _one(self, verb: str, workload: str, variant: str, mode: str = "D",
             **options) -> Measurement:
        common = {"cores": self.cores, "accounts": self.accounts,
                  "batch": self._size(100, 5000, 5000)}
        return Measurement(verb, workload, variant, mode, {**common, **options})

    def _beside_floor(self, workload: str, variant: str, **options) -> list[Measurement]:
        return [self._one(verb, workload, variant, **options) for verb in ("drain", "floor")]

    def consume(self) -> list[Measurement]:
        commands = self._size(2000, 500_000, 2_000_000)
        return [self._one("consume", "W0", variant, commands=commands)
                for variant in ("discard", "parse")]

    def uniform(self) -> list[Measurement]:
        return self._beside_floor("W1", "uniform", commands=self._size(3000, 400_000, 2_000_000))

    def zipf(self) -> list[Measurement]:
        commands = self._size(3000, 300_000, 2_000_000)
        return [one for variant, shape in (("zipf-0.99", "zipf"), ("zipf-1.2", "zipf-1.2"))
                for one in self._beside_floor("W2", variant, shape=shape, commands=commands)]

    def hot(self) -> list[Measurement]:
        return self._beside_floor("W3", "hot", shape="hot",
                                  commands=self._size(3000, 300_000, 2_000_000))

    def product(self) -> list[Measurement]:
        """Two pieces each on average: sold out behind nine of ten purchases, then refused."""
        commands = self._size(1000, 60_000, 400_000)
        return self._beside_floor("W4", "hot product", shape="purchase", commands=commands,
                                  stock=commands * 9 // 5)

    def transfers(self) -> list[Measurement]:
        return self._beside_floor("W5", "across lanes", shape="transfer",
                                  commands=self._size(2000, 100_000, 600_000))

    def repeated(self) -> list[Measurement]:
        """Half of the repeated ones are a million commands old: so many come before."""
        return self._beside_floor("W6", "10 % repeated", shape="repeat",
                                  before=self._size(2000, 1_100_000, 1_100_000),
                                  commands=self._size(3000, 300_000, 2_000_000))

    def malformed(self) -> list[Measurement]:
        return self._beside_floor("W7", "1 % malformed", shape="malformed",
                                  commands=self._size(3000, 300_000, 2_000_000))

    def crashes(self) -> list[Measurement]:
        """Worker, database and broker in turn, under one load."""
        return [self._one("crash", "W8", "kill -9", "crash", rate=self._size(500, 5000, 10_000),
                          seconds=self._size(1, 4, 20), accounts=1000)]

    def single(self) -> list[Measurement]:
        seconds = self._size(1, 8, 30)
        turns = self._size(20, 500, 2000)
        return [self._one("latency", "W9", "100/s", "L", rate=100, seconds=seconds),
                self._one("latency", "W9", "transfer", "L", shape="transfer", rate=100,
                          seconds=seconds),
                self._one("turns", "W9", "one at a time", "turns", commands=turns)]

    def latency(self) -> list[Measurement]:
        found = [self._offer("W1", f"{rate}/s", "uniform", rate)
                 for rate in RATES[:self._size(1, 3, 3)]]
        if self.length == "full":
            found.append(self._offer("W1", "25000/s, 2 lanes", "uniform", 25_000, lanes=2))
        return found

    def load(self) -> list[Measurement]:
        """Up to where queues grow."""
        found = []
        for workload, variant, shape in LOADS[:self._size(1, 1, 3)]:
            drained = self.drain_rate(workload, variant)
            found += [self._offer(workload, f"{share} % of D", shape, round(drained * share / 100))
                      for share in self._size(SHARES[:1], SHARES[1::2], SHARES)]
        return found

    def _offer(self, workload: str, variant: str, shape: str, rate: int, **more) -> Measurement:
        return self._one("latency", workload, variant, "L", shape=shape, rate=rate,
                         seconds=self._size(1, 4, 20), **more)

    def scaling(self) -> list[Measurement]:
        lanes = self._size((1,), (1, 8), (1, 2, 4, 8))
        commands = self._size(3000, 150_000, 1_000_000)
        return [self._one("drain", "W1", "uniform", "S", lanes=count, cores=cores,
                          commands=commands)
                for cores in sorted({1, min(self.cores, 2)}) for count in lanes]

    def losing(self) -> list[Measurement]:
        """Where there is nothing to gain, a transaction for every command; and where there is
        little, one for a few of each lane."""
        found = self._beside_floor("W1", "batch of one", batch=1, accounts=1000,
                                   commands=self._size(500, 10_000, 50_000))
        if self.length == "full":
            found += self._beside_floor("W1", "batch of 35", batch=35, commands=200_000)
        return found

    def wide(self) -> list[Measurement]:
        """Accounts that fit into no cache."""
        return self._beside_floor("W1", "10 M accounts", accounts=10_000_000, commands=2_000_000)

    def backlog(self) -> list[Measurement]:
        return [self._one("drain", "W1", "10 M backlog", commands=10_000_000)]

    def growth(self) -> list[Measurement]:
        """A short journal and a long one; then a restart with all of it in one lane."""
        commands = self._size(1000, 60_000, 1_000_000)
        accounts = self._size(1000, 10_000, 100_000)
        journals = [self._one("growth", "W1", "restart", "restart", lanes=1, commands=commands,
                              accounts=accounts, before=self._size(1000, 300_000, 4_000_000))]
        if self.length == "full":
            journals.append(self._one("growth", "W1", "journal", "journal", commands=commands,
                                      before=48_000_000))
        return journals

    def steady(self) -> list[Measurement]:
        """Ten minutes and more: checkpoints and autovacuum come and go."""
        return [self._one("latency", "W1", LONG, "L", rate=25_000, seconds=660)]

    def peers(self) -> list[Measurement]:
        return [self._one("peers", "W1", "uniform")]

    def parts(self) -> dict:
        """By name, in order: a function that answers the measurements."""
        parts = {"W0": self.consume, "W1": self.uniform, "W2": self.zipf, "W3": self.hot,
                 "W4": self.product, "W5": self.transfers, "W6": self.repeated,
                 "W7": self.malformed, "W8": self.crashes, "W9": self.single, "L": self.latency,
                 "load": self.load, "S": self.scaling, "losing": self.losing, "growth": self.growth}
        if self.length == "full":
            parts |= {"backlog": self.backlog, "wide": self.wide, "steady": self.steady}
        if self.length != "smoke":
            parts["peers"] = self.peers
        return parts

    def runs(self, part: str, asked: int | None) -> int:
        """Medians of five, except of what takes long."""
        once = ("load", "S", "growth", "backlog", "wide", "steady")
        return asked or (5 if self.length == "full" and part not in once else 1)

    def rounds(self, part: str, asked: int | None) -> int:
        """How often the suite goes through a part: the peers' program repeats by itself."""
        return 1 if part == "peers" else self.runs(part, asked)


def every_part() -> list[str]:
    """Their names, in the order of the longest form."""
    return list(Plan("full", lambda workload, variant: 0.0).parts())
