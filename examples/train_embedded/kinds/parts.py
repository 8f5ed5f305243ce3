"""Makers of values that several kinds share: measures, and lists out of a stock of phrases."""

from __future__ import annotations

from collections.abc import Callable

from stock import ADJECTIVES
from values import INTEGER, NUMBER, Source, Value, quoted, words

Maker = Callable[[Source], Value]


def measure(low: float, high: float, units: str, whole: bool = True) -> Maker:
    """A number with its unit in the text; asked for as the number or as it is written."""

    def make(s: Source) -> Value:
        number = s.r.randint(int(low), int(high)) if whole else round(s.r.uniform(low, high), s.any([1, 1, 2]))
        unit = s.any(units.split("|"))
        grouped = f"{number:,}" if s.chance(0.6) else str(number)
        text = grouped + s.any([" ", " ", ""]) + unit if unit else grouped
        if s.chance(0.15):
            return words(text)
        return Value(text, str(number), s.any([NUMBER, INTEGER]) if whole else NUMBER)

    return make


def phrase(options: str) -> Maker:
    """One of the phrases, perhaps with a word that does not belong, so that it has to be copied."""

    def make(s: Source) -> Value:
        text = s.pick(options.split("|"))
        roll = s.r.random()
        if roll < 0.1:
            text = f"{text} {s.invented(1, 2).lower()}"
        elif roll < 0.2:
            text = f"{s.invented(1, 2)} {text}"
        elif roll < 0.4:
            text = f"{s.any([str, str.lower])(s.pick(ADJECTIVES))} {text}"
        return words(text)

    return make


def several(options: str, low: int = 1, high: int = 5) -> Maker:
    """A list of phrases: in a sentence, or one to a line behind bullets."""
    one = phrase(options)

    def make(s: Source) -> Value:
        items = s.several(lambda: one(s).text, low, high)
        value = s.series(items)
        return bulleted(s, value, items) if s.chance(0.4) else value

    return make


def bulleted(s: Source, value: Value, items: list[str]) -> Value:
    """The list as lines behind marks; in the midst of a sentence it stays on one line."""
    mark = s.any(["- ", "* ", "• ", "1. ", "+ ", "– ", "[ ] ", "1) "])
    value.flat = value.text
    value.text = "\n" + "\n".join(mark.replace("1", str(i)) + t for i, t in enumerate(items, 1)) + "\n"
    return value


def also(make: Maker, *said: str) -> Maker:
    """The same choice or truth with more sentences: for each member those split at ``|``; of a truth, first yes."""

    def more(s: Source) -> Value:
        value = make(s)
        extra = said[value.at] if value.at < len(said) else ""
        value.said += tuple(o for o in extra.split("|") if o)
        return value

    return more


def people(low: int = 1, high: int = 4) -> Maker:
    def make(s: Source) -> Value:
        return s.series(s.several(lambda: s.person().text, low, high))

    return make


def clocked(hour_from: int, hour_to: int) -> Maker:
    return lambda s: s.time((s.r.randint(hour_from, hour_to), s.any([0, 0, 15, 30, 45])))


def count(low: int, high: int) -> Maker:
    return lambda s: s.integer(low, high)


def money(low: float, high: float) -> Maker:
    return lambda s: s.money(low, high)


def code(*prefixes: str) -> Maker:
    return lambda s: s.code(*prefixes)


def yes_no(yes: str, no: str) -> Maker:
    return lambda s: s.flag(yes, no)


def one_of(spellings: list[str], said: list[str]) -> Maker:
    """An enum: alternative spellings of its members, and for each member sentences that mean it."""
    return lambda s: s.choice(spellings, dict(enumerate(said)))


MONEY_PARTS = {"currency": ("currency|currency_code|currency_unit", "Currency code|ISO code of the currency|Currency of the amount")}

__all__ = ["MONEY_PARTS", "also", "bulleted", "clocked", "code", "count", "measure", "money", "one_of", "people", "phrase", "quoted", "several", "yes_no"]
