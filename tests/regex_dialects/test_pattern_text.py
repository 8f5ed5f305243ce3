"""`format: regex`: texts that are regular expressions of ECMA-262, against Python's own reader where dialects agree."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import typeloom as tl
from laws.vocabularies import bytes_only

FORMAT = tl.compile(
    tl.JsonSchema({"type": "string", "format": "regex"}), bytes_only().vocabulary(), layout="flexible", order="any"
)


def is_pattern(text: str) -> bool:
    return FORMAT.accepts(json.dumps(text, ensure_ascii=False))


GOOD = (
    "", "^a$", r"[\w-]+", "[]", "[^]", "a{2,}", "a{2,3}?", "a{2,10}", "a{99,100}", "(a|b)*", "(?:a)", "(?=a)b", "a||b",
    r"(?<n>a)\k<n>", "(?i:x)", "[a-]", "[-a]", "[a-c-e]", "[--a]", r"\p{L}+", r"[\]]", "]", "}", "x{name}", "é",
    r"^[a-zA-Z0-9._%+-]+@[a-zA-Z0-9.-]+\.[a-zA-Z]{2,}$", "((((((((((a))))))))))", r"\u{1F600}\cA\x41",
)  # fmt: skip
BAD = (
    "*", "\\", "[", "(", ")", "[a", "a**", "a{2}{3}", "[z-a]", "[xz-a]", "a{3,2}", "a{20,10}", "a{100,20}", r"\Z", "?a",
    "(?P<n>a)", "(?a", "|*", "^*", "(*a)", "^(abc]", r"\x1", r"[\]", "(?<1>a)", "(((((a)))",
)  # fmt: skip


@pytest.mark.parametrize("text", GOOD)
def test_a_pattern(text: str) -> None:
    assert is_pattern(text)


@pytest.mark.parametrize("text", BAD)
def test_no_pattern(text: str) -> None:
    assert not is_pattern(text)


# Pieces that mean the same in both dialects; `++` and the like are possessive in Python since 3.11.
PIECES = ("a", "b", "1", "(", ")", "(?:", "(?=", "[", "]", "-", "^", "|", "*", "+?", "{2}", "\\d", "\\(", "\\]", ".")


@given(st.lists(st.sampled_from(PIECES), max_size=8).map("".join))
def test_python_agrees(text: str) -> None:
    # Python takes a `]` after `[` for a member, refuses `\\d-a` in a class, and takes `*+` and `{2}+`.
    assume(not re.search(r"\[\^?\]|\\d-|-\\d|[*}?]\+|\(\?=[^)]*\)*[*+{]", text))
    try:
        re.compile(text)
    except re.error:
        expected = False
    else:
        expected = True
    assert is_pattern(text) == expected, text
