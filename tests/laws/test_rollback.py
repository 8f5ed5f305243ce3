"""Law: rollback and copy are exact: k tokens back is the state of k tokens ago, and a copy lives its own life."""

from __future__ import annotations

from hypothesis import given

from laws.compiled import compiled
from laws.schemas import schemas
from laws.vocabularies import Tokens, tokens
from laws.walks import Dice, dice, mask_of
from typeloom.schema.node import Schema


@given(schemas(), tokens(300), dice())
def test_rollback_and_copy(schema: Schema, pieces: Tokens, random: Dice) -> None:
    vocabulary, n_tokens = pieces.vocabulary(), len(pieces.pieces)
    matcher = compiled(schema, vocabulary).start()
    history = [(mask_of(matcher, vocabulary, n_tokens), matcher.is_accepting(), matcher.forced())]
    copies = [matcher.copy()]
    for _ in range(25):
        going_on = sorted(history[-1][0] - set(pieces.end_ids))
        if len(history) > 1 and (not going_on or random.random() < 0.25):
            back = random.randint(0, len(history) - 1)
            matcher.rollback(back)
            del history[len(history) - back :], copies[len(copies) - back :]
        elif going_on:
            assert matcher.accept(random.choice(going_on))
            history.append((mask_of(matcher, vocabulary, n_tokens), matcher.is_accepting(), matcher.forced()))
            copies.append(matcher.copy())
        now = (mask_of(matcher, vocabulary, n_tokens), matcher.is_accepting(), matcher.forced())
        assert now == history[-1]
        assert len(copies) == len(history)
        index = random.randrange(len(copies))
        left = copies[index]
        assert (mask_of(left, vocabulary, n_tokens), left.is_accepting(), left.forced()) == history[index]
        left.copy().rollback(index)  # a copy takes its history along, and rolling a copy back moves nobody else
        assert mask_of(left, vocabulary, n_tokens) == history[index][0]


@given(schemas(), tokens(300), dice())
def test_end_token_can_be_rolled_back(schema: Schema, pieces: Tokens, random: Dice) -> None:
    vocabulary, n_tokens = pieces.vocabulary(), len(pieces.pieces)
    matcher = compiled(schema, vocabulary).start()
    for _ in range(15):
        allowed = mask_of(matcher, vocabulary, n_tokens)
        if matcher.is_accepting():
            end = random.choice(pieces.end_ids)
            assert matcher.accept(end)
            matcher.rollback(1)
            assert mask_of(matcher, vocabulary, n_tokens) == allowed
        going_on = sorted(allowed - set(pieces.end_ids))
        if not going_on:
            break
        assert matcher.accept(random.choice(going_on))
