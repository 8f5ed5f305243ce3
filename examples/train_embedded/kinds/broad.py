"""Some sixty-five kinds of documents, each smaller than the first ten: what a schema may ask for is as wide as life.

What a concept is called in schemas may also stand in a document as its label
or in a schema as its description (``balance_after: 12``, ``Balance after``),
and descriptions end as people end them: ``, as written``, `` (YYYY-MM-DD)``.
"""

from __future__ import annotations

from dataclasses import replace

from values import Source

from kinds import (
    Concept,
    Kind,
    care,
    civic,
    culture,
    fieldwork,
    happenings,
    leisure,
    living,
    machines,
    notices,
    office,
    payments,
    society,
    study,
    tables,
    technical,
    trade,
    transport,
    world,
)
from kinds.letters import LETTERS

ENDINGS = {
    "string": (", as written", ", exactly as in the text", ". Copy it word for word.", " or null", " (verbatim)", ", if the text has it"),
    "date": (" (YYYY-MM-DD)", ", ISO date", " as YYYY-MM-DD", ", or null", ", if stated", ". ISO 8601."),
    "time": (" (HH:MM:SS)", ", ISO time", " on the 24 hour clock", ", or null", ", if stated", "."),
    "date-time": (" (ISO 8601)", ", date and time", " as YYYY-MM-DDTHH:MM:SS", ", or null", ", if stated", "."),
    "number": (" as a number", ", without the unit", " (number only)", ", or null", ", if stated", ", digits only"),
    "enum": (", one of the listed values", " (choose one)", ", by what the text means", ", or null", ", judged from the text", "."),
    "boolean": (", true or false", " (yes or no)", ", judged from the text", ". True if so.", " or not", "."),
    "array": (", in the order of the text", " (list)", ", all of them", ", one entry each", ", empty if there are none", "."),
}


class Unread(Source):
    """A source for which no names need to be drawn first: only the sort of its values matters."""

    def pool(self, name: str) -> str:
        return "Ada Lovelace"


def wordy(kind: Kind) -> Kind:
    """The kind with its long templates, labels and descriptions made of its names, and descriptions with endings."""
    templates = [*kind.templates, *LETTERS.get(kind.name, [])]
    return replace(kind, templates=templates, concepts={key: worded(c) for key, c in kind.concepts.items()})


def worded(concept: Concept) -> Concept:
    names = concept.names.split("|")
    plain = [name.replace("_", " ").capitalize() for name in names]
    labels = concept.labels.split("|") if concept.labels else []
    known = {label.lower() for label in labels}
    labels += [label for label in plain if label.lower() not in known]
    labels += [name for i, name in enumerate(names) if "_" in name and i % 3 == 0]
    notes = concept.notes.split("|") if concept.notes else []
    schema = concept.make(Unread(len(concept.key))).schema
    sort = "enum" if "enum" in schema else schema.get("format", schema["type"])
    endings = ENDINGS[{"integer": "number", "email": "string", "uri": "string"}.get(sort, sort)]
    notes += plain
    notes += [note + endings[(i + len(concept.key)) % len(endings)] for i, note in enumerate(notes)]
    return replace(concept, labels="|".join(labels), notes="|".join(notes))


KINDS: list[Kind] = [
    wordy(kind)
    for module in (care, transport, payments, office, notices, culture, technical, study, living, society, tables, civic, leisure, trade, world, happenings, machines, fieldwork)
    for kind in module.KINDS
]

__all__ = ["KINDS"]
