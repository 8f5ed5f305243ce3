"""The texts that `re` matches to their end, of a pattern in which the order of alternatives decides.

Theory of operation. The positions of `terminal` are simulated with priorities (Pike's virtual machine): after some
text, a list of the positions that a match may be at, the way that is tried first in front; behind END nothing is
tried any more, so the list ends there. Equal lists are one state, and the states are a deterministic automaton that
accepts where its list ends in END: the texts whose own match is all of them. They are what lark's Earley parser with
the complete dynamic lexer finds, as a match of a longer text is never shorter. The automaton is then written as an
expression (Arden's rule, the state with the fewest ways in and out first).

Source: Cox, "Regular expression matching: the virtual machine approach", 2009; Arden, "Delayed-logic and finite-state
machines", 1961.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from typeloom.errors import LimitError
from typeloom.grammar.terminal import END, Ordered
from typeloom.regex import charset, syntax
from typeloom.regex.expr import EPSILON, Alternate, Chars, Concat, Conjoin, Expr, Repeat

MAX_STATES = 400
MAX_PARTS = 20_000
_State: TypeAlias = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Machine:
    """The automaton of a pattern; it begins in state 0.

    steps: by state, ranges of characters and where they lead. accepting: the states after which the text is its own
    match. order_decides: whether the order took a text away.
    """

    steps: tuple[tuple[tuple[tuple[int, int], int], ...], ...]
    accepting: frozenset[int]
    order_decides: bool

    def after(self, state: int, character: int) -> int | None:
        """The state after one more character, None if there is none."""
        return next((target for (low, high), target in self.steps[state] if low <= character <= high), None)


def language(pattern: Ordered) -> Expr:
    """The texts that `re.match` takes as a whole; the pattern must have been read `exactly`.

    Where the order decides nothing after all, that is the pattern's own expression.
    Raises LimitError past MAX_STATES states of its automaton or MAX_PARTS parts of the expression.

    >>> from typeloom.grammar.terminal import read
    >>> language(read("a|ab", exactly=True))
    Chars(ranges=((97, 97),))
    """
    made = machine(pattern)
    if not made.order_decides:
        return pattern.expr
    ways: dict[int, dict[int, Expr]] = {}
    for state, steps in enumerate(made.steps):
        targets: dict[int, list[tuple[int, int]]] = {}
        for pair, target in steps:
            targets.setdefault(target, []).append(pair)
        ways[state] = {target: Chars(charset.union(pairs)) for target, pairs in targets.items()}
    return expression(ways, made.accepting)


def machine(pattern: Ordered) -> Machine:
    """The automaton of the texts that are their own match. Raises LimitError past MAX_STATES states."""
    start, decides = _cut(pattern.first)
    numbers: dict[_State, int] = {start: 0}
    states = [start]
    steps: list[tuple[tuple[tuple[int, int], int], ...]] = []
    for state in states:
        found = []
        for pair, following, is_cut in _steps(pattern, state):
            decides |= is_cut
            if following not in numbers:
                if len(numbers) >= MAX_STATES:
                    raise _too_many("states", MAX_STATES, len(numbers) + 1)
                numbers[following] = len(numbers)
                states.append(following)
            found.append((pair, numbers[following]))
        steps.append(tuple(found))
    accepting = frozenset(number for number, state in enumerate(states) if state and state[-1] == END)
    return Machine(tuple(steps), accepting, decides)


def _steps(pattern: Ordered, state: _State) -> Iterator[tuple[tuple[int, int], _State, bool]]:
    """Where ranges of characters lead, and whether the order cut that; those that lead nowhere are left out."""
    positions = [position for position in state if position != END]
    pairs = [pair for position in positions for pair in pattern.characters[position]]
    edges = sorted({edge for low, high in pairs for edge in (low, high + 1)})
    for low, after in pairwise(edges):
        read = [position for position in positions if charset.contains(pattern.characters[position], low)]
        if read:
            yield (low, after - 1), *_cut(way for position in read for way in pattern.follow[position])


def _cut(ways: Iterable[int]) -> tuple[_State, bool]:
    """The list up to END, of equal positions the first; and whether others stand behind END."""
    every = tuple(dict.fromkeys(ways))
    kept = every[: every.index(END) + 1] if END in every else every
    return kept, len(kept) < len(every)


def expression(steps: Mapping[int, Mapping[int, Expr]], accepting: Iterable[int]) -> Expr:
    """The language from state 0 to the accepting ones, of what leads from each state to others.

    Raises LimitError past MAX_PARTS parts.
    """
    ways = {number: dict(out) for number, out in steps.items()}
    end, begin = len(ways), len(ways) + 1
    ways[begin] = {0: EPSILON}
    for number in accepting:
        ways[number][end] = EPSILON
    into: dict[int, set[int]] = {}
    for number, out in ways.items():
        for target in out:
            into.setdefault(target, set()).add(number)
    left = set(range(end))
    while left:
        number = min(left, key=lambda one: (len(into.get(one, ())) * len(ways[one]), one))
        left.discard(number)
        out = ways.pop(number)
        loop = out.pop(number, None)
        sources = into.pop(number, set()) - {number}
        for target in out:
            into[target].discard(number)
        for source in sources:
            way = ways[source].pop(number)
            if loop is not None:
                way = syntax.concatenation([way, Repeat(loop, 0, None)])
            for target, after in out.items():
                both = syntax.concatenation([way, after])
                known = ways[source].get(target)
                made = both if known is None else syntax.alternation([known, both])
                if _size(made) > MAX_PARTS:
                    raise _too_many("parts", MAX_PARTS, _size(made))
                ways[source][target] = made
                into[target].add(source)
    return ways[begin].get(end, Alternate(()))


def _size(expr: Expr) -> int:
    count, waiting = 0, [expr]
    while waiting and count <= MAX_PARTS:
        one = waiting.pop()
        count += 1
        if isinstance(one, Concat | Alternate | Conjoin):
            waiting += one.parts
        elif isinstance(one, Repeat):
            waiting.append(one.part)
    return count


def _too_many(limit: str, most: int, value: int) -> LimitError:
    return LimitError(
        f"a terminal whose alternatives count in their order has at most {most} {limit}, here there are more; write "
        "longer alternatives in front of shorter ones, so that the order does not decide",
        limit=limit,
        value=value,
    )
