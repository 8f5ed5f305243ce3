"""Constraints on texts that are not JSON: a grammar as an automaton, with the same face as the constraint of a type.

The productions are handed to the core, which makes the automaton while it is used (`src/core/cfg_automaton.h`); a
terminal that is JSON is an automaton of its own inside of it. Nothing is validated after decoding: the text is the
value.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from typeloom import _core
from typeloom.engine.expressions import Leaf, encode
from typeloom.errors import GrammarError, LimitError
from typeloom.grammar.cfg import Cfg, Json, numbered
from typeloom.regex.expr import Expr

MAX_NAMES = 5000
"""Names of a grammar, those included that groups and counts are given: what begins what is followed by recursion."""


def automaton(cfg: Cfg, json_automaton: Callable[[Any], _core.Automaton], max_states: int) -> _core.CfgAutomaton:
    """The automaton of a grammar; `json_automaton` makes that of a type's JSON.

    Raises GrammarError if a name is not defined or no text is in the language, LimitError past `max_states` and past
    MAX_NAMES.
    """
    missing = cfg.undefined()
    if missing:
        raise GrammarError(f"expected a production for each name, got none for {', '.join(missing[:5])}")
    names = numbered(production.name for production in cfg.productions)
    if len(names) > MAX_NAMES:
        raise LimitError(
            f"expected a grammar of at most {MAX_NAMES} names, got {len(names)}; say with repetitions and expressions "
            "what its rules spell out",
            limit="names",
            value=len(names),
        )
    grammar = _core.Grammar(_core.Spelling.CANONICAL, max_states)
    terminals: list[int] = []
    numbers: dict[int, int] = {}

    def terminal(symbol: Expr | Json) -> int:
        if id(symbol) not in numbers:
            numbers[id(symbol)] = len(terminals)
            terminals.append(
                grammar.external(json_automaton(symbol.source))
                if isinstance(symbol, Json)
                else grammar.expression(*encode(symbol, _regular_only))
            )
        return numbers[id(symbol)]

    for production in cfg.productions:
        for symbol in production.symbols:
            if not isinstance(symbol, str):
                terminal(symbol)
    productions = [
        (names[p.name], [names[s] + len(terminals) if isinstance(s, str) else terminal(s) for s in p.symbols])
        for p in cfg.productions
    ]
    made = _core.CfgAutomaton(grammar, terminals, len(names), productions, names[cfg.start], max_states)
    if made.is_empty:
        raise GrammarError(
            "expected a grammar with at least one finite text, found none: every way through it comes back to itself; "
            "give its recursive rules an alternative without recursion"
        )
    return made


def _regular_only(leaf: Leaf) -> int:
    raise GrammarError("expected terminals that are regular languages or JSON")
