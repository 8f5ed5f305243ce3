"""The grammars that come with typeloom: `tl.grammars.load("sql_select")`.

Each file's header names its source and its limits. They are in `grammars/` of a source tree, and beside this module in
an installed package.
"""

from __future__ import annotations

from pathlib import Path

from typeloom.errors import GrammarError
from typeloom.grammar.lark import Lark

_FOLDERS = (Path(__file__).with_name("files"), Path(__file__).parents[3] / "grammars")


def names() -> list[str]:
    """The names that `load` knows.

    >>> "json" in names()
    True
    """
    return sorted({file.stem for folder in _FOLDERS for file in folder.glob("*.lark")})


def load(name: str) -> Lark:
    """The grammar of that name. Raises GrammarError with the names that there are.

    >>> load("semver").parse("1.0.0-rc.1").data
    Token('RULE', 'start')
    """
    for folder in _FOLDERS:
        file = folder / f"{name}.lark"
        if name.isidentifier() and file.is_file():
            return Lark(file)
    raise GrammarError(f"expected the name of a grammar that comes with typeloom, got {name!r}; {', '.join(names())}")
