"""Alternatives of a value: what the runners-up among the tokens lead to, with the probabilities of the logits."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
from pydantic import BaseModel, Field

import typeloom as tl
from typeloom.testing import END, FakeModel


class Bill(BaseModel):
    state: Literal["open", "paid", "void"]
    urgent: bool
    name: str = Field(max_length=4)
    total: int | None


def wants(text: str, others: dict[int, dict[str, float]]) -> Any:
    """Logits that write a text; at some of its bytes other ones have the given logits, the text's own 0."""

    def row(prompt: Sequence[int], answer: Sequence[int]) -> np.ndarray[Any, Any]:
        logits = np.full(END + 1, -50.0)
        at = len(answer)
        logits[ord(text[at]) if at < len(text) else END] = 0.0
        for letter, logit in others.get(at, {}).items():
            logits[ord(letter)] = logit
        return logits

    return row


WRITTEN = '{"state":"paid","urgent":false,"name":"Ann","total":12}'


def extracted(others: dict[str, dict[str, float]]) -> tl.Result[Bill]:
    """`others` by the beginning of the text in front of them."""
    at = {len(WRITTEN.partition(front)[0] + front): letters for front, letters in others.items()}
    return FakeModel(logits=wants(WRITTEN, at)).extract(Bill, "text", detail=True)


def test_other_values_have_the_probability_of_the_way_to_them() -> None:
    found = extracted({'"state":"': {"o": -1.0, "v": -2.0}, '"urgent":': {"t": -3.0}, '"total":': {"n": -1.5}})
    total = 1 + np.exp(-1.0) + np.exp(-2.0)
    (first, second) = found.fields["state"].alternatives
    assert (first.value, second.value) == ("open", "void")
    assert not first.is_open
    assert first.probability == pytest.approx(np.exp(-1.0) / total)
    assert found.fields["state"].confidence + first.probability + second.probability == pytest.approx(1)
    (truth,) = found.fields["urgent"].alternatives
    assert truth.value is True
    (null,) = found.fields["total"].alternatives
    assert null.value is None
    assert null.probability == pytest.approx(np.exp(-1.5) / (1 + np.exp(-1.5)))


def test_free_text_and_numbers_are_open() -> None:
    found = extracted({'"name":"An': {"t": -1.0}, '"total":1': {"7": -0.5, "}": -1.0}})
    (name,) = found.fields["name"].alternatives
    assert (name.value, name.is_open) == ("Ant", True)
    number, shorter = found.fields["total"].alternatives
    assert (number.value, number.is_open) == ("17", True)
    assert (shorter.value, shorter.is_open) == (1, False)


def test_what_spells_the_same_value_is_none() -> None:
    vocab = tl.Vocabulary.from_tokens([bytes([b]) for b in range(256)] + [b"", b"pa"], end_ids=[256], special_ids=[256])

    def row(prompt: Sequence[int], answer: Sequence[int]) -> np.ndarray[Any, Any]:
        logits = np.full(258, -5.0)
        logits[ord("p")], logits[257], logits[256] = 0.0, -0.5, 0.0
        return logits

    found = FakeModel(vocab, logits=row).extract(Literal["paid", "open"], "text", detail=True)
    assert found.value == "paid"
    assert [one.value for one in found.fields["$"].alternatives] == ["open"]


def test_a_closed_text_with_escapes_is_read_as_json() -> None:
    texts = ["plain", 'a "quote"', "back\\slash"]
    model = FakeModel(logits=wants(json.dumps("plain"), {1: {"a": -1.0, "b": -2.0}}))
    found = model.extract(Literal[tuple(texts)], "text", detail=True)  # type: ignore[misc]
    others = found.fields["$"].alternatives
    assert [(one.value, one.is_open) for one in others] == [(texts[1], False), (texts[2], False)]


def test_another_way_to_write_a_number_is_none() -> None:
    others = {2: {",": -1.0, "0": -1.0}, 4: {"5": -2.0}}
    found = FakeModel(logits=wants("[8.0,1]", others)).extract(list[float], "text", detail=True)
    assert found.fields["[0]"].value == 8
    assert [one.value for one in found.fields["[0]"].alternatives] == ["80"]


def test_a_grammar_has_them_too() -> None:
    model = FakeModel(logits=wants("yes", {0: {"n": -1.0}}))
    for pattern, is_open in (("yes|no", False), ("yes|no|none of it", True)):
        (other,) = model.extract(tl.Regex(pattern), "text", detail=True).fields["$"].alternatives
        assert (other.value, other.is_open) == ("no", is_open)


def test_without_evidence_there_are_none() -> None:
    assert [one.fields for one in FakeModel().task(Bill).results(["text"]) if isinstance(one, tl.Result)] == [{}]


def test_the_page_shows_them(tmp_path: Path) -> None:
    found = extracted({'"state":"': {"o": -1.0}, '"name":"An': {"t": -1.0}})
    tl.to_html([found], tmp_path / "view.html")
    page = (tmp_path / "view.html").read_text(encoding="utf-8")
    data = re.search(r"<script[^>]*>(\{.*?)</script>", page, re.S)
    assert data is not None
    by_path = {one["path"]: one["alternatives"] for one in json.loads(data[1])["documents"][0]["fields"]}
    assert [pair[0] for pair in by_path["state"]] == ["open"]
    assert [pair[0] for pair in by_path["name"]] == ["Ant…"]
    assert by_path["urgent"] == []


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("llama_cpp")
    pytest.importorskip("gguf")
    from llama.conftest import write_tiny_model

    return write_tiny_model(tmp_path_factory.mktemp("gguf") / "tiny.gguf")


def test_native_runners_up_are_the_best_of_the_others(tiny: Path) -> None:
    with tl.load(tiny, n_threads=1) as model:
        found = model.extract(Bill, "hello world", detail=True, temperature=1.0, seed=4)
        plain = model.extract(Bill, "hello world", temperature=1.0, seed=4)
    assert found.value == plain
    state = found.fields["state"]
    assert {one.value for one in state.alternatives} <= {"open", "paid", "void"} - {state.value}
    assert sum(one.probability for one in state.alternatives) + state.confidence <= 1.001
    assert any(one.alternatives for one in found.fields.values())
