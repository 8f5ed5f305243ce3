"""Nouns with a meaning that vectors can tell, and which of them are alike."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from dictionary import dictionary
from vectors import Vectors, words

COMMON = 16_000
"""They are among so many of the commonest words."""
SORTS = {"animal", "artifact", "body", "food", "person", "plant", "place", "substance", "possession", "feeling", "natural object", "communication"}
"""What a noun must be in its first meaning: nouns that say little are near to everything and mean nothing."""
ALIKE = 0.57
"""How near a noun must be to stand where another stood."""


@cache
def nouns() -> np.ndarray[Any, np.dtype[np.int64]]:
    """Their numbers among the words."""
    number = words().number
    first: dict[str, str] = {}
    for entry in dictionary().entries:
        if entry.part == "noun":
            for word in entry.words:
                first.setdefault(word, entry.sort)
    found = {number[word] for word, sort in first.items() if number.get(word, COMMON) < COMMON and len(word) > 2 and sort in SORTS}
    return np.array(sorted(i for i in found if words().weights[i] > 0.5))


@cache
def rows() -> Vectors:
    return words().rows[nouns()]


@cache
def like(word: str) -> list[str]:
    """What may stand where a noun stands: the few nearest ones, none if it is not one of these nouns."""
    at = words().number.get(word)
    if at is None or at not in known():
        return []
    near = rows() @ words().rows[at]
    return [words().words[nouns()[i]] for i in np.argsort(-near)[1:7].tolist() if near[i] > ALIKE]


@cache
def known() -> frozenset[int]:
    return frozenset(nouns().tolist())


__all__ = ["like", "nouns", "rows"]
