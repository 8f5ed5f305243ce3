"""Worked examples: several documents of one kind under one schema, as turns before the one that is asked."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from documents import Asked, Wish, answer_of, any_kind, chosen, document, offered, schema_of, sort_of
from kinds import Kind
from values import INTEGER, Source, Value, quoted

TRIES = 12


def sample(s: Source) -> tuple[dict[str, Any], list[tuple[str, str]], str]:
    """A schema, two or three texts with their answers (one, if no other text fits), and the name of the kind."""
    kind = any_kind(s)
    text, facts = document(s, kind)
    picked = chosen(s, kind, facts)
    told = [(text, [asked for _, asked in picked])]
    wanted = s.any([2, 2, 3])
    for _ in range(TRIES):
        if len(told) == wanted:
            break
        s.new_text()
        text, facts = document(s, kind)
        again = asked_again(kind, facts, picked)
        if again:
            told.append((text, again))
    s.r.shuffle(told)
    # A field that one of the texts is silent on may be null.
    fields = zip(*(asked for _, asked in told), strict=True)
    null = offered(s)
    schema = schema_of([next((a for a in same if a[2] is None), same[0]) for same in fields], null)
    return schema, [(text, answer_of(asked, null)) for text, asked in told], kind.name


def asked_again(kind: Kind, facts: dict[str, Value], picked: list[tuple[Wish, Asked]]) -> list[Asked]:
    """The same fields about another document; nothing where one of them has no clear answer under the schema."""
    others = {name for key in facts for name in kind.concepts[key].names.split("|")}
    hinted = {key for pair in kind.akin for key in pair if {*pair} & facts.keys()}
    out: list[Asked] = []
    for wish, (name, note, _, schema) in picked:
        value: Value | None = None
        if wish.key in facts:
            fact = facts[wish.key]
            value = spelled(fact.parts.get(wish.part) if wish.part else fact, wish, schema)
            if value is None:
                return []
        elif wish.key in hinted or name in others:
            return []
        out.append((name, note, value, schema))
    return out if any(asked[2] for asked in out) else []


def spelled(value: Value | None, wish: Wish, schema: dict[str, Any]) -> Value | None:
    """The value in the words of the schema, if it has them."""
    if value is None or not value.json:
        return None
    if "enum" in schema:
        members = wish.value.members if wish.value else ()
        if members and value.members and value.at < len(members):
            value = replace(value, json=quoted(members[value.at]))
        return value if json.loads(value.json) in schema["enum"] else None
    if schema.get("type") == "array":
        return value if value.schema == schema else None
    fits = sort_of(value.schema) == sort_of(schema) and (schema != INTEGER or value.schema == INTEGER)
    return value if fits else None


__all__ = ["sample"]
