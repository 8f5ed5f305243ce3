"""The expression matcher agrees with Python's `re`, and conjunction and complement with the boolean algebra."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from laws.schemas import LETTERS, expressions, plain_expressions
from oracles.expression import matches
from typeloom.regex.expr import (
    ANY_TEXT,
    EMPTY,
    EPSILON,
    Alternate,
    Chars,
    Complement,
    Concat,
    Conjoin,
    Expr,
    Literal,
    Literals,
    Repeat,
)

TEXTS = st.text(LETTERS + "\\\x05z", max_size=6)


def as_pattern(expression: Expr) -> str:
    """The same language for `re.fullmatch` and for Rust's regex crate; no conjunction, no complement."""
    match expression:
        case Chars(ranges):
            return "[" + "".join(f"{_letter(low)}-{_letter(high)}" for low, high in ranges) + "]"
        case Literal(text):
            return "(?:" + "".join(_letter(ord(character)) for character in text) + ")" if text else "(?:a{0})"
        case Literals(texts):
            return as_pattern(Alternate(tuple(Literal(text) for text in texts)))
        case Concat(parts):
            return "".join(as_pattern(part) for part in parts)
        case Alternate(parts):
            return "(?:" + "|".join(as_pattern(part) for part in parts) + ")"
        case Repeat(part, minimum, maximum):
            return f"(?:{as_pattern(part)}){{{minimum},{'' if maximum is None else maximum}}}"
        case _:
            raise ValueError(f"no pattern for {expression}")


def _letter(code: int) -> str:
    return chr(code) if chr(code).isalnum() else f"\\x{code:02x}" if code < 256 else chr(code)


@given(plain_expressions(), TEXTS)
def test_agrees_with_re(expression: Expr, text: str) -> None:
    assert matches(expression, text) == (re.fullmatch(as_pattern(expression), text, re.DOTALL) is not None)


@given(expressions(), expressions(), TEXTS)
def test_boolean_algebra(first: Expr, second: Expr, text: str) -> None:
    one, two = matches(first, text), matches(second, text)
    assert matches(Complement(first), text) != one
    assert matches(Conjoin((first, second)), text) == (one and two)
    assert matches(Alternate((first, second)), text) == (one or two)
    assert matches(Concat((EPSILON, first)), text) == one


def test_constants() -> None:
    assert matches(ANY_TEXT, "") and matches(ANY_TEXT, "é🙂\n")
    assert not matches(EMPTY, "") and matches(EPSILON, "") and not matches(EPSILON, "a")
    assert matches(Conjoin(()), "anything")
    assert matches(Repeat(Repeat(Literal("a"), 0, None), 1000, None), "aaa")
    assert not matches(Repeat(Literal("a"), 4, None), "aaa")
