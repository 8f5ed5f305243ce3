"""Does a text belong to a regular expression: membership by the definition of each class, in plain Python.

An expression relates a place of the text to the places at which its matches from there can end; every class says its
own in a line or two. No backtracking, no automaton: conjunction is intersection of the sets, complement the rest of the
places, since both speak about the same stretch of text. Slow (a set of places for each part and start), and meant to
be obviously right: the plain twin of the core's derivatives.
"""

from __future__ import annotations

from typeloom.regex.expr import (
    ALabel,
    Alternate,
    Chars,
    Complement,
    Concat,
    Conjoin,
    Expr,
    Letters,
    Literal,
    Literals,
    Preimage,
    Repeat,
)


def matches(expr: Expr, text: str) -> bool:
    """True if the whole of `text` is in the language of `expr`.

    >>> matches(Repeat(Chars(((97, 98),)), 1, 3), "aba")
    True
    >>> matches(Complement(Literal("ab")), "ab")
    False
    """
    return len(text) in _Ends(text).of(expr, 0)


def spell(letters: Letters, text: str) -> str:
    """The letters of the text's characters, up to the first that has none."""
    spelt = ""
    for character in text:
        letter = next((one for low, high, one in letters.ranges if low <= ord(character) <= high), 0)
        if not letter:
            break
        spelt += chr(letter)
    return spelt


def decoded(text: str) -> str | None:
    """What Punycode's text says, if it is spelt as encoding would."""
    if not text.isascii():
        return None
    try:
        said = text.lower().encode().decode("punycode")
        return said if said.encode("punycode").decode() == text.lower() else None
    except (UnicodeError, OverflowError):
        return None


class _Ends:
    def __init__(self, text: str) -> None:
        self.text = text
        self.known: dict[tuple[int, int], frozenset[int]] = {}

    def of(self, expr: Expr, start: int) -> frozenset[int]:
        key = (id(expr), start)
        if key not in self.known:
            self.known[key] = frozenset(self.find(expr, start))
        return self.known[key]

    def find(self, expr: Expr, start: int) -> set[int]:
        text = self.text
        match expr:
            case Chars(ranges):
                here = ord(text[start]) if start < len(text) else -1
                return {start + 1} if any(low <= here <= high for low, high in ranges) else set()
            case Literal(one):
                return {start + len(one)} if text.startswith(one, start) else set()
            case Literals(several):
                return {start + len(one) for one in several if text.startswith(one, start)}
            case Concat(parts):
                places = {start}
                for part in parts:
                    places = {end for place in places for end in self.of(part, place)}
                return places
            case Alternate(parts):
                return {end for part in parts for end in self.of(part, start)}
            case Conjoin(parts):
                return set(range(start, len(text) + 1)).intersection(*(self.of(part, start) for part in parts))
            case Complement(part):
                return set(range(start, len(text) + 1)) - self.of(part, start)
            case Repeat(part, minimum, maximum):
                return self.repeated(part, start, minimum, maximum)
            case Preimage(letters, part, longest):
                spelt = spell(letters, text[start:])
                found = {start + end for end in _Ends(spelt).of(part, 0)}
                return {end for end in found if longest is None or end - start <= longest}
            case ALabel(label):
                ends = range(start + 1, min(len(text), start + 59) + 1)
                return {end for end in ends if (said := decoded(text[start:end])) and matches(label, said)}

    def repeated(self, part: Expr, start: int, minimum: int, maximum: int | None) -> set[int]:
        # After k rounds `places` holds the ends of exactly k texts. The sets come back in a cycle of one once nothing
        # changes; an empty set stays empty; so at most 2 * len(text) + 2 rounds tell.
        places, found = {start}, set()
        rounds = 0
        while True:
            if rounds >= minimum:
                found |= places
            if rounds == maximum:
                return found
            after = {end for place in places for end in self.of(part, place)}
            if after == places:
                return found | places if maximum is None or maximum >= minimum else found
            if not after:
                return found
            if rounds >= minimum and maximum is None and after <= found:
                return found
            places, rounds = after, rounds + 1
