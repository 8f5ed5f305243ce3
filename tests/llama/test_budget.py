"""The decode loop keeps its budget: complete inside `max_tokens`, whatever the logits of a random model say."""

from __future__ import annotations

import json
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, Field

import typeloom as tl
from typeloom.llama.decode import Evidence, Sampling, generate
from typeloom.llama.model import LlamaModel
from typeloom.schema.caps import Caps


class Note(BaseModel):
    title: str
    tags: list[str]
    parent: Note | None = None


TYPES = (
    str,
    int,
    list[int],
    set[str],
    Note,
    list[Note],
    dict[str, float],
    Annotated[str, Field(min_length=20, max_length=60)],
    Annotated[list[bool], Field(min_length=3)],
    tuple[int | str, Note | None],
)
PROMPT = [104, 105]


@pytest.mark.parametrize("source", TYPES, ids=str)
@pytest.mark.parametrize("temperature", [0.0, 1.5])
def test_every_budget_is_kept(tiny: LlamaModel, source: Any, temperature: float) -> None:
    constraint = tl.compile(source, tiny.vocab)
    least = constraint.min_tokens
    for extra in (0, 1, 2, 5, 11, 40):
        for caps in (None, Caps(items=2, characters=8, digits=3)):
            found = generate(
                tiny,
                PROMPT,
                constraint.start(caps).core,
                max_tokens=least + extra,
                sampling=Sampling(temperature=temperature, seed=extra),
                evidence=Evidence.MASKED,
            )
            assert found.complete and len(found.tokens) <= least + extra
            assert constraint.accepts(found.text)
            assert found.probabilities is not None and len(found.probabilities) == len(found.tokens)


def test_below_the_minimum_nothing_is_evaluated(tiny: LlamaModel) -> None:
    constraint = tl.compile(Note, tiny.vocab)
    least = constraint.min_tokens
    before = tiny.decoder.held(0)
    with pytest.raises(tl.BudgetError) as caught:
        generate(tiny, [1, 2, 3], constraint.start().core, max_tokens=least - 1)
    assert (caught.value.needed, caught.value.given) == (least, least - 1)
    assert tiny.decoder.held(0) == before


def test_where_the_text_was_steered(tiny: LlamaModel) -> None:
    constraint = tl.compile(list[str], tiny.vocab)
    free = generate(tiny, PROMPT, constraint.start().core, max_tokens=100)
    short = generate(tiny, PROMPT, constraint.start().core, max_tokens=10)
    assert len(free.tokens) > 10 and short.steered
    assert free.text[: short.steered[0]] == short.text[: short.steered[0]]


def test_caps_close_what_runs_away(tiny: LlamaModel) -> None:
    constraint = tl.compile(list[str], tiny.vocab)
    found = generate(
        tiny, PROMPT, constraint.start(Caps(items=4, characters=10)).core, max_tokens=400,
        sampling=Sampling(temperature=1.0),
    )  # fmt: skip
    value = json.loads(found.text)
    assert found.complete and len(value) <= 4
    assert max(map(len, value), default=0) <= 11


def test_a_maximum_of_the_type_stands_above_the_caps(tiny: LlamaModel) -> None:
    constraint = tl.compile(Annotated[str, Field(min_length=30, max_length=40)], tiny.vocab)
    found = generate(tiny, PROMPT, constraint.start(Caps(characters=5, repeats=1)).core, max_tokens=400)
    assert found.complete and not found.steered
