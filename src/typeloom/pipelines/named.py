"""A type by its name, `FILE.py:NAME` or `importable.module:NAME`, as command lines and task files give it."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from typeloom.errors import Error


def imported(name: str, folder: Path | None = None) -> Any:
    """The object that `FILE.py:NAME` or `module:NAME` names.

    folder: where FILE.py is looked for and modules are imported from besides the usual places; None is the current one.
    Raises Error with the way out if there is no such object, or its module cannot be run.
    """
    place, colon, attribute = name.rpartition(":")
    if not colon or not place or not attribute:
        raise Error(f"expected FILE.py:TYPE, got {name!r}; for example invoice.py:Invoice")
    module = _module(place, folder)
    found: Any = module
    for part in attribute.split("."):
        try:
            found = getattr(found, part)
        except AttributeError:
            names = vars(module).items()
            offered = sorted(n for n, v in names if isinstance(v, type) and v.__module__ == module.__name__)
            raise Error(
                f"{place} has no {attribute!r}; it defines {', '.join(offered) if offered else 'no class'}"
            ) from None
    return found


def _module(place: str, folder: Path | None) -> ModuleType:
    """Run the file, or import the module; the file's own folder is importable from it."""
    if not place.endswith(".py"):
        sys.path.insert(0, str(folder) if folder else os.getcwd())
        return _run(place, lambda: importlib.import_module(place))
    path = folder / place if folder else Path(place)
    if not path.is_file():
        raise Error(f"expected a Python file at {path}, there is none")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise Error(f"{place} cannot be read as a Python module")
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module  # where Pydantic looks up names in annotations
    sys.path.insert(0, str(path.parent.resolve()))
    loader = spec.loader

    def run() -> ModuleType:
        loader.exec_module(module)
        return module

    return _run(place, run)


def _run(place: str, step: Callable[[], ModuleType]) -> ModuleType:
    try:
        return step()
    except Error:
        raise
    except Exception as error:  # whatever the user's own module raises is said in one line, too
        reason = " ".join(str(error).split())
        raise Error(f"{place} cannot be imported: {type(error).__name__}: {reason}") from error
