"""Random JSON texts near the pools of `schemas`, and small damage done to a text.

A twin test needs texts on both sides of the border: `json_texts` draws from all of JSON with the same few keys,
characters and numbers that the schemas use, `damaged` takes an accepted text one or two edits away.
"""

from __future__ import annotations

import json

from hypothesis import strategies as st

from laws.schemas import KEYS, LETTERS

NUMBERS = (
    "0", "-0", "1", "-1", "2", "3", "7", "10", "12", "100", "0.0", "1.0", "2.50", "-0.5", "0.1", "0.25", "12.25",
    "1e0", "1e1", "10e-1", "1E+2", "1e309", "-1e400", "0.001", "1234.5", "99999999999999999999",
)  # fmt: skip
STRINGS = ('"\\u0061"', '"\\/"', '"\\ud83d\\ude42"', '"\\n"', '"\\u000a"', '"\\u001F"', '"\\u001f"')
SEPARATORS = {"compact": (",", ":"), "spaced": (", ", ": "), "flexible": (" ,\n", ": ")}
EDITS = (*'{}[]",:-.0123456789eEabtrufnls\\ \n', "é", "🙂", '"a":1', ",null", "\\u0061", "0", ".0")


def json_texts(layout: str) -> st.SearchStrategy[str]:
    """Well-formed JSON texts in `layout`."""
    comma, colon = SEPARATORS[layout]
    strings = st.text(LETTERS, max_size=4).map(_spell)
    leaves = st.one_of(
        st.sampled_from(("null", "true", "false")), st.sampled_from(NUMBERS), st.sampled_from(STRINGS), strings
    )

    def larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        member = st.tuples(st.sampled_from(KEYS), inner)
        return st.one_of(
            st.lists(inner, max_size=4).map(lambda items: "[" + comma.join(items) + "]"),
            st.lists(member, max_size=4, unique_by=lambda pair: pair[0]).map(
                lambda members: "{" + comma.join(_spell(key) + colon + value for key, value in members) + "}"
            ),
        )

    return st.recursive(leaves, larger, max_leaves=8)


def _spell(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


@st.composite
def damaged(draw: st.DrawFn, text: str) -> str:
    """`text` after one or two edits: a piece removed, inserted, replaced or doubled."""
    for _ in range(draw(st.integers(1, 2))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + 3)))
        insert = draw(st.sampled_from(("", text[start:end] * 2, *EDITS)))
        text = text[:start] + insert + text[end:]
    return text
