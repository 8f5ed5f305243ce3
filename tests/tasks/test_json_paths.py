"""Paths of byte offsets, against the walk of a parsed value."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from typeloom.tasks.json_paths import paths_at

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text('ab"\\é.', max_size=3), inner, max_size=3),
    max_leaves=8,
)


def written(value: Any, path: str, out: list[tuple[int, str]], text: bytearray) -> None:
    """Writes the value and notes at which offset which value begins."""
    out.append((len(text), path or "$"))
    if isinstance(value, list):
        text += b"["
        for index, item in enumerate(value):
            text += b"," if index else b""
            written(item, f"{path}[{index}]", out, text)
        text += b"]"
    elif isinstance(value, dict):
        text += b"{"
        for index, (key, item) in enumerate(value.items()):
            text += (b"," if index else b"") + json.dumps(key, ensure_ascii=False).encode() + b":"
            written(item, f"{path}.{key}" if path else key, out, text)
        text += b"}"
    else:
        text += json.dumps(value, ensure_ascii=False).encode()


@given(JSON)
def test_where_values_begin(value: Any) -> None:
    places: list[tuple[int, str]] = []
    text = bytearray()
    written(value, "", places, text)
    for offset, path in places:
        if path:  # an empty key at the root has an empty path
            assert paths_at(bytes(text), [offset]) == (path,)


@pytest.mark.parametrize(
    ("text", "offset", "path"),
    [
        ('{"a":"xyz"}', 7, "a"),  # inside the string
        ('{"a":"xyz"}', 10, "$"),  # after it
        ('{"a":12}', 6, "a"),  # inside the number
        ('{"a":true}', 9, "$"),  # the literal is whole
        ('{"a":true}', 7, "a"),
        ('{"a":[1,2]}', 9, "a[1]"),  # a number may always go on
        ('{"a":["x","y"]}', 13, "a"),
        ('{"a":[]}', 6, "a"),
        ('{"ab":1}', 3, "$"),  # inside a key
        ("[]", 0, "$"),
        ("[]", 2, "$"),
    ],
)
def test_between(text: str, offset: int, path: str) -> None:
    assert paths_at(text.encode(), [offset]) == (path,)
