"""Nodes become entries of the core's grammar; nothing is decided here.

The walk over the Nodes is native (`src/core/bind_lower.cc`): reading fields one by one is what Python is slowest at. It
calls back for what takes more than reading: the languages of patterns and formats, and the words of errors. Expressions
are lowered once, by identity: hashing a deep one costs more than lowering it.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable
from functools import lru_cache
from itertools import chain
from typing import NoReturn, TypeAlias

from typeloom import _core
from typeloom.engine.expressions import Leaf, bound, encode, utf8
from typeloom.errors import LimitError
from typeloom.regex import idna, network
from typeloom.regex.expr import (
    ANY_CHAR,
    ALabel,
    Chars,
    Conjoin,
    Excerpt,
    Expr,
    External,
    Letters,
    Literals,
    Preimage,
    Repeat,
)
from typeloom.schema.node import ANY, NEVER, AllOf, AnyOf, Node, Not, OneOf, Ref, Schema, Shape, String

_ALL_TEXT = 2  # regex.h: kAll
MAX_NESTING = 700
MAX_COUNT = 2**32 - 2


Leaves: TypeAlias = Callable[[Excerpt | External], "_core.Document | _core.Automaton"]


def lower(schema: Schema, grammar: _core.Grammar, leaves: Leaves) -> int:
    """The node id of the schema's root in `grammar`; `leaves` gives the document of a quotation and the automaton of a
    grammar, or raises. Raises LimitError past MAX_NESTING nested Nodes or for a count above MAX_COUNT, SchemaError for
    a text that is not Unicode. O(size of what the root reaches)."""
    return _core.lower(schema.root, schema.definitions, grammar, Lowering(grammar, leaves, schema))


class Lowering:
    """What the native walk asks for: the classes of Nodes, ids of languages, and errors.

    The automata of IDNA's rules are for strings of which nothing else is asked; beside other constraints a mask would
    take seconds. There, and where the schema has combinations, regular languages stand for them (`idna.like`).
    """

    max_nesting = MAX_NESTING
    never, any = NEVER, ANY
    shape_type, ref_type, literals_type = Shape, Ref, Literals
    any_of_type, all_of_type, one_of_type = AnyOf, AllOf, OneOf
    utf8 = staticmethod(utf8)

    def __init__(self, grammar: _core.Grammar, leaves: Leaves, schema: Schema) -> None:
        self._grammar = grammar
        self._leaves = leaves
        self._schema = schema
        self._combined: bool | None = None
        self._decodes = False
        self._exprs: dict[tuple[int, bool], tuple[Expr, int]] = {}
        self._by_letters: dict[int, tuple[Preimage | ALabel, int]] = {}

    def expr(self, expr: Expr) -> int:
        """The expression's id."""
        key = (id(expr), self._decodes)
        known = self._exprs.get(key)
        if known is None:
            lowered = self._grammar.expression(*encode(expr, self._leaf))
            known = self._exprs[key] = (expr, lowered)  # alive, so that its identity stays its own
        return known[1]

    def string(self, string: String) -> tuple[int, int, int]:
        """The id of a string's language, and the bounds of its length."""
        s = counted(string)
        self._check(s)
        if s.language is None:
            return _ALL_TEXT, s.min_length, bound(s.max_length)
        self._decodes = alone(string) and not self._is_combined()
        language = self.expr(s.language)
        self._decodes = False
        return language, s.min_length, bound(s.max_length)

    def _is_combined(self) -> bool:
        if self._combined is None:
            self._combined = combined(self._schema)
        return self._combined

    def names(self, names: String) -> int:
        """The id of the language of an object's keys; lengths become part of it."""
        if not names.min_length and names.max_length is None:
            return _ALL_TEXT if names.language is None else self.expr(names.language)
        self._check(names)
        length = Repeat(ANY_CHAR, names.min_length, names.max_length)
        return self.expr(length if names.language is None else Conjoin((names.language, length)))

    def refuse_depth(self, depth: int) -> NoReturn:
        """Raises LimitError for Nodes that are nested too deep."""
        raise LimitError(
            f"expected at most {MAX_NESTING} nested schemas; name the inner ones and refer to them",
            limit="nesting",
            value=depth,
        )

    def refuse_count(self, count: int) -> NoReturn:
        """Raises LimitError for a least length or number of items or keys that cannot be counted."""
        raise LimitError(f"expected a count of at most {MAX_COUNT}, got {count}; lower it", limit="count", value=count)

    def _check(self, string: String) -> None:
        if string.min_length > MAX_COUNT:
            self.refuse_count(string.min_length)

    def _automaton(self, leaf: Preimage | ALabel) -> _core.Automaton:
        if isinstance(leaf, Preimage):
            return _core.Preimage(_words(leaf.letters), encode(leaf.part, self._leaf), bound(leaf.longest))
        label, hopeful = encode(leaf.label.part, self._leaf), encode(leaf.hopeful, self._leaf)
        return _core.ALabels(_words(leaf.label.letters), label, hopeful)

    def _leaf(self, leaf: Leaf) -> int:
        if isinstance(leaf, Preimage | ALabel):
            if not self._decodes:
                return self.expr(idna.like(leaf))
            known = self._by_letters.get(id(leaf))  # one automaton for all places of a language
            if known is None:
                known = self._by_letters[id(leaf)] = (leaf, self._grammar.external(self._automaton(leaf)))
            return known[1]
        made = self._leaves(leaf)
        return self._grammar.excerpt(made) if isinstance(made, _core.Document) else self._grammar.external(made)


def alone(string: String) -> bool:
    """Whether nothing is asked of the string but that it is a host name."""
    match string:
        case String(0, None, Conjoin((_, length)) as language) if length is network.NAME:  # others build no tables
            return language is network.hostname() or language is network.idn_hostname()
    return False


def combined(schema: Schema) -> bool:
    """Whether some text of the schema may have to be of two languages at once, or of one of two."""
    stack: list[Node] = [schema.root, *schema.definitions.values()]
    while stack:
        match stack.pop():
            case AllOf() | AnyOf() | OneOf() | Not():
                return True
            case Shape(array=array, object=value):
                if array is not None:
                    if array.contains or array.unique:
                        return True
                    stack += array.prefix
                    stack += () if array.items is None else (array.items,)
                if value is not None:
                    if value.patterns:
                        return True
                    stack += (entry[1] for entry in value.properties)
                    stack += () if value.additional is None else (value.additional,)
    return False


@lru_cache(maxsize=4)
def _words(letters: Letters) -> bytes:
    return array("I", chain.from_iterable(letters.ranges)).tobytes()


def counted(string: String) -> String:
    """The same strings, with the counts of characters in the language as lengths: counters cost no states.

    >>> counted(String(0, None, Repeat(Chars(((97, 122),)), 2, 800)))
    String(min_length=2, max_length=800, language=Repeat(part=Chars(ranges=((97, 122),)), minimum=0, maximum=None))
    """
    match string.language:
        case Repeat(Chars() as part, minimum, maximum) if minimum > 0 or maximum is not None:
            return _bounded(string, minimum, maximum, Repeat(part, 0, None))
        case Conjoin((language, Repeat(Chars() as part, minimum, maximum))) if part == ANY_CHAR:
            return _bounded(string, minimum, maximum, language)
    return string


def _bounded(string: String, minimum: int, maximum: int | None, language: Expr) -> String:
    bounds = [m for m in (maximum, string.max_length) if m is not None]
    return String(max(minimum, string.min_length), min(bounds) if bounds else None, language)
