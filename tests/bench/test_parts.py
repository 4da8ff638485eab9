#!/usr/bin/env python3
"""What the suite plans: how often each part is measured."""

import sys
import unittest

sys.dont_write_bytecode = True

from parts import LENGTHS, Plan


def plan(length: str) -> Plan:
    return Plan(length, lambda workload, variant: 1000.0)


class RunsTest(unittest.TestCase):
    def test_the_full_form_takes_medians_of_five_of_what_is_short(self):
        full = plan("full")
        self.assertEqual({part: full.runs(part, None) for part in ("W1", "L", "peers", "load")},
                         {"W1": 5, "L": 5, "peers": 5, "load": 1})
        self.assertEqual({plan("short").runs(part, None) for part in plan("short").parts()}, {1})

    def test_as_often_as_asked(self):
        self.assertEqual({plan("full").runs(part, 3) for part in plan("full").parts()}, {3})

    def test_the_peers_repeat_by_themselves(self):
        self.assertEqual(plan("full").rounds("W1", 3), 3)
        self.assertEqual(plan("full").rounds("peers", 3), 1)


class PartsTest(unittest.TestCase):
    def test_every_form_runs_its_programs_with_whole_words(self):
        for length in LENGTHS:
            for part, measurements in plan(length).parts().items():
                for one in measurements():
                    self.assertTrue(all(one.arguments()), (length, part))
                    self.assertGreaterEqual(one.cores, 1)


if __name__ == "__main__":
    unittest.main()
