"""Whole documents written by hand, in ``written/``, with their values marked.

A kind is ``# its name``, its fields ``= name | other name : type :: description | ...``, and its documents, each below a
line of ``---``.  In a document ``{field: words}`` marks a value that is what stands there, ``{field: words => JSON}`` one that is not
(``JSON`` bare or quoted).  Fields of which a document says nothing are absent from it.  A field ``items.name`` belongs to a list of
objects; a new object begins when one of its fields comes again.  What is not marked belongs to no field.

A document is met many times, so what can be changed is: names, places, codes, dates and numbers are drawn anew (each time or not at
all for one document, the same words always alike); now and then a text is what another document of the kind has there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from documents import OPAQUE, Asked, answer_of, named, nested, noisy, offered, schema_of
from values import BOOLEAN, DATE, DATETIME, INTEGER, NUMBER, TEXT, TIME, Source, Value, quoted

FOLDER = Path(__file__).parent / "written"
SCHEMAS: dict[str, dict[str, Any]] = {
    "date": DATE, "time": TIME, "datetime": DATETIME, "integer": INTEGER, "number": NUMBER, "money": NUMBER, "boolean": BOOLEAN,
    "email": {"type": "string", "format": "email"}, "texts": {"type": "array", "items": TEXT}, "people": {"type": "array", "items": TEXT},
}  # fmt: skip
"""What is not named here is a text."""
TYPES = frozenset({*SCHEMAS, "person", "company", "city", "address", "phone", "url", "code", "text", "currency"})
MANY = ("texts", "people")
SWAPPED = 0.25
"""How many of the texts are taken from another document of the kind, where names are changed."""
FOREIGN, FOREIGN_MARK = 0.35, "~"
"""How many schemas ask for something that belongs to another kind, and what its key begins with."""
PLAIN = ("text", "texts", "code", "integer", "number")
"""Types of such fields.  A date or a person may well be said by a text of another kind, in other words."""
MARK = re.compile(r"\{([a-z_0-9.]+): ?(.*?)(?: => (.*?))?\}", re.DOTALL)


@dataclass
class Field:
    names: list[str]
    type: str
    notes: list[str]
    choices: list[str] = field(default_factory=list)

    @property
    def key(self) -> str:
        return self.names[0]


@dataclass
class Mark:
    start: int
    end: int
    key: str
    words: str
    json: str
    """The value as JSON, as the words say it."""


@dataclass
class Document:
    text: str
    """With the marks in it."""
    marks: list[Mark]


@dataclass
class WrittenKind:
    name: str
    fields: dict[str, Field]
    documents: list[Document]


@cache
def written_kinds() -> list[WrittenKind]:
    return [kind for path in sorted(FOLDER.glob("*.txt")) for kind in read(path.read_text(encoding="utf-8"))]


def read(text: str) -> list[WrittenKind]:
    """Raises ValueError, with the kind's name, for a field without a type and for marks that name no field or have no clear value."""
    kinds: list[WrittenKind] = []
    for block in re.split(r"^# ", "\n" + text, flags=re.MULTILINE)[1:]:
        head, *documents = re.split(r"^---[ \t]*$", block, flags=re.MULTILINE)
        name, *lines = head.strip().splitlines()
        try:
            fields = [field_of(line) for line in lines if line.strip()]
            by_key = {one.key: one for one in fields}
            kinds.append(WrittenKind(name.strip(), by_key, [document_of(one.strip("\n").rstrip(), by_key) for one in documents if one.strip()]))
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from error
    return kinds


def field_of(line: str) -> Field:
    match = re.fullmatch(r"= ([\w| .]+?) ?: ?(\w+)(?:\((.*)\))? ?(?::: ?(.*))?", line.strip())
    if not match:
        raise ValueError(f"{line!r} is not '= name | name : type :: description | description'")
    names, kind, choices, notes = match.groups()
    if kind not in TYPES and not (kind == "choice" and choices):
        raise ValueError(f"{line!r}: {kind} is not one of {', '.join(sorted(TYPES))} or choice(a, b)")
    return Field(split(names), kind, split(notes or ""), split(choices or "", ","))


def split(line: str, at: str = "|") -> list[str]:
    return [part.strip() for part in line.split(at) if part.strip()]


def document_of(text: str, fields: dict[str, Field]) -> Document:
    called = {name: key for key, one in fields.items() for name in one.names}
    marks = []
    for match in MARK.finditer(text):
        name, words, said = match.groups()
        key = called.get(name, "")
        if not key:
            raise ValueError(f"{match[0]!r} names none of the fields {', '.join(fields)}")
        marks.append(Mark(match.start(), match.end(), key, words, meant(fields[key], words, said)))
    if "{" in MARK.sub("", text):
        raise ValueError(f"a brace that marks nothing in {text[:60]!r}")
    if not marks:
        raise ValueError(f"nothing is marked in {text[:60]!r}")
    return Document(text, marks)


def meant(one: Field, words: str, said: str | None) -> str:
    """The value of a mark as JSON."""
    if one.type in ("integer", "number", "money"):
        number = (said or "").strip() or re.sub(r"(?<=\d)[,' ](?=\d{3}\b)", "", "".join(re.findall(r"[\d.,' ]+", words))).strip(" .,'")
        if not re.fullmatch(r"-?\d+(\.\d+)?" if one.type != "integer" else r"-?\d+", number):
            raise ValueError(f"{{{one.key}: {words}}} needs its number behind =>")
        return re.sub(r"^(-?)0+(?=\d)", r"\1", number)
    if one.type == "boolean":
        if said not in ("true", "false"):
            raise ValueError(f"{{{one.key}: {words}}} needs true or false behind =>")
        return said
    value = (said if said is not None else words).strip().strip('"')
    if one.type == "time" and re.fullmatch(r"\d?\d:\d\d", value):
        value = f"{value:0>5}:00"
    shape = {"date": r"\d{4}-\d\d-\d\d", "time": r"\d\d:\d\d:\d\d", "datetime": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d"}.get(one.type)
    if shape and not re.fullmatch(shape, value):
        raise ValueError(f"{{{one.key}: {words}}} needs a {one.type} of ISO 8601 behind =>")
    if one.choices and value not in one.choices:
        raise ValueError(f"{{{one.key}: {words}}} is none of {', '.join(one.choices)}")
    if "\n" in value:
        raise ValueError(f"{{{one.key}: {words}}} has a line break")
    return quoted(value)


# -- samples -------------------------------------------------------------------


def sample(s: Source) -> tuple[dict[str, Any], str, str, str]:
    """Schema, text, answer and the name of the kind."""
    schema, turns, kind = worked(s, 1)
    return schema, *turns[0], kind


def worked(s: Source, most: int) -> tuple[dict[str, Any], list[tuple[str, str]], str]:
    """The schema, one to ``most`` texts with their answers, and the name of the kind."""
    kind = s.pick(written_kinds())
    told = s.r.sample(kind.documents, min(most, len(kind.documents)))
    read_ = [fresh(s, kind, document) for document in told]
    wanted = chosen(s, kind, [facts for _, facts in read_])
    foreign = strange(s, kind) if s.chance(FOREIGN) else {}
    for key in foreign:
        wanted.insert(s.r.randint(0, len(wanted)), key)
    fields = kind.fields | foreign
    opaque = s.any(OPAQUE) if s.chance(0.05) else ""
    described = s.any([0.0, 0.3, 0.9])
    calls: dict[str, tuple[str, str]] = {}
    for at, key in enumerate(wanted):
        one = fields.get(key)
        names, notes = (one.names, one.notes) if one else ([key], [])
        note = s.pick(notes) if notes and (opaque or key in foreign or s.chance(described)) else ""
        name = opaque.format(at + 1, "abcdefghijklmnopqrstuvwxyz"[at]) if opaque and note else named(s, s.pick(names), kind.name)
        if name.lower() not in {n.lower() for n, _ in calls.values()}:
            calls[key] = name, note
    schemas = {key: schema_of_field(s, foreign[key]) if key in foreign else schema(s, kind, key) for key in calls}
    rows = [[(name, note, facts.get(key), schemas[key]) for key, (name, note) in calls.items()] for _, facts in read_]
    null = offered(s)
    if len(rows) == 1 and len(calls) > 2 and s.chance(0.07):
        rows = [nested(s, rows[0], null)]
    shown: list[Asked] = [next((a for a in same if a[2] is None), same[0]) for same in zip(*rows, strict=True)]
    texts = [noisy(s, text, {key: value for key, value in facts.items() if value}) for text, facts in read_]
    return schema_of(shown, null), [(text, answer_of(row, null)) for text, row in zip(texts, rows, strict=True)], kind.name


def chosen(s: Source, kind: WrittenKind, texts: list[dict[str, Value | None]]) -> list[str]:
    """The fields that are asked: mostly what the first text says, and none that is half said."""
    unclear = {key for facts in texts for key, value in facts.items() if value is None}
    keys = [key for key in dict.fromkeys(key.split(".")[0] for key in kind.fields) if key not in unclear]
    present, absent = [key for key in keys if key in texts[0]], [key for key in keys if key not in texts[0]]
    s.r.shuffle(present)
    s.r.shuffle(absent)
    wanted = present[: s.r.randint(2, s.any([5, 9, 12]))] + absent[: s.any([0, 1, 1, 2, 3, 5])]
    s.r.shuffle(wanted)
    return wanted


def strange(s: Source, kind: WrittenKind) -> dict[str, Field]:
    """A field or two of another kind, of which the text says nothing: what is asked, not what is usual, decides."""
    other = s.pick(written_kinds())
    own = words_of(kind.fields.values())
    able = [one for one in other.fields.values() if one.type in PLAIN and "." not in one.key and one.notes and not one.choices and not words_of([one]) & own]
    return {f"{FOREIGN_MARK}{one.key}": one for one in s.r.sample(able, min(len(able), s.any([1, 1, 2])))} if other.name != kind.name else {}


def words_of(fields: Iterable[Field]) -> set[str]:
    """The words in the names of fields."""
    return {word for one in fields for name in one.names for word in re.split(r"[_.]", name) if len(word) > 2}


def schema(s: Source, kind: WrittenKind, key: str) -> dict[str, Any]:
    inner = {name.split(".")[1]: one for name, one in kind.fields.items() if name.startswith(f"{key}.")}
    if inner:
        return {"type": "array", "items": {"type": "object", "properties": {name: schema_of_field(s, one) for name, one in inner.items()}}}
    return schema_of_field(s, kind.fields[key])


def schema_of_field(s: Source, one: Field) -> dict[str, Any]:
    if one.choices:
        return {"type": "string", "enum": s.r.sample(one.choices, len(one.choices)) if s.chance(0.3) else one.choices}
    if one.type == "email" and s.chance(0.5):
        return TEXT
    return SCHEMAS.get(one.type, TEXT)


def fresh(s: Source, kind: WrittenKind, document: Document) -> tuple[str, dict[str, Value | None]]:
    """The document with other names and numbers in it, and what it says, by field."""
    s.new_text()
    changing = s.any([0.0, 0.6, 0.9, 1.0])
    drawn: dict[tuple[str, str], tuple[str, str]] = {}
    pieces, at = [], 0
    said: list[tuple[str, Value]] = []
    for mark in document.marks:
        one = kind.fields[mark.key]
        same = (one.type, mark.words)
        if same not in drawn:
            drawn[same] = changed(s, one, mark) if s.chance(changing) else (mark.words, mark.json)
            if one.type == "text" and s.chance(changing * SWAPPED):
                other = s.any([m for d in kind.documents for m in d.marks if m.key == mark.key])
                drawn[same] = other.words, other.json
        words, value = drawn[same]
        pieces += [document.text[at : mark.start], words]
        at = mark.end
        said.append((mark.key, Value(words, value, SCHEMAS.get(one.type, TEXT))))
    text = "".join([*pieces, document.text[at:]])
    return text.replace(".. ", ". "), gathered(kind, said)


def gathered(kind: WrittenKind, said: list[tuple[str, Value]]) -> dict[str, Value | None]:
    """One value a field: lists of what came again, objects of what belongs to one; None where an object lacks something."""
    facts: dict[str, Value | None] = {}
    lists: dict[str, list[str]] = {}
    objects: dict[str, list[dict[str, str]]] = {}
    words: dict[str, list[str]] = {}
    for key, value in said:
        top, _, inner = key.partition(".")
        words.setdefault(top, []).append(value.text)
        if inner:
            rows = objects.setdefault(top, [{}])
            if inner in rows[-1]:
                rows.append({})
            rows[-1][inner] = value.json
        elif kind.fields[key].type in MANY:
            if value.json not in lists.setdefault(key, []):
                lists[key].append(value.json)
        else:
            facts.setdefault(key, value)
    for key, items in lists.items():
        facts[key] = Value(" ".join(words[key]), f"[{','.join(items)}]", SCHEMAS["texts"])
    for top, rows in objects.items():
        inner = [key.partition(".")[2] for key in kind.fields if key.startswith(f"{top}.")]
        whole = all(len(row) == len(inner) for row in rows)
        told = ",".join("{" + ",".join(f"{quoted(name)}:{row[name]}" for name in inner) + "}" for row in rows if whole)
        facts[top] = Value(" ".join(words[top]), f"[{told}]", {"type": "array"}) if whole else None
    return facts


MAKERS: dict[str, Callable[[Source], Value]] = {
    "person": Source.person, "people": Source.person, "company": Source.company, "city": Source.city, "address": Source.address, "phone": Source.phone,
    "email": Source.email, "url": Source.url, "date": Source.date, "time": Source.time, "datetime": Source.moment,
}  # fmt: skip


def changed(s: Source, one: Field, mark: Mark) -> tuple[str, str]:
    """Other words of the same sort, and what they are in JSON; the same words where none are known that fit."""
    if one.type == "person" and " " not in mark.words:
        return mark.words, mark.json
    if one.type in MAKERS:
        made = MAKERS[one.type](s)
        if one.type in ("date", "time", "datetime") and mark.words[:4].lower() == "the " and not made.text.startswith("the "):
            return made.text, made.json
        return made.text, made.json
    if one.type == "code":
        words = "".join(s.any("0123456789") if c.isdigit() else s.any("ABCDEFGHJKLMNPRSTUVWXYZ") if "A" <= c <= "Z" else c for c in mark.words)
        return (words, quoted(words)) if json.loads(mark.json) == mark.words else (mark.words, mark.json)
    if one.type in ("integer", "number", "money"):
        return recounted(s, mark)
    return mark.words, mark.json


def recounted(s: Source, mark: Mark) -> tuple[str, str]:
    """Other digits in the same writing, if it is written in digits that are easily read."""
    match = re.fullmatch(r"(\D*?)(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(\D*)", mark.words)
    if not match or float(match[2].replace(",", "") + (match[3] or "")) != float(mark.json):
        return mark.words, mark.json
    before, whole, rest, after = match.groups()

    def digits(text: str) -> str:
        return re.sub(r"\d", lambda _: s.any("0123456789"), text)

    new = re.sub(r"^0", lambda _: s.any("123456789"), digits(whole)) if whole != "0" else whole
    if len(whole) == 1 and whole in "12":
        new = s.any("23456789") if whole == "2" else whole  # "1 nights" is not said
    decimals = f".{digits(rest[1:])}" if rest else ""
    value = new.replace(",", "") + decimals
    return f"{before}{new}{decimals}{after}", value


__all__ = ["TYPES", "WrittenKind", "read", "sample", "worked", "written_kinds"]
