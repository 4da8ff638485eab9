#!/usr/bin/env python3
"""The report on made-up figures: what it compares, what it leaves out, and that the same figures
make the same bytes."""

import json
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True

import machine
import report
import tables
from figures import FOR_UPDATE, Figures
from goals import GOALS

MACHINE = {"processor": "a processor", "cores": 2, "memory_mb": 8192,
           "fdatasync_us": {"p50": 80, "p99": 300},
           "postgresql": {"server_version": "15", "server_encoding": "UTF8", "fsync": "on"},
           "versions": {"kernel": "6", "kafka": "4", "rdkafka": "2", "jansson": "2", "libpq": "15"}}


def run(per_s: float, system: str = "teller", workload: str = "W1", variant: str = "uniform",
        mode: str = "D", **more) -> dict:
    return {"workload": workload, "variant": variant, "system": system, "mode": mode,
            "per_s": per_s, "verified": True, "length": "full", "load_before": 0.1, "steal": 0,
            **more}


def latency(offered: int, p50: int) -> dict:
    percentiles = {"p50": p50, "p90": 2 * p50, "p99": 3 * p50, "p99.9": 4 * p50, "max": 5 * p50}
    return run(offered, mode="L", variant=f"{offered}/s", lanes=8, offered_per_s=offered,
               accepted_per_s=offered, latency_us=percentiles, visible_us=percentiles, growth=1.0)


def goal(what: str):
    return next(one for one in GOALS if one.what.startswith(what))


class FiguresTest(unittest.TestCase):
    def test_a_share_of_the_floor_is_one_of_medians(self):
        rows = [run(rate) for rate in (100, 160, 130)] + [run(rate, "floor") for rate in (180, 200)]
        self.assertAlmostEqual(Figures(rows).of_floor("W1", "uniform"), 130 / 190)

    def test_a_failed_run_is_in_no_median(self):
        rows = [run(100), {**run(0), "verified": False}]
        self.assertEqual(Figures(rows).median("per_s", workload="W1"), 100)

    def test_a_peer_counts_at_its_best_number_of_clients(self):
        rows = [run(50, FOR_UPDATE, clients=4, best=True),
                run(70, FOR_UPDATE, clients=4, best=True),
                run(30, FOR_UPDATE, clients=8, best=False),
                run(1200)]
        self.assertAlmostEqual(Figures(rows).of_peer(FOR_UPDATE, "W1", "uniform"), 20)
        rows.append(run(80, FOR_UPDATE, clients=16, best=False))
        self.assertAlmostEqual(Figures(rows).of_peer(FOR_UPDATE, "W1", "uniform"), 15)

    def test_a_name_with_a_dot_is_found(self):
        self.assertEqual(Figures([latency(100, 2000)]).median("latency_us.p99.9", mode="L"), 8000)

    def test_other_variants_are_not_mixed_in(self):
        rows = [run(100), run(900, variant="batch of one"), run(900, mode="S")]
        self.assertEqual(Figures(rows).drained("teller", "W1", "uniform"), 100)


class GoalsTest(unittest.TestCase):
    def test_bounds_hold_from_the_right_side(self):
        share = goal("W1, uniform: share")
        self.assertEqual(share.verdict(0.60), "met")
        self.assertEqual(share.verdict(0.59), "**missed**")
        slow = goal("result, p50 at 25000/s")
        self.assertEqual(slow.verdict(slow.measure(Figures([latency(25000, 9000)]))), "met")
        self.assertEqual(slow.verdict(slow.measure(Figures([latency(25000, 11000)]))),
                         "**missed**")

    def test_what_was_not_measured_is_not_met(self):
        for one in GOALS:
            self.assertEqual(one.verdict(one.measure(Figures([]))), "not measured", one.what)


class TablesTest(unittest.TestCase):
    def test_turns_of_many_runs_are_one_line_of_medians_per_system(self):
        rows = [run(rate, system, mode="turns", turn_us={"p50": p50, "p99": 3 * p50})
                for system, rate, p50 in (("teller", 100, 9000), ("teller", 300, 3000),
                                          ("floor", 900, 1000), ("teller", 200, 5000))]
        self.assertEqual(tables.turns(Figures(rows))[2:-1],
                         ["| teller | 200 (100-300) | 5.0 (3.0-9.0) | 15.0 (9.0-27.0) |",
                          "| floor | 900 | 1.0 | 3.0 |"])


class ReportTest(unittest.TestCase):
    def setUp(self):
        self.room = tempfile.TemporaryDirectory()
        self.directory = Path(self.room.name)
        (self.directory / machine.FILE).write_text(json.dumps(MACHINE), "utf-8")

    def tearDown(self):
        self.room.cleanup()

    def keep(self, *rows: dict) -> None:
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        (self.directory / "W1.json").write_text(lines, "utf-8")

    def test_the_same_figures_draw_the_same_bytes(self):
        self.keep(run(100), run(200, "floor"), latency(100, 2000), latency(1000, 3000))
        drawn = []
        for _ in range(2):
            report.write(self.directory)
            drawn.append([plot.read_bytes() for plot in sorted(self.directory.glob("*.svg"))])
        self.assertEqual(len(drawn[0]), 3)
        self.assertEqual(*drawn)

    def test_rows_come_in_the_order_of_the_plan(self):
        for part in ("W2", "peers", "W1"):
            line = json.dumps(run(1, workload=part)) + "\n"
            (self.directory / f"{part}.json").write_text(line, "utf-8")
        self.assertEqual([row["workload"] for row in report.read_rows(self.directory)],
                         ["W1", "W2", "peers"])

    def test_a_failed_run_is_told_and_ends_the_suite(self):
        self.keep(run(100), {**run(0, "floor"), "verified": False, "error": "rows are missing"})
        self.assertFalse(report.write(self.directory))
        self.assertIn("rows are missing", (self.directory / "report.md").read_text("utf-8"))

    def test_a_document_gets_its_places_filled_again_and_again(self):
        self.keep(run(100), run(200, "floor"), {**run(0), "verified": False, "error": "why " * 30})
        document = self.directory / "performance.md"
        document.write_text("before\n<!-- measured: throughput -->\nold\n<!-- end -->\nbehind\n"
                            "<!-- measured: plot_throughput -->\n<!-- end -->\n"
                            "<!-- measured: growth -->\n<!-- end -->\n"
                            "<!-- measured: failures -->\n<!-- end -->\n")
        report.write_document(self.directory, document)
        first = document.read_text("utf-8")
        report.write_document(self.directory, document)
        self.assertEqual(first, document.read_text("utf-8"))
        self.assertIn("| W1 uniform | 1 | 100 | 200 | 0.50 |", first)
        self.assertNotIn("old", first)
        self.assertTrue(all(len(line) <= 100 for line in first.splitlines()
                            if not line.startswith("|")))
        self.assertIn("beside floor and peers](performance/throughput.svg)", first)
        self.assertIn("Not measured.", first)
        self.assertTrue((self.directory / "performance" / "throughput.svg").exists())

    def test_a_document_takes_nothing_of_a_short_form(self):
        self.keep({**run(100), "length": "short"})
        document = self.directory / "performance.md"
        document.write_text("<!-- measured: throughput -->\n<!-- end -->\n")
        with self.assertRaises(SystemExit):
            report.write_document(self.directory, document)


if __name__ == "__main__":
    unittest.main()
