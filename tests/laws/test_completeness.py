"""Law: the canonical dump of every value of a type is accepted, in every layout, and token by token under the masks."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from laws.annotations import Typed, types
from laws.compiled import compiled
from laws.vocabularies import Tokens, bytes_only, tokens
from laws.walks import Dice, dice, mask_of, random_cut

BYTES = bytes_only()


def dump(typed: Typed, value: Any) -> str:
    """Pydantic's compact JSON, keys in declared order."""
    return typed.adapter.dump_json(value, by_alias=True, warnings=False).decode()


@given(types().flatmap(lambda typed: st.tuples(st.just(typed), typed.values)))
def test_dumps_are_accepted(pair: tuple[Typed, Any]) -> None:
    typed, value = pair
    text, vocabulary = dump(typed, value), BYTES.vocabulary()
    parsed = json.loads(text, parse_float=_Verbatim, parse_int=_Verbatim)
    spaced, indented = _dumps(parsed, ", ", ": "), _dumps(parsed, " ,\n\t", " : ")
    assert compiled(typed.annotation, vocabulary).accepts(text)
    assert compiled(typed.annotation, vocabulary, layout="spaced").accepts(spaced)
    flexible = compiled(typed.annotation, vocabulary, layout="flexible", order="any")
    for one in (text, spaced, indented):
        assert flexible.accepts(one), one


@given(types().flatmap(lambda typed: st.tuples(st.just(typed), typed.values)), tokens(400), dice())
def test_dumps_pass_under_the_masks(pair: tuple[Typed, Any], pieces: Tokens, random: Dice) -> None:
    typed, value = pair
    vocabulary = pieces.vocabulary()
    matcher = compiled(typed.annotation, vocabulary).start()
    data = dump(typed, value).encode()
    for token in random_cut(data, pieces, random):
        assert token in mask_of(matcher, vocabulary, len(pieces.pieces)), (data, pieces.pieces[token])
        assert matcher.accept(token)
    assert matcher.is_accepting()
    assert set(pieces.end_ids) <= mask_of(matcher, vocabulary, len(pieces.pieces))


class _Verbatim(str):
    """The digits of a number as they were written."""


def _dumps(value: Any, comma: str, colon: str) -> str:
    match value:
        case _Verbatim():
            return str(value)
        case list():
            return "[" + comma.join(_dumps(item, comma, colon) for item in value) + "]"
        case dict():
            members = (json.dumps(key, ensure_ascii=False) + colon + _dumps(value[key], comma, colon) for key in value)
            return "{" + comma.join(members) + "}"
        case _:
            return json.dumps(value, ensure_ascii=False)
