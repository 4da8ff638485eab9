"""Reads JSON as the schemas mean it, and asks validator and codec for their verdicts."""

import json
import os
import subprocess
from decimal import Decimal
from pathlib import Path

from jsonschema import Draft202012Validator

ROOT = Path(__file__).resolve().parents[2]
SCHEMAS = ROOT / "schemas"
EXAMPLES = SCHEMAS / "examples"
PARTITIONS = "64"


def _no_key_twice(pairs):
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands there twice")
    return found


def read_json(text: str):
    """Strict: no key twice, no lone surrogate, and 1.0 is no integer. Raises ValueError."""
    document = json.loads(text, object_pairs_hook=_no_key_twice, parse_float=Decimal)
    json.dumps(document, ensure_ascii=False, default=str).encode("utf-8")
    return document


def validator(name: str) -> Draft202012Validator:
    schema = json.loads((SCHEMAS / name).read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def examples(folder: str) -> dict[str, str]:
    found = {path.name: path.read_bytes().decode("utf-8", "surrogateescape")
             for path in sorted((EXAMPLES / folder).glob("*.json"))}
    assert found, f"no examples in {folder}"
    return found


def teller() -> str:
    return str(ROOT / os.environ.get("TELLER_BUILD", "build") / "teller")


def codec_verdicts(lines: list[str]) -> list[dict]:
    """One outcome line of teller per command, in their order."""
    text = "".join(line + "\n" for line in lines)
    words = ["apply", "-", "--dry-run", "--partitions", PARTITIONS, "--json"]
    run = subprocess.run([teller(), *words],
                         input=text.encode("utf-8"), capture_output=True, check=False, timeout=120)
    outcomes = [json.loads(line) for line in run.stdout.splitlines()]
    assert len(outcomes) == len(lines), (len(outcomes), len(lines), run.stderr.decode())
    return outcomes
