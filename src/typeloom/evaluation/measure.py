"""Numbers out of compared fields and guessed labels.

Precision and recall count items: a field is one item unless null, a list as many as it has. F1 is over all items of a
group together (micro); macro-F1 is the mean over labels. Rates over nothing are None, never 0 or 1.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from typeloom.evaluation.compare import Field
from typeloom.tasks.calibration import expected_calibration_error

Number = float | None


@dataclass(frozen=True, slots=True)
class Judged:
    """One document: its fields compared, whether there was a valid object, and what it took."""

    id: str
    kind: str
    fields: tuple[Field, ...]
    valid: bool
    tokens: int
    seconds: float
    error: str = ""


@dataclass(frozen=True, slots=True)
class Guess:
    """One labelled text: the right label, the guessed one and its probability."""

    labels: str
    right: str
    guessed: str
    confidence: float


def documents(judged: Sequence[Judged]) -> dict[str, Any]:
    """What the documents come to: counts, and rates from 0 to 1.

    field_exact: fields right as a whole. field_f1: over items. object_exact: all fields of a document right. valid:
    there was an object of the type. made_up: share of the written texts that stand nowhere in the document. kept_null:
    share of the fields that the document does not speak of which were left null (or empty).
    """
    fields = [field for one in judged for field in one.fields]
    return {
        "documents": len(judged),
        "fields": len(fields),
        "valid": _rate(one.valid for one in judged),
        "field_exact": _rate(field.exact for field in fields),
        "field_f1": f1(fields),
        "object_exact": _rate(all(field.exact for field in one.fields) for one in judged),
        "made_up": _share(sum(field.made_up for field in fields), sum(field.written for field in fields)),
        "kept_null": _rate(field.kept for field in fields if field.silent),
        "tokens": sum(one.tokens for one in judged),
        "seconds": round(math.fsum(one.seconds for one in judged), 2),
    }


def by_type(judged: Sequence[Judged]) -> dict[str, dict[str, Any]]:
    """Fields, exact match and F1 by the type of the field."""
    fields = [field for one in judged for field in one.fields]
    groups = {name: [field for field in fields if field.type == name] for name in sorted({f.type for f in fields})}
    return {
        name: {"fields": len(group), "field_exact": _rate(f.exact for f in group), "field_f1": f1(group)}
        for name, group in groups.items()
    }


def f1(fields: Sequence[Field]) -> Number:
    """Harmonic mean of precision and recall over the items of these fields."""
    hits = sum(field.hits for field in fields)
    return _share(2 * hits, 2 * hits + sum(field.false + field.missed for field in fields))


def labels(guesses: Sequence[Guess]) -> dict[str, Any]:
    """What the guesses of one or more label sets come to: accuracy and ECE over all texts, macro-F1 as the mean over
    the sets."""
    sets = sorted({guess.labels for guess in guesses})
    return {
        "texts": len(guesses),
        "accuracy": _rate(guess.right == guess.guessed for guess in guesses),
        "macro_f1": _mean([_macro_f1([g for g in guesses if g.labels == name]) for name in sets]),
        "ece": _round(
            expected_calibration_error([g.confidence for g in guesses], [g.right == g.guessed for g in guesses])
        ),
    }


def _macro_f1(guesses: Sequence[Guess]) -> float:
    scores = []
    for name in sorted({guess.right for guess in guesses} | {guess.guessed for guess in guesses}):
        hits = sum(g.right == name == g.guessed for g in guesses)
        scores.append(2 * hits / sum((g.right == name) + (g.guessed == name) for g in guesses))
    return math.fsum(scores) / len(scores)


def _rate(verdicts: Iterable[bool]) -> Number:
    found = list(verdicts)
    return _share(sum(found), len(found))


def _share(part: int, whole: int) -> Number:
    return _round(part / whole) if whole else None


def _mean(values: Sequence[float]) -> Number:
    return _round(math.fsum(values) / len(values)) if values else None


def _round(value: float) -> float:
    return round(value, 4)
