"""Expressions as code for the core: one array of instructions for a whole expression, so that one call lowers it.

An expression is a graph without cycles; each of its nodes becomes one instruction that refers to earlier ones by number
(`src/core/regex.h`, `ExprTable::assemble`). Code says nothing about a grammar, unless the expression holds a leaf that
only a grammar can name (`Leaf`), so the code of large expressions is kept: the formats are the same objects in every
schema of a process.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable
from functools import lru_cache
from typing import TypeAlias

from typeloom.errors import SchemaError
from typeloom.regex.expr import (
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

UNBOUNDED = 0xFFFFFFFF
Leaf: TypeAlias = Excerpt | External | Preimage | ALabel
Code = tuple[bytes, bytes]  # instructions as 32-bit words, and the texts that they point into
_CHARS, _LITERAL, _LITERALS, _CONCAT, _ALTERNATE, _CONJOIN, _COMPLEMENT, _REPEAT, _KNOWN = range(9)
_LISTS = {Concat: _CONCAT, Alternate: _ALTERNATE, Conjoin: _CONJOIN}
_MANY, _ONE = (Concat, Alternate, Conjoin), (Repeat, Complement)
_KEPT = 128


def encode(expr: Expr, leaf: Callable[[Leaf], int]) -> Code:
    """The code of an expression; `leaf` gives the id of what only the grammar can name.

    Raises SchemaError for a text that is not Unicode. O(nodes), without recursion.
    """
    if type(expr) is Literals:  # enums, which are many
        return _encode_literals(expr.texts)
    if isinstance(expr, _MANY + _ONE):
        try:
            return _kept(_Same(expr))
        except _NeedsGrammar:
            pass
    return _encode(expr, leaf)


class _NeedsGrammar(Exception):
    """The expression holds a leaf that has no code of its own."""


class _Same:
    """An expression, equal to itself only: comparing two deep ones would cost more than encoding one."""

    __slots__ = ("expr",)

    def __init__(self, expr: Expr) -> None:
        self.expr = expr

    def __hash__(self) -> int:
        return id(self.expr)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.expr is self.expr


@lru_cache(maxsize=_KEPT)
def _kept(same: _Same) -> Code:
    def refuse(leaf: Leaf) -> int:
        raise _NeedsGrammar

    return _encode(same.expr, refuse)


def _encode(expr: Expr, leaf: Callable[[Leaf], int]) -> Code:
    code: list[int] = []
    texts = bytearray()
    numbers: dict[int, int] = {}  # by identity: the expression is alive as long as this runs
    stack: list[Expr | None] = [expr]
    waiting: list[Expr] = []
    while stack:
        e = stack.pop()
        if e is None:  # the parts of the one that waits are done
            e = waiting.pop()
            if id(e) in numbers:
                continue
            if isinstance(e, Repeat):
                code += (_REPEAT, numbers[id(e.part)], e.minimum, bound(e.maximum))
            elif isinstance(e, Complement):
                code += (_COMPLEMENT, numbers[id(e.part)])
            else:
                assert isinstance(e, _MANY)
                code += (_LISTS[type(e)], len(e.parts))
                code += [numbers[id(part)] for part in e.parts]
        elif id(e) in numbers:
            continue
        elif isinstance(e, Chars):
            code += (_CHARS, len(e.ranges))
            for pair in e.ranges:
                code += pair
        elif isinstance(e, Literal):
            code.append(_LITERAL)
            _add(e.text, code, texts)
        elif isinstance(e, _MANY):
            waiting.append(e)
            stack.append(None)
            stack += e.parts
            continue
        elif isinstance(e, _ONE):
            waiting.append(e)
            stack += (None, e.part)
            continue
        elif isinstance(e, Literals):
            code += (_LITERALS, len(e.texts))
            for text in e.texts:
                _add(text, code, texts)
        else:
            code += (_KNOWN, leaf(e))
        numbers[id(e)] = len(numbers)
    return array("I", code).tobytes(), bytes(texts)


def _encode_literals(texts: tuple[str, ...]) -> Code:
    data = [text.encode() for text in texts] if all(map(str.isascii, texts)) else [utf8(text) for text in texts]
    code = [_LITERALS, len(data)]
    at = 0
    for text in data:
        code += (at, len(text))
        at += len(text)
    return array("I", code).tobytes(), b"".join(data)


def _add(text: str, code: list[int], texts: bytearray) -> None:
    data = utf8(text)
    code += (len(texts), len(data))
    texts += data


def bound(maximum: int | None) -> int:
    """An upper bound as the core counts: UNBOUNDED for none."""
    return UNBOUNDED if maximum is None else min(maximum, UNBOUNDED - 1)


def utf8(text: str) -> bytes:
    """The text's bytes; SchemaError if it is not Unicode."""
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as e:
        raise SchemaError(f"expected Unicode text, got a lone surrogate in {text!a}; remove it") from e
