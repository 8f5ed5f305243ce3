"""Law: the core and the plain interpreter accept the same texts, drawn from both sides of the border.

Three sources: texts that the engine itself decoded, those texts after one or two edits, and JSON from the pools the
schemas are made of. The first guards against accepting too much, the last against too little, the second against both.
"""

from __future__ import annotations

from hypothesis import assume, event, given
from hypothesis import strategies as st

import typeloom as tl
from laws.compiled import compiled
from laws.schemas import schemas
from laws.texts import damaged, json_texts
from laws.vocabularies import Tokens, bytes_only, tokens
from laws.walks import Dice, dice, walk
from oracles.interpreter import Undecided, accepts
from typeloom.schema.node import Schema

LAYOUTS = st.sampled_from(("compact", "spaced", "flexible"))
ORDERS = st.sampled_from(("declared", "any"))
BYTES = bytes_only()


def same_verdict(constraint: tl.Constraint, schema: Schema, text: bytes | str, layout: str, order: str) -> None:
    try:
        expected = accepts(schema, text, layout=layout, order=order)
    except Undecided:
        assume(False)
    event(f"accepted: {expected}")
    assert constraint.accepts(text) == expected, f"{text!r} in {layout}, {order}: the interpreter says {expected}"


@given(schemas(), st.data(), LAYOUTS, ORDERS)
def test_texts_from_the_pools(schema: Schema, data: st.DataObject, layout: str, order: str) -> None:
    constraint = compiled(schema, BYTES.vocabulary(), layout=layout, order=order)
    for text in data.draw(st.lists(json_texts(layout), min_size=1, max_size=10)):
        same_verdict(constraint, schema, text, layout, order)


@given(schemas(), tokens(300), st.data(), LAYOUTS, ORDERS, dice())
def test_walks_and_damaged_walks(
    schema: Schema, pieces: Tokens, data: st.DataObject, layout: str, order: str, random: Dice
) -> None:
    vocabulary = pieces.vocabulary()
    constraint = compiled(schema, vocabulary, layout=layout, order=order)
    done = walk(constraint.start(), vocabulary, pieces, random, patience=10, limit=60)
    assume(done.finished)
    same_verdict(constraint, schema, done.text, layout, order)
    for _ in range(3):
        same_verdict(constraint, schema, data.draw(damaged(done.text.decode())), layout, order)
