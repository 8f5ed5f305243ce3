"""Law: every text that a walk over the masks finishes is accepted by the type's own validator.

Fields that `tl.check` reports as wider are exempt, and only those. In the spaced and flexible layouts and in any order
the same holds.
"""

from __future__ import annotations

from hypothesis import event, given
from hypothesis import strategies as st
from pydantic import ValidationError

from laws.annotations import Typed, types
from laws.compiled import compiled, is_wider
from laws.vocabularies import Tokens, tokens
from laws.walks import Dice, dice, walk


@given(
    types(),
    tokens(400),
    st.sampled_from(("compact", "spaced", "flexible")),
    st.sampled_from(("declared", "any")),
    dice(),
)
def test_finished_walks_validate(typed: Typed, pieces: Tokens, layout: str, order: str, random: Dice) -> None:
    vocabulary = pieces.vocabulary()
    constraint = compiled(typed.annotation, vocabulary, layout=layout, order=order)
    done = walk(constraint.start(), vocabulary, pieces, random, patience=25, limit=300)
    if not done.finished:
        event("not finished")
        return
    assert constraint.accepts(done.text)
    try:
        typed.adapter.validate_json(done.text)
    except ValidationError as refusal:
        assert is_wider(typed.annotation), f"{done.text!r} was decoded, but: {refusal}"
        event("wider")
    else:
        event("validated")
