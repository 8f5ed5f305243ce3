"""Anchors, word boundaries and lookaheads of a pattern, resolved into expressions without any.

Theory of operation. Assertions are resolved by reading the pattern from left to right over *states*: what the character
before the place was, and what the next one may be. `^` keeps only states at the start, `$` demands that nothing
follows, `\\b` demands a next character of the other sort; a plain part leads from one state to others, cut down to the
texts that begin as demanded and end in the class that the new state names. Characters are told apart only as far as the
pattern's own assertions do, so a pattern with `^` and `$` alone has two or three states. An unbounded loop over parts
with assertions is a small system of linear equations over expressions, solved by elimination (Arden's rule). A
lookahead constrains the rest of the text: the rest is compiled first, as the continuation, and intersected with (or
freed of) the texts that begin with the lookahead's part.

Invariant: the result is exact, or there is an error. Recursion goes down nested assertions (at most syntax.MAX_HELD)
and along lookaheads that follow one another (at most MAX_DEPTH).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from typeloom.errors import GrammarError, LimitError
from typeloom.regex import charset, narrow, syntax
from typeloom.regex.charset import Ranges
from typeloom.regex.expr import ANY_CHAR, ANY_TEXT, EMPTY, EPSILON, Alternate, Chars, Conjoin, Expr, Literal, Repeat
from typeloom.regex.syntax import Assertion, Choice, Look, Loop, Part, Place, Plain, Sequence

MAX_COPIES = 256
MAX_DEPTH = 100

START = -1  # as what came before: nothing
END = -1  # as what comes next: nothing


def resolve(part: Part, pattern: str) -> Expr:
    """The language of the whole texts that `part` describes from start to end; `pattern` is shown in errors.

    Raises GrammarError for a repeated lookahead that no expression here can say, LimitError past the stated limits.
    """
    compiler = _Compiler(pattern, _classes(part), marks_start=_looks_back(part))
    return compiler.language(part)


# ---- what a pattern's assertions tell apart --------------------------------------------------------------------------


def _assertions(part: Part) -> Iterator[Assertion]:
    match part:
        case Assertion():
            yield part
        case Sequence(items) | Choice(items):
            for item in items:
                yield from _assertions(item)
        case Loop() | Look():
            yield from _assertions(part.part)
        case _:
            pass


def _classes(part: Part) -> tuple[Ranges, ...]:
    """The coarsest partition of all characters in which every assertion's letters are a union of classes."""
    sets: dict[Ranges, None] = {}
    for assertion in _assertions(part):
        if assertion.letters:
            sets[assertion.letters] = None
        if assertion.place is Place.FINAL_END:
            sets[charset.NEWLINE] = None
    classes: list[Ranges] = [charset.EVERY]
    for letters in sets:
        classes = [
            piece
            for old in classes
            for piece in (charset.intersection(old, letters), charset.difference(old, letters))
            if piece
        ]
    return tuple(classes)


_LOOK_BACK = (Place.TEXT_START, Place.LINE_START, Place.WORD_EDGE, Place.NO_WORD_EDGE)


def _looks_back(part: Part) -> bool:
    return any(assertion.place in _LOOK_BACK for assertion in _assertions(part))


def _has_look(part: Part) -> bool:
    match part:
        case Look():
            return True
        case Sequence(items) | Choice(items):
            return any(map(_has_look, items))
        case Loop():
            return _has_look(part.part)
        case _:
            return False


@dataclass(frozen=True, slots=True)
class State:
    """A place in the text: the class of the character before (or START), and the classes (or END) that may come next.

    final: what comes next is a newline and then the end, or the end.
    """

    before: int
    allowed: frozenset[int]
    final: bool = False


Continuation = Callable[[State], Expr]


class _Compiler:
    """Resolves the assertions of one pattern."""

    def __init__(self, pattern: str, classes: tuple[Ranges, ...], *, marks_start: bool) -> None:
        self.pattern = pattern
        self.classes = classes
        self.anything = frozenset([END, *range(len(classes))])
        self.start = State(START if marks_start else 0, self.anything)
        self.marks_start = marks_start
        self.tells_apart = marks_start and len(classes) > 1  # does it matter which character came before?
        self.steps: dict[tuple[int, State], dict[State, Expr]] = {}
        self.kept: list[Part] = []  # parts made on the way: their ids are keys, so they must live
        self.depth = 0

    def language(self, part: Part) -> Expr:
        *before, last = part.items if isinstance(part, Sequence) else (part,)
        if not isinstance(last, Plain):
            return self.rest(part, self.start, self.at_end)
        return self.rest_of_sequence(tuple(before), self.start, lambda state: self.to_the_end(last, state))

    def at_end(self, state: State) -> Expr:
        return EPSILON if END in state.allowed else EMPTY

    def to_the_end(self, last: Plain, state: State) -> Expr:
        """The texts of the last, plain part; what they end with no longer matters."""
        if state.allowed == self.anything and not state.final:
            return last.expr
        if state.final:
            return syntax.alternation(
                [
                    syntax.concatenation([expr, self.at_end(after)])
                    for after, expr in self.step_plain(last, state).items()
                ]
            )
        begins = self.characters(state.allowed)
        if charset.intersection(last.first, begins) == last.first:
            some = last.expr if END in state.allowed or not last.nullable else narrow.without_empty(last.expr)
            return EPSILON if last.nullable and not last.first else some if last.first else EMPTY
        return syntax.intersection([last.expr, self.followed_by_anything(state)])

    # ---- parts with lookaheads: continuations ---------------------------------------------------------------------
    def rest(self, part: Part, state: State, then: Continuation) -> Expr:
        """The texts that may follow in `state`: `part`, then what `then` says."""
        match part:
            case _ if not _has_look(part):
                return syntax.alternation(
                    syntax.concatenation([expr, then(after)]) for after, expr in self.step(part, state).items()
                )
            case Look():
                return self.look(part, state, then)
            case Sequence(items):
                return self.rest_of_sequence(items, state, then)
            case Choice(options):
                return syntax.alternation([self.rest(option, state, then) for option in options])
            case Loop():
                return self.rest_of_loop(part, state, then)
        raise AssertionError(part)

    def rest_of_sequence(self, items: tuple[Part, ...], state: State, then: Continuation) -> Expr:
        for looks, run in groupby(reversed(items), key=_has_look):
            if looks:
                for item in run:
                    then = self.before(item, then)
            else:
                stretch = tuple(reversed(list(run)))
                then = self.before(stretch[0] if len(stretch) == 1 else Sequence(stretch, 0), then)
        return then(state)

    def before(self, item: Part, then: Continuation) -> Continuation:
        return self.remembered(lambda state: self.rest(item, state, then))

    def remembered(self, find: Continuation) -> Continuation:
        known: dict[State, Expr] = {}

        def continuation(state: State) -> Expr:
            if state not in known:
                self.depth += 1
                if self.depth > MAX_DEPTH:
                    raise LimitError(
                        f"at most {MAX_DEPTH} parts with lookaheads may follow one another, repetitions counted as "
                        "often as they repeat; say the conditions once, in front of the pattern",
                        limit="lookaheads",
                        value=self.depth,
                    )
                known[state] = find(state)
                self.depth -= 1
            return known[state]

        return continuation

    def look(self, part: Look, state: State, then: Continuation) -> Expr:
        after = then(state)
        if after == EMPTY:
            return EMPTY
        ahead = self.ahead(part, state)
        return syntax.intersection([narrow.complement(ahead) if part.negative else ahead, after])

    def ahead(self, part: Look, state: State) -> Expr:
        """The texts that begin with the lookahead's part, in any context that follows."""
        return self.rest(part.part, replace(state, allowed=self.anything, final=False), self.followed_by_anything)

    def followed_by_anything(self, state: State) -> Expr:
        if state.final:
            return Alternate((EPSILON, Literal("\n")))
        if state.allowed == self.anything:
            return ANY_TEXT
        one = self.characters(state.allowed)
        more = syntax.concatenation([Chars(one), ANY_TEXT]) if one else EMPTY
        return syntax.alternation([EPSILON, more]) if END in state.allowed else more

    def rest_of_loop(self, loop: Loop, state: State, then: Continuation) -> Expr:
        local = self.localized(loop.part)
        if local is not None:
            return self.rest(syntax.loop(local, loop.minimum, loop.maximum), state, then)
        guarded = _guard(loop.part)
        if guarded is not None:
            return self.guarded_loop(loop, *guarded, state, then)
        if loop.maximum is None:
            raise GrammarError(
                "a lookahead inside an unbounded repetition is supported where the repeated part is one character "
                "after lookaheads, or is at least as long as the lookahead; bound the repetition, or move the "
                "lookahead out of it",
                text=self.pattern,
                offset=0,
            )
        self.check_copies(loop)
        for _ in range(loop.maximum - loop.minimum):
            then = self.optionally(loop.part, then)
        for _ in range(loop.minimum):
            then = self.before(loop.part, then)
        return then(state)

    def optionally(self, part: Part, then: Continuation) -> Continuation:
        # X{0,3} is (X(X(X)?)?)?: skipping one copy skips all later ones.
        once = self.before(part, then)
        return self.remembered(lambda state: syntax.alternation([then(state), once(state)]))

    def check_copies(self, loop: Loop) -> None:
        copies = max(loop.minimum, (loop.maximum or 0))
        if copies > MAX_COPIES:
            raise LimitError(
                f"a part with assertions is repeated at most {MAX_COPIES} times, was {copies}; "
                "move the anchors and lookaheads out of the repeated part",
                limit="copies",
                value=copies,
            )

    def localized(self, part: Part) -> Part | None:
        """The part without lookaheads, where each one is decided by the plain text that stands right after it."""
        match part:
            case _ if not _has_look(part):
                return part
            case Look():
                return None
            case Choice(items) | Sequence(items):
                parts = [] if isinstance(part, Choice) else [*items]
                if isinstance(part, Choice):
                    options = [self.localized(item) for item in items]
                    return (
                        None if None in options else syntax.choice([option for option in options if option is not None])
                    )
            case Loop():
                inner = self.localized(part.part)
                return None if inner is None else syntax.loop(inner, part.minimum, part.maximum)
        out: list[Part] = []
        for item in reversed(parts):
            if not isinstance(item, Look):
                inner = self.localized(item)
                if inner is None:
                    return None
                out.insert(0, inner)
                continue
            ahead = item.part
            follows = out[0] if out else syntax.NOTHING
            if not (isinstance(ahead, Plain) and isinstance(follows, Plain) and ahead.longest is not None):
                return None
            if ahead.longest > follows.shortest:
                return None
            out[:1] = [_met(follows, ahead, item)]
        return syntax.sequence(out)

    def guarded_loop(self, loop: Loop, looks: list[Look], one: Plain, state: State, then: Continuation) -> Expr:
        """(?!Y)c repeated: no (?!Y) fails at a place inside the run.

        Let k be the text after the run; the places inside are those with more than len(k) characters ahead. So if k has
        a fixed length n, "some place inside fails" is ANY (fails & ANY{n+1,}), and the run is freed of it.
        """
        contexts = [state, *(State(before, self.anything) for before in range(len(self.classes)))]
        ends: dict[tuple[int, frozenset[int], bool], Expr] = {}
        for context in contexts:
            ends.setdefault((0, context.allowed, context.final), then(context))
            if then(context) != ends[0, context.allowed, context.final]:
                self.refuse_guard()
        fails: list[Expr] = []
        for item in looks:
            ahead = [self.ahead(item, context) for context in contexts]
            if any(other != ahead[0] for other in ahead[1:]):
                self.refuse_guard()
            fails.append(ahead[0] if item.negative else narrow.complement(ahead[0]))
        bad = syntax.alternation(fails)
        after = then(State(0, self.anything))
        if loop.minimum == 0 and after == ANY_TEXT and state.allowed == self.anything:
            return ANY_TEXT
        out: list[Expr] = []
        run = syntax.loop(one, max(loop.minimum, 1), loop.maximum)
        for into, start_run in self.step(run, state).items():
            for tail in narrow.alternatives(then(into)):
                shortest, longest = narrow.length_bounds(tail)
                if shortest != longest:
                    self.refuse_guard()
                far = Conjoin((bad, Repeat(ANY_CHAR, shortest + 1, None)))
                whole = syntax.concatenation([start_run, tail])
                out.append(syntax.intersection([whole, narrow.complement(syntax.concatenation([ANY_TEXT, far]))]))
        if loop.minimum == 0:
            out.append(then(state))
        return syntax.alternation(out)

    def refuse_guard(self) -> None:
        raise GrammarError(
            "a repeated lookahead is supported where what follows the repetition has a fixed length and looks "
            "at nothing before it; bound the repetition, or say the condition once, as a lookahead in front of the "
            "pattern",
            text=self.pattern,
            offset=0,
        )

    # ---- parts without lookaheads: from state to state ------------------------------------------------------------
    def step(self, part: Part, state: State) -> dict[State, Expr]:
        """The states that `part` leads to, each with the texts that lead there."""
        if isinstance(part, Plain):
            return self.step_plain(part, state)
        key = (id(part), state)
        if key not in self.steps:
            self.kept.append(part)
            self.steps[key] = self.step_compound(part, state)
        return self.steps[key]

    def step_compound(self, part: Part, state: State) -> dict[State, Expr]:
        match part:
            case Assertion():
                after = self.assert_at(part, state)
                return {} if after is None else {after: EPSILON}
            case Sequence(items):
                current: dict[State, Expr] = {state: EPSILON}
                for item in items:
                    current = self.advance(current, item)
                return current
            case Choice(options):
                return _merged([self.step(option, state) for option in options])
            case Loop():
                return self.step_loop(part, state)
        raise AssertionError(part)

    def advance(self, current: dict[State, Expr], part: Part) -> dict[State, Expr]:
        out: list[dict[State, Expr]] = []
        for state, expr in current.items():
            out.append({after: syntax.concatenation([expr, more]) for after, more in self.step(part, state).items()})
        return _merged(out)

    def assert_at(self, assertion: Assertion, state: State) -> State | None:
        place = assertion.place
        inside = frozenset(i for i, c in enumerate(self.classes) if charset.intersection(c, assertion.letters))
        allowed = state.allowed
        if place is Place.TEXT_START:
            return state if state.before == START else None
        if place is Place.LINE_START:
            return state if state.before == START or state.before in inside else None
        if place is Place.FINAL_END:
            line = frozenset(i for i, c in enumerate(self.classes) if c == charset.NEWLINE)
            narrowed = replace(state, allowed=allowed & (line | {END}), final=True)
            if not narrowed.allowed & line:
                narrowed = replace(narrowed, final=state.final)
            return narrowed if narrowed.allowed else None
        if place is Place.TEXT_END:
            allowed = allowed & {END}
        elif place is Place.LINE_END:
            allowed = allowed & (inside | {END})
        else:
            was_word = state.before in inside
            wants_word = was_word is (place is Place.NO_WORD_EDGE)
            allowed = allowed & inside if wants_word else allowed - inside
            at_start = state.before == START and place is Place.NO_WORD_EDGE
            if at_start and assertion.fails_on_empty_text and sys.version_info < (3, 14):
                allowed = allowed - {END}
        return replace(state, allowed=allowed) if allowed else None

    def step_plain(self, part: Plain, state: State) -> dict[State, Expr]:
        out: dict[State, Expr] = {}
        if part.expr == EMPTY:
            return out
        if part.nullable:
            out[state] = EPSILON
        if part.expr == EPSILON:
            return out
        if state.final:
            newline = next(i for i, c in enumerate(self.classes) if c == charset.NEWLINE)
            if newline in state.allowed and charset.contains(part.first, 0x0A):
                after = State(newline if self.tells_apart else 0, frozenset([END]))
                both = syntax.intersection([part.expr, Literal("\n")])
                out[after] = syntax.alternation([out[after], both]) if after in out else both
            return out
        begins = self.characters(state.allowed)
        first = charset.intersection(part.first, begins)
        if not first:
            return out
        expr = (
            narrow.without_empty(part.expr)
            if part.nullable and (self.marks_start or not self.is_anything(state))
            else part.expr
        )
        lasts = (
            [i for i, c in enumerate(self.classes) if charset.intersection(part.last, c)] if self.tells_apart else [0]
        )
        for last in lasts:
            after = State(last, self.anything)
            if part.longest == 1 and part.shortest == 1:
                ranges = charset.intersection(first, self.classes[last] if self.tells_apart else charset.EVERY)
                narrowed = syntax.one_of(ranges).expr
            else:
                narrowed = expr if first == part.first else narrow.beginning_in(expr, begins)
                if len(lasts) > 1:
                    narrowed = narrow.ending_in(narrowed, self.classes[last])
            if narrowed != EMPTY:
                out[after] = (
                    syntax.alternation([EPSILON, narrowed]) if after in out and expr is not part.expr else narrowed
                )
        return out

    def is_anything(self, state: State) -> bool:
        return state.allowed == self.anything and not state.final

    def characters(self, allowed: frozenset[int]) -> Ranges:
        if len(allowed - {END}) == len(self.classes):
            return charset.EVERY
        return charset.union(pair for i in allowed if i != END for pair in self.classes[i])

    def step_loop(self, loop: Loop, state: State) -> dict[State, Expr]:
        self.check_copies(loop)
        current: dict[State, Expr] = {state: EPSILON}
        for _ in range(loop.minimum):
            current = self.advance(current, loop.part)
        if loop.maximum is None:
            return _merged(
                [
                    {after: syntax.concatenation([expr, more]) for after, more in self.star(loop.part, place).items()}
                    for place, expr in current.items()
                ]
            )
        reached = [current]
        for _ in range(loop.maximum - loop.minimum):
            current = self.advance(current, loop.part)
            if not current:
                break
            reached.append(current)
        return _merged(reached)

    def star(self, part: Part, state: State) -> dict[State, Expr]:
        """`part` any number of times: X(q) = end(q) | sum of step(q, p) X(p), solved for X(state)."""
        table: dict[State, dict[State, Expr]] = {}
        open_states = [state]
        while open_states:
            place = open_states.pop()
            if place not in table:
                table[place] = dict(self.step(part, place))
                open_states += table[place]
        ends: dict[State, dict[State, Expr]] = {place: {place: EPSILON} for place in table}
        order = [state, *(place for place in table if place != state)]
        for place in reversed(order):
            around = _repeated(table[place].pop(place, EPSILON))
            table[place] = {to: syntax.concatenation([around, expr]) for to, expr in table[place].items()}
            ends[place] = {to: syntax.concatenation([around, expr]) for to, expr in ends[place].items()}
            for other in order:
                if other != place and place in table[other]:
                    way = table[other].pop(place)
                    table[other] = _merged([table[other], _after(way, table[place])])
                    ends[other] = _merged([ends[other], _after(way, ends[place])])
        return ends[state]


def _merged(several: list[dict[State, Expr]]) -> dict[State, Expr]:
    gathered: dict[State, list[Expr]] = {}
    for one in several:
        for state, expr in one.items():
            if expr != EMPTY:
                gathered.setdefault(state, []).append(expr)
    return {state: syntax.alternation(exprs) for state, exprs in gathered.items()}


def _after(way: Expr, ends: dict[State, Expr]) -> dict[State, Expr]:
    return {to: syntax.concatenation([way, expr]) for to, expr in ends.items()}


def _repeated(expr: Expr) -> Expr:
    if expr in (EPSILON, EMPTY):
        return EPSILON
    if isinstance(expr, Repeat) and expr.minimum <= 1 and expr.maximum is None:
        return Repeat(expr.part, 0, None)
    return Repeat(expr, 0, None)


def _guard(part: Part) -> tuple[list[Look], Plain] | None:
    """The lookaheads and the one character of a part such as `(?!x)(?!y).`."""
    if not isinstance(part, Sequence):
        return None
    *looks, one = part.items
    found = [item for item in looks if isinstance(item, Look)]
    if len(found) != len(looks) or not isinstance(one, Plain) or (one.shortest, one.longest) != (1, 1):
        return None
    return found, one


def _met(follows: Plain, ahead: Plain, item: Look) -> Plain:
    """`follows`, where it begins (or does not begin) with `ahead`, which is no longer than it."""
    if ahead.nullable:
        return syntax.NEVER if item.negative else follows
    if (ahead.longest, follows.longest, follows.shortest) == (1, 1, 1):
        cut = charset.difference if item.negative else charset.intersection
        return syntax.one_of(cut(follows.first, ahead.first))
    begins = syntax.concatenation([ahead.expr, ANY_TEXT])
    both = syntax.intersection([follows.expr, narrow.complement(begins) if item.negative else begins])
    return replace(follows, expr=both)
