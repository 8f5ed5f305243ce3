"""Law: the mask is what trying each token says, where masks are not walked token by token.

Cases for each short way: tokens of digits taken as one bitmap, keys corrected only where some token ends them, few
tokens of a language kept as a list and many as a bitmap.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any

import pytest

import typeloom as tl
from laws.walks import mask_of
from oracles.masks import allowed_by_trial

BYTES = [bytes((byte,)) for byte in (*b"\t\n\r\x00", *range(0x20, 0x7F), *"é".encode(), 0xE2)]


def check(schema: Any, pieces: Sequence[bytes], texts: Sequence[str], layout: str) -> None:
    """At every place of each text, as far as the schema takes it."""
    tokens = [*BYTES, *pieces, b""]
    end = len(tokens) - 1
    vocabulary = tl.Vocabulary.from_tokens(tokens, end_ids=[end])
    constraint = tl.compile(tl.JsonSchema(schema), vocabulary, layout=layout, order="any")
    taken = 0
    for text in texts:
        matcher = constraint.start()
        for byte in (*text.encode(), None):
            allowed = mask_of(matcher, vocabulary, len(tokens))
            trial = allowed_by_trial(matcher, tokens, end_ids=(end,), special_ids=())
            wrong = {tokens[token] for token in allowed ^ trial}
            assert not wrong, f"{schema} in {text!r}: mask and trial differ in {wrong}"
            if byte is None or not matcher.accept(tokens.index(bytes((byte,)))):
                break
            taken += 1
    assert taken  # the texts lead somewhere


DIGITS = [b"10", b"12", b"19", b"99", b"100", b"123", b"250", b"999", b"00", b"000", b"01", b"0000000", b"123456789"]
PAST = [b"1,", b"12]", b"0]", b"1.5", b"0.", b"5e", b"2e1", b"1e0]", b"0 ", b"1\n]", b"10,1", b"7}", b"1a"]
NUMBERS = (
    {"type": "integer"},
    {"type": "number"},
    {"type": "integer", "minimum": 0},
    {"type": "integer", "minimum": 5, "maximum": 1200},
    {"type": "number", "minimum": -3, "exclusiveMaximum": 100},
    {"type": "number", "multipleOf": 0.25},
    {"type": "integer", "multipleOf": 3},
    {"enum": [1, 12, 123, 1.5, "a"]},
    {"anyOf": [{"type": "integer", "multipleOf": 2}, {"type": "number", "maximum": 10}, {"type": "null"}]},
    {"not": {"type": "integer"}},
)


@pytest.mark.parametrize("layout", ("compact", "flexible"))
@pytest.mark.parametrize("at", range(len(NUMBERS)))
def test_masks_inside_numbers(at: int, layout: str) -> None:
    texts = ("[1200,-12,0,1.50,100e-1,123456]", "[0.25e2, 999]", "[10,1", "[-0")
    for unique in (False, True):
        schema = {"type": "array", "items": NUMBERS[at], "uniqueItems": unique}
        check(schema, [*DIGITS, *PAST, *(b"-" + d for d in DIGITS)], texts, layout)
    check(NUMBERS[at], [*DIGITS, *PAST], ("120", "-1.5", "0"), layout)


NUMBER = {"type": "number"}
KEYS = ["a", "ab", "abc", 'a"b', "", "é", "longer than any token", "xab"]
ENDS = [b'"', b'a"', b'ab"', b'b"', b'bc"', b'c"', b'\\"', b'\\"b"', b'\\u0061"', b'a\\u0062"', b'\\u0022b"',
        b'\xc3\xa9"', b'\\u00e9"', b'\xa9"', b'"b"', b'ken"', b'zz"', b'\\/"', b'/"']  # fmt: skip
KEY_PIECES = [end + rest for end in ENDS for rest in (b"", b":", b':"', b":1", b" :", b":{")]
KEY_TEXTS = (
    '{"a":1,"abc":2,"xab":3}',
    '{"":1,"é":2,"ab":3,"a',
    '{"a\\"b":1,"zz":2,"longer than any token":1,"zz',
    '{"\\u0061b":1,"ab',
    '{"/":1,"zz":{"a',
)
INTEGERS = {key: {"type": "integer"} for key in KEYS}
ANYTHING = dict.fromkeys(KEYS, True)
OBJECTS = (
    {"properties": INTEGERS},
    {"properties": INTEGERS, "additionalProperties": False},
    {"properties": INTEGERS, "additionalProperties": {"type": "string"}},
    {"properties": ANYTHING, "patternProperties": {"b": {"type": "integer"}, "^[a-z]*$": NUMBER}},
    {"properties": ANYTHING, "propertyNames": {"pattern": "^[a-z]"}},
    {"properties": ANYTHING, "maxProperties": 3, "required": ["a", "zz"]},
    {"anyOf": [{"properties": {"a": {"type": "integer"}}, "additionalProperties": False}, {"properties": {"ab": {}}}]},
)


@pytest.mark.parametrize("layout", ("compact", "flexible"))
@pytest.mark.parametrize("at", range(len(OBJECTS)))
def test_masks_inside_keys(at: int, layout: str) -> None:
    check({"type": "object"} | OBJECTS[at], KEY_PIECES, KEY_TEXTS, layout)


WORDS = ["".join(letters).encode() for letters in product("abcdefghijkl", repeat=3)]  # more than are kept as a list
LANGUAGES = (
    {"pattern": "^[a-l]*$"},
    {"pattern": "^[a-f]*$"},
    {"pattern": "^(abc|[def]+)$"},
    {"pattern": "^[a-l]{2,4}$"},
    {"pattern": "[0-9]"},
    {"pattern": "^[^x]*$", "maxLength": 5},
    {"enum": ["abc", "abcd", "l", "lll", "aé"]},
    {"format": "date"},
)


@pytest.mark.parametrize("at", range(len(LANGUAGES)))
def test_masks_inside_languages(at: int) -> None:
    pieces = [*WORDS, *(word + b'"' for word in WORDS[::100]), *(b'"' + word for word in WORDS[::100]), b'"]', b'c",']
    schema = {"type": "array", "items": {"type": "string"} | LANGUAGES[at]}
    check(schema, pieces, ('["abc","de', '["20', '["l"'), "flexible")


# Letters that go another way than the rest of their class: what was said of them with their class must be taken back.
APART = (
    {"pattern": "^(?!ab)[a-z]{1,5}$"},
    {"pattern": '^([a-l"\\\\]|b[\\n]c)*$'},
    {"pattern": '^([ac-l]|b[a-f"]|bg)*$'},
    {"allOf": [{"pattern": "^[a-l]*$"}, {"not": {"pattern": "b$"}}]},
    {"pattern": "^[^b\\u00e8\\u2003]+( b|$)"},
    {"not": {"enum": ["abc", "b", "cab", "lll"]}},
    {"pattern": "^a?(c|[a-l]{3})b[a-l]+$"},
    {"format": "hostname"},
)


@pytest.mark.parametrize("many", (False, True), ids=("few", "many"))
@pytest.mark.parametrize("at", range(len(APART)))
def test_masks_where_a_letter_goes_another_way(at: int, many: bool) -> None:
    words = WORDS if many else WORDS[::7]
    ends = (b'"', b'",', b"\\n", b"\\", b'\\"', b'\\"a"', b"\xc3", b"\xe2\x80", b"\xe2\x80\x83")
    pieces = [*words, *(word[:2] + end for word in words[::9] for end in ends), b'b"', b'cb\\\\"', b'"b', b'"xn']
    schema = {"type": "array", "items": {"type": "string"} | APART[at]}
    check(schema, pieces, ('["ba","b', '["cab\\"b","l', '["xn--a'), "compact" if at % 2 else "flexible")


LISTED = ["a", "ab", "abc", "abd", "abde", "b", "ba", "bab", "c", "é", "éa", "", "x y", "zzz"]


@pytest.mark.parametrize("layout", ("compact", "flexible"))
def test_masks_where_texts_of_a_list_are_used_up(layout: str) -> None:
    pieces = [text.encode() + end for text in LISTED for end in (b"", b'"', b'",', b'"]', b'","')]
    schema = {"type": "array", "items": {"enum": LISTED}, "uniqueItems": True}
    texts = ('["abd","a","ba","é","zzz","ab', '["","abc","abde","ab","abd","x y","b', '["c","bab","b","ba","b')
    check(schema, pieces, texts, layout)
    check(schema | {"minItems": len(LISTED)}, pieces, texts, layout)


@pytest.mark.parametrize("keyword", ("minLength", "minItems", "minProperties"))
def test_a_count_that_no_text_reaches_is_refused_by_name(keyword: str) -> None:
    vocabulary = tl.Vocabulary.from_tokens([*BYTES, b""], end_ids=[len(BYTES)])
    for more in ({}, {"pattern": "^a*$"}, {"propertyNames": {"minLength": 2**40}, "minProperties": 1}):
        schema = {"type": ["string", "array", "object"], keyword: 2**40} | more
        with pytest.raises(tl.LimitError, match="count"):
            tl.compile(tl.JsonSchema(schema), vocabulary)
