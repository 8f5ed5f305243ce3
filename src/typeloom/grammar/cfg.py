"""A context-free grammar over languages of bytes: what every notation is read into.

A *symbol* is a Terminal or the name of other productions. A terminal is a regular language, or the JSON texts of a type
(`Json`), which the engine compiles as it compiles the type alone. There is no lexer: a terminal may end wherever its
language allows, and a text is accepted if there is some way to cut it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from typeloom.regex.expr import Expr


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
    """A grammar: its productions, the name it starts with, and what `check` has to say of it."""

    start: str
    productions: tuple[Production, ...]
    remarks: tuple[str, ...] = field(default=())

    def undefined(self) -> list[str]:
        """The names that stand in productions and have none of their own."""
        defined = {production.name for production in self.productions}
        used = [symbol for production in self.productions for symbol in production.symbols if isinstance(symbol, str)]
        return sorted({name for name in [self.start, *used] if name not in defined})

    def unreachable(self) -> list[str]:
        """The names that no text of the start name needs."""
        by_name: dict[str, list[Production]] = {}
        for production in self.productions:
            by_name.setdefault(production.name, []).append(production)
        seen = {self.start}
        waiting = [self.start]
        while waiting:
            for production in by_name.get(waiting.pop(), ()):
                for symbol in production.symbols:
                    if isinstance(symbol, str) and symbol not in seen:
                        seen.add(symbol)
                        waiting.append(symbol)
        return sorted(set(by_name) - seen)


def numbered(names: Iterable[str]) -> dict[str, int]:
    """A number for each different name, in order of first appearance."""
    return {name: number for number, name in enumerate(dict.fromkeys(names))}
