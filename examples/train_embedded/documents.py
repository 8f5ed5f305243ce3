"""One training sample of a kind: a document, a random schema, its answer.

Documents are either a whole template with its slots filled or assembled from
labelled lines and sentences.  The schema asks for a random part of what the
document says under random names, and for some of what it does not say.
One template, sentence, name in seven is kept for evaluation (see
``Source.pick``): a held-out sample is made only of those.
"""

from __future__ import annotations

import re
from typing import Any

from kinds import Concept, Kind, bookings, emails, home, invoices, jobs, reviews, tickets
from values import Source, Value, quoted

KINDS: list[Kind] = [*(m.KIND for m in (invoices, emails, tickets, reviews, bookings, jobs)), *home.KINDS]
HEADINGS = {"invoice": ["vendor"], "email": ["subject"], "ticket": ["product", "id"], "review": ["subject", "title"], "booking": ["hotel", "airline"], "job": ["title", "company"], "recipe": ["name"], "product": ["name", "brand"]}
"""What may stand alone above a document, without a label."""

Asked = tuple[str, str, Value | None, dict[str, Any]]
"""Field name, description, value (None where the text does not say), schema."""


def sample(s: Source) -> tuple[dict[str, Any], str, str, str]:
    """Schema, text, answer and the name of the kind."""
    kind = s.any(KINDS)
    text, facts = document(s, kind)
    asked = questions(s, kind, facts)
    if len(asked) > 2 and s.chance(0.07):
        asked = nested(s, asked)
    return schema_of(asked), text, answer_of(asked), kind.name


def brief(s: Source) -> tuple[dict[str, Any], str, str, str]:
    """One to four things that a kind of document says, and little around them: what its fields are called, and how they are said."""
    kind = s.any(KINDS)
    concepts = s.r.sample(list(kind.concepts.values()), min(len(kind.concepts), s.any([1, 2, 2, 3, 3, 4])))
    facts = {c.key: c.make(s) for c in concepts}
    lean = s.any([0.2, 0.5, 0.8])
    lines = []
    for concept in concepts:
        value = facts[concept.key]
        if concept.labels and s.chance(lean):
            lines.append(s.any(["{}: {}", "{}: {}", "{} {}", "{} - {}", "{} = {}"]).format(_label(s, concept), value.text.strip("\n")))
        else:
            line = _said(s, concept, value)
            lines.append(line if line.rstrip().endswith((".", "!", "?", ",", "\n")) or s.chance(0.2) else line + ".")
    if s.chance(0.3):
        lines.insert(s.r.randint(0, len(lines)), s.pick(kind.fillers.split("|")))
    asked = questions(s, kind, facts)
    return schema_of(asked), noisy(s, s.any(["\n", "\n", " "]).join(lines), facts), answer_of(asked), kind.name


def document(s: Source, kind: Kind) -> tuple[str, dict[str, Value]]:
    if s.chance(0.4):
        text, facts = _filled(s, kind)
    else:
        text, facts = _assembled(s, kind)
    return noisy(s, text, facts), facts


def _said(s: Source, concept: Concept, value: Value) -> str:
    """A sentence that says the value."""
    options = value.said or tuple(o for o in concept.said.split("|") if o)
    line = s.pick(options) if options else f"{_label(s, concept)}: {{}}"
    return line.replace("{}", value.text).replace("\\n", "\n")


def _label(s: Source, concept: Concept) -> str:
    return s.pick(concept.labels.split("|")) if concept.labels else concept.key.title()


def _filled(s: Source, kind: Kind) -> tuple[str, dict[str, Value]]:
    template = s.pick(kind.templates)
    facts: dict[str, Value] = {}

    def slot(match: re.Match[str]) -> str:
        key = match[1]
        concept = kind.concepts[key]
        if key not in facts:
            facts[key] = concept.make(s)
        value = facts[key]
        return s.pick(value.said) if value.said else value.text

    # A template may lose lines, so that fields are absent.
    lines = template.split("\n")
    if len(lines) > 3 and s.chance(0.5):
        lines = [line for line in lines if not s.chance(0.15)]
    body = re.sub(r"\{(\w+)\}", slot, "\n".join(lines))
    if s.chance(0.3):
        body += "\n" + s.pick(kind.fillers.split("|"))
    return body, facts


def _assembled(s: Source, kind: Kind) -> tuple[str, dict[str, Value]]:
    concepts = [c for c in kind.concepts.values() if not c.rare or s.chance(0.4)]
    s.r.shuffle(concepts)
    concepts = concepts[: s.r.randint(2, 9)]
    facts = {c.key: c.make(s) for c in concepts}
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
    shape = s.any(["{}: {}", "{}: {}", "{}: {}", "{} {}", "{} : {}", "| {} | {} |", "{} - {}", "**{}:** {}", "- {}: {}", "{}\t{}", "{} = {}", "{}:\n{}", "{} .... {}", "[{}] {}", "{}:{}"])
    block = [shape.format(_label(s, c), v.text.strip("\n") if "\n" not in v.text.strip("\n") else v.text) for c, v in labelled]
    if block:
        blocks.append(s.any(["\n", "\n", "\n", "\n", "  ", " | ", ", "]).join(block))
    sentences = [_said(s, c, v) for c, v in spoken]
    fillers = kind.fillers.split("|")
    for _ in range(s.any([0, 0, 1, 2, 3])):
        sentences.insert(s.r.randint(0, len(sentences)), s.pick(fillers))
    if sentences:
        sentences = [x if x.rstrip().endswith((".", "!", "?", ",", "\n")) or s.chance(0.15) else x + "." for x in sentences]
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
    if s.chance(0.1):
        kept = {w for v in facts.values() for p in (v, *v.parts.values()) for w in re.findall(r"\w+", p.text)}

        def typo(match: re.Match[str]) -> str:
            word = match[0]
            if word in kept or not s.chance(0.08):
                return word
            i = s.r.randint(1, len(word) - 2)
            return s.any([word[:i] + word[i + 1 :], word[:i] + word[i + 1] + word[i] + word[i + 2 :], word[:i] + word[i] + word[i:]])

        text = re.sub(r"[a-z]{4,}", typo, text)
    if s.chance(0.05):
        text = padded(s, text)
    return text.strip("\n") if s.chance(0.9) else text


def padded(s: Source, text: str) -> str:
    """Idle talk around the document, so that long texts are met in training."""
    lines = [s.pick(s.any(KINDS).fillers.split("|")) for _ in range(s.r.randint(8, 40))]
    cut = s.r.randint(0, len(lines))
    return " ".join(lines[:cut]) + "\n\n" + text + "\n\n" + " ".join(lines[cut:])


def named(s: Source, name: str) -> str:
    """The same name as other people spell it: snake, camel, with a prefix."""
    if "_" in name and s.chance(0.12):
        first, *rest = name.split("_")
        name = first + "".join(part.title() for part in rest)
    elif s.chance(0.03):
        name = name.title()
    return name


def questions(s: Source, kind: Kind, facts: dict[str, Value]) -> list[Asked]:
    """What the schema asks: mostly what is there, in a random order."""
    present: list[Asked] = []
    for key, value in facts.items():
        concept = kind.concepts[key]
        if concept.names != "stay":
            present.append((concept.names, concept.notes, value, value.schema))
        for part, (names, notes) in concept.parts.items():
            if part in value.parts:
                present.append((names, notes, value.parts[part], value.parts[part].schema))
    absent: list[Asked] = []
    for key, concept in kind.concepts.items():
        if key not in facts and concept.names != "stay":
            absent.append((concept.names, concept.notes, None, concept.make(s).schema))
    s.r.shuffle(present)
    s.r.shuffle(absent)
    wanted = present[: s.r.randint(2, s.any([5, 9, 12]))] + absent[: s.any([0, 1, 1, 2, 3, 4])]
    s.r.shuffle(wanted)
    described = s.any([0.0, 0.3, 0.9])
    out: list[Asked] = []
    used: set[str] = set()
    for names, notes, value, schema in wanted:
        name = named(s, s.pick(names.split("|")))
        if name.lower() in used:
            continue
        used.add(name.lower())
        note = s.pick(notes.split("|")) if notes and s.chance(described) else ""
        out.append((name, note, value, schema))
    return out


def nested(s: Source, asked: list[Asked], name: str = "") -> list[Asked]:
    """Put a run of the fields into an object of its own."""
    cut = s.r.randint(1, len(asked) - 1)
    inner = asked[cut:]
    value = Value("", answer_of(inner), schema_of(inner))
    name = name or s.pick("details info data contact party header meta summary_data extra".split())
    return [*asked[:cut], (name, "", value, value.schema)]


def schema_of(asked: list[Asked]) -> dict[str, Any]:
    """A JSON Schema as Pydantic would give it; absent fields may be null."""
    properties: dict[str, Any] = {}
    for i, (name, note, value, schema) in enumerate(asked):
        if (value is None and not _sure(i, name, schema)) or _open(i, name):
            schema = {"anyOf": [schema, {"type": "null"}]}
        properties[name] = {**schema, "description": note} if note else schema
    return {"type": "object", "properties": properties}


def _sure(i: int, name: str, schema: dict[str, Any]) -> bool:
    """Whether a field that the text is silent on has a value all the same:
    no items, and for some truths, no."""
    return schema.get("type") == "array" or (schema.get("type") == "boolean" and (i + len(name)) % 2 == 0)


def _open(i: int, name: str) -> bool:
    """Whether null is offered to a field of which the text says something, or which has a value anyhow."""
    return (i * 7 + len(name)) % 2 == 0


def answer_of(asked: list[Asked]) -> str:
    parts = []
    for i, (name, _, value, schema) in enumerate(asked):
        if value is not None:
            said = value.json
        elif schema.get("type") == "array":
            said = "null" if _open(i, name) else "[]"
        elif _sure(i, name, schema):
            said = "null" if _open(i, name) else "false"
        else:
            said = "null"
        parts.append(f"{quoted(name)}:{said}")
    return "{" + ",".join(parts) + "}"




__all__ = ["KINDS", "answer_of", "document", "sample", "schema_of"]
