"""`parse` against `re` on generated patterns, and against tables of cases for what `re` does not share."""

from __future__ import annotations

import re
import warnings

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from oracles.expression import matches
from typeloom.errors import GrammarError, LimitError
from typeloom.regex.parse import Dialect, parse

TEXTS = st.text("ab_ A1\né-", max_size=6)

ATOMS = st.sampled_from(
    ["a", "b", "_", " ", "A", "1", "é", "-", ".", "[ab]", "[^a]", r"[\w-]", r"\w", r"\W", r"\d", r"\s", r"\n", "(?i:a)",
     "(?s:.)", "(?i:[^A])", "ab", ""]
)  # fmt: skip
PLACES = st.sampled_from(["^", "$", r"\A", r"\Z", r"\b", r"\B", "(?m:^)", "(?m:$)"])
QUANTIFIERS = st.sampled_from(["", "", "*", "+", "?", "{2}", "{1,2}", "{0,2}", "{2,}", "*?", "+?", "??"])


def _grow(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    group = st.tuples(inner, QUANTIFIERS).map(lambda t: f"(?:{t[0]}){t[1]}")
    several = st.lists(inner, min_size=2, max_size=4).map("".join)
    options = st.lists(inner, min_size=2, max_size=3).map(lambda xs: "(" + "|".join(xs) + ")")
    return group | several | options


def _grow_with_looks(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    looks = st.tuples(st.sampled_from("=!"), inner).map(lambda t: f"(?{t[0]}{t[1]})")
    return _grow(inner) | st.tuples(looks, inner).map("".join)


PLAIN = st.recursive(ATOMS, _grow, max_leaves=6)
ASSERTING = st.recursive(ATOMS | PLACES, _grow, max_leaves=7)
LOOKING = st.recursive(ATOMS | PLACES, _grow_with_looks, max_leaves=6)


def _agrees(pattern: str, texts: list[str], dialect: Dialect, flags: int = 0) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        compiled = re.compile(pattern, flags)
    searched = parse(pattern, dialect)
    whole = parse(pattern, dialect, full_match=True)
    for text in texts:
        assert matches(searched, text) == (compiled.search(text) is not None), (pattern, text, searched)
        assert matches(whole, text) == (compiled.fullmatch(text) is not None), (pattern, text, whole)


@settings(max_examples=4 * settings.default.max_examples)
@given(PLAIN | ASSERTING, st.lists(TEXTS, min_size=3, max_size=8))
@example("(^a|b)c", ["ac", "bac", "bc"])
@example("^a|b$", ["ax", "xa", "xb", "b"])
@example("a$", ["a\n", "a\n\n", "a", "ab"])
@example(r"(?:\b\w+\b ?)+", ["ab ab", "a", " "])
@example(r"(?:^a|b$|\b)*", ["abab", "a", "b"])
def test_anchors_are_those_of_re(pattern: str, texts: list[str]) -> None:
    _agrees(pattern, ["", "\n", *texts], Dialect.PYTHON)


@settings(max_examples=4 * settings.default.max_examples)
@given(LOOKING, st.lists(TEXTS, min_size=3, max_size=8))
@example("(?:(?!ab).)*", ["aab", "ba", "bb", "ab"])
@example("^(?:(?!ab)[ab])*$", ["aab", "ba", "bb", "ab", "bba\n"])
@example("^(?:(?!ab)[ab]){2,3}a$", ["aab", "baa", "bba", "abaa"])
@example("(?=.*1)(?=.*A)[1A]{2,}", ["1A", "A1", "11"])
@example("^(?:(?!11)[1a]{2})+$", ["1a", "11", "a1a1", "1a11"])
def test_lookaheads_are_those_of_re(pattern: str, texts: list[str]) -> None:
    try:
        parse(pattern, Dialect.PYTHON)
        parse(pattern, Dialect.PYTHON, full_match=True)
    except GrammarError as error:
        assert "repet" in str(error)  # said by name, not guessed
        assume(False)
    except LimitError:
        assume(False)
    _agrees(pattern, ["", *texts], Dialect.PYTHON)


@settings(max_examples=2 * settings.default.max_examples)
@given(st.recursive(
    st.sampled_from(["a", "b", "_", "1", "é", "[ab]", "[^a]", r"\n", "[a-]", "ab"]) | st.sampled_from(["^", r"\b", r"\B"]),
    _grow, max_leaves=6), st.lists(st.text("ab_1-\n", max_size=6), min_size=3, max_size=8))  # fmt: skip
def test_the_common_subset_means_the_same_in_every_dialect(pattern: str, texts: list[str]) -> None:
    pattern = pattern.replace("^", "(?:^)")  # ECMA-262 repeats no bare assertion
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        compiled = re.compile(pattern)
    for dialect in Dialect:
        searched = parse(pattern, dialect)
        for text in filter(None, texts):  # (\B on the empty text differs)
            assert matches(searched, text) == (compiled.search(text) is not None), (dialect, pattern, text)


# pattern, texts that match, texts that do not
ECMA_CASES: list[tuple[str, list[str], list[str]]] = [
    ("^a|b$", ["a", "ax", "b", "xb"], ["xa", "bx", ""]),
    ("$a", [], ["a", "", "\na"]),
    ("a$", ["a", "ba"], ["a\n", "ab"]),
    ("^.$", ["a", "é", "\u0085", "\U0001f600"], ["\n", "\r", "\u2028", "\u2029", "", "ab"]),
    (r"^\d$", ["0", "9"], ["\u0663", "a"]),
    (r"^\w$", ["a", "_", "0"], ["é", "-"]),
    (r"^\s$", [" ", "\ufeff", "\u00a0", "\u2003", "\u2028", "\v"], ["\x85", "a", "\x1c"]),
    (r"^\S$", ["\x85", "a"], [" ", "\ufeff"]),
    (r"^\/\-\_\:\@\!$", ["/-_:@!"], ["/"]),
    (r"^a{,5}$", ["a{,5}"], ["aaa"]),
    (r"^a{2$", ["a{2"], ["aa"]),
    (r"^{a}$", ["{a}"], ["a"]),
    (r"^x{2}y{1,}z{0,1}$", ["xxy", "xxyyz"], ["xy", "xxz"]),
    (r"^]$", ["]"], ["["]),
    (r"^[]$", [], ["", "a"]),
    (r"^[^]$", ["\n", "a"], ["", "ab"]),
    (r"^[\b]$", ["\b"], ["b"]),
    (r"^[a-\d]$", ["a", "-", "5"], ["b"]),
    (r"^[\w-.]$", ["a", "-", "."], ["/"]),
    (r"^\cJ$", ["\n"], ["J", "cJ"]),
    (r"^\c$", ["\\c"], ["c"]),
    (r"^\0$", ["\0"], ["0"]),
    (r"^\1$", ["\x01"], ["1"]),
    (r"^\101$", ["A"], []),
    (r"^\x41\u0042\u{43}$", ["ABC"], ["abc"]),
    (r"^\xZ\u12$", ["xZu12"], []),
    (r"^\uD83D\uDE00$", ["\U0001f600"], []),
    (r"^[\uD83D\uDE00-\uD83D\uDE02]$", ["\U0001f601"], ["\U0001f603"]),
    (r"^\ud800$", [], ["\ufffd", ""]),
    (r"^\p{Lu}\p{Letter}\P{L}$", ["Aé1"], ["aé1", "Aéb"]),
    (r"^\p{Zs}$", [" ", "\u3000"], ["\t"]),
    (r"^[\p{L}\p{Nd}_]+$", ["é\u0663_"], ["-"]),
    (r"^\p{General_Category=Decimal_Number}$", ["5"], ["a"]),
    (r"^(?<year>\d{4})-(?<month>\d\d)$", ["2024-05"], ["24-05"]),
    (r"^(?i:abc)D$", ["AbCD", "abcD"], ["abcd"]),
    (r"^(?i:k)$", ["k", "K", "\u212a"], ["x"]),
    (r"^(?i:ß)$", ["ß", "\u1e9e"], ["ss", "SS"]),
    (r"^(?:(?!foo).)*$", ["", "fo", "barfo"], ["foo", "xfoox", "a\n"]),
    (r"^(?!.*--)[a-z-]+(?<!x)?$".replace("(?<!x)?", ""), ["a-b"], ["a--b", ""]),
    (r"^(?=.*\d)(?=.*[a-z]).{4,8}$", ["abc1", "1234567a"], ["abcd", "1234", "a1"]),
    (r"^(?!(?:con|nul)$)\w+$", ["conx", "a"], ["con", "nul"]),
    (r"foo(?=bar)", ["foobar", "xfoobarx"], ["foo", "foobaz"]),
    (r"foo(?!bar)", ["foo", "foobaz", "foobarfoo"], ["foobar"]),
    (r"\bfoo\b", ["foo", "a foo b", "-foo-", "éfoo"], ["food", "afoo", "foo_"]),
    (r"\Boo\b", ["foo", "oo foo"], ["oo", "ood"]),
    (r"^https?://[a-z.]+\.[a-z]{2,6}\b([-a-z/]*)$", ["http://a.shop/x", "http://a.b.shop"], ["http://a.shopxyz"]),
    (r"^(a|b|)$", ["a", "b", ""], ["c"]),
    (r"(^|,)a(,|$)", ["a", "b,a", "a,b", "x,a,y"], ["ba", "ab"]),
    (r"^(?:a*)*$", ["", "aaa"], ["b"]),
    (r"^(?:a|b?)+$", ["", "ab"], ["c"]),
    (r"", ["", "x"], []),
    (r"^$", [""], ["x", "\n"]),
    (r"^(?=a)*b$", ["b"], ["ab"]),
    (r"\$\^\.\*", ["$^.*"], ["$"]),
]


@pytest.mark.parametrize(("pattern", "inside", "outside"), ECMA_CASES, ids=[case[0] for case in ECMA_CASES])
def test_ecma(pattern: str, inside: list[str], outside: list[str]) -> None:
    expr = parse(pattern, Dialect.ECMA)
    assert [text for text in inside if not matches(expr, text)] == []
    assert [text for text in outside if matches(expr, text)] == []


RUST_CASES: list[tuple[str, list[str], list[str]]] = [
    (r"^\d$", ["5", "\u0663"], ["a"]),
    (r"^\w$", ["é", "\u0301", "_", "\u200d"], ["-", "\u00b2"]),
    (r"^(?-u)\w$", ["a"], ["é"]),
    (r"^\s$", ["\x85", "\u00a0"], ["\x1c", "\ufeff"]),
    (r"^.$", ["\r", "\u2028"], ["\n"]),
    (r"^a$", ["a"], ["a\n"]),
    (r"\Aa\z", ["a"], ["a\n", "ba"]),
    (r"^[a-z&&[^aeiou]]$", ["b"], ["a", "B"]),
    (r"^[a-z--[b-d]]$", ["a", "e"], ["b"]),
    (r"^[a-c~~b-d]$", ["a", "d"], ["b", "c"]),
    (r"^[[:alpha:][:digit:]]+$", ["a1"], ["-"]),
    (r"^[[:^alpha:]]$", ["1", "é"], ["a"]),
    (r"^[[a-c]x[0-9]]$", ["b", "x", "5"], ["[", "]"]),
    (r"^[]a]$", ["]", "a"], []),
    (r"^(?P<x>a)(?<y>b)$", ["ab"], []),
    (r"^(?i)abc$", ["ABC"], []),
    (r"^a(?i)b$", ["ab", "aB"], ["AB"]),
    (r"^(?x) a  b # comment" + "\n$", ["ab"], ["a  b"]),
    (r"^(?m:^b$)$", ["b"], ["a\nb"]),
    (r"(?m)^b$", ["a\nb\nc", "b"], ["ab"]),
    (r"^\pL\p{Greek}?$".replace(r"\p{Greek}?", ""), ["é"], ["1"]),
    (r"^\x{41}\u{42}\x43\U00000044$", ["ABCD"], []),
    (r"^a**b$", ["aab", "b"], ["a"]),
    (r"^a{ 1, 2 }$", ["a", "aa"], ["aaa"]),
]


@pytest.mark.parametrize(("pattern", "inside", "outside"), RUST_CASES, ids=[case[0] for case in RUST_CASES])
def test_rust(pattern: str, inside: list[str], outside: list[str]) -> None:
    expr = parse(pattern, Dialect.RUST)
    assert [text for text in inside if not matches(expr, text)] == []
    assert [text for text in outside if matches(expr, text)] == []


PYTHON_PATTERNS = [
    r"(?i)straße|ſ", r"(?i)[^k]", r"(?i)[a-c]x", r"(?a)\w\d\s", r"\N{LATIN SMALL LETTER A}", r"(?x) a b # c", r"(?P<n>a)(?#x)b",
    r"\x41\u0042\U00000043", r"\012\0\101", r"[\b]", r"[]a]", r"[^]a]", r"a{,2}b", r"a{x", r"(?m)^a$", r"(?s)a.b", r"(?-i:a)",
    r"(?i)(?m)^A$", r"[\d\-x]", r"\-\/", r"(?im-s:^a.$)", r"(?i)ı|İ|i", r"(?i)\u0390", r"(?i)[\u1e9e]",
]  # fmt: skip


@pytest.mark.parametrize("pattern", PYTHON_PATTERNS)
def test_python_syntax(pattern: str) -> None:
    texts = ["a", "b", "A", "ab", "aab", "AB", "STRASSE", "STRAßE", "STRAẞE", "s", "S", "ſ", "k", "K", "\u212a", "Ax", "é1 ",
             "a1 ", "\u0663", "ABC", "\n\0A", "\b", "]", "^", "a{x", "a\nb", "\na\n", "-", "-/", "x", "i", "I", "ı", "İ", "ΐ",
             "\u1fd3", "ß", "ẞ", "\x01", "", "\n"]  # fmt: skip
    _agrees(pattern, texts, Dialect.PYTHON)


REFUSED: list[tuple[str, Dialect, str, int]] = [
    (r"a(?<=b)", Dialect.ECMA, "lookbehind", 2),
    (r"a(?<!b)", Dialect.PYTHON, "lookbehind", 2),
    (r"(a)\1", Dialect.ECMA, "backreferences", 4),
    (r"(a)\1", Dialect.PYTHON, "backreferences", 4),
    (r"(a)\1", Dialect.RUST, "backreferences", 4),
    (r"(?<n>a)\k<n>", Dialect.ECMA, "backreferences", 8),
    (r"(?P<n>a)(?P=n)", Dialect.PYTHON, "backreferences", 9),
    (r"x(?>a)", Dialect.PYTHON, "atomic", 2),
    (r"(a)?(?(1)b|c)", Dialect.PYTHON, "conditional", 5),
    (r"a++", Dialect.PYTHON, "possessive", 3),
    (r"(?=a)", Dialect.RUST, "no lookahead", 1),
    (r"\p{Script=Greek}", Dialect.ECMA, "scripts", 1),
    (r"a(", Dialect.ECMA, "expected ')'", 2),
    (r"a)", Dialect.ECMA, "open group", 2),
    (r"[a", Dialect.ECMA, "expected ']'", 1),
    (r"a\\\\"[:-1][:2], Dialect.ECMA, "after the backslash", 2),
    (r"*a", Dialect.ECMA, "something to repeat", 1),
    (r"a**", Dialect.ECMA, "quantifier after a quantifier", 4),
    (r"^*", Dialect.ECMA, "assertion", 1),
    (r"a{3,2}", Dialect.ECMA, "in order", 2),
    (r"[b-a]", Dialect.ECMA, "in order", 2),
    (r"(?i)a", Dialect.ECMA, "(?i:...)", 1),
    (r"a(?i)b", Dialect.PYTHON, "only at its start", 2),
    (r"\q", Dialect.PYTHON, "known escape", 1),
    (r"a{x", Dialect.RUST, "expected a count", 2),
    (r"(?P<n>a)(?P<n>b)", Dialect.PYTHON, "redefinition", 13),
    ("a\nb(?<=c)", Dialect.ECMA, "lookbehind", 2),
]


@pytest.mark.parametrize(
    ("pattern", "dialect", "words", "column"), REFUSED, ids=[f"{r[1].name}-{r[0]}" for r in REFUSED]
)
def test_what_cannot_be_said_is_refused_by_name(pattern: str, dialect: Dialect, words: str, column: int) -> None:
    with pytest.raises(GrammarError, match=re.escape(words)) as caught:
        parse(pattern, dialect)
    assert caught.value.column == column
    assert caught.value.line == pattern.count("\n") + 1
    assert str(caught.value).endswith("^")


@pytest.mark.parametrize(
    ("pattern", "limit"),
    [
        ("(" * 100_000, "pattern length"),
        ("(" * 30_000 + "a" + ")" * 30_000, "pattern nesting"),
        ("(?:" * 201 + "a" + ")" * 201, "pattern nesting"),
        ("(^" * 150 + "a" + ")*" * 150, "nested assertions"),
        ("(?=" * 150 + "a" + ")" * 150, "nested assertions"),
        ("a" * 65_537, "pattern length"),
        ("a{9999999}", "quantifier"),
        ("(^a){9999}", "copies"),
        ("(?=.*a)" * 150, "lookaheads"),
        ("(?:(?=ab)a|b|cde){200}", "lookaheads"),
        ("(?:(?=ab)a|b|cde){0,200}", "lookaheads"),
        (r"(?:(\b|x)(\b|y)(\B|z)(\b|\w+))" * 60, "pattern size"),
    ],
)
def test_hostile_patterns_meet_a_limit(pattern: str, limit: str) -> None:
    with pytest.raises(LimitError) as caught:
        parse(pattern, Dialect.ECMA)
    assert caught.value.limit == limit


def test_large_patterns_inside_the_limits() -> None:
    assert matches(parse("(?:" * 200 + "a" + ")*" * 200, Dialect.ECMA, full_match=True), "aaa")
    assert parse("(?:x|" * 200 + "a" + "b)+" * 200, Dialect.ECMA, full_match=True)
    assert matches(parse("(?:x|" * 50 + "a" + "b)+" * 50, Dialect.ECMA, full_match=True), "x" + "b" * 9)
    assert matches(parse("a" * 60_000, Dialect.ECMA, full_match=True), "a" * 60_000)
    words = "|".join(f"word{i}" for i in range(5000))
    assert matches(parse(f"^({words})$", Dialect.ECMA), "word4999")


@settings(max_examples=4 * settings.default.max_examples)
@given(st.text("ab()[]{}|*+?^$.\\-,:=!<>#&~1dwbBkpPxu", max_size=14), st.sampled_from(Dialect))
def test_any_text_is_read_or_refused(pattern: str, dialect: Dialect) -> None:
    try:
        parse(pattern, dialect)
    except (GrammarError, LimitError):
        return
    if dialect is Dialect.PYTHON:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            re.compile(pattern)
