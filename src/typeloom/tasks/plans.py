"""The plans of the types used last: what a verb compiles once for a type.

A key is the type itself and how it is written: `int | str` equals `str | int`, but the two are tried in different
order. A type that cannot be hashed is known by its identity, and kept alive so that this stays its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from typeloom.tasks.kept import Kept

if TYPE_CHECKING:
    from typeloom.tasks.extract import Plan


class Plans:
    """The plans of the `most` types used last."""

    def __init__(self, most: int) -> None:
        self._kept: Kept[tuple[Any, Plan]] = Kept(most)

    def get(self, source: Any, make: Callable[[], Plan]) -> Plan:
        """The plan of this type, made now if it is not kept."""
        try:
            key = _key(source)
        except RecursionError:  # nested too deep to be written: reading it refuses it, in its own words
            return make()
        return self._kept.get(key, lambda: (source, make()))[1]

    def __len__(self) -> int:
        return len(self._kept)


def _key(source: Any) -> Any:
    """What a type is known by in a cache."""
    written = repr(source)
    try:
        hash(source)
    except TypeError:
        return id(source), written
    return source, written
