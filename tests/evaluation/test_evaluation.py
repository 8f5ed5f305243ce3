"""The harness on models whose answers are known: comparing, measuring, asking in four ways, reporting, drawing."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
import pytest
from pydantic import BaseModel, Field

import typeloom as tl
from typeloom.evaluation import ask, diagram, measure, report, suite, write
from typeloom.evaluation.ask import Mode
from typeloom.evaluation.compare import fields, same, type_name
from typeloom.evaluation.measure import Guess, Judged
from typeloom.evaluation.run import evaluate
from typeloom.testing import END, FakeModel


class Person(BaseModel):
    name: str | None
    age: int | None
    likes: list[str]


def speaking(answer: Callable[[str], str]) -> FakeModel:
    """A model that writes what a function of the whole prompt says."""

    def logits(prompt: Sequence[int], written: Sequence[int]) -> np.ndarray:
        wanted = [*answer(bytes(prompt).decode()).encode(), END]
        row = np.zeros(END + 1)
        if list(written) == wanted[: len(written)] and len(written) < len(wanted):
            row[wanted[len(written)]] = 20.0
        return row

    return FakeModel(logits=logits, n_ctx=20_000)


TEXT = "Ann, 41, likes tea and long walks."
TRUTH = {"name": "Ann", "age": 41, "likes": ["tea", "long walks"]}


@pytest.mark.parametrize(
    ("found", "exact", "counts", "made_up"),
    [
        (TRUTH, [True, True, True], (4, 0, 0), 0),
        ({"name": "ANN.", "age": 41, "likes": ["Long  walks", "tea"]}, [True, True, True], (4, 0, 0), 0),
        ({"name": "Bob", "age": None, "likes": ["tea", "beer"]}, [False, False, False], (1, 2, 3), 2),
        ({"name": None, "age": 41.0, "likes": []}, [False, True, False], (1, 0, 3), 0),
        (None, [False, False, False], (0, 0, 4), 0),
    ],
)
def test_fields_are_compared(found: Any, exact: list[bool], counts: tuple[int, int, int], made_up: int) -> None:
    compared = fields(Person, TRUTH, {}, found, TEXT)
    assert [field.exact for field in compared] == exact
    assert (sum(f.hits for f in compared), sum(f.false for f in compared), sum(f.missed for f in compared)) == counts
    assert sum(field.made_up for field in compared) == made_up


def test_other_right_values_cost_nothing() -> None:
    silent = {"name": None, "age": None, "likes": []}
    for found in ({**silent, "name": "Ann"}, silent):
        (name, *_) = fields(Person, silent, {"name": ["Ann"]}, found, TEXT)
        assert name.exact and (name.hits, name.false, name.missed) == (0, 0, 0)
    (name, *_) = fields(Person, TRUTH, {"name": [None]}, silent, TEXT)
    assert name.exact and (name.hits, name.false, name.missed) == (0, 0, 0)


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        ("a", "A ", True), ("a b", "ab", False), ("1", 1, False), (1, 1.0, True), (True, 1, False), (None, "", False),
        ({"a": 1}, {"a": 1.0}, True), ({"a": 1}, {"a": 2}, False), (["a", "a"], ["a"], False), ([], None, False),
    ],
)
def test_same(one: Any, other: Any, equal: bool) -> None:
    assert same(one, other) is equal


def test_types_have_names() -> None:
    found = [bool, int | None, Annotated[float, Field(ge=0)] | None, Literal["a"] | None, date, list[date], int | str]
    assert [type_name(one) for one in found] == [
        *("boolean", "integer", "number", "choice", "date", "list of date", "union"),
    ]


def test_measures_by_hand() -> None:
    judged = [
        Judged("a", "Person", tuple(fields(Person, TRUTH, {}, TRUTH, TEXT)), True, 9, 0.5),
        Judged(
            "b", "Person",
            tuple(fields(Person, {**TRUTH, "age": None}, {}, {"name": "Bob", "age": 3, "likes": ["tea"]}, TEXT)),
            True, 9, 0.5,
        ),
    ]
    found = measure.documents(judged)
    assert found["field_exact"] == 0.5
    # 4 + 1 hits; Bob and 3 are false; Ann and the walks are missed.
    assert found["field_f1"] == round(10 / (10 + 2 + 2), 4)
    assert (found["object_exact"], found["valid"], found["kept_null"]) == (0.5, 1.0, 0.0)
    assert found["made_up"] == round(1 / 5, 4)
    assert measure.by_type(judged)["integer"] == {"fields": 2, "field_exact": 0.5, "field_f1": round(2 / 3, 4)}
    assert measure.documents([])["field_f1"] is None


def test_label_measures_by_hand() -> None:
    guesses = [Guess("s", "a", "a", 0.9), Guess("s", "a", "b", 0.6), Guess("s", "b", "b", 0.9)]
    found = measure.labels(guesses)
    assert found == {"texts": 3, "accuracy": 0.6667, "macro_f1": round((2 / 3 + 2 / 3) / 2, 4), "ece": 0.2667}


def test_free_text_is_read_where_it_holds_an_object() -> None:
    model = speaking(lambda prompt: 'Of course! {"name": "Ann", "age": 41, "likes": ["tea"]} Is that all?')
    answer = ask.way(model, Person, Mode.FREE, 500)(TEXT, ())
    assert answer.value == {"name": "Ann", "age": 41, "likes": ["tea"]}
    wrong = ask.way(speaking(lambda prompt: "I'd rather not."), Person, Mode.FREE, 500)(TEXT, ())
    assert wrong.value is None and wrong.error


def test_an_invalid_answer_is_sent_back() -> None:
    asked: list[str] = []

    def answer(prompt: str) -> str:
        if not asked or asked[-1] != prompt:
            asked.append(prompt)
        return json.dumps(TRUTH) if prompt.count("This is not valid") == 2 else '{"name": 3}'

    found = ask.way(speaking(answer), Person, Mode.AGAIN, 500)(TEXT, ())
    assert found.value == TRUTH
    assert len(asked) == 3
    assert "$.name: Input should be a valid string" in asked[1]
    assert ask.way(speaking(lambda prompt: "no"), Person, Mode.AGAIN, 500)(TEXT, ()).value is None


@pytest.mark.parametrize("mode", [Mode.CONSTRAINED, Mode.VERBATIM])
def test_constraints_give_an_object_and_quotations_stand_in_the_text(mode: Mode) -> None:
    model = speaking(lambda prompt: '{"name":"Anna","age":41,"likes":[]}')
    found = ask.way(model, Person, mode, 500)(TEXT, [("Bo is 3", {"name": "Bo", "age": 3, "likes": []})])
    assert found.value is not None
    assert found.value["name"] == ("Anna" if mode is Mode.CONSTRAINED else "Ann")


def test_an_error_is_an_answer_without_a_value() -> None:
    found = ask.way(FakeModel(n_ctx=50), Person, Mode.CONSTRAINED, 500)(TEXT, ())
    assert found.value is None and found.error.startswith("LimitError")


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """One document of each kind, and the labels of one set."""
    for name in ("types.py", "labels.json"):
        (tmp_path / name).write_bytes((suite.SHIPPED / name).read_bytes())
    documents = [json.loads(line) for line in (suite.SHIPPED / "documents.jsonl").read_text("utf-8").splitlines()]
    labelled = [json.loads(line) for line in (suite.SHIPPED / "topics.jsonl").read_text("utf-8").splitlines()]
    chosen = [one for one in documents if one["id"] in ("contact-05", "car-08", "review-09", "match-06", "match-07")]
    chosen += [one for one in labelled if one["labels"] == "tone"]
    path = tmp_path / "small.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in chosen))
    return path


def test_a_model_that_knows_everything_is_perfect(small: Path, tmp_path: Path) -> None:
    read = suite.read(small)
    truths = {one.text: json.dumps(one.truth, ensure_ascii=False, separators=(",", ":")) for one in read.documents}
    truths |= {one.text: json.dumps(one.label) for one in read.labelled}
    model = speaking(lambda prompt: truths.get(prompt.rpartition("Text:\n")[2].removesuffix("\n"), ""))
    steps: list[tuple[int, int]] = []
    found = evaluate(model, small, examples=1, progress=lambda done, total: steps.append((done, total)))
    record = found.record()
    everything = record["documents"]["all"]
    assert everything["documents"] == 5
    assert {everything[rate] for rate in ("valid", "field_exact", "field_f1", "object_exact", "kept_null")} == {1.0}
    assert everything["made_up"] == 0.0
    assert record["documents"]["seen kinds"]["documents"] == 4
    assert record["labels"]["raw"]["accuracy"] == record["labels"]["fitted"]["accuracy"] == 1.0
    assert record["fitted_on_texts_a_label"] == {"tone": 10}
    assert steps == [(n, len(read.documents) + 30) for n in range(1, len(read.documents) + 31)]
    assert json.loads(json.dumps(record)) == record
    assert "| all | 5 | 100.0 % |" in report.table(record)
    assert report.compared([record, record]).count("100.0 %") == 10

    files = write.write(found, tmp_path / "out")
    assert {file.suffix for file in files} == {".json", ".svg"}
    assert json.loads((tmp_path / "out" / "small-constrained-1.json").read_text()) == record
    for file in files:
        if file.suffix == ".svg":
            assert ElementTree.parse(file).getroot().tag.endswith("svg")


def test_what_cannot_be_asked_is_an_error(small: Path) -> None:
    with pytest.raises(tl.Error, match="expected a mode, one of free, again, constrained, verbatim, got 'fast'"):
        evaluate(FakeModel(), small, mode="fast")
    with pytest.raises(tl.Error, match="examples"):
        evaluate(FakeModel(), small, examples=-1)


def test_diagrams_are_svg_and_show_their_numbers() -> None:
    drawn = diagram.bars("<a & b>", {"x": {"exact": 0.125, "f1": None}, "y": {"exact": 1.0, "f1": 0.0}})
    ElementTree.fromstring(drawn)
    assert "12.5 %" in drawn and "100.0 %" in drawn
    guesses = [Guess("s", "a", "a" if n % 2 else "b", n / 20) for n in range(21)]
    assert sum(map(len, diagram.ranges(guesses))) == 21
    ElementTree.fromstring(diagram.reliability("r", {"raw": guesses, "fitted": guesses[:3]}))
