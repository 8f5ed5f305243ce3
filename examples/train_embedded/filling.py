"""How a template becomes a text.

Slots: ``{due}`` is a sentence that means the value where there are such
(choices and truths), else its words; ``{due=}`` its bare words ("yes",
"High"); ``{when.date}`` one part of it, ``{guest.first}`` its first word.  ``{~date}`` is a stranger: a value
that belongs to no field, so that only the cue tells it from those that do (and
``{~due}`` one that looks just like ``{due}``); ``{~person1}`` is the same
stranger wherever it stands.  A vertical tab is a
line break at which a template is never thinned out: the head of a table stays
with its rows.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from kinds import Kind
from values import DATETIME, INTEGER, NUMBER, TEXT, Source, Value, words

SLOT = re.compile(r"\{(?:~([a-z_]+)(\d?)|(\w+)(?:\.(\w+))?(=?))\}")
STRANGERS: dict[str, Callable[[Source], Value]] = {
    "person": Source.person, "company": Source.company, "city": Source.city, "address": Source.address, "date": Source.date, "time": Source.time,
    "money": lambda s: s.money(5, 3000), "code": Source.code, "integer": lambda s: s.integer(2, 90), "number": lambda s: s.number(2, 900),
    "phone": Source.phone, "email": Source.email, "thing": Source.thing, "goods": lambda s: words(s.goods()), "percent": Source.percent,
    "word": lambda s: words(s.invented(1, 2)),
}  # fmt: skip


def filled(s: Source, kind: Kind) -> tuple[str, dict[str, Value]]:
    """A template of the kind with its slots filled, and what it says."""
    lines = s.pick(kind.templates).split("\n")
    # A template may lose lines, so that fields are absent.
    if len(lines) > 3 and s.chance(0.5):
        lines = [line for line in lines if not s.chance(0.15)]
    template = "\n".join(lines).replace("\v", "\n")
    facts: dict[str, Value] = {}
    for _, _, key, _, _ in SLOT.findall(template):
        if key and key not in facts:
            facts[key] = kind.concepts[key].make(s)
    ordered(s, kind, facts)
    addressed(s, kind, facts)
    shown: dict[str, set[str]] = {}
    strangers: dict[str, str] = {}
    pieces: list[str] = []
    at = 0
    for match in SLOT.finditer(template):
        pieces.append(unpointed(pieces, template[at : match.start()]))
        at = match.end()
        stranger, number, key, part, bare = match.groups()
        if stranger:
            make = STRANGERS[stranger] if stranger in STRANGERS else kind.concepts[stranger].make
            pieces.append(strangers.setdefault(stranger + (number or f" {at}"), make(s).text))
            continue
        shown.setdefault(key, set()).add(part or "")
        value = facts[key].parts[part] if part and part != "first" else facts[key]
        if part == "first":
            pieces.append(value.text.split()[0])
            continue
        before, after = "".join(pieces)[-3:], template[at : at + 2]
        pieces.append(joined(s.pick(value.said), before, after) if value.said and not bare else fitted(value, before, after))
    body = "".join([*pieces, unpointed(pieces, template[at:])])
    if s.chance(0.25):
        body += "\n" + s.pick(kind.fillers.split("|"))
    return body, {key: narrowed(value, shown[key]) for key, value in facts.items()}


def ordered(s: Source, kind: Kind, facts: dict[str, Value]) -> None:
    """Put right what mostly comes in an order: a day due after the day of issue, a total above its tax."""
    for less, more in kind.order:
        if less in facts and more in facts and s.chance(0.85):
            one, other = facts[less], facts[more]
            plain = one.schema in (NUMBER, INTEGER) and other.schema in (NUMBER, INTEGER)
            if float(one.json) > float(other.json) if plain else one.schema == other.schema != TEXT and one.json > other.json:
                facts[less], facts[more] = facts[more], facts[less]


def addressed(s: Source, kind: Kind, facts: dict[str, Value]) -> None:
    """Give people addresses that are made of their names, as they mostly are."""
    for mail, person in kind.mails:
        if mail in facts and person in facts and s.chance(0.6):
            facts[mail] = s.email(facts[person].text)


def unpointed(pieces: list[str], after: str) -> str:
    """What follows a value; a name that ends in a point has ended the sentence already."""
    doubled = bool(pieces) and pieces[-1].endswith(".") and after.startswith(".") and not after.startswith("..")
    return after[1:] if doubled else after


def fitted(value: Value, before: str, after: str) -> str:
    """The words as they fit in: on one line within a line, and never a blank line more."""
    if "\n" not in value.text:
        return value.text
    if after[:1] not in ("", "\n") and value.flat:
        return value.flat
    text = value.text.removeprefix("\n") if before.endswith("\n") or not before else value.text
    return text.removesuffix("\n") if after[:1] in ("", "\n") else text


def joined(said: str, before: str, after: str) -> str:
    """A sentence that stands in a template: one full stop, a capital where a sentence begins."""
    follows = after[1:2]
    within = before[-1:] == " " and before[-2:-1].isalpha()
    if after[:1] in (".", ",", ";", ")", "!", "?", "|", "<", '"') or (within and follows.islower()):
        said = said.rstrip(".")
    elif not said.endswith((".", "!", "?", ":")) and (after[:1] in ("", "\n") or follows.isupper() or follows == "{"):
        said += "."
    if within and (follows.islower() or after[:1] == "?") and said[1:2].islower():
        return said[0].lower() + said[1:]
    begins = not before or before.endswith(("\n", ". ", "! ", "? ", "> ", "- "))
    return said[0].upper() + said[1:] if begins else said


def narrowed(value: Value, shown: set[str]) -> Value:
    """What of a value may be asked for when the text has only these parts of it (``""``: the whole)."""
    if "" in shown:
        return value
    if "first" in shown:
        return words(value.text.split()[0])
    whole = "amount" in shown or (value.schema == DATETIME and shown >= value.parts.keys())
    parts = {key: part for key, part in value.parts.items() if key in shown}
    return replace(value, json=value.json if whole else "", parts=parts)


__all__ = ["addressed", "filled", "ordered"]
