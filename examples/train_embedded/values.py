"""Random values: how a thing is written in a text, and what it is in JSON.

A value is drawn in one of many styles (``12.03.2026``, ``Mar 12, 2026``) but
has one JSON spelling, so the model learns to copy words and to normalise
dates, times and numbers.  Invented names stand beside Faker's because a
model that can learn the names by heart does not learn to copy.
"""

from __future__ import annotations

import datetime
import json
import random
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from stock import (
    ADJECTIVES,
    CODAS,
    FIRST,
    FOREIGN,
    FOREIGN_MONTHS,
    GOODS,
    LAST,
    NOUNS,
    ONSETS,
    PARTICLES,
    SUFFIX,
    THINGS,
    TOWNS,
    TRADES,
    VOWELS,
)

WORK = Path(__file__).parent / "work"
TEXT = {"type": "string"}
INTEGER = {"type": "integer"}
NUMBER = {"type": "number"}
BOOLEAN = {"type": "boolean"}
DATE = {"type": "string", "format": "date"}
TIME = {"type": "string", "format": "time"}
DATETIME = {"type": "string", "format": "date-time"}

MONTHS = (
    "January February March April May June July August September October November December"
).split()
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
LOCALES = ["en_US", "en_GB", "de_DE", "fr_FR", "it_IT", "es_ES", "nl_NL", "pl_PL", "sv_SE"]


@dataclass
class Value:
    """One fact: its words in a text, its JSON, its schema and its parts."""

    text: str
    json: str
    schema: dict[str, Any]
    parts: dict[str, Value] = field(default_factory=dict)
    said: tuple[str, ...] = ()
    """Whole sentences that say the value without naming it (enums, booleans)."""
    members: tuple[str, ...] = ()
    """The members of its choice, in the order of their meanings."""
    at: int = 0
    """Which member of its choice it is; of a truth, 1 for no."""
    flat: str = ""
    """The words on one line, where ``text`` has several."""


def quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def words(text: str) -> Value:
    return Value(text, quoted(text), TEXT)


@cache
def faker_pools() -> dict[str, list[str]]:
    """Faker's names, drawn once: calling Faker for each value would be slow."""
    kept = WORK / "pools.json"
    if kept.exists():
        return json.loads(kept.read_text())
    from faker import Faker

    pools: dict[str, list[str]] = {k: [] for k in ("person", "company", "city", "street", "job")}
    for locale in LOCALES:
        fake = Faker(locale)
        Faker.seed(7)
        for _ in range(400):
            pools["person"].append(f"{fake.first_name()} {fake.last_name()}")
            pools["company"].append(fake.company())
            pools["city"].append(fake.city())
            pools["street"].append(fake.street_address().replace("\n", ", "))
    WORK.mkdir(exist_ok=True)
    kept.write_text(json.dumps(pools))
    return pools


class Source:
    """All randomness of one sample, and which half of the vocabulary it uses."""

    def __init__(self, seed: int, held_out: bool = False) -> None:
        self.r = random.Random(seed)
        self.held_out = held_out
        self.new_text()

    def new_text(self) -> None:
        """Forget the currency, the style of numbers (1,234.50 or 1.234,50, seldom 1'234.50 or 1 234,50) and the days of the text before."""
        self._coin = ""
        self._comma: bool | None = None
        self._spaced = self.r.random() < 0.15
        self._day: datetime.date | None = None

    def chance(self, p: float) -> bool:
        return self.r.random() < p

    def pick(self, options: Any) -> Any:
        """One of the options; one in seven is kept for evaluation only."""
        if len(options) >= 6:
            kept = [o for i, o in enumerate(options) if (i % 7 == 3) == self.held_out]
            return self.r.choice(kept)
        return self.r.choice(options)

    def any(self, options: Any) -> Any:
        return self.r.choice(options)

    # -- names ---------------------------------------------------------------

    def pool(self, name: str) -> str:
        return self.pick(faker_pools()[name])

    def invented(self, low: int = 1, high: int = 3) -> str:
        n = self.r.randint(low, high)
        out = "".join(
            self.r.choice(ONSETS) + self.r.choice(VOWELS) + self.r.choice(CODAS) for _ in range(n)
        )
        return out.capitalize()

    def full_name(self) -> str:
        """A name out of the stock, as it is spelled in many countries."""
        first, last = self.pick(FIRST), self.pick(LAST)
        roll = self.r.random()
        if roll < 0.78:
            return f"{first} {last}"
        if roll < 0.84:
            return f"{first} {self.r.choice('ABCDEFGHJKLMNPRSTW')}. {last}"
        if roll < 0.89:
            return f"{first} {self.pick(FIRST)} {last}"
        if roll < 0.93:
            return f"{first} {last}-{self.pick(LAST)}"
        if roll < 0.97:
            return f"{first} {self.r.choice(PARTICLES)}{last}"
        return f"{first[0]}. {last}"

    def person(self) -> Value:
        roll = self.r.random()
        if roll < 0.3:
            return words(self.pool("person"))
        if roll < 0.65:
            return words(self.full_name())
        name = f"{self.invented(1, 2)} {self.invented(1, 3)}"
        if self.chance(0.1):
            name = name.replace(" ", f" {self.r.choice('ABCDEFGHJKLMPRST')}. ")
        return words(name)

    def coined(self) -> str:
        """A name made of everyday words: Silver Birch, Harbor & Pine, Foxwood."""
        one, other = self.pick(NOUNS), self.pick(NOUNS)
        return str(self.any([f"{self.pick(ADJECTIVES)} {one}", f"{self.pick(ADJECTIVES)} {one}", f"{one} & {other}", f"{one}{other.lower()}", f"{one} {other}", f"{self.pick(FIRST)}'s {one}"]))

    def company(self) -> Value:
        roll = self.r.random()
        if roll < 0.2:
            return words(self.pool("company"))
        if roll < 0.5:
            name = self.coined()
            if self.chance(0.5):
                name += " " + self.r.choice(TRADES)
            if self.chance(0.4):
                name += " " + self.r.choice(SUFFIX)
            return words(name)
        name = self.invented(1, 3)
        if roll < 0.65:
            name += " " + self.r.choice(TRADES)
        if roll < 0.7:
            name += " " + self.invented(1, 2)
        if roll > 0.8:
            last = self.pick(LAST) if self.chance(0.5) else self.pool("person").split()[-1]
            name = f"{last} {self.r.choice(['&', 'and', '+'])} {self.any([self.invented(1, 2), self.pick(LAST), 'Sons', 'Daughters', 'Partners'])}"
        if self.chance(0.5):
            name += " " + self.r.choice(SUFFIX)
        return words(name)

    def city(self) -> Value:
        roll = self.r.random()
        return words(self.pick(TOWNS) if roll < 0.4 else self.pool("city") if roll < 0.7 else self.invented(2, 3))

    def address(self) -> Value:
        way = self.r.choice(["Street", "Road", "Lane", "Ave", "Avenue", "St", "Square", "Drive", "Court", "Close"])
        roll = self.r.random()
        if roll < 0.35:
            street = self.pool("street")
        elif roll < 0.7:
            street = f"{self.r.randint(1, 240)}{self.any(['', '', '', 'A', 'b'])} {self.any([self.pick(NOUNS), self.pick(ADJECTIVES), self.pick(LAST)])} {way}"
        else:
            street = f"{self.r.randint(1, 240)} {self.invented()} {way}"
        if self.chance(0.08):
            street = f"{self.any(['Flat', 'Unit', 'Apt', 'Suite'])} {self.r.randint(1, 60)}, {street}"
        if self.chance(0.6):
            place = self.city().text
            digits = self.r.randint(10000, 99999)
            street += self.any([f", {digits} {place}", f", {digits} {place}", f", {place}", f", {place} {digits}"])
        return words(street)

    def place(self) -> Value:
        """A hotel or a restaurant."""
        i = self.invented(1, 3) if self.chance(0.5) else self.coined()
        shapes = (
            f"Hotel {i}|{i} Hotel|The {i} Inn|{i} House|Grand {i}|Villa {i}|{i} Palace|{i} Suites|"
            f"The {i}|Casa {i}|{i} & Sons|Trattoria {i}|{i} Bistro|{i} Kitchen|Cafe {i}|Café {i}|The {i} Room|"
            f"{i} Guesthouse|Pension {i}|{i} Lodge|{i} Hostel|{i} Grill|{i} Pizzeria|Osteria {i}|{i} Noodle Bar|{i} Tavern|{i} Resort & Spa|{i}"
        )
        return words(self.pick(shapes.split("|")))

    def thing(self) -> Value:
        noun = self.pick(THINGS).replace("~", " ")
        roll = self.r.random()
        name = self.invented(1, 3) if self.chance(0.55) else self.coined() if roll > 0.85 else self.any([self.pick(NOUNS), self.pick(ADJECTIVES), self.coined()])
        if roll < 0.4:
            return words(f"{name} {noun}" if self.chance(0.5) else f"{name} {noun.title()}")
        if roll < 0.7:
            return words(f"{name} {self.any(['X', 'Pro ', 'S', '', 'Mini ', 'ZX-'])}{self.r.randint(2, 990)}")
        if roll < 0.85:
            return words(f"{name} {self.any(['Pro', 'Max', 'Plus', 'Lite', 'Air', 'One', 'Cloud', 'Desk', 'Sync'])}")
        return words(name if self.chance(0.7) else noun)

    def goods(self) -> str:
        if self.chance(0.6):
            return self.pick(GOODS)
        return f"{self.invented() if self.chance(0.5) else self.pick(ADJECTIVES)} {self.pick(THINGS).replace('~', ' ')}"

    def email(self, name: str = "") -> Value:
        first, _, last = (name or self.person().text).lower().partition(" ")
        host = self.any([self.invented(1, 3), self.invented(1, 3), self.coined().replace(" & ", "-").replace(" ", self.any(["", "-"])).replace("'", ""), "mail"]).lower() + self.any([".com", ".de", ".org", ".io", ".co.uk", ".example", ".net", ".eu"])
        clean = "".join(c for c in self.any([first, f"{first}.{last}", f"{first[:1]}{last}", f"{first}_{last}"]) if c.isalnum() or c in "._")
        clean = clean.replace("..", ".").strip(".")  # J. Virtanen
        if not name and self.chance(0.3):
            clean = self.any(["info", "hr", "jobs", "support", "billing", "office", "hello", "careers", "reservations"])
        return Value(f"{clean}@{host}", quoted(f"{clean}@{host}"), self.any([TEXT, {"type": "string", "format": "email"}]))

    def phone(self) -> Value:
        d = lambda n: "".join(self.r.choice("0123456789") for _ in range(n))
        return words(self.any([f"+{self.r.randint(1, 99)} {d(2)} {d(3)} {d(4)}", f"({d(3)}) {d(3)}-{d(4)}", f"0{d(3)} {d(6)}", f"+{d(11)}", f"{d(3)}-{d(3)}-{d(4)}",
            f"+44 (0){d(2)} {d(4)} {d(4)}", f"555-{d(4)}", f"0{d(1)} {d(2)} {d(2)} {d(2)} {d(2)}", f"0{d(3)}/{d(7)}", f"+{self.r.randint(1, 99)}-{d(3)}-{d(3)}-{d(4)}", f"+{self.r.randint(1, 99)} {d(3)} {d(3)} {d(3)}", f"{d(3)}.{d(3)}.{d(4)}", f"({d(2)}) {d(4)} {d(4)}"]))

    def url(self) -> Value:
        u = f"https://{self.any(['www.', '', 'jobs.'])}{self.invented().lower()}{self.any(['.com', '.io', '.org', '.de'])}{self.any(['', '/apply', '/' + self.invented().lower()])}"
        if self.chance(0.2):
            return words(u.removeprefix("https://"))
        return Value(u, quoted(u), self.any([TEXT, {"type": "string", "format": "uri"}]))

    def code(self, *prefixes: str) -> Value:
        letters = "".join(self.r.choice("ABCDEFGHJKLMNPQRSTUVWXYZ") for _ in range(self.r.randint(1, 3)))
        n = self.r.randint(3, 7)
        digits = "".join(self.r.choice("0123456789") for _ in range(n))
        year = str(self.r.randint(2019, 2029))
        lead = self.r.choice(prefixes) if prefixes and self.chance(0.6) else letters
        bare = digits.lstrip("0") or "7"
        if self.chance(0.08):
            return Value(f"#{bare}", quoted(bare), TEXT)
        if self.chance(0.15):
            return words(self.any([f"{digits}-{letters}", f"{digits}{letters[0]}", f"{letters}{digits[:2]}/{digits[2:]}", f"{letters.lower()}-{digits}", f"{lead}.{digits}", f"{lead} {digits}", f"{lead}_{digits}", f"{digits[:3]}-{digits[::-1]}", f"{lead}-{digits}-{letters}"]))
        return words(self.any([f"{lead}-{digits}", f"{lead}{digits}", f"{lead}-{year}-{digits}", f"{lead}/{year}/{digits[:4]}", f"{year}-{digits}", bare, f"{lead}-{digits[:2]}-{digits[2:]}"]))

    def record_locator(self) -> Value:
        return words("".join(self.r.choice("ABCDEFGHJKLMNPQRSTUVWXYZ23456789") for _ in range(self.any([6, 6, 7, 8]))))

    # -- numbers -------------------------------------------------------------

    def integer(self, low: int, high: int) -> Value:
        n = self.r.randint(low, high)
        text = str(n)
        if n < len(NUMERALS) and self.chance(0.3):
            text = NUMERALS[n]
        return Value(text, str(n), INTEGER)

    def number(self, low: float, high: float, comma: bool | None = None) -> Value:
        """A decimal, perhaps with grouping, in English or continental style."""
        whole = int(10 ** self.r.uniform(_log(low), _log(high)))
        cents = "" if self.chance(0.25) else f".{self.r.randint(0, 99):02d}"
        if comma is None:
            if self._comma is None or self.chance(0.03):
                self._comma = self.chance(0.25)
            comma = self._comma
        grouped = f"{whole:,}" if self.chance(0.7) else str(whole)
        text = grouped + cents
        if comma:
            text = text.translate(str.maketrans(",.", " ," if self._spaced else ".,"))
        elif self._spaced:
            text = text.replace(",", "'")
        return Value(text, f"{whole}{cents}", NUMBER)

    def coin(self) -> str:
        """The currency of this text: seldom are there two in one."""
        if not self._coin or self.chance(0.05):
            self._coin = self.r.choice(CURRENCIES)
        return self._coin

    def money(self, low: float = 3, high: float = 30000, currency: str | None = None) -> Value:
        code = currency or self.coin()
        amount = self.number(low, high)
        sign = SIGNS.get(code)
        shapes = [f"{code} {amount.text}", f"{amount.text} {code}", f"{amount.text} {code}"]
        if sign:
            shapes += [f"{sign}{amount.text}"] * 3 + [f"{amount.text} {sign}", f"{sign} {amount.text}"]
            shapes += [f"{code}{amount.text}"]
        if code == "USD":
            shapes += [f"US${amount.text}", f"US$ {amount.text}"]
        if code in AFTER:
            shapes += [f"{amount.text} {name}" for name in AFTER[code]]
        parts = {"amount": amount, "currency": Value(code, quoted(code), self._currency(code))}
        return Value(self.r.choice(shapes), amount.json, NUMBER, parts)

    def _currency(self, code: str) -> dict[str, Any]:
        if self.chance(0.5):
            return TEXT
        others = self.r.sample(sorted(set(CURRENCIES)), self.r.randint(2, 5))
        codes = list(dict.fromkeys([*others, code]))
        self.r.shuffle(codes)
        return {"enum": codes, "type": "string"}

    def percent(self) -> Value:
        n = self.r.choice(["5", "7", "10", "19", "20", "21", "8.5", "7.7", "25", "12", "15", "30", str(self.r.randint(1, 99))])
        return Value(self.any([f"{n}%", f"{n} %", f"{n} percent"]), n, NUMBER)

    # -- days and hours ------------------------------------------------------

    def day(self) -> datetime.date:
        """Any day, but mostly one near the other days of the text: they differ in few digits."""
        if self._day is None or self.chance(0.3):
            self._day = datetime.date(2015, 1, 1) + datetime.timedelta(days=self.r.randint(0, 5800))
            return self._day
        return self._day + datetime.timedelta(days=self.r.randint(-30, 90))

    def date(self, day: datetime.date | None = None) -> Value:
        day = day or self.day()
        return Value(self.written(day), quoted(day.isoformat()), DATE)

    def written(self, day: datetime.date) -> str:
        if self.chance(0.05):
            tongue = self.any(list(FOREIGN))
            return FOREIGN[tongue].format(d=day.day, m=FOREIGN_MONTHS[tongue].split()[day.month - 1], y=day.year)
        month, short = MONTHS[day.month - 1], MONTHS[day.month - 1][:3]
        d, y = day.day, day.year
        th = "th" if 10 < d < 20 else {1: "st", 2: "nd", 3: "rd"}.get(d % 10, "th")
        week = DAYS[day.weekday()]
        shapes = [
            f"{d} {month} {y}", f"{month} {d}, {y}", f"{d} {short} {y}", f"{short} {d}, {y}",
            day.isoformat(), day.isoformat(), f"{d:02d}.{day.month:02d}.{y}", f"{d}.{day.month}.{y}",
            f"{d}{th} {month} {y}", f"{month} {d}{th}, {y}", f"{d}{th} of {month} {y}",
            f"{week}, {d} {month} {y}", f"{week[:3]} {d} {short} {y}", f"{d:02d}-{short}-{y}",
            f"{week}, {month} {d}, {y}", f"{y}/{day.month:02d}/{d:02d}", f"{d:02d} {short.upper()} {y}",
            f"{week[:3]}, {d} {short} {y}", f"{month} {d} {y}", f"the {d}{th} of {month} {y}", f"{short}. {d}, {y}", f"{d:02d}.{day.month:02d}.{y % 100:02d}",
        ]
        if d > 12:
            shapes += [f"{d}/{day.month:02d}/{y}", f"{day.month:02d}/{d}/{y}"]
        return self.any(shapes)

    def clock(self) -> tuple[int, int]:
        return self.r.randint(0, 23), self.any([0, 15, 30, 45, 5, 10, 20, 40, 50, self.r.randint(0, 59)])

    def time(self, at: tuple[int, int] | None = None) -> Value:
        h, m = at or self.clock()
        half = "am" if h < 12 else "pm"
        h12 = h % 12 or 12
        shapes = [f"{h:02d}:{m:02d}"] * 4 + [f"{h12}:{m:02d} {half}", f"{h12}:{m:02d}{half}", f"{h12}:{m:02d} {half.upper()}", f"{h}.{m:02d}", f"{h:02d}:{m:02d}h"]
        if m == 0:
            shapes += [f"{h12}{half}", f"{h12} {half}", f"{h12} {half.upper()}"]
            part = "in the morning" if 5 <= h < 12 else "in the evening" if 17 <= h < 23 else "in the afternoon" if 12 <= h < 17 else "at night"
            shapes += [f"{h12} o'clock {part}", f"{h12} {part}"] if h not in (0, 12) else [{0: "midnight", 12: "noon"}[h]] * 2
        if self.chance(0.1):
            return Value(self.any([f"{h}h{m:02d}", f"{h:02d}{m:02d} hrs", f"{h}:{m:02d} h", f"{h:02d}:{m:02d} Uhr", f"{h12}.{m:02d} {half}", f"{h12}:{m:02d} {half[0]}.m."]), quoted(f"{h:02d}:{m:02d}:00"), TIME)
        return Value(self.any(shapes), quoted(f"{h:02d}:{m:02d}:00"), TIME)

    def moment(self, day: datetime.date | None = None) -> Value:
        """A date with a time, which may be asked for whole or in parts."""
        day, at = day or self.day(), self.clock()
        date, time = self.date(day), self.time(at)
        join = self.any([" at ", ", ", " ", " - ", " at "])
        text = f"{date.text}{join}{time.text}"
        if self.chance(0.15):
            text = f"{time.text} on {date.text}"
        if self.chance(0.08):
            text = f"{day.isoformat()}T{at[0]:02d}:{at[1]:02d}"
        return Value(text, quoted(f"{day.isoformat()}T{at[0]:02d}:{at[1]:02d}:00"), DATETIME, {"date": date, "time": time})

    # -- choices -------------------------------------------------------------

    def choice(self, spellings: list[str], said: dict[int, str]) -> Value:
        """An enum value that the text says in other words.

        ``spellings`` are alternative vocabularies ("low|medium|high"), ``said``
        maps the place in a vocabulary to sentences that mean it.
        """
        names = self.any(spellings).split("|")
        at = self.r.choice([k for k in said if k < len(names)])
        style = self.any([str, str, str, str.upper, str.title, lambda s: s.replace(" ", "_"), lambda s: s.replace(" ", "-")])
        options = [style(n) for n in names]
        members = tuple(options)
        chosen = options[at]
        if self.chance(0.3):
            self.r.shuffle(options)
        schema = {"type": "string", "enum": options}
        shown = self.any([names[at], names[at].title(), names[at].upper(), chosen])
        return Value(shown, quoted(chosen), schema, said=tuple(said[at].split("|")), members=members, at=at)

    def flag(self, yes: str, no: str) -> Value:
        truth = self.chance(0.5)
        shown = self.any(["yes", "Yes", "Y", "true", "included", "✓"][:4] if truth else ["no", "No", "N", "false"])
        return Value(shown, "true" if truth else "false", BOOLEAN, said=tuple((yes if truth else no).split("|")), at=0 if truth else 1)

    def several(self, make: Any, low: int = 1, high: int = 4) -> list[str]:
        out: list[str] = []
        for _ in range(self.r.randint(low, high)):
            item = make()
            if item not in out:
                out.append(item)
        return out

    def series(self, items: list[str]) -> Value:
        """A list of texts written in a sentence: ``a, b and c``."""
        shape = self.any([", ", ", ", " / ", "; ", " and "])
        if shape == ", " and len(items) > 1 and self.chance(0.6):
            text = ", ".join(items[:-1]) + self.any([" and ", ", and "]) + items[-1]
        else:
            text = shape.join(items)
        return Value(text, json.dumps(items, ensure_ascii=False, separators=(",", ":")), {"type": "array", "items": TEXT})


NUMERALS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty".split()
CURRENCIES = ["USD", "EUR", "GBP", "USD", "EUR", "GBP", "CHF", "SEK", "JPY", "PLN", "CAD", "AUD", "NOK", "CZK", "INR", "DKK", "BRL", "MXN", "ZAR", "TRY", "SGD", "HUF", "NZD", "KRW"]
SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹", "BRL": "R$", "KRW": "₩", "TRY": "₺", "CAD": "C$", "AUD": "A$"}
AFTER = {"USD": ["dollars", "US dollars", "USD"], "EUR": ["euros", "euro", "Euro"], "GBP": ["pounds", "GBP"], "CHF": ["francs", "Swiss francs"], "PLN": ["zł", "zloty"], "CZK": ["Kč"], "HUF": ["Ft", "forint"], "JPY": ["yen"], "INR": ["rupees"]}


def _log(x: float) -> float:
    import math

    return math.log10(x)
