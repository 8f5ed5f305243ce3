"""One HTML file that shows documents beside what was read from them.

Theory of operation. `page` writes everything it knows as JSON into a template that draws it in the browser, so a page
of a thousand documents opens at once: only the document looked at is laid out. Nothing is loaded from anywhere. Values
and texts reach the page as data and are put there as text, never as markup.

Positions are in characters here and in UTF-16 units there, so they are converted.
"""

from __future__ import annotations

import json
import os
import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from typeloom.errors import Error
from typeloom.tasks.result import Result

JsonScalar = str | int | float | bool | None
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class ShownField:
    """One value of an object.

    path: where in the object (`items[0].total`). value: as JSON. spans: half-open character offsets where it stands in
    the text. confidence and pressure are probabilities; alternatives are other values with theirs.
    """

    path: str
    value: JsonScalar
    spans: Sequence[Place] = ()
    confidence: float | None = None
    pressure: float | None = None
    tokens: int | None = None
    alternatives: Sequence[tuple[JsonScalar, float]] = ()


@dataclass(frozen=True, slots=True)
class ShownDocument:
    """A text with the values read from it, or with the error that stood in their way."""

    text: str
    fields: Sequence[ShownField] = field(default_factory=tuple)
    error: str | None = None
    name: str = ""


def page(documents: Iterable[ShownDocument], title: str = "typeloom") -> str:
    """The page as HTML, without any reference to another file. O(size of the texts and values).

    >>> html = page([ShownDocument("Total: 12 EUR", [ShownField("total", 12, [(7, 9)])])])
    >>> "Total: 12 EUR" in html, "http" in html
    (True, False)
    """
    data = {"title": title, "documents": [_document(document) for document in documents]}
    # Inside a script element only `</` and `<!--` mean something; in JSON strings they may be written otherwise.
    text = json.dumps(data, ensure_ascii=False, allow_nan=False).replace("<", "\\u003c")
    return _template().replace("{{data}}", text.encode("utf-8", "replace").decode("utf-8"), 1)


def to_html(
    results: Iterable[Result[Any] | Error],
    path: str | os.PathLike[str],
    *,
    title: str = "typeloom",
    texts: Sequence[str] = (),
) -> None:
    """Write the page of some results, made with `detail=True`, to a file.

    An Error among them (from `map(..., on_error="return")`) is shown in its place, with its text out of `texts`.
    """
    shown = [_shown(one, texts[i] if i < len(texts) else "") for i, one in enumerate(results)]
    Path(path).write_text(page(shown, title), encoding="utf-8")


def _shown(one: Result[Any] | Error, text: str) -> ShownDocument:
    if isinstance(one, Error):
        return ShownDocument(text, error=f"{type(one).__name__}: {one}")
    fields = [
        ShownField(
            path,
            found.value,
            [(span.start, span.end) for span in found.spans],
            found.confidence,
            found.pressure,
            found.tokens,
            [(f"{one.value}…" if one.is_open else one.value, one.probability) for one in found.alternatives],
        )
        for path, found in one.fields.items()
    ]
    return ShownDocument(one.text, fields)


def json_fields(value: Any, path: str = "") -> list[tuple[str, JsonScalar]]:
    """The scalars of a JSON value with their paths, in order; an empty object or list is one of them, as null.

    >>> json_fields({"a": [1, {"b": "x"}], "c": []})
    [('a[0]', 1), ('a[1].b', 'x'), ('c', None)]
    """
    out: list[tuple[str, JsonScalar]] = []
    stack: list[tuple[str, Any]] = [(path, value)]
    while stack:
        here, one = stack.pop()
        if isinstance(one, Mapping) and one:
            stack.extend((_key(here, str(key)), inner) for key, inner in reversed(list(one.items())))
        elif isinstance(one, list | tuple) and one:
            stack.extend((f"{here}[{i}]", inner) for i, inner in reversed(list(enumerate(one))))
        else:
            out.append((here, None if isinstance(one, Mapping | list | tuple) else one))
    return out


def _key(path: str, key: str) -> str:
    step = key if re.fullmatch(r"\w+", key) else json.dumps(key, ensure_ascii=False)
    return f"{path}.{step}" if path else step


def _document(document: ShownDocument) -> dict[str, Any]:
    units = _Units(document.text)
    return {
        "name": document.name,
        "text": document.text,
        "error": document.error,
        "fields": [_field(one, units) for one in document.fields],
    }


def _field(one: ShownField, units: _Units) -> dict[str, Any]:
    return {
        "path": one.path or "value",
        "class": re.sub(r"\[\d+\]", "[]", one.path) or "value",
        "value": one.value,
        "spans": [[units.of(start), units.of(end)] for start, end in one.spans],
        "confidence": one.confidence,
        "pressure": one.pressure,
        "tokens": one.tokens,
        "alternatives": [list(pair) for pair in one.alternatives],
    }


class _Units:
    """Character offsets of a text as offsets in UTF-16 units."""

    def __init__(self, text: str) -> None:
        self._wide = [i for i, c in enumerate(text) if ord(c) > 0xFFFF]

    def of(self, offset: int) -> int:
        return offset + bisect_left(self._wide, offset)


@cache
def _template() -> str:
    return files("typeloom.view").joinpath("page.html").read_text(encoding="utf-8")
