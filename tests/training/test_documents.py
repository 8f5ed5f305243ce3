"""The documents that the embedded model learns from: what an answer says must stand in its text."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "examples/train_embedded"
NAMES = [path.stem for path in FOLDER.glob("*.py")] + ["kinds"]
FIRST, LAST = ("Ada", "Bo", "Cem", "Dina", "Eva", "Finn"), (" Olsen", " Roy", " Marić")
POOL = [first + last for first in FIRST for last in LAST]
OTHER_WORDS = {"date", "time", "date-time"}
"""Formats whose JSON spelling need not be that of the text."""


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The scripts import one another by their plain names; names of people come from here, not from Faker."""
    sys.path.insert(0, str(FOLDER))
    import values

    monkeypatch.setattr(values, "faker_pools", lambda: dict.fromkeys(("person", "company", "city", "street"), POOL))
    yield
    sys.path.remove(str(FOLDER))
    for name in list(sys.modules):
        if name.split(".")[0] in NAMES:
            del sys.modules[name]


def texts_of(value: Any) -> Iterator[str]:
    """The texts of an answer that have to be copied: of a value, of its items, of its parts."""
    said = json.loads(value.json)
    schema = value.schema
    if isinstance(said, str) and "enum" not in schema and schema.get("format") not in OTHER_WORDS:
        yield said
    elif isinstance(said, list) and schema["items"].get("type") == "string":
        yield from said


def test_what_a_document_answers_stands_in_it() -> None:
    import documents
    from values import Source

    copied = 0
    for seed in range(600):
        s = Source(seed, held_out=seed % 7 == 0)
        kind = documents.KINDS[seed % len(documents.KINDS)]
        text, facts = documents.document(s, kind)
        assert not re.search(r"\{~|\{\}|\v", text), text
        assert not {*re.findall(r"\{(\w+)(?:\.\w+)?=?\}", text)} & kind.concepts.keys(), text
        for key, value in facts.items():
            whole = [value] if value.json and kind.concepts[key].names != "stay" else []
            for one in [*whole, *(part for name, part in value.parts.items() if name not in ("currency", "period"))]:
                for said in texts_of(one):
                    assert said in text, (kind.name, key, said, text)
                    copied += 1
    assert copied > 1500


def test_an_answer_has_the_fields_of_its_schema_in_order() -> None:
    import documents
    from values import Source

    silent = 0
    for seed in range(300):
        schema, _, answer, _ = documents.sample(Source(seed))
        said = json.loads(answer)
        assert list(said) == list(schema["properties"])
        for name, value in said.items():
            one = schema["properties"][name]
            assert value is not None or "anyOf" in one
            silent += value is None
    assert silent > 100


def test_every_slot_of_every_template_is_known_and_no_name_is_given_twice() -> None:
    import documents
    import filling

    for kind in documents.KINDS:
        for template in kind.templates:
            for stranger, _, key, part, _ in filling.SLOT.findall(template):
                assert (key or stranger) in kind.concepts or stranger in filling.STRANGERS, (kind.name, template)
                known = key and {*kind.concepts[key].parts, "amount", "currency", "first"}
                assert not part or part in known, (kind.name, template)
        for concept in kind.concepts.values():
            names = concept.names.split("|")
            assert len({*names}) == len(names), (kind.name, concept.key)
            assert all(line.count("{}") == 1 for line in concept.said.split("|") if line), (kind.name, concept.key)


def test_a_part_alone_is_asked_for_alone_and_a_stranger_stays_the_same() -> None:
    import filling
    from kinds import Concept, Kind, listed
    from values import Source

    concepts = listed(
        Concept("when", Source.moment, "when", parts={"date": ("d", ""), "time": ("t", "")}),
        Concept("sum", lambda s: s.money(), "sum"),
    )
    kind = Kind("k", concepts, [""], "", "-", "")
    for seed in range(50):
        kind.templates = ["on {when.date} <{~person1}> <{~person1}> {sum.amount}"]
        text, facts = filling.filled(Source(seed), kind)
        assert facts["when"].json == ""
        assert list(facts["when"].parts) == ["date"]
        assert facts["sum"].json == facts["sum"].parts["amount"].json
        first, second = re.findall(r"<(.+?)>", text)
        assert first == second
        kind.templates = ["{when.time} / {when.date}"]
        _, facts = filling.filled(Source(seed), kind)
        assert facts["when"].json != ""


def test_every_sample_is_turns_and_an_answer_that_fits() -> None:
    from samples import sample

    for seed in range(400):
        one = sample(seed)
        roles = [message["role"] for message in one.messages]
        assert roles == ["user", "assistant"] * (len(roles) // 2) + ["user"]
        said = json.loads(one.answer)
        assert isinstance(said, dict if one.schema else str)


def test_worked_examples_answer_one_schema_each_from_its_own_text() -> None:
    import worked
    from values import Source

    shown = 0
    for seed in range(200):
        schema, turns, _ = worked.sample(Source(seed))
        shown += len(turns) - 1
        for text, answer in turns:
            said = json.loads(answer)
            assert list(said) == list(schema["properties"])
            for name, value in said.items():
                one = schema["properties"][name]
                assert value is not None or "anyOf" in one
                plain = one.get("anyOf", [one])[0]
                if "enum" in plain:
                    assert value is None or value in plain["enum"]
                elif plain.get("type") == "string" and plain.get("format") not in OTHER_WORDS and len(value or "") > 3:
                    assert value in text
    assert shown > 150


def test_the_answers_of_the_examples_are_learnt_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("torch", "gguf", "tokenizers"):
        pytest.importorskip(module)
    import export
    import shards
    import tokens
    from samples import Sample

    monkeypatch.setattr(tokens, "FILE", tmp_path / "tokenizer.json")
    export.read(Path(__file__).resolve().parents[2] / "src/typeloom/embedded/model.gguf")
    turns = [
        {"role": "user", "content": "a"},
        {"role": "assistant", "content": '{"b":"first"}'},
        {"role": "user", "content": "c"},
    ]
    ids, roles = shards.filled(Sample("k", turns, '{"b":"last"}', {}))
    assert ids == [*tokens.prompt_ids(turns), *tokens.encode('{"b":"last"}'), tokens.END]
    learnt = tokens.decode([token for token, role in zip(ids, roles, strict=True) if role == shards.SAID])
    assert re.findall(r"\w+", learnt) == ["first", "last"]
