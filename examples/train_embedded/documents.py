"""One training sample of a kind: a document, a random schema, its answer.

Documents are either a whole template with its slots filled or assembled from
labelled lines and sentences.  The schema asks for a random part of what the
document says under random names, and for some of what it does not say.
One template, sentence, name in seven is kept for evaluation (see
``Source.pick``): a held-out sample is made only of those.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from asides import ASIDES
from filling import STRANGERS, addressed, filled, ordered
from kinds import (
    Concept,
    Kind,
    broad,
    long_texts,
    more_bookings,
    more_emails,
    more_goods,
    more_homes,
    more_invoices,
    more_jobs,
    more_reviews,
    more_tickets,
    rivals,
)
from values import BOOLEAN, Source, Value, quoted

COMMON: list[Kind] = [
    replace(kind, templates=[*kind.templates, *long_texts.LONG[kind.name], *rivals.RIVALS[kind.name]])
    for kind in (
        *(m.KIND for m in (more_invoices, more_emails, more_tickets, more_reviews, more_bookings, more_jobs)),
        *more_homes.KINDS,
        *more_goods.KINDS,
    )
]
"""What people ask for most: these are written in many more ways than the others, and met more often."""
KINDS: list[Kind] = [*COMMON, *broad.KINDS]
HEADINGS = {"invoice": ["vendor"], "email": ["subject"], "ticket": ["product", "id"], "review": ["subject", "title"], "booking": ["hotel", "airline"], "job": ["title", "company"], "recipe": ["name"], "product": ["name", "brand"]}
"""What may stand alone above a document, without a label."""

ONES = re.compile(r"((?<![\d.,'])\b(?:1|one) (?:bedroom|bathroom|room|person|portion|guest|night|place|serving|reader|opening|job|vote))s\b")
"""One room, not one rooms."""

OPAQUE = ["field_{0}", "f{0}", "{1}", "column_{1}", "q{0}", "Field{0}", "value_{0}", "x{0}"]
"""Names that mean nothing: only the description says what is asked."""

VAGUE = frozenset(
    "date day when time at hour name person contact who number id code reference ref amount price cost total sum place where address city location town company phone email mail type kind status".split()
)
"""Names under which any value of the sort might be meant: not asked as absent where the text has one."""

Asked = tuple[str, str, Value | None, dict[str, Any]]
"""Field name, description, value (None where the text does not say), schema."""


def sample(s: Source) -> tuple[dict[str, Any], str, str, str]:
    """Schema, text, answer and the name of the kind."""
    kind = any_kind(s)
    text, facts = document(s, kind)
    asked = [a for _, a in chosen(s, kind, facts)]
    null = offered(s)
    if len(asked) > 2 and s.chance(0.07):
        asked = nested(s, asked, null)
    return schema_of(asked, null), text, answer_of(asked, null), kind.name


def brief(s: Source) -> tuple[dict[str, Any], str, str, str]:
    """One to four things that a kind of document says, and little around them: what its fields are called, and how they are said."""
    kind = any_kind(s)
    concepts, facts = _facts(s, kind, s.any([1, 2, 2, 3, 3, 4]))
    lean = s.any([0.2, 0.5, 0.8])
    lines = []
    for concept in concepts:
        value = facts[concept.key]
        if concept.labels and s.chance(lean):
            lines.append(_line(s, s.any(["{}: {}", "{}: {}", "{} {}", "{} - {}", "{} = {}"]), concept, value))
        else:
            line = _said(s, concept, value)
            lines.append(line if line.rstrip().endswith((".", "!", "?", ",", "\n")) or s.chance(0.2) else line + ".")
    if s.chance(0.3):
        lines.insert(s.r.randint(0, len(lines)), s.pick(kind.fillers.split("|")))
    asked = [a for _, a in chosen(s, kind, facts)]
    null = offered(s)
    return schema_of(asked, null), noisy(s, s.any(["\n", "\n", " "]).join(lines), facts), answer_of(asked, null), kind.name


def any_kind(s: Source) -> Kind:
    return s.any(COMMON if s.chance(0.4) else KINDS)


def document(s: Source, kind: Kind) -> tuple[str, dict[str, Value]]:
    if s.chance(0.55):
        text, facts = filled(s, kind)
    else:
        text, facts = _assembled(s, kind)
    text = re.sub(r"(?<!\.)\.\.(?!\.)", ".", text)  # a name that ends in a full stop may end a sentence
    text = re.sub(r"\b[Tt]he (?=The )", "", text)
    text = ONES.sub(r"\1", text)
    return noisy(s, text, facts), facts


def _said(s: Source, concept: Concept, value: Value) -> str:
    """A sentence that says the value."""
    options = value.said or tuple(o for o in concept.said.split("|") if o)
    line = s.pick(options) if options else f"{_label(s, concept)}: {{}}"
    words = value.flat if value.flat and not line.endswith("{}") else value.text
    if line[0].islower() and s.chance(0.6):
        line = line[0].upper() + line[1:]
    if words.endswith("."):
        line = line.replace("{}.", "{}")
    return line.replace("{}", words).replace("\\n", "\n")


def _line(s: Source, shape: str, concept: Concept, value: Value) -> str:
    """A label and the value; what has several lines stands below its label."""
    text = value.text.strip("\n")
    return f"{_label(s, concept)}:{value.text}" if "\n" in text else shape.format(_label(s, concept), text)


def _label(s: Source, concept: Concept) -> str:
    return s.pick(concept.labels.split("|")) if concept.labels else concept.key.title()


def _facts(s: Source, kind: Kind, most: int) -> tuple[list[Concept], dict[str, Value]]:
    """Some concepts and what a document says of them, without contradiction."""
    concepts = [c for c in kind.concepts.values() if not c.rare or s.chance(0.4)]
    s.r.shuffle(concepts)
    concepts = concepts[:most]
    facts = {c.key: c.make(s) for c in concepts}
    ordered(s, kind, facts)
    addressed(s, kind, facts)
    for one, other in kind.akin:  # a truth beside what tells the same might contradict it
        if one in facts and other in facts and BOOLEAN in (facts[one].schema, facts[other].schema):
            del facts[s.any([one, other])]
    return [c for c in concepts if c.key in facts], facts


def _assembled(s: Source, kind: Kind) -> tuple[str, dict[str, Value]]:
    concepts, facts = _facts(s, kind, s.r.randint(2, 9))
    labelled, spoken = [], []
    lean = s.any([0.1, 0.5, 0.9])
    head = ""
    for concept in concepts:
        value = facts[concept.key]
        if not head and concept.key in HEADINGS.get(kind.name, []) and s.chance(0.45):
            head = value.text
            continue
        (labelled if concept.labels and s.chance(lean) else spoken).append((concept, value))
    blocks: list[str] = []
    shape = s.any(["{}: {}", "{}: {}", "{}: {}", "{} {}", "{} : {}", "| {} | {} |", "{} - {}", "**{}:** {}", "- {}: {}", "{1} ({0})", "{1} - {0}", "<{0}>{1}</{0}>", '"{}": "{}",', "{}; {}", "{}\t{}", "{} = {}", "{}:\n{}", "{} .... {}", "[{}] {}", "{}:{}"])
    block = [_line(s, shape, c, v) for c, v in labelled]
    if block:
        blocks.append(s.any(["\n", "\n", "\n", "\n", "  ", " | ", ", "]).join(block))
    sentences = [_said(s, c, v) for c, v in spoken]
    for _ in range(s.any([0, 0, 1, 2, 3])):
        sentences.insert(s.r.randint(0, len(sentences)), idle(s, kind))
    if sentences:
        sentences = [x if x.endswith("\n") or x.rstrip().endswith((".", "!", "?", ",", ":")) or s.chance(0.15) else x + "." for x in sentences]
        blocks.append(s.any([" ", " ", "\n", "\n\n"]).join(sentences))
    if s.chance(0.3):
        blocks.reverse()
    if s.chance(0.5):
        blocks.insert(0, s.pick(kind.openings.split("|")))
    if head:
        blocks.insert(s.any([0, 0, 0, min(1, len(blocks))]), s.any([head, head, f"# {head}", f"*** {head} ***", f"{head}\n{'-' * 20}"]))
    if s.chance(0.4):
        blocks.append(s.pick(kind.closings.split("|")))
    return s.any(["\n\n", "\n\n", "\n"]).join(blocks), facts


def noisy(s: Source, text: str, facts: dict[str, Value]) -> str:
    """Typos, quoting, ragged spaces: never inside a value."""
    if s.chance(0.08) and "\n>" not in text:
        text = "\n".join("> " + line for line in text.split("\n"))
        if s.chance(0.6):
            text = s.any(["See below.", "Forwarding this.", "Hi, as promised:", "FYI"]) + "\n\n" + text
    if s.chance(0.08):
        text = "\n".join(" " * s.any([0, 0, 2, 4]) + line for line in text.split("\n"))
    if s.chance(0.06):
        text = text.replace("\n\n", "\n")
    kept = {w for v in facts.values() for p in (v, *v.parts.values()) for w in re.findall(r"\w+", p.text + " " + p.flat)}
    if s.chance(0.1):

        def typo(match: re.Match[str]) -> str:
            word = match[0]
            if word in kept or not s.chance(0.08):
                return word
            i = s.r.randint(1, len(word) - 2)
            return s.any([word[:i] + word[i + 1 :], word[:i] + word[i + 1] + word[i] + word[i + 2 :], word[:i] + word[i] + word[i:]])

        text = re.sub(r"\b[a-z]{4,}\b", typo, text)
    roll = s.r.random()
    if roll < 0.1:  # all small, or (as telegrams and forms are) all capitals
        cased = str.lower if roll < 0.075 else str.upper
        text = re.sub(r"\w+", lambda m: m[0] if m[0] in kept else cased(m[0]), text)
    if s.chance(0.05):
        text = padded(s, text)
    return text.strip("\n") if s.chance(0.9) else text


def idle(s: Source, kind: Kind) -> str:
    """A sentence that says nothing that is asked: of the kind, or an aside with a value in it that is something else."""
    if s.chance(0.85):
        return s.pick(kind.fillers.split("|"))
    return re.sub(r"\{(\w+)\}", lambda m: STRANGERS[m[1]](s).text, s.pick(ASIDES)).replace("..", ".")


def padded(s: Source, text: str) -> str:
    """Idle talk around the document, so that long texts are met in training."""
    lines = [idle(s, s.any(KINDS)) for _ in range(s.r.randint(8, 40))]
    cut = s.r.randint(0, len(lines))
    return " ".join(lines[:cut]) + "\n\n" + text + "\n\n" + " ".join(lines[cut:])


def named(s: Source, name: str, kind: str) -> str:
    """The same name as other people spell it: camel, with spaces or hyphens, with the kind before it."""
    if s.chance(0.04) and name not in ("date", "time", "type", "kind") and kind.split()[-1] not in name:
        name = f"{kind.replace(' ', '_')}_{name}"
    if "_" in name:
        roll = s.r.random()
        first, *rest = name.split("_")
        if roll < 0.12:
            return first + "".join(part.title() for part in rest)
        if roll < 0.14:
            return name.replace("_", "-")
        if roll < 0.16:
            return name.replace("_", " ").capitalize()
    return name.title() if s.chance(0.03) else name


@dataclass(frozen=True)
class Wish:
    """What may be asked: a concept's key and the part of it (``""``: the whole), and how it may be called."""

    key: str
    part: str
    names: list[str]
    notes: str
    value: Value | None
    schema: dict[str, Any]


def wishes(s: Source, kind: Kind, facts: dict[str, Value]) -> tuple[list[Wish], list[Wish]]:
    """What the text says, and what it does not."""
    present: list[Wish] = []
    for key, value in facts.items():
        concept = kind.concepts[key]
        if concept.names != "stay" and value.json:
            present.append(Wish(key, "", concept.names.split("|"), concept.notes, value, value.schema))
        for part, (names, notes) in concept.parts.items():
            if part in value.parts:
                present.append(Wish(key, part, names.split("|"), notes, value.parts[part], value.parts[part].schema))
    # Whoever says what is akin is not silent.
    hinted = {key for pair in kind.akin for key in pair if {*pair} & facts.keys()}
    absent = [
        Wish(key, "", concept.names.split("|"), concept.notes, None, concept.make(s).schema)
        for key, concept in kind.concepts.items()
        if key not in facts and key not in hinted and concept.names != "stay"
    ]
    return present, absent


def chosen(s: Source, kind: Kind, facts: dict[str, Value]) -> list[tuple[Wish, Asked]]:
    """What the schema asks: mostly what is there, in a random order, by names that mean one fact only."""
    present, absent = wishes(s, kind, facts)
    meant = Counter((name, sort_of(w.schema)) for w in present for name in w.names)
    taken = {name for w in present for name in w.names}
    sorts = {sort_of(w.schema) for w in present}
    s.r.shuffle(present)
    s.r.shuffle(absent)
    wanted = present[: s.r.randint(2, s.any([5, 9, 12]))] + absent[: s.any([0, 1, 1, 2, 3, 4] if present else [1, 2, 3])]
    s.r.shuffle(wanted)
    described = s.any([0.0, 0.3, 0.9])
    opaque = s.any(OPAQUE) if s.chance(0.05) else ""
    out: list[tuple[Wish, Asked]] = []
    used: set[str] = set()
    for wish in wanted:
        for _ in range(6):
            plain = s.pick(wish.names)
            if wish.value and meant[plain, sort_of(wish.schema)] == 1:
                break
            if not wish.value and plain not in taken and not (plain in VAGUE and sort_of(wish.schema) in sorts):
                break
        else:
            continue
        name = named(s, plain, kind.name)
        if opaque and wish.notes:
            out.append((wish, (opaque.format(len(out) + 1, "abcdefghijklmnopqrstuvwxyz"[len(out)]), s.pick(wish.notes.split("|")), wish.value, wish.schema)))
            continue
        if name.lower() in used:
            continue
        used.add(name.lower())
        note = s.pick(wish.notes.split("|")) if wish.notes and s.chance(described) else ""
        out.append((wish, (name, note, wish.value, wish.schema)))
    return out


def sort_of(schema: dict[str, Any]) -> str:
    """What kind of value the outline announces: two fields of one name and different sorts can be told apart."""
    kind = "enum" if "enum" in schema else schema.get("format", schema["type"])
    return {"integer": "number", "email": "string", "uri": "string"}.get(kind, kind)


def nested(s: Source, asked: list[Asked], null: Offered, name: str = "") -> list[Asked]:
    """Put a run of the fields into an object of its own."""
    cut = s.r.randint(1, len(asked) - 1)
    inner = asked[cut:]
    value = Value("", answer_of(inner, null), schema_of(inner, null))
    name = name or s.pick("details info data contact party header meta summary_data extra".split())
    return [*asked[:cut], (name, "", value, value.schema)]


class Offered(Enum):
    """To which of the fields null is offered, beside those that need it.  ALL is how people write types of what they want to find; then
    only the text tells what is absent.  Were it SOME alone, a field that may be null would be one that most likely is."""

    SOME = "about half of those of which the text says something"
    ALL = "every field but lists"


def offered(s: Source) -> Offered:
    return s.any([Offered.SOME, Offered.SOME, Offered.ALL, Offered.ALL, Offered.ALL])


def schema_of(asked: list[Asked], null: Offered) -> dict[str, Any]:
    """A JSON Schema as Pydantic would give it; absent fields may be null."""
    properties: dict[str, Any] = {}
    for i, (name, note, value, schema) in enumerate(asked):
        if (value is None and not _sure(i, name, schema)) or _open(i, name, schema, null):
            schema = {"anyOf": [schema, {"type": "null"}]}
        properties[name] = {**schema, "description": note} if note else schema
    return {"type": "object", "properties": properties}


def _sure(i: int, name: str, schema: dict[str, Any]) -> bool:
    """Whether a field that the text is silent on has a value all the same:
    no items, and for some truths, no."""
    return schema.get("type") == "array" or (schema.get("type") == "boolean" and (i + len(name)) % 2 == 0)


def _open(i: int, name: str, schema: dict[str, Any], null: Offered) -> bool:
    """Whether null is offered to a field of which the text says something, or which has a value anyhow."""
    if null is Offered.ALL and schema.get("type") not in ("array", "object"):
        return True
    return (i * 7 + len(name)) % 2 == 0


def answer_of(asked: list[Asked], null: Offered) -> str:
    parts = []
    for i, (name, _, value, schema) in enumerate(asked):
        if value is not None:
            said = value.json
        elif schema.get("type") == "array":
            said = "null" if _open(i, name, schema, null) else "[]"
        elif _sure(i, name, schema):
            said = "null" if _open(i, name, schema, null) else "false"
        else:
            said = "null"
        parts.append(f"{quoted(name)}:{said}")
    return "{" + ",".join(parts) + "}"


__all__ = ["KINDS", "Asked", "Offered", "Wish", "answer_of", "any_kind", "chosen", "document", "offered", "sample", "schema_of", "sort_of"]
