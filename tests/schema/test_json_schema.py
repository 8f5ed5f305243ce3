"""Reading JSON Schema: what each draft means, what is refused and where, and that hostile schemas end.

`holds` (tests/oracles/nodes.py) decides the Nodes on parsed values; jsonschema and the official suite are the oracles.
"""

from __future__ import annotations

import json
import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracles.nodes import holds
from typeloom.errors import LimitError, SchemaError
from typeloom.regex.expr import Literals
from typeloom.schema.drafts import Draft
from typeloom.schema.json_schema import JsonSchema, read
from typeloom.schema.node import ANY, NEVER, AnyOf, Coverage, Note, OneOf, Ref, Shape, String

SUITE = Path(os.environ.get("TYPELOOM_DATA", "/nonexistent")) / "json-schema-test-suite"


def accepts(schema: Any, value: Any, **options: Any) -> bool:
    return holds(read(schema, **options), value)


# The official suite

# `format` is a demand here, and the content keywords are annotations; the suite's optional files say otherwise.
ELSEWHERE = {"format.json", "optional/content.json"}


def suite_files() -> list[str]:
    files = [path for draft in ("draft7", "draft2020-12") for path in sorted((SUITE / draft).glob("**/*.json"))]
    names = [str(path.relative_to(SUITE)) for path in files]
    return [name for name in names if name.partition("/")[2] not in ELSEWHERE and "optional/format" not in name]


def suite_registry() -> dict[str, Any]:
    from jsonschema_specifications import REGISTRY  # type: ignore[import-untyped]

    registry = {uri: REGISTRY[uri].contents for uri in REGISTRY}
    for path in (SUITE / "remotes").glob("**/*.json"):
        registry[f"http://localhost:1234/{path.relative_to(SUITE / 'remotes')}"] = json.loads(path.read_text())
    return registry


@pytest.fixture(scope="module")
def registry() -> dict[str, Any]:
    return suite_registry()


@pytest.mark.skipif(not SUITE.is_dir(), reason="TYPELOOM_DATA names no folder with json-schema-test-suite")
@pytest.mark.parametrize("name", suite_files())
def test_official_suite(name: str, registry: dict[str, Any]) -> None:
    draft = Draft.DRAFT_7 if name.startswith("draft7/") else Draft.DRAFT_2020_12
    wrong = []
    for case in json.loads((SUITE / name).read_text(), parse_float=Decimal):
        schema = read(case["schema"], registry=registry, draft=draft)
        wrong += [
            (case["description"], test["description"])
            for test in case["tests"]
            if holds(schema, test["data"]) != test["valid"]
        ]
    assert not wrong


# Drafts


@pytest.mark.parametrize(
    ("draft", "schema", "value", "valid"),
    [
        (Draft.DRAFT_4, {"minimum": 3, "exclusiveMinimum": True}, 3, False),
        (Draft.DRAFT_4, {"exclusiveMinimum": True}, 3, True),
        (Draft.DRAFT_4, {"const": 1}, 2, True),
        (Draft.DRAFT_4, {"definitions": {"b": {"id": "http://x/c", "type": "null"}}, "items": {"$ref": "http://x/c"}},
         [1], False),
        (Draft.DRAFT_6, {"exclusiveMinimum": 3}, 3, False),
        (Draft.DRAFT_6, {"if": True, "then": False}, 3, True),
        (Draft.DRAFT_7, {"if": True, "then": False}, 3, False),
        (Draft.DRAFT_7, {"definitions": {"a": {}}, "$ref": "#/definitions/a", "type": "null"}, 3, True),
        (Draft.DRAFT_7, {"dependentRequired": {"a": ["b"]}}, {"a": 1}, True),
        (Draft.DRAFT_7, {"items": [{"type": "null"}], "additionalItems": False}, [None, 1], False),
        (Draft.DRAFT_2019_09, {"$defs": {"a": {}}, "$ref": "#/$defs/a", "type": "null"}, 3, False),
        (Draft.DRAFT_2019_09, {"items": [{"type": "null"}], "additionalItems": False}, [None, 1], False),
        (Draft.DRAFT_2019_09, {"prefixItems": [{"type": "null"}]}, [1], True),
        (Draft.DRAFT_2019_09, {"contains": {"type": "null"}, "unevaluatedItems": False}, [None], False),
        (Draft.DRAFT_2020_12, {"contains": {"type": "null"}, "unevaluatedItems": False}, [None], True),
        (Draft.DRAFT_2020_12, {"dependencies": {"a": ["b"]}}, {"a": 1}, False),
    ],
)  # fmt: skip
def test_each_draft_has_its_own_rules(draft: Draft, schema: Any, value: Any, valid: bool) -> None:
    assert accepts(schema, value, draft=draft) is valid
    assert accepts(schema | {"$schema": draft.value + "#"}, value) is valid


def test_recursive_ref_finds_the_outermost_anchor() -> None:
    tree = {
        "$schema": Draft.DRAFT_2019_09.value, "$id": "http://x/tree", "$recursiveAnchor": True,
        "properties": {"child": {"$recursiveRef": "#"}},
    }  # fmt: skip
    strict = {
        "$schema": Draft.DRAFT_2019_09.value, "$id": "http://x/strict", "$recursiveAnchor": True, "$ref": "tree",
        "unevaluatedProperties": False,
    }  # fmt: skip
    schema = read(strict, registry={"http://x/tree": tree})
    assert holds(schema, {"child": {"child": {}}})
    assert not holds(schema, {"child": {"other": 1}})
    assert accepts(tree, {"child": {"other": 1}})


def test_an_unknown_draft_is_said_and_read_as_the_newest() -> None:
    schema = read({"$schema": "http://example.com/mine", "prefixItems": [False]})
    assert [note.subject for note in schema.notes] == ["$schema"]
    assert not holds(schema, [1])


# Exact values


def test_numbers_lose_nothing() -> None:
    schema = JsonSchema('{"enum": [0.1, 1e400, 12345678901234567890123456789.5]}').read()
    assert isinstance(schema.root, Shape) and schema.root.number is not None
    assert schema.root.number.values == (Decimal("0.1"), Decimal("1e400"), Decimal("12345678901234567890123456789.5"))
    assert accepts({"const": 0.1}, Decimal("0.1"))
    assert not accepts({"const": 0.1}, Decimal.from_float(0.1))
    assert not accepts({"multipleOf": 0.01}, Decimal("0.015"))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from([0.5, 1.0, "", "a", "b", "ab"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=6,
)


@given(json_values, json_values)
def test_const_accepts_its_value_and_no_other(one: Any, other: Any) -> None:
    schema = read({"const": one})
    assert holds(schema, one)
    assert holds(schema, other) == jsonschema.Draft202012Validator({"const": one}).is_valid(other)


# Against jsonschema, on small random schemas

KINDS = ["null", "boolean", "integer", "number", "string", "array", "object"]
scalar_schemas = st.one_of(
    st.booleans(),
    st.just({}),
    st.fixed_dictionaries({"type": st.sampled_from(KINDS)}),
    st.fixed_dictionaries({"type": st.lists(st.sampled_from(KINDS), min_size=1, max_size=3, unique=True)}),
    st.fixed_dictionaries({"enum": st.lists(json_values, min_size=1, max_size=4)}),
    st.fixed_dictionaries({"const": json_values}),
    st.fixed_dictionaries({}, optional={"minimum": st.integers(-2, 2), "exclusiveMaximum": st.integers(-2, 2),
                                        "multipleOf": st.sampled_from([1, 2, 0.5])}),
    st.fixed_dictionaries({}, optional={"minLength": st.integers(0, 2), "maxLength": st.integers(0, 2),
                                        "pattern": st.sampled_from(["a", "^a", "b$"])}),
    st.fixed_dictionaries({"$ref": st.sampled_from(["#/$defs/one", "#/$defs/two"])}),
    st.fixed_dictionaries({}, optional={"required": st.lists(st.sampled_from("abc"), unique=True, max_size=2),
                                        "maxProperties": st.integers(0, 2), "minItems": st.integers(0, 2),
                                        "uniqueItems": st.booleans()}),
)  # fmt: skip


def compound(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    some = st.lists(inner, min_size=1, max_size=3)
    by_key = st.dictionaries(st.sampled_from("abc"), inner, max_size=2)
    return st.one_of(
        st.fixed_dictionaries({"allOf": some}, optional={"not": inner}),
        st.fixed_dictionaries({"anyOf": some}, optional={"allOf": some}),
        st.fixed_dictionaries({"oneOf": some}, optional={"type": st.sampled_from(["string", "object", "integer"])}),
        st.fixed_dictionaries({"not": inner}),
        st.fixed_dictionaries({"if": inner}, optional={"then": inner, "else": inner}),
        st.fixed_dictionaries({}, optional={
            "properties": by_key, "additionalProperties": inner,
            "patternProperties": st.dictionaries(st.sampled_from(["a", "^b", "[bc]"]), inner, max_size=2),
            "required": st.lists(st.sampled_from("abc"), unique=True, max_size=2), "propertyNames": inner,
        }),
        st.fixed_dictionaries({"properties": by_key, "unevaluatedProperties": inner}, optional={
            "anyOf": some, "if": inner, "then": inner, "else": inner, "allOf": some,
            "dependentSchemas": by_key,
        }),
        st.fixed_dictionaries({"unevaluatedItems": inner}, optional={
            "prefixItems": some, "anyOf": some, "contains": inner, "if": inner, "then": inner,
        }),
        st.fixed_dictionaries({}, optional={
            "prefixItems": some, "items": inner, "contains": inner, "minContains": st.integers(0, 2),
            "maxContains": st.integers(0, 2),
        }),
        st.fixed_dictionaries({}, optional={
            "dependentRequired": st.dictionaries(st.sampled_from("ab"), st.lists(st.sampled_from("bc"), unique=True)),
            "dependentSchemas": by_key,
        }),
    )  # fmt: skip


schemas = st.recursive(scalar_schemas, compound, max_leaves=8)


@given(schemas, scalar_schemas, scalar_schemas, st.lists(json_values, min_size=1, max_size=8))
def test_agrees_with_jsonschema(schema: Any, one: Any, two: Any, values: list[Any]) -> None:
    for part in (one, two):  # definitions that refer to each other in a circle say nothing
        if isinstance(part, dict):
            part.pop("$ref", None)
    whole = {"$ref": "#/$defs/root", "$defs": {"root": schema, "one": one, "two": two}}
    validator = jsonschema.Draft202012Validator(whole)
    read_schema = read(whole)
    for value in values:
        assert holds(read_schema, value) == validator.is_valid(value), value


# References


def test_recursion_becomes_a_definition() -> None:
    tree = {"properties": {"left": {"$ref": "#"}}, "additionalProperties": False}
    schema = read(tree)
    assert isinstance(schema.root, Shape) and schema.root.object is not None
    assert schema.root.object.properties == (("left", Ref("#")),)
    assert schema.definitions == {"#": schema.root}
    assert holds(schema, {"left": {"left": {}}}) and not holds(schema, {"left": {"right": 1}})


def test_pointers_are_unescaped_and_reach_unknown_keywords() -> None:
    schema = {"%25": {"a/b": {"~": {"type": "null"}}}, "properties": {"x": {"$ref": "#/%2525/a~1b/~0"}}}
    assert accepts(schema, {"x": None}) and not accepts(schema, {"x": 1})


@pytest.mark.parametrize(
    ("schema", "says"),
    [
        ({"$ref": "http://example.com/other#/a"}, "http://example.com/other"),
        ({"$ref": "#/$defs/gone"}, "gone"),
        ({"$ref": "#nowhere"}, "nowhere"),
        ({"$ref": 3}, r"\$ref"),
        ({"$ref": "#"}, "itself"),
        ({"$defs": {"a": {"anyOf": [{"$ref": "#/$defs/b"}]}, "b": {"not": {"$ref": "#/$defs/a"}}}, "$ref": "#/$defs/a"},
         "itself"),
        ({"$dynamicRef": "#"}, "itself"),
    ],
)  # fmt: skip
def test_references_to_nothing_are_refused(schema: Any, says: str) -> None:
    with pytest.raises(SchemaError, match=says):
        read(schema)


def test_a_remote_reference_is_taken_from_the_registry_only() -> None:
    schema = JsonSchema({"$ref": "http://x/s#/$defs/n"}, registry={"http://x/s#": {"$defs": {"n": {"type": "null"}}}})
    assert holds(schema.read(), None)
    assert not holds(schema.read(), 1)


# What is refused, and where


@pytest.mark.parametrize(
    ("schema", "path"),
    [
        ({"properties": {"a": {"items": {"type": "text"}}}}, "$.a[*]"),
        ({"properties": {"a": {"prefixItems": [{"minLength": -1}]}}}, "$.a[0]"),
        ({"properties": {"a": {"pattern": "("}}}, "$.a"),
        ({"additionalProperties": {"multipleOf": 0}}, "$.*"),
        ({"anyOf": []}, "$"),
        ({"required": True}, "$"),
        ({"enum": {}}, "$"),
        ({"allOf": [{"const": float("nan")}]}, "$(allOf 0)"),
        ({"$defs": {"a": {"minimum": "3"}}, "properties": {"b": {"$ref": "#/$defs/a"}}}, "$.b"),
        ({"properties": {"a": [1]}}, "$.a"),
    ],
)
def test_invalid_keywords_are_errors_with_a_place(schema: Any, path: str) -> None:
    with pytest.raises(SchemaError) as caught:
        read(schema)
    assert caught.value.path == path


@pytest.mark.parametrize("text", ["{", "nope", '{"const": NaN}', "[1]", "3"])
def test_a_text_that_is_no_schema_is_an_error(text: str) -> None:
    with pytest.raises(SchemaError):
        JsonSchema(text).read()


def test_what_is_not_enforced_is_noted() -> None:
    schema = read(
        {"properties": {"a": {"type": "string", "format": "no-such", "contentEncoding": "base64"}}, "title": "t"}
    )
    assert [(note.path, note.subject, note.coverage) for note in schema.notes] == [
        ("$.a", "contentEncoding", Coverage.IGNORED),
        ("$.a", "format", Coverage.IGNORED),
    ]
    assert [note.subject for note in read({"minimun": 3}).notes] == ["minimun"]


def test_nullable_means_something_on_request_only() -> None:
    schema = {"type": "string", "nullable": True}
    assert not accepts(schema, None)
    assert accepts(schema, None, nullable="openapi")
    assert read(schema, nullable="openapi").notes == ()


def test_a_ready_node_is_taken_as_it_is() -> None:
    ready = Shape(string=String(3))
    note = Note("elsewhere", "validator", Coverage.WIDER, "because")
    schema = read({"properties": {"a": {"x-typeloom-node": ready, "x-typeloom-notes": [note], "type": "null"}}})
    assert isinstance(schema.root, Shape) and schema.root.object is not None
    assert schema.root.object.properties[0][1] is ready
    assert schema.notes == (Note("$.a", "validator", Coverage.WIDER, "because"),)


def test_half_a_surrogate_pair_is_no_text() -> None:
    schema = read({"enum": ["a", "\ud800"]})
    assert isinstance(schema.root, Shape) and schema.root.string == String(language=Literals(("a",)))
    assert [note.coverage for note in schema.notes] == [Coverage.REFUSED]


# Fewer Nodes


@pytest.mark.parametrize(
    ("schema", "kind"),
    [
        ({}, Shape),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, Shape),
        ({"allOf": [{"properties": {"a": {}}}, {"$ref": "#/$defs/b"}], "$defs": {"b": {"required": ["a"]}}}, Shape),
        ({"type": "string", "anyOf": [{"pattern": "a"}, {"pattern": "b"}]}, Shape),
        ({"type": "string", "not": {"enum": ["a"]}}, Shape),
        ({"not": {"required": ["a"]}}, Shape),
        ({"oneOf": [{"type": "string"}, {"type": "object"}]}, Shape),
        ({"oneOf": [{"type": "object", "required": ["k"], "properties": {"k": {"const": k}}} for k in "abc"]}, AnyOf),
        ({"oneOf": [{"required": ["a"]}, {"required": ["b"]}]}, OneOf),
    ],
)
def test_combinations_become_one_shape_where_they_can(schema: Any, kind: type) -> None:
    assert type(read(schema).root) is kind


def test_constants_are_shared() -> None:
    assert read({}).root is ANY and read(True).root is ANY
    assert read(False).root is NEVER and read({"type": "string", "minLength": 3, "maxLength": 2}).root is NEVER


# Hostile schemas end


def nested(levels: int, keyword: str) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "null"}
    for _ in range(levels):
        schema = {keyword: schema}
    return schema


@pytest.mark.parametrize("keyword", ["items", "not", "additionalProperties", "if", "propertyNames"])
def test_nesting_is_read_to_a_stated_depth(keyword: str) -> None:
    if keyword != "propertyNames":
        read(nested(400, keyword))
    deep = nested(100_000, keyword)
    with pytest.raises((LimitError, SchemaError)):
        read({"anyOf": [deep, {"$ref": "#anchor"}], "then": {}} | deep | {"then": False})
    while deep:  # taken apart from outside: freeing it in one go would recurse
        deep = deep.pop(keyword, {})


@pytest.mark.parametrize(("leaf", "valid"), [(None, True), (1, False)])
def test_deep_nesting_keeps_its_meaning(leaf: Any, valid: bool) -> None:
    value = leaf
    for _ in range(200):
        value = [value]
    assert accepts(nested(200, "items"), value) is valid


def test_a_schema_that_holds_itself_is_read_as_recursion() -> None:
    schema: dict[str, Any] = {"type": "object", "properties": {}}
    schema["properties"]["a"] = schema
    assert holds(read(schema), {"a": {"a": {}}}) and not holds(read(schema), {"a": {"a": 1}})


def test_doubling_definitions_stay_small() -> None:
    defs: dict[str, Any] = {"d0": {"properties": {"x": {"type": "null"}}}}
    for n in range(1, 60):
        before = {"$ref": f"#/$defs/d{n - 1}"}
        defs[f"d{n}"] = {
            "properties": {side: {"allOf": [before, {"required": [side]}]} for side in "lr"},
            "oneOf": [before, {"allOf": [before, {"required": [str(n)]}]}],
            "propertyNames": {"maxLength": 5},
        }
    read({"$defs": defs, "$ref": "#/$defs/d59"})


def test_doubling_key_languages_are_refused() -> None:
    defs: dict[str, Any] = {"d0": {"pattern": "a"}}
    for n in range(1, 40):
        before = {"$ref": f"#/$defs/d{n - 1}"}
        defs[f"d{n}"] = {"oneOf": [before, {"allOf": [before, {"not": before}]}, {"minLength": n}]}
    with pytest.raises(SchemaError, match="propertyNames"):
        read({"$defs": defs, "propertyNames": {"$ref": "#/$defs/d39"}})


def test_many_patterned_parts_are_not_multiplied() -> None:
    parts = [{"patternProperties": {f"^{n}": {"type": "null"}}, "additionalProperties": False} for n in range(40)]
    schema = read({"allOf": parts})
    assert holds(schema, {}) and not holds(schema, {"1": None})
