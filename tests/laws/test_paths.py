"""Law: the state depends on the bytes, not on how they were cut into tokens or by which method they were fed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from laws.compiled import compiled
from laws.schemas import schemas
from laws.vocabularies import Tokens, tokens
from laws.walks import Dice, dice, mask_of, random_cut, walk
from typeloom.schema.node import Schema


@given(schemas(), tokens(300), st.sampled_from(("compact", "flexible")), dice())
def test_any_cut_leads_to_the_same_state(schema: Schema, pieces: Tokens, layout: str, random: Dice) -> None:
    vocabulary, n_tokens = pieces.vocabulary(), len(pieces.pieces)
    constraint = compiled(schema, vocabulary, layout=layout)
    first = constraint.start()
    data = walk(first, vocabulary, pieces, random, patience=8, limit=20).text
    expected = mask_of(first, vocabulary, n_tokens)
    for _ in range(3):
        other = constraint.start()
        for token in random_cut(data, pieces, random):
            assert other.accept(token), (data, pieces.pieces[token])
        assert mask_of(other, vocabulary, n_tokens) == expected
        assert other.is_accepting() == first.is_accepting()
        assert other.forced() == first.forced()
    fed = constraint.start()
    middle = random.randint(0, len(data))
    assert fed.accept_bytes(data[:middle]) and fed.accept_bytes(data[middle:])
    assert mask_of(fed, vocabulary, n_tokens) == expected
    assert constraint.accepts(data) == first.is_accepting()
    # A second Constraint, without the first one's tables, tells the same.
    again = compiled(schema, vocabulary, layout=layout).start()
    assert again.accept_bytes(data) and mask_of(again, vocabulary, n_tokens) == expected
