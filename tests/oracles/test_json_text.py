"""The strict reader agrees with the standard library where both speak, and tells `Truncated` from `Refused`."""

from __future__ import annotations

import json
import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from laws.texts import damaged, json_texts
from oracles.json_text import LAYOUTS, ArrayTree, NumberText, ObjectTree, Refused, StringText, Tree, Truncated, read


def as_python(tree: Tree) -> object:
    match tree:
        case NumberText(text):
            return ("number", text)
        case StringText(value):
            return value
        case ArrayTree(items):
            return [as_python(item) for item in items]
        case ObjectTree(members):
            return {key.value: as_python(value) for key, value in members}
        case _:
            return tree


def standard(text: str) -> object:
    """json.loads with numbers as texts and without its extensions; ValueError where it refuses."""

    def number(digits: str) -> object:
        return ("number", digits)

    def refuse(name: str) -> object:
        raise ValueError(name)

    def members(pairs: list[tuple[str, object]]) -> dict[str, object]:
        if len({key for key, _ in pairs}) < len(pairs):
            raise ValueError("duplicate key")
        return dict(pairs)

    value = json.loads(text, parse_int=number, parse_float=number, parse_constant=refuse, object_pairs_hook=members)
    json.dumps(value, ensure_ascii=False).encode()  # a lone surrogate is a ValueError
    return value


@given(st.data(), st.sampled_from(LAYOUTS))
def test_flexible_is_the_standard_reader(data: st.DataObject, layout: str) -> None:
    text = data.draw(damaged(data.draw(json_texts(layout))))
    try:
        expected = standard(text)
    except ValueError:
        with pytest.raises((Refused, Truncated)):
            read(text, "flexible")
    else:
        assert as_python(read(text, "flexible")) == expected


def spelt_canonically(text: str) -> bool:
    return re.search(r"\\u(?!001f)|\\/|[0-9]E", text) is None


@given(st.data(), st.sampled_from(("compact", "spaced")))
def test_strict_layouts_have_one_whitespace(data: st.DataObject, layout: str) -> None:
    text = data.draw(json_texts(layout).filter(spelt_canonically))
    tree = read(text, layout)
    assert as_python(tree) == standard(text)
    other = "spaced" if layout == "compact" else "compact"
    if (isinstance(tree, ObjectTree) and tree.members) or (isinstance(tree, ArrayTree) and len(tree.items) > 1):
        with pytest.raises(Refused):
            read(text, other)


@given(st.data(), st.sampled_from(LAYOUTS))
def test_every_prefix_of_a_text_is_truncated_or_whole(data: st.DataObject, layout: str) -> None:
    text = data.draw(json_texts(layout).filter(spelt_canonically)).encode()
    for cut in range(len(text)):
        with suppress(Truncated):  # the one other outcome is a whole text, as of the number 12 in 123
            read(text[:cut], layout)


@pytest.mark.parametrize(
    "text",
    [
        "01",
        "1.e",
        "--",
        "+1",
        '"\\x',
        '"\\ud83d"',
        '"\\ud83dx',
        '"\\udc00',
        '"\x01',
        '{"a":1,"a"',
        "[,",
        "{,",
        "tru ",
        "nul1",
        "[1 ",
        '{"a" ',
        "[1]]",
        "\u00e9",
        '"\\u00g',
        '"\\ud83d\\u0',
        "[1,]",
    ],
)
def test_hopeless_prefixes_are_refused_at_once(text: str) -> None:
    with pytest.raises(Refused):
        read(text, "compact")


@pytest.mark.parametrize(
    "text", ["", "-", "1.", "1e", "1e+", '"', '"\\', '"\\u', '"\\uD8', '"\\ud83d', '"\\ud83d\\uDe', "[", "[1,"]
)
def test_begun_texts_are_truncated(text: str) -> None:
    with pytest.raises(Truncated):
        read(text, "compact")


def test_begun_characters() -> None:
    with pytest.raises(Truncated):
        read(b'"\xf0\x9f', "compact")
    with pytest.raises(Refused):
        read(b"[\xf0\x9f", "compact")
    with pytest.raises(Refused):
        read(b'"\xff', "compact")


@pytest.mark.parametrize("layout", ["compact", "spaced"])
def test_strict_layouts_have_one_spelling(layout: str) -> None:
    assert read('"a\\n\\u0001é"', layout) == StringText("a\n\x01é")
    assert read("-1.50e-12", layout) == NumberText("-1.50e-12")
    for text in ('"\\u0061"', '"\\/"', '"\\u000a"', '"\\u001F"', "1E2", "1e1000", '{"\\u0061":1}'):
        with pytest.raises(Refused):
            read(text, layout)
        read(text, "flexible")
