"""The shipped suites: every record is what it should be, and every truth is justified by its text."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import typeloom as tl
from typeloom.evaluation import suite
from typeloom.evaluation.ask import quotations
from typeloom.evaluation.compare import fields, plain, type_name
from typeloom.evaluation.suite import Document
from typeloom.schema.types import adapter
from typeloom.testing import byte_vocabulary

SUITES = {name: suite.read(name) for name in suite.NAMES}
DOCUMENTS = [document for one in SUITES.values() for document in one.documents]
KINDS = SUITES["documents"].kinds

# Truths that the text says in other letters: OCR, which confuses them.
READ_AS = {("invoice-07", "number"), ("invoice-07", "seller")}


def test_they_are_as_large_as_they_should_be() -> None:
    assert len(DOCUMENTS) + len(SUITES["topics"].labelled) >= 300
    kinds = Counter(document.kind for document in SUITES["documents"].documents)
    assert len(kinds) >= 8 and min(kinds.values()) >= 9
    assert SUITES["documents"].seen < set(kinds)
    assert sum(times for kind, times in kinds.items() if kind not in SUITES["documents"].seen) >= 57
    sets = SUITES["topics"].label_sets
    assert len(sets) >= 6
    used = Counter((one.labels, one.label) for one in SUITES["topics"].labelled)
    assert set(used) == {(name, label) for name, labels in sets.items() for label in labels}
    assert all(used["bank", label] == used["clinic", other] == 15 for label in sets["bank"] for other in sets["clinic"])


def test_no_text_is_there_twice() -> None:
    texts = [plain(one.text) for one in [*DOCUMENTS, *SUITES["topics"].labelled]]
    assert [text for text, times in Counter(texts).items() if times > 1] == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_truth_is_an_object_of_its_type(kind: str) -> None:
    constraint = tl.compile(KINDS[kind], byte_vocabulary())
    reads = adapter(KINDS[kind])
    for document in DOCUMENTS:
        if document.kind == kind:
            assert set(document.truth) == set(KINDS[kind].model_fields), document.id
            assert set(document.accept) <= set(document.truth), document.id
            value = reads.validate_python(document.truth)
            assert constraint.accepts(reads.dump_json(value)), document.id
            for name, others in document.accept.items():
                for other in others:
                    reads.validate_python({**document.truth, name: other})


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.id)
def test_every_text_of_a_truth_stands_in_its_document(document: Document) -> None:
    inside = plain(document.text)
    for name, info in KINDS[document.kind].model_fields.items():
        if type_name(info.annotation) in ("text", "list of text") and (document.id, name) not in READ_AS:
            value: Any = document.truth[name] or []
            for item in value if isinstance(value, list) else [value]:
                assert plain(item) in inside, (name, item)
        for part in re.findall(r"(?:19|20)\d\d", str(document.truth[name])):
            assert part in document.text or part[2:] in document.text, (name, part)


@pytest.mark.parametrize("document", DOCUMENTS[::7], ids=lambda document: document.id)
def test_the_truth_is_right_and_nothing_else_is_needed(document: Document) -> None:
    kind = KINDS[document.kind]
    right = fields(kind, document.truth, document.accept, document.truth, document.text)
    assert all(field.exact and field.false == field.missed == 0 for field in right)
    assert all(field.kept == field.silent for field in right)
    empty = {name: [] if value == [] or isinstance(value, list) else None for name, value in document.truth.items()}
    silent = fields(kind, document.truth, {}, empty, document.text)
    assert all(field.exact == field.silent for field in silent)
    assert all(not field.exact for field in fields(kind, document.truth, {}, None, document.text))


def test_quotations_hold_the_truths_of_a_plain_document() -> None:
    document = next(one for one in DOCUMENTS if one.id == "invoice-01")
    constraint = tl.compile(quotations(KINDS["Invoice"]), byte_vocabulary(), document=document.text)
    dumped = adapter(KINDS["Invoice"]).validate_python(document.truth).model_dump_json()
    assert constraint.accepts(dumped)
    assert not constraint.accepts(dumped.replace("Gasthof Hirschen", "Gasthof Adler"))


@pytest.mark.parametrize(
    ("line", "match"),
    [
        ("{", "suite.jsonl, line 1"),
        ('{"id": "a"}', "line 1"),
        ('{"id": "a", "kind": "Bill", "text": "x", "truth": {}}', "expected a kind of types.py, one of , got 'Bill'"),
        ('{"id": "a", "labels": "l", "text": "x", "label": "c"}', "expected a label of 'l' in labels.json, got 'c'"),
        (2 * '{"id": "a", "labels": "l", "text": "x", "label": "b"}\n', "line 2: expected an id of its own"),
    ],
)
def test_a_record_that_is_none_is_refused_with_its_line(tmp_path: Path, line: str, match: str) -> None:
    (tmp_path / "suite.jsonl").write_text(line)
    (tmp_path / "labels.json").write_text('{"l": {"b": ""}}')
    with pytest.raises(tl.Error, match=match):
        suite.read(tmp_path / "suite.jsonl")


def test_a_suite_that_there_is_not_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(tl.Error, match="one of documents, topics, absent, long or a file"):
        suite.read("nonsense")
    (tmp_path / "suite.jsonl").write_text("")
    (tmp_path / "types.py").write_text("1 / 0")
    with pytest.raises(tl.Error, match="ZeroDivisionError"):
        suite.read(tmp_path / "suite.jsonl")
