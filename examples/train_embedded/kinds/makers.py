"""More makers of values: choices that are named in the text, patterns of codes, composed titles."""

from __future__ import annotations

import datetime
import re

from stock import ADJECTIVES, LAST, NOUNS
from values import NUMBER, Source, Value, quoted, words

from kinds.parts import Maker


def member(options: str) -> Maker:
    """An enum whose member stands in the text as a word, perhaps in another case."""

    def make(s: Source) -> Value:
        names = options.split("|")
        at = s.pick(names)
        kept = [*s.r.sample([n for n in names if n != at], min(len(names) - 1, s.r.randint(2, 6))), at]
        s.r.shuffle(kept)
        style = s.any([str, str, str, str.upper, lambda t: t.replace(" ", "_"), lambda t: t.replace(" ", "-"), str.title])
        return Value(s.any([at, at, at.title(), at.upper()]), quoted(style(at)), {"type": "string", "enum": [style(n) for n in kept]})

    return make


def shaped(patterns: str) -> Maker:
    """A code after a pattern: ``@`` is a capital, ``#`` a digit, ``%`` a digit that is not 0."""
    draw = {"@": "ABCDEFGHJKLMNPRSTUVWXYZ", "#": "0123456789", "%": "123456789"}
    return lambda s: words(re.sub("[@#%]", lambda m: s.r.choice(draw[m[0]]), s.any(patterns.split("|"))))


def dated(first: int, last: int) -> Maker:
    """A day of these years: births and deaths, old books."""

    def make(s: Source) -> Value:
        day = datetime.date(s.r.randint(first, last), 1, 1) + datetime.timedelta(days=s.r.randint(0, 364))
        value = s.date(day)
        while str(day.year) not in value.text:  # two digits do not tell the century
            value = s.date(day)
        return value

    return make


def titled(titles: str) -> Maker:
    """A person, often with a title, which then is part of the name as written."""

    def make(s: Source) -> Value:
        name = s.person().text
        return words(f"{s.any(titles.split('|'))} {name}" if s.chance(0.5) else name)

    return make


def decimal(low: float, high: float, digits: int = 1, units: str = "") -> Maker:
    """A measured number; with units it may be asked for as a text, too."""

    def make(s: Source) -> Value:
        number = f"{s.r.uniform(low, high):.{digits}f}"
        if float(number) == 0:
            number = number.lstrip("-")
        unit = s.any(units.split("|")) if units else ""
        text = number + (s.any([" ", " ", ""]) + unit if unit else "")
        return words(text) if unit and s.chance(0.15) else Value(text, number, NUMBER)

    return make


def whole(low: int, high: int) -> Maker:
    """An integer in digits, without grouping: a year, a page, a room."""

    def make(s: Source) -> Value:
        value = s.integer(low, high)
        value.text = value.json
        return value

    return make


def composed(shapes: str, **stocks: str) -> Maker:
    """A text of stock words and invented ones: ``{i}`` is a name, ``{w}`` a word, ``{p}`` a person, ``{c}`` a city."""
    pools = {key: stock.split("|") for key, stock in stocks.items()}

    def make(s: Source) -> Value:
        def slot(match: re.Match[str]) -> str:
            key = match[1]
            if key in pools:
                return str(s.pick(pools[key]))
            if key == "p":
                return s.person().text
            if key == "c":
                return s.city().text
            return s.invented(1, 3).lower() if key == "w" else s.pick(s.any([LAST, NOUNS, ADJECTIVES])) if s.chance(0.5) else s.invented(1, 3)

        return words(re.sub(r"\{(\w+)\}", slot, s.pick(shapes.split("|"))))

    return make


def made(names: str) -> Maker:
    """A single name: one of the stock, or an invented one."""
    return lambda s: words(s.pick(names.split("|")) if s.chance(0.4) else s.coined() if s.chance(0.4) else s.invented(1, 3))


def inline(options: str, low: int = 1, high: int = 4) -> Maker:
    """A list of phrases that always stands in one line."""
    names = options.split("|")
    return lambda s: s.series(s.several(lambda: s.pick(names) if s.chance(0.75) else f"{s.pick(names)} {s.invented(1, 2).lower()}", low, high))


def rows(shapes: list[str], low: int = 1, high: int = 5, **columns: tuple[str, Maker]) -> Maker:
    """A list of objects: a table with a head, or one line an object after one of the shapes.

    Each column has names and a maker whose values have one type only.
    """

    def make(s: Source) -> Value:
        named = {key: s.pick(names.split("|")) for key, (names, _) in columns.items()}
        cells = [{key: maker(s) for key, (_, maker) in columns.items()} for _ in range(s.r.randint(low, high))]
        if s.chance(0.4):
            marks = [" | ", ";", "\t", ", ", "  "]
            mark = s.any([m for m in marks if not any(m in cell.text for row in cells for cell in row.values())])
            order = list(columns)
            s.r.shuffle(order)
            lines = [mark.join(s.pick(columns[key][0].split("|")).replace("_", " ").capitalize() for key in order)]
            lines += [mark.join(row[key].text for key in order) for row in cells]
        else:
            shape = s.any(shapes)
            lines = [re.sub(r"\{(\w+)\}", lambda m, row=row: row[m[1]].text, shape) for row in cells]
        asked = [key for key in columns if s.chance(0.8)] or list(columns)
        body = ["{" + ",".join(f"{quoted(named[key])}:{row[key].json}" for key in asked) + "}" for row in cells]
        item = {"type": "object", "properties": {named[key]: cells[0][key].schema for key in asked}}
        return Value("\n" + "\n".join(lines) + "\n", "[" + ",".join(body) + "]", {"type": "array", "items": item})

    return make


__all__ = ["composed", "dated", "decimal", "inline", "made", "member", "rows", "shaped", "titled", "whole"]
