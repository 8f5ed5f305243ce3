"""GBNF, written: the grammar of llama.cpp for what a Constraint holds, so that a remote server can be held to it.

Theory of operation. A type is walked node by node: each becomes the right-hand side of a rule in the compact layout,
with objects in declared order, as this library itself writes them. An expression becomes GBNF's own operators; inside
of JSON strings its characters are written as JSON spells them. A grammar's productions are rules already; left
recursion, which llama.cpp refuses, becomes repetition (`a ::= a x | b` is `a ::= b x*`).

Invariant. Every text of the grammar is a text of the Constraint. The reverse holds but for floats, which are written
here without exponents and with at most PLAIN_DIGITS digits on either side of the point, and for orders and layouts that
a Constraint allows beside the compact one. What GBNF cannot say (negation, keys that must not repeat, unique items,
bounds of fractions) is a GrammarError with its path, never left out.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, ROUND_FLOOR
from typing import Any, NoReturn

from typeloom.errors import GrammarError
from typeloom.grammar.cfg import Cfg, Json, Production, Symbol
from typeloom.grammar.gbnf import MAX_REPEATS
from typeloom.regex import charset
from typeloom.regex.expr import (
    EMPTY,
    ALabel,
    Alternate,
    Chars,
    Complement,
    Concat,
    Conjoin,
    Excerpt,
    Expr,
    External,
    Literal,
    Literals,
    Preimage,
    Repeat,
)
from typeloom.schema.node import ANY, NEVER, AnyOf, Array, Node, Number, Object, Ref, Schema, Shape, String

PLAIN_DIGITS = 15
MAX_NESTING = 100
"""Types in types and parts of expressions in each other, together."""
_SHORT = {8: "\\b", 9: "\\t", 10: "\\n", 12: "\\f", 13: "\\r", 0x22: '\\"', 0x5C: "\\\\"}
_ESCAPED = ((0, 0x1F), (0x22, 0x22), (0x5C, 0x5C))
_SEPARATORS = {"compact": (",", ":"), "spaced": (", ", ": "), "flexible": (",", ":")}
_Code = str  # GBNF, closed under repetition: a literal, a class, a name, or something in parentheses


def of_grammar(cfg: Cfg, read: Callable[[Any], Schema]) -> str:
    """The GBNF of a grammar; `read` gives the Schema of a type that is a terminal."""
    writer = _Writer(Schema(ANY), ("", ""), read)
    writer.grammar("root", cfg, json_string=False, path="$")
    return writer.text()


def of_schema(schema: Schema, layout: str, read: Callable[[Any], Schema]) -> str:
    """The GBNF of a type's JSON."""
    writer = _Writer(schema, _SEPARATORS[layout], read)
    writer.rules["root"] = ""  # the first
    writer.rules["root"] = writer.node(schema.root, "$")
    return writer.text()


@dataclass
class _Writer:
    schema: Schema
    separators: tuple[str, str]
    read: Callable[[Any], Schema]
    rules: dict[str, _Code] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)  # of definitions
    depth: int = 0

    def text(self) -> str:
        return "".join(f"{name} ::= {code}\n" for name, code in self.rules.items())

    def refuse(self, path: str, what: str) -> NoReturn:
        raise GrammarError(f"expected what GBNF can say, got {what} (at {path})")

    def rule(self, hint: str, code: _Code) -> _Code:
        """A rule of its own, by its name."""
        if len(code) < 12:
            return code
        for name, known in self.rules.items():
            if known == code:
                return name
        name = f"{hint}-{len(self.rules) + 1}"
        self.rules[name] = code
        return name

    # ---- types ------------------------------------------------------------------------------------------------------
    def node(self, node: Node, path: str) -> _Code:
        self.depth += 1
        if self.depth > MAX_NESTING:
            self.refuse(path, f"a type that is nested more than {MAX_NESTING} deep")
        match node:
            case Shape() if node == ANY:
                self.refuse(path, "any value, whose keys a grammar cannot keep from repeating")
            case Shape():
                code = self.shape(node, path)
            case Ref(name):
                code = self.definition(name, path)
            case AnyOf(parts):
                code = _any([self.node(part, path) for part in parts if part != NEVER])
            case _:
                self.refuse(path, f"{type(node).__name__}, which speaks of several types at once")
        self.depth -= 1
        return code

    def definition(self, name: str, path: str) -> _Code:
        if name not in self.names:
            self.names[name] = f"type-{len(self.names) + 1}"
            self.rules[self.names[name]] = ""  # its place
            self.rules[self.names[name]] = self.node(self.schema.definitions[name], path)
        return self.names[name]

    def shape(self, shape: Shape, path: str) -> _Code:
        kinds = ['"null"'] if shape.null else []
        kinds += [f'"{str(value).lower()}"' for value in shape.booleans]
        if shape.number is not None:
            kinds.append(self.number(shape.number, path))
        if shape.string is not None:
            kinds.append(self.string(shape.string, path))
        if shape.array is not None:
            kinds.append(self.array(shape.array, path))
        if shape.object is not None:
            kinds.append(self.object(shape.object, path))
        if not kinds:
            self.refuse(path, "a value that cannot exist")
        return _any(kinds)

    def number(self, number: Number, path: str) -> _Code:
        if number.values is not None:
            return _any([_quoted(format(value, "f")) for value in number.values])
        if number.multiple_of:
            self.refuse(path, "multiples of a number")
        if number.integer:
            if number.max_digits is not None:
                self.refuse(path, "a count of digits; say it as bounds")
            low = None if number.minimum is None else int(number.minimum.to_integral_value(ROUND_CEILING))
            high = None if number.maximum is None else int(number.maximum.to_integral_value(ROUND_FLOOR))
            if number.exclusive_minimum and low is not None and low == number.minimum:
                low += 1
            if number.exclusive_maximum and high is not None and high == number.maximum:
                high -= 1
            return self.rule("integer", _any(list(_integers(low, high))))
        zero = number.minimum == 0 and not number.exclusive_minimum
        if number.maximum is not None or (number.minimum is not None and not zero):
            self.refuse(path, "bounds of a number that may have a fraction")
        digits = 2 * PLAIN_DIGITS if number.max_digits is None else number.max_digits
        wanted = PLAIN_DIGITS if number.decimal_places is None else number.decimal_places
        places = min(PLAIN_DIGITS, wanted, max(digits - 1, 0))
        whole = min(PLAIN_DIGITS, digits - places)
        fraction = f' ("." [0-9]{{1,{places}}})?' if places else ""
        sign = "" if zero else '"-"? '
        natural = f'("0" | [1-9] [0-9]{{0,{whole - 1}}})' if whole else '"0"'
        return self.rule("number", f"({sign}{natural}{fraction})")

    def string(self, string: String, path: str) -> _Code:
        if string.language is None:
            char = self.rule("char", _json_class(charset.EVERY))
            return f'("\\"" {_times(char, string.min_length, string.max_length, path, self.refuse)} "\\"")'
        if string.min_length or string.max_length is not None:
            self.refuse(path, "a length beside a pattern; say it in the pattern")
        return self.rule("string", f'("\\"" {self.expression(string.language, path, json_string=True)} "\\"")')

    def array(self, array: Array, path: str) -> _Code:
        if array.unique or array.contains:
            self.refuse(path, "unique items, or some that must be there")
        comma = _quoted(self.separators[0])
        length = len(array.prefix)
        least, most = array.min_items, array.max_items
        items = None if array.items == NEVER or (most is not None and most <= length) else (array.items or ANY)
        code = ""
        if items is not None:
            item = self.rule("item", self.node(items, f"{path}[{length or ''}]"))
            rest = None if most is None else most - length
            if length:
                code = _times(f"({comma} {item})", max(0, least - length), rest, path, self.refuse)
            else:
                more = None if rest is None else rest - 1
                after = _times(f"({comma} {item})", max(0, least - 1), more, path, self.refuse)
                code = f"({item} {after})" + ("" if least else "?")
        for i in reversed(range(length if most is None else min(length, most))):
            part = self.node(array.prefix[i], f"{path}[{i}]")
            code = f"({comma + ' ' if i else ''}{part}{' ' + code if code else ''})" + ("" if i < least else "?")
        return f'("[" {code} "]")' if code else '"[]"'

    def object(self, obj: Object, path: str) -> _Code:
        declared = {name for name, _ in obj.properties}
        if obj.additional != NEVER or obj.patterns or obj.names is not None:
            self.refuse(path, "keys that are not declared, which a grammar cannot keep from repeating")
        if obj.min_properties > len(obj.required) or (obj.max_properties or len(declared)) < len(declared):
            self.refuse(path, "a count of properties")
        if not obj.required <= declared:
            self.refuse(path, "a value that cannot exist")
        comma, colon = _quoted(self.separators[0]), self.separators[1]
        pairs = [
            (self.pair(name, node, colon, f"{path}.{name}"), name in obj.required)
            for name, node in obj.properties
            if node != NEVER
        ]
        # What may follow behind a pair, from each place on; and what may stand first.
        tails = [""] * (len(pairs) + 1)
        for i in reversed(range(1, len(pairs))):
            pair, required = pairs[i]
            code = f"({comma} {pair})" + ("" if required else "?")
            tails[i] = self.rule("pairs", f"({code} {tails[i + 1]})") if tails[i + 1] else code
        heads: list[str] = []
        for i, (pair, required) in enumerate(pairs):
            heads.append(f"({pair} {tails[i + 1]})" if tails[i + 1] else pair)
            if required:
                return f'("{{" {_any(heads)} "}}")'
        return f'("{{" {_any(heads)}? "}}")' if heads else '"{}"'

    def pair(self, name: str, node: Node, colon: str, path: str) -> _Code:
        key = _quoted(json.dumps(name, ensure_ascii=False) + colon)
        return self.rule("pair", f"({key} {self.node(node, path)})")

    # ---- expressions ------------------------------------------------------------------------------------------------
    def expression(self, expr: Expr, path: str, *, json_string: bool) -> _Code:
        """The texts of an expression; `json_string`: as they stand in a JSON string."""
        self.depth += 1
        if self.depth > MAX_NESTING:
            self.refuse(path, f"an expression that is nested more than {MAX_NESTING} deep")
        code = self._expression(expr, path, json_string)
        self.depth -= 1
        return code

    def _expression(self, expr: Expr, path: str, json_string: bool) -> _Code:
        def inner(part: Expr) -> _Code:
            return self.expression(part, path, json_string=json_string)

        match expr:
            case Literal(text):
                return _quoted(_in_json(text) if json_string else text)
            case Literals(texts):
                return _any([_quoted(_in_json(text) if json_string else text) for text in texts])
            case Chars(ranges):
                return _class(ranges) if not json_string else _json_class(ranges)
            case Concat(parts):
                return f"({' '.join(inner(part) for part in parts)})"
            case Alternate(parts):
                kept = [part for part in parts if part != EMPTY]
                if kept:
                    return _any([inner(part) for part in kept])
            case Repeat(part, least, most):
                return _times(inner(part), least, most, path, self.refuse)
            case External(source):
                hint = f"text-{len(self.rules) + 1}"
                self.grammar(hint, source.read(), json_string=json_string, path=path)
                return hint
            case Conjoin() | Complement() | Excerpt() | Preimage() | ALabel():
                pass
        self.refuse(path, f"{_WORDS.get(type(expr), 'an expression without a text')}")

    # ---- grammars ---------------------------------------------------------------------------------------------------
    def grammar(self, name: str, cfg: Cfg, *, json_string: bool, path: str) -> None:
        """Rules for a context-free grammar; `name` stands for its texts."""
        by_name: dict[str, list[Production]] = {}
        for production in cfg.productions:
            by_name.setdefault(production.name, []).append(production)
        called = {one: f"{name}-{i}" for i, one in enumerate(by_name)}
        called[cfg.start] = name
        for one in by_name:
            self.rules[called[one]] = ""  # in their order
        terminals: dict[int, _Code] = {}

        def symbol(found: Symbol) -> _Code:
            if isinstance(found, str):
                return called[found]
            if id(found) not in terminals:
                terminals[id(found)] = self.terminal(found, path, json_string)
            return terminals[id(found)]

        for one, productions in by_name.items():
            first: list[_Code] = []
            again: list[_Code] = []
            for production in productions:
                symbols = list(production.symbols)
                target = first
                while symbols and symbols[0] == one:
                    symbols, target = symbols[1:], again
                if symbols or target is first:
                    target.append(_row([symbol(s) for s in symbols]))
            code = _any(first)
            self.rules[called[one]] = _row([code, f"{_any(again)}*"]) if again else code
        self.refuse_left_recursion(by_name, path)

    def terminal(self, symbol: Expr | Json, path: str, json_string: bool) -> _Code:
        if not isinstance(symbol, Json):
            return self.rule("terminal", self.expression(symbol, path, json_string=json_string))
        if json_string:
            self.refuse(path, "JSON inside of a grammar inside of JSON")
        other = _Writer(self.read(symbol.source), _SEPARATORS["compact"], self.read, self.rules)
        other.names = {}
        start = other.node(other.schema.root, path)
        return self.rule("json", start)

    def refuse_left_recursion(self, by_name: dict[str, list[Production]], path: str) -> None:
        """llama.cpp refuses a rule that begins with itself through another one, or behind what may be empty."""
        nullable: set[str] = set()
        size = -1
        while size != len(nullable):
            size = len(nullable)
            nullable |= {
                one for one, all_ in by_name.items() if any(all(_empty(s, nullable) for s in p.symbols) for p in all_)
            }
        begins: dict[str, set[str]] = {}
        for one, productions in by_name.items():
            begins[one] = set()
            for production in productions:
                symbols = list(production.symbols)
                while symbols and symbols[0] == one:
                    symbols = symbols[1:]
                for s in symbols:
                    if isinstance(s, str):
                        begins[one].add(s)
                    if not _empty(s, nullable):
                        break
        for one in by_name:
            seen, waiting = set(), list(begins[one])
            while waiting:
                other = waiting.pop()
                if other == one:
                    self.refuse(path, f"left recursion through other rules, at {one.strip()!r}; llama.cpp refuses it")
                if other not in seen:
                    seen.add(other)
                    waiting += begins.get(other, ())


_WORDS: dict[type, str] = {
    Conjoin: "two patterns at once, a lookahead or the like",
    Complement: "what a text must not be",
    Excerpt: "a quotation of a document",
    Preimage: "characters by their properties",
    ALabel: "host names in other scripts",
}


def _empty(symbol: Symbol, nullable: set[str]) -> bool:
    if isinstance(symbol, str):
        return symbol in nullable
    return not isinstance(symbol, Json) and _may_be_empty(symbol)


def _may_be_empty(expr: Expr) -> bool:
    match expr:
        case Literal(text):
            return not text
        case Literals(texts):
            return "" in texts
        case Concat(parts):
            return all(map(_may_be_empty, parts))
        case Alternate(parts):
            return any(map(_may_be_empty, parts))
        case Repeat(part, least, _):
            return least == 0 or _may_be_empty(part)
        case _:
            return False


def _any(options: list[_Code]) -> _Code:
    options = list(dict.fromkeys(options))
    return options[0] if len(options) == 1 else f"({' | '.join(options)})"


def _row(parts: list[_Code]) -> _Code:
    kept = [part for part in parts if part != '""']
    return '""' if not kept else kept[0] if len(kept) == 1 else f"({' '.join(kept)})"


def _times(code: _Code, least: int, most: int | None, path: str, refuse: Callable[[str, str], NoReturn]) -> _Code:
    if max(least, most or 0) > MAX_REPEATS:
        refuse(path, f"more than {MAX_REPEATS} repeats")
    if most == 0:
        return '""'
    if (least, most) == (1, 1):
        return code
    if code[-1] in "*+?}":
        code = f"({code})"
    sign = {(0, None): "*", (1, None): "+", (0, 1): "?"}.get((least, most))
    return code + (sign or (f"{{{least},{'' if most is None else most}}}" if least != most else f"{{{least}}}"))


def _integers(low: int | None, high: int | None) -> Iterator[_Code]:
    """Decimal numerals of the whole numbers between two bounds, both included."""
    if low is None and high is None:
        yield '("-"? [1-9] [0-9]*)'
        yield '"0"'
        return
    if low is None or low < 0:
        top = -1 if high is None else min(high, -1)
        for code in _naturals(-top, None if low is None else -low):
            yield f'("-" {code})'
    if high is None or high >= 0:
        bottom = 0 if low is None else max(low, 0)
        if bottom == 0:
            yield '"0"'
            bottom = 1
        yield from _naturals(bottom, high)


def _naturals(low: int, high: int | None) -> Iterator[_Code]:
    """The same for bounds of at least 1."""
    if high is None:
        size = len(str(low))
        yield from _naturals(low, 10**size - 1)
        yield f"([1-9] [0-9]{{{size},}})"
        return
    while low <= high:
        size = len(str(low))
        end = min(high, 10**size - 1)
        yield from _same_size(str(low), str(end))
        low = end + 1


def _same_size(low: str, high: str) -> Iterator[_Code]:
    """Numerals of one length between two."""
    common = 0
    while common < len(low) and low[common] == high[common]:
        common += 1
    if common == len(low):
        yield _quoted(low)
        return
    begin = f"{_quoted(low[:common])} " if common else ""
    rest = len(low) - common - 1
    digits = f" [0-9]{{{rest}}}" if rest else ""
    first, last = int(low[common]), int(high[common])
    if rest and int(low[common + 1 :]) > 0:
        for code in _same_size(low[common + 1 :], "9" * rest):
            yield f'({begin}"{first}" {code})'
        first += 1
    after: list[_Code] = []
    if rest and high[common + 1 :] != "9" * rest:
        after = [f'({begin}"{last}" {code})' for code in _same_size("0" * rest, high[common + 1 :])]
        last -= 1
    if first <= last:
        one = f"[{first}-{last}]" if first != last else f'"{first}"'
        yield f"({begin}{one}{digits})"
    yield from after


def _quoted(text: str) -> _Code:
    if any(0xD800 <= ord(c) <= 0xDFFF for c in text):
        raise GrammarError(f"expected Unicode text, got a lone surrogate in {text!a}")
    return '"' + "".join(c if c.isprintable() and c not in '"\\' else _escape(c) for c in text) + '"'


def _escape(c: str) -> str:
    return "\\" + c if c in '"\\' else _numbered(ord(c))


def _numbered(code: int) -> str:
    return f"\\x{code:02X}" if code < 0x100 else f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"


def _in_json(text: str) -> str:
    """As it stands in a JSON string of this library's."""
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _class(ranges: charset.Ranges) -> _Code:
    others = charset.complement(ranges)
    negated = len(others) < len(ranges)
    shown = others if negated else ranges
    if not shown:
        return "."
    return f"[{'^' * negated}{''.join(_range(low, high) for low, high in shown)}]"


def _range(low: int, high: int) -> str:
    return _member(low) if low == high else f"{_member(low)}-{_member(high)}"


def _member(code: int) -> str:
    c = chr(code)
    return c if c.isascii() and c.isalnum() else _numbered(code)


def _json_class(ranges: charset.Ranges) -> _Code:
    """One of the characters, as it stands in a JSON string."""
    plain = charset.difference(ranges, _ESCAPED)
    options = [_class(plain)] if plain else []
    special = [c for low, high in charset.intersection(ranges, _ESCAPED) for c in range(low, high + 1)]
    short = "".join(_SHORT[c][1] for c in special if c in _SHORT)
    if short:
        options.append(f'("\\\\" [{"".join(_member(ord(c)) for c in short)}])')
    for begin in ("0", "1"):
        digits = "".join(f"{c & 15:x}" for c in special if c not in _SHORT and f"{c:02x}"[0] == begin)
        if digits:
            options.append(f'("\\\\u00{begin}" [{digits}])')
    return _any(options)
