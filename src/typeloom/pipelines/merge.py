"""What was read out of the chunks of a text, merged into one value, each scalar with the evidence it came with.

The values are merged as the JSON that was decoded, scalar by scalar, and the merged JSON is validated by the type: a
list that became longer than the type allows is an error, nothing is left out in silence. Null, an empty string, list or
object counts as nothing found.

- "union": objects field by field; lists one after the other, each item once; of scalars the first that is something.
- by(key): as "union", and items of a list (objects with that field) are one and the same if they agree in it: they are
  merged field by field. Items without it are kept.
- "first": the first value, field by field, that is something. Lists are not mixed.
- "vote": as "union", but of scalars the one found most often; of equals the one found first.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from typeloom.errors import SchemaError
from typeloom.tasks.evidence import FieldEvidence


@dataclass(frozen=True, slots=True)
class Leaf:
    """A scalar as it is written in JSON, and the evidence for it; two are equal if they are written alike."""

    written: str
    evidence: FieldEvidence | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Leaf) and self.written == other.written

    def __hash__(self) -> int:
        return hash(self.written)


Tree = dict[str, Any] | list[Any] | Leaf
"""A JSON value; the values of the dict and the items of the list are Trees."""


@dataclass(frozen=True, slots=True)
class By:
    """Merges the items of lists that agree in one field."""

    key: str


Merge = Literal["union", "first", "vote"] | By


def by(key: str) -> By:
    """Merge what was read from chunks, items of lists that agree in the field `key` (by alias) being the same."""
    return By(key)


def tree(text: str, fields: Mapping[str, FieldEvidence]) -> Tree:
    """The tree of a decoded JSON text, with the evidence of a Result (by path, as in `items[2].name`)."""
    value = json.loads(text, parse_float=_Number, parse_int=_Number, parse_constant=_Number)
    return _tree(value, "", fields)


class _Number(str):
    """A number as it is written."""


def _tree(value: Any, path: str, fields: Mapping[str, FieldEvidence]) -> Tree:
    if isinstance(value, dict):
        return {key: _tree(one, f"{path}.{key}" if path else key, fields) for key, one in value.items()}
    if isinstance(value, list):
        return [_tree(one, f"{path}[{at}]", fields) for at, one in enumerate(value)]
    written = str(value) if isinstance(value, _Number) else json.dumps(value, ensure_ascii=False)
    return Leaf(written, fields.get(path or "$"))


def written(value: Tree) -> str:
    """The tree as compact JSON."""
    if isinstance(value, Leaf):
        return value.written
    if isinstance(value, list):
        return f"[{','.join(map(written, value))}]"
    return "{" + ",".join(f"{json.dumps(key, ensure_ascii=False)}:{written(one)}" for key, one in value.items()) + "}"


def evidence(value: Tree, path: str = "") -> Iterator[tuple[str, FieldEvidence]]:
    """The evidence for the scalars of a tree by their paths."""
    if isinstance(value, Leaf):
        if value.evidence is not None:
            yield path or "$", value.evidence
        return
    steps = (
        ((f"{path}.{key}" if path else key, one) for key, one in value.items())
        if isinstance(value, dict)
        else ((f"{path}[{at}]", one) for at, one in enumerate(value))
    )
    for step, one in steps:
        yield from evidence(one, step)


def merged(trees: Sequence[Tree], how: Merge) -> Tree:
    """One tree out of several, in the order of their chunks; at least one. Raises SchemaError for an unknown merge."""
    if isinstance(how, By):
        return _union(trees, _first_leaf, partial(_joined, key=how.key))
    if how == "union":
        return _union(trees, _first_leaf, _distinct)
    if how == "vote":
        return _union(trees, _voted, _distinct)
    if how == "first":
        return _union(trees, _first_leaf, lambda lists, pick: lists[0])
    raise SchemaError(f"expected merge to be 'union', 'first', 'vote' or by('key'), got {how!r}")


PickLeaf = Callable[[Sequence[Leaf]], Leaf]
JoinLists = Callable[[Sequence[list[Tree]], PickLeaf], list[Tree]]


def _union(trees: Sequence[Tree], pick: PickLeaf, join: JoinLists) -> Tree:
    """Field by field. Where the values are of different kinds (a union in the type), those of the first one's count."""
    found = [one for one in trees if not _is_nothing(one)] or list(trees[:1])
    kind = type(found[0])
    alike: list[Any] = [one for one in found if type(one) is kind]
    if kind is Leaf:
        return pick(alike)
    if kind is list:
        return join(alike, pick)
    keys = dict.fromkeys(key for one in alike for key in one)
    return {key: _union([one[key] for one in alike if key in one], pick, join) for key in keys}


def _is_nothing(value: Tree) -> bool:
    return value.written in ("null", '""') if isinstance(value, Leaf) else not value


def _first_leaf(found: Sequence[Leaf]) -> Leaf:
    return found[0]


def _voted(found: Sequence[Leaf]) -> Leaf:
    return Counter(found).most_common(1)[0][0]


def _distinct(lists: Sequence[list[Tree]], pick: PickLeaf) -> list[Tree]:
    """Each item once, where it first comes. Items repeated within one list are said twice, and stay."""
    kept = list(lists[0])
    for one in lists[1:]:
        seen = {written(item) for item in kept}
        kept += [item for item in one if written(item) not in seen]
    return kept


def _joined(lists: Sequence[list[Tree]], pick: PickLeaf, key: str) -> list[Tree]:
    groups: dict[str, list[Tree]] = {}
    for number, item in enumerate(item for one in lists for item in one):
        value = item.get(key) if isinstance(item, dict) else None
        if value is not None and not _is_nothing(value):
            groups.setdefault(f"{key}={written(value)}", []).append(item)
        elif isinstance(item, dict):
            groups[f"{number}"] = [item]
        else:
            groups.setdefault(f"item={written(item)}", [item])
    return [_union(group, pick, partial(_joined, key=key)) for group in groups.values()]
