"""An extracted object beside its truth: which fields are right, which are made up, which are rightly left out.

Right means equal after what does not matter is taken away. Texts are compared in lower case, without the white space
and punctuation around them, with every run of white space as one blank; numbers as numbers; dates as dates; lists as
bags of items. A value that the record accepts beside its truth is right as well.

A value of type text is *made up* (hallucinated) if it does not stand in the text at all, under the same reading. Other
types are not asked: 2025-03-01 may stand there as "the first of March".
"""

from __future__ import annotations

import types
import typing
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal

NAMES: tuple[tuple[type, str], ...] = (
    (bool, "boolean"),
    (int, "integer"),
    (float, "number"),
    (Decimal, "number"),
    (datetime, "datetime"),
    (date, "date"),
    (time, "time"),
    (Enum, "choice"),
    (str, "text"),
)
AROUND = " \t\n.,;:!?\"'()[]*#-–—"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of one object.

    type: "text", "number", "date", ... as `type_name` says. exact: right as a whole. hits, false, missed: items that
    are right, that are there and wrong, and that are lacking (one at most, save for lists). written: texts that were
    written, and made_up: how many of them are nowhere in the text. silent: the truth is null or empty. kept: it is
    silent and so is the prediction.
    """

    name: str
    type: str
    exact: bool
    hits: int
    false: int
    missed: int
    written: int
    made_up: int
    silent: bool
    kept: bool


def fields(
    kind: Any, truth: Mapping[str, Any], accept: Mapping[str, list[Any]], found: Mapping[str, Any] | None, text: str
) -> list[Field]:
    """Every field of a document; `found` is the object in JSON form, None where there is none."""
    inside = plain(text)
    compared = []
    for name, info in kind.model_fields.items():
        kept = accept.get(name, [])
        compared.append(_field(name, type_name(info.annotation), truth[name], kept, found, inside))
    return compared


def _field(
    name: str, kind: str, truth: Any, accept: list[Any], found: Mapping[str, Any] | None, inside: str
) -> Field:
    value = None if found is None else found.get(name)
    silent = truth is None or truth == []
    exact = found is not None and any(same(value, right) for right in (truth, *accept))
    wanted, got = _items(truth), _items(value)
    if exact:
        hits, false, missed = (0 if silent else len(got)), 0, 0
    else:
        hits = sum((Counter(map(_key, wanted)) & Counter(map(_key, got))).values())
        false, missed = len(got) - hits, len(wanted) - hits
    texts = [item for item in got if kind in ("text", "list of text") and isinstance(item, str)]
    return Field(
        name=name,
        type=kind,
        exact=exact,
        hits=hits,
        false=false,
        missed=missed,
        written=len(texts),
        made_up=sum(plain(item) not in inside for item in texts),
        silent=silent,
        kept=silent and found is not None and (value is None or value == []),
    )


def same(one: Any, other: Any) -> bool:
    """Whether two values in JSON form are the same value.

    >>> same("The  Old Mill.", "the old mill"), same(84, 84.0), same(True, 1), same(["a", "b"], ["B", "A"])
    (True, True, False, True)
    """
    if isinstance(one, list) and isinstance(other, list):
        return Counter(map(_key, one)) == Counter(map(_key, other))
    return bool(_key(one) == _key(other))


def plain(text: str) -> str:
    """Lower case, one blank for each run of white space, nothing around it."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split()).strip(AROUND)


def type_name(annotation: Any) -> str:
    """What a field holds, apart from null.

    >>> type_name(Annotated[int, "note"] | None), type_name(list[str]), type_name(Literal["a"])
    ('integer', 'list of text', 'choice')
    """
    while typing.get_origin(annotation) is Annotated:
        annotation = typing.get_args(annotation)[0]
    origin = typing.get_origin(annotation)
    if origin in (typing.Union, types.UnionType):
        names = [type_name(part) for part in typing.get_args(annotation) if part is not type(None)]
        return names[0] if len(set(names)) == 1 else "union"
    if origin is Literal:
        return "choice"
    if origin is list:
        return f"list of {type_name(typing.get_args(annotation)[0])}"
    if isinstance(annotation, type):
        return next((name for kind, name in NAMES if issubclass(annotation, kind)), "object")
    return "union"


def _items(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]


def _key(value: Any) -> Any:
    """What is equal for equal values, and can be counted."""
    if isinstance(value, str):
        return "text", plain(value)
    if isinstance(value, bool) or value is None:
        return "constant", value
    if isinstance(value, (int, float)):
        return "number", round(float(value), 6)
    if isinstance(value, Mapping):
        return "object", tuple(sorted((name, _key(part)) for name, part in value.items()))
    return "list", tuple(sorted(map(repr, map(_key, value))))
