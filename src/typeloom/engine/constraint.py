"""A Constraint is a type or schema, compiled: an automaton over bytes, seen through one vocabulary.

`compile` reads the source into Nodes, hands them to the core, and checks that something satisfies them. Nothing else is
done ahead: states, transitions and masks are made when a generation reaches them, and kept for all later ones.
"""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

from typeloom import _core
from typeloom.engine.document import Document
from typeloom.engine.explain import MAX_DRAWN, Explanation, explain, to_dot
from typeloom.engine.lower import Leaves, lower
from typeloom.engine.matcher import Matcher
from typeloom.engine.text import automaton
from typeloom.engine.vocabulary import Vocabulary
from typeloom.errors import LimitError, SchemaError
from typeloom.grammar.cfg import Cfg
from typeloom.grammar.gbnf import Gbnf
from typeloom.grammar.gbnf_text import of_grammar, of_schema
from typeloom.grammar.lark import Lark
from typeloom.grammar.regular import Regex
from typeloom.regex.expr import Excerpt, External
from typeloom.schema.caps import Caps
from typeloom.schema.json_schema import JsonSchema
from typeloom.schema.node import ANY, Coverage, Note, Schema
from typeloom.schema.types import read_type

LayoutName: TypeAlias = Literal["compact", "spaced", "flexible"]
OrderName: TypeAlias = Literal["declared", "any"]
MAX_STATES = 4_000_000
MAX_DEPTH = 10  # types in grammars in types
MAX_SEARCHED = 20_000  # of src/core/ways.h
NO_WAY = 2**32 - 1

_LAYOUTS = {
    "compact": _core.Layout.COMPACT,
    "spaced": _core.Layout.SPACED,
    "flexible": _core.Layout.FLEXIBLE,
}
_ORDERS = {"declared": _core.Order.DECLARED, "any": _core.Order.ANY}


class Constraint:
    """What may be generated; immutable to its users, shared by any number of Matchers and threads."""

    def __init__(
        self, core: _core.Constraint, vocabulary: Vocabulary, schema: Schema, layout: LayoutName = "compact"
    ) -> None:
        self._core = core
        self._vocabulary = vocabulary
        self._schema = schema
        self._layout = layout

    @property
    def core(self) -> _core.Constraint:
        """The same for native code."""
        return self._core

    @property
    def vocabulary(self) -> Vocabulary:
        """The vocabulary whose tokens the masks speak of."""
        return self._vocabulary

    @property
    def schema(self) -> Schema:
        """The Nodes that were compiled, with their notes."""
        return self._schema

    @property
    def is_text(self) -> bool:
        """Whether the texts are those of a grammar or a regular expression, and not the JSON of a type."""
        return False

    @property
    def min_tokens(self) -> int:
        """Tokens within which a text can certainly be completed, whatever a model prefers; its end token not counted.

        A budget of at least so many is always kept. It is the fewest tokens that spell one of the shortest texts, as
        far as a search of 20,000 states finds one; a text of more bytes and fewer tokens is not looked for. Raises
        LimitError if that search finds no text at all. Found once: O(bytes of the text).

        >>> from typeloom.testing import byte_vocabulary
        >>> compile(list[bool], byte_vocabulary()).min_tokens
        2
        """
        least = self.start().least_tokens
        if least == NO_WAY:
            raise LimitError(
                f"no complete text was found among the first {MAX_SEARCHED} states; alternatives, `not` or conditions "
                "of the type contradict each other, or the vocabulary lacks the bytes to spell it",
                limit="MAX_SEARCHED",
                value=MAX_SEARCHED,
            )
        return max(1, least)

    def start(self, caps: Caps | None = None) -> Matcher:
        """A Matcher at the beginning of a text; `caps` bound what the type leaves open (None: nothing does)."""
        return Matcher(self, _core.Matcher(self._core, native(caps)))

    def accepts(self, text: str | bytes) -> bool:
        """Whether the whole text is accepted. O(bytes)."""
        try:
            data = text.encode("utf-8") if isinstance(text, str) else text
        except UnicodeEncodeError:
            return False  # a lone surrogate is in no text
        return self._accepts_bytes(data)

    def _accepts_bytes(self, data: bytes) -> bool:
        return self._core.accepts(data)

    def explain(self, text: str) -> Explanation:
        """Whether the text is accepted; if not, where it is refused, in which value, and what was allowed there.

        >>> from typeloom.testing import byte_vocabulary
        >>> print(compile(dict[str, bool], byte_vocabulary()).explain('{"a":tru}'))
        refused at character 8, in $.a: expected 'e', got '}'
          {"a":tru}
                  ^
          $.* is bool (exact)
        """
        return explain(self, text)

    def to_gbnf(self) -> str:
        """The same as a grammar of llama.cpp's, for a server that takes nothing else; its first rule is `root`.

        Every text of the grammar is accepted here. The reverse holds but for floats, which the grammar writes without
        exponents and with at most 15 digits on either side of the point, and for layouts and orders of keys that are
        allowed beside the compact one and the declared one. Raises GrammarError, with the path, for what GBNF cannot
        say: keys that are not declared (`dict[str, V]`), unique items, negation, two patterns at once, bounds of
        fractions; for left recursion through several rules; and past 2,000 repeats.

        >>> from typeloom.testing import byte_vocabulary
        >>> print(compile(list[bool], byte_vocabulary()).to_gbnf())
        root ::= ("[" (item-2 ("," item-2)*)? "]")
        item-2 ::= ("false" | "true")
        <BLANKLINE>
        """
        return of_schema(self._schema, self._layout, _read_terminal)

    def to_dot(self, max_states: int = MAX_DRAWN) -> str:
        """The automaton of a small type as a Graphviz graph, at most `max_states` states of it."""
        return to_dot(self, max_states)

    @property
    def counts(self) -> dict[str, int]:
        """How many states, transitions and masks were made so far, and the bytes they take; how often the way to the
        end had to be searched for; how often a search for any completion was given up, and one was assumed."""
        core = self._core
        return {
            "states": core.n_states,
            "transitions": core.n_transitions,
            "masks": core.n_masks,
            "bytes": core.memory_bytes,
            "searches": core.n_searches,
            "undecided": core.n_undecided,
        }


class TextConstraint(Constraint):
    """A Constraint whose texts need not be JSON: of a regular expression or a grammar."""

    def __init__(self, automaton: _core.CfgAutomaton, vocabulary: Vocabulary, schema: Schema, cfg: Cfg) -> None:
        self._automaton = automaton
        self._cfg = cfg
        self._text_core = _core.TextConstraint(vocabulary.core, automaton)
        self._vocabulary = vocabulary
        self._schema = schema

    @property
    def is_text(self) -> bool:
        return True

    def start(self, caps: Caps | None = None) -> Matcher:
        """A Matcher at the beginning of a text. Caps are for what a type leaves open; a grammar says it all itself."""
        return Matcher(self, _core.TextMatcher(self._text_core))

    def to_gbnf(self) -> str:
        return of_grammar(self._cfg, _read_terminal)

    def _accepts_bytes(self, data: bytes) -> bool:
        return self._text_core.accepts(data)

    @property
    def counts(self) -> dict[str, int]:
        """How many states, frames and masks were made so far, and the bytes they take."""
        return {
            "states": self._automaton.n_states,
            "frames": self._automaton.n_frames,
            "masks": self._text_core.n_masks,
            "bytes": self._automaton.memory_bytes + self._text_core.memory_bytes,
        }


def _refused_parts(schema: Schema) -> str:
    """What of the schema no text can be, in words: it may be all that there was."""
    notes = [note for note in schema.notes if note.coverage is Coverage.REFUSED]
    return "".join(f"; {note.path}: {note.subject}: {note.reason}" for note in notes[:3])


def native(caps: Caps | None) -> _core.Caps | None:
    """The same for native code."""
    return None if caps is None else _core.Caps(caps.items, caps.characters, caps.digits, caps.repeats)


def read_source(source: Any) -> Schema:
    """The Schema of a source: a Schema itself, a JsonSchema, or any type that Pydantic takes."""
    if isinstance(source, Schema):
        return source
    if isinstance(source, JsonSchema):
        return source.read()
    return read_type(source)


def _read_terminal(source: Any) -> Schema:
    """The Schema of what stands in a grammar as a terminal: a type, or a JSON Schema in place."""
    return read_source(JsonSchema(source) if isinstance(source, dict | bool) else source)


def _leaves(document: Document | str | None, max_states: int, depth: int = 0) -> Leaves:
    """What the languages of a type's fields refer to: the document that is quoted from, the automata of grammars."""
    quoted = Document(document) if isinstance(document, str) else document

    def made(leaf: Excerpt | External) -> _core.Document | _core.Automaton:
        if isinstance(leaf, External):
            return _grammar_automaton(leaf.source.read(), max_states, depth)
        if quoted is None:
            raise SchemaError(
                "expected a document for the Verbatim fields of this type, got none; pass the text that is quoted "
                "from: compile(..., document=text)"
            )
        return quoted.excerpts(leaf)

    return made


def _grammar_automaton(cfg: Cfg, max_states: int, depth: int = 0) -> _core.CfgAutomaton:
    return automaton(cfg, lambda inner: _json_automaton(inner, max_states, depth + 1), max_states)


def _json_automaton(source: Any, max_states: int, depth: int) -> _core.Automaton:
    """The JSON of a type or schema, in compact layout, as a part of a grammar's texts."""
    if depth > MAX_DEPTH:
        raise LimitError(
            f"expected at most {MAX_DEPTH} types in grammars in types, got more; a grammar that is bound to a type "
            "with a field of the same grammar has no end",
            limit="depth",
            value=depth,
        )
    grammar = _core.Grammar(_core.Spelling.CANONICAL, max_states)
    root = lower(_read_terminal(source), grammar, _leaves(None, max_states, depth))
    made = _core.JsonAutomaton(grammar, root, _core.Layout.COMPACT, _core.Order.DECLARED, max_states)
    if made.is_empty:
        raise SchemaError(f"expected a type with at least one finite value for a terminal, found none in {source!r}")
    return made


def compile(
    source: Any,
    vocab: Vocabulary,
    *,
    layout: LayoutName = "compact",
    order: OrderName | None = None,
    document: Document | str | None = None,
    max_states: int = MAX_STATES,
) -> Constraint:
    """The Constraint of a source: any type, a JsonSchema, a Regex, Lark or Gbnf grammar, or a Schema of Nodes.

    layout: "compact" (no whitespace), "spaced" (`, ` and `: `) or "flexible" (any JSON whitespace, and for schemas any
    spelling of numbers). order: "declared" keeps an object's properties in declared order, "any" does not; by default
    declared for types and any for JSON Schemas. document: the text that `Verbatim` fields quote from. Raises
    SchemaError if the source cannot be read or nothing satisfies it, LimitError past a stated limit. Costs about what
    reading it costs, and indexing the document; the automaton is made while it is used.
    """
    if isinstance(source, Regex | Lark | Gbnf):
        notes = (Note("$", type(source).__name__, Coverage.EXACT),)
        cfg = source.read()
        return TextConstraint(_grammar_automaton(cfg, max_states), vocab, Schema(ANY, notes=notes), cfg)
    if layout not in _LAYOUTS:
        raise SchemaError(f"expected layout 'compact', 'spaced' or 'flexible', got {layout!r}")
    if order is None:
        order = "any" if isinstance(source, JsonSchema) else "declared"
    if order not in _ORDERS:
        raise SchemaError(f"expected order 'declared' or 'any', got {order!r}")
    schema = read_source(source)
    # A JSON Schema speaks of values, whatever their spelling; Pydantic reads 1e2 as an int, but not 1e51.
    speaks_of_values = isinstance(source, JsonSchema | Schema)
    spelling = _core.Spelling.ANY if layout == "flexible" and speaks_of_values else _core.Spelling.CANONICAL
    grammar = _core.Grammar(spelling, max_states)
    root = lower(schema, grammar, _leaves(document, max_states))
    core = _core.Constraint(vocab.core, grammar, root, _LAYOUTS[layout], _ORDERS[order], max_states)
    if core.is_empty:
        raise SchemaError(
            "expected a type with at least one finite value, found none: its constraints contradict each other or it "
            "contains itself without an end; relax a bound, or make the recursion optional" + _refused_parts(schema)
        )
    return Constraint(core, vocab, schema, layout)
