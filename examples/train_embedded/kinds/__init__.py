"""The kinds of documents, each as concepts and whole templates.

A *concept* is something a document may say (the due date): how schemas name
it, how descriptions put it, the labels and sentences that carry it.  A
*template* is a whole document with concepts as slots.  A line of it may get
lost, so a line says by itself what its values are; ``\\v`` breaks a line that
must stay with the one before.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

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
    akin: tuple[tuple[str, str], ...] = ()
    """Concepts of which one tells something about the other: whoever says the one is not silent on the other."""
    order: tuple[tuple[str, str], ...] = ()
    """Concepts of one type whose values mostly come in this order: earlier and later, smaller and larger."""
    mails: tuple[tuple[str, str], ...] = ()
    """A mail address and the person whose it is."""


def richer(
    kind: Kind,
    templates: list[str],
    openings: str,
    fillers: str,
    closings: str,
    *,
    names: dict[str, str],
    notes: dict[str, str],
    labels: dict[str, str],
    said: dict[str, str],
    makes: dict[str, Callable[[Source], Value]] | None = None,
    akin: tuple[tuple[str, str], ...] = (),
    order: tuple[tuple[str, str], ...] = (),
    mails: tuple[tuple[str, str], ...] = (),
) -> Kind:
    """The kind with more of everything, each under the key of its concept; what it had comes first."""

    def both(old: str, more: str) -> str:
        return "|".join(part for part in (old, more) if part)

    unknown = {*names, *notes, *labels, *said, *(makes or {})} - kind.concepts.keys()
    if unknown:
        raise KeyError(f"{kind.name} has no concepts {sorted(unknown)}")
    concepts = {
        key: replace(
            c,
            names=both(c.names, names.get(key, "")),
            notes=both(c.notes, notes.get(key, "")),
            labels=both(c.labels, labels.get(key, "")),
            said=both(c.said, said.get(key, "")),
            make=(makes or {}).get(key, c.make),
        )
        for key, c in kind.concepts.items()
    }
    return Kind(
        kind.name,
        concepts,
        [*kind.templates, *templates],
        both(kind.openings, openings),
        both(kind.fillers, fillers),
        both(kind.closings, closings),
        (*kind.akin, *akin),
        (*kind.order, *order),
        (*kind.mails, *mails),
    )


def listed(*concepts: Concept) -> dict[str, Concept]:
    return {c.key: c for c in concepts}
