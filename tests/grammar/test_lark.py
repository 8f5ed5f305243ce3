"""Lark grammars: what lark reads is held, errors say where, types stand in them."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from pydantic import BaseModel

import typeloom as tl
from typeloom.testing import byte_vocabulary

SUMS = r"""
start: sum
?sum: sum "+" product | product
?product: product "*" atom | atom
?atom: NUMBER | "(" sum ")" | ESCAPED_STRING
%import common (NUMBER, WS, ESCAPED_STRING)
%ignore WS
"""


def accepts(grammar: tl.Lark, text: str) -> bool:
    return tl.compile(grammar, byte_vocabulary()).accepts(text)


@pytest.mark.parametrize("text", ["1", " 1 + 2*3 ", "(1+2)*(3)", r'"a\"b" + "\\"', "1.5e-3"])
def test_what_the_grammar_says_is_accepted_and_parsed(text: str) -> None:
    assert accepts(tl.Lark(SUMS), text)
    assert tl.Lark(SUMS).parse(text).data == "start"


@pytest.mark.parametrize("text", ["", "1 +", "(1", "1 2", '"a"b"', '"\\"', "x"])
def test_what_it_does_not_say_is_refused(text: str) -> None:
    assert not accepts(tl.Lark(SUMS), text)
    with pytest.raises(tl.GrammarError):
        tl.Lark(SUMS).parse(text)


def test_a_tree_is_found_of_every_text_that_is_accepted() -> None:
    grammar = tl.Lark('start: A+ "a"\nA: /a+b?/')
    assert accepts(grammar, "aaba")
    assert accepts(grammar, "aaa")
    assert [str(token) for token in grammar.parse("aaba").children] == ["aab"]
    assert "".join(str(token) for token in grammar.parse("aaa").children) == "aa"


def test_flags_ranges_templates_and_repeats_are_held() -> None:
    grammar = tl.Lark(
        r"""
        start: _list{WORD} "!"i~2..3
        _list{item}: item ("," item)*
        WORD: "a".."f" | /x\d/i
        """
    )
    assert accepts(grammar, "a,X7,c!!")
    assert not accepts(grammar, "a,g!!")
    assert not accepts(grammar, "a!")


def test_a_file_is_read_with_what_it_imports(tmp_path: Path) -> None:
    (tmp_path / "words.lark").write_text("WORD: /[a-z]+/\n")
    (tmp_path / "main.lark").write_text("start: WORD\n%import .words.WORD\n")
    assert accepts(tl.Lark(tmp_path / "main.lark"), "abc")
    with pytest.raises(tl.GrammarError, match=r"path of a \.lark file"):
        tl.Lark(tmp_path / "none.lark").read()


def test_types_and_schemas_stand_in_a_grammar() -> None:
    class Item(BaseModel):
        name: Literal["bolt", "nut"]
        count: int

    grammar = tl.Lark(
        'start: "order " ITEM (" and " %json{"type": "integer", "minimum": 3})? CODE\n%declare ITEM CODE',
        bindings={"ITEM": Item, "CODE": tl.Regex(r"#\d{2}")},
    )
    assert accepts(grammar, 'order {"name":"nut","count":4}#12')
    assert accepts(grammar, 'order {"name":"bolt","count":-1} and 7#00')
    assert not accepts(grammar, 'order {"name":"screw","count":4}#12')
    assert not accepts(grammar, 'order {"name":"nut","count":4} and 2#12')


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("start: a", "used but not defined"),
        ('start: "a" (', "line 1, column 13"),
        ("start: /a(/", r"expected '\)'"),
        ("start: start", "none"),
        ("start: /(?<!a)b/", "lookbehind"),
        (r"start: /(a)\1/", "backreference"),
        ("start: X\n%declare X", "not bound"),
        ('start: %json{"a": }', "JSON Schema"),
        ('begin: "a"', "start"),
    ],
)
def test_what_is_wrong_with_a_grammar_is_said(text: str, says: str) -> None:
    with pytest.raises(tl.GrammarError, match=says):
        tl.compile(tl.Lark(text), byte_vocabulary())


@pytest.mark.parametrize(
    ("pattern", "good", "bad"),
    [
        (r"/\/\*(.|\n)*?\*\//", ["/**/", "/* a\n */", "/*/ */"], ["/* a */ b */", "/*/", "/* a */ */"]),
        (r'/".*?"/', ['""', '"a"'], ['"a"b"', '"']),
        (r"/a{2}.+?b/", ["aaab", "aabb", "aaxb"], ["aab", "aaxbb"]),
        (r"/[*?]+x/", ["*x", "?*x"], ["x"]),
    ],
)
def test_a_lazy_repetition_takes_the_shortest_text(pattern: str, good: list[str], bad: list[str]) -> None:
    grammar = tl.Lark(f"start: T\nT: {pattern}")
    for text in good:
        assert accepts(grammar, text), text
        grammar.parse(text)
    for text in bad:
        assert not accepts(grammar, text), text
        with pytest.raises(tl.GrammarError):
            grammar.parse(text)


def test_a_greedy_repetition_behind_a_lazy_one_is_refused_where_the_order_is_not_read() -> None:
    with pytest.raises(tl.GrammarError, match="behind a lazy one"):
        tl.Lark("start: /(?=a)a.*?b+/").read()


@pytest.mark.parametrize(
    ("terminal", "good", "bad"),
    [
        ("/a|ab/", ["a"], ["ab"]),
        ("/ab|a/", ["a", "ab"], ["b"]),
        ('"a" | "ab"', ["a", "ab"], ["b"]),  # lark puts the longer one first
        ("/ba?(ab)?/", ["b", "ba", "baab"], ["bab"]),
        ("/a.*?b+/", ["ab", "aabb", "acb"], ["abcb", "a"]),
        ("/(A|a(b|bc))d?/i", ["a", "AD"], ["ab", "abc", "abd"]),
        ("/2|[12]?[0-9]/", ["2", "13", "5"], ["23"]),
        ("/x(.|\\n)*?y/s", ["xy", "x\ny"], ["xyy"]),
    ],
)
def test_alternatives_of_a_terminal_are_tried_in_order(terminal: str, good: list[str], bad: list[str]) -> None:
    grammar = tl.Lark(f"start: T\nT: {terminal}")
    for text in good:
        assert accepts(grammar, text), text
        grammar.parse(text)
    for text in bad:
        assert not accepts(grammar, text), text
        with pytest.raises(tl.GrammarError):
            grammar.parse(text)


COMMENTS = r"""
start: WORD+ ITEM?
WORD: /[a-z]+/
%declare ITEM
%ignore /[ \n]+|#[^\n]*/
"""


def test_what_is_ignored_is_a_whole_match() -> None:
    parser = tl.Lark(COMMENTS.replace("%declare ITEM", 'ITEM: "{}"'))
    grammar = tl.Lark(COMMENTS, bindings={"ITEM": dict[Literal["a"], int]})
    for text in ("one # two\nthree", "one#", "# one\n# two\nthree{}", "one\n#{}", "one two {}#", " # \n one"):
        assert accepts(grammar, text), text
        parser.parse(text)
    for text in ("# only", "#", "one # {}x\n{}a", " ", "{}"):
        assert not accepts(grammar, text), text
        with pytest.raises(tl.GrammarError):
            parser.parse(text)


def test_a_terminal_may_begin_with_what_is_ignored() -> None:
    grammar = tl.Lark('start: WORD (COMMA WORD)* "."\nWORD: /[a-z]+/\nCOMMA: / ?,/\n%ignore " "\n%ignore /\\t+/')
    for text in ("a.", "a , b.", "a,b.", " a\t\t,b . ", "a \t ,b."):
        assert accepts(grammar, text), text
        grammar.parse(text)
    assert not accepts(grammar, "a , , b.")


def test_json_that_only_now_and_then_lengthens_what_is_ignored_is_refused() -> None:
    with pytest.raises(tl.GrammarError, match="character of its own"):
        tl.Lark("start: ITEM\n%declare ITEM\n%ignore /#[0-9 ]*/", bindings={"ITEM": int}).read()


def test_an_order_that_takes_too_many_states_is_refused_by_name() -> None:
    with pytest.raises(tl.LimitError, match="longer alternatives in front"):
        tl.Lark("start: /[ab]*a[ab]{12}(c|cd)/").read()
    assert accepts(tl.Lark("start: /[ab]*a[ab]{12}(cd|c)/"), "a" * 13 + "c")


def test_colliding_terminals_are_shown_with_a_text_that_both_match() -> None:
    remarks = tl.Lark('start: WORD | IF\nWORD: /[a-z]+/\nIF: "if"').remarks()
    assert any("WORD" in remark and "IF" in remark and "'if'" in remark for remark in remarks)


def test_a_regular_expression_is_a_source_of_its_own() -> None:
    constraint = tl.compile(tl.Regex(r"(?i)ab|c\d{2,}"), byte_vocabulary())
    assert constraint.accepts("AB")
    assert constraint.accepts("c123")
    assert not constraint.accepts("abc12")
    assert not constraint.accepts("xab")
    assert constraint.min_tokens == 2
    with pytest.raises(tl.GrammarError, match="column 3"):
        tl.compile(tl.Regex("ab("), byte_vocabulary())
    with pytest.raises(tl.GrammarError, match="dialect"):
        tl.compile(tl.Regex("a", dialect="perl"), byte_vocabulary())  # type: ignore[arg-type]
