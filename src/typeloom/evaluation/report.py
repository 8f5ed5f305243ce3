"""A record as a table for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

DOCUMENTS = ("documents", "valid", "field_exact", "field_f1", "object_exact", "made_up", "kept_null", "seconds")
LABELS = ("texts", "accuracy", "macro_f1", "ece")
TYPES = ("fields", "field_exact", "field_f1")


def table(record: Mapping[str, Any]) -> str:
    """The record of one evaluation as Markdown tables, rates in per cent (ECE as a number)."""
    parts = [f"{record['suite']} with {record['model']}" + _asked(record)]
    if "documents" in record:
        parts.append(rows("", DOCUMENTS, [*record["documents"].items(), *record["by_kind"].items()]))
        parts.append(rows("field of type", TYPES, record["by_type"].items()))
    if "labels" in record:
        parts.append(rows("all label sets", LABELS, record["labels"].items()))
        for name, steps in record["by_set"].items():
            fitted_on = record["fitted_on_texts_a_label"][name]
            parts.append(rows(f"{name} (fitted on {fitted_on} texts a label)", LABELS, steps.items()))
    return "\n\n".join(parts)


def compared(records: Sequence[Mapping[str, Any]]) -> str:
    """The records of one suite of documents, asked in several ways, side by side.

    >>> print(compared([{"suite": "s", "model": "m", "mode": "free", "examples": 0,
    ...     "documents": {"all": {"valid": 0.5, "field_f1": None}}}]).splitlines()[0])
    | s with m | documents | valid | field exact | field f1 | object exact | made up | kept null | seconds |
    """
    first = records[0]
    return rows(
        f"{first['suite']} with {first['model']}",
        DOCUMENTS,
        [(_way(r), r["documents"]["all"]) for r in records],
    )


def rows(title: str, columns: Sequence[str], lines: Iterable[tuple[str, Mapping[str, Any]]]) -> str:
    """A Markdown table of the columns of each line."""
    head = [title, *(column.replace("_", " ") for column in columns)]
    made = [_line(head), _line(["---", *("--:" for _ in columns)])]
    made += [_line([name, *(_shown(column, values.get(column)) for column in columns)]) for name, values in lines]
    return "\n".join(made)


def _asked(record: Mapping[str, Any]) -> str:
    return f", {_way(record)}" if "mode" in record else ""


def _way(record: Mapping[str, Any]) -> str:
    count = record["examples"]
    return f"{record['mode']}, {count} example{'' if count == 1 else 's'}"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _shown(column: str, value: Any) -> str:
    if value is None:
        return "-"
    if column in ("documents", "texts", "fields"):
        return f"{value}"
    if column in ("ece", "seconds"):
        return f"{value:.3f}" if column == "ece" else f"{value:.1f}"
    return f"{100 * value:.1f} %"
