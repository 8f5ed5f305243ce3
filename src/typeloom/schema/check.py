"""What of a type is held while decoding, what only afterwards, and what is refused: one line for every field.

`check` reads a type as `read_type` does, save that a part that cannot be read becomes a line of the report instead of
an exception, and the walk goes on, so one report names every refusal. A report is data; `str` of it is a table.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from typeloom.errors import GrammarError, LimitError, SchemaError
from typeloom.schema.caps import DEFAULT_CAPS
from typeloom.schema.core_schema import Reader
from typeloom.schema.json_schema import JsonSchema
from typeloom.schema.marks import Mark
from typeloom.schema.node import NEVER, AllOf, AnyOf, Coverage, Node, Not, Note, OneOf, Ref, Schema, Shape
from typeloom.schema.types import adapter

MAX_LISTED = 10_000


@dataclass(frozen=True, slots=True)
class Report:
    """What `check` found; `notes` in the order of the fields. `caps` has a line for each place that the type leaves
    open: how far generation goes there unless the call says otherwise (`tl.Caps`).

    >>> check(dict[str, bool]).caps
    ('$: at most 512 members',)
    """

    notes: tuple[Note, ...]
    caps: tuple[str, ...] = ()

    @property
    def exact(self) -> bool:
        """Whether every text that the automaton accepts is valid: nothing is wider, nothing refused."""
        return not any(note.coverage in (Coverage.WIDER, Coverage.REFUSED) for note in self.notes)

    @property
    def refused(self) -> tuple[Note, ...]:
        """The notes that stop the type from being compiled."""
        return tuple(note for note in self.notes if note.coverage is Coverage.REFUSED)

    def __str__(self) -> str:
        rows = [(note.path, note.subject, note.coverage.value, note.reason) for note in self.notes]
        widths = [min(max((len(row[i]) for row in rows), default=0), 60) for i in range(3)]
        lines = []
        for row in rows:
            cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
            lines.append("  ".join([*cells, row[3]]).rstrip())
        return "\n".join(lines)


def check(source: Any) -> Report:
    """The Report on a type, a `JsonSchema`, a grammar or an expression, or a Schema that was already read. Never raises
    for what is refused.

    >>> print(check(dict[str, int]))
    $    dict  exact
    $.*  int   exact
    """
    if isinstance(source, Schema):
        return Report(_listed(source), _capped(source))
    if isinstance(source, JsonSchema):
        try:
            schema = source.read()
            return Report(_listed(schema), _capped(schema))
        except (SchemaError, LimitError) as error:
            return Report((_refusal(error),))
    if not isinstance(source, type) and isinstance(source, Mark):
        try:
            source.expression()
        except (GrammarError, LimitError) as error:
            return Report((Note("$", type(source).__name__, Coverage.REFUSED, str(error).splitlines()[0]),))
        return Report((Note("$", type(source).__name__, Coverage.EXACT, source.says),))
    refusals: list[Note] = []

    def record(error: SchemaError) -> Node:
        note = _refusal(error)
        refusals.append(note)
        reader.notes.append(note)
        return NEVER

    reader = Reader(record)
    try:
        core = adapter(source).core_schema
    except SchemaError as error:
        return Report((_refusal(error),))
    caps: tuple[str, ...] = ()
    try:
        caps = _capped(reader.schema(core))
    except SchemaError as error:
        if not refusals:  # a type that holds no value only because a part was refused says so once
            reader.notes.append(_refusal(error))
    except LimitError as error:
        reader.notes.append(_refusal(error))
    return Report(tuple(dict.fromkeys(reader.notes)), caps)


def _refusal(error: SchemaError | LimitError) -> Note:
    if isinstance(error, LimitError):
        return Note("$", error.limit or "limit", Coverage.REFUSED, str(error))
    message = str(error).removesuffix(f" (at {error.path})")
    return Note(error.path, "type", Coverage.REFUSED, message)


def _listed(schema: Schema) -> tuple[Note, ...]:
    """The notes of a Schema, and an exact line for every place that has none."""
    noted = {note.path for note in schema.notes}
    exact = [Note(path, subject, Coverage.EXACT) for path, subject in _places(schema) if path not in noted]
    order = {path: i for i, (path, _) in reversed(list(enumerate(_places(schema))))}
    return tuple(sorted((*exact, *schema.notes), key=lambda note: order.get(note.path, len(order))))


def _capped(schema: Schema) -> tuple[str, ...]:
    """A line for every place whose value has no maximum of its own; strings with a language are not looked into."""
    lines: dict[str, None] = {}
    for path, node in _nodes(schema):
        if not isinstance(node, Shape):
            continue
        string, array, members, number = node.string, node.array, node.object, node.number
        if string is not None and string.max_length is None and string.language is None:
            lines[f"{path}: at most {DEFAULT_CAPS.characters} characters"] = None
        if array is not None and array.max_items is None and array.items != NEVER:
            lines[f"{path}: at most {DEFAULT_CAPS.items} items"] = None
        if members is not None and members.max_properties is None and members.additional != NEVER:
            lines[f"{path}: at most {DEFAULT_CAPS.items} members"] = None
        if number is not None and number.values is None and (number.minimum is None or number.maximum is None):
            lines[f"{path}: at most {DEFAULT_CAPS.digits} digits"] = None
    return tuple(lines)


def _places(schema: Schema) -> Iterator[tuple[str, str]]:
    """Every place of a Schema with the kinds of value it takes; each definition once, where it is first met."""
    for path, node in _nodes(schema):
        if isinstance(node, Ref):
            yield path, node.name
        elif isinstance(node, Not):
            yield path, "not"
        elif isinstance(node, Shape):
            yield path, _kinds(node)


def _nodes(schema: Schema) -> Iterator[tuple[str, Node]]:
    """Every place of a Schema with its node; combinations as their parts, each definition once, then its Ref."""
    met: set[str] = set()
    stack: list[tuple[str, Node]] = [("$", schema.root)]
    for _ in range(MAX_LISTED):
        if not stack:
            return
        path, node = stack.pop()
        if isinstance(node, Ref):
            if node.name in met or node.name not in schema.definitions:
                yield path, node
                continue
            met.add(node.name)
            stack.append((path, schema.definitions[node.name]))
        elif isinstance(node, (AllOf, AnyOf, OneOf)):
            stack.extend((path, part) for part in reversed(node.parts))
        else:
            yield path, node
        if isinstance(node, Shape):
            stack.extend(reversed(list(_inside(path, node))))


def _inside(path: str, shape: Shape) -> Iterator[tuple[str, Node]]:
    if shape.object is not None:
        for name, node in shape.object.properties:
            yield (f"{path}.{name}" if name.isidentifier() else f'{path}["{name}"]'), node
        if shape.object.additional not in (None, NEVER):
            yield f"{path}.*", shape.object.additional
    if shape.array is not None:
        for i, node in enumerate(shape.array.prefix):
            yield f"{path}[{i}]", node
        if shape.array.items not in (None, NEVER):
            yield f"{path}[*]", shape.array.items


def _kinds(shape: Shape) -> str:
    names = ["null"] * shape.null + ["boolean"] * bool(shape.booleans)
    if shape.number is not None:
        names.append("integer" if shape.number.integer else "number")
    names += [kind for kind in ("string", "array", "object") if getattr(shape, kind) is not None]
    return " | ".join(names) or "nothing"
