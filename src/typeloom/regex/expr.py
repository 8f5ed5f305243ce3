"""The one algebra of regular languages that every dialect, format and length bound is read into.

An expression denotes a set of texts over Unicode code points (surrogates excluded). The classes are closed: a consumer
handles exactly these and nothing else. Expressions are immutable and carry no anchors, no search semantics, no groups:
`parse` resolves those (`^a` under search becomes `a.*`; a lookahead becomes an intersection).
Conjunction and complement are first-class: the core decides them by Brzozowski derivatives, lazily.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

MAX_CODE_POINT = 0x10FFFF


@dataclass(frozen=True, slots=True)
class Chars:
    """One character out of `ranges`: inclusive code-point pairs, sorted, disjoint, non-adjacent."""

    ranges: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Literal:
    """Exactly this text (the empty text is epsilon)."""

    text: str


@dataclass(frozen=True, slots=True)
class Literals:
    """Any one of these texts; the form for enums, with no limit on their number."""

    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Concat:
    parts: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Alternate:
    """Any of the parts; `Alternate(())` is the empty language."""

    parts: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """`minimum` to `maximum` times; `maximum=None` is unbounded."""

    part: Expr
    minimum: int
    maximum: int | None


@dataclass(frozen=True, slots=True)
class Conjoin:
    """In every one of the parts; `Conjoin(())` is every text."""

    parts: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Complement:
    """Every text that is not in `part`."""

    part: Expr


Expr: TypeAlias = Chars | Literal | Literals | Concat | Alternate | Repeat | Conjoin | Complement

EMPTY = Alternate(())
EPSILON = Literal("")
ANY_CHAR = Chars(((0, 0xD7FF), (0xE000, MAX_CODE_POINT)))
ANY_TEXT = Repeat(ANY_CHAR, 0, None)
