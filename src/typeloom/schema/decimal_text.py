"""The decimal texts that satisfy bounds, digit limits and a step, as an expression: for numbers written as strings.

A Pydantic `Decimal` dumps as a JSON string, and every key of a JSON object is a string, so `dict[Annotated[int,
Field(ge=1)], ...]` asks for the language of the decimal texts that are at least 1. Theory of operation: a text is a
sign and a *magnitude* in canonical form, `whole[.fraction]` with no needless leading zero. On canonical magnitudes
order is decided by the number of whole digits, then digit by digit, so "at least b" is a finite alternation over the
first digit that differs, and "at most b" is its complement. All parts are conjoined; the core decides that lazily.

Invariant: every text of the result, read by `decimal.Decimal`, satisfies the demands as Pydantic states them
(trailing zeros of a fraction count neither as digits nor as places; `max_digits` with `decimal_places` bounds the
whole digits by their difference).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from math import gcd

from typeloom.regex.expr import ANY_TEXT, EMPTY, Alternate, Chars, Complement, Concat, Conjoin, Expr, Literal, Repeat

DIGIT = Chars(((0x30, 0x39),))
NONZERO = Chars(((0x31, 0x39),))
DIGITS = Repeat(DIGIT, 0, None)
POINT = Literal(".")
ZERO = Literal("0")
WHOLE = Alternate((ZERO, Concat((NONZERO, DIGITS))))
FRACTION = Concat((POINT, Repeat(DIGIT, 1, None)))
TAIL = Repeat(FRACTION, 0, 1)
EXPONENT = Concat(
    (Chars(((0x45, 0x45), (0x65, 0x65))), Repeat(Chars(((0x2B, 0x2B), (0x2D, 0x2D))), 0, 1), Repeat(DIGIT, 1, 3))
)
LARGEST_STEP_TABLE = 1000


@dataclass(frozen=True, slots=True)
class Demand:
    """What a decimal text must satisfy; the fields are those of `Number`."""

    minimum: Decimal | None = None
    exclusive_minimum: bool = False
    maximum: Decimal | None = None
    exclusive_maximum: bool = False
    max_digits: int | None = None
    decimal_places: int | None = None
    multiple_of: Decimal | None = None
    integer: bool = False


def decimal_texts(demand: Demand) -> Expr | None:
    """The plain decimal texts that satisfy `demand`; None where `multiple_of` has no small table of last digits.

    Without any demand, scientific texts such as `1.5E-7` belong to the language, too: so `str` writes small Decimals.
    """
    if demand == Demand():
        plain = Concat((Repeat(Literal("-"), 0, 1), WHOLE, TAIL, Repeat(EXPONENT, 0, 1)))
        return plain
    form = _form(demand)
    if demand.multiple_of is not None:
        steps = _multiples(demand.multiple_of)
        if steps is None:
            return None
        form = (*form, steps)
    positive = _side(form, demand.minimum, demand.exclusive_minimum, demand.maximum, demand.exclusive_maximum)
    negative = _side(
        form,
        None if demand.maximum is None else -demand.maximum,
        demand.exclusive_maximum,
        None if demand.minimum is None else -demand.minimum,
        demand.exclusive_minimum,
    )
    if demand.integer and negative != EMPTY:  # "-0" and "0" are one integer, thus one key
        negative = Conjoin((negative, Concat((NONZERO, ANY_TEXT))))
    sides = tuple(
        side for side in (positive, Concat((Literal("-"), negative)) if negative != EMPTY else EMPTY) if side != EMPTY
    )
    return sides[0] if len(sides) == 1 else Alternate(sides)


def date_texts(minimum: str | None, exclusive_minimum: bool, maximum: str | None, exclusive_maximum: bool) -> Expr:
    """The texts of fixed form (`2024-02-29`) that lie between two texts of that form, compared as text."""
    parts: list[Expr] = []
    if minimum is not None:
        parts.append(_not_before(minimum, exclusive_minimum))
    if maximum is not None:
        parts.append(Complement(_not_before(maximum, not exclusive_maximum)))
    return Conjoin(tuple(parts))


def _not_before(text: str, exclusive: bool) -> Expr:
    options: list[Expr] = [
        Concat((Literal(text[:i]), Chars(((ord(digit) + 1, 0x39),)), ANY_TEXT))
        for i, digit in enumerate(text)
        if digit.isdigit() and digit < "9"
    ]
    if not exclusive:
        options.append(Literal(text))
    return Alternate(tuple(options))


def _form(demand: Demand) -> tuple[Expr, ...]:
    """Canonical magnitudes within the digit limits."""
    digits, places = demand.max_digits, demand.decimal_places
    if demand.integer:
        return (WHOLE if digits is None else Alternate((ZERO, _whole(1, digits))),)
    if digits is None:
        return (Concat((WHOLE, _fraction(places))),)
    if places is not None:
        room = max(0, digits - places)
        if room == 0:
            return (Concat((ZERO, _fraction_required(min(places, digits)))),)
        return (Concat((Alternate((ZERO, _whole(1, room))), _fraction(places))),)
    options: list[Expr] = [Concat((ZERO, _fraction(digits)))]
    options.extend(Concat((_whole(width, width), _fraction(digits - width))) for width in range(1, digits + 1))
    return (Alternate(tuple(options)),)


def _whole(least: int, most: int) -> Expr:
    return Concat((NONZERO, Repeat(DIGIT, least - 1, most - 1)))


def _fraction(places: int | None) -> Expr:
    return TAIL if places is None else Repeat(_fraction_required(places), 0, 1)


def _fraction_required(places: int) -> Expr:
    if places == 0:
        return Concat((POINT, Repeat(ZERO, 1, None)))
    return Concat((POINT, Repeat(DIGIT, 1, places), Repeat(ZERO, 0, None)))


def _side(
    form: tuple[Expr, ...], low: Decimal | None, low_exclusive: bool, high: Decimal | None, high_exclusive: bool
) -> Expr:
    """The magnitudes m >= 0 in `form` with low <= m <= high."""
    if high is not None and (high < 0 or (high == 0 and high_exclusive)):
        return EMPTY
    parts = list(form)
    if low is not None and (low > 0 or (low == 0 and low_exclusive)):
        parts.append(_at_least(low, low_exclusive))
    if high is not None:
        parts.append(Complement(_at_least(high, not high_exclusive)))
    return parts[0] if len(parts) == 1 else Conjoin(tuple(parts))


def _at_least(bound: Decimal, exclusive: bool) -> Expr:
    """Canonical magnitudes at least (exclusive: above) a bound that is not negative."""
    whole, _, fraction = f"{bound:f}".partition(".")
    fraction = fraction.rstrip("0")
    count = len(whole)
    options: list[Expr] = [Concat((NONZERO, Repeat(DIGIT, count, None), TAIL))]
    for i, digit in enumerate(whole):
        if digit < "9":
            options.append(
                Concat((Literal(whole[:i]), _above(digit), Repeat(DIGIT, count - i - 1, count - i - 1), TAIL))
            )
    more: Expr = Concat((DIGITS, NONZERO, DIGITS)) if exclusive else DIGITS
    for i, digit in enumerate(fraction):
        if digit < "9":
            options.append(Concat((Literal(f"{whole}.{fraction[:i]}"), _above(digit), DIGITS)))
    options.append(Concat((Literal(f"{whole}.{fraction}"), more)))
    if not exclusive and not fraction:
        options.append(Literal(whole))
    return Alternate(tuple(options))


def _above(digit: str) -> Chars:
    return Chars(((ord(digit) + 1, 0x39),))


def _multiples(step: Decimal) -> Expr | None:
    """Magnitudes that are multiples of `step`, by their last digits; None if no power of ten up to 1000 is a multiple.

    With f digits after the point, the digits without the point are an integer N, and the text is a multiple of
    `units / 10**scale` iff N is one of units / gcd(units, 10**(scale - f)); if that divides 10**k, the last k digits
    decide.
    """
    sign, digits, exponent = step.normalize().as_tuple()
    if sign or not isinstance(exponent, int):
        return None
    units = int("".join(map(str, digits))) * 10 ** max(exponent, 0)
    scale = max(-exponent, 0)
    options: list[Expr] = []
    for places in range(scale + 1):
        period = units // gcd(units, 10 ** (scale - places))
        table = 1
        width = 0
        while table % period:
            table *= 10
            width += 1
            if table > LARGEST_STEP_TABLE:
                return None
        endings = [f"{value:0{width}d}" for value in range(0, table, period)] if width else [""]
        zeros: Expr = Repeat(ZERO, 0, None) if places == scale else Literal("")
        if places == 0:
            after_point: Expr = Repeat(Concat((POINT, Repeat(ZERO, 1, None))), 0, 1) if scale == 0 else Literal("")
            options.append(Concat((_ending_whole(endings), after_point)))
        elif width <= places:
            free = Repeat(DIGIT, places - width, places - width)
            options.append(Concat((DIGITS, POINT, free, _any_of(endings), zeros)))
        else:
            for ending in endings:
                head, last = ending[: width - places], ending[width - places :]
                options.append(Concat((_ending_whole([head]), POINT, Literal(last), zeros)))
    return Alternate(tuple(options))


def _ending_whole(endings: list[str]) -> Expr:
    """Whole parts that end so; a whole part shorter than the ending is one that only zeros fill up."""
    if endings == [""]:
        return DIGITS
    short = {ending.lstrip("0") or "0" for ending in endings if ending.startswith("0")}
    return Alternate((Concat((DIGITS, _any_of(endings))), *(Literal(text) for text in sorted(short))))


def _any_of(texts: list[str]) -> Expr:
    return Literal(texts[0]) if len(texts) == 1 else Alternate(tuple(Literal(text) for text in texts))
