"""GBNF: the notation of llama.cpp, and an error with a place for each way to get it wrong."""

from __future__ import annotations

import pytest

import typeloom as tl
from typeloom.testing import byte_vocabulary


def accepts(grammar: str, text: str) -> bool:
    return tl.compile(tl.Gbnf(grammar), byte_vocabulary()).accepts(text)


@pytest.mark.parametrize(
    ("grammar", "good", "bad"),
    [
        ('root ::= "a" | "b"', ["a", "b"], ["", "ab"]),
        ('root ::= ("x" y)+ # comment\ny ::= [0-9]{2,3}', ["x12", "x12x123"], ["x1", "x1234"]),
        ('root ::= item*\nitem ::= "é" | [^a-z\\n]', ["", "éA1"], ["a", "\n"]),
        ('root ::= "a"\n  | "b" (\n "c"\n )?', ["a", "b", "bc"], ["c"]),
        ('root ::= root "+" n | n\nn ::= [1-9] [0-9]*', ["1", "10+2+3"], ["+", "1+", "01"]),
        ('root ::= "\\x41\\u00e9\\U0001F600\\"\\\\" .', ['Aé😀"\\!'], ["A"]),
        ('root ::= a{2} a{0,2}\na ::= "x" | "y"', ["xy", "xyxy"], ["x", "xyxyx"]),
        ('root ::= [\\]\\-a^]+', ["]-a^"], ["b"]),
        ("root ::= [^\\x00-\\x1f]", ["é", " "], ["\x01"]),
        ('root ::= ""', [""], ["a"]),
    ],
)
def test_texts_of_a_grammar(grammar: str, good: list[str], bad: list[str]) -> None:
    for text in good:
        assert accepts(grammar, text), text
    for text in bad:
        assert not accepts(grammar, text), text


MALFORMED = [
    "", "root", "root ::", "root := 'a'", "::= \"a\"", "root ::= (", "root ::= )", 'root ::= ("a"', 'root ::= "a',
    'root ::= "a\nb"', "root ::= [a", "root ::= [a-", "root ::= [z-a]", 'root ::= "\\q"', 'root ::= "\\x4"',
    'root ::= "\\u12"', 'root ::= "\\U00110000"', 'root ::= "\\ud800"', "root ::= *", "root ::= +", "root ::= ?",
    "root ::= {2}", 'root ::= "a"{', 'root ::= "a"{}', 'root ::= "a"{x}', 'root ::= "a"{3,2}', 'root ::= "a"{1,2,3}',
    'root ::= "a"{1', "root ::= other", 'other ::= "a"', 'root ::= "a"\nroot ::= "b"', 'root ::= "a" b ::= "c"',
    "root ::= 'a'", "root ::= a$b", "root ::= root", "root ::= a\na ::= b\nb ::= a", "root ::= <think>",
    'root ::= "a" @', "root ::= [", "root ::= \\n", 'root ::= ("a" | ("b" | "c")', 'root ::= "a" |* "b"',
]  # fmt: skip


@pytest.mark.parametrize("text", MALFORMED)
def test_what_is_wrong_is_an_exception_with_a_place(text: str) -> None:
    with pytest.raises(tl.GrammarError) as caught:
        tl.compile(tl.Gbnf(text), byte_vocabulary())
    assert "expected" in str(caught.value) or "rule" in str(caught.value)


def test_limits_are_named() -> None:
    with pytest.raises(tl.LimitError, match="2000"):
        tl.compile(tl.Gbnf('root ::= "a"{2001}'), byte_vocabulary())
    with pytest.raises(tl.LimitError, match="nested"):
        tl.compile(tl.Gbnf("root ::= " + "(" * 60_000), byte_vocabulary())
    chain = "".join(f"a{i} ::= a{i + 1} | a{i + 1} \"c\"\n" for i in range(60_000))
    with pytest.raises(tl.LimitError, match="5000"):
        tl.compile(tl.Gbnf(f'root ::= a0\n{chain}a60000 ::= "a"'), byte_vocabulary())
    assert accepts('root ::= "a"{2000}', "a" * 2000)
