"""Short constructors for expressions that are written by hand; no language of its own.

Example:
    >>> from typeloom.regex.build import chars, many, seq
    >>> seq(chars("a-z"), many(chars("0-9"), 1))
    Concat(parts=(Chars(ranges=((97, 122),)), Repeat(part=Chars(ranges=((48, 57),)), minimum=1, maximum=None)))
"""

from __future__ import annotations

from collections.abc import Iterable

from typeloom.regex.expr import EPSILON, Alternate, Chars, Concat, Expr, Literal, Repeat


def merged(ranges: Iterable[tuple[int, int]]) -> Chars:
    """One character out of inclusive ranges given in any order, in the form that `Chars` asks for."""
    joined: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if joined and low <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(joined[-1][1], high))
        else:
            joined.append((low, high))
    return Chars(tuple(joined))


def chars(*items: str | Chars) -> Chars:
    """One character: each item is a range of three characters ("a-z"), other Chars, or single characters."""
    ranges: list[tuple[int, int]] = []
    for item in items:
        if isinstance(item, Chars):
            ranges.extend(item.ranges)
        elif len(item) == 3 and item[1] == "-":
            ranges.append((ord(item[0]), ord(item[2])))
        else:
            ranges.extend((ord(one), ord(one)) for one in item)
    return merged(ranges)


def _expr(part: Expr | str) -> Expr:
    return Literal(part) if isinstance(part, str) else part


def seq(*parts: Expr | str) -> Expr:
    """The parts one after the other; a str is a literal."""
    return Concat(tuple(_expr(part) for part in parts))


def either(*parts: Expr | str) -> Expr:
    """Any one of the parts."""
    return Alternate(tuple(_expr(part) for part in parts))


def maybe(*parts: Expr | str) -> Expr:
    """The parts one after the other, or nothing."""
    return Alternate((EPSILON, seq(*parts) if len(parts) > 1 else _expr(parts[0])))


def many(part: Expr | str, minimum: int = 0, maximum: int | None = None) -> Expr:
    """The part `minimum` to `maximum` times."""
    return Repeat(_expr(part), minimum, maximum)


def exactly(part: Expr | str, count: int) -> Expr:
    """The part `count` times."""
    return Repeat(_expr(part), count, count)


DIGIT = chars("0-9")
NONZERO = chars("1-9")
HEX = chars("0-9", "a-f", "A-F")
ALPHA = chars("a-z", "A-Z")
ALNUM = chars("a-z", "A-Z", "0-9")


def number_to(last: int) -> Expr:
    """The whole numbers 0..last in decimal without leading zeros; grows with the number of digits, not with `last`."""
    text = str(last)
    parts: list[Expr] = [DIGIT if last >= 9 else chars(f"0-{last}")]
    for length in range(2, len(text)):
        parts.append(seq(NONZERO, exactly(DIGIT, length - 1)))
    if len(text) > 1:
        for at, digit in enumerate(text):
            low, high = (1 if at == 0 else 0), int(digit) - 1
            if low <= high:
                parts.append(seq(text[:at], chars(f"{low}-{high}"), exactly(DIGIT, len(text) - at - 1)))
        parts.append(Literal(text))
    return Alternate(tuple(parts))
