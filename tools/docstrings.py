"""How docstrings become Markdown for the reference page: an extension of griffe, which mkdocstrings reads them with.

Examples become code blocks, and what is said of a parameter or field by its name becomes an item of a list. All else is
Markdown already.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any

import griffe

_NAMED = re.compile(r"([a-z_]+(?:, [a-z_]+)*): ")
_NAMED_LATER = re.compile(r"(?<=\. )(?=[a-z_]+(?:, [a-z_]+)*: )")


class Markdown(griffe.Extension):
    """Rewrites every docstring of a package once it is read."""

    def on_package(self, *, pkg: griffe.Module, **_: Any) -> None:
        left: list[Any] = [pkg]
        while left:
            one = left.pop()
            if one.is_alias:
                continue
            if one.docstring is not None:
                names = {parameter.name for parameter in one.parameters} if one.is_function else set(one.members)
                one.docstring.value = "\n".join(markdown(one.docstring.value, names))
            left += one.members.values()


def markdown(text: str, names: Collection[str]) -> Iterator[str]:
    """The lines of a docstring as Markdown. `names` are those of the parameters or fields that it may speak of."""
    is_code = is_list = False
    for line in _one_name_a_line(text, names):
        if line.startswith(">>> ") and not is_code:
            yield from ("", "```pycon")
            is_code = True
        elif is_code and not line.strip():
            yield "```"
            is_code = False
        if is_code:
            yield line
            continue
        said = _said(line, names)
        if said is not None:
            if not is_list:
                yield ""
            yield "- " + ", ".join(f"`{name}`" for name in said) + ": " + line.split(": ", 1)[1]
            is_list = True
            continue
        if is_list and line.startswith(("Raises ", "Costs ")):
            yield ""
            is_list = False
        is_list = is_list and bool(line.strip())
        yield "  " + line.strip() if is_list else line
    if is_code:
        yield "```"


def _one_name_a_line(text: str, names: Collection[str]) -> Iterator[str]:
    is_code = False
    for line in text.split("\n"):
        is_code = line.startswith(">>> ") or (is_code and bool(line.strip()))
        if is_code:
            yield line
            continue
        begin = 0
        for match in _NAMED_LATER.finditer(line):
            if _said(line[match.start() :], names) is not None:
                yield line[begin : match.start()].rstrip()
                begin = match.start()
        yield line[begin:]


def _said(line: str, names: Collection[str]) -> list[str] | None:
    """The names that a line begins by speaking of; None if it does not."""
    match = _NAMED.match(line)
    said = match[1].split(", ") if match else []
    return said if said and all(name in names for name in said) else None
