"""`Lark`: a .lark grammar, read by the lark package itself, held by an automaton.

Theory of operation. A grammar of everyday parts is read by `lark_text`, in one pass; everything else (imports of files,
templates, `%extend`, mistakes) by lark, which hands out plain productions and terminals. The language is what lark's
Earley parser accepts with its complete dynamic lexer: a terminal's texts are those that `re` matches to their end
(`terminal`, `first_match`), and it may end at each of them; priorities choose between parses and never decide what is
accepted; what is ignored stands as whole matches around the terminals (`ignored`).

Terminals are regular expressions of Python. One form is rewritten: `(?<!\\\\)(\\\\\\\\)*?` before a closing quote, with
which lark's own library says "an even number of backslashes" (`ESCAPED_STRING`), becomes a body of escapes and other
characters; that is what its lazy repetition finds. Other lookbehinds are refused by name.

Limits. A pattern with assertions or flags in its middle is a set of texts, whatever the order of its alternatives; its
lazy repetitions take the shortest texts, those that do not begin with another of its texts, and a greedy repetition
behind a lazy one is refused there.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import combinations, count
from pathlib import Path
from typing import Any, ClassVar, Literal, TypeAlias

import lark
from lark.exceptions import GrammarError as LarkGrammarError
from lark.exceptions import LarkError, UnexpectedCharacters, UnexpectedInput

from typeloom.errors import GrammarError
from typeloom.grammar import first_match, ignored
from typeloom.grammar.cfg import Cfg, Json, Production, Symbol, counted
from typeloom.grammar.ignored import Gaps
from typeloom.grammar.lark_text import Alternatives, Counted, Loaded, Pattern, load
from typeloom.grammar.regular import Regex, whole
from typeloom.grammar.terminal import Ordered, order_decides
from typeloom.grammar.terminal import read as read_in_order
from typeloom.regex import charset
from typeloom.regex.expr import (
    ANY_CHAR,
    EPSILON,
    Alternate,
    Complement,
    Concat,
    Conjoin,
    Expr,
    External,
    Literals,
    Repeat,
)
from typeloom.regex.expr import Literal as Text
from typeloom.regex.parse import Dialect
from typeloom.schema.marks import OnText

_JSON = re.compile(r"%json\s*(?=\{)")
_PLACE = re.compile(r"line (\d+),? column (\d+)")
_BAD_PATTERN = re.compile(r"Bad regexp in token \S+: (.*)", re.DOTALL)
# What `_STRING_ESC_INNER` of lark's common.lark compiles to, between two quotes.
_ESCAPED_BODY = re.compile(r"(?:\(\?:)?\.\*\?\)?(?:\(\?:)?\(\?<!\\\\\)\(\\\\\\\\\)\*\?\)?")
_EVEN_BACKSLASHES = r'(?:[^"\\\n]|\\.)*'
# An escape, a class, the head of a group, or a quantifier.
_PIECE = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?|(?P<quantifier>(?:[*+?]|\{\d*,?\d*\})\??)", re.DOTALL)
_LAZY = re.compile(r"[*+?}]\?")
MAX_COMPARED = 40
Lexer: TypeAlias = Literal["dynamic", "dynamic_complete"]


class _Unsorted(Exception):
    """The order of a terminal's alternatives decides, and lark has not put them into its order."""


@dataclass(frozen=True)
class Lark:
    """A Lark grammar as a source of constraints: `tl.compile(tl.Lark(text), vocab)`, `m.extract(tl.Lark(text), ...)`;
    and as a mark for `str` fields: `Annotated[str, tl.Lark(text)]`.

    source: the grammar's text, or the path of a .lark file. start: the rule to begin with. bindings: what the terminals
    of `%declare` stand for: a type, a JsonSchema, a Regex. `%json{...}` in a rule is a JSON Schema in place.

    Raises GrammarError when it is read: for what lark refuses, with line and column where it says them; for a terminal
    that is declared and not bound; for a pattern that no automaton holds.

    >>> from typeloom.testing import byte_vocabulary
    >>> import typeloom as tl
    >>> sums = Lark('start: start "+" NUMBER | NUMBER\\n%import common.INT -> NUMBER')
    >>> con = tl.compile(sums, byte_vocabulary())
    >>> con.accepts("1+22"), con.accepts("1+")
    (True, False)
    >>> sums.parse("1+22").children[-1]
    Token('NUMBER', '22')
    """

    says: ClassVar[str] = "is a text of the grammar"

    source: str | os.PathLike[str]
    start: str = "start"
    bindings: Mapping[str, Any] = field(default_factory=dict, hash=False)

    __get_pydantic_core_schema__ = OnText()

    def expression(self) -> Expr:
        """The language, as a part of another one. Raises GrammarError as `read` does."""
        self.read()
        return External(self)

    def read(self) -> Cfg:
        """The productions, with white space and the like that is ignored behind each terminal."""
        text, inline = _inline_json(self.text())
        try:
            return self._productions(self._loaded(text), inline)
        except _Unsorted:
            return self._productions(_as_loaded(self._parser(text)), inline)

    def _productions(self, loaded: Loaded, inline: Mapping[str, Any]) -> Cfg:
        bindings = {**inline, **self.bindings}
        gaps = _gaps(loaded, bindings)
        productions: list[Production] = []
        known: dict[str, Symbol] = {}
        languages: dict[Pattern, Expr] = {}
        times: dict[Counted, Symbol] = {}
        made = count(1)

        def fresh() -> str:
            return f"  {next(made)}"  # names of groups begin with one blank

        def terminal(name: str) -> Symbol:
            pattern, bound = loaded.terminals[name], bindings.get(name)
            if pattern is not None:
                language = languages.get(pattern) or languages.setdefault(pattern, _expression(name, pattern))
            elif isinstance(bound, Regex):
                language = bound.expression()
            elif name in bindings:
                if gaps == Gaps():
                    return Json(bound)
                symbol = fresh()
                for before in gaps.before_json():
                    productions.append(Production(symbol, _without_epsilon(before, Json(bound), gaps.behind)))
                return symbol
            else:
                raise GrammarError(
                    f"the terminal {name} is declared and not bound; pass bindings={{{name!r}: a type or tl.Regex}}"
                )
            return gaps.with_terminal(language)

        def symbol(counted_name: Counted) -> Symbol:
            if counted_name in times:
                return times[counted_name]
            name, least, most = counted_name
            if name not in known:
                known[name] = terminal(name) if name in loaded.terminals else name
            found = known[name]
            if (least, most) != (1, 1):
                found, needed = counted(found, least, most, fresh)
                productions.extend(needed)
            times[counted_name] = found
            return found

        for rule, alternatives in loaded.rules.items():
            for alternative in alternatives:
                productions.append(Production(rule, tuple(map(symbol, alternative))))
        begin = " start"
        productions.append(Production(begin, _without_epsilon(gaps.behind, self.start, gaps.end)))
        unknown = sorted(set(self.bindings) - known.keys())
        if unknown:
            raise GrammarError(f"expected bindings of terminals that the grammar declares and uses, got {unknown}")
        return Cfg(begin, tuple(productions))

    def remarks(self) -> list[str]:
        """What may be worth a look: terminals and rules that no text needs, and pairs of terminals that match the same
        text, each with such a text. The pairs are found by interegular, for the first MAX_COMPARED terminals; a pattern
        that it cannot read is passed over. Costs up to seconds, so nothing but a call of it asks.

        >>> Lark('start: WORD | IF\\nWORD: /[a-z]+/\\nIF: "if"\\nNO: "no"').remarks()
        ['NO is not used', "WORD and IF both match 'if'"]
        """
        loaded = self._loaded(_inline_json(self.text())[0])
        used, waiting = {self.start, *loaded.ignored}, [self.start]
        while waiting:
            for alternative in loaded.rules.get(waiting.pop(), ()):
                fresh = [name for name, _, _ in alternative if name not in used]
                used.update(fresh)
                waiting += fresh
        patterns = [(name, pattern) for name, pattern in loaded.terminals.items() if pattern and name in used]
        named = [name for name in (*loaded.rules, *loaded.terminals) if name not in used]
        return [*(f"{name} is not used" for name in named), *_collisions(patterns)]

    def text(self) -> str:
        """The grammar's text, read from the file if `source` is the path of one."""
        if isinstance(self.source, str) and ("\n" in self.source or ":" in self.source):
            return self.source
        path = Path(self.source)
        try:
            return path.read_text(encoding="utf-8")
        except OSError as error:
            raise GrammarError(
                f"expected the text of a grammar or the path of a .lark file, got {str(path)!r}: {error.strerror}"
            ) from error

    def parse(self, text: str) -> lark.Tree[Any]:
        """lark's own tree of a text: that of its dynamic lexer, whose terminals take all they can, and where it finds
        none, that of the complete one, whose terminals end wherever they may. Raises GrammarError for a text that is
        not in the language, and for a grammar with bindings, which lark does not know."""
        return self.tree_reader()(text)

    def tree_reader(self) -> Callable[[str], lark.Tree[Any]]:
        """`parse`, of a grammar that has been found to be one that lark parses with: else raises GrammarError."""
        grammar, inline = _inline_json(self.text())
        if inline or self.bindings:
            raise GrammarError("expected a grammar without bindings and %json, which lark cannot parse with")
        greedy = self._parser(grammar)

        def read(text: str) -> lark.Tree[Any]:
            try:
                return greedy.parse(text)
            except UnexpectedInput as error:
                try:
                    return self._parser(grammar, "dynamic_complete").parse(text)
                except UnexpectedInput:
                    place = getattr(error, "pos_in_stream", None)
                    wrong = "the text is not in the language of the grammar"
                    raise GrammarError(wrong, text=text, offset=place) from error

        return read

    def _loaded(self, text: str) -> Loaded:
        return load(text, self.start) or _as_loaded(self._parser(text))

    def _parser(self, text: str, lexer: Lexer = "dynamic") -> lark.Lark:
        folder = str(Path(self.source).parent) if text != self.source and "\n" not in str(self.source) else None
        try:
            return _parser_of(text, self.start, folder, lexer)
        except UnexpectedCharacters as error:
            raise GrammarError(f"lark: unexpected {error.char!r}", text=text, offset=error.pos_in_stream) from error
        except (LarkError, LarkGrammarError) as error:
            raise _as_grammar_error(error, text) from error
        except Exception as error:  # of the regular expression engine that lark uses: re, or regex if it is installed
            pattern = getattr(error, "pattern", None)
            wrong = _wrong_pattern(pattern) if isinstance(pattern, str) else None
            raise wrong or GrammarError(f"lark: {type(error).__name__}: {error}") from error


def _as_loaded(parser: lark.Lark) -> Loaded:
    """What lark has read."""
    rules: dict[str, Alternatives] = {}
    for rule in parser.rules:
        rules.setdefault(str(rule.origin.name), []).append([(str(symbol.name), 1, 1) for symbol in rule.expansion])
    terminals: dict[str, Pattern | None] = {
        symbol.name: None for rule in parser.rules for symbol in rule.expansion if symbol.is_term
    }
    for terminal in parser.terminals:
        pattern = terminal.pattern
        flags = "".join(sorted(pattern.flags))
        terminals[terminal.name] = Pattern(pattern.value, flags, type(pattern).__name__ == "PatternStr")
    return Loaded(rules, terminals, list(parser.ignore_tokens))


def _without_epsilon(*symbols: Symbol) -> tuple[Symbol, ...]:
    return tuple(symbol for symbol in symbols if symbol != EPSILON)


def _gaps(loaded: Loaded, bindings: Mapping[str, Any]) -> Gaps:
    """What may stand between the terminals."""
    if not loaded.ignored:
        return Gaps()
    patterns = [_known(name, loaded.terminals[name]) for name in loaded.ignored]
    ordered = [_ordered(one, exactly=True) for one in patterns]
    if None in ordered:  # a pattern with assertions, as a set of texts
        languages = [_expression(name, one) for name, one in zip(loaded.ignored, patterns, strict=True)]
        return Gaps(behind=Repeat(languages[0] if len(languages) == 1 else Alternate(tuple(languages)), 0, None))
    machines = [first_match.machine(one) for one in ordered if one is not None]
    if any(one.order_decides and pattern.is_unsorted for one, pattern in zip(machines, patterns, strict=True)):
        raise _Unsorted
    used = {name for one in loaded.rules.values() for alternative in one for name, _, _ in alternative}
    begins: list[tuple[int, int]] = []
    for name in used & loaded.terminals.keys():
        pattern, bound = loaded.terminals[name], bindings.get(name)
        if pattern is None:
            begins += ignored.first(bound.expression()) if isinstance(bound, Regex) else ignored.JSON_BEGINS
        else:
            begins += ignored.first(_expression(name, pattern))
    return ignored.gaps(machines, charset.union(begins))


def _known(name: str, pattern: Pattern | None) -> Pattern:
    if pattern is None:
        raise GrammarError(f"expected a pattern for what is ignored, got the declared terminal {name}")
    return pattern


def _ordered(pattern: Pattern, *, exactly: bool = False) -> Ordered | None:
    """The pattern in order; None if it has assertions and the like."""
    if pattern.flags.strip("is"):
        return None
    source = re.escape(pattern.source) if pattern.is_text else _with_escapes(pattern.source)
    return read_in_order(source, ignore_case="i" in pattern.flags, dot_all="s" in pattern.flags, exactly=exactly)


def _with_escapes(source: str) -> str:
    return _ESCAPED_BODY.sub(lambda _: _EVEN_BACKSLASHES, source) if "(?<" in source else source


def _expression(name: str, pattern: Pattern) -> Expr:
    source, flags = pattern.source, pattern.flags
    if pattern.is_text and not flags:
        return Text(source)
    if pattern.texts:
        return Literals(pattern.texts)
    try:
        ordered = _ordered(pattern)
        if ordered is None:
            source = _with_escapes(source)
            return _shortest(source, whole(f"(?{flags}:{source})" if flags else source, Dialect.PYTHON))
        if not order_decides(ordered):
            return ordered.expr
        if pattern.is_unsorted:
            raise _Unsorted
        exact = _ordered(pattern, exactly=True)
        assert exact is not None
        return first_match.language(exact)
    except GrammarError as error:
        raise GrammarError(f"the terminal {name.strip()} cannot be held: {error}") from error


def _shortest(source: str, language: Expr) -> Expr:
    """What a pattern with lazy repetitions matches: the texts of its language that do not begin with another one."""
    lazy = False
    for is_lazy in _repetitions(source) if _LAZY.search(source) else ():
        if lazy and not is_lazy:
            raise GrammarError(
                "a greedy repetition behind a lazy one is not held: what it matches depends on how a matcher searches; "
                f"say with classes what may come between, in {source!r}"
            )
        lazy = lazy or is_lazy
    if not lazy:
        return language
    return Conjoin((language, Complement(Concat((language, Repeat(ANY_CHAR, 1, None))))))


def _repetitions(source: str) -> Iterator[bool]:
    """For each repetition of a pattern that leaves a choice, in order, whether it is lazy."""
    for match in _PIECE.finditer(source):
        quantifier = match["quantifier"]
        if quantifier and not re.fullmatch(r"\{(\d+)(,\1)?\}\??", quantifier):
            yield len(quantifier) > 1 and quantifier.endswith("?")


@lru_cache(maxsize=32)
def _parser_of(text: str, start: str, folder: str | None, lexer: Lexer = "dynamic") -> lark.Lark:
    return lark.Lark(
        text, start=start, parser="earley", lexer=lexer, keep_all_tokens=False,
        import_paths=[folder] if folder else [], propagate_positions=True,
    )  # fmt: skip


def _inline_json(text: str) -> tuple[str, dict[str, Any]]:
    """The text with a declared terminal for each `%json{...}`, and the schemas."""
    found: dict[str, Any] = {}
    out, at = [], 0
    for match in _JSON.finditer(text):
        if match.start() < at:
            continue
        try:
            schema, end = json.JSONDecoder().raw_decode(text, match.end())
        except ValueError as error:
            raise GrammarError(f"expected a JSON Schema after %json: {error}", text=text, offset=match.end()) from error
        name = f"JSON__{len(found) + 1}"
        found[name] = schema
        out += [text[at : match.start()], name]
        at = end
    if not found:
        return text, found
    return "".join([*out, text[at:]]) + "\n%declare " + " ".join(found) + "\n", found


def _as_grammar_error(error: Exception, text: str) -> GrammarError:
    message = str(error).split("\n")[0]
    pattern = _BAD_PATTERN.match(str(error))
    wrong = _wrong_pattern(pattern[1]) if pattern else None
    if wrong is not None:
        return wrong
    place = _PLACE.search(str(error))
    line = int(place[1]) if place else getattr(error, "line", None)
    column = int(place[2]) if place else getattr(error, "column", None)
    if isinstance(line, int) and isinstance(column, int) and line > 0:
        lines = text.split("\n")
        offset = sum(len(one) + 1 for one in lines[: line - 1]) + column - 1
        return GrammarError(f"lark: {message}", text=text, offset=min(max(offset, 0), len(text)))
    used = re.search(r"'?(\w+)'? used but not defined|not defined: (\w+)", message)
    name = (used[1] or used[2]) if used else None
    at = re.search(rf"\b{re.escape(name)}\b", text) if name else None
    return GrammarError(f"lark: {message}", text=text, offset=at.start() if at else None)


def _wrong_pattern(pattern: str) -> GrammarError | None:
    """What is wrong with a terminal's pattern, and where, which lark does not say; None if we have no objection."""
    try:
        whole(pattern, Dialect.PYTHON)
    except GrammarError as error:
        return error
    return None


def _collisions(terminals: list[tuple[str, Pattern]]) -> list[str]:
    import interegular

    machines = []
    for name, pattern in terminals[:MAX_COMPARED]:
        try:
            machines.append((name, interegular.parse_pattern(pattern.as_expression()).to_fsm()))
        except Exception:  # a dialect that interegular does not understand
            continue
    found = []
    for (first, one), (second, other) in combinations(machines, 2):
        both = one & other
        if both.empty():
            continue
        text = "".join(str(c) for c in next(iter(both.strings())))
        found.append(f"{first} and {second} both match {text!r}")
    return found
