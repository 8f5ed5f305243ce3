"""What `%ignore` lets stand between the terminals of a Lark grammar: gaps.

Theory of operation. lark ignores a whole match and no part of it: behind `# one` nothing goes on but a new line, and in
`"a  b"` no terminal begins with the second blank. So a gap is a row of matches, each of which ends where the next
character would not lengthen it, and behind it stands a terminal that does not lengthen it either. Gaps are read by the
patterns' automata (`first_match`) side by side: a state is a set of places in them, and where a gap may end, it says
which characters must not follow.

Usually nothing that is ignored can be lengthened by what a terminal begins with (white space, comments in brackets).
Then a gap stands behind each terminal and in front of the text. Where it can (comments up to the end of a line, white
space beside a terminal that begins with it), the gaps stand in front of the terminals, by what must not follow.

Limit. A match that only several more characters would lengthen (`/x(yz)?/` in front of `y`) may end there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from typeloom.errors import GrammarError, LimitError
from typeloom.grammar.first_match import MAX_STATES, Machine, expression
from typeloom.regex import charset, narrow
from typeloom.regex.charset import Ranges
from typeloom.regex.expr import (
    ANY_CHAR,
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

JSON_BEGINS: Ranges = charset.of_text('"-0123456789[fnt{')
_Places = frozenset[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Gaps:
    """behind: what may stand behind each terminal and in front of the text. before: what may stand in front of a
    terminal, if that does not begin with one of the ranges. end: what may stand at the end of the text."""

    behind: Expr = EPSILON
    before: tuple[tuple[Expr, Ranges], ...] = ()
    end: Expr = EPSILON

    def with_terminal(self, language: Expr) -> Expr:
        """A terminal with the gaps that are its own."""
        if not self.before:
            return language if self.behind == EPSILON else Concat((language, self.behind))
        begins = first(language)
        ways = [language]
        for gap, lengthens in self.before:
            if charset.difference(begins, lengthens):
                others = charset.complement(lengthens)
                narrowed = charset.intersection(begins, lengthens)
                ways.append(Concat((gap, narrow.beginning_in(language, others) if narrowed else language)))
        return Alternate(tuple(ways))

    def before_json(self) -> list[Expr]:
        """What may stand in front of a JSON text. Raises GrammarError if some JSON would lengthen it, and some not."""
        ways: list[Expr] = [EPSILON]
        for gap, lengthens in self.before:
            both = charset.intersection(JSON_BEGINS, lengthens)
            if both and both != JSON_BEGINS:
                raise GrammarError(
                    "what is ignored may go on with some characters that JSON begins with, and not with others; "
                    "end the pattern of %ignore by a character of its own"
                )
            ways += [] if both else [gap]
        return ways


def gaps(ignored: Sequence[Machine], begins: Ranges) -> Gaps:
    """The gaps of what is ignored between terminals that begin with these characters.

    Raises LimitError past MAX_STATES states of the gaps' automaton.
    """
    numbers: dict[_Places, int] = {frozenset(): 0}
    waiting = [frozenset[tuple[int, int]]()]
    ways: dict[int, dict[int, Expr]] = {}
    ends: dict[Ranges, list[int]] = {}
    while waiting:
        places = waiting.pop()
        number = numbers[places]
        lengthens = [_lengthens(ignored[one], state) for one, state in places if state in ignored[one].accepting]
        if lengthens:
            both = lengthens[0]
            for other in lengthens[1:]:
                both = charset.intersection(both, other)
            ends.setdefault(both, []).append(number)
        targets: dict[int, list[tuple[int, int]]] = {}
        for low, high in _intervals(ignored, places):
            following = _following(ignored, places, low)
            if not following:
                continue
            if following not in numbers:
                if len(numbers) >= MAX_STATES:
                    raise LimitError(
                        f"expected %ignore patterns of at most {MAX_STATES} states together, there are more",
                        limit="states",
                        value=len(numbers) + 1,
                    )
                numbers[following] = len(numbers)
                waiting.append(following)
            targets.setdefault(numbers[following], []).append((low, high))
        ways[number] = {target: Chars(charset.union(pairs)) for target, pairs in targets.items()}
    every = [number for several in ends.values() for number in several]
    if not any(charset.intersection(begins, lengthens) for lengthens in ends):
        return Gaps(behind=expression(ways, [0, *every]))
    before = tuple((expression(ways, several), lengthens) for lengthens, several in ends.items())
    return Gaps(before=before, end=expression(ways, [0, *every]))


def _lengthens(machine: Machine, state: int) -> Ranges:
    """The characters by which a match that may end in this state would be longer."""
    pairs = [pair for pair, target in machine.steps[state] if target in machine.accepting]
    return charset.union(pairs)


def _intervals(ignored: Sequence[Machine], places: _Places) -> Iterable[tuple[int, int]]:
    """Sets of characters that behave alike."""
    begin = [(one, 0) for one in range(len(ignored))]
    pairs = [pair for one, state in (*places, *begin) for pair, _ in ignored[one].steps[state]]
    edges = sorted({edge for low, high in pairs for edge in (low, high + 1)})
    return ((low, after - 1) for low, after in pairwise(edges))


def _following(ignored: Sequence[Machine], places: _Places, character: int) -> _Places:
    found: set[tuple[int, int]] = set()
    begins = not places
    for one, state in places:
        target = ignored[one].after(state, character)
        if target is not None:
            found.add((one, target))
        if state in ignored[one].accepting and (target is None or target not in ignored[one].accepting):
            begins = True
    if begins:
        for one, machine in enumerate(ignored):
            target = machine.after(0, character)
            if target is not None:
                found.add((one, target))
    return frozenset(found)


def first(expr: Expr) -> Ranges:
    """The characters that texts of the expression may begin with; perhaps a few more."""
    match expr:
        case Chars(ranges):
            return ranges
        case Literal(text):
            return charset.of_text(text[:1])
        case Literals(texts):
            return charset.of_text("".join(text[:1] for text in texts))
        case Concat(parts):
            pairs: list[tuple[int, int]] = []
            for part in parts:
                pairs += first(part)
                if narrow.length_bounds(part)[0]:
                    break
            return charset.union(pairs)
        case Alternate(parts):
            return charset.union(pair for part in parts for pair in first(part))
        case Conjoin(parts):
            both = ANY_CHAR.ranges
            for part in parts:
                both = charset.intersection(both, first(part))
            return both
        case Repeat(part, _, _):
            return first(part)
    return ANY_CHAR.ranges
