"""Compile for a law: a Schema or a type on a vocabulary, where a refusal is a legal answer and a crash is not.

A refusal must be one of the promised exceptions; then the example says nothing about masks and is dropped.
`test_refusals.py` holds the types to compile, so that a law cannot come true by refusing everything.
"""

from __future__ import annotations

from typing import Any

from hypothesis import event, reject

import typeloom as tl
from typeloom.schema.node import Coverage


def compiled(source: Any, vocabulary: tl.Vocabulary, **options: str) -> tl.Constraint:
    """The Constraint; drops the example if the source is refused by SchemaError or LimitError."""
    try:
        return tl.compile(source, vocabulary, **options)
    except (tl.SchemaError, tl.LimitError) as refusal:
        event(f"refused: {type(refusal).__name__}")
        reject()


def is_wider(annotation: Any) -> bool:
    """True if `tl.check` says that a validator outside of the automaton has the last word."""
    return any(note.coverage is Coverage.WIDER for note in tl.check(annotation).notes)
