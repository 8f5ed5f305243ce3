"""The interpreter against the libraries: jsonschema-rs for Nodes that JSON Schema can say, Pydantic for numbers."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import Field, TypeAdapter, ValidationError

from laws.schemas import numbers, plain_expressions, schemas
from laws.texts import NUMBERS, json_texts
from oracles.interpreter import Interpreter, Undecided, accepts
from oracles.test_expression import as_pattern
from typeloom.regex.expr import Literal
from typeloom.schema.node import (
    NEVER,
    AllOf,
    AnyOf,
    Array,
    Node,
    Not,
    Number,
    Object,
    OneOf,
    Ref,
    Schema,
    Shape,
    String,
)

jsonschema_rs = pytest.importorskip("jsonschema_rs")


def as_json_schema(schema: Schema) -> Any:
    """The same language in JSON Schema 2020-12; digit counts and finite doubles are not sayable and must be absent."""
    return {"$defs": {name: _node(node) for name, node in schema.definitions.items()}} | _node(schema.root)


def _node(node: Node) -> dict[str, Any]:
    match node:
        case AllOf(parts):
            return {"allOf": [_node(part) for part in parts]}
        case AnyOf(parts):
            return {"anyOf": [_node(part) for part in parts]}
        case OneOf(parts):
            return {"oneOf": [_node(part) for part in parts]}
        case Not(part):
            return {"not": _node(part)}
        case Ref(name):
            return {"$ref": f"#/$defs/{name}"}
        case Shape():
            kinds: list[Any] = [{"type": "null"}] if node.null else []
            kinds += [{"const": allowed} for allowed in node.booleans]
            kinds += [_number(node.number)] if node.number else []
            kinds += [{"type": "string"} | _string(node.string)] if node.string else []
            kinds += [_array(node.array)] if node.array else []
            kinds += [_object(node.object)] if node.object else []
            return {"anyOf": kinds} if kinds else {"not": {}}


def _number(rule: Number) -> dict[str, Any]:
    said: dict[str, Any] = {"type": "integer" if rule.integer else "number"}
    if rule.minimum is not None:
        said["exclusiveMinimum" if rule.exclusive_minimum else "minimum"] = float(rule.minimum)
    if rule.maximum is not None:
        said["exclusiveMaximum" if rule.exclusive_maximum else "maximum"] = float(rule.maximum)
    if rule.values is not None:
        said["enum"] = [float(value) for value in rule.values]
    return (
        said | {"allOf": [{"multipleOf": float(divisor)} for divisor in rule.multiple_of]} if rule.multiple_of else said
    )


def _string(rule: String) -> dict[str, Any]:
    said: dict[str, Any] = {"minLength": rule.min_length}
    if rule.max_length is not None:
        said["maxLength"] = rule.max_length
    if rule.language is not None:
        said["pattern"] = f"^(?:{as_pattern(rule.language)})$"
    return said


def _array(rule: Array) -> dict[str, Any]:
    said: dict[str, Any] = {"type": "array", "minItems": rule.min_items, "uniqueItems": rule.unique}
    if rule.prefix:
        said["prefixItems"] = [_node(node) for node in rule.prefix]
    if rule.items is not None:
        said["items"] = _node(rule.items)
    if rule.max_items is not None:
        said["maxItems"] = rule.max_items
    said["allOf"] = [
        {"contains": _node(one.node), "minContains": one.minimum}
        | ({} if one.maximum is None else {"maxContains": one.maximum})
        for one in rule.contains
    ]
    return said if rule.contains else {key: value for key, value in said.items() if key != "allOf"}


def _object(rule: Object) -> dict[str, Any]:
    said: dict[str, Any] = {
        "type": "object",
        "required": sorted(rule.required),
        "minProperties": rule.min_properties,
        "properties": {name: _node(node) for name, node in rule.properties},
        "patternProperties": {f"^(?:{as_pattern(expression)})$": _node(node) for expression, node in rule.patterns},
    }
    if rule.additional is not None:
        said["additionalProperties"] = _node(rule.additional)
    if rule.max_properties is not None:
        said["maxProperties"] = rule.max_properties
    if rule.names is not None:
        said["propertyNames"] = _string(rule.names)
    return said


def _has_unsayable(text: str) -> bool:
    return any(mark in text for mark in ("finite_double=True", "max_digits=1", "decimal_places=0")) or any(
        f"{name}={digit}" in text for name in ("max_digits", "decimal_places") for digit in range(10)
    )


@given(schemas(plain_expressions()), json_texts("flexible"))
def test_agrees_with_jsonschema(schema: Schema, text: str) -> None:
    assume(not _has_unsayable(repr(schema)))
    assume("400" not in text and "309" not in text)  # jsonschema-rs reads numbers as doubles
    validator = jsonschema_rs.Draft202012Validator(as_json_schema(schema))
    value = jsonschema_rs_value(text)
    assert accepts(schema, text, layout="flexible", order="any") == validator.is_valid(value)


def jsonschema_rs_value(text: str) -> Any:
    import json

    return json.loads(text)


@given(numbers(), st.sampled_from(NUMBERS) | st.decimals(-200, 200, places=3).map(str))
def test_digit_counts_are_pydantics(rule: Number, text: str) -> None:
    assume(not text.startswith("-0") and abs(Decimal(text).adjusted()) < 20 and Decimal(text).adjusted() > -10)
    only_digits = Number(max_digits=rule.max_digits, decimal_places=rule.decimal_places)
    field = Field(max_digits=rule.max_digits, decimal_places=rule.decimal_places)
    adapter = TypeAdapter(Annotated[Decimal, field])
    try:
        adapter.validate_json(f'"{text}"')
        expected = True
    except ValidationError:
        expected = False
    assert accepts(Schema(Shape(number=only_digits)), text) == expected


INTEGER = Shape(number=Number(integer=True))
NUMBER = Shape(number=Number())
AB = Object(properties=(("a", INTEGER), ("b", INTEGER)), additional=NEVER)
BA = Object(properties=(("b", INTEGER), ("a", INTEGER)), additional=NEVER)
LANGUAGE = Shape(string=String(language=Literal("a\n")))


@pytest.mark.parametrize(
    ("node", "text", "layout", "expected"),
    [
        (INTEGER, "2", "compact", True),
        (INTEGER, "2.0", "compact", False),
        (INTEGER, "2e0", "flexible", True),
        (INTEGER, "-0", "compact", False),
        (Not(INTEGER), "2.0", "compact", False),
        (OneOf((INTEGER, NUMBER)), "2.0", "compact", False),
        (AnyOf((INTEGER, NUMBER)), "2.0", "compact", True),
        (NUMBER, "-0", "compact", True),
        (LANGUAGE, '"a\\n"', "compact", True),
        (LANGUAGE, '"a\\u000a"', "compact", False),
        (LANGUAGE, '"a\\u000a"', "flexible", True),
        (Shape(string=String(max_length=1)), '"\\ud83d\\ude42"', "flexible", True),
        (Shape(string=String()), '"\\u0061"', "compact", False),
        (Shape(object=Object()), '{"\\u0061":1}', "compact", False),
        (Shape(object=AB), '{"a":1,"b":2}', "compact", True),
        (Shape(object=AB), '{"b":1,"a":2}', "compact", False),
        (Not(Shape(array=Array(items=Shape(number=Number(integer=True))))), "[1.0]", "compact", False),
        (OneOf((Shape(number=Number(integer=True)), Shape(number=Number()))), "1.0", "compact", False),
        (Shape(number=Number(values=(Decimal(100),))), "100.0", "compact", False),
        (AllOf((Shape(object=BA), Shape(object=AB))), '{"b":1,"a":2}', "compact", True),
        (AllOf((Shape(object=BA), Shape(object=AB))), '{"a":1,"b":2}', "compact", False),
        (Not(Shape(object=AB)), '{"b":1,"a":2}', "compact", False),
        (Shape(object=Object(properties=(("b", INTEGER),))), '{"a":1,"b":2}', "compact", False),
        (Shape(array=Array(unique=True)), "[1,1.0]", "compact", False),
        (Shape(array=Array(unique=True)), "[1,true]", "compact", True),
    ],
)
def test_hand_made_verdicts(node: Node, text: str, layout: str, expected: bool) -> None:
    assert accepts(Schema(node), text, layout=layout) == expected


def test_prefixes_in_a_small_world() -> None:
    even = Interpreter(Schema(Shape(number=Number(integer=True, multiple_of=(Decimal(2),), minimum=Decimal(11)))))
    assert even.completion(b"1", alphabet=b"0123456789", limit=2) == b"2"
    assert not even.prefix_ok(b"-1", alphabet=b"0123456789", limit=3)
    assert not even.prefix_ok(b"0", alphabet=b"0123456789.e", limit=3)


def test_no_opinion_on_enormous_exponents() -> None:
    with pytest.raises(Undecided):
        accepts(Schema(NUMBER), "1e999999999", layout="flexible")
