"""Packages that only some adapters need: imported when used, and named with their extra when they are missing."""

from __future__ import annotations

import importlib
from typing import Any

from typeloom.errors import Error


class MissingExtra(Error, ImportError):
    """A package of an optional extra is not installed; `extra` names what to install."""

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(f"this needs {package}, which is not installed; pip install 'typeloom[{extra}]' brings it")
        self.extra = extra


def needed(package: str, extra: str) -> Any:
    """The module of an optional package; raises MissingExtra when it is not installed.

    >>> needed("json", "never").__name__
    'json'
    """
    try:
        return importlib.import_module(package)
    except ImportError as error:
        if error.name and error.name.split(".")[0] != package.split(".")[0]:
            raise
        raise MissingExtra(package.split(".")[0], extra) from error
