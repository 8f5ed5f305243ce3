"""Law: the mask is exactly the set of tokens that the matcher takes, at every step, for every vocabulary.

Also: after a refused token the state is unchanged, special tokens are never allowed, and end tokens are allowed exactly
in accepting states (`oracles.masks` is the definition).
"""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from laws.annotations import Typed, types
from laws.compiled import compiled
from laws.schemas import schemas
from laws.vocabularies import Tokens, tokens
from laws.walks import Dice, dice, mask_of
from oracles.masks import allowed_by_trial
from typeloom.schema.node import Schema

LAYOUTS = st.sampled_from(("compact", "spaced", "flexible"))
ORDERS = st.sampled_from(("declared", "any"))
STEPS = 12


def check(source: Any, pieces: Tokens, layout: str, order: str, random: Dice) -> None:
    vocabulary, n_tokens = pieces.vocabulary(), len(pieces.pieces)
    matcher = compiled(source, vocabulary, layout=layout, order=order).start()
    text = b""
    for _ in range(STEPS):
        allowed = mask_of(matcher, vocabulary, n_tokens)
        trial = allowed_by_trial(matcher, pieces.pieces, end_ids=pieces.end_ids, special_ids=pieces.special_ids)
        named = {token: pieces.pieces[token] for token in allowed ^ trial}
        assert allowed == trial, f"after {text!r} mask and trial differ in {named}"
        refused = sorted(set(range(n_tokens)) - allowed)
        if refused:
            assert not matcher.accept(random.choice(refused))
            assert mask_of(matcher, vocabulary, n_tokens) == allowed, "a refused token changed the state"
        going_on = sorted(allowed - set(pieces.end_ids))
        if not going_on:
            break
        token = random.choice(going_on)
        assert matcher.accept(token)
        text += pieces.pieces[token]


@given(types(), tokens(), LAYOUTS, ORDERS, dice())
def test_masks_of_types(typed: Typed, pieces: Tokens, layout: str, order: str, random: Dice) -> None:
    check(typed.annotation, pieces, layout, order, random)


@given(schemas(), tokens(), LAYOUTS, ORDERS, dice())
def test_masks_of_schemas(schema: Schema, pieces: Tokens, layout: str, order: str, random: Dice) -> None:
    check(schema, pieces, layout, order, random)
