"""result.v1.json and its examples, which the unit tests read and write back byte by byte."""

import json
import unittest

from documents import examples, validator

RESULT = validator("result.v1.json")


class Results(unittest.TestCase):
    def test_schema_accepts_every_example(self):
        for name, text in examples("results").items():
            with self.subTest(name):
                RESULT.validate(json.loads(text))

    def test_there_is_an_example_of_every_state(self):
        seen = {json.loads(text)["state"] for text in examples("results").values()}
        self.assertEqual(seen, set(RESULT.schema["properties"]["state"]["enum"]))

    def test_schema_takes_words_and_fields_that_are_new(self):
        base = json.loads(examples("results")["rejected.json"])
        RESULT.validate({**base, "reason": "a_new_one", "type": "new.type", "more": 1})

    def test_schema_refuses_what_no_worker_writes(self):
        base = json.loads(examples("results")["rejected.json"])
        for name in ("v", "state", "reason", "lane", "offset", "duplicate", "at"):
            with self.subTest(name):
                self.assertFalse(RESULT.is_valid({k: x for k, x in base.items() if k != name}))
        for name, value in (("state", "done"), ("lane", -1), ("at", "now"), ("duplicate", 1)):
            with self.subTest(name):
                self.assertFalse(RESULT.is_valid({**base, name: value}))
