"""command.v1.json, its examples and the codec agree."""

import copy
import json
import unittest

from documents import codec_verdicts, examples, read_json, validator

COMMAND = validator("command.v1.json")

UUID = "0193E4A0-7B1C-7DEF-8ABC-0123456789AB"
BIG = 2**63
VALUES = [None, True, [], {}, "", "x", "@world", "a b", "é", "KRW", "krw", "TOOLONGNAME", "sale",
          "subscription", UUID, UUID[:-1], 0, 1, -1, 1.5, BIG - 1, 31536000, 31536001, 1 - BIG,
          -BIG, "0", "1", "-1", "-0", "01", "+1", "1.0", " 1", str(BIG - 1), "x" * 64, "x" * 65,
          "x" * 140, "x" * 141]


def all_types() -> list[str]:
    found = []
    for branch in COMMAND.schema["oneOf"]:
        kind = branch["properties"]["type"]
        found += kind.get("enum", [kind.get("const")])
    return found


def richest_examples() -> list[dict]:
    """Of every type the valid example with the most fields."""
    commands = sorted((json.loads(text) for text in examples("valid").values()), key=len)
    return list({command["type"]: command for command in commands}.values())


def changed(command: dict):
    """Every command that differs from this one in one thing."""
    for name in command:
        yield {key: value for key, value in command.items() if key != name}
        for value in VALUES:
            yield {**command, name: value}
    for name in ("to", "product", "account", "seller", "hold", "cap", "commands", "extra", "V"):
        if name not in command:
            yield {**command, name: 1}
            yield {**command, name: "bob"}
    for kind in all_types():
        yield {**command, "type": kind}
    for i, member in enumerate(command.get("commands", [])):
        for other in changed_member(member):
            whole = copy.deepcopy(command)
            whole["commands"][i] = other
            yield whole


def changed_member(member: dict):
    for name in member:
        yield {key: value for key, value in member.items() if key != name}
        for value in (None, 0, 1, "1", BIG - 1, "deposit", "hold", "transfer", UUID):
            yield {**member, name: value}
    yield {**member, "to": "bob"}
    yield {**member, "expires_in_s": 5}


class Commands(unittest.TestCase):
    def test_there_is_a_valid_example_of_every_type(self):
        seen = {json.loads(text)["type"] for text in examples("valid").values()}
        self.assertEqual(seen, set(all_types()))

    def test_schema_accepts_every_valid_example(self):
        for name, text in examples("valid").items():
            with self.subTest(name):
                COMMAND.validate(read_json(text))

    def test_schema_refuses_every_invalid_example(self):
        for name, text in examples("invalid").items():
            with self.subTest(name):
                try:
                    document = read_json(text)
                except ValueError:
                    continue
                self.assertFalse(COMMAND.is_valid(document))

    def test_codec_gives_every_invalid_example_the_reason_in_its_name(self):
        found = {name: text.rstrip("\n") for name, text in examples("invalid").items()}
        for name, outcome in zip(found, codec_verdicts(list(found.values()))):
            with self.subTest(name):
                self.assertEqual(outcome["state"], "invalid")
                self.assertEqual(outcome["reason"], name.split(".")[0])

    def test_codec_and_schema_agree_on_whatever_is_changed(self):
        commands = [other for command in richest_examples() for other in changed(command)]
        lines = sorted({json.dumps(command) for command in commands})
        self.assertGreater(len(lines), 4000)
        verdicts = {True: 0, False: 0}
        for line, outcome in zip(lines, codec_verdicts(lines)):
            accepted = outcome["state"] == "valid"
            verdicts[accepted] += 1
            if accepted != COMMAND.is_valid(read_json(line)):
                self.fail(f"codec: {outcome['state']} {outcome.get('detail', '')}: {line}")
        self.assertGreater(verdicts[True], 300)
        self.assertGreater(verdicts[False], 2000)

    def test_what_the_schema_cannot_say_the_codec_refuses(self):
        """Named in the schema's descriptions: numbers in texts, and the bytes of a memo."""
        base = json.loads(examples("valid")["deposit.json"])
        beyond = {**base, "amount": str(BIG)}
        long_memo = {**base, "memo": "é" * 71}
        outcomes = codec_verdicts([json.dumps(beyond), json.dumps(long_memo)])
        for command, outcome, field in zip((beyond, long_memo), outcomes, ("amount", "memo")):
            self.assertTrue(COMMAND.is_valid(command))
            self.assertEqual(outcome["state"], "invalid")
            self.assertTrue(outcome["detail"].startswith(field + ":"), outcome)
