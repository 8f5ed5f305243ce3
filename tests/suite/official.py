"""The official JSON-Schema-Test-Suite through compiled constraints: every test in several spellings, against a ratchet.

A test of the suite is a schema, an instance and a verdict. The schema is compiled as a user would (`layout="flexible"`,
`order="any"`, the suite's remotes in the registry), and the instance is written in every way of SPELLINGS: one value,
one verdict, however it is spelt.

`ratchet.json` says what is known to differ, with its reason: refused schemas, false accepts, false rejects. The tests
compare it with what is found, both ways, so that nothing gets worse unseen and nothing that got better is forgotten.

Write it anew: TYPELOOM_DATA=... python tests/suite/official.py (from the repository's root, PYTHONPATH=src:tests).
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import typeloom as tl
from laws.vocabularies import bytes_only
from typeloom.schema.drafts import Draft

SUITE = Path(os.environ.get("TYPELOOM_DATA", "/nonexistent")) / "json-schema-test-suite"
RATCHET = Path(__file__).with_name("ratchet.json")
DRAFTS = {"draft7": Draft.DRAFT_7, "draft2020-12": Draft.DRAFT_2020_12}

# `format` is a demand here and the content keywords are annotations. format.json tests the opposite of optional/format.
ELSEWHERE = {"format.json", "optional/content.json"}


def files() -> list[str]:
    """The suite's files, as names relative to its folder; none without TYPELOOM_DATA."""
    found = [path for draft in DRAFTS for path in sorted((SUITE / draft).glob("**/*.json"))]
    names = [str(path.relative_to(SUITE)) for path in found]
    return [name for name in names if name.partition("/")[2] not in ELSEWHERE]


def registry() -> dict[str, Any]:
    """What the suite's references may name: the meta-schemas and its remotes."""
    from jsonschema_specifications import REGISTRY  # type: ignore[import-untyped]

    known = {uri: REGISTRY[uri].contents for uri in REGISTRY}
    for path in (SUITE / "remotes").glob("**/*.json"):
        known[f"http://localhost:1234/{path.relative_to(SUITE / 'remotes')}"] = json.loads(path.read_text())
    return known


def write(value: Any, *, number: Callable[[Decimal], str], text: Callable[[str], str], blank: str, order: int) -> str:
    """JSON of a value: how numbers and strings are spelt, what stands between the parts, keys forwards or backwards."""

    def parts(inside: list[str], ends: str) -> str:
        return ends[0] + blank + f"{blank},{blank}".join(inside) + blank + ends[1]

    def one(value: Any) -> str:
        if isinstance(value, dict):
            items = list(value.items())[::order]
            return parts([f"{text(key)}{blank}:{blank}{one(item)}" for key, item in items], "{}")
        if isinstance(value, list):
            return parts([one(item) for item in value], "[]")
        if isinstance(value, str):
            return text(value)
        if isinstance(value, bool) or value is None:
            return json.dumps(value)
        return number(Decimal(value))

    return blank + one(value) + blank


def _as_exponent(value: Decimal) -> str:
    sign, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int)
    return "-" * sign + "".join(map(str, digits)) + (f"0E{exponent - 1:+d}" if any(digits) else f"E{exponent:+d}")


def _as_fraction(value: Decimal) -> str:
    plain = f"{value:f}"
    return plain + ("00" if "." in plain else ".0")


def _escaped(text: str) -> str:
    units = text.encode("utf-16-be", "surrogatepass").hex()
    return '"' + "".join("\\u" + units[at : at + 4] for at in range(0, len(units), 4)) + '"'


def _as_is(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


SPELLINGS: dict[str, Callable[[Any], str]] = {
    "compact": lambda value: write(value, number=str, text=_as_is, blank="", order=1),
    "wide": lambda value: write(value, number=_as_fraction, text=json.dumps, blank=" \n", order=-1),
    "escaped": lambda value: write(value, number=_as_exponent, text=_escaped, blank="\t", order=1),
}


@dataclass
class Outcome:
    """What became of one file: how much was tested, and by `schema: test` what differs from the suite."""

    schemas: int = 0
    tests: int = 0
    refused: dict[str, str] = field(default_factory=dict)
    false_accepts: list[str] = field(default_factory=list)
    false_rejects: list[str] = field(default_factory=list)

    def differs(self) -> dict[str, Any]:
        """What the ratchet holds of it."""
        kinds = {"refused": self.refused, "false accepts": self.false_accepts, "false rejects": self.false_rejects}
        return {kind: found for kind, found in kinds.items() if found}


def run(name: str, known: dict[str, Any]) -> Outcome:
    """One file of the suite through `accepts`."""
    outcome = Outcome()
    vocabulary = bytes_only().vocabulary()
    draft = DRAFTS[name.partition("/")[0]]
    for group in json.loads((SUITE / name).read_text("utf-8"), parse_float=Decimal):
        outcome.schemas += 1
        try:
            source = tl.JsonSchema(group["schema"], known, draft)
            constraint = tl.compile(source, vocabulary, layout="flexible", order="any")
        except tl.SchemaError as error:
            if "at least one finite value" in str(error):  # nothing satisfies it: every instance is rejected at once
                outcome.tests += len(group["tests"])
                outcome.false_rejects += [_name(group, test) for test in group["tests"] if test["valid"]]
            else:
                outcome.refused[group["description"]] = str(error).splitlines()[0]
            continue
        for test, spelling, text in _texts(group["tests"]):
            outcome.tests += spelling == "compact"
            accepted = constraint.accepts(text)
            if accepted != test["valid"]:
                wrong = outcome.false_accepts if accepted else outcome.false_rejects
                wrong.append(f"{_name(group, test)} ({spelling})")
    return outcome


def _texts(tests: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], str, str]]:
    for test in tests:
        for spelling, spell in SPELLINGS.items():
            yield test, spelling, spell(test["data"])


def _name(group: dict[str, Any], test: dict[str, Any]) -> str:
    return f"{group['description']}: {test['description']}"


def main() -> None:
    known = registry()
    outcomes = {name: run(name, known) for name in files()}
    record = {
        "schemas": sum(one.schemas for one in outcomes.values()),
        "tests": sum(one.tests for one in outcomes.values()),
        "differs": {name: one.differs() for name, one in outcomes.items() if one.differs()},
    }
    RATCHET.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
