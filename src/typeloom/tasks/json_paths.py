"""Where in a JSON text a byte stands, said as the path of the value that is being written there."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

_LEXEME = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[\]{},]|[^\s\[\]{},:"]+', re.DOTALL)
_LITERALS = (b"true", b"false", b"null")


def paths_at(text: bytes, offsets: Iterable[int]) -> tuple[str, ...]:
    """The path of what was being written at each byte offset of a complete JSON text; each path once, in order.

    Inside a string, number or literal, and in front of a value, that is the value's path, as in `items[2].name`;
    between two members or items, and inside a key, the path of the object or array; of the outermost value `$`.
    O(bytes).

    >>> paths_at(b'{"a":"xy","b":[1,2]}', [6, 17, 19])
    ('a', 'b[1]', '$')
    """
    wanted = set(offsets)
    found: dict[str, None] = {}
    places: list[int | str | None] = []  # per open container the index or key of what is open in it; None: nothing is
    arrays: list[bool] = []
    quoted = -1  # where the open string began
    lexeme = b""  # the open number or literal
    at_key = escaped = False
    for at in range(len(text) + 1):
        byte = text[at : at + 1]
        if at in wanted:
            settled = lexeme in _LITERALS or (quoted < 0 and not lexeme and byte in (b"]", b"}"))
            found[_path([*places[:-1], None] if settled and places else places)] = None
        if quoted >= 0:
            if escaped:
                escaped = False
            elif byte == b"\\":
                escaped = True
            elif byte == b'"':
                if at_key:
                    places[-1] = str(json.loads(text[quoted : at + 1]))
                    at_key = False
                quoted = -1
        elif byte == b'"':
            quoted = at
        elif byte in (b"[", b"{"):
            arrays.append(byte == b"[")
            places.append(0 if arrays[-1] else None)
            at_key = not arrays[-1]
        elif byte in (b"]", b"}"):
            arrays.pop()
            places.pop()
            at_key = False
            lexeme = b""
        elif byte == b",":
            here = places[-1]
            places[-1] = here + 1 if isinstance(here, int) else None
            at_key = not arrays[-1]
            lexeme = b""
        elif byte not in b" \t\r\n:":
            lexeme += byte
    return tuple(found)


def _path(places: list[int | str | None]) -> str:
    path = ""
    for place in places:
        if isinstance(place, int):
            path += f"[{place}]"
        elif place is not None:
            path += f".{place}" if path else place
    return path or "$"


@dataclass(frozen=True, slots=True)
class JsonValue:
    """A value of a JSON text: the keys and indexes that lead to it, and its bytes, half open, with its quotes.

    key: where the key begins, of an object's member.
    """

    steps: tuple[int | str, ...]
    begin: int
    end: int
    is_scalar: bool
    key: int | None = None


def values(text: bytes) -> list[JsonValue]:
    """The values of a complete JSON text, a container behind what it holds. O(bytes).

    >>> [(one.steps, one.begin, one.end) for one in values(b'{"a":"xy","b":[1]}')]
    [(('a',), 5, 9), (('b', 0), 15, 16), (('b',), 14, 17), ((), 0, 18)]
    """
    found: list[JsonValue] = []
    steps: list[int | str] = []  # to the open value
    begins: list[tuple[int, int | None]] = []  # of the open containers, and of their keys
    key: int | None = None  # where the key of the open value begins
    at_key = False
    for match in _LEXEME.finditer(text):
        lexeme = match[0]
        if lexeme in (b"[", b"{"):
            begins.append((match.start(), key))
            at_key = lexeme == b"{"
            steps.append(0 if lexeme == b"[" else "")
            key = None
        elif lexeme in (b"]", b"}"):
            steps.pop()
            begin, key = begins.pop()
            found.append(JsonValue(tuple(steps), begin, match.end(), False, key))
            at_key = False
        elif lexeme == b",":
            here = steps[-1]
            steps[-1] = here + 1 if isinstance(here, int) else ""
            at_key = not isinstance(here, int)
            key = None
        elif at_key:
            steps[-1] = str(json.loads(lexeme))
            key = match.start()
            at_key = False
        else:
            found.append(JsonValue(tuple(steps), *match.span(), True, key))
    return found


def scalars(text: bytes) -> list[tuple[str, int, int]]:
    """The scalars of a complete JSON text: path, where it begins and where it ends, in bytes; quotes are part of a
    string. Empty objects and arrays are none. O(bytes).

    >>> scalars(b'{"a":"xy","b":[1,null]}')
    [('a', 5, 9), ('b[0]', 15, 16), ('b[1]', 17, 21)]
    """
    return [(_path(list(one.steps)), one.begin, one.end) for one in values(text) if one.is_scalar]
