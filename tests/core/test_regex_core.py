"""The C++ expression table: its own laws, and membership against Python's `re` on generated patterns."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

ROOT = Path(__file__).parents[2]
COMPILER = shutil.which("g++") or shutil.which("c++") or shutil.which("clang++")

pytestmark = pytest.mark.skipif(COMPILER is None, reason="no C++ compiler")


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("regex_core") / "test_regex"
    sources = [ROOT / "tests/core/test_regex.cc", ROOT / "src/core/regex.cc"]
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
    return f"(?:{pattern}){{{low},{'' if high is None else high}}}", f"* {low} {'inf' if high is None else high} {prefix}"


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


@settings(max_examples=60, deadline=None)
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
