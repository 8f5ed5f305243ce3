"""Law: for every budget of at least `min_tokens`, whatever a model prefers, decoding ends complete inside the budget.

The models are made to hurt: they want white space, digits, quotes or the end before anything else, or nothing in
particular. Each drawn type is decoded by all of them, with a budget at the minimum and one above it. The number of
drawn types is small by default; the environment variable TYPELOOM_BUDGET_TYPES raises it (2,000 types are 20,000 runs).
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

import typeloom as tl
from laws.annotations import types
from laws.compiled import compiled
from laws.schemas import schemas
from laws.vocabularies import Tokens, bytes_only, tokens
from laws.walks import Dice, dice
from typeloom.schema.caps import Caps
from typeloom.testing import pick

TYPES = int(os.environ.get("TYPELOOM_BUDGET_TYPES", "60"))


class Tree(BaseModel):
    name: str
    children: list[Tree] = []


class Chain(BaseModel):
    value: int | str
    next: Chain | None = None


class Term(BaseModel):
    plus: tuple[Term, Term] | None = None
    number: float | None = None


RECURSIVE = (Tree, Chain, Term, list[Tree], dict[str, Chain], Tree | Chain, tuple[Term, Tree | None])

PREFERRED = {
    "nothing": b"",
    "white space": b" \t\n\r",
    "digits": b"0123456789",
    "quotes": b'"',
}


def preferences(pieces: Tokens, name: str, random: Dice) -> np.ndarray[Any, Any]:
    """Logits of a model without a mind, all of whose love goes to some bytes, or to the end."""
    row = np.array([random.random() for _ in pieces.pieces])
    if name == "the end":
        row[list(pieces.end_ids)] += 2
    elif wanted := PREFERRED[name]:
        row += [2.0 * (bool(piece) and not piece.strip(wanted)) for piece in pieces.pieces]
    return row


def decode(
    constraint: tl.Constraint, row: np.ndarray[Any, Any], pieces: Tokens, budget: int, caps: Caps | None
) -> bytes:
    """What the decode loop does, in the words of its contract."""
    matcher = constraint.start(caps)
    text = b""
    for left in range(budget, 0, -1):
        assert matcher.least_tokens <= left
        token, _ = pick(matcher, row, left)
        if token in pieces.end_ids:
            assert matcher.is_accepting()
            return text
        assert matcher.accept(token)
        text += pieces.pieces[token]
    assert matcher.is_accepting(), f"incomplete after {budget} tokens: {text!r}"
    return text


def check(constraint: tl.Constraint, pieces: Tokens, random: Dice, more: Sequence[int]) -> None:
    try:
        least = constraint.min_tokens
    except tl.LimitError:
        event("no way found")
        return
    event("searched" if constraint.counts["searches"] else "led by the distance")
    for name in (*PREFERRED, "the end"):
        for extra in more:
            row = preferences(pieces, name, random)
            caps = random.choice([None, Caps(), Caps(items=3, characters=5, digits=3, repeats=1)])
            text = decode(constraint, row, pieces, least + extra, caps)
            assert constraint.accepts(text), f"{name}, {least} + {extra}: {text!r}"


slow = settings(max_examples=TYPES, deadline=None, suppress_health_check=list(HealthCheck))


@slow
@given(types(), tokens(300), dice(), st.integers(1, 200))
def test_types_are_finished_inside_every_budget(typed: Any, pieces: Tokens, random: Dice, extra: int) -> None:
    check(compiled(typed.annotation, pieces.vocabulary()), pieces, random, (0, extra))


@slow
@given(
    schemas(),
    st.just(bytes_only()) | tokens(300),
    st.sampled_from(("compact", "spaced", "flexible")),
    st.sampled_from(("declared", "any")),
    dice(),
    st.integers(1, 60),
)
def test_schemas_are_finished_inside_every_budget(
    schema: Any, pieces: Tokens, layout: str, order: str, random: Dice, extra: int
) -> None:
    check(compiled(schema, pieces.vocabulary(), layout=layout, order=order), pieces, random, (0, extra))


@pytest.mark.parametrize("source", RECURSIVE, ids=str)
@settings(max_examples=max(1, TYPES // 12), deadline=None, suppress_health_check=list(HealthCheck))
@given(pieces=tokens(300), random=dice(), extra=st.integers(1, 300))
def test_recursive_types_are_finished_inside_every_budget(
    source: Any, pieces: Tokens, random: Dice, extra: int
) -> None:
    check(tl.compile(source, pieces.vocabulary()), pieces, random, (0, extra))


def test_tokens_that_spell_no_single_byte() -> None:
    pieces = Tokens((b'{"a', b'":', b"tru", b"e}", b"true", b"}", b'{"', b'a":', b"e", b"</s>"), (9,), ())
    constraint = tl.compile(dict[str, bool], pieces.vocabulary())
    assert constraint.min_tokens == 4
    for name in ("digits", "the end"):
        text = decode(constraint, preferences(pieces, name, Dice(1)), pieces, 4, None)
        assert constraint.accepts(text)


UNIQUE_TEXTS = {"type": "array", "items": {"type": "string"}, "uniqueItems": True}


@pytest.mark.parametrize("schema", [{"type": "object"}, UNIQUE_TEXTS])
def test_a_large_vocabulary_makes_no_state_for_each_of_its_tokens(schema: dict[str, Any]) -> None:
    """Near the end of the budget, where every text is a state: inside a key that nobody declared, a unique item."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    words = [a + b + c for a in letters for b in letters for c in letters]
    pieces = (*bytes_only().pieces[:256], *map(str.encode, words), b"</s>")
    constraint = tl.compile(tl.JsonSchema(schema), tl.Vocabulary.from_tokens(list(pieces), end_ids=[len(pieces) - 1]))
    matcher = constraint.start(Caps())
    assert matcher.accept_bytes(b'{"key' if schema["type"] == "object" else b'["key')
    mask = constraint.vocabulary.new_mask()
    for left in range(matcher.least_tokens, matcher.least_tokens + 4):
        matcher.fill_mask(mask)
        matcher.narrow_mask(mask, left)
        assert mask.any()
    assert constraint.counts["states"] < 2000 < len(words)


def test_no_way_is_a_limit_by_name() -> None:
    pieces = Tokens((b"{", b'"', b"a", b"</s>"), (3,), ())
    constraint = tl.compile(dict[str, bool], pieces.vocabulary())
    with pytest.raises(tl.LimitError, match="vocabulary lacks the bytes"):
        _ = constraint.min_tokens
