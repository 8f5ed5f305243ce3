"""The direct reader of everyday grammars: it reads what lark reads, and leaves to lark what it does not know."""

from __future__ import annotations

import pytest

import typeloom as tl
from typeloom.grammar.lark import _as_loaded, _parser_of
from typeloom.grammar.lark_text import Pattern, load

TERMINALS = r"""
start: (A|B|C|D|E|F|G|ESCAPED_STRING|NUMBER|WORD)+ // all of them
A: "a\n\"\\" /[\/\]"\x41]+/ "z"i
B: "q" A? | ("x".."z")~2..3 A | /\d/i
C: [A] "," | /a|b/ /c/
D.2: (/\.\t\\/)~2
E: "+" | "(" "[" | ")]" | "-"
F: /a#b&c~/ /é\u00e9/
G: "http://x" /x\/\/y/
%import common (ESCAPED_STRING, NUMBER)
%import common.WORD
"""


def letters(pattern: Pattern) -> list[str]:
    """lark sorts alternatives, by which no text is won or lost."""
    return sorted(pattern.as_expression().replace("i:", ""))


def test_terminals_are_composed_as_lark_composes_them() -> None:
    ours = load(TERMINALS, "start")
    theirs = _as_loaded(_parser_of(TERMINALS, "start", None))
    assert ours is not None
    for name, pattern in theirs.terminals.items():
        found = ours.terminals[name]
        assert found is not None
        assert pattern is not None
        assert letters(found) == letters(pattern), name


@pytest.mark.parametrize(
    "text",
    [
        'start: pair{"a"}\npair{x}: x x',
        "start: WORD\n%import .words.WORD",
        'start: a\na: "a"\n%extend a: "b"',
        "start: a",
        'start: "a"\nstart: "b"',
        'start: "a" (',
        'start: ("a"\n"b")',
        'start: "a" ?b\nb: "c"',
        'start: A\nA: B\nB: A "b"',
        'start: A\nA: b\nb: "b"',
        'start: "a"~51',
        "start: A -> B\nA: /a/",
        'start: "a" # shell comment',
        "start: " + "(" * 60 + '"a"' + ")" * 60,
        'begin: "a"',
        'start: "a',
        "",
    ],
)
def test_everything_else_is_left_to_lark(text: str) -> None:
    assert load(text, "start") is None


@pytest.mark.parametrize("name", tl.grammars.names())
def test_shipped_grammars_are_read_directly(name: str) -> None:
    assert load(tl.grammars.load(name).text(), "start") is not None


def test_lines_comments_and_bars_go_together_as_in_lark() -> None:
    text = 'start: "a" // first\n\n  // second\n  | "b" -> b\r\n     | c "d"?\n!?c.2: "c"~2 | [ "e" ]\n%ignore " "'
    ours = load(text, "start")
    assert ours is not None
    assert ours.rules["start"] == [[('"a"', 1, 1)], [('"b"', 1, 1)], [("c", 1, 1), ('"d"', 0, 1)]]
    assert ours.rules["c"] == [[('"c"', 2, 2)], [('"e"', 0, 1)]]
    assert len(ours.ignored) == 1
