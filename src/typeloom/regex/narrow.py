"""Expressions cut down: without the empty text, beginning or ending in a class, complemented; bounds of their lengths.

The usual forms (characters, literals, runs of characters, concatenations of them) are cut down structurally; only the
others become conjunctions. Everything returned is exact, except that `length_bounds` may be wide under a conjunction or
complement (equal bounds are always exact).
"""

from __future__ import annotations

from typeloom.regex import charset, syntax
from typeloom.regex.charset import Ranges
from typeloom.regex.expr import (
    ANY_CHAR,
    ANY_TEXT,
    EMPTY,
    EPSILON,
    ALabel,
    Alternate,
    Chars,
    Complement,
    Concat,
    Conjoin,
    Excerpt,
    Expr,
    External,
    Literal,
    Literals,
    Preimage,
    Repeat,
)

_SOME_TEXT = Repeat(ANY_CHAR, 1, None)


def complement(expr: Expr) -> Expr:
    if expr == EMPTY:
        return ANY_TEXT
    if expr == ANY_TEXT:
        return EMPTY
    return expr.part if isinstance(expr, Complement) else Complement(expr)


def without_empty(expr: Expr) -> Expr:
    """The expression without the empty text."""
    if isinstance(expr, Repeat) and isinstance(expr.part, Chars | Literal) and expr.part != EPSILON:
        return Repeat(expr.part, max(expr.minimum, 1), expr.maximum)
    return Conjoin((expr, _SOME_TEXT))


def beginning_in(expr: Expr, ranges: Ranges) -> Expr:
    """The texts of `expr` whose first character is in `ranges`; without a conjunction for the usual forms."""
    match expr:
        case Chars(own):
            return syntax.one_of(charset.intersection(own, ranges)).expr
        case Literal(text) if text:
            return expr if charset.contains(ranges, ord(text[0])) else EMPTY
        case Repeat(Chars() as one, minimum, maximum):
            rest = _one_fewer(one, minimum, maximum)
            return syntax.concatenation([beginning_in(one, ranges), rest])
        case Concat((Chars() | Literal() as head, *tail)):
            return syntax.concatenation([beginning_in(head, ranges), *tail])
        case Concat((Repeat(Chars(), minimum, _) as head, *tail)) if minimum:
            return syntax.concatenation([beginning_in(head, ranges), *tail])
    return syntax.intersection([expr, syntax.concatenation([Chars(ranges), ANY_TEXT])])


def ending_in(expr: Expr, ranges: Ranges) -> Expr:
    """The texts of `expr` whose last character is in `ranges`; without a conjunction for the usual forms."""
    match expr:
        case Chars(own):
            return syntax.one_of(charset.intersection(own, ranges)).expr
        case Literal(text) if text:
            return expr if charset.contains(ranges, ord(text[-1])) else EMPTY
        case Repeat(Chars() as one, minimum, maximum):
            rest = _one_fewer(one, minimum, maximum)
            return syntax.concatenation([rest, ending_in(one, ranges)])
        case Concat((*head, Chars() | Literal() as tail)):
            return syntax.concatenation([*head, ending_in(tail, ranges)])
        case Concat((*head, Repeat(Chars(), minimum, _) as tail)) if minimum:
            return syntax.concatenation([*head, ending_in(tail, ranges)])
    return syntax.intersection([expr, syntax.concatenation([ANY_TEXT, Chars(ranges)])])


def _one_fewer(one: Chars, minimum: int, maximum: int | None) -> Expr:
    """`one` repeated once less."""
    low, high = max(minimum - 1, 0), None if maximum is None else maximum - 1
    return EPSILON if high == 0 else one if (low, high) == (1, 1) else Repeat(one, low, high)


def alternatives(expr: Expr) -> list[Expr]:
    if isinstance(expr, Literals):
        return [Literal(text) for text in expr.texts]
    if isinstance(expr, Alternate):
        return [piece for part in expr.parts for piece in alternatives(part)]
    return [expr]


def length_bounds(expr: Expr) -> tuple[int, int | None]:
    """Bounds of the lengths of the texts, in characters; equal bounds are exact."""
    match expr:
        case Chars():
            return 1, 1
        case Literal(text):
            return len(text), len(text)
        case Literals(texts):
            return min(map(len, texts)), max(map(len, texts))
        case Repeat(part, minimum, maximum):
            low, high = length_bounds(part)
            return low * minimum, None if high is None or maximum is None else high * maximum
        case Complement() | Excerpt() | External():
            return 0, None
        case ALabel():
            return 3, 59
        case Preimage(_, part, longest):
            low, high = length_bounds(part)
            return low, longest if high is None else high
        case Concat(parts) | Alternate(parts) | Conjoin(parts):
            bounds = [length_bounds(part) for part in parts]
    highs = [high for _, high in bounds if high is not None]
    unbounded = len(highs) < len(bounds)
    if isinstance(expr, Concat):
        return sum(low for low, _ in bounds), None if unbounded else sum(highs)
    if isinstance(expr, Alternate):
        return min((low for low, _ in bounds), default=0), None if unbounded else max(highs, default=0)
    return max((low for low, _ in bounds), default=0), min(highs, default=None)
