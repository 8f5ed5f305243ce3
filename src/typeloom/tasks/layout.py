"""How the JSON of an answer is laid out: as short as it can be, or as most models write it by themselves.

Either way the blanks are part of the automaton, so they are no choice. What differs is how likely the model finds
what it is made to write: one that has read `{"a": "b"}` far more often than `{"a":"b"}` would write a blank behind
the colon.
"""

from __future__ import annotations

import re
from typing import Literal, TypeAlias, get_args

from typeloom.errors import Error

WrittenLayout: TypeAlias = Literal["compact", "spaced"]

_SEPARATORS = re.compile(r'("(?:[^"\\]|\\.)*")|([,:])', re.DOTALL)


def written_layout(name: str) -> WrittenLayout:
    """The layout of this name; raises Error for any other."""
    if name not in get_args(WrittenLayout):
        raise Error(f"expected layout='compact' or 'spaced', got {name!r}")
    return name  # type: ignore[return-value]


def laid_out(json: str, layout: WrittenLayout) -> str:
    """A compact JSON text in this layout; strings and numbers are left as they are.

    >>> laid_out('{"a":[1,2],"b":"x,y:z"}', "spaced")
    '{"a": [1, 2], "b": "x,y:z"}'
    """
    return json if layout == "compact" else _SEPARATORS.sub(lambda one: one[1] or f"{one[2]} ", json)
