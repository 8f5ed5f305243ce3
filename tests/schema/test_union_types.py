"""Unions: a text is one of `A | B` exactly if it is one of A or of B, in either order, for all pairs of a pool."""

from __future__ import annotations

from functools import cache, reduce
from itertools import permutations
from operator import or_
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field

import typeloom as tl
from typeloom.testing import byte_vocabulary

POOL: list[Any] = [
    int, float, bool, str, None,
    Literal[12], Literal[3, 12], Literal["a"], Literal["a", "b"], Literal[True, 7, "b", None],
    Annotated[int, Field(ge=5)], Annotated[int, Field(le=5)], Annotated[int, Field(multiple_of=3)],
    Annotated[float, Field(gt=0, lt=1)], Annotated[str, Field(max_length=1)], Annotated[str, Field(min_length=2)],
]  # fmt: skip
TEXTS = '0 1 3 5 6 7 12 -4 0.5 12.0 1.5 "" "a" "b" "ab" true false null'.split()
VOCABULARY = byte_vocabulary()


@cache
def accepted(members: tuple[int, ...]) -> frozenset[str]:
    con = tl.compile(reduce(or_, (POOL[one] for one in members)), VOCABULARY)
    return frozenset(text for text in TEXTS if con.accepts(text))


@pytest.mark.parametrize("first", range(len(POOL)))
def test_a_union_holds_what_its_members_hold(first: int) -> None:
    for pair in permutations(range(len(POOL)), 2):
        if pair[0] == first:
            assert accepted(pair) == accepted(pair[:1]) | accepted(pair[1:]), [POOL[one] for one in pair]


def test_three_members_too() -> None:
    for three in permutations((0, 1, 3, 5, 6, 9, 10), 3):
        assert accepted(three) == frozenset().union(*(accepted((one,)) for one in three)), [POOL[one] for one in three]
