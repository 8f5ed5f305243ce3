"""JSON text in one of the three layouts, read strictly into an ordered tree that remembers how it was spelled.

The engine accepts texts, not values, so the oracle must see the text: the tree keeps the order of keys, the digits of
numbers and whether a string was written canonically. Differences from the standard library's reader:
duplicate keys are refused, surrogate escapes must pair, and the layout decides about whitespace:

    compact   none at all
    spaced    exactly ", " between members and items and ": " after keys, none elsewhere
    flexible  any JSON whitespace wherever RFC 8259 allows it, also around the whole text

Compact and spaced are also spelt in one way: every string canonically (`canonical_string`), exponents with a small `e`
and at most three digits. Flexible takes any spelling.

`read` ends in one of three ways: a tree, `Refused` (no continuation can mend it) or `Truncated` (some continuation is
a JSON text in this layout). The last two let a search over completions leave hopeless prefixes at once.
A number at the very end is read as finished, although more digits could follow.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

LAYOUTS = ("compact", "spaced", "flexible")
MAX_DEPTH = 150

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_CANONICAL_NUMBER = re.compile(r"[-0-9.]+(?:e[+-]?[0-9]{1,3})?")
_NUMBER_BEGUN = re.compile(r"-?(?:(?:0|[1-9][0-9]*)(?:(?:\.[0-9]+)?[eE][+-]?|\.))?")
_SHORT_ESCAPES = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_FILLS = ("0000", "d000", "c000", "dc00")  # one of them completes every begun `\\u` that can be completed
_CANONICAL_SHORT = {value: key for key, value in _SHORT_ESCAPES.items() if value != "/"}


class Refused(Exception):
    """Not a JSON text in this layout, however it continues."""


class Truncated(Exception):
    """Not yet a JSON text, but some continuation is."""


@dataclass(frozen=True)
class NumberText:
    """A number as written; `value` is exact."""

    text: str

    @property
    def value(self) -> Decimal:
        return Decimal(self.text)


@dataclass(frozen=True)
class StringText:
    """A string, decoded."""

    value: str


@dataclass(frozen=True)
class ArrayTree:
    items: tuple[Tree, ...]


@dataclass(frozen=True)
class ObjectTree:
    members: tuple[tuple[StringText, Tree], ...]


Tree: TypeAlias = bool | NumberText | StringText | ArrayTree | ObjectTree | None


def canonical_string(value: str) -> str:
    r"""The canonical spelling of a string: literal characters save `"`, `\` and controls.

    >>> canonical_string('a"\n\x01/\x7f')
    '"a\\"\\n\\u0001/\x7f"'
    """
    spelled = []
    for character in value:
        if character in _CANONICAL_SHORT:
            spelled.append("\\" + _CANONICAL_SHORT[character])
        elif character < " ":
            spelled.append(f"\\u{ord(character):04x}")
        else:
            spelled.append(character)
    return '"' + "".join(spelled) + '"'


def read(text: bytes | str, layout: str = "compact") -> Tree:
    """The tree of a whole JSON text; Refused or Truncated where there is none.

    >>> read('{"a":[1,true]}').members[0][0].value
    'a'
    """
    if layout not in LAYOUTS:
        raise ValueError(f"expected a layout out of {LAYOUTS}, got {layout!r}")
    if isinstance(text, str):
        return _Reader(text, layout).whole()
    try:
        return _Reader(text.decode(), layout).whole()
    except UnicodeDecodeError as error:
        if error.reason != "unexpected end of data":
            raise Refused("not UTF-8") from None
        _begun_character(text[: error.start].decode(), layout)
        raise Truncated from None


def _begun_character(before: str, layout: str) -> None:
    """A non-ASCII character has begun after `before`: only inside a string may that be."""
    try:
        _Reader(before + "\x80", layout).whole()
    except Truncated:
        return
    raise Refused("a non-ASCII character outside of a string")


class _Reader:
    def __init__(self, text: str, layout: str) -> None:
        self.text, self.at, self.layout = text, 0, layout

    def whole(self) -> Tree:
        self.blank()
        tree = self.value(0)
        self.blank()
        if self.at != len(self.text):
            raise Refused("text after the value")
        return tree

    def blank(self) -> None:
        if self.layout == "flexible":
            while self.at < len(self.text) and self.text[self.at] in " \t\n\r":
                self.at += 1

    def peek(self) -> str:
        if self.at == len(self.text):
            raise Truncated
        return self.text[self.at]

    def expect(self, literal: str) -> None:
        for character in literal:
            if self.peek() != character:
                raise Refused(f"expected {character!r}")
            self.at += 1

    def separator(self, mark: str) -> None:
        """`,` or `:` with the whitespace that the layout puts around it."""
        self.blank()
        self.expect(mark + " " if self.layout == "spaced" else mark)
        self.blank()

    def value(self, depth: int) -> Tree:
        if depth > MAX_DEPTH:
            raise ValueError(f"the oracle reads at most {MAX_DEPTH} levels")
        first = self.peek()
        if first == "{":
            return self.object(depth)
        if first == "[":
            return self.array(depth)
        if first == '"':
            return self.string()
        for literal, tree in (("null", None), ("true", True), ("false", False)):
            if first == literal[0]:
                self.expect(literal)
                return tree
        return self.number()

    def number(self) -> NumberText:
        found = _NUMBER.match(self.text, self.at)
        begun = _NUMBER_BEGUN.fullmatch(self.text, self.at)
        if begun and begun.end() > self.at and (not found or found.end() < len(self.text)):
            raise Truncated
        if not found:
            raise Refused("expected a value")
        self.at = found.end()
        if self.layout != "flexible" and not _CANONICAL_NUMBER.fullmatch(found.group()):
            raise Refused("an exponent that no canonical writer makes")
        return NumberText(found.group())

    def string(self) -> StringText:
        begin = self.at
        self.expect('"')
        characters: list[str] = []
        while (character := self.peek()) != '"':
            if character < " ":
                raise Refused("a control character in a string")
            if "\ud800" <= character <= "\udfff":
                raise Refused("a surrogate in the text")
            self.at += 1
            characters.append(self.escape() if character == "\\" else character)
        self.at += 1
        value = "".join(characters)
        if self.layout != "flexible" and self.text[begin : self.at] != canonical_string(value):
            raise Refused("a string that is not spelt canonically")
        return StringText(value)

    def escape(self) -> str:
        character = self.peek()
        self.at += 1
        if character in _SHORT_ESCAPES:
            return _SHORT_ESCAPES[character]
        if character != "u":
            raise Refused("an unknown escape")
        unit = self.hex_digits(r"[0-9a-cefA-CEF][0-9a-fA-F]{3}|[dD][0-9a-bA-B][0-9a-fA-F]{2}")
        if not 0xD800 <= unit < 0xDC00:
            return chr(unit)
        self.expect("\\u")
        low = self.hex_digits(r"[dD][c-fC-F][0-9a-fA-F]{2}")
        return chr(0x10000 + (unit - 0xD800) * 0x400 + (low - 0xDC00))

    def hex_digits(self, pattern: str) -> int:
        """Four hexadecimal digits that match `pattern`, which refuses the halves of a pair that may not stand here."""
        digits = self.text[self.at : self.at + 4]
        if re.fullmatch(pattern, digits):
            self.at += 4
            return int(digits, 16)
        if self.at + 4 > len(self.text) and any(re.fullmatch(pattern, (digits + fill)[:4]) for fill in _FILLS):
            raise Truncated
        raise Refused("expected four hexadecimal digits that name a character")

    def array(self, depth: int) -> ArrayTree:
        self.expect("[")
        self.blank()
        items: list[Tree] = []
        if self.peek() != "]":
            items.append(self.value(depth + 1))
            while self.after_item() != "]":
                self.separator(",")
                items.append(self.value(depth + 1))
        self.expect("]")
        return ArrayTree(tuple(items))

    def after_item(self) -> str:
        self.blank()
        return self.peek()

    def object(self, depth: int) -> ObjectTree:
        self.expect("{")
        self.blank()
        members: dict[str, tuple[StringText, Tree]] = {}
        if self.peek() != "}":
            self.member(members, depth)
            while self.after_item() != "}":
                self.separator(",")
                self.member(members, depth)
        self.expect("}")
        return ObjectTree(tuple(members.values()))

    def member(self, members: dict[str, tuple[StringText, Tree]], depth: int) -> None:
        key = self.string()
        if key.value in members:
            raise Refused(f"the key {key.value!r} comes twice")
        self.separator(":")
        members[key.value] = (key, self.value(depth + 1))
