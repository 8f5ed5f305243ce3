"""A context-free grammar over languages of bytes: what every notation is read into.

A *symbol* is a Terminal or the name of other productions. A terminal is a regular language, or the JSON texts of a type
(`Json`), which the engine compiles as it compiles the type alone. There is no lexer: a terminal may end wherever its
language allows, and a text is accepted if there is some way to cut it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

from typeloom.regex.expr import Expr, Repeat


@dataclass(frozen=True, slots=True, eq=False)
class Json:
    """A terminal: the JSON of a type or schema, in compact layout."""

    source: Any


Terminal: TypeAlias = Expr | Json
Symbol: TypeAlias = "Terminal | str"


@dataclass(frozen=True, slots=True, eq=False)
class Production:
    """`name` may be written as the symbols in a row; none of them is the empty text."""

    name: str
    symbols: tuple[Symbol, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Cfg:
    """A grammar: its productions, and the name it starts with."""

    start: str
    productions: tuple[Production, ...]

    def undefined(self) -> list[str]:
        """The names that stand in productions and have none of their own."""
        defined = {production.name for production in self.productions}
        used = [symbol for production in self.productions for symbol in production.symbols if isinstance(symbol, str)]
        return sorted({name for name in [self.start, *used] if name not in defined})


def numbered(names: Iterable[str]) -> dict[str, int]:
    """A number for each different name, in order of first appearance."""
    return {name: number for number, name in enumerate(dict.fromkeys(names))}


def counted(
    symbol: Symbol, least: int, most: int | None, fresh: Callable[[], str]
) -> tuple[Symbol, tuple[Production, ...]]:
    """A symbol for `least` to `most` (None: any number) of the given one in a row, and the productions that it needs;
    `fresh` gives names for them. A regular language repeats by itself."""
    if not isinstance(symbol, str | Json):
        return Repeat(symbol, least, most), ()
    name = fresh()
    made = []
    following: tuple[Symbol, ...] = ()
    if most is None:
        rest = fresh()
        made += [Production(rest, ()), Production(rest, (rest, symbol))]
        following = (rest,)
    else:
        # A chain of names that count down, so that {3,500} is 500 productions and not 500 copies in each.
        for _ in range(most - least):
            step = fresh()
            made += [Production(step, ()), Production(step, (symbol, *following))]
            following = (step,)
    return name, (*made, Production(name, (*[symbol] * least, *following)))
