"""A terminal's texts are those that `re` matches to their end, whatever its alternatives and repetitions."""

from __future__ import annotations

import re
from itertools import product

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

import typeloom as tl
from typeloom.grammar.first_match import language
from typeloom.grammar.lark import Lark
from typeloom.grammar.terminal import order_decides, read
from typeloom.testing import byte_vocabulary

LETTERS = st.sampled_from(["a", "b", "c", "ab", "ba", "[ab]", "[^a]", ".", "é"])
TIMES = st.sampled_from(["?", "*", "+", "{2}", "{1,2}", "{0,2}", "{1,}", "??", "*?", "+?", "{1,2}?"])


def larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.lists(inner, min_size=2, max_size=3).map("".join),
        st.lists(inner, min_size=2, max_size=3).map(lambda options: f"({'|'.join(options)})"),
        st.tuples(inner, TIMES).map(lambda both: f"(?:{both[0]}){both[1]}"),
    )


PATTERNS = st.recursive(LETTERS, larger, max_leaves=7)


def accepted(source: str) -> set[str]:
    """The texts of up to four of the letters a, b, c that the grammar of one terminal takes."""
    try:
        constraint = tl.compile(Lark(f"start: T\nT: /{source}/"), byte_vocabulary())
    except tl.GrammarError as nothing:
        assert "at least one finite text" in str(nothing)
        return set()
    texts = ("".join(letters) for length in range(1, 5) for letters in product("abc", repeat=length))
    return {text for text in texts if constraint.accepts(text)}


@given(source=PATTERNS)
def test_the_texts_are_those_that_re_matches_to_their_end(source: str) -> None:
    pattern = read(source)
    assert pattern is not None
    event("order decides" if order_decides(pattern) else "as a set")
    compiled = re.compile(source)
    texts = ("".join(letters) for length in range(1, 5) for letters in product("abc", repeat=length))
    wanted = {text for text in texts if (found := compiled.match(text)) and found[0] == text}
    assert accepted(source) == wanted


@pytest.mark.parametrize(
    "source",
    ["(?!a)b", "a$", r"\bab", r"(a)\1", "(?P<n>a)", "(?i:a)", "a++", "a**", "[[:alpha:]]", r"\x41", "a{,3}b{"],
)
def test_what_is_no_everyday_notation_is_left_to_others(source: str) -> None:
    assert read(source) is None


@pytest.mark.parametrize(
    "source", ["[a-z]+[a-z0-9]*", "[0-9]?[0-9]", "a*ab", "(ab|cd)*e", "[0-9]{4}-[0-9]{2}", "(a|b)*?c"]
)
def test_where_the_order_decides_nothing_the_expression_stays_as_it_is(source: str) -> None:
    pattern, exact = read(source), read(source, exactly=True)
    assert pattern is not None and exact is not None
    assert not order_decides(pattern) or language(exact) is exact.expr


def test_case_and_lines_are_as_the_flags_say() -> None:
    upper, dots = read("a.", ignore_case=True), read(".", dot_all=True)
    assert upper is not None and dots is not None
    assert upper.characters[0] == ((65, 65), (97, 97))
    assert dots.characters[0][0][0] == 0
