"""Dates, times and durations: RFC 3339 (JSON Schema) and the texts that Pydantic dumps and reads.

The calendar is algebra, not enumeration: a month has 28 to 31 days whatever the year, and February 29 needs a year
divisible by 4 that does not end a century, or a century divisible by 400. Years run from 0001, where every oracle
(datetime, rfc3339-validator, jsonschema-rs) agrees, to 9999.
"""

from __future__ import annotations

from functools import cache

from typeloom.regex.build import DIGIT, NONZERO, chars, either, exactly, many, maybe, number_to, seq
from typeloom.regex.expr import Conjoin, Expr, Literals

TWO = exactly(DIGIT, 2)
HOUR = either(seq(chars("01"), DIGIT), seq("2", chars("0-3")))
SIXTY = seq(chars("0-5"), DIGIT)  # minutes and seconds


@cache
def date() -> Expr:
    """`YYYY-MM-DD`, a day that the calendar has, years 0001 to 9999 (RFC 3339, section 5.6 full-date)."""
    year = either(
        seq(NONZERO, exactly(DIGIT, 3)), seq("0", NONZERO, TWO), seq("00", NONZERO, DIGIT), seq("000", NONZERO)
    )
    of_four = either(seq("0", chars("48")), seq(chars("2468"), chars("048")), seq(chars("13579"), chars("26")))
    to_28 = either(seq("0", NONZERO), seq("1", DIGIT), seq("2", chars("0-8")))
    day = either(
        seq(Literals(tuple(f"{month:02}" for month in range(1, 13))), "-", to_28),
        seq(Literals(tuple(f"{month:02}" for month in range(1, 13) if month != 2)), "-", Literals(("29", "30"))),
        seq(Literals(("01", "03", "05", "07", "08", "10", "12")), "-31"),
    )
    leap = either(seq(TWO, of_four), seq(of_four, "00"))
    return either(seq(year, "-", day), seq(leap, "-02-29"))


@cache
def _leap_second(fraction: Expr) -> Expr:
    """The local times that are 23:59:60 in UTC: local = 23:59 + offset, as a relation of minutes and one of hours."""
    zulu = chars("Zz")
    minutes, hours = [], []
    for minute in range(60):
        offsets: list[Expr | str] = [seq("+", TWO, f":{(minute + 1) % 60:02}"), seq("-", TWO, f":{59 - minute:02}")]
        minutes.append(seq(TWO, f":{minute:02}:60", fraction, either(*offsets, *([zulu] if minute == 59 else []))))
    some_minutes = either(seq("0", NONZERO), seq(chars("1-5"), DIGIT))
    for hour in range(24):
        offsets = [
            seq(f"+{(hour + 1) % 24:02}:00"),
            seq(f"+{hour:02}:", some_minutes),
            seq(f"-{23 - hour:02}:", TWO),
        ]
        hours.append(seq(f"{hour:02}:", TWO, ":60", fraction, either(*offsets, *([zulu] if hour == 23 else []))))
    return Conjoin((either(*minutes), either(*hours)))


@cache
def time() -> Expr:
    """RFC 3339 full-time: an offset is required, a second 60 only where UTC reads 23:59:60."""
    fraction = maybe(".", many(DIGIT, 1))
    offset = either(chars("Zz"), seq(chars("+-"), HOUR, ":", SIXTY))
    return either(seq(HOUR, ":", SIXTY, ":", SIXTY, fraction, offset), _leap_second(fraction))


@cache
def date_time() -> Expr:
    """RFC 3339 date-time; `T` and `Z` in either case, as section 5.6 allows."""
    return seq(date(), chars("Tt"), time())


@cache
def duration() -> Expr:
    """RFC 3339, appendix A: whole numbers, no unit left out between two that are written, weeks alone."""

    def amount(unit: str, after: Expr | None = None) -> Expr:
        return seq(many(DIGIT, 1), unit) if after is None else seq(many(DIGIT, 1), unit, maybe(after))

    second = amount("S")
    minute = amount("M", second)
    clock = seq("T", either(amount("H", minute), minute, second))
    day = amount("D")
    month = amount("M", day)
    calendar = seq(either(day, month, amount("Y", month)), maybe(clock))
    return seq("P", either(calendar, clock, amount("W")))


# ---- what Pydantic dumps, and the common forms beside it that it reads


@cache
def python_time() -> Expr:
    """`HH:MM:SS[.ffffff][Z|+HH:MM]`; Pydantic has no second 60."""
    return seq(_python_clock(), maybe(_python_offset()))


def _python_clock() -> Expr:
    return seq(HOUR, ":", SIXTY, ":", SIXTY, maybe(".", many(DIGIT, 1, 6)))


def _python_offset() -> Expr:
    return either("Z", seq(chars("+-"), HOUR, ":", SIXTY))


@cache
def python_datetime() -> Expr:
    """`date` `T` `time`, with or without an offset."""
    return seq(date(), "T", python_time())


@cache
def python_datetime_aware() -> Expr:
    return seq(date(), "T", _python_clock(), _python_offset())


@cache
def python_datetime_naive() -> Expr:
    return seq(date(), "T", _python_clock())


@cache
def python_timedelta() -> Expr:
    """ISO 8601 durations inside `timedelta.min` .. `timedelta.max` (999,999,999 days).

    Pydantic dumps years of 365 days, days, hours, minutes and seconds, each below the next unit. Those are held
    exactly, to the last microsecond of the range; beside them amounts without years that are not carried over
    (`P90D`, `PT36H`, `P2W`), so few digits each that their sum stays inside, and that of the clock inside the 2^32
    seconds that Pydantic counts.
    """
    fraction = maybe(".", many(DIGIT, 1, 6))
    clock = _units(("H", number_to(23)), ("M", number_to(59)), ("S", seq(number_to(59), fraction)))
    calendar = either(
        seq(_positive(2739725), "Y", maybe(number_to(364), "D")), seq("2739726Y", maybe(number_to(8), "D"))
    )
    carried = seq(calendar, maybe("T", clock))
    last = seq("P2739726Y9D")
    loose = _units(("W", _positive(999999)), ("D", number_to(99999999)))
    loose_clock = _units(("H", number_to(999999)), ("M", number_to(9999999)), ("S", seq(number_to(9999999), fraction)))
    uncarried = either(seq(loose, maybe("T", loose_clock)), seq("T", loose_clock))
    return either(seq(maybe("-"), "P", either(carried, uncarried)), seq(maybe("-"), last), seq(last, "T", clock))


def _positive(last: int) -> Expr:
    """1..last, for an amount that is not written when it is zero."""
    return Conjoin((number_to(last), seq(NONZERO, many(DIGIT))))


def _units(*units: tuple[str, Expr]) -> Expr:
    """At least one of the amounts, in order."""
    parts: list[Expr] = []
    for at, (unit, amount) in enumerate(units):
        parts.append(seq(amount, unit, *(maybe(later, name) for name, later in units[at + 1 :])))
    return either(*parts)
