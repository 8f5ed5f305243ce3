"""Suites: texts written by hand, and what is true of them.

A suite is a file of JSON lines. A record either asks for an object:

    {"id": "invoice-01", "kind": "Invoice", "text": "...", "truth": {"total": 84, ...}, "accept": {"seller": ["Ann"]}}

where `kind` is a type in `KINDS` of the `types.py` beside the file, `truth` holds every field of it (null where the
text does not say) and `accept` other values of a field that are right too; or it asks for a label:

    {"id": "bank-01", "labels": "bank", "text": "...", "label": "lost card"}

where `labels` names a set in the `labels.json` beside the file, which maps labels to descriptions.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from typeloom.errors import Error

SHIPPED = Path(__file__).with_name("suites")
NAMES = ("documents", "topics", "absent", "long")
"""The suites that come with the package."""


@dataclass(frozen=True, slots=True)
class Document:
    """A text to extract from. truth: every field in JSON form. accept: other right values by field."""

    id: str
    kind: str
    text: str
    truth: Mapping[str, Any]
    accept: Mapping[str, list[Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text to classify: `labels` names the set, `label` is the right one."""

    id: str
    labels: str
    text: str
    label: str


@dataclass(frozen=True, slots=True)
class Suite:
    """kinds: the types of the documents by name. seen: kinds that count as seen in training. label_sets: label to
    description, by the name of the set."""

    name: str
    documents: tuple[Document, ...]
    labelled: tuple[Labelled, ...]
    kinds: Mapping[str, Any]
    seen: frozenset[str]
    label_sets: Mapping[str, Mapping[str, str]]


def read(suite: str | os.PathLike[str]) -> Suite:
    """The suite of this name, one of `NAMES`, or the one in this file.

    Raises Error if there is none, or a record is not as the module says, with its line.

    >>> suite = read("documents")
    >>> len(suite.kinds), len(suite.documents) >= 100
    (16, True)
    """
    path = SHIPPED / f"{suite}.jsonl" if suite in NAMES else Path(suite)
    if not path.is_file():
        raise Error(f"expected a suite, one of {', '.join(NAMES)} or a file of JSON lines, got {os.fspath(suite)!r}")
    types, sets = path.with_name("types.py"), path.with_name("labels.json")
    module = _module(types.resolve()) if types.is_file() else None
    kinds: Mapping[str, Any] = getattr(module, "KINDS", {})
    label_sets: Mapping[str, Mapping[str, str]] = json.loads(sets.read_text("utf-8")) if sets.is_file() else {}
    documents: list[Document] = []
    labelled: list[Labelled] = []
    ids: set[str] = set()
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        where = f"{path.name}, line {number}"
        try:
            record = json.loads(line)
            if "kind" in record:
                documents.append(Document(**record))
            else:
                labelled.append(Labelled(**record))
        except (ValueError, TypeError) as error:
            raise Error(f"{where}: expected a record of a suite: {error}") from error
        if record["id"] in ids:
            raise Error(f"{where}: expected an id of its own, {record['id']!r} was there before")
        ids.add(record["id"])
        if "kind" in record and record["kind"] not in kinds:
            raise Error(f"{where}: expected a kind of {types.name}, one of {', '.join(kinds)}, got {record['kind']!r}")
        if "kind" not in record and record["label"] not in label_sets.get(record["labels"], {}):
            raise Error(f"{where}: expected a label of {record['labels']!r} in {sets.name}, got {record['label']!r}")
    seen = frozenset(getattr(module, "SEEN", ()))
    return Suite(path.stem, tuple(documents), tuple(labelled), kinds, seen, label_sets)


@cache
def _module(path: Path) -> ModuleType:
    """The types beside a suite; run once, so that a kind is one type."""
    name = f"typeloom_suite_{hashlib.sha256(str(path).encode()).hexdigest()[:16]}"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None  # a .py file has both
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # where Pydantic looks up names in annotations
    try:
        spec.loader.exec_module(module)
    except Exception as error:  # whatever the user's own module raises
        raise Error(f"{path} cannot be imported: {type(error).__name__}: {error}") from error
    return module
