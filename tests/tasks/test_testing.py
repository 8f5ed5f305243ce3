"""The tools for other people's tests: every text drawn is accepted, and the fake model obeys the masks."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

import numpy as np
import pytest
from hypothesis import HealthCheck, find, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, Field, TypeAdapter

import typeloom as tl
from typeloom.testing import FakeModel, byte_vocabulary, texts


class Line(BaseModel):
    name: str = Field(max_length=20)
    count: int = Field(ge=0, le=99)


class Order(BaseModel):
    day: date
    state: Literal["open", "paid"]
    lines: list[Line] = Field(max_length=3)


@settings(max_examples=settings.default.max_examples // 2, suppress_health_check=list(HealthCheck))
@given(st.data(), st.sampled_from([bool, int | None, list[str], Line, Order]))
def test_every_text_drawn_is_accepted_and_validates(data: st.DataObject, source: Any) -> None:
    text = data.draw(texts(source, max_bytes=120))
    assert tl.compile(source, byte_vocabulary()).accepts(text)
    TypeAdapter[Any](source).validate_json(text)


def test_texts_shrink_to_short_ones() -> None:
    assert find(texts(list[int]), lambda text: True) == "[]"


def test_texts_reach_every_choice() -> None:
    for word in ("open", "paid"):
        find(texts(Literal["open", "paid"]), lambda text, word=word: word in text)  # type: ignore[misc]


def test_logits_of_the_wrong_shape_are_refused() -> None:
    with pytest.raises(tl.VocabularyError, match=r"shape \(257,\)"):
        FakeModel(logits=np.zeros(5)).extract(int, "x")


def test_tokens_of_several_bytes_decode_and_score() -> None:
    tokens = [bytes([b]) for b in range(256)] + [b"", b'"bi', b'ng"', b'"ot', b'her"', b"ll"]
    vocab = tl.Vocabulary.from_tokens(tokens, end_ids=[256], special_ids=[256])
    row = np.zeros(len(tokens))
    row[257:259] = 5.0
    model = FakeModel(vocab, row)
    assert model.classify("x", ["billing", "other"], detail=True).probs["billing"] > 0.5
    assert model.extract(Literal["billing", "other"], "x") == "billing"
    assert model.extract(Literal["billing", "other"], "x", detail=True).usage.completion_tokens < 9
