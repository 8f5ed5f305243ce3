"""Grammars and expressions as marks of `str` fields: one automaton with the JSON around them."""

from __future__ import annotations

import json
from itertools import product
from random import Random
from typing import Annotated

import pytest
from hypothesis import given
from pydantic import BaseModel, Field

import typeloom as tl
from laws.vocabularies import Tokens, tokens
from laws.walks import Dice, compare_on_a_walk, dice, walk
from typeloom.testing import byte_vocabulary

SUMS = tl.Lark(
    """
    start: start "+" value | value
    value: "(" start ")" | INT | ESCAPED_STRING | "é"
    %import common (INT, ESCAPED_STRING)
    """
)
NESTED = tl.Gbnf(r'root ::= "[" root* "]" | "\"" | "\n" | "ü"')


class Query(BaseModel):
    total: Annotated[str, SUMS]
    code: Annotated[str, tl.Regex(r'[a-c]+"?')]
    tree: Annotated[str, NESTED] | None


def written(**values: str | None) -> str:
    return json.dumps(values, separators=(",", ":"), ensure_ascii=False)


def test_a_field_holds_the_texts_of_its_grammar_with_the_escapes_of_json() -> None:
    constraint = tl.compile(Query, byte_vocabulary())
    good = {"total": '(1+"a\\"b")+é', "code": 'ab"', "tree": '[["\n]ü]'}
    assert constraint.accepts(written(**good))
    assert constraint.accepts(written(**{**good, "tree": None}))
    for field, text in (
        ("total", "(1"),
        ("total", "1+"),
        ("code", "abd"),
        ("code", ""),
        ("tree", "[["),
        ("tree", "[]]"),
    ):
        assert not constraint.accepts(written(**{**good, field: text})), (field, text)
    assert str(constraint.explain(written(**{**good, "total": "1+"}))).startswith("refused at character 12, in $.total")
    assert tl.check(Query).exact
    assert "is a text of the grammar" in str(tl.check(Query))


@pytest.mark.parametrize("mark", [SUMS, NESTED, tl.Regex("(a|b+)?")], ids=["lark", "gbnf", "regex"])
def test_a_string_is_in_the_field_if_and_only_if_its_text_is_in_the_language(
    mark: tl.Lark | tl.Gbnf | tl.Regex,
) -> None:
    alone = tl.compile(mark, byte_vocabulary())
    inside = tl.compile(Annotated[str, mark], byte_vocabulary())
    seen = set()
    for length in range(5):
        for letters in product('1+()"[]ab\nü', repeat=length):
            text = "".join(letters)
            verdict = alone.accepts(text)
            seen.add(verdict)
            assert inside.accepts(json.dumps(text, ensure_ascii=False)) == verdict, text
    assert seen == {True, False}


@given(tokens=tokens(300), dice=dice())
def test_masks_equal_brute_force_and_walks_end(tokens: Tokens, dice: Dice) -> None:
    vocabulary = tokens.vocabulary()
    constraint = tl.compile(Query, vocabulary)
    matcher = constraint.start()
    compare_on_a_walk(matcher, vocabulary, tokens, dice, steps=24)
    done = walk(constraint.start(), vocabulary, tokens, dice, patience=12, limit=400)
    if done.finished:
        value = Query.model_validate_json(done.text)
        SUMS.parse(value.total)
        assert value.tree is None or tl.compile(NESTED, byte_vocabulary()).accepts(value.tree)


def test_every_budget_that_is_large_enough_is_kept() -> None:
    vocabulary = byte_vocabulary()
    constraint = tl.compile(Query, vocabulary)
    random = Random(3)
    for more in range(0, 60, 3):
        budget = constraint.min_tokens + more
        matcher, mask, text = constraint.start(), vocabulary.new_mask(), b""
        for left in range(budget, 0, -1):
            matcher.core.fill_mask_within(mask, left)
            allowed = [b for b in range(256) if int(mask[b >> 5]) >> (b & 31) & 1]
            if not allowed:
                break
            brackets = [b for b in allowed if chr(b) in '[("']
            token = random.choice(brackets or allowed)
            assert matcher.accept(token)
            text += bytes([token])
        assert constraint.accepts(text), (budget, text)


def test_keys_are_held_to_their_marks() -> None:
    constraint = tl.compile(dict[Annotated[str, tl.Gbnf('root ::= "a" root | "b"')], int], byte_vocabulary())
    assert constraint.accepts('{"aab":1,"b":2}')
    assert not constraint.accepts('{"aa":1}')
    quoted = tl.compile(dict[Annotated[str, tl.Verbatim], int], byte_vocabulary(), document="oak")
    assert quoted.accepts('{"ak":1}') and not quoted.accepts('{"elm":1}')


def test_a_type_in_a_grammar_in_a_type() -> None:
    calls = tl.Lark('start: "f(" ITEM ")"\n%declare ITEM', bindings={"ITEM": list[Annotated[str, tl.Regex("[xy]")]]})
    constraint = tl.compile(list[Annotated[str, calls]], byte_vocabulary())
    assert constraint.accepts(json.dumps(['f(["x","y"])'], separators=(",", ":")))
    assert not constraint.accepts(json.dumps(['f(["z"])'], separators=(",", ":")))


def test_a_grammar_that_is_bound_to_itself_is_a_limit() -> None:
    bindings: dict[str, object] = {}
    loop = tl.Lark('start: "a" ITEM?\n%declare ITEM', bindings=bindings)
    bindings["ITEM"] = Annotated[str, loop]
    with pytest.raises(tl.LimitError, match="types in grammars in types"):
        tl.compile(Annotated[str, loop], byte_vocabulary())


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        (Annotated[str, tl.Lark], r"expected Lark\(...\) with its arguments"),
        (Annotated[int, SUMS], "expected Lark on a str"),
        (Annotated[str | None, NESTED], r"expected Gbnf on a str.*Annotated\[str, Gbnf\] \| None"),
        (Annotated[str, tl.Gbnf("root ::= (")], r"line 1, column 11"),
        (Annotated[str, tl.Regex("(")], r"line 1, column"),
        (Annotated[str, tl.Lark("start: start start")], "at least one finite text"),
        (Annotated[str, SUMS, Field(max_length=20)], "alone on its field"),
        (Annotated[str, SUMS, Field(pattern="^[a-z]*$")], "alone on its field"),
        (Annotated[str, SUMS, tl.Verbatim], "alone on its field"),
    ],
)
def test_misuse_is_said(kind: object, message: str) -> None:
    with pytest.raises(tl.Error, match=message):
        tl.compile(kind, byte_vocabulary(), document="1+1")


def test_the_path_of_a_field_whose_grammar_is_at_fault_is_said() -> None:
    class Faulty(BaseModel):
        inner: list[Annotated[str, tl.Lark("start: missing")]]

    with pytest.raises(tl.SchemaError, match=r"missing(?s:.)*\$\.inner\[\*\]"):
        tl.compile(Faulty, byte_vocabulary())


def test_an_expression_stands_beside_lengths_and_patterns() -> None:
    kind = Annotated[str, tl.Regex("[ab]+"), Field(min_length=2, max_length=3, pattern="a$")]
    constraint = tl.compile(kind, byte_vocabulary())
    assert [text for text in ("a", "aa", "ab", "bba", "abaa") if constraint.accepts(json.dumps(text))] == ["aa", "bba"]
