"""The everyday part of Python's regular expressions, read in order: what a terminal of a Lark grammar is made of.

Theory of operation. lark finds a terminal by asking `re` for a match, and `re` takes the first way that works, not the
longest: `/a|ab/` finds `a` in front of `ab`, and never `ab`. So a terminal's texts are those that `re` matches to their
end, and for that the order of a pattern's parts counts. They are read here into an expression and, beside it, the
pattern's *positions* (Glushkov's automaton): a position is a place for one character, and `follow` lists, in the order
in which `re` tries them, where a match may go on behind it, END among them. `order_decides` finds out whether some way
that is tried earlier can end where a later one would go on; for nearly every pattern it cannot, and then the expression
is the language. If it can, `first_match` makes the language out of the positions.

Invariants. At whatever this reader does not know (assertions, flags in the middle, references), it gives up and answers
None. Unless it is read `exactly`, a counted repetition outside of all loops counts as any number of times:
`order_decides` may then be True in vain, and never False; one inside of a loop is written out. Single characters,
classes and escapes are read by `regex`, once each.

Source: Glushkov, "The abstract theory of automata", Russian Mathematical Surveys 16(5), 1961; Cox, "Regular expression
matching: the virtual machine approach", 2009 (priorities of threads).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from typeloom.errors import LimitError
from typeloom.regex import syntax
from typeloom.regex.charset import Ranges
from typeloom.regex.expr import Expr, Literal, Repeat
from typeloom.regex.read import Dialect, Reader
from typeloom.regex.syntax import Plain

END = -1
"""In a list of positions: the pattern may end here."""
MAX_DEPTH = 50
MAX_POSITIONS = 20_000
_TOKEN = re.compile(
    r"""(?P<word>[^.^$*+?{}()|\[\]\\]+)
    | (?P<one>\[\^?\]?(?:[^\]\\\[]|\\.)*\] | \\[dDsSwW] | \\[^A-Za-z0-9] | \\[ntrfv] | \.)
    | (?P<open>\((?:\?:)?(?!\?))
    | (?P<close>\)) | (?P<bar>\|)
    | (?P<times>[*+?] | \{\d{1,4}(?:,\d{0,4})?\})(?P<lazy>\??)(?![*+?{])""",
    re.VERBOSE | re.DOTALL,
)


class _GiveUp(Exception):
    """Something that `regex` shall read."""


class _CountsInside(Exception):
    """A repetition that is counted, inside of another: the loop would take its rounds for one another."""


@dataclass(frozen=True, slots=True)
class Ordered:
    """A pattern: its language if order does not count, and its positions.

    characters: what stands at each position, as ranges. first: where a match begins. follow: by position, where it goes
    on; both in the order in which `re` tries them.
    """

    expr: Expr
    characters: tuple[Ranges, ...]
    masks: tuple[int, ...]
    first: tuple[int, ...]
    follow: tuple[tuple[int, ...], ...]


def read(source: str, *, ignore_case: bool = False, dot_all: bool = False, exactly: bool = False) -> Ordered | None:
    """The pattern in order, or None for one that is not in the part of the notation that is known here.

    exactly: counted repetitions are written out, up to MAX_POSITIONS, beyond which LimitError is raised.
    """
    flags = "i" * ignore_case + "s" * dot_all
    tokens = _tokens(source)
    reader = _Reader(tokens, f"(?{flags}:" if flags else "", ignore_case, exactly)
    try:
        whole = reader.alternatives(0)
        reader.take("end")
    except _GiveUp:
        return None
    except _CountsInside:
        return read(source, ignore_case=ignore_case, dot_all=dot_all, exactly=True)
    return Ordered(
        whole.expr, tuple(reader.characters), tuple(reader.masks), tuple(whole.first), tuple(map(tuple, reader.follow))
    )


def order_decides(pattern: Ordered) -> bool:
    """Whether a way that `re` tries earlier may end where a later way goes on.

    >>> ordered = [read(source) for source in ("a|ab", "ab|a", "a?(ab)?", "a?ab", ".*?b", "a|bc")]
    >>> [order_decides(one) for one in ordered]
    [True, False, True, False, True, False]
    """
    masks, follow = pattern.masks, pattern.follow
    ends = [END in one for one in follow]
    seen: set[tuple[int, int]] = set()
    waiting: list[tuple[int, int]] = []

    def meet(earlier: int, later: int) -> None:
        if earlier != later and masks[earlier] & masks[later] and (earlier, later) not in seen:
            seen.add((earlier, later))
            waiting.append((earlier, later))

    for ways in (pattern.first, *follow):
        if len(ways) < 2:
            continue
        if END in ways and ways[-1] != END:
            return True
        union = 0
        for i, way in enumerate(ways):
            if way == END:
                continue
            if union & masks[way]:
                for other in ways[:i]:
                    meet(other, way)
            union |= masks[way]
    while waiting:
        earlier, later = waiting.pop()
        goes_on = [way for way in follow[later] if way != END]
        if ends[earlier] and goes_on:
            return True
        for one in follow[earlier]:
            for other in goes_on:
                if one != END:
                    meet(one, other)
    return False


class _Fragment(NamedTuple):
    """A part of a pattern: its language, where it begins (END: it may be empty), and the positions it may end at."""

    expr: Expr
    first: list[int]
    last: list[int]


@dataclass
class _Reader:
    tokens: list[tuple[str, str, bool]]
    opening: str
    ignore_case: bool
    exactly: bool
    at: int = 0
    characters: list[Ranges] = field(default_factory=list)
    masks: list[int] = field(default_factory=list)
    follow: list[list[int]] = field(default_factory=list)

    def take(self, kind: str) -> str:
        if self.tokens[self.at][0] != kind:
            raise _GiveUp
        self.at += 1
        return self.tokens[self.at - 1][1]

    def alternatives(self, depth: int) -> _Fragment:
        if depth > MAX_DEPTH:
            raise _GiveUp
        found = [self.sequence(depth)]
        while self.tokens[self.at][0] == "bar":
            self.at += 1
            found.append(self.sequence(depth))
        if len(found) == 1:
            return found[0]
        first = list(dict.fromkeys(way for one in found for way in one.first))
        last = [position for one in found for position in one.last]
        return _Fragment(syntax.alternation(one.expr for one in found), first, last)

    def sequence(self, depth: int) -> _Fragment:
        parts: list[_Fragment] = []
        while True:
            kind, text, _ = self.tokens[self.at]
            if kind == "word":
                self.at += 1
                parts.append(self.word(text))
                continue
            begin = self.at
            if kind == "one":
                self.at += 1
                part = self.one(text)
            elif kind == "open":
                self.at += 1
                part = self.alternatives(depth + 1)
                self.take("close")
            else:
                break
            after = self.tokens[self.at]
            if after[0] == "times":
                end = self.at + 1
                if not self.exactly and after[1] != "?" and any(one[1][0] == "{" for one in self.counted(begin)):
                    raise _CountsInside
                part = self.repeated(part, after[1], after[2], lambda: self.again(begin, depth))  # noqa: B023
                self.at = end
            parts.append(part)
        if len(parts) == 1:
            return parts[0]
        return self.joined(parts)

    def counted(self, begin: int) -> Iterator[tuple[str, str, bool]]:
        """The quantifiers between a token and the present one."""
        return (one for one in self.tokens[begin : self.at] if one[0] == "times")

    def again(self, begin: int, depth: int) -> _Fragment:
        """The part that begins at a token, with positions of its own."""
        self.at = begin + 1
        kind, text, _ = self.tokens[begin]
        return self.one(text) if kind == "one" else self.alternatives(depth + 1)

    def word(self, text: str) -> _Fragment:
        if self.ignore_case:
            return self.joined([self.one(re.escape(c)) for c in text])
        begin = len(self.masks)
        for c in text:
            code = ord(c)
            self.masks.append(1 << min(code, 128))
            self.characters.append(((code, code),))
        end = len(self.masks)
        self.follow += [[position] for position in range(begin + 1, end)]
        self.follow.append([END])
        return _Fragment(Literal(text), [begin], [end - 1])

    def one(self, source: str) -> _Fragment:
        """One character: itself, a class, an escape, a dot."""
        expr, ranges, mask = _one(self.opening + source + ")" * bool(self.opening))
        position = len(self.masks)
        if position >= MAX_POSITIONS and self.exactly:
            raise LimitError(
                f"a terminal whose alternatives count in their order has at most {MAX_POSITIONS} characters, its "
                "repetitions written out; write longer alternatives in front of shorter ones, or repeat with * or +",
                limit="positions",
                value=position + 1,
            )
        self.masks.append(mask)
        self.characters.append(ranges)
        self.follow.append([END])
        return _Fragment(expr, [position], [position])

    # ---- operations -------------------------------------------------------------------------------------------------
    def joined(self, parts: list[_Fragment]) -> _Fragment:
        first, last = [END], [END]  # END in `last`: nothing has been there yet that must be
        for part in parts:
            for position in last:
                if position != END:
                    self.follow[position] = _instead(self.follow[position], part.first)
            if END in first:
                first = _instead(first, part.first)
            last = part.last if END not in part.first else [*last, *part.last]
        last = [position for position in last if position != END]
        return _Fragment(syntax.concatenation(part.expr for part in parts), first, last)

    def repeated(self, part: _Fragment, times: str, lazy: bool, again: Callable[[], _Fragment]) -> _Fragment:
        least, most = _bounds(times)
        if most is not None and (most == 0 or most < least):
            raise _GiveUp
        if not part.last:
            return part  # of nothing
        expr = Repeat(part.expr, least, most)
        if not self.exactly or most == 1 or (most is None and least <= 1):
            if most != 1:
                for position in part.last:
                    self.follow[position] = _instead(self.follow[position], _or_end(part.first, lazy))
            first = part.first if least else _or_end(part.first, lazy)
            return _Fragment(expr, first, part.last)
        copies = [part] + [again() for _ in range((most or least) - 1)]
        if most is None:
            tail = copies.pop()
            for position in tail.last:
                self.follow[position] = _instead(self.follow[position], _or_end(tail.first, lazy))
            return self.joined([*copies, tail])._replace(expr=expr)
        rest: _Fragment | None = None
        for copy in reversed(copies[least:]):
            inner = copy if rest is None else self.joined([copy, rest])
            rest = _Fragment(inner.expr, _or_end(inner.first, lazy), inner.last)
        return self.joined([*copies[:least], *([rest] if rest else [])])._replace(expr=expr)


def _tokens(source: str) -> list[tuple[str, str, bool]]:
    """Kind, text, and of a quantifier whether it is lazy. A quantifier is of a word's last character alone."""
    found: list[tuple[str, str, bool]] = []
    at, size, match = 0, len(source), _TOKEN.match
    while at < size:
        token = match(source, at)
        if token is None:
            return [("unknown", "", False)]
        kind = token.lastgroup if token.lastgroup != "lazy" else "times"
        text = token[kind or 0]
        if kind == "times" and found and found[-1][0] == "word":
            word = found.pop()[1]
            if len(word) > 1:
                found.append(("word", word[:-1], False))
            found.append(("one", re.escape(word[-1]), False))
        found.append((kind or "", text, bool(token["lazy"])))
        at = token.end()
    found.append(("end", "", False))
    return found


@lru_cache(maxsize=1024)
def _one(source: str) -> tuple[Expr, Ranges, int]:
    """The expression of one character, its ranges, and a bit for each ASCII character, 128 for all others."""
    part = Reader(source, Dialect.PYTHON).read()
    if not isinstance(part, Plain) or (part.shortest, part.longest) != (1, 1):
        raise _GiveUp
    mask = 0
    for low, high in part.first:
        if high >= 128:
            mask |= 1 << 128
        if low < 128:
            mask |= (1 << min(high, 127) + 1) - (1 << low)
    return part.expr, part.first, mask


def _bounds(times: str) -> tuple[int, int | None]:
    if times in _SIGNS:
        return _SIGNS[times]
    low, comma, high = times[1:-1].partition(",")
    return int(low), (int(high) if high else None) if comma else int(low)


_SIGNS: dict[str, tuple[int, int | None]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}


def _instead(ways: list[int], of_end: Iterable[int]) -> list[int]:
    """The ways with others in the place of END; of equal ones the first."""
    if ways == [END]:
        return list(of_end)
    at = ways.index(END)
    return list(dict.fromkeys([*ways[:at], *of_end, *ways[at + 1 :]]))


def _or_end(ways: list[int], lazy: bool) -> list[int]:
    """The ways of a part that may be left out. Where it may be empty by itself, END is among its ways already."""
    return list(dict.fromkeys([END, *ways] if lazy else [*ways, END]))
