"""The parts of a regular expression between its text and the algebra of `expr`.

A part without assertions is `Plain`: its expression is built at once, together with what the compiler asks of it
(shortest and longest text, which characters it can begin and end with). Only parts that hold an anchor, a word boundary
or a lookahead stay syntax: `Sequence`, `Choice`, `Loop`, `Look`, `Assertion`. The constructors `sequence`, `choice` and
`loop` keep that form: neighbouring plain parts are merged, so a pattern without assertions is one Plain.

Invariants: `held` counts how deep assertions are nested and is at most MAX_HELD; the compiler recurses no deeper.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from typeloom.errors import LimitError
from typeloom.regex import charset
from typeloom.regex.charset import Ranges
from typeloom.regex.expr import (
    ANY_TEXT,
    EMPTY,
    EPSILON,
    Alternate,
    Chars,
    Concat,
    Conjoin,
    Expr,
    Literal,
    Literals,
    Repeat,
)

MAX_HELD = 40


@dataclass(frozen=True, slots=True)
class Plain:
    """A part without assertions; lengths in characters, `longest` None is unbounded."""

    expr: Expr
    shortest: int
    longest: int | None
    first: Ranges
    last: Ranges
    nullable: bool
    held: int = 0


class Place(Enum):
    """Where an assertion holds."""

    TEXT_START = "\\A"
    TEXT_END = "\\z"
    FINAL_END = "$ (also before a final newline)"
    LINE_START = "(?m)^"
    LINE_END = "(?m)$"
    WORD_EDGE = "\\b"
    NO_WORD_EDGE = "\\B"


@dataclass(frozen=True, slots=True)
class Assertion:
    """Holds of a place between two characters; `letters`: word characters, or line ends."""

    place: Place
    letters: Ranges = ()
    fails_on_empty_text: bool = False
    held: int = 1


@dataclass(frozen=True, slots=True)
class Look:
    """What follows begins (or, negative, does not begin) with `part`."""

    part: Part
    negative: bool
    held: int


@dataclass(frozen=True, slots=True)
class Sequence:
    items: tuple[Part, ...]
    held: int


@dataclass(frozen=True, slots=True)
class Choice:
    options: tuple[Part, ...]
    held: int


@dataclass(frozen=True, slots=True)
class Loop:
    part: Part
    minimum: int
    maximum: int | None
    held: int


Part: TypeAlias = Plain | Assertion | Look | Sequence | Choice | Loop

NOTHING = Plain(EPSILON, 0, 0, (), (), True)
NEVER = Plain(EMPTY, 0, 0, (), (), False)


def _deeper(parts: Iterable[Part]) -> int:
    held = max(part.held for part in parts) + 1
    if held > MAX_HELD:
        raise LimitError(
            f"a regular expression nests parts with assertions at most {MAX_HELD} deep, this one goes deeper; "
            "move the anchors and lookaheads out of the groups",
            limit="nested assertions",
            value=held,
        )
    return held


def one_of(ranges: Ranges) -> Plain:
    """One character out of `ranges`."""
    if not ranges:
        return NEVER
    single = len(ranges) == 1 and ranges[0][0] == ranges[0][1]
    expr: Expr = Literal(chr(ranges[0][0])) if single else Chars(ranges)
    return Plain(expr, 1, 1, ranges, ranges, False)


def text(characters: str) -> Plain:
    """These characters, of which there is at least one, in a row."""
    first, last = ord(characters[0]), ord(characters[-1])
    return Plain(Literal(characters), len(characters), len(characters), ((first, first),), ((last, last),), False)


def look(part: Part, negative: bool) -> Part:
    """A lookahead."""
    return Look(part, negative, _deeper([part]))


def concatenation(parts: Iterable[Expr]) -> Expr:
    """The concatenation, flattened, with neighbouring literals joined."""
    flat: list[Expr] = []
    texts: list[str] = []  # of the literal that is being joined
    for part in parts:
        if part == EMPTY:
            return EMPTY
        for piece in part.parts if isinstance(part, Concat) else (part,):
            if isinstance(piece, Literal):
                texts.append(piece.text)
                continue
            if any(texts):
                flat.append(Literal("".join(texts)))
            texts = []
            flat.append(piece)
    if any(texts):
        flat.append(Literal("".join(texts)))
    return EPSILON if not flat else flat[0] if len(flat) == 1 else Concat(tuple(flat))


def alternation(parts: Iterable[Expr]) -> Expr:
    """The union, flattened: literals become one `Literals`, single characters one `Chars`."""
    texts: dict[str, None] = {}
    pairs: list[tuple[int, int]] = []
    others: dict[int, Expr] = {}  # by identity: comparing trees would cost more than it saves
    for part in parts:
        for piece in part.parts if isinstance(part, Alternate) else (part,):
            match piece:
                case Literal(text):
                    texts[text] = None
                case Literals(several):
                    texts.update(dict.fromkeys(several))
                case Chars(ranges):
                    pairs += ranges
                case _:
                    others[id(piece)] = piece
    if pairs or (len(texts) > 1 and all(len(text) == 1 for text in texts)):
        pairs += [(ord(text), ord(text)) for text in texts if len(text) == 1]
        texts = {text: None for text in texts if len(text) != 1}
    result: list[Expr] = [*others.values()]
    if "" in texts:  # the empty text or x+ is x*
        for i, piece in enumerate(result):
            if isinstance(piece, Repeat) and piece.minimum <= 1:
                result[i] = Repeat(piece.part, 0, piece.maximum)
                del texts[""]
                break
    if pairs:
        result.append(Chars(charset.union(pairs)))
    if texts:
        result.append(Literal(next(iter(texts))) if len(texts) == 1 else Literals(tuple(texts)))
    return result[0] if len(result) == 1 else Alternate(tuple(result))


def intersection(parts: Iterable[Expr]) -> Expr:
    """The conjunction, flattened; the empty text and the empty language are recognised."""
    flat: dict[int, Expr] = {}
    for part in parts:
        for piece in part.parts if isinstance(part, Conjoin) else (part,):
            if piece == EMPTY:
                return EMPTY
            if piece != ANY_TEXT:
                flat[id(piece)] = piece
    return next(iter(flat.values())) if len(flat) == 1 else Conjoin(tuple(flat.values())) if flat else ANY_TEXT


def _plain_sequence(parts: list[Plain]) -> Plain:
    if any(part is NEVER or part.expr == EMPTY for part in parts):
        return NEVER
    first: list[tuple[int, int]] = []
    last: list[tuple[int, int]] = []
    for part in parts:
        first += part.first
        if not part.nullable:
            break
    for part in reversed(parts):
        last += part.last
        if not part.nullable:
            break
    longest = 0
    unbounded = False
    for part in parts:
        unbounded |= part.longest is None
        longest += part.longest or 0
    return Plain(
        concatenation(part.expr for part in parts),
        sum(part.shortest for part in parts),
        None if unbounded else longest,
        charset.union(first),
        charset.union(last),
        all(part.nullable for part in parts),
    )


def sequence(items: Iterable[Part]) -> Part:
    """The items in order, neighbouring plain ones merged."""
    merged: list[Part] = []
    run: list[Plain] = []
    for item in items:
        for piece in item.items if isinstance(item, Sequence) else (item,):
            if isinstance(piece, Plain):
                run.append(piece)
                continue
            if run:
                merged.append(run[0] if len(run) == 1 else _plain_sequence(run))
                run = []
            merged.append(piece)
    if run:
        merged.append(run[0] if len(run) == 1 else _plain_sequence(run))
    merged = [piece for piece in merged if not (isinstance(piece, Plain) and piece.expr == EPSILON)]
    if not merged:
        return NOTHING
    return merged[0] if len(merged) == 1 else Sequence(tuple(merged), _deeper(merged))


def choice(options: list[Part]) -> Part:
    """Any of the options, the plain ones as one."""
    if len(options) == 1:
        return options[0]
    plain = [option for option in options if isinstance(option, Plain) and option.expr != EMPTY]
    rest: list[Part] = [option for option in options if not isinstance(option, Plain)]
    if plain:
        lengths = [part.longest for part in plain]
        merged = Plain(
            alternation(part.expr for part in plain),
            min(part.shortest for part in plain),
            None if None in lengths else max(length for length in lengths if length is not None),
            charset.union(pair for part in plain for pair in part.first),
            charset.union(pair for part in plain for pair in part.last),
            any(part.nullable for part in plain),
        )
        rest.append(plain[0] if len(plain) == 1 else merged)
    if not rest:
        return NEVER
    return rest[0] if len(rest) == 1 else Choice(tuple(rest), _deeper(rest))


def loop(part: Part, minimum: int, maximum: int | None) -> Part:
    """The part `minimum` to `maximum` times (None: any number)."""
    if maximum == 0:
        return NOTHING
    if isinstance(part, Assertion | Look):  # consumes nothing: once is as often as any number of times
        return NOTHING if minimum == 0 else part
    if (minimum, maximum) == (1, 1):
        return part
    if not isinstance(part, Plain):
        return Loop(part, minimum, maximum, _deeper([part]))
    if part.expr == EPSILON or part.expr == EMPTY:
        return part if minimum else NOTHING
    longest = None if maximum is None or part.longest is None else part.longest * maximum
    nullable = part.nullable or minimum == 0
    if (
        isinstance(part.expr, Repeat)
        and (part.expr.minimum, part.expr.maximum) in ((0, None), (1, None))
        and maximum is None
    ):
        low = part.expr.minimum * minimum  # (x*)*, (x+)*, (x+)+ are x* or x+
        expr: Expr = (
            Repeat(part.expr.part, min(low, part.expr.minimum), None) if low <= 1 else Repeat(part.expr, minimum, None)
        )
    else:
        expr = Repeat(part.expr, minimum, maximum)
    return Plain(expr, part.shortest * minimum, longest, part.first, part.last, nullable)
