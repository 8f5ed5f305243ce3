"""Two shorter ways of the reader end where the longer ones do: patterns that `re` is not asked about, and sets of ASCII
characters without regard to case."""

from __future__ import annotations

import re
import warnings

from hypothesis import assume, given
from hypothesis import strategies as st

from typeloom.errors import Error
from typeloom.regex import charset
from typeloom.regex.parse import _ORDINARY
from typeloom.regex.read import Dialect, Reader

PIECES = (
    *"ab-][(|*+?{}.^$,1# \n", "[^", "(?:", "(?i:", "(?s:", "{2}", "{2,}", "{1,3}", "{,3}", "{3,1}",
    r"\d", r"\S", r"\.", r"\]", r"\-", r"\x41", "a-z", "z-a", r"\d-z", "&&", "--", "*?", "??", "++", r"\\",
)  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=10).map("".join))
def test_an_ordinary_pattern_that_is_read_is_one_that_re_takes(pattern: str) -> None:
    assume(_ORDINARY.fullmatch(pattern))
    try:
        Reader(pattern, Dialect.PYTHON).read()
    except Error:
        assume(False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        re.compile(pattern)


def test_case_variants_of_ascii_are_those_of_re() -> None:
    everything = "".join(map(chr, range(0x110000)))
    for c in map(chr, range(0x80)):
        matched = re.findall(re.escape(c), everything, re.IGNORECASE)
        assert charset.ignoring_case_like_re(((ord(c), ord(c)),)) == charset.union((ord(m), ord(m)) for m in matched)


def test_no_character_with_variants_is_passed_over() -> None:
    found = set(charset._cased_characters())
    assert all(chr(c) in found for c in range(0x110000) if chr(c).casefold() != chr(c) or chr(c).lower() != chr(c))
