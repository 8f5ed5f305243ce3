"""The one algebra of regular languages that every dialect, format and length bound is read into.

An expression denotes a set of texts over Unicode code points (surrogates excluded). The classes are closed: a consumer
handles exactly these and nothing else. Expressions are immutable and carry no anchors, no search semantics, no groups:
`parse` resolves those (`^a` under search becomes `a.*`; a lookahead becomes an intersection).
Conjunction and complement are first-class: the core decides them by Brzozowski derivatives, lazily.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any, TypeAlias

MAX_CODE_POINT = 0x10FFFF
MAX_SHOWN = 100
"""Parts of an expression that its `repr` shows: subtrees are shared, so the whole may be 2**600 characters long."""


class _Shown:
    """`repr` as of a dataclass, but no longer than MAX_SHOWN parts.

    >>> Concat((Literal("a"), Repeat(Literal("b"), 0, None)))
    Concat(parts=(Literal(text='a'), Repeat(part=Literal(text='b'), minimum=0, maximum=None)))
    >>> doubled = Literal("a")
    >>> for _ in range(500):
    ...     doubled = Concat((doubled, doubled))
    >>> len(repr(doubled)) < 10_000
    True
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return _shown(self, [MAX_SHOWN])


def _shown(value: Any, room: list[int]) -> str:
    """`room`: how many more parts may be shown, counted down."""
    if isinstance(value, _Shown):
        room[0] -= 1
        if room[0] < 0:
            return "..."
        inner = (f"{field.name}={_shown(getattr(value, field.name), room)}" for field in fields(value))  # type: ignore[arg-type]
        return f"{type(value).__name__}({', '.join(inner)})"
    if isinstance(value, tuple) and any(isinstance(one, _Shown) for one in value):
        shown = [_shown(one, room) for one in value[: max(1, room[0])]]
        shown += ["..."] * (len(shown) < len(value))
        return f"({', '.join(shown)}{',' * (len(value) == 1)})"
    return repr(value)


@dataclass(frozen=True, slots=True, repr=False)
class Chars(_Shown):
    """One character out of `ranges`: inclusive code-point pairs, sorted, disjoint, non-adjacent."""

    ranges: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, repr=False)
class Literal(_Shown):
    """Exactly this text (the empty text is epsilon)."""

    text: str


@dataclass(frozen=True, slots=True, repr=False)
class Literals(_Shown):
    """Any one of these texts; the form for enums, with no limit on their number."""

    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Concat(_Shown):
    parts: tuple[Expr, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Alternate(_Shown):
    """Any of the parts; `Alternate(())` is the empty language."""

    parts: tuple[Expr, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Repeat(_Shown):
    """`minimum` to `maximum` times; `maximum=None` is unbounded."""

    part: Expr
    minimum: int
    maximum: int | None


@dataclass(frozen=True, slots=True, repr=False)
class Conjoin(_Shown):
    """In every one of the parts; `Conjoin(())` is every text."""

    parts: tuple[Expr, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Complement(_Shown):
    """Every text that is not in `part`."""

    part: Expr


@dataclass(frozen=True, slots=True, repr=False)
class Excerpt(_Shown):
    """Every text that stands in the document; which document that is, is said when the language is lowered.

    The fields say how the document is read, see `schema.verbatim.Verbatim`.
    """

    cut: str
    whitespace: str
    hyphens: str


@dataclass(frozen=True, slots=True, repr=False)
class External(_Shown):
    """The texts of a grammar that is no regular language: `source` is read, and made an automaton, when the language is
    lowered."""

    source: Any = field(hash=False)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Letters:
    """(first, last, letter) of ranges of characters: sorted and disjoint, letters as code points from 1 to 0x7FF.

    A character in no range has no letter. Equal to itself only.
    """

    ranges: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True, repr=False)
class Preimage(_Shown):
    """The texts whose characters, each replaced by its letter, are a text of `part`; at most `longest` of them.

    Rules that tell characters apart by a few properties stay small so.
    """

    letters: Letters
    part: Expr
    longest: int | None = None


@dataclass(frozen=True, slots=True, repr=False)
class ALabel(_Shown):
    """What stands behind `xn--` in a host name: the texts of ASCII that Punycode (RFC 3492) decodes to one of `label`.

    In either case and at most 59 characters long. Decoding puts characters between those that stand there already;
    `hopeful`, over the letters of `label`, holds every text that can still become one of `label` in that way.
    """

    label: Preimage
    hopeful: Expr


Expr: TypeAlias = (
    Chars
    | Literal
    | Literals
    | Concat
    | Alternate
    | Repeat
    | Conjoin
    | Complement
    | Excerpt
    | External
    | Preimage
    | ALabel
)

EMPTY = Alternate(())
EPSILON = Literal("")
ANY_CHAR = Chars(((0, 0xD7FF), (0xE000, MAX_CODE_POINT)))
ANY_TEXT = Repeat(ANY_CHAR, 0, None)
