"""Reads the text of a pattern into the parts of `syntax`, by the rules of one dialect.

Groups are kept on an explicit stack, so nesting costs no recursion; it is limited to MAX_DEPTH. What a dialect itself
refuses is refused here, with the place; what it allows and no regular language can say (backreferences), or what is not
supported (lookbehind, atomic groups), is refused by name.

Source: ECMA-262 section 22.2.1 with Annex B.1.2, read by code points as under the `u` flag; the documentation of Rust's
`regex` 1.x; Python's `re` 3.11.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import NoReturn, TypeAlias

from typeloom.errors import GrammarError, LimitError
from typeloom.regex import charset, syntax
from typeloom.regex.charset import Ranges
from typeloom.regex.syntax import Assertion, Part, Place

MAX_DEPTH = 200
MAX_LENGTH = 65_536
MAX_COUNT = 1_000_000


class Dialect(Enum):
    """Whose rules a pattern is read by: JSON Schema (ECMA), Pydantic's default engine (RUST), Python (PYTHON)."""

    ECMA = "ECMA-262"
    RUST = "Rust regex"
    PYTHON = "Python re"


@dataclass(frozen=True, slots=True)
class Flags:
    ignore_case: bool = False
    multi_line: bool = False
    dot_all: bool = False
    verbose: bool = False
    ascii: bool = False


FLAG_NAMES = {"i": "ignore_case", "m": "multi_line", "s": "dot_all", "x": "verbose"}
ALLOWED_FLAGS = {Dialect.ECMA: "ims", Dialect.RUST: "imsxuU", Dialect.PYTHON: "aimsuxL"}


class Opener(Enum):
    GROUP = "("
    LOOK = "(?="
    NEGATIVE_LOOK = "(?!"


@dataclass(slots=True)
class Frame:
    """An open group: the options before the last `|`, the items after it, and the flags to go back to."""

    opener: Opener
    offset: int
    flags: Flags
    options: list[Part] = field(default_factory=list)
    items: list[Part] = field(default_factory=list)


Escaped: TypeAlias = int | Ranges | Assertion

_CONTROL = {"f": 0x0C, "n": 0x0A, "r": 0x0D, "t": 0x09, "v": 0x0B}


class Reader:
    """One pass over `text`; `read` is called once."""

    def __init__(self, text: str, dialect: Dialect) -> None:
        if len(text) > MAX_LENGTH:
            raise LimitError(
                f"a regular expression has at most {MAX_LENGTH} characters, this one has {len(text)}",
                limit="pattern length",
                value=len(text),
            )
        self.text = text
        self.dialect = dialect
        self.at = 0
        self.flags = Flags()
        self.groups, self.named = _count_groups(text)

    # ---- places and errors ------------------------------------------------------------------------------------------
    def fail(self, message: str, offset: int | None = None) -> NoReturn:
        where = self.at if offset is None else offset
        raise GrammarError(f"{self.dialect.value}: {message}", text=self.text, offset=where)

    def peek(self, length: int = 1) -> str:
        return self.text[self.at : self.at + length]

    def eat(self, expected: str) -> bool:
        if self.text.startswith(expected, self.at):
            self.at += len(expected)
            return True
        return False

    def until(self, end: str, what: str) -> str:
        stop = self.text.find(end, self.at)
        if stop < 0:
            self.fail(f"expected {end!r} to close {what}, the pattern ends")
        found = self.text[self.at : stop]
        self.at = stop + len(end)
        return found

    def skip_space(self) -> None:
        while self.flags.verbose and self.at < len(self.text):
            if self.text[self.at] in " \t\n\r\f\v" or (self.dialect is Dialect.RUST and self.text[self.at].isspace()):
                self.at += 1
            elif self.text[self.at] == "#":
                stop = self.text.find("\n", self.at)
                self.at = len(self.text) if stop < 0 else stop + 1
            else:
                return

    # ---- groups and alternatives ------------------------------------------------------------------------------------
    def read(self) -> Part:
        stack = [Frame(Opener.GROUP, 0, self.flags)]
        while True:
            self.skip_space()
            if self.at >= len(self.text):
                break
            offset = self.at
            character = self.text[self.at]
            frame = stack[-1]
            if character == "|":
                self.at += 1
                frame.options.append(syntax.sequence(frame.items))
                frame.items = []
            elif character == "(":
                opener = self.open_group(frame, len(stack) == 1)
                if opener is not None:
                    if len(stack) > MAX_DEPTH:
                        raise LimitError(
                            f"a regular expression nests groups at most {MAX_DEPTH} deep (at offset {offset})",
                            limit="pattern nesting",
                            value=len(stack),
                        )
                    stack.append(opener)
            elif character == ")":
                if len(stack) == 1:
                    self.fail("expected an open group before ')'")
                self.at += 1
                stack.pop()
                self.flags = frame.flags
                stack[-1].items.append(self.quantified(self.close_group(frame), frame.offset))
            else:
                word = self.word()
                frame.items.append(self.quantified(self.atom(), offset) if word is None else word)
        if len(stack) > 1:
            self.fail("expected ')' to close this group, the pattern ends", stack[-1].offset)
        return syntax.choice([*stack[0].options, syntax.sequence(stack[0].items)])

    def close_group(self, frame: Frame) -> Part:
        part = syntax.choice([*frame.options, syntax.sequence(frame.items)])
        if frame.opener is Opener.GROUP:
            return part
        return syntax.look(part, frame.opener is Opener.NEGATIVE_LOOK)

    def open_group(self, frame: Frame, outermost: bool) -> Frame | None:
        """The group that opens here; None if it was a comment or a setting of flags."""
        offset = self.at
        self.at += 1
        before = self.flags
        if not self.eat("?"):
            return Frame(Opener.GROUP, offset, before)
        lookaround = {"=": Opener.LOOK, "!": Opener.NEGATIVE_LOOK}
        if self.peek() in lookaround and self.peek():
            if self.dialect is Dialect.RUST:
                self.fail(
                    "Rust's engine has no lookahead; write the pattern without it, or use another dialect", offset
                )
            self.at += 1
            return Frame(lookaround[self.text[self.at - 1]], offset, before)
        if self.peek(2) in ("<=", "<!"):
            self.fail("lookbehind is not supported; say what comes before as part of the pattern", offset)
        if self.peek() == ">":
            self.fail("atomic groups are not supported: they are no regular language operation", offset)
        if self.peek() == "(":
            self.fail("conditional groups are not supported; write the two cases as alternatives", offset)
        if self.peek(2) == "P=":
            self.fail("backreferences are not supported: no automaton can remember an earlier text", offset)
        if self.dialect is Dialect.PYTHON and self.eat("#"):
            self.until(")", "the comment")
            return None
        name_openers = {Dialect.ECMA: ("<",), Dialect.RUST: ("P<", "<"), Dialect.PYTHON: ("P<",)}[self.dialect]
        for start in name_openers:
            if self.eat(start):
                name = self.until(">", "the group's name")
                if not name or not (name[0].isalpha() or name[0] in "_$"):
                    self.fail(f"expected a group name, was {name!r}", offset)
                return Frame(Opener.GROUP, offset, before)
        return self.flag_group(frame, offset, outermost)

    def flag_group(self, frame: Frame, offset: int, outermost: bool) -> Frame | None:
        before = flags = self.flags
        on = True
        start = self.at
        while self.at < len(self.text) and self.peek() not in ":)":
            name = self.text[self.at]
            if name == "-" and on:
                on = False
            elif name not in ALLOWED_FLAGS[self.dialect] or name == "L":
                self.fail(f"expected a group or one of the flags {ALLOWED_FLAGS[self.dialect]!r}, was '(?{name}'")
            elif name in FLAG_NAMES:
                flags = replace(flags, **{FLAG_NAMES[name]: on})
            elif name == "a" or (name == "u" and self.dialect is Dialect.RUST):
                flags = replace(flags, ascii=(name == "a") == on)
            self.at += 1
        empty = start == self.at
        if self.eat(":"):
            self.flags = flags
            return Frame(Opener.GROUP, offset, before)
        if not self.eat(")"):
            self.fail("expected ')' to close this group, the pattern ends", offset)
        if empty:
            self.fail("expected flags between '(?' and ')'", offset)
        if self.dialect is Dialect.ECMA:
            self.fail("ECMA-262 has no flags for the rest of a pattern; write (?i:...) around it", offset)
        at_start = outermost and not frame.items and not frame.options
        if self.dialect is Dialect.PYTHON and not at_start:
            self.fail("flags for the whole pattern are allowed only at its start", offset)
        self.flags = flags
        if self.dialect is Dialect.PYTHON:
            frame.flags = flags
        return None

    # ---- quantifiers ------------------------------------------------------------------------------------------------
    def quantified(self, part: Part, offset: int) -> Part:
        times = 0
        while True:
            self.skip_space()
            bounds = self.quantifier()
            if bounds is None:
                return part
            minimum, maximum = bounds
            times += 1
            bare = isinstance(part, Assertion) and self.text[offset] != "("
            if self.dialect is Dialect.ECMA and bare:
                self.fail("expected something to repeat before the quantifier, was an assertion", offset)
            if self.dialect is not Dialect.RUST and times > 1:
                self.fail("expected something to repeat, was a quantifier after a quantifier")
            if self.dialect is Dialect.PYTHON and self.peek() == "+":
                self.fail("possessive quantifiers are not supported: they are no regular language operation")
            if times > MAX_DEPTH:
                raise LimitError(f"more than {MAX_DEPTH} quantifiers on one part", limit="pattern nesting", value=times)
            self.eat("?")  # lazy: the same language
            part = syntax.loop(part, minimum, maximum)

    def quantifier(self) -> tuple[int, int | None] | None:
        simple: dict[str, tuple[int, int | None]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}
        character = self.peek()
        if character in simple and character:
            self.at += 1
            return simple[character]
        if character != "{":
            return None
        start = self.at
        stop = self.text.find("}", start, start + 64)
        low, comma, high = self.text[start + 1 : stop].partition(",") if stop > 0 else ("", "", "")
        if self.dialect is Dialect.RUST:
            low, high = low.strip(), high.strip()
        lower_may_lack = self.dialect is Dialect.PYTHON and bool(comma)
        if not (_is_count(low) or (low == "" and lower_may_lack)) or not (high == "" or _is_count(high)):
            if self.dialect is Dialect.RUST:
                self.fail("expected a count such as {2,5}; a literal brace is written \\{", start)
            return None
        self.at = stop + 1
        minimum = int(low or 0)
        maximum = (int(high) if high else None) if comma else minimum
        if maximum is not None and minimum > maximum:
            self.fail(f"expected the counts in order, was {{{minimum},{maximum}}}", start)
        if max(minimum, maximum or 0) > MAX_COUNT:
            raise LimitError(
                f"a quantifier counts to at most {MAX_COUNT}, was {max(minimum, maximum or 0)} (at offset {start})",
                limit="quantifier",
                value=max(minimum, maximum or 0),
            )
        return minimum, maximum

    # ---- single characters and assertions -----------------------------------------------------------------------
    def word(self) -> Part | None:
        """Several ordinary characters that stand for themselves, at once: what keywords are made of."""
        found = _WORD.match(self.text, self.at)
        if found is None or self.flags.ignore_case or self.flags.verbose:
            return None
        self.at = found.end()
        return syntax.text(found[0])

    def atom(self) -> Part:
        start = self.at
        character = self.text[self.at]
        if character in "*+?":
            self.fail(f"expected something to repeat before {character!r}")
        if character == "{" and self.quantifier() is not None:
            self.fail("expected something to repeat before the count", start)
        self.at += 1
        if character == ".":
            return syntax.one_of(self.dot())
        if character == "^":
            if self.flags.multi_line:
                return Assertion(Place.LINE_START, self.line_end())
            return Assertion(Place.TEXT_START)
        if character == "$":
            if self.flags.multi_line:
                return Assertion(Place.LINE_END, self.line_end())
            return Assertion(Place.FINAL_END if self.dialect is Dialect.PYTHON else Place.TEXT_END)
        if character == "[":
            return syntax.one_of(self.character_class(start, 1))
        if character == "\\":
            escaped = self.escape(in_class=False)
            if isinstance(escaped, Assertion):
                return escaped
            return syntax.one_of(self.folded(escaped))
        return syntax.one_of(self.folded(ord(character)))

    def folded(self, what: int | Ranges) -> Ranges:
        ranges = charset.union([(what, what)]) if isinstance(what, int) else what
        if not self.flags.ignore_case:
            return ranges
        if self.dialect is Dialect.PYTHON:
            return charset.ignoring_case_like_re(ranges)
        return charset.ignoring_case(ranges)

    def line_end(self) -> Ranges:
        return charset.ECMA_LINE_END if self.dialect is Dialect.ECMA else charset.NEWLINE

    def dot(self) -> Ranges:
        return charset.EVERY if self.flags.dot_all else charset.complement(self.line_end())

    def named_class(self, letter: str) -> Ranges:
        """`\\d`, `\\w`, `\\s` and their negations."""
        kind = letter.lower()
        if self.flags.ascii or (self.dialect is Dialect.ECMA and kind != "s"):
            found = {"d": charset.DIGITS, "w": charset.ASCII_WORD, "s": charset.ASCII_SPACE}[kind]
        elif self.dialect is Dialect.ECMA:
            found = charset.ECMA_SPACE
        elif self.dialect is Dialect.PYTHON:
            found = charset.python_class("\\" + kind)
        elif kind == "d":
            found = charset.general_category("Nd") or ()
        else:
            found = charset.rust_word() if kind == "w" else charset.WHITE_SPACE
        return charset.complement(found) if letter.isupper() else found

    # ---- escapes ------------------------------------------------------------------------------------------------
    def escape(self, *, in_class: bool) -> Escaped:
        """What follows a backslash: a code point, a set, or an assertion."""
        start = self.at - 1
        if self.at >= len(self.text):
            self.fail("expected a character after the backslash, the pattern ends", start)
        letter = self.text[self.at]
        self.at += 1
        if letter in "dDwWsS":
            return self.named_class(letter)
        if letter in _CONTROL:
            return _CONTROL[letter]
        if letter == "a" and self.dialect is not Dialect.ECMA:
            return 0x07
        if letter in "bB":
            return self.edge(letter, start, in_class=in_class)
        if letter in "AzZ" and self.dialect is not Dialect.ECMA and not in_class:
            ends = "z" if self.dialect is Dialect.RUST else "Z"
            if letter == "A":
                return Assertion(Place.TEXT_START)
            if letter == ends:
                return Assertion(Place.TEXT_END)
            self.fail(f"expected \\{ends} for the end of the text, was \\{letter}", start)
        if letter in "pP" and self.dialect is not Dialect.PYTHON:
            return self.property(letter, start)
        if letter in "xuU":
            return self.hexadecimal(letter, start)
        if letter.isdigit() and letter.isascii():
            return self.number(letter, start, in_class=in_class)
        if letter == "c" and self.dialect is Dialect.ECMA:
            control = self.peek()
            if control.isalpha() and control.isascii():
                self.at += 1
                return ord(control) % 32
            self.at -= 1  # Annex B: the backslash itself
            return ord("\\")
        if letter == "N" and self.dialect is Dialect.PYTHON and self.eat("{"):
            name = self.until("}", "the character's name")
            try:
                return ord(unicodedata.lookup(name))
            except (KeyError, TypeError):
                self.fail(f"expected the name of a character, was {name!r}", start)
        if letter == "k" and (self.dialect is not Dialect.ECMA or self.named):
            self.fail("backreferences are not supported: no automaton can remember an earlier text", start)
        if self.dialect is not Dialect.ECMA and letter.isascii() and (letter.isalpha() or letter in "<>"):
            self.fail(f"expected a known escape, was \\{letter}", start)
        return ord(letter)

    def edge(self, letter: str, start: int, *, in_class: bool) -> Escaped:
        if in_class:
            if letter == "b" and self.dialect is not Dialect.RUST:
                return 0x08
            self.fail(f"expected a character inside the class, was \\{letter}", start)
        if self.dialect is Dialect.RUST and self.peek() == "{":
            self.fail("half word boundaries (\\b{start}) are not supported; write \\b", start)
        place = Place.WORD_EDGE if letter == "b" else Place.NO_WORD_EDGE
        # Before Python 3.14, \B does not match the empty text.
        return Assertion(place, self.named_class("w"), fails_on_empty_text=self.dialect is Dialect.PYTHON)

    def property(self, letter: str, start: int) -> Ranges:
        if self.eat("{"):
            name = self.until("}", "the property's name")
        elif self.dialect is Dialect.RUST and self.peek():
            name = self.text[self.at]
            self.at += 1
        else:
            self.fail(f"expected \\{letter}{{...}} with the name of a property", start)
        negative = (letter == "P") != name.startswith("^")
        found = charset.unicode_property(name.lstrip("^"))
        if found is None:
            self.fail(f"expected a general category such as \\p{{Lu}}, was {name!r}; scripts and other properties are "
                      "not supported, write the range of characters", start)  # fmt: skip
        return charset.complement(found) if negative else found

    def hexadecimal(self, letter: str, start: int) -> int:
        """`\\xHH`, `\\uHHHH`, `\\u{H...}`, `\\UHHHHHHHH`, each where the dialect has it."""
        if self.dialect is not Dialect.PYTHON and (letter == "u" or self.dialect is Dialect.RUST) and self.eat("{"):
            digits = self.until("}", "the code point")
            if not _is_hexadecimal(digits) or int(digits, 16) > 0x10FFFF:
                self.fail(f"expected a code point in hexadecimal, was {digits!r}", start)
            return int(digits, 16)
        length = {"x": 2, "u": 4, "U": 8}[letter]
        digits = self.peek(length)
        if (letter == "U" and self.dialect is Dialect.ECMA) or len(digits) < length or not _is_hexadecimal(digits):
            if self.dialect is Dialect.ECMA:
                return ord(letter)  # Annex B: the letter itself
            self.fail(f"expected {length} hexadecimal digits after \\{letter}, was {digits!r}", start)
        self.at += length
        value = int(digits, 16)
        low = self.text[self.at + 2 : self.at + 6]
        paired = self.peek(2) == "\\u" and len(low) == 4 and _is_hexadecimal(low) and 0xDC00 <= int(low, 16) < 0xE000
        if self.dialect is Dialect.ECMA and 0xD800 <= value < 0xDC00 and paired:
            self.at += 6
            return 0x10000 + (value - 0xD800 << 10) + int(low, 16) - 0xDC00
        if value > 0x10FFFF:
            self.fail(f"expected a code point up to 10FFFF, was {digits}", start)
        return value

    def number(self, digit: str, start: int, *, in_class: bool) -> int:
        """An octal escape, or a backreference (refused)."""
        if self.dialect is Dialect.RUST:
            self.fail("backreferences are not supported: no automaton can remember an earlier text", start)
        more = self.peek(2)
        octal = digit
        for other in more:
            if other not in "01234567":
                break
            octal += other
        is_octal = digit in "01234567" and set(octal) <= set("01234567")
        if self.dialect is Dialect.PYTHON:
            if digit != "0" and not in_class and not (len(octal) == 3 and is_octal and digit in "0123"):
                self.fail("backreferences are not supported: no automaton can remember an earlier text", start)
        elif digit != "0" and not in_class:
            reference = digit
            while self.text[self.at + len(reference) - 1 : self.at + len(reference)].isdigit():
                reference += self.text[self.at + len(reference) - 1]
            if self.named or int(reference[:9]) <= self.groups:
                self.fail("backreferences are not supported: no automaton can remember an earlier text", start)
        if not is_octal:
            return ord(digit)  # \8 and \9
        if int(octal, 8) > 0o377:
            octal = octal[:2]
        self.at += len(octal) - 1
        return int(octal, 8)

    # ---- classes ------------------------------------------------------------------------------------------------
    def character_class(self, start: int, depth: int) -> Ranges:
        """The set between brackets; the opening one is read already. Recursion (nested classes) ends at MAX_DEPTH."""
        if depth > MAX_DEPTH // 2:
            raise LimitError("character classes nest too deep", limit="pattern nesting", value=depth)
        nested = self.dialect is Dialect.RUST
        negative = self.eat("^")
        pairs: list[tuple[int, int]] = []
        result: Ranges | None = None  # what stands before the last set operator
        operator = ""
        first = True
        while True:
            if nested:
                self.skip_space()
            if self.at >= len(self.text):
                self.fail("expected ']' to close this class, the pattern ends", start)
            if self.peek() == "]" and not (first and self.dialect is not Dialect.ECMA):
                self.at += 1
                break
            first = False
            if nested and self.peek(2) in ("&&", "--", "~~"):
                result = _combine(result, operator, charset.union(pairs))
                operator, pairs = self.peek(2), []
                self.at += 2
                continue
            if nested and self.peek() == "[":
                pairs += self.nested_class(depth)
                continue
            pairs += self.class_item()
        found = _combine(result, operator, charset.union(pairs))
        return charset.complement(found) if negative else found

    def nested_class(self, depth: int) -> Ranges:
        start = self.at
        self.at += 1
        if self.peek() == ":":
            stop = self.text.find(":]", self.at)
            name = self.text[self.at + 1 : stop]
            found = charset.POSIX.get(name.lstrip("^")) if stop > 0 else None
            if found is not None:
                self.at = stop + 2
                return self.folded(charset.complement(found) if name.startswith("^") else found)
        return self.character_class(start, depth + 1)

    def class_atom(self) -> int | Ranges:
        character = self.text[self.at]
        self.at += 1
        if character != "\\":
            return ord(character)
        escaped = self.escape(in_class=True)
        assert not isinstance(escaped, Assertion)
        return escaped

    def class_item(self) -> Ranges:
        """A character, a range or a named set; a '-' that makes no range is itself."""
        start = self.at
        low = self.class_atom()
        after = self.text[self.at + 1 : self.at + 2]
        if self.peek() != "-" or after in ("]", "") or (self.dialect is Dialect.RUST and after == "-"):
            return self.folded(low)
        self.at += 1
        high = self.class_atom()
        if isinstance(low, int) and isinstance(high, int):
            if low > high:
                self.fail(f"expected a range in order, was {self.text[start : self.at]!r}", start)
            return self.folded(charset.union([(low, high)]))
        if self.dialect is not Dialect.ECMA:
            self.fail(f"expected characters on both sides of '-', was {self.text[start : self.at]!r}", start)
        return charset.union([*self.folded(low), (0x2D, 0x2D), *self.folded(high)])  # Annex B


_WORD = re.compile(r"[A-Za-z0-9_]{2,}(?![*+?{A-Za-z0-9_])")
"""Characters that are ordinary in every dialect, without a quantifier behind the last one."""


def _combine(left: Ranges | None, operator: str, right: Ranges) -> Ranges:
    if left is None:
        return right
    if operator == "&&":
        return charset.intersection(left, right)
    if operator == "--":
        return charset.difference(left, right)
    return charset.union([*charset.difference(left, right), *charset.difference(right, left)])


def _is_count(digits: str) -> bool:
    return digits.isascii() and digits.isdigit()


def _is_hexadecimal(digits: str) -> bool:
    return bool(digits) and all(digit in "0123456789abcdefABCDEF" for digit in digits)


def _count_groups(text: str) -> tuple[int, bool]:
    """How many capturing groups there are, and whether one has a name; ECMA-262 reads `\\1` and `\\k` by it."""
    count, named, in_class, at = 0, False, False, 0
    while at < len(text):
        character = text[at]
        if character == "\\":
            at += 1
        elif character == "[":
            in_class = True
        elif character == "]":
            in_class = False
        elif character == "(" and not in_class:
            is_named = text.startswith("(?<", at) and text[at + 3 : at + 4] not in ("=", "!")
            named |= is_named
            count += is_named or not text.startswith("(?", at)
        at += 1
    return count, named
