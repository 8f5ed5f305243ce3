"""The everyday part of the .lark notation, read directly.

lark reads a grammar with a grammar of grammars, and expands it before it hands it out: exact, and many times the work
of compiling what it says. Most grammars use a small part of the notation, and that part is read here in one pass: rules
and terminals, groups, `[]`, the operators, aliases, priorities, `%ignore`, `%declare`, and `%import common`.

Invariant. Nothing is decided here that lark could see differently: at whatever this reader does not know (templates,
imports of files, `%extend`, a name that is not defined, a mistake), it gives up and answers None, and lark reads the
text and says what is wrong with it. Terminals are composed as lark composes them, as one regular expression's text.

What lark refuses only because of how it expands (two optional parts that collide, a terminal that may be empty) has an
obvious meaning, and is read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

import lark

Counted: TypeAlias = "tuple[str, int, int | None]"
"""The name of a rule or terminal, and how often it stands there at least and at most (None: any number)."""
Alternatives: TypeAlias = "list[list[Counted]]"

MAX_DEPTH = 50
_TOKEN = re.compile(
    r"""[ \t]+ | //[^\n]*
    | (?P<STRING>"(?:\\"|\\\\|[^"\n])*?"i?)
    | (?P<REGEXP>/(?!/)(?:\\/|\\\\|[^/\n])*?/[imslux]*)
    | (?P<NEXT>\r?\n\s*)
    | (?P<RULE>_?[a-z][_a-z0-9]*)
    | (?P<TERMINAL>_?[A-Z][_A-Z0-9]*)
    | (?P<NUMBER>\d+)
    | (?P<MODIFIER>(?:!\??|\?!?)(?=[_a-z]))
    | (?P<SIGN>->|\.\.|%ignore\b|%import\b|%declare\b|[][():|*+?~.,])
    | (?P<UNKNOWN>.)""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_CONTROL = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", '"': '"'}
_TIMES: dict[str, tuple[int, int | None]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}


@dataclass(frozen=True, slots=True)
class Pattern:
    """What a terminal matches: a regular expression of Python, or one text; flags as letters.

    is_unsorted: it has alternatives that lark would put into another order, longer ones first. texts: if not empty, it
    matches just these.
    """

    source: str
    flags: str = ""
    is_text: bool = False
    is_unsorted: bool = False
    texts: tuple[str, ...] = ()

    def as_expression(self) -> str:
        """The regular expression with its flags inside, as lark writes it."""
        source = re.escape(self.source) if self.is_text else self.source
        for flag in self.flags:
            source = f"(?{flag}:{source})"
        return source


@dataclass(frozen=True)
class Loaded:
    """A grammar as it was read: alternatives by rule, the terminals' patterns (None: only declared), what is ignored.

    Names that begin with a blank are made for groups; a terminal without a name goes by its own text.
    """

    rules: dict[str, Alternatives]
    terminals: dict[str, Pattern | None]
    ignored: list[str]


class _GiveUp(Exception):
    """Something that lark shall read."""


def load(text: str, start: str) -> Loaded | None:
    """The grammar of a text, or None if the text is not in the part of the notation that is known here."""
    try:
        loaded = _Reader(text).read()
    except _GiveUp:
        return None
    return loaded if start in loaded.rules else None


@lru_cache(maxsize=1)
def _common() -> dict[str, _Tree]:
    """The terminals of lark's own common.lark, which are constants of the installed package."""
    file = Path(lark.__file__).with_name("grammars") / "common.lark"
    reader = _Reader(file.read_text(encoding="utf-8"))
    reader.statements()
    return reader.trees


# A terminal's definition until its parts are known: a pattern, a name, or an operation on others.
_Tree: TypeAlias = "Pattern | str | tuple[str, list[_Tree]]"


@dataclass
class _Reader:
    text: str
    kinds: list[str] = field(default_factory=list)
    values: list[str] = field(default_factory=list)
    at: int = 0
    rules: dict[str, Alternatives] = field(default_factory=dict)
    trees: dict[str, _Tree] = field(default_factory=dict)
    declared: list[str] = field(default_factory=list)
    literals: dict[str, Pattern | None] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)
    made: int = 0

    def read(self) -> Loaded:
        self.statements()
        patterns: dict[str, Pattern | None] = dict.fromkeys(self.declared)
        for name in self.trees:
            patterns[name] = self.composed(name, ())
        patterns.update(self.literals)
        used = {name for one in self.rules.values() for alternative in one for name, _, _ in alternative}
        if not used <= self.rules.keys() | patterns.keys():
            raise _GiveUp
        return Loaded(self.rules, patterns, self.ignored)

    # ---- tokens -----------------------------------------------------------------------------------------------------
    def scan(self) -> None:
        kinds, values = self.kinds, self.values
        for found in _TOKEN.finditer(self.text):
            kind = found.lastgroup
            if kind is None:
                continue
            if kind == "UNKNOWN":
                raise _GiveUp
            value = found[0]
            kinds.append(value if kind == "SIGN" else kind)
            values.append(value)
        # A line that begins with `|` goes on with the one before.
        kept = [
            i for i, kind in enumerate(kinds)
            if kind != "NEXT" or not self.leads_to_bar(i)
        ]  # fmt: skip
        self.kinds = [kinds[i] for i in kept] + ["NEXT", "END"]
        self.values = [values[i] for i in kept] + ["", ""]

    def leads_to_bar(self, at: int) -> bool:
        while at < len(self.kinds) and self.kinds[at] == "NEXT":
            at += 1
        return at < len(self.kinds) and self.kinds[at] == "|"

    def take(self, kind: str) -> str:
        if self.kinds[self.at] != kind:
            raise _GiveUp
        self.at += 1
        return self.values[self.at - 1]

    def eat(self, kind: str) -> bool:
        if self.kinds[self.at] != kind:
            return False
        self.at += 1
        return True

    # ---- statements -------------------------------------------------------------------------------------------------
    def statements(self) -> None:
        self.scan()
        while not self.eat("END"):
            if self.eat("NEXT"):
                continue
            if self.eat("%ignore"):
                self.ignore()
            elif self.eat("%declare"):
                while self.kinds[self.at] == "TERMINAL":
                    self.declare(self.take("TERMINAL"))
            elif self.eat("%import"):
                self.imported()
            elif self.kinds[self.at] == "TERMINAL":
                name = self.take("TERMINAL")
                self.priority()
                self.define(name, self.alternation(0))
            else:
                self.eat("MODIFIER")
                self.rule(self.take("RULE"))
            self.take("NEXT")

    def rule(self, name: str) -> None:
        self.priority()
        if name in self.rules:
            raise _GiveUp
        self.rules[name] = []  # in the order of the text
        self.rules[name] = self.alternatives(0)

    def priority(self) -> None:
        if self.eat("."):
            self.take("NUMBER")
        self.take(":")

    def declare(self, name: str) -> None:
        if name in self.trees or name in self.declared:
            raise _GiveUp
        self.declared.append(name)

    def define(self, name: str, tree: _Tree) -> None:
        if name in self.trees or name in self.declared:
            raise _GiveUp
        self.trees[name] = tree

    def ignore(self) -> None:
        tree = self.alternation(0)
        if not isinstance(tree, str):
            name = f"%ignore {len(self.ignored)}"
            self.define(name, tree)
            tree = name
        self.ignored.append(tree)

    def imported(self) -> None:
        if self.take("RULE") != "common":
            raise _GiveUp
        if self.eat("."):
            names = [self.take("TERMINAL")]
        else:
            self.take("(")
            names = [self.take("TERMINAL")]
            while self.eat(","):
                names.append(self.take("TERMINAL"))
            self.take(")")
        common = _common()
        for name in names:
            as_name = self.take("TERMINAL") if len(names) == 1 and self.eat("->") else name
            if name not in common:
                raise _GiveUp
            self.define(as_name, ("common", [name]))

    # ---- rules ------------------------------------------------------------------------------------------------------
    def alternatives(self, depth: int) -> Alternatives:
        if depth > MAX_DEPTH:
            raise _GiveUp
        found = [self.sequence(depth)]
        while self.eat("|"):
            found.append(self.sequence(depth))
        return found

    def sequence(self, depth: int) -> list[Counted]:
        symbols: list[Counted] = []
        while True:
            kind = self.kinds[self.at]
            if kind in ("RULE", "TERMINAL"):
                name = self.take(kind)
            elif kind in ("STRING", "REGEXP"):
                name = self.literal()
            elif kind == "(":
                self.at += 1
                name = self.group(depth, ")")
            elif kind == "[":
                self.at += 1
                symbols.append((self.group(depth, "]"), 0, 1))
                if self.kinds[self.at] in ("*", "+", "?", "~"):
                    raise _GiveUp
                continue
            else:
                if depth == 0 and self.eat("->"):
                    self.take("RULE")
                return symbols
            symbols.append((name, *self.times()))

    def group(self, depth: int, end: str) -> str:
        inner = self.alternatives(depth + 1)
        self.take(end)
        if len(inner) == 1 and len(inner[0]) == 1 and inner[0][0][1:] == (1, 1):
            return inner[0][0][0]
        self.made += 1
        name = f" {self.made}"  # no name of the grammar's own begins with a blank
        self.rules[name] = inner
        return name

    def literal(self) -> str:
        """The text of a literal or a range, which is its name."""
        begin = self.at
        pattern = self.pattern()
        name = "".join(self.values[begin : self.at])
        self.literals[name] = pattern
        return name

    def times(self) -> tuple[int, int | None]:
        """How often what was read stands there."""
        kind = self.kinds[self.at]
        if kind in _TIMES:
            self.at += 1
            return _TIMES[kind]
        if kind != "~":
            return (1, 1)
        self.at += 1
        least = most = int(self.take("NUMBER"))
        if self.eat(".."):
            most = int(self.take("NUMBER"))
        if most < least or most > MAX_TIMES:
            raise _GiveUp
        return (least, most)

    # ---- terminals --------------------------------------------------------------------------------------------------
    def alternation(self, depth: int) -> _Tree:
        if depth > MAX_DEPTH:
            raise _GiveUp
        found = [self.concatenation(depth)]
        while self.eat("|"):
            found.append(self.concatenation(depth))
        return found[0] if len(found) == 1 else ("|", found)

    def concatenation(self, depth: int) -> _Tree:
        parts: list[_Tree] = []
        while True:
            kind = self.kinds[self.at]
            part: _Tree
            if kind == "TERMINAL":
                part = self.take(kind)
            elif kind in ("STRING", "REGEXP"):
                part = self.pattern()
            elif kind in ("(", "["):
                self.at += 1
                part = self.alternation(depth + 1)
                self.take(")" if kind == "(" else "]")
                if kind == "[":
                    part = ("?", [part])
            elif parts and kind in ("NEXT", "|", ")", "]"):
                return parts[0] if len(parts) == 1 else ("", parts)
            else:
                raise _GiveUp
            least, most = self.times()
            if (least, most) != (1, 1):
                sign = next((sign for sign, times in _TIMES.items() if times == (least, most)), None)
                part = (sign or (f"{{{least}}}" if least == most else f"{{{least},{most}}}"), [part])
            parts.append(part)

    def composed(self, tree: _Tree, open_names: tuple[str, ...]) -> Pattern:
        """The one regular expression of a terminal."""
        if isinstance(tree, Pattern):
            return tree
        if isinstance(tree, str):
            if tree in open_names or tree not in self.trees or len(open_names) > MAX_DEPTH:
                raise _GiveUp
            return self.composed(self.trees[tree], (*open_names, tree))
        kind, inner = tree
        if kind == "common":
            return _composed_common(str(inner[0]))
        parts = [self.composed(part, open_names) for part in inner]
        if kind == "|" and all(part.is_text and not part.flags for part in parts):
            texts = tuple(sorted((part.source for part in parts), key=len, reverse=True))
            return Pattern(f"(?:{'|'.join(map(re.escape, texts))})", texts=texts)
        sources = [part.as_expression() for part in parts]
        if kind == "":
            source = "".join(sources)
        elif kind == "|":
            source = f"(?:{'|'.join(sources)})"
        else:
            source = f"(?:{sources[0]}){kind}"
        if len(source) > MAX_PATTERN:
            raise _GiveUp
        return Pattern(source, is_unsorted=kind == "|" or any(part.is_unsorted for part in parts))

    def pattern(self) -> Pattern:
        """A literal, or a range of characters."""
        is_text = self.kinds[self.at] == "STRING"
        written = self.values[self.at]
        self.at += 1
        end = written.rindex('"' if is_text else "/")
        body, flags = written[1:end], written[end + 1 :]
        if self.kinds[self.at] == "..":
            self.at += 1
            other = self.take("STRING")
            if not is_text or len(written) != 3 or len(other) != 3 or not (written[1] + other[1]).isalnum():
                raise _GiveUp
            return Pattern(f"[{written[1]}-{other[1]}]")
        if not body or "\r" in body:
            raise _GiveUp
        if "\\" in body:
            body = _ESCAPE.sub(_unescaped, body)
            if is_text:
                body = body.replace("\\\\", "\\")
        return Pattern(body, "".join(sorted(flags)), is_text)


MAX_TIMES = 50
"""Repeats that are read here; lark expands larger ones in its own way."""
MAX_PATTERN = 20_000


@lru_cache(maxsize=64)
def _composed_common(name: str) -> Pattern:
    reader = _Reader("")
    reader.trees = _common()
    return reader.composed(name, ())


def _unescaped(match: re.Match[str]) -> str:
    """An escape as lark hands it on: those of Python's literals resolved, the others left to the expression."""
    code, c = match[1] or match[2], match[3]
    if code:
        return chr(int(code, 16))
    if c in _CONTROL:
        return _CONTROL[c]
    if c in "xuU" or (c == "\\" and match.string[match.end() : match.end() + 1] == '"'):
        raise _GiveUp
    return match[0]
