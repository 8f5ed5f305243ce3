"""Does a text belong to a regular expression: the plain twin of the core's derivatives.

An expression relates a start position to the end positions of its matches. `ends` computes that relation bottom-up over
sets of positions: no backtracking, no automaton. Conjunction is intersection of the sets, complement is the rest of the
positions, since both speak about the same stretch of text. Cost: O(size of expression * length^2) for one text.
"""

from __future__ import annotations

from typeloom.regex.expr import Alternate, Chars, Complement, Concat, Conjoin, Expr, Literal, Literals, Repeat


def matches(expression: Expr, text: str) -> bool:
    """True if the whole of `text` is in the language of `expression`.

    >>> matches(Repeat(Chars(((97, 98),)), 1, 3), "aba")
    True
    >>> matches(Complement(Literal("ab")), "ab")
    False
    """
    return len(text) in ends(expression, text, 0)


def ends(expression: Expr, text: str, start: int) -> frozenset[int]:
    """Every position at which a match of `expression` that begins at `start` can end."""
    match expression:
        case Chars(ranges):
            if start < len(text) and any(low <= ord(text[start]) <= high for low, high in ranges):
                return frozenset((start + 1,))
            return frozenset()
        case Literal(literal):
            return frozenset((start + len(literal),)) if text.startswith(literal, start) else frozenset()
        case Literals(texts):
            return frozenset(start + len(one) for one in texts if text.startswith(one, start))
        case Concat(parts):
            here = frozenset((start,))
            for part in parts:
                here = _from_each(part, text, here)
            return here
        case Alternate(parts):
            return frozenset(end for part in parts for end in ends(part, text, start))
        case Repeat(part, minimum, maximum):
            return _repeat(part, minimum, maximum, text, start)
        case Conjoin(parts):
            everything = frozenset(range(start, len(text) + 1))
            for part in parts:
                everything &= ends(part, text, start)
            return everything
        case Complement(part):
            return frozenset(range(start, len(text) + 1)) - ends(part, text, start)


def _from_each(part: Expr, text: str, starts: frozenset[int]) -> frozenset[int]:
    return frozenset(end for start in starts for end in ends(part, text, start))


def _repeat(part: Expr, minimum: int, maximum: int | None, text: str, start: int) -> frozenset[int]:
    here = frozenset((start,))
    for _ in range(minimum):
        following = _from_each(part, text, here)
        if following == here:  # a fixed point: further rounds change nothing
            break
        here = following
    found, rounds = here, minimum
    while here and (maximum is None or rounds < maximum):
        here = _from_each(part, text, here)
        if here <= found:
            break
        found |= here
        rounds += 1
    return found
