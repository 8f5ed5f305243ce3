"""GBNF written from a Constraint is read back as the same language; what it cannot say is refused with its path."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import Enum
from random import Random
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field

import typeloom as tl
from typeloom.testing import byte_vocabulary

SUMS = """
start: start "+" value | value
value: "(" start ")" | INT | ESCAPED_STRING
%import common (INT, ESCAPED_STRING)
"""


class Colour(Enum):
    RED = "red"
    GREEN = "gr\u00fcn"


class Line(BaseModel):
    kind: Literal["line"]
    length: int = Field(ge=-12, le=3_405)
    note: str | None = Field(default=None, max_length=3)


class Group(BaseModel):
    kind: Literal["group"]
    title: Annotated[str, tl.Regex(r'[a-c"\n\\\x01é]{1,3}|x+')] = "x"
    lines: list[Line] = Field(default=[], max_length=2)
    parts: list[Group] = []


class Flags(BaseModel):
    a: bool = True
    b: None = None
    c: Literal[1, 2] = 1
    d: tuple[int, Literal["x"]] = (1, "x")


TYPES: dict[str, Any] = {
    "integer": int,
    "from": Annotated[int, Field(ge=38)],
    "below": Annotated[int, Field(lt=-7)],
    "between": Annotated[int, Field(ge=0, lt=2_000)],
    "text": str,
    "short": Annotated[str, Field(min_length=1, max_length=2)],
    "enum": Colour,
    "date": date,
    "line": Line,
    "group": Group,
    "flags": Flags,
    "union": Line | Flags | None,
    "list": Annotated[list[bool], Field(min_length=2)],
    "tuple": tuple[int, bool, Colour],
    "schema": tl.JsonSchema({"type": "array", "prefixItems": [{"const": 1}], "items": {"type": "null"}, "minItems": 3}),
    "field": Annotated[str, tl.Lark(SUMS)],
    "lark": tl.Lark(SUMS),
    "ignoring": tl.Lark(SUMS + "\n%ignore / +/"),
    "json in lark": tl.Lark('start: "id " ITEM ("," ITEM)*\n%declare ITEM', bindings={"ITEM": Line}),
    "gbnf": tl.Gbnf('root ::= "a"{2,4} (root "b" | [^x-z]?)\n'),
    "regex": tl.Regex(r"(?i)[a-f0-9]{2}(-\w{3}|\.\d+)?"),
    **{name: tl.grammars.load(name) for name in ("json", "arithmetic", "semver", "iso8601", "csv_row", "chess_pgn")},
}  # fmt: skip


def a_text(constraint: tl.Constraint, random: Random, length: int = 60) -> bytes:
    """A text found by walking, straight to an end after `length` bytes."""
    matcher = constraint.start()
    vocabulary = constraint.vocabulary
    mask = vocabulary.new_mask()
    text = bytearray()
    while True:
        if matcher.is_accepting() and (random.random() < 0.1 or len(text) > length):
            return bytes(text)
        if len(text) > length:
            matcher.core.fill_mask_within(mask, 1)
        else:
            matcher.fill_mask(mask)
        bytes_allowed = [b for b in range(256) if int(mask[b >> 5]) >> (b & 31) & 1]
        if not bytes_allowed:
            assert matcher.is_accepting()
            return bytes(text)
        byte = random.choice([b for b in bytes_allowed if b < 0x80] or bytes_allowed)
        assert matcher.accept(byte)
        text.append(byte)


def changed(text: bytes, random: Random) -> bytes:
    at = random.randrange(len(text) + 1)
    fresh = bytes(random.choices(b'"\\,:[]{}019-ax \n', k=random.randrange(2)))
    return text[:at] + fresh + text[at + random.randrange(2) :]


@pytest.mark.parametrize("name", TYPES)
def test_what_is_written_is_read_back_as_the_same_language(name: str) -> None:
    random = Random(name)
    ours = tl.compile(TYPES[name], byte_vocabulary(), order="declared")
    back = tl.compile(tl.Gbnf(ours.to_gbnf()), byte_vocabulary())
    for one, other in ((ours, back), (back, ours)):
        for _ in range(40):
            text = a_text(one, random)
            assert other.accepts(text), text
            for _ in range(5):
                near = changed(text, random)
                assert ours.accepts(near) == back.accepts(near), near


@pytest.mark.parametrize("source", [float, Decimal, Annotated[float, Field(ge=0)], list[float]])
def test_floats_are_written_plainly(source: Any) -> None:
    ours = tl.compile(source, byte_vocabulary())
    back = tl.compile(tl.Gbnf(ours.to_gbnf()), byte_vocabulary())
    random = Random(1)
    for _ in range(60):
        text = a_text(back, random)
        assert ours.accepts(text), text
    if source is float:
        assert all(back.accepts(text) for text in ("0", "-1.5", "123456.25"))
        assert not back.accepts("1e5")


def test_integers_between_bounds_are_exactly_those() -> None:
    for low, high in ((0, 9), (7, 100), (-105, 98), (99, 1001), (-3, -1), (150, 150), (-20, 0)):
        back = tl.compile(
            tl.Gbnf(tl.compile(Annotated[int, Field(ge=low, le=high)], byte_vocabulary()).to_gbnf()), byte_vocabulary()
        )
        for value in range(-1100, 1101):
            assert back.accepts(str(value)) == (low <= value <= high), (low, high, value)


def test_the_layout_is_that_of_the_constraint() -> None:
    spaced = tl.compile(Flags, byte_vocabulary(), layout="spaced")
    back = tl.compile(tl.Gbnf(spaced.to_gbnf()), byte_vocabulary())
    text = '{"a": true, "d": [5, "x"]}'
    assert spaced.accepts(text)
    assert back.accepts(text)
    assert not back.accepts(text.replace(" ", ""))


class Counts(BaseModel):
    inner: dict[str, int]


class Ratio(BaseModel):
    value: float = Field(gt=0, lt=1)


class Long(BaseModel):
    text: str = Field(max_length=5_000)


class Set(BaseModel):
    items: set[int]


@pytest.mark.parametrize(
    ("source", "says"),
    [
        (Counts, r"\$\.inner"),
        (Ratio, r"bounds.*\$\.value"),
        (Long, r"repeats.*\$\.text"),
        (Set, r"unique.*\$\.items"),
        (tl.JsonSchema({"not": {"type": "null"}}), "any value"),
        (tl.JsonSchema({"type": "string", "pattern": "^a", "maxLength": 3}), "length beside a pattern"),
        (tl.Regex("(?!ab)[a-z]+"), "lookahead"),
        (tl.Lark('start: one\none: two "a" | "b"\ntwo: one "c"'), "left recursion"),
        (tl.Lark('start: two start "a" | "b"\ntwo: "c"?'), "left recursion"),
    ],
)
def test_what_gbnf_cannot_say_is_refused_with_its_path(source: Any, says: str) -> None:
    with pytest.raises(tl.GrammarError, match=says):
        tl.compile(source, byte_vocabulary()).to_gbnf()
