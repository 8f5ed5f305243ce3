"""Labels of internationalised host names (IDNA 2008): which texts are U-labels, as one regular language.

A U-label is what people read (`müller`), an A-label its spelling in ASCII (`xn--mller-kva`), and each stands for the
other. All that RFC 5891 to 5893 ask of a U-label is regular and said here once: which characters it may hold
(RFC 5892), next to which others (the contextual rules), that it is in Normalization Form C, where hyphens and combining
marks may stand (RFC 5891, section 4.2.3), and the Bidi Rule (RFC 5893). The rules know characters by kinds, and are
written over one letter for each kind (`expr.Preimage`). Two things are not regular. Whether a text is an A-label is for
`expr.ALabel` to decide, which decodes it and asks the same rules. How long a U-label is as an A-label is held from
below: every character takes at least one octet there, and the first outside ASCII three.

The Bidi Rule binds labels together: a name with one right-to-left label must hold it in all. So a name is a sequence of
labels without any right-to-left character, or a sequence of labels that all hold the rule, and every language of labels
here comes in these two `Direction`s.

Invariants, which the tests hold against the `idna` package: a text is in `u_label` of some direction exactly if the
RFCs call it a U-label, its length as an A-label apart; the characters are those of `idna_tables.UNICODE`.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from functools import cache

from typeloom.regex import charset, idna_tables
from typeloom.regex.build import chars, either, many, maybe, merged, seq
from typeloom.regex.expr import ANY_CHAR, ANY_TEXT, EPSILON, ALabel, Chars, Complement, Conjoin, Expr, Letters, Preimage

LONGEST = 57  # characters of a U-label: 63 octets, less "xn--" and two for the first character outside ASCII


class Direction(Enum):
    """Which labels may stand in one name: those without right-to-left characters, or those that hold the Bidi Rule."""

    LEFT_TO_RIGHT = "no right-to-left character"
    BIDIRECTIONAL = "holds the Bidi Rule"


# ---- letters: one for each kind of character, and the rules speak of letters


@cache
def letters() -> Letters:
    """The letters of the characters that a U-label may hold: PVALID, CONTEXTJ and CONTEXTO of RFC 5892."""
    ranges: list[tuple[int, int, int]] = []
    for letter, (_, text) in enumerate(idna_tables.KINDS, 1):
        for one in text.split():
            low, _, high = one.partition("-")
            ranges.append((int(low, 16), int(high or low, 16), letter))
    return Letters(tuple(sorted(ranges)))


@cache
def _by_name() -> dict[str, Chars]:
    found: dict[str, list[tuple[int, int]]] = {}
    for letter, (names, _) in enumerate(idna_tables.KINDS, 1):
        for name in names.split():
            found.setdefault(name, []).append((letter, letter))
    return {name: merged(pairs) for name, pairs in found.items()}


def _of(*names: str) -> Chars:
    """The letters of the characters that are called one of these names."""
    return merged(pair for name in names for pair in _by_name()[name].ranges)


def _one(character: str) -> Chars:
    return _of(f"U+{ord(character):04X}")


@cache
def _any() -> Chars:
    return Chars(((1, len(idna_tables.KINDS)),))


def _without(some: Chars, others: Chars) -> Chars:
    return Chars(charset.difference(some.ranges, others.ranges))


# ---- the rules


def _anywhere(*parts: Expr) -> Expr:
    return seq(ANY_TEXT, *parts, ANY_TEXT)


def _nowhere(*parts: Expr) -> Expr:
    return Complement(_anywhere(*parts))


def _not(*forbidden: Expr) -> Expr:
    return Complement(either(*forbidden))


def _ending(some: Chars) -> Expr:
    return seq(ANY_TEXT, some)


def _beginning(some: Chars) -> Expr:
    return seq(some, ANY_TEXT)


@cache
def _hyphens_and_marks() -> Expr:
    """RFC 5891, sections 4.2.3.1 and 4.2.3.2."""
    hyphen = _one("-")
    third_and_fourth = seq(ANY_CHAR, ANY_CHAR, hyphen, hyphen, ANY_TEXT)
    return _not(_beginning(hyphen), _ending(hyphen), third_and_fourth, _beginning(_of("mark")))


@cache
def _contexts() -> Expr:
    """RFC 5892, appendix A."""
    virama, through = _of("ccc-9"), many(_of("joins-through"))
    no_virama = Complement(_ending(virama))
    joined_before, joined_after = seq(_ending(_of("joins-on")), through), seq(through, _beginning(_of("joins-back")))
    return Conjoin(
        (
            _not(
                seq(Complement(_ending(_one("l"))), _one("\u00b7"), ANY_TEXT),
                seq(ANY_TEXT, _one("\u00b7"), Complement(_beginning(_one("l")))),
                seq(ANY_TEXT, _one("\u0375"), Complement(_beginning(_of("Greek")))),
                seq(Complement(_ending(_of("Hebrew"))), either(_one("\u05f3"), _one("\u05f4")), ANY_TEXT),
                seq(no_virama, _one("\u200d"), ANY_TEXT),
                seq(Conjoin((no_virama, Complement(joined_before))), _one("\u200c"), ANY_TEXT),
                seq(no_virama, _one("\u200c"), Complement(joined_after)),
            ),
            either(_nowhere(_one("\u30fb")), _anywhere(_of("kana-or-Han"))),
            either(_nowhere(_of("Arabic-Indic")), _nowhere(_of("Extended-Arabic-Indic"))),
        )
    )


@cache
def _composed() -> Expr:
    """Normalization Form C (Unicode Standard Annex 15) of texts of which no character by itself has another form.

    A character of combining class 0 is followed by marks in the order of their classes, and none composes with it: of
    each class, the first does not, and it blocks the others. Seconds of class 0 do not stand right behind their firsts.
    """
    kinds = [frozenset(names.split()) for names, _ in idna_tables.KINDS]  # of letter 1 and so on

    @cache
    def called(name: str) -> frozenset[int]:
        return frozenset(letter for letter, names in enumerate(kinds, 1) if name in names)

    def some(which: Iterable[int]) -> Chars:
        return merged((letter, letter) for letter in which)

    numbers = range(idna_tables.COMPOSITIONS)
    starters, *classes = (called(f"ccc-{at}") for at in range(256) if f"ccc-{at}" in _by_name())
    run = cache(lambda mark: many(some(mark)))  # objects that are shared are encoded once

    @cache
    def block(mark: frozenset[int], free: frozenset[int]) -> Expr:
        return run(mark) if free == mark else maybe(some(free), run(mark)) if free else EPSILON

    def marks(composing: frozenset[int]) -> Expr:
        return seq(*(block(mark, mark - composing) for mark in classes))

    alike: dict[frozenset[int], list[int]] = {}  # starters, by the compositions that they begin
    for letter in sorted(starters):
        which = frozenset(at for at in numbers if f"first-{at}" in kinds[letter - 1])
        alike.setdefault(which, []).append(letter)
    clusters = [
        seq(some(first), marks(frozenset().union(*(called(f"second-{at}") for at in which))))
        for which, first in alike.items()
    ]
    adjacent = [seq(_of(f"first-{at}"), some(called(f"second-{at}") & starters)) for at in numbers]
    return Conjoin((seq(marks(frozenset()), many(either(*clusters))), _nowhere(either(*adjacent))))


@cache
def _bidi_rule() -> Expr:
    """RFC 5893, section 2."""
    neutral = [name for name in ("EN", "ES", "CS", "ET", "ON", "BN", "NSM") if name in _by_name()]
    marks = many(_of("NSM"))

    def label(first: Chars, inside: Chars, last: Chars) -> Expr:
        return Conjoin((seq(first, many(inside)), seq(ANY_TEXT, last, marks)))

    ltr = label(_of("L"), _of("L", *neutral), _of("L", "EN"))
    inside = _of("R", "AL", "AN", *neutral)
    for character in "\u00b7\u0375\u30fb":  # beside letters of class L only: saying so here ends searches for dead ends
        inside = _without(inside, _one(character))
    rtl = label(_of("R", "AL"), inside, _of("R", "AL", "EN", "AN"))
    return either(ltr, Conjoin((rtl, _one_kind_of_digits())))


@cache
def _one_kind_of_digits() -> Expr:
    return either(_nowhere(_of("EN")), _nowhere(_of("AN")))


@cache
def _rules(direction: Direction) -> Expr:
    """U-labels over letters, whatever their length, and what is like them but in ASCII."""
    directed = _bidi_rule() if direction is Direction.BIDIRECTIONAL else _nowhere(_of("R", "AL", "AN"))
    return Conjoin((many(_any(), 1), _hyphens_and_marks(), _contexts(), _composed(), directed))


@cache
def _hopeful(direction: Direction) -> Expr:
    """What the beginning of an A-label may say, over letters: decoding puts characters between others, so what breaks
    the rules may hold them later, but no character leaves."""
    right_to_left = _nowhere(_of("R", "AL", "AN"))
    if direction is Direction.LEFT_TO_RIGHT:
        return Conjoin((many(_any()), right_to_left))
    return Conjoin((many(_any()), either(right_to_left, _nowhere(_of("L"))), _one_kind_of_digits()))


# ---- labels and names


@cache
def u_label(direction: Direction) -> Preimage:
    """U-labels of any length: some character is outside ASCII."""
    outside = _anywhere(_without(_any(), _of("ascii")))
    return Preimage(letters(), Conjoin((_rules(direction), outside)))


@cache
def short_label(direction: Direction) -> Preimage:
    """U-labels that may fit into 63 octets as A-labels: the longest fit if their characters are near each other.
    Labels of small ASCII letters are among them."""
    return Preimage(letters(), _rules(direction), LONGEST)


@cache
def a_label(direction: Direction) -> Expr:
    """A-labels, with their prefix in either case: RFC 5890, section 2.3.2.1."""
    return seq(chars("xX"), chars("nN"), "--", ALabel(u_label(direction), _hopeful(direction)))


@cache
def label_shape(alphabet: Chars) -> Expr:
    """RFC 1123, section 2.1: 1 to 63 letters or digits, and hyphens inside."""
    return seq(alphabet, maybe(many(chars(alphabet, "-"), 0, 61), alphabet))


@cache
def ascii_label(alphabet: Chars, direction: Direction) -> Expr:
    """Labels of letters, digits and hyphens, without those that are kept for A-labels (RFC 5891, section 4.2.3.1).

    A label of ASCII holds the Bidi Rule if it begins with a letter.
    """
    reserved = seq(ANY_CHAR, ANY_CHAR, "--", ANY_TEXT)
    parts: tuple[Expr, ...] = (label_shape(alphabet), Complement(reserved))
    if direction is Direction.BIDIRECTIONAL:
        parts = (*parts, Complement(seq(chars("0-9"), ANY_TEXT)))
    return Conjoin(parts)


@cache
def _like_a_label() -> Expr:
    return seq(many(chars("a-z", "A-Z", "0-9", "-"), 0, 58), chars("a-z", "A-Z", "0-9"))


@cache
def _like_u_label() -> Expr:
    dots = Chars(((0x3002, 0x3002), (0xFF0E, 0xFF0E), (0xFF61, 0xFF61)))
    beyond = Chars(charset.difference(((0x80, 0xD7FF), (0xE000, 0x10FFFF)), dots.ranges))
    reserved = seq(ANY_CHAR, ANY_CHAR, "--", ANY_TEXT)
    return Conjoin((label_shape(chars("a-z", "0-9", beyond)), Complement(reserved)))


def like(label: Preimage | ALabel) -> Expr:
    """A regular language around one of labels, without IDNA's rules."""
    return _like_a_label() if isinstance(label, ALabel) else _like_u_label()


def names(label: dict[Direction, Expr], dot: Expr | str) -> Expr:
    """Labels between dots, in one of the two ways in which they may stand together."""
    return either(*(seq(one, many(seq(dot, one))) for one in label.values()))


__all__ = ["Direction", "a_label", "ascii_label", "like", "names", "short_label", "u_label"]
