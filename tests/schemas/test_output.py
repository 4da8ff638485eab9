"""cli.v1.json: what teller prints with --json is what it says, one kind of object per line."""

import json
import subprocess
import unittest

from documents import codec_verdicts, examples, teller, validator

OUTPUT = validator("cli.v1.json")


def branches(line: dict) -> list[str]:
    """The kinds of output that the line is."""
    kinds = [branch["$ref"].rsplit("/", 1)[1] for branch in OUTPUT.schema["oneOf"]]
    return [kind for kind in kinds
            if OUTPUT.evolve(schema={**OUTPUT.schema, "oneOf": [{"$ref": f"#/$defs/{kind}"}]})
            .is_valid(line)]


class Output(unittest.TestCase):
    def test_outcome_lines_of_every_example_are_outcomes(self):
        lines = [text.rstrip("\n") for folder in ("valid", "invalid")
                 for text in examples(folder).values()]
        for line, outcome in zip(lines, codec_verdicts(lines)):
            with self.subTest(line):
                self.assertEqual(branches(outcome), ["outcome"])

    def test_outcome_lines_repeat_what_the_command_says(self):
        lines = [text.rstrip("\n") for text in examples("valid").values()]
        names = ("id", "type", "account", "product", "to")
        for line, outcome in zip(lines, codec_verdicts(lines)):
            with self.subTest(line):
                command = json.loads(line)
                self.assertEqual({name: command.get(name) for name in names},
                                 {name: outcome.get(name) for name in names})

    def test_version_is_a_version(self):
        run = subprocess.run([teller(), "version", "--json"], capture_output=True, check=True)
        self.assertEqual(branches(json.loads(run.stdout)), ["version"])

    def test_product_is_a_product_and_nothing_else(self):
        product = {"v": 1, "product": "sku-1", "currency": "KRW", "price": 9000, "stock": 11,
                   "sold": 3, "mode": "sale", "state": "finalized", "seller": "bob", "lane": 3}
        self.assertEqual(branches(product), ["product"])
        self.assertFalse(OUTPUT.is_valid({**product, "mode": "auction"}))
