"""The kinds of documents, each as concepts and whole templates.

A *concept* is something a document may say (the due date): how schemas name
it, how descriptions put it, the labels and sentences that carry it.  A
*template* is a whole document with concepts as slots.  A line of it may get
lost, so a line says by itself what its values are; ``\\v`` breaks a line that
must stay with the one before.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from values import Source, Value


@dataclass
class Concept:
    """``names``, ``notes``, ``labels`` and ``said`` are split at ``|``."""

    key: str
    make: Callable[[Source], Value]
    names: str
    notes: str = ""
    labels: str = ""
    said: str = ""
    parts: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Names and notes of what may be asked for besides the whole."""
    rare: bool = False


@dataclass
class Kind:
    name: str
    concepts: dict[str, Concept]
    templates: list[str]
    openings: str
    fillers: str
    closings: str


def listed(*concepts: Concept) -> dict[str, Concept]:
    return {c.key: c for c in concepts}
