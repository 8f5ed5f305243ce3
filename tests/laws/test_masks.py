"""Law: the mask is exactly the set of tokens that the matcher takes, at every step, for every vocabulary.

Also: after a refused token the state is unchanged, special tokens are never allowed, and end tokens are allowed exactly
in accepting states (`oracles.masks` is the definition).
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import typeloom as tl
from laws.annotations import Typed, types
from laws.compiled import compiled
from laws.schemas import schemas
from laws.vocabularies import Tokens, tokens
from laws.walks import Dice, dice, mask_of
from oracles.masks import allowed_by_trial
from typeloom.schema.node import Schema

LAYOUTS = st.sampled_from(("compact", "spaced", "flexible"))
ORDERS = st.sampled_from(("declared", "any"))
STEPS = 12


def check(source: Any, pieces: Tokens, layout: str, order: str, random: Dice) -> None:
    vocabulary, n_tokens = pieces.vocabulary(), len(pieces.pieces)
    matcher = compiled(source, vocabulary, layout=layout, order=order).start()
    text = b""
    for _ in range(STEPS):
        allowed = mask_of(matcher, vocabulary, n_tokens)
        trial = allowed_by_trial(matcher, pieces.pieces, end_ids=pieces.end_ids, special_ids=pieces.special_ids)
        named = {token: pieces.pieces[token] for token in allowed ^ trial}
        assert allowed == trial, f"after {text!r} mask and trial differ in {named}"
        refused = sorted(set(range(n_tokens)) - allowed)
        if refused:
            assert not matcher.accept(random.choice(refused))
            assert mask_of(matcher, vocabulary, n_tokens) == allowed, "a refused token changed the state"
        going_on = sorted(allowed - set(pieces.end_ids))
        if not going_on:
            break
        token = random.choice(going_on)
        assert matcher.accept(token)
        text += pieces.pieces[token]


@given(types(), tokens(), LAYOUTS, ORDERS, dice())
def test_masks_of_types(typed: Typed, pieces: Tokens, layout: str, order: str, random: Dice) -> None:
    check(typed.annotation, pieces, layout, order, random)


@given(schemas(), tokens(), LAYOUTS, ORDERS, dice())
def test_masks_of_schemas(schema: Schema, pieces: Tokens, layout: str, order: str, random: Dice) -> None:
    check(schema, pieces, layout, order, random)


# Inside unique arrays a token may close a value that is there already, several values, or what later items would need.
UNIQUE_PIECES = (
    *(
        b'a"',
        b'b"',
        b'ab"',
        b'"]',
        b'"],',
        b'a"]',
        b'"}',
        b'a"}',
        b'"},',
        b'"},{',
        b'a"},{"',
        b'","',
        b'a","',
        b'","a"',
    ),
    *(
        b'","b"]',
        b'a","a"',
        b'",1',
        b'a",1]',
        b'":',
        b'a":',
        b'":"',
        b'":"a"}',
        b'":[]}',
        b'b":[]}',
        b'":1}',
        b'":null}]',
    ),
    *(b'\\u0061"', b'\\""', b'\\"', b'"]]', b'"],["', b'a"],["a"]', b'"}]', b'"a"', b'["a"', b'{"a"', b"{}", b"[]"),
    *(b'\xee\x80\x80"', b'\xee\x80\x80"}', b"x", b'", "', b'" ,', b'"\n}', b'" , "a"'),
)
LETTERS = {"type": "string", "enum": ["a", "b", "ab"]}
WORD = {"type": "string", "pattern": "^[ab]*$"}
UNIQUE = (
    ({"type": "string"}, ('["a","b","ab","a', '["\\u0061","a\\"","a', '["\\ue000","', '["","')),
    (
        {},
        (
            '["a",1,"b",null,"',
            '[["a"],["b"],["a"]',
            '[{"a":"a"},{"a":"b"},{"b":"a"},{"a":"a"',
            '[{"a":[]},{"b":[]},{"a',
        ),
    ),
    (LETTERS, ('["a","ab","b"', '["ab","a')),
    (WORD, ('["a","ab","', '["","b","')),
    ({"type": "object", "additionalProperties": {"type": "string"}}, ('[{"a":"a","b":"b"},{"b":"b","a":"a', '[{},{"a')),
    ({"type": "object", "properties": {"a": LETTERS}, "additionalProperties": False}, ('[{"a":"a"},{"a":"ab"},{"a"',)),
    ({"type": "object", "properties": {"a": WORD}, "required": ["a"]}, ('[{"a":"a"},{"a":"ab"},{"b":1,"a":"',)),
    (
        {"type": "array", "items": {"type": "string"}, "uniqueItems": True},
        ('[["a","b"],["b","a"],["a","b', '[["a"],["a'),
    ),
)


@pytest.mark.parametrize("layout", ("compact", "flexible"))
@pytest.mark.parametrize("at", range(len(UNIQUE)))
def test_masks_inside_unique_arrays(at: int, layout: str) -> None:
    items, texts = UNIQUE[at]
    pieces = [bytes((byte,)) for byte in range(256)] + list(UNIQUE_PIECES) + [b""]
    ends = (len(pieces) - 1,)
    vocabulary = tl.Vocabulary.from_tokens(pieces, end_ids=ends)
    last = {"prefixItems": [items], "items": LETTERS}  # an item of another kind uses up what later ones may be
    for rest in ({"items": items}, {"items": items, "maxItems": 3, "minItems": 3}, last):
        schema = {"type": "array", "uniqueItems": True} | rest
        constraint = tl.compile(tl.JsonSchema(schema), vocabulary, layout=layout, order="any")
        for text in texts:
            matcher = constraint.start()
            for byte in text.encode():
                if not matcher.accept(byte):
                    break
                allowed = mask_of(matcher, vocabulary, len(pieces))
                trial = allowed_by_trial(matcher, pieces, end_ids=ends, special_ids=())
                wrong = {pieces[token] for token in allowed ^ trial}
                assert not wrong, f"{schema} in {text!r}: mask and trial differ in {wrong}"
