"""The evidence for each value: its tokens' probabilities, what the mask took, and where it stands in the text."""

from __future__ import annotations

import json
import math
from datetime import date
from typing import Annotated, Any, Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

import typeloom as tl
from typeloom.engine.document import Document
from typeloom.tasks.evidence import TokenEvidence, evidence, fields, places
from typeloom.tasks.json_paths import scalars
from typeloom.testing import FakeModel

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6) | st.sampled_from([1.5, -2e10]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


def leaves(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [leaf for inner in value.values() for leaf in leaves(inner)]
    if isinstance(value, list):
        return [leaf for inner in value for leaf in leaves(inner)]
    return [value]


@given(value=json_values, ascii_only=st.booleans())
def test_the_scalars_of_a_text_are_found_with_their_bytes(value: Any, ascii_only: bool) -> None:
    data = json.dumps(value, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
    found = [json.loads(data[start:end]) for _, start, end in scalars(data)]
    assert found == leaves(value)


def test_paths_are_those_of_the_object() -> None:
    found = scalars(b'{"a":{"b":[1,{"c":null}]},"e":"{,[]"}')
    assert [path for path, *_ in found] == ["a.b[0]", "a.b[1].c", "e"]
    assert [path for path, *_ in scalars(b"12")] == ["$"]


def test_a_value_has_the_probability_of_its_tokens() -> None:
    tokens = [TokenEvidence(6, -0.5, -1.0), TokenEvidence(8, -0.25, -0.25), TokenEvidence(11, 0.0, -9.0)]
    found = fields('{"a":"xy"}', [*tokens], Document("no"), ())  # tokens: {"a":" | xy | "}
    field = found["a"]
    assert field.tokens == 3
    assert field.logprob == pytest.approx(-0.75)
    assert field.confidence == pytest.approx(math.exp(-0.75))
    assert field.pressure == pytest.approx(1 - math.exp(-9.5))
    assert field.span is None
    assert evidence(1, (), ()).confidence == 1.0


@pytest.mark.parametrize(
    ("value", "text", "found"),
    [
        ("oak", "oak and oak", ["oak", "oak"]),
        (1250.5, "Total 1,250.50 or 1250.5 or 1.250,50", ["1,250.50", "1250.5", "1.250,50"]),
        (3, "3 of 13, 3.0", ["3", "3.0"]),
        (-4, "−4 or 4", ["−4"]),
        (1234567, "1'234'567 1.234.567", ["1'234'567", "1.234.567"]),
        ("x", "no", []),
        (True, "true 1", []),
        (None, "null", []),
        ("", "a", []),
    ],
)
def test_a_value_is_found_where_it_stands(value: Any, text: str, found: list[str]) -> None:
    from decimal import Decimal

    looked_for = Decimal(str(value)) if isinstance(value, float) else value
    assert [text[s.start : s.end] for s in places(looked_for, Document(text), ())] == found


def test_a_result_has_fields_and_a_plain_call_does_not_pay_for_them() -> None:
    class Item(BaseModel):
        name: Annotated[str, tl.Verbatim(whitespace="collapse", cut="word")]
        kind: Literal["bolt", "nut"]
        due: date | None = None

    text = "two  bolts of\nsteel"
    rng = np.random.default_rng(3)
    model = FakeModel(logits=rng.normal(size=257) * 2)
    result = model.extract(Item, text, detail=True, max_tokens=200)
    assert list(result.fields) == [path for path, *_ in scalars(result.json.encode())]
    name = result.fields["name"]
    assert name.span is not None
    assert " ".join(text[name.span.start : name.span.end].split()) == result.value.name
    for field in result.fields.values():
        assert 0 <= field.confidence <= 1
        assert 0 <= field.pressure <= 1
        assert field.confidence == pytest.approx(math.exp(field.logprob))
    assert result.text == text
    assert model.extract(Item, text, max_tokens=200) == result.value


def test_the_embedded_model_gives_evidence() -> None:
    class Invoice(BaseModel):
        number: str
        total: float

    with tl.load(n_threads=1) as model:
        result = model.extract(Invoice, "Invoice A-17, total 20.50 EUR", detail=True)
        assert set(result.fields) == {"number", "total"}
        assert all(0 < field.confidence <= 1 for field in result.fields.values())
        again = model.extract(Invoice, "Invoice A-17, total 20.50 EUR", detail=True)
        assert again.fields["total"].logprob == pytest.approx(result.fields["total"].logprob, abs=1e-3)
        text = model.extract(tl.Regex("[a-c]{2}"), "abc", detail=True)
        assert text.fields["$"].value == text.value
