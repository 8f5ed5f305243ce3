"""Invented records: fields that no one has heard of, carried by cues.

These teach the one thing that no list of templates can: read the outline,
find the cue that matches it, copy what stands beside it, write null when
nothing does.  Field names are drawn from plain and invented words.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from documents import answer_of, nested, offered, schema_of
from values import NUMBER, TEXT, Source, Value, quoted, words

NOUNS = (
    "color size weight height owner species material engine route captain harvest depth voltage speed author editor "
    "patient dose blood_type ward doctor team coach opponent score stadium planet mission crew fuel module sensor reading "
    "station river bridge artist album label track genre recipe cook oven tenant landlord rent deposit floor building "
    "species_name habitat diet lifespan plaintiff defendant court judge verdict case warehouse shelf batch lot expiry "
    "breed chip vet vaccine policy insurer claim premium coverage school teacher grade course semester credit degree "
    "vessel port cargo container customs driver plate mileage garage plot soil crop yield barn mayor district population "
    "language script region era museum curator exhibit title year place origin format duration level code status unit "
    "supplier manager assistant budget milestone sponsor partner branch channel device serial firmware user role group"
).split()
ADJECTIVES = (
    "main first last old new home final total local second former current internal public backup primary secondary left "
    "right upper lower best worst next previous inner outer daily annual common official"
).split()

PLAIN = {part for word in [*NOUNS, *ADJECTIVES] for part in word.split("_")}


def field_words(s: Source) -> list[str]:
    roll = s.r.random()
    noun = s.pick(NOUNS).split("_") if roll < 0.75 else [s.invented(1, 2).lower()]
    if s.chance(0.45):
        noun = [s.pick(ADJECTIVES) if s.chance(0.8) else s.invented(1, 2).lower(), *noun]
    return noun


def spelled(s: Source, parts: list[str]) -> str:
    style = s.r.random()
    if style < 0.75:
        return "_".join(parts)
    if style < 0.9:
        return parts[0] + "".join(p.title() for p in parts[1:])
    return "".join(p.title() for p in parts) if style < 0.95 else "-".join(parts)


def some_value(s: Source) -> Value:
    return s.any(makers(s))()


def makers(s: Source) -> list[Callable[[], Value]]:
    return [
        s.person, s.company, s.city, s.thing, s.code, s.date, s.date, s.moment, s.time, s.phone, s.email, s.place, s.address,
        lambda: s.integer(0, 5000), lambda: s.number(1, 90000), lambda: s.number(1, 900), s.money, s.percent,
        lambda: words(s.invented(1, 3)), lambda: words(s.invented(1, 3)), lambda: words(s.invented(1, 2).lower()),
        lambda: words(" ".join(s.invented(1, 2).lower() for _ in range(s.r.randint(2, 4)))),
        lambda: words(s.goods()),
        lambda: s.series(s.several(lambda: s.invented(1, 3), 1, 4)),
        lambda: s.series(s.several(lambda: s.person().text, 1, 3)),
        lambda: chosen(s), lambda: chosen(s),
    ]


def alike(s: Source) -> Callable[[], Value]:
    """One maker for a whole record: only the cue tells its values apart, not what they look like."""
    return s.any([
        s.date, s.date, s.date, s.moment, s.time, s.code, s.code, s.phone, s.money, s.person, s.company, s.city, s.email,
        lambda: s.integer(0, 5000), lambda: s.number(1, 90000), lambda: s.number(1, 900, False), lambda: words(s.invented(1, 3)), lambda: chosen(s),
    ])


def chosen(s: Source) -> Value:
    """An enum whose member is named in the text, perhaps in another case."""
    options = s.several(lambda: s.any([s.invented(1, 2).lower(), s.pick(NOUNS).replace("_", " "), s.pick(ADJECTIVES)]), 2, 6)
    at = s.any(options)
    style = s.any([str, str, str.upper, str.title, lambda t: t.replace(" ", "_")])
    return Value(s.any([at, at, at.title(), at.upper()]), quoted(style(at)), {"type": "string", "enum": [style(o) for o in options]})


SENTENCES = (
    "The {c} is {v}.|Its {c}: {v}.|As {c} we have {v}.|For the {c}, we chose {v}.|{c}: {v}.|The {c} was {v}.|"
    "Our {c} happens to be {v}.|Regarding the {c}: {v}.|I was told the {c} is {v}.|{c} = {v}.|Under {c} it says {v}.|"
    "The {c} changed to {v}.|The {c} listed here is {v}.|we know that the {c} is {v}.|Note the {c}, {v}.|{c} {v}.|"
    "When asked for the {c} they said {v}.|The {c} will be {v}.|A {c} of {v} was agreed.|As to the {c}, it is {v}."
).split("|")
BACKWARD = (
    "{v} is the {c}.|{v} serves as {c}.|They gave {v} as the {c}.|{v} ({c}).|It says {v} under {c}.|With {v} as {c}, all is set.|"
    "Please note {v} as {c}.|{v} was noted as the {c}."
).split("|")
"""The value comes before its cue.  A small model reads forwards and finds these hard, and people seldom write so."""
SHAPES = ["{c}: {v}", "{c}: {v}", "{c} = {v}", "{c} - {v}", "| {c} | {v} |", "{c}\t{v}", "- {c}: {v}", "{c} ... {v}", "<{c}>{v}</{c}>", "{c}; {v}", '"{c}": "{v}"']


def cue(s: Source, parts: list[str]) -> str:
    text = " ".join(parts)
    plain = all(part in PLAIN for part in parts)
    # Nobody can know how an invented word is spelled in tokens of capitals.
    return s.any([text, text, text.title(), text.capitalize(), text.upper() if plain else text])


def sample(s: Source) -> tuple[dict[str, Any], str, str, str]:
    if s.chance(0.15):
        return table(s)
    fields: dict[str, tuple[list[str], Value]] = {}
    make = alike(s) if s.chance(0.5) else lambda: some_value(s)
    for _ in range(s.r.randint(3, s.any([6, 9, 12]))):
        parts = field_words(s)
        fields.setdefault(spelled(s, parts), (parts, make()))
    shape = s.any(["prose", "lines", "lines", "mixed"])
    one = s.any(SHAPES)
    pieces = []
    for parts, value in fields.values():
        if shape == "prose" or (shape == "mixed" and s.chance(0.5)):
            line = s.pick(BACKWARD if s.chance(0.08) else SENTENCES)
            pieces.append(line.replace("{c}", " ".join(parts)).replace("{v}", value.text))
        else:
            pieces.append(one.replace("{c}", cue(s, parts)).replace("{v}", value.text))
    text = s.any([" ", "\n", "\n"] if shape != "lines" else ["\n", "\n", "\n\n", ", "]).join(pieces)
    keys = list(fields)
    s.r.shuffle(keys)
    asked = []
    hidden = s.chance(0.2)
    for key in keys[: s.r.randint(2, 10)]:
        parts, value = fields[key]
        note = s.any([" ".join(parts).capitalize(), f"The {' '.join(parts)}", f"{' '.join(parts)} as written"]) if hidden or s.chance(0.2) else ""
        # A name that means nothing: only the description points at the cue.
        name = s.invented(1, 2).lower() if hidden and s.chance(0.6) else key
        asked.append((name, note, value, value.schema))
    for _ in range(s.any([0, 0, 1, 1, 2, 3])):
        parts = field_words(s)
        name = spelled(s, parts)
        if name not in fields:
            schema = s.any([TEXT, TEXT, NUMBER, some_value(s).schema])
            asked.insert(s.r.randint(0, len(asked)), (name, "", None, schema))
    seen: set[str] = set()
    asked = [a for a in asked if not (a[0] in seen or seen.add(a[0]))]
    null = offered(s)
    if len(asked) > 3 and s.chance(0.2):
        asked = nested(s, asked, null, spelled(s, field_words(s)) + "_info")
    return schema_of(asked, null), text, answer_of(asked, null), "cues"


DRILLED: list[Callable[[Source], Value]] = [
    Source.date, Source.date, Source.date, Source.date, Source.moment, Source.time, Source.time, Source.money,
    lambda s: s.number(1, 90000), lambda s: s.number(1, 900), lambda s: s.integer(0, 5000), Source.code, Source.phone, Source.person, Source.percent,
    lambda s: s.series(s.several(lambda: s.invented(1, 3), 1, 4)), lambda s: s.series(s.several(s.goods, 1, 3)), lambda s: chosen(s), lambda s: chosen(s),
]


def drill(s: Source) -> tuple[dict[str, Any], str, str, str]:
    """A few values of one sort, each beside its cue, all asked for, and some that are not there: little text, many decisions.

    What has to be spelled in another order ("4 March 2026") is learnt long after copying, because in a document
    there is one such value among hundreds of tokens.  Here every second token of the answer is one.
    """
    if s.chance(0.08):
        return table(s)
    make = s.any(DRILLED)
    fields: dict[str, tuple[list[str], Value]] = {}
    for _ in range(s.any([1, 2, 2, 3, 3, 4, 5])):
        parts = field_words(s)
        fields.setdefault(spelled(s, parts), (parts, make(s)))
    prose, one = s.chance(0.45), s.any(SHAPES)
    sentences = BACKWARD if s.chance(0.15) else SENTENCES
    lines = []
    for parts, value in fields.values():
        shape = s.pick(sentences) if prose else one
        lines.append(shape.replace("{c}", " ".join(parts) if prose else cue(s, parts)).replace("{v}", value.text))
    asked: list[tuple[str, str, Value | None, dict[str, Any]]] = []
    described = s.chance(0.12)
    for key, (parts, value) in fields.items():
        if described:  # a name that means nothing: only the description points at the cue
            asked.append((s.invented(1, 2).lower(), s.any([" ".join(parts).capitalize(), f"The {' '.join(parts)}"]), value, value.schema))
        else:
            asked.append((key, "", value, value.schema))
    for _ in range(s.any([0, 1, 1, 2, 3])):
        key = spelled(s, field_words(s))
        if key not in fields:
            asked.append((key, "", None, make(s).schema))
    s.r.shuffle(asked)
    asked = list({name: (name, *rest) for name, *rest in asked}.values())
    text = s.any(["\n", "\n", " "] if prose else ["\n", "\n", "\n", ", ", " | "]).join(lines)
    null = offered(s)
    return schema_of(asked, null), text, answer_of(asked, null), "drill"


def table(s: Source) -> tuple[dict[str, Any], str, str, str]:
    """Rows of one shape, asked for as a list of objects."""
    columns: dict[str, list[str]] = {}
    for _ in range(s.r.randint(2, 4)):
        parts = field_words(s)
        columns[spelled(s, parts)] = parts
    makes = [s.any([s.person, s.city, s.thing, lambda: s.integer(0, 900), lambda: s.number(1, 900, False), s.date, lambda: words(s.invented())]) for _ in columns]
    rows = [[make() for make in makes] for _ in range(s.r.randint(1, 4))]
    mark = s.any([" | ", ", ", "\t", "; ", " - ", "  "])
    lines = [mark.join(cell.text for cell in row) for row in rows]
    if s.chance(0.7):
        lines.insert(0, mark.join(cue(s, p) for p in columns.values()))
    elif s.chance(0.8):
        lines = [s.any([", ", "; "]).join(f"{' '.join(p)} {cell.text}" for p, cell in zip(columns.values(), row, strict=True)) for row in rows]
    title = spelled(s, field_words(s)) + s.any(["s", "_list", "_rows"])
    picked = [i for i in range(len(columns)) if s.chance(0.8)] or [0]
    keys = list(columns)
    body = []
    for row in rows:
        body.append("{" + ",".join(f"{quoted(keys[i])}:{row[i].json}" for i in picked) + "}")
    schema = {"type": "array", "items": {"type": "object", "properties": {keys[i]: rows[0][i].schema for i in picked}}}
    value = Value("", "[" + ",".join(body) + "]", schema)
    asked = [(title, "", value, schema)]
    if s.chance(0.5):
        parts, extra = field_words(s), some_value(s)
        lines.insert(s.any([0, len(lines)]), f"{cue(s, parts)}: {extra.text}")
        asked.insert(s.r.randint(0, 1), (spelled(s, parts), "", extra, extra.schema))
    null = offered(s)
    return schema_of(asked, null), "\n".join(lines), answer_of(asked, null), "cues"
