"""`Gbnf`: the grammars of llama.cpp, read as its own reader does (src/llama-grammar.cpp, `llama_grammar_parser`).

    root  ::= "answer: " word ("," ws word)*     # literals, groups, * + ? {m} {m,} {m,n}
    word  ::= [a-zA-Z_] [^ \\n]*                  # classes of characters, ranges, ^ for all others, . for any
    ws    ::= " "?

Escapes: `\\n \\r \\t \\\\ \\" \\[ \\] \\- \\xHH \\uHHHH \\UHHHHHHHH`. A rule ends where the line does, unless a group
is open, the line ends in `::=` or `|`, or the next line begins with `|`. Left recursion, which llama.cpp refuses, is
read like everything else. Token terminals (`<...>`) are refused: what they are depends on a model.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, NoReturn

from typeloom.errors import GrammarError, LimitError
from typeloom.grammar.cfg import Cfg, Production, Symbol, counted
from typeloom.regex.charset import complement, union
from typeloom.regex.expr import ANY_CHAR, Chars, Expr, External, Literal
from typeloom.schema.marks import OnText

MAX_NESTING = 200
MAX_REPEATS = 2000  # llama.cpp's own threshold
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "\\": "\\", '"': '"', "[": "[", "]": "]", "-": "-", "^": "^"}
_HEX = {"x": 2, "u": 4, "U": 8}


@dataclass(frozen=True, slots=True)
class Gbnf:
    """A GBNF grammar as a source of constraints, and as a mark for `str` fields: `Annotated[str, tl.Gbnf(text)]`.

    Raises GrammarError (line, column, caret) when it is read.

    >>> from typeloom.testing import byte_vocabulary
    >>> import typeloom as tl
    >>> con = tl.compile(Gbnf('root ::= "a" root | "b"'), byte_vocabulary())
    >>> con.accepts("aab"), con.accepts("aa")
    (True, False)
    """

    says: ClassVar[str] = "is a text of the grammar"

    text: str
    root: str = "root"

    __get_pydantic_core_schema__ = OnText()

    def expression(self) -> Expr:
        """The language, as a part of another one. Raises GrammarError as `read` does."""
        self.read()
        return External(self)

    def read(self) -> Cfg:
        """The grammar's productions."""
        if not isinstance(self.text, str):
            raise GrammarError(f"expected a grammar as str, got {type(self.text).__name__}")
        return _Reader(self.text).read(self.root)


@dataclass
class _Reader:
    text: str
    at: int = 0
    productions: list[Production] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)  # where a name was first used
    made: int = 0

    def read(self, root: str) -> Cfg:
        self.space(lines=True)
        defined: set[str] = set()
        while self.at < len(self.text):
            begin = self.at
            name = self.name()
            self.space(lines=False)
            if not self.text.startswith("::=", self.at):
                self.fail("expected `::=` after the name of a rule")
            self.at += 3
            self.space(lines=True)
            if name in defined:
                self.fail(f"the rule {name!r} is defined twice; join its alternatives with `|`", begin)
            defined.add(name)
            self.alternatives(name, 0)
            self.space(lines=True)
        if root not in defined:
            raise GrammarError(f"expected a rule named {root!r}, there is none; a grammar begins with it")
        for name, place in self.places.items():
            if name not in defined and not name.startswith(" "):
                self.fail(f"the rule {name!r} is used but not defined", place)
        return Cfg(root, tuple(self.productions))

    def fail(self, message: str, at: int | None = None) -> NoReturn:
        raise GrammarError(message, text=self.text, offset=min(len(self.text), self.at if at is None else at))

    def peek(self) -> str:
        return self.text[self.at] if self.at < len(self.text) else ""

    def space(self, *, lines: bool) -> None:
        while self.at < len(self.text):
            c = self.text[self.at]
            if c == "#":
                end = self.text.find("\n", self.at)
                self.at = len(self.text) if end < 0 else end
            elif c in " \t" or (lines and c in "\r\n"):
                self.at += 1
            else:
                return

    def name(self) -> str:
        begin = self.at
        while self.peek().isascii() and (self.peek().isalnum() or self.peek() in ("-", "_")) and self.peek():
            self.at += 1
        if begin == self.at:
            self.fail("expected the name of a rule")
        return self.text[begin : self.at]

    def alternatives(self, name: str, depth: int) -> None:
        if depth > MAX_NESTING:
            raise LimitError(f"expected at most {MAX_NESTING} nested groups", limit="nesting", value=depth)
        while True:
            self.productions.append(Production(name, tuple(self.sequence(depth))))
            mark = self.at
            self.space(lines=True)
            if self.peek() != "|":
                if depth == 0:
                    self.at = mark
                return
            self.at += 1
            self.space(lines=True)

    def sequence(self, depth: int) -> list[Symbol]:
        symbols: list[Symbol] = []
        while True:
            self.space(lines=depth > 0)
            c = self.peek()
            begin = self.at
            if c == '"':
                symbols.append(self.literal())
            elif c == "[":
                symbols.append(self.character_class())
            elif c == ".":
                self.at += 1
                symbols.append(ANY_CHAR)
            elif c == "(":
                self.at += 1
                self.space(lines=True)
                symbols.append(self.group(depth + 1))
            elif c == "<":
                self.fail("expected characters, got a token terminal `<...>`; write its text as a literal")
            elif c in ("*", "+", "?", "{") and c:
                if not symbols:
                    self.fail(f"expected something to repeat before `{c}`")
                symbols[-1] = self.repeated(symbols[-1])
            elif c.isascii() and (c.isalnum() or c in ("-", "_")) and c:
                used = self.name()
                self.space(lines=False)
                if self.text.startswith("::=", self.at):
                    self.fail("expected a line of its own for the next rule", begin)
                self.places.setdefault(used, begin)
                symbols.append(used)
            elif c in ("", "\n", "\r", "|") or (c == ")" and depth > 0):
                return symbols
            else:
                self.fail(f"expected a literal, a class, a group or a name, got {c!r}")

    def fresh(self) -> str:
        self.made += 1
        return f" {self.made}"  # no name of the grammar's own begins with a blank

    def group(self, depth: int) -> str:
        begin = self.at
        name = self.fresh()
        self.alternatives(name, depth)
        self.space(lines=True)
        if self.peek() != ")":
            self.fail("expected `)`", begin if not self.peek() else None)
        self.at += 1
        return name

    def literal(self) -> Expr:
        begin = self.at
        self.at += 1
        out = []
        while self.peek() != '"':
            if not self.peek() or self.peek() == "\n":
                self.fail('expected the closing `"` of a literal', begin)
            out.append(chr(self.character(begin)))
        self.at += 1
        return Literal("".join(out))

    def character_class(self) -> Expr:
        begin = self.at
        self.at += 1
        negated = self.peek() == "^"
        self.at += negated
        ranges: list[tuple[int, int]] = []
        while self.peek() != "]":
            if not self.peek():
                self.fail("expected the closing `]` of a class", begin)
            place = self.at
            first = last = self.character(begin)
            if self.peek() == "-" and self.text[self.at + 1 : self.at + 2] not in ("]", ""):
                self.at += 1
                last = self.character(begin)
                if last < first:
                    self.fail("expected a range from a lower to a higher character", place)
            ranges.append((first, last))
        self.at += 1
        return Chars(complement(union(ranges)) if negated else union(ranges))

    def character(self, begin: int) -> int:
        c = self.peek()
        self.at += 1
        if c != "\\":
            return ord(c)
        place = self.at - 1
        kind = self.peek()
        self.at += 1
        if kind in _HEX:
            digits = self.text[self.at : self.at + _HEX[kind]]
            try:
                if len(digits) < _HEX[kind] or not digits.isalnum():
                    raise ValueError
                code = int(digits, 16)
            except ValueError:
                self.fail(f"expected {_HEX[kind]} hexadecimal digits after `\\{kind}`", place)
            if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
                self.fail("expected a Unicode character", place)
            self.at += _HEX[kind]
            return code
        if kind not in _ESCAPES or not kind:
            self.fail(f"expected one of the escapes {' '.join(_ESCAPES)} x u U after `\\`", place if kind else begin)
        return ord(_ESCAPES[kind])

    def repeated(self, symbol: Symbol) -> Symbol:
        least, most = self.bounds()
        made, productions = counted(symbol, least, most, self.fresh)
        self.productions += productions
        return made

    def bounds(self) -> tuple[int, int | None]:
        begin = self.at
        c = self.peek()
        self.at += 1
        if c != "{":
            return {"*": (0, None), "+": (1, None), "?": (0, 1)}[c]
        end = self.text.find("}", self.at)
        parts = [part.strip() for part in self.text[self.at : end].split(",")] if end > 0 else []
        if not parts or len(parts) > 2 or not parts[0].isdecimal() or not (parts[-1].isdecimal() or parts[-1] == ""):
            self.fail("expected {m}, {m,} or {m,n}", begin)
        self.at = end + 1
        least = int(parts[0])
        most = least if len(parts) == 1 else int(parts[1]) if parts[1] else None
        if most is not None and most < least:
            self.fail("expected {m,n} with m at most n", begin)
        if max(least, most or 0) > MAX_REPEATS:
            raise LimitError(
                f"expected at most {MAX_REPEATS} repeats, got {max(least, most or 0)}; use {{m,}} or nest two counts",
                limit="repeats",
                value=max(least, most or 0),
            )
        return least, most
