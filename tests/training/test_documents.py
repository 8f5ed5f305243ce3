"""The documents that the embedded model learns from: what an answer says must stand in its text."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

FOLDER = Path(__file__).resolve().parents[2] / "examples/train_embedded"
NAMES = [path.stem for path in FOLDER.glob("*.py")] + ["kinds"]
FIRST, LAST = ("Ada", "Bo", "Cem", "Dina", "Eva", "Finn"), (" Olsen", " Roy", " Marić")
POOL = [first + last for first in FIRST for last in LAST]
OTHER_WORDS = {"date", "time", "date-time"}
"""Formats whose JSON spelling need not be that of the text."""


@pytest.fixture(autouse=True)
def folder(
    monkeypatch: pytest.MonkeyPatch,
    small_dictionary: Path,
    small_opinions: Path,
    small_industries: Path,
    small_vectors: Path,
    small_sentences: Path,
) -> Iterator[None]:
    """The scripts import one another by their plain names; names of people come from here, not from Faker."""
    sys.path.insert(0, str(FOLDER))
    import dictionary
    import industries
    import opinions
    import sentences
    import values
    import vectors

    monkeypatch.setattr(dictionary, "FILE", small_dictionary)
    monkeypatch.setattr(opinions, "FILE", small_opinions)
    monkeypatch.setattr(industries, "FILE", small_industries)
    monkeypatch.setattr(vectors, "FILE", small_vectors)
    monkeypatch.setattr(sentences, "FILE", small_sentences)
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
    elif isinstance(said, list) and "properties" in schema["items"]:
        for row in said:
            for name, cell in row.items():
                one = schema["items"]["properties"][name]
                if isinstance(cell, str) and "enum" not in one and one.get("format") not in OTHER_WORDS:
                    yield cell


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


LABELLED = re.compile(r'(?m)(?:^|["<\n,{] ?)([\w./ ]{2,30}?)"?\s*(?:[:=>]|\.{3,})\s*"?\{(\w+)')


def test_no_label_in_a_template_means_another_field_of_its_kind() -> None:
    from kinds import broad

    def plain(label: str) -> str:
        return label.lower().replace("_", " ").strip(" .|-")

    labels = 0
    for kind in broad.KINDS:
        meant: dict[str, set[str]] = {}
        for key, concept in kind.concepts.items():
            parts = [name for names, _ in concept.parts.values() for name in names.split("|")]
            for name in [*concept.names.split("|"), *concept.labels.split("|"), *parts]:
                meant.setdefault(plain(name), set()).add(key)
        for template in kind.templates:
            for label, slot in LABELLED.findall(template):
                assert slot in meant.get(plain(label), {slot}), (kind.name, label, slot)
                labels += plain(label) in meant
    assert labels > 1000


def test_a_day_of_a_time_long_past_has_its_century() -> None:
    from kinds.makers import dated
    from values import Source

    for seed in range(200):
        value = dated(1801, 1899)(Source(seed))
        assert json.loads(value.json)[:4] in value.text


def test_the_rows_of_a_table_are_the_objects_of_its_answer() -> None:
    from kinds.makers import rows, whole
    from values import Source

    make = rows(["{one} and {other}"], one=("first|a", whole(100, 199)), other=("second|b", whole(200, 299)))
    for seed in range(100):
        value = make(Source(seed))
        said = json.loads(value.json)
        lines = [[int(n) for n in re.findall(r"\d{3}", line)] for line in value.text.split("\n")]
        numbers = [sorted(line) for line in lines if line]
        assert len(numbers) == len(said)
        for row, found in zip(said, numbers, strict=True):
            assert list(row) == list(value.schema["items"]["properties"])
            for name, number in row.items():
                assert number == found[name in ("second", "b")]


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
        if "enum" in one.schema:
            assert said in one.schema["enum"]
        else:
            assert list(said) == list(one.schema["properties"])


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
    said = (shards.SAID, shards.CHOSEN)
    learnt = tokens.decode([token for token, role in zip(ids, roles, strict=True) if role in said])
    assert re.findall(r"\w+", learnt) == ["first", "last"]


def test_what_decides_for_null_or_a_text_is_learnt_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("torch", "gguf", "tokenizers"):
        pytest.importorskip(module)
    import export
    import shards
    import tokens

    monkeypatch.setattr(tokens, "FILE", tmp_path / "tokenizer.json")
    export.read(Path(__file__).resolve().parents[2] / "src/typeloom/embedded/model.gguf")
    answer = tokens.encode('{"b":null,"c":"text and more of it","d":12,"e":[true]}')
    pieces = [tokens.piece(token).decode() for token in answer]
    decides = [piece for piece, role in zip(pieces, shards.spoken(answer), strict=True) if role == shards.CHOSEN]
    assert decides == ['":', "null", '":"', "text", '":', "1", "2", '":', "[", "true"]


def test_every_written_document_gives_an_object_of_its_schema() -> None:
    import written
    from values import Source

    kinds = written.written_kinds()
    assert len(kinds) >= 50
    assert len({kind.name for kind in kinds}) == len(kinds)
    for kind in kinds:
        assert len(kind.documents) >= 3, kind.name
        names = [name for one in kind.fields.values() for name in one.names]
        assert len({*names}) == len(names), kind.name
    for seed in range(400):
        schema, turns, _ = written.worked(Source(seed), 1 + seed % 3)
        for text, answer in turns:
            assert " => " not in text and "{" not in text
            Draft202012Validator(schema).validate(json.loads(answer))
            assert json.loads(answer).keys() == schema["properties"].keys()


def test_a_written_document_changes_its_names_and_keeps_its_words(monkeypatch: pytest.MonkeyPatch) -> None:
    import written
    from values import Source

    monkeypatch.setattr(written, "SWAPPED", 0.0)
    (kind,) = written.read(
        "# note\n= who : person\n= what : text\n= paid | settled : money\n= due : date\n"
        "= lines.name : text\n= lines.count : integer\n"
        "---\n{who: Ann Lee} buys {what: a lamp} for {paid: $1,240.50} by {due: 3 May 2026 => 2026-05-03}: "
        "{lines.count: 2} {lines.name: bulbs}, {lines.count: 1} {lines.name: shade}. Thank you, {who: Ann Lee}."
    )
    (document,) = kind.documents
    assert [mark.json for mark in document.marks[:4]] == ['"Ann Lee"', '"a lamp"', "1240.50", '"2026-05-03"']
    found = set()
    for seed in range(60):
        text, facts = written.fresh(Source(seed), kind, document)
        who, lines = facts["who"], facts["lines"]
        assert who and lines
        found.add(who.text)
        assert text.count(who.text) == 2
        assert "buys a lamp for" in text
        assert [line["name"] for line in json.loads(lines.json)] == ["bulbs", "shade"]
    assert len(found) > 20


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("# a\n= x : thing\n---\n{x: 1}", "thing is not one of"),
        ("# a\n= x : date\n---\n{x: 3 May}", "ISO 8601"),
        ("# a\n= x : boolean\n---\n{x: yes}", "true or false"),
        ("# a\n= x : choice(a, b)\n---\n{x: c}", "is none of a, b"),
        ("# a\n= x : integer\n---\n{x: some}", "needs its number"),
        ("# a\n= x : text\n---\n{y: some}", "names none of the fields"),
        ("# a\n= x : text\n---\nnothing", "nothing is marked"),
    ],
)
def test_what_is_wrong_in_a_written_document_is_said(text: str, said: str) -> None:
    import written

    with pytest.raises(ValueError, match=said):
        written.read(text)
