"""The C++ expression table: its own laws, and membership against Python's `re` on generated patterns."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from typeloom.regex.expr import Alternate, Chars, Complement, Concat, Conjoin, Expr, Literal, Literals, Repeat
from typeloom.regex.parse import Dialect, parse

ROOT = Path(__file__).parents[2]
COMPILER = shutil.which("g++") or shutil.which("c++") or shutil.which("clang++")

pytestmark = pytest.mark.skipif(COMPILER is None, reason="no C++ compiler")


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("regex_core") / "test_regex"
    core = ("regex.cc", "document.cc", "suffix_array.cc")
    sources = [ROOT / "tests/core/test_regex.cc", *(ROOT / "src/core" / name for name in core)]
    command = [str(COMPILER), "-std=c++17", "-O1", "-Wall", "-Wextra", "-Werror", f"-I{ROOT / 'src/core'}"]
    subprocess.run([*command, *map(str, sources), "-o", str(out)], check=True)
    return out


def test_laws_of_the_table(program: Path) -> None:
    done = subprocess.run([program], check=False, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    word, checks = done.stdout.split()
    assert word == "ok"
    assert int(checks) > 1_000_000


ALPHABET = "abcé€😀\n"
Pair = tuple[str, str]  # the pattern for `re`, the expression in prefix notation


def _literal(text: str) -> Pair:
    return re.escape(text), f"l {text.encode().hex() or '-'}"


def _class(letters: frozenset[str]) -> Pair:
    ranges = ",".join(f"{ord(c):x}-{ord(c):x}" for c in sorted(letters))
    return "[" + "".join(map(re.escape, sorted(letters))) + "]", f"c {ranges}"


def _repeat(case: tuple[Pair, int, int | None]) -> Pair:
    (pattern, prefix), low, more = case
    high = None if more is None else low + more
    return (
        f"(?:{pattern}){{{low},{'' if high is None else high}}}",
        f"* {low} {'inf' if high is None else high} {prefix}",
    )


def _concat(parts: list[Pair]) -> Pair:
    return "".join(f"(?:{p})" for p, _ in parts), f". {len(parts)} " + " ".join(e for _, e in parts)


def _alternate(parts: list[Pair]) -> Pair:
    return "|".join(f"(?:{p})" for p, _ in parts), f"| {len(parts)} " + " ".join(e for _, e in parts)


def _conjoin(pair: tuple[Pair, Pair]) -> Pair:
    """`re` says X & Y as a lookahead for all of X, then Y; used at the top only."""
    (x, ex), (y, ey) = pair
    return rf"(?=(?:{x})\Z)(?:{y})", f"& 2 {ex} {ey}"


def _without(pair: tuple[Pair, Pair]) -> Pair:
    (x, ex), (y, ey) = pair
    return rf"(?!(?:{x})\Z)(?:{y})", f"& 2 ~ {ex} {ey}"


ATOMS = (
    st.text(ALPHABET, max_size=3).map(_literal)
    | st.frozensets(st.sampled_from(ALPHABET), min_size=1).map(_class)
    | st.just(("(?s:.)", "c 0-10ffff"))
)
PLAIN = st.recursive(
    ATOMS,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3).map(_concat)
        | st.lists(inner, min_size=1, max_size=3).map(_alternate)
        | st.tuples(inner, st.integers(0, 3), st.none() | st.integers(0, 3)).map(_repeat)
    ),
    max_leaves=6,
)
EXPRESSIONS = PLAIN | st.tuples(PLAIN, PLAIN).map(_conjoin) | st.tuples(PLAIN, PLAIN).map(_without)


@given(st.lists(st.tuples(EXPRESSIONS, st.lists(st.text(ALPHABET, max_size=7), min_size=8, max_size=20)), max_size=20))
def test_membership_is_that_of_re(program: Path, cases: list[tuple[Pair, list[str]]]) -> None:
    lines: list[str] = []
    expected: list[str | None] = []
    for (pattern, prefix), texts in cases:
        lines.append(f"E {prefix}")
        expected.append(None)
        for text in texts:
            lines.append(f"T {text.encode().hex() or '-'}")
            expected.append(str(int(re.fullmatch(pattern, text) is not None)))
    given_lines = "\n".join(lines) + "\n"
    done = subprocess.run([program, "-"], check=False, input=given_lines, capture_output=True, text=True, timeout=120)
    answers = done.stdout.splitlines()
    assert len(answers) == len(lines), done.stdout[-500:]
    for line, answer, want in zip(lines, answers, expected, strict=True):
        assert want is None or answer == want, (line, answer, want, cases)


def test_the_protocol_reports_lengths(program: Path) -> None:
    text = "E & 2 * 3 5000 . 2 l 61 * 0 1 l 62 # 2 9\nP\nE & 2 l 61 ~ l 61\nP\nE # 0 inf\nP\n"
    done = subprocess.run([program, "-"], check=False, input=text, capture_output=True, text=True, timeout=60)
    assert done.stdout.splitlines()[1::2] == ["0 0 0 3 9 3", "1 0 0 inf 0 inf", "0 1 1 0 inf 0"]


def _prefix(expr: Expr) -> str:
    """The expression in the notation of the line protocol."""
    match expr:
        case Chars(ranges):
            return "c " + ",".join(f"{low:x}-{high:x}" for low, high in ranges)
        case Literal(text):
            return f"l {text.encode().hex() or '-'}"
        case Literals(texts):
            return f"L {len(texts)} " + " ".join(text.encode().hex() or "-" for text in texts)
        case Concat(parts) | Alternate(parts) | Conjoin(parts):
            sign = {Concat: ".", Alternate: "|", Conjoin: "&"}[type(expr)]
            return f"{sign} {len(parts)} " + " ".join(map(_prefix, parts))
        case Complement(part):
            return f"~ {_prefix(part)}"
        case Repeat(part, minimum, maximum):
            return f"* {minimum} {'inf' if maximum is None else maximum} {_prefix(part)}"


PATTERNS = [
    r"^(?!.*--)[a-z-]{1,63}$", r"(?=.*\d)(?=.*[a-z]).{4,8}", r"\bab\b", r"\Bb", r"^(?:(?!ab).)*$", r"(^|,)a(,|$)",
    r"^[^\u00e9]?\u20ac{2,}$", r"^(?:a|ab)(?:c|bcd)?$", r"a(?!b)", r"^(?i:straße|ß)$", r"^\p{L}+$",
    r"^(?!(?:ab|a1)$)\w+$",
]  # fmt: skip


@settings(max_examples=settings.default.max_examples // 2)
@given(st.lists(st.text("abcd1,-_ é€ßSs\n😀", max_size=9), min_size=10, max_size=40))
def test_parsed_patterns_step_as_re_matches(program: Path, texts: list[str]) -> None:
    lines: list[str] = []
    expected: list[str | None] = []
    for pattern in PATTERNS:
        lines.append(f"E {_prefix(parse(pattern, Dialect.ECMA))}")
        expected.append(None)
        ours = pattern.replace(r"\p{L}", r"[^\W\d_]")
        flags = 0 if ours != pattern else re.ASCII
        for text in texts:
            if "\n" in text or ("i:" in pattern and "ß" in text):
                continue  # `$` and case folding differ between the dialects there
            lines.append(f"T {text.encode().hex() or '-'}")
            expected.append(str(int(re.search(ours, text, flags) is not None)))
    given_lines = "\n".join(lines) + "\n"
    done = subprocess.run([program, "-"], check=False, input=given_lines, capture_output=True, text=True, timeout=120)
    for line, answer, want in zip(lines, done.stdout.splitlines(), expected, strict=True):
        assert want is None or answer == want, (line, answer, want)
