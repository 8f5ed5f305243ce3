"""Law: `forced()` is the longest run of bytes that leaves no choice: masks and byte-wise trials agree with it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from laws.annotations import Typed, types
from laws.compiled import compiled
from laws.vocabularies import Tokens, tokens
from laws.walks import Dice, dice, mask_of
from oracles.masks import live_bytes


@given(types(), tokens(300), st.sampled_from(("compact", "spaced", "flexible")), dice())
def test_forced_bytes_are_the_only_ones(typed: Typed, pieces: Tokens, layout: str, random: Dice) -> None:
    vocabulary, n_tokens = pieces.vocabulary(), len(pieces.pieces)
    matcher = compiled(typed.annotation, vocabulary, layout=layout).start()
    for _ in range(10):
        forced = matcher.forced()
        follower = matcher.copy()
        for at, byte in enumerate(forced):
            assert not follower.is_accepting(), f"{forced!r} is forced, but the text may end after {at} bytes"
            assert live_bytes(follower) == {byte}, f"{forced!r} is forced, but byte {at} is not the only one"
            assert follower.accept_bytes(bytes((byte,)))
        assert follower.is_accepting() or len(live_bytes(follower)) > 1, f"more than {forced!r} is forced"
        allowed = mask_of(matcher, vocabulary, n_tokens)
        for token in allowed - set(pieces.end_ids) if forced else ():
            shorter = min(len(forced), len(pieces.pieces[token]))
            assert pieces.pieces[token][:shorter] == forced[:shorter]
        going_on = sorted(allowed - set(pieces.end_ids))
        if not going_on:
            break
        assert matcher.accept(random.choice(going_on))
