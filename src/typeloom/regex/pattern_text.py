"""The texts that are regular expressions themselves: what `format: regex` asks of a string.

ECMA-262's patterns nest, so they are no regular language. Held here is their grammar with groups up to NESTING deep;
inside of a deeper group anything is taken. What a grammar does not say (names used twice, references to groups that are
not there) is not asked for. The grammar is the one without the `u` flag (Annex B), save in two places. A letter must
not be escaped for no reason: `\\Z` means something in other dialects, and nothing here. And a brace that begins no
quantifier must be escaped or stand before an ordinary character; with the `u` flag it must be escaped.

Source: ECMA-262, section 22.2.1 and Annex B.1.2.
"""

from __future__ import annotations

from typeloom.regex.build import ALNUM, ALPHA, DIGIT, HEX, NONZERO, chars, either, exactly, many, maybe, merged, seq
from typeloom.regex.expr import ANY_TEXT, MAX_CODE_POINT, Chars, Expr

NESTING = 8
_SURROGATES = Chars(((0xD800, 0xDFFF),))


def but(*refused: str | Chars, least: int = 0) -> Chars:
    """Any one character from `least` on but these.

    >>> but("a-z", least=ord("b")).ranges[0]
    (123, 55295)
    """
    ranges, at = [], least
    for low, high in chars(*refused, _SURROGATES).ranges:
        if at < low:
            ranges.append((at, low - 1))
        at = max(at, high + 1)
    return merged([*ranges, (at, MAX_CODE_POINT)])


BEYOND_ASCII = but("\0-\x7f")
ESCAPE = either(
    seq("\\", chars("dDwWsSfnrtv", DIGIT)),
    seq("\\c", ALPHA),
    seq("\\x", exactly(HEX, 2)),
    seq("\\u", either(exactly(HEX, 4), seq("{", many(HEX, 1), "}"))),
    seq("\\", chars("pP"), "{", many(chars(ALNUM, "_="), 1), "}"),
    seq("\\", but(ALNUM)),
)


def name() -> Expr:
    """What a group may be called."""
    return seq(chars(ALPHA, "_$", BEYOND_ASCII), many(chars(ALNUM, "_$", BEYOND_ASCII)))


def character_class() -> Expr:
    """`[...]`: a range that begins with a letter or digit goes upwards.

    A dash is a character of its own at either end and after a range; elsewhere it makes a range.
    """
    escape = either(ESCAPE, "\\b")
    member, no_dash = either(but("\\]"), escape), either(but("\\]-"), escape)
    upwards = [
        seq(chr(low), "-", either(but("\\]", least=low), escape))
        for first, last in ALNUM.ranges
        for low in range(first, last + 1)
    ]
    first_range = either(*upwards, seq(either(but("\\]", ALNUM), escape), "-", member))
    later_range = either(*upwards, seq(either(but("\\]-", ALNUM), escape), "-", member))
    ranges = many(either(first_range, seq(member, many(no_dash), later_range)))
    return seq("[", maybe("^"), ranges, maybe(member, many(no_dash), maybe("-")), "]")


def quantifier() -> Expr:
    """How often, lazy or not; of two counts the second must not be less, as far as two digits tell."""
    digits = many(DIGIT, 1)
    rising = [seq(str(low), ",", either(chars(f"{low}-9"), seq(NONZERO, digits))) for low in range(10)]
    some = [seq(str(tens), DIGIT, ",", either(seq(chars(f"{tens}-9"), DIGIT), many(DIGIT, 3))) for tens in range(1, 10)]
    more = seq(many(DIGIT, 3), ",", many(DIGIT, 3))
    braces = seq("{", either(digits, seq(digits, ","), *rising, *some, more), "}")
    return seq(either(chars("*+?"), braces), maybe("?"))


def pattern_text() -> Expr:
    """Regular expressions as texts; one text at most NESTING groups deep, or any whose deeper groups are anything.

    >>> from typeloom.regex.expr import Repeat
    >>> isinstance(pattern_text(), Repeat)
    True
    """
    plain = either(but("\\^$.*+?()[{|"), ".", seq("{", but("0-9", "\\^$.*+?()[{|")))
    reference = seq("\\k<", name(), ">")
    characters, times = either(plain, ESCAPE, reference, character_class()), maybe(quantifier())
    modifiers = either(many(chars("ims"), 1), seq(many(chars("ims")), "-", many(chars("ims"), 1)))
    kind = maybe("?", either(":", "=", "!", "<=", "<!", seq("<", name(), ">"), seq(modifiers, ":")))
    assertion = either(chars("^$"), "\\b", "\\B")
    inside: Expr = ANY_TEXT
    for _ in range(NESTING):
        group = seq("(", kind, inside, ")") if inside is not ANY_TEXT else seq("(", kind, ANY_TEXT)
        inside = many(either("|", assertion, seq(either(characters, group), times)))
    return inside
