"""What was measured on: processor, disk, versions, settings of the database."""

import json
import os
import platform
import re
import subprocess
import time
from pathlib import Path

FILE = "machine.json"
SYNCS = 200
SETTINGS = ("fsync", "synchronous_commit", "full_page_writes", "wal_sync_method", "shared_buffers",
            "max_wal_size", "checkpoint_timeout", "autovacuum", "server_version", "server_encoding")


def _processor() -> str:
    match = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.M)
    return match.group(1) if match else platform.machine()


def _memory_mb() -> int:
    match = re.search(r"^MemTotal:\s*(\d+)", Path("/proc/meminfo").read_text(), re.M)
    return int(match.group(1)) // 1024 if match else 0


def sync_us(directory: Path) -> dict[str, float]:
    """What fdatasync of one 8 KiB block, written to the end of a file, takes."""
    path = directory / "sync-probe"
    block = os.urandom(8192)
    spent = []
    with open(path, "wb", buffering=0) as file:
        for _ in range(SYNCS):
            file.write(block)
            begin = time.perf_counter_ns()
            os.fdatasync(file.fileno())
            spent.append((time.perf_counter_ns() - begin) / 1000)
    path.unlink()
    spent.sort()
    return {"p50": round(spent[SYNCS // 2], 1), "p99": round(spent[SYNCS * 99 // 100], 1)}


def _settings() -> dict[str, str]:
    query = "SELECT name || '=' || current_setting(name) FROM pg_settings WHERE name IN ({})"
    names = ", ".join(f"'{name}'" for name in SETTINGS)
    said = subprocess.run(["psql", os.environ["TELLER_DB_ADMIN"], "-qAtX", "-c",
                           query.format(names)], capture_output=True, text=True, check=True)
    return dict(line.split("=", 1) for line in said.stdout.splitlines())


def _versions() -> dict[str, str]:
    versions = {"kernel": platform.release()}
    for name in ("rdkafka", "libpq", "jansson"):
        said = subprocess.run(["pkg-config", "--modversion", name], capture_output=True, text=True,
                              check=False)
        versions[name] = said.stdout.strip()
    pom = Path(__file__).resolve().parents[1] / "sandbox" / "pom.xml"
    kafka = re.search(r"<kafka\.version>(.+?)<", pom.read_text())
    versions["kafka"] = kafka.group(1) if kafka else ""
    return versions


def describe() -> dict:
    return {"processor": _processor(), "cores": os.cpu_count(), "memory_mb": _memory_mb(),
            "fdatasync_us": sync_us(Path(os.environ["TELLER_SANDBOX"]) / "base"),
            "postgresql": _settings(), "versions": _versions()}


def _ticks() -> tuple[int, int]:
    """Stolen by the host, and all: proc(5), /proc/stat."""
    fields = [int(word) for word in Path("/proc/stat").read_text().split("\n")[0].split()[1:9]]
    return fields[7], sum(fields)


class Weather:
    """What else the machine did while a run took place."""

    def __init__(self) -> None:
        self.begin = time.monotonic()
        self.load = os.getloadavg()[0]
        self.stolen, self.all = _ticks()

    def read(self) -> dict[str, float]:
        stolen, total = _ticks()
        share = (stolen - self.stolen) / max(total - self.all, 1)
        return {"load_before": round(self.load, 2), "steal": round(share, 4),
                "took_s": round(time.monotonic() - self.begin, 1)}


def write(directory: Path) -> None:
    (directory / FILE).write_text(json.dumps(describe(), indent=2) + "\n")
