"""The keys of a JSON object read from a key type: always strings, whatever the type of the key in Python.

`dict[int, V]` has the keys "1", "-20"; `dict[Colour, V]` the names or values of an enumeration. Each key type becomes a
`String` whose language holds its texts in canonical form, so that different keys are different values. Finite key types
(Literal, Enum, bool) are asked text by text of Pydantic itself, which reads some numbers out of keys and some not.
"""

from __future__ import annotations

import math
from enum import Enum
from typing import TYPE_CHECKING, Any

from pydantic_core import SchemaValidator, ValidationError, to_json

from typeloom.errors import SchemaError
from typeloom.regex.expr import ANY_CHAR, Alternate, Conjoin, Expr, Repeat
from typeloom.schema.decimal_text import Demand, decimal_texts
from typeloom.schema.leaf import Core, Remark, Site, wider
from typeloom.schema.marks import marks_of
from typeloom.schema.node import ANY, AnyOf, Node, Number, Shape, String
from typeloom.schema.number_types import read_decimal
from typeloom.schema.scalars import SCALARS
from typeloom.schema.shapes import text_choice

if TYPE_CHECKING:
    from typeloom.schema.core_schema import Reader

ONE_TEXT_EACH = frozenset({"any", "str", "int", "bool", "literal", "enum"})


def key_string(reader: Reader, core: Core, site: Site, least: int) -> tuple[String | None, list[Remark]]:
    """What every key must satisfy (None: nothing), and what must be said of it; `least` is the dict's min_length.

    Raises SchemaError for a type that no key can write (None, tuples, models).
    """
    remarks: list[Remark] = []
    strings = _strings(reader, core, site, remarks)
    if not strings:
        raise SchemaError(
            f"expected keys that a JSON object can hold, got {core['type']}: use str or int", path=site.path
        )
    if least > 1 and reader.resolved(core)["type"] not in ONE_TEXT_EACH:
        remarks.append(wider("min_length", "two texts may be one key; Pydantic counts after folding them"))
    if String() in strings:
        return None, remarks
    if len(strings) == 1:
        return strings[0], remarks
    return String(language=Alternate(tuple(_whole_language(string) for string in strings))), remarks


def _whole_language(string: String) -> Expr:
    length = Repeat(ANY_CHAR, string.min_length, string.max_length)
    return length if string.language is None else Conjoin((string.language, length))


def _strings(reader: Reader, core: Core, site: Site, remarks: list[Remark]) -> list[String]:
    core = reader.resolved(core)
    kind = core["type"]
    plain = not marks_of(core) and not core.get("metadata", {}).get("pydantic_js_annotation_functions")
    if kind in ("any", "str") and plain:
        return [_leaf(core, site, remarks)] if kind == "str" else [String()]
    if kind == "int":
        return [_number_texts(SCALARS["int"](core, site.config, site.path).node, site)]
    if kind == "float":
        return [_number_texts(SCALARS["float"](core, site.config, site.path).node, site)]
    if kind == "decimal":
        shape = read_decimal(core, site.config, site.path).node
        if isinstance(shape, Shape) and shape.string is not None:
            return [shape.string]
        remarks.append(wider("Decimal", "multiple_of is checked after decoding"))
        return [String(language=decimal_texts(Demand()))]
    if kind in ("bool", "literal", "enum"):
        return _finite(core, site)
    if kind == "nullable":
        return _strings(reader, core["schema"], site, remarks)
    if kind == "union":
        found: list[String] = []
        for choice in core["choices"]:
            found.extend(_strings(reader, choice[0] if isinstance(choice, tuple) else choice, site, remarks))
        return found
    before = len(reader.notes)
    node = reader.read(core, site)
    for note in reader.notes[before:]:
        if note.coverage.value != "exact":
            remarks.append(Remark(note.subject, note.coverage, note.reason))
    del reader.notes[before:]
    return _of(node)


def _of(node: Node) -> list[String]:
    if isinstance(node, AnyOf):
        return [string for part in node.parts for string in _of(part)]
    if node == ANY:
        return [String()]
    return [node.string] if isinstance(node, Shape) and node.string is not None else []


def _leaf(core: Core, site: Site, remarks: list[Remark]) -> String:
    leaf = SCALARS[core["type"]](core, site.config, site.path)
    remarks.extend(leaf.remarks)
    assert isinstance(leaf.node, Shape) and leaf.node.string is not None
    return leaf.node.string


def _number_texts(node: Node, site: Site) -> String:
    """The texts of a Number, plainly written."""
    assert isinstance(node, Shape) and isinstance(node.number, Number)
    number = node.number
    step = number.multiple_of[0] if number.multiple_of else None
    texts = decimal_texts(
        Demand(
            number.minimum,
            number.exclusive_minimum,
            number.maximum,
            number.exclusive_maximum,
            multiple_of=step,
            integer=number.integer,
        )
    )
    if texts is None:
        raise SchemaError(f"expected keys whose last digits decide multiple_of, got multiple_of={step}", path=site.path)
    return String(language=texts)


def _finite(core: Core, site: Site) -> list[String]:
    """The texts of a finite key type that Pydantic reads back."""
    validator = SchemaValidator({"type": "dict", "keys_schema": dict(core)})
    values: list[Any]
    if core["type"] == "bool":
        values = [False, True]
    else:
        values = [
            value.value if isinstance(value, Enum) else value for value in core.get("expected") or core["members"]
        ]
    texts: list[str] = []
    for value in values:
        if isinstance(value, float) and not math.isfinite(value):
            continue
        try:
            key = value if isinstance(value, str) else to_json(value).decode()
            validator.validate_json(to_json({str(key): None}))
        except (ValidationError, ValueError):
            continue
        texts.append(str.__str__(key))
    if not texts:
        raise SchemaError(
            f"expected keys that a JSON object can hold, got {values!r}, none of which Pydantic reads from a key",
            path=site.path,
        )
    return [text_choice(texts)]
