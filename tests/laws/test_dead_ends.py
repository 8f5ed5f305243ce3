"""Law: no walk over the masks meets an empty mask, and none needs a rollback; a refused schema is the other answer.

A Constraint whose language is empty must be refused when it is compiled: its first mask would be a dead end.
"""

from __future__ import annotations

from hypothesis import event, given
from hypothesis import strategies as st

from laws.annotations import Typed, types
from laws.compiled import compiled
from laws.schemas import schemas
from laws.vocabularies import Tokens, tokens
from laws.walks import Dice, dice, walk
from typeloom.schema.node import Schema

LAYOUTS = st.sampled_from(("compact", "spaced", "flexible"))


@given(schemas(), tokens(300), LAYOUTS, st.sampled_from(("declared", "any")), dice())
def test_schemas_have_no_dead_ends(schema: Schema, pieces: Tokens, layout: str, order: str, random: Dice) -> None:
    vocabulary = pieces.vocabulary()
    constraint = compiled(schema, vocabulary, layout=layout, order=order)
    done = walk(constraint.start(), vocabulary, pieces, random, patience=10, limit=60)
    event("finished" if done.finished else "still going")
    assert constraint.accepts(done.text) or not done.finished


@given(types(), tokens(300), LAYOUTS, dice())
def test_types_have_no_dead_ends(typed: Typed, pieces: Tokens, layout: str, random: Dice) -> None:
    vocabulary = pieces.vocabulary()
    constraint = compiled(typed.annotation, vocabulary, layout=layout)
    done = walk(constraint.start(), vocabulary, pieces, random, patience=10, limit=120)
    event("finished" if done.finished else "still going")
    if done.finished:
        assert len(done.taken) + 1 >= constraint.min_tokens
