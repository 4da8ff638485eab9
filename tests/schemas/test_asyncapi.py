"""asyncapi.yaml: it is whole, its references lead somewhere, and its examples are true."""

import json
import unittest

import yaml
from jsonschema import Draft202012Validator

from documents import ROOT, SCHEMAS, validator

DOCUMENT = yaml.safe_load((SCHEMAS / "asyncapi.yaml").read_text("utf-8"))


def walk(node):
    yield node
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for child in children:
        yield from walk(child)


def resolve(reference: str):
    """A reference within the document, or to a file beside it."""
    if not reference.startswith("#/"):
        return json.loads((SCHEMAS / reference).read_text("utf-8"))
    node = DOCUMENT
    for part in reference[2:].split("/"):
        node = node[part]
    return node


def plain(node):
    """The node with the document's own references filled in."""
    if isinstance(node, dict):
        return plain(resolve(node["$ref"])) if "$ref" in node else {
            key: plain(value) for key, value in node.items()}
    return [plain(value) for value in node] if isinstance(node, list) else node


class AsyncApi(unittest.TestCase):
    def test_it_is_asyncapi_3(self):
        self.assertEqual(DOCUMENT["asyncapi"], "3.0.0")
        self.assertTrue({"title", "version"} <= set(DOCUMENT["info"]))

    def test_every_reference_leads_somewhere(self):
        found = [node["$ref"] for node in walk(DOCUMENT)
                 if isinstance(node, dict) and "$ref" in node]
        self.assertGreater(len(found), 10)
        for reference in found:
            with self.subTest(reference):
                self.assertIsInstance(resolve(reference), dict)

    def test_operations_name_messages_of_their_channel(self):
        for name, operation in DOCUMENT["operations"].items():
            with self.subTest(name):
                self.assertIn(operation["action"], ("send", "receive"))
                for message in operation["messages"]:
                    self.assertTrue(message["$ref"].startswith(operation["channel"]["$ref"]))

    def test_schemas_are_schemas(self):
        for name, schema in DOCUMENT["components"]["schemas"].items():
            with self.subTest(name):
                Draft202012Validator.check_schema(plain(schema))

    def test_examples_are_true(self):
        for message, schema in (("command", "command.v1.json"), ("result", "result.v1.json")):
            described = DOCUMENT["components"]["messages"][message]
            headers = Draft202012Validator(plain(described["headers"]))
            for example in described["examples"]:
                with self.subTest(example["name"]):
                    validator(schema).validate(example["payload"])
                    if "headers" in example:
                        headers.validate(example["headers"])

    def test_headers_are_those_that_workers_write(self):
        """The names stand in the worker's source: one that is renamed there fails here."""
        source = (ROOT / "consumer/runtime/publish.c").read_text("utf-8")
        schemas = DOCUMENT["components"]["schemas"]
        for name in schemas["deadLetterHeaders"]["required"] + schemas["resultHeaders"]["required"]:
            with self.subTest(name):
                self.assertIn(f'"{name}"', source)

    def test_topics_are_those_that_programs_use(self):
        source = (ROOT / "common/kafka/topic_names.c").read_text("utf-8")
        for channel in DOCUMENT["channels"].values():
            prefix, name = channel["address"].split(".", 1)
            self.assertEqual(prefix, "teller")
            self.assertIn(f".{name}", source)
