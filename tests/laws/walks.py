"""Random walks: a model without a mind, choosing among the tokens that the mask allows.

A walk that only ever rolled dice would rarely end (a string goes on for ever with probability near one), so from
`patience` steps on it prefers an end token, then tokens that close something. Liveness is thereby tested, too: the
closing bytes are only preferred, the mask has the last word.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Any

from hypothesis import strategies as st

import typeloom as tl
from laws.vocabularies import Tokens
from oracles.masks import allowed_by_mask, allowed_by_trial


class Dice(Random):
    """A seeded source of choices that shows its seed in a failure message."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number

    def __repr__(self) -> str:
        return f"Dice({self.number})"


def dice() -> st.SearchStrategy[Dice]:
    """One drawn number stands for all choices of a walk: cheap, and the same walk on every replay."""
    return st.integers(0, 2**32 - 1).map(Dice)


@dataclass
class Walk:
    """What a walk did: the tokens taken (end token excluded), and whether it came to an end token."""

    text: bytes = b""
    taken: list[int] = field(default_factory=list)
    finished: bool = False


def mask_of(matcher: Any, vocabulary: tl.Vocabulary, n_tokens: int) -> set[int]:
    """The allowed token ids of a fresh mask."""
    mask = vocabulary.new_mask()
    mask[:] = 0x55555555  # whatever was there must be overwritten
    matcher.fill_mask(mask)
    return allowed_by_mask(mask, n_tokens)


def compare_on_a_walk(matcher: Any, vocabulary: tl.Vocabulary, tokens: Tokens, random: Random, steps: int) -> None:
    """At each step of a walk the mask equals brute force and is not empty."""
    ordinary = sorted(set(range(len(tokens.pieces))) - set(tokens.end_ids))
    for _ in range(steps):
        allowed = mask_of(matcher, vocabulary, len(tokens.pieces))
        assert allowed, "a dead end"
        assert allowed == allowed_by_trial(
            matcher, tokens.pieces, end_ids=tokens.end_ids, special_ids=tokens.special_ids
        )
        going_on = [token for token in ordinary if token in allowed]
        if not going_on:
            return
        assert matcher.accept(random.choice(going_on))


def walk(matcher: Any, vocabulary: tl.Vocabulary, tokens: Tokens, random: Random, *, patience: int, limit: int) -> Walk:
    """Walk `matcher` until it ends or `limit` tokens are taken; AssertionError on an empty mask: a dead end."""
    done = Walk()
    while len(done.taken) < limit:
        allowed = mask_of(matcher, vocabulary, len(tokens.pieces))
        assert allowed, f"a dead end: nothing is allowed after {done.text!r}"
        token = _choose(sorted(allowed), tokens, random, hurry=len(done.taken) >= patience)
        if token in tokens.end_ids:
            assert matcher.is_accepting(), f"an end token is allowed in the middle: {done.text!r}"
            done.finished = True
            return done
        assert matcher.accept(token), f"the mask allows {tokens.pieces[token]!r} after {done.text!r}, accept refuses it"
        done.taken.append(token)
        done.text += tokens.pieces[token]
    return done


def _choose(allowed: list[int], tokens: Tokens, random: Random, *, hurry: bool) -> int:
    ends = [token for token in allowed if token in tokens.end_ids]
    if ends and (hurry or random.random() < 0.3):
        return random.choice(ends)
    closing = [token for token in allowed if tokens.pieces[token] in (b'"', b"}", b"]")]
    if hurry and closing:
        return random.choice(closing)
    if hurry:
        plain = [token for token in allowed if tokens.pieces[token][:1] not in (b"[", b"{", b"\\")]
        shortest = min(len(tokens.pieces[token]) for token in plain or allowed)
        return random.choice([token for token in plain or allowed if len(tokens.pieces[token]) == shortest])
    bold = random.random()
    structural = [
        token for token in allowed if not tokens.pieces[token][:1].isalnum() and tokens.pieces[token].isascii()
    ]
    if bold < 0.5 and structural:
        return random.choice(structural)
    return random.choice(allowed)


def random_cut(data: bytes, tokens: Tokens, random: Random) -> list[int]:
    """Some way to spell `data` in ordinary tokens; every byte is a token, so there is one."""
    cuts, at, taken = tokens.cuts(data), 0, []
    while at < len(data):
        token = random.choice(cuts[at])
        taken.append(token)
        at += len(tokens.pieces[token])
    return taken
