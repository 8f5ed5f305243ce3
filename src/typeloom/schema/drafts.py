"""What each draft of JSON Schema calls its keywords, and what they act on.

A `Dialect` is one table per draft: keyword -> group. The reader makes one pass over the keys of a subschema, ors the
groups together and then visits only the groups that are there; a key that is in no table is unknown and is reported.
Groups that carry no demand (`ANNOTATION`) are 0 and cost nothing.

Sources: draft-zyp-json-schema-04 and draft-fge-json-schema-validation-00 (draft 4), draft-wright-json-schema-01 and
-validation-01 (draft 6), draft-handrews-json-schema-01 (draft 7), -02 (2019-09), draft-bhutton-json-schema-00 and
-01 (2020-12).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any


class Draft(Enum):
    """A published draft; the value is the URI that `$schema` names it by, without fragment."""

    DRAFT_4 = "http://json-schema.org/draft-04/schema"
    DRAFT_6 = "http://json-schema.org/draft-06/schema"
    DRAFT_7 = "http://json-schema.org/draft-07/schema"
    DRAFT_2019_09 = "https://json-schema.org/draft/2019-09/schema"
    DRAFT_2020_12 = "https://json-schema.org/draft/2020-12/schema"


ANNOTATION = 0
TYPE = 1
NUMBER = 2
STRING = 4
ARRAY = 8
OBJECT = 16
VALUE = 32  # enum, const
LOGIC = 64  # allOf, anyOf, oneOf, not, if
DEPENDENT = 128  # demands of one key upon the rest of the object
REFERENCE = 256
UNEVALUATED = 512
IDENTITY = 1024  # the subschema is a resource of its own
UNENFORCED = 2048  # an annotation that readers may take for a demand: said aloud in a Note
READY = 4096  # typeloom's own keys

# Where subschemas sit: a walk that looks for identifiers follows these and nothing else.
ONE, MANY, NAMED = 1, 2, 3

READY_NODE = "x-typeloom-node"
READY_NOTES = "x-typeloom-notes"


@dataclass(frozen=True, slots=True, eq=False)
class Dialect:
    """The keywords of one draft.

    children: how subschemas hang below a keyword: one, a list, or by name (ONE, MANY, NAMED, or-ed where both occur).
    identifier: `id` or `$id`. overriding_ref: `$ref` hides its siblings.
    fragment_ids: `$id: "#name"` is an anchor. contains_evaluates: items that satisfy `contains` count as evaluated.
    digits_only: an integer is written without fraction or exponent; since draft 6, 2.0 is one.
    """

    draft: Draft
    keywords: Mapping[str, int]
    children: Mapping[str, tuple[int, ...]]
    identifier: str
    overriding_ref: bool
    fragment_ids: bool
    contains_evaluates: bool
    digits_only: bool


_DRAFT_4: dict[str, int] = {
    "$schema": ANNOTATION, "title": ANNOTATION, "description": ANNOTATION, "default": ANNOTATION,
    "definitions": ANNOTATION, "id": IDENTITY, "$ref": REFERENCE, "type": TYPE, "enum": VALUE,
    "multipleOf": NUMBER, "minimum": NUMBER, "maximum": NUMBER, "exclusiveMinimum": NUMBER, "exclusiveMaximum": NUMBER,
    "minLength": STRING, "maxLength": STRING, "pattern": STRING, "format": STRING,
    "items": ARRAY, "additionalItems": ARRAY, "minItems": ARRAY, "maxItems": ARRAY, "uniqueItems": ARRAY,
    "properties": OBJECT, "required": OBJECT, "additionalProperties": OBJECT, "patternProperties": OBJECT,
    "minProperties": OBJECT, "maxProperties": OBJECT, "dependencies": DEPENDENT,
    "allOf": LOGIC, "anyOf": LOGIC, "oneOf": LOGIC, "not": LOGIC,
    READY_NODE: READY, READY_NOTES: READY,
}  # fmt: skip

_DRAFT_6 = {key: group for key, group in _DRAFT_4.items() if key != "id"} | {
    "$id": IDENTITY, "const": VALUE, "contains": ARRAY, "propertyNames": OBJECT, "examples": ANNOTATION,
}  # fmt: skip

_DRAFT_7 = _DRAFT_6 | {
    "if": LOGIC, "then": LOGIC, "else": LOGIC, "$comment": ANNOTATION, "readOnly": ANNOTATION, "writeOnly": ANNOTATION,
    "contentEncoding": UNENFORCED, "contentMediaType": UNENFORCED,
}  # fmt: skip

_DRAFT_2019_09 = _DRAFT_7 | {
    "$defs": ANNOTATION, "$anchor": ANNOTATION, "$recursiveAnchor": ANNOTATION, "$vocabulary": ANNOTATION,
    "deprecated": ANNOTATION, "$recursiveRef": REFERENCE, "dependentRequired": DEPENDENT, "dependentSchemas": DEPENDENT,
    "minContains": ARRAY, "maxContains": ARRAY, "unevaluatedItems": UNEVALUATED, "unevaluatedProperties": UNEVALUATED,
    "contentSchema": UNENFORCED,
}  # fmt: skip

_DRAFT_2020_12 = {key: group for key, group in _DRAFT_2019_09.items() if not key.startswith("$recursive")} | {
    "prefixItems": ARRAY, "$dynamicAnchor": ANNOTATION, "$dynamicRef": REFERENCE,
}  # fmt: skip

_CHILDREN: dict[str, tuple[int, ...]] = {
    "definitions": (NAMED,), "$defs": (NAMED,), "properties": (NAMED,), "patternProperties": (NAMED,),
    "dependentSchemas": (NAMED,), "dependencies": (NAMED,), "allOf": (MANY,), "anyOf": (MANY,), "oneOf": (MANY,),
    "prefixItems": (MANY,), "items": (ONE, MANY), "additionalItems": (ONE,), "contains": (ONE,), "not": (ONE,),
    "additionalProperties": (ONE,), "propertyNames": (ONE,), "if": (ONE,), "then": (ONE,), "else": (ONE,),
    "unevaluatedItems": (ONE,), "unevaluatedProperties": (ONE,), "contentSchema": (ONE,),
}  # fmt: skip


def _dialect(draft: Draft, keywords: Mapping[str, int]) -> Dialect:
    old = draft in (Draft.DRAFT_4, Draft.DRAFT_6, Draft.DRAFT_7)
    return Dialect(
        draft=draft,
        keywords=keywords,
        children={key: shapes for key, shapes in _CHILDREN.items() if key in keywords},
        identifier="id" if draft is Draft.DRAFT_4 else "$id",
        overriding_ref=old,
        fragment_ids=old,
        contains_evaluates=draft is Draft.DRAFT_2020_12,
        digits_only=draft is Draft.DRAFT_4,
    )


DIALECTS: Mapping[Draft, Dialect] = {
    Draft.DRAFT_4: _dialect(Draft.DRAFT_4, _DRAFT_4),
    Draft.DRAFT_6: _dialect(Draft.DRAFT_6, _DRAFT_6),
    Draft.DRAFT_7: _dialect(Draft.DRAFT_7, _DRAFT_7),
    Draft.DRAFT_2019_09: _dialect(Draft.DRAFT_2019_09, _DRAFT_2019_09),
    Draft.DRAFT_2020_12: _dialect(Draft.DRAFT_2020_12, _DRAFT_2020_12),
}

_BY_URI: Mapping[str, Dialect] = {draft.value: dialect for draft, dialect in DIALECTS.items()} | {
    draft.value.replace("http:", "https:", 1): dialect for draft, dialect in DIALECTS.items()
}


def named(uri: str) -> Dialect | None:
    """The dialect that a `$schema` names (an empty fragment is ignored), or None when the URI is not a draft's.

    >>> named("http://json-schema.org/draft-07/schema#").draft
    <Draft.DRAFT_7: 'http://json-schema.org/draft-07/schema'>
    """
    return _BY_URI.get(uri.removesuffix("#"))


def with_vocabularies(base: Dialect, vocabularies: Mapping[str, Any]) -> Dialect:
    """`base` without the assertions whose vocabulary the metaschema does not list (2019-09 and later)."""
    names = {uri.rsplit("/", 1)[-1] for uri in vocabularies}
    keywords = dict(base.keywords)
    if "validation" not in names:
        for key, group in base.keywords.items():
            if group in (TYPE, NUMBER, VALUE) or key in _VALIDATION:
                keywords[key] = ANNOTATION
    if "applicator" not in names:
        for key in _APPLICATOR & base.keywords.keys():
            keywords[key] = ANNOTATION
    return replace(base, keywords=keywords)


_VALIDATION = frozenset({
    "minLength", "maxLength", "pattern", "minItems", "maxItems", "uniqueItems", "minContains", "maxContains",
    "required", "minProperties", "maxProperties", "dependentRequired",
})  # fmt: skip
_APPLICATOR = _CHILDREN.keys() - {"$defs", "definitions", "contentSchema", "unevaluatedItems", "unevaluatedProperties"}
