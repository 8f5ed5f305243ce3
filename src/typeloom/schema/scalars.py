"""The types that one JSON scalar writes: numbers, texts, times, addresses, enumerations, each as a Shape and its notes.

Every function takes one core schema (the dictionaries that `pydantic_core.core_schema` documents) and the configuration
that holds around it, and returns a `Leaf`. A key that narrows the type either narrows the Node or leaves a `Remark`; the
tests hold this over every key that Pydantic documents. Offered are the texts in which Pydantic itself writes a value:
`1`, never `"1"` or `true`, for an int, although lax validation would take those. `strict` therefore changes nothing.

Where a float is compared with a bound, the bound is the double's shortest decimal; rounding keeps order, so a text
beyond it is a double beyond it. An exclusive bound becomes the next double, inclusive: between the two lie only texts
that Pydantic would round onto the bound and refuse, or that it never writes.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum, Flag
from functools import cache
from typing import Any

from pydantic_core import SchemaValidator, ValidationError, to_jsonable_python

from typeloom.errors import GrammarError, SchemaError
from typeloom.regex.expr import ANY_CHAR, ANY_TEXT, Alternate, Chars, Complement, Concat, Conjoin, Expr, Literal, Repeat
from typeloom.schema.decimal_text import DIGIT, Demand, date_texts, decimal_texts
from typeloom.schema.node import ANY, Coverage, Node, Number, Shape, String
from typeloom.schema.shapes import constants, text_choice

Core = Mapping[str, Any]
LARGEST_FLAG = 8  # members whose combinations are listed: at most 256 values
DOUBLE_DIGITS = 15  # every decimal of so many digits survives a double and back

# What Rust's `str::trim` removes: the property White_Space.
WHITE_SPACE = Chars(
    (
        (0x09, 0x0D), (0x20, 0x20), (0x85, 0x85), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A),
        (0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000),
    )
)  # fmt: skip
HEX = Chars(((0x30, 0x39), (0x41, 0x46), (0x61, 0x66)))
ASCII_TEXT = Repeat(Chars(((0x00, 0x7F),)), 0, None)


@dataclass(frozen=True, slots=True)
class Remark:
    """What a Leaf does not hold exactly: the keyword, how it is covered, why."""

    subject: str
    coverage: Coverage
    reason: str


@dataclass(frozen=True, slots=True)
class Leaf:
    """A scalar type read: its Node, the name it goes by in `check`, and what must be said about it."""

    node: Node
    subject: str
    remarks: tuple[Remark, ...] = ()
    reason: str = ""  # said beside "exact"


def wider(subject: str, reason: str) -> Remark:
    return Remark(subject, Coverage.WIDER, reason)


def text(string: String, subject: str, *remarks: Remark, reason: str = "") -> Leaf:
    return Leaf(Shape(string=string), subject, remarks, reason)


def formatted(name: str, subject: str, *remarks: Remark, also: Expr | None = None) -> Leaf:
    """Texts of a named format; wider where the format itself is."""
    from typeloom.regex.formats import WIDER, language

    expression = language(name)
    if name in WIDER:
        remarks = (wider(name, WIDER[name]), *remarks)
    if expression is None:
        return text(String(), subject, wider(name, "the format has no language yet"), *remarks)
    if also is not None:
        expression = Conjoin((expression, also))
    return text(String(language=expression), subject, *remarks)


def decimal_of(value: Any) -> Decimal:
    """A bound as an exact decimal; a float by its shortest text."""
    if isinstance(value, Decimal):
        return value
    return Decimal(int(value)) if isinstance(value, int) else Decimal(repr(float(value)))


def _bounds(core: Core, path: str, convert: Callable[[Any], Decimal] = decimal_of) -> dict[str, Any]:
    """ge, gt, le, lt as the fields of `Number`; the tighter one where both are given; infinite bounds fall away."""
    found: dict[str, Any] = {}
    for side, inclusive, exclusive, sign in (("minimum", "ge", "gt", 1), ("maximum", "le", "lt", -1)):
        best: tuple[Decimal, bool] | None = None
        for key in (inclusive, exclusive):
            value = core.get(key)
            if value is None:
                continue
            bound = convert(value)
            if bound.is_infinite():
                if (bound > 0) == (sign > 0):
                    raise SchemaError(f"expected a bound that some number satisfies, got {key}={value}", path=path)
                continue
            strictly = key == exclusive
            if best is None or bound * sign > best[0] * sign or (bound == best[0] and strictly):
                best = (bound, strictly)
        if best is not None:
            found[side] = best[0]
            found[f"exclusive_{side}"] = best[1]
    if "minimum" in found and "maximum" in found:
        low, high = found["minimum"], found["maximum"]
        if low > high or (low == high and (found["exclusive_minimum"] or found["exclusive_maximum"])):
            raise SchemaError(f"expected bounds that some number satisfies, got {_said(core)}", path=path)
    return found


def _said(core: Core) -> str:
    return ", ".join(f"{key}={core[key]}" for key in ("ge", "gt", "le", "lt", "multiple_of") if core.get(key) is not None)


def lengths(core: Core, path: str, config: Core | None = None) -> tuple[int, int | None]:
    """min_length and max_length, from the schema or else the configuration; SchemaError if nothing is so long."""
    config = config or {}
    least = core.get("min_length", config.get("str_min_length")) or 0
    most = core.get("max_length", config.get("str_max_length"))
    if most is not None and least > most:
        raise SchemaError(f"expected min_length <= max_length, got min_length={least}, max_length={most}", path=path)
    return least, most


def read_int(core: Core, config: Core, path: str) -> Leaf:
    bounds = _bounds(core, path)
    step = core.get("multiple_of")
    if bounds.get("minimum") is not None and bounds.get("maximum") is not None:
        low, high = math.ceil(bounds["minimum"]), math.floor(bounds["maximum"])
        low += low == bounds["minimum"] and bounds["exclusive_minimum"]
        high -= high == bounds["maximum"] and bounds["exclusive_maximum"]
        if low > high:
            raise SchemaError(f"expected bounds that some integer satisfies, got {_said(core)}", path=path)
    steps = () if step is None else (abs(decimal_of(step)),)
    return Leaf(Shape(number=Number(integer=True, multiple_of=steps, **bounds)), "int")


def read_float(core: Core, config: Core, path: str) -> Leaf:
    inclusive: dict[str, Any] = {}
    for key, value in core.items():
        if key in ("gt", "lt") and value is not None:
            towards = math.inf if key == "gt" else -math.inf
            double = float(value)
            bound = double if math.isinf(double) else math.nextafter(double, towards)
            name = "ge" if key == "gt" else "le"
            other = inclusive.get(name)
            inclusive[name] = bound if other is None else (max if key == "gt" else min)(other, bound)
        elif key in ("ge", "le") and value is not None:
            other = inclusive.get(key)
            inclusive[key] = float(value) if other is None else (max if key == "ge" else min)(other, float(value))
    bounds = _bounds(inclusive, path)
    step = core.get("multiple_of")
    steps = () if step is None else (abs(decimal_of(step)),)
    reason = "exact decimal multiples; those that only Pydantic's tolerance admits are not offered" if steps else ""
    number = Number(multiple_of=steps, finite_double=True, **bounds)
    return Leaf(Shape(number=number), "float", (), reason)


def read_decimal(core: Core, config: Core, path: str) -> Leaf:
    """A string (as Decimals dump), or a number of at most 15 digits, which Pydantic's way through a double keeps."""
    bounds = _bounds(core, path)
    step, digits, places = (core.get(key) for key in ("multiple_of", "max_digits", "decimal_places"))
    demand = Demand(**bounds, max_digits=digits, decimal_places=places, multiple_of=None if step is None else abs(decimal_of(step)))
    texts = decimal_texts(demand)
    allow_inf_nan = core.get("allow_inf_nan", config.get("allow_inf_nan", False))
    if texts is not None and allow_inf_nan and demand == Demand():
        texts = Alternate((texts, Literal("NaN"), Literal("Infinity"), Literal("-Infinity")))
    room = None if digits is None or places is None else digits - places
    number = None
    if room is None or room > 0:  # with no room for whole digits Pydantic refuses the number 0, yet takes "0.0"
        limit = DOUBLE_DIGITS if digits is None else min(digits, DOUBLE_DIGITS)
        if room is not None and places is not None:
            places = max(0, min(places, limit - min(room, limit)))
        number = Number(
            multiple_of=() if step is None else (abs(decimal_of(step)),), max_digits=limit, decimal_places=places, **bounds
        )
    string = None if texts is None else String(language=texts)
    if string is None and number is None:
        raise SchemaError(f"expected a multiple_of whose last digits decide, or max_digits > decimal_places, got {dict(core)}", path=path)
    reason = "" if demand == Demand() else "in plain notation, without an exponent"
    if string is None:
        reason = "written as a JSON number: multiple_of is not decided by the last digits of a text"
    return Leaf(Shape(number=number, string=string), "Decimal", (), reason)


def read_str(core: Core, config: Core, path: str) -> Leaf:
    least, most = lengths(core, path, config)
    parts: list[Expr] = []
    remarks: list[Remark] = []
    pattern = core.get("pattern")
    if pattern is not None:
        parts.append(pattern_language(pattern, core.get("regex_engine", config.get("regex_engine", "rust-regex")), path))
    if core.get("ascii_only"):
        parts.append(ASCII_TEXT)
    if core.get("strip_whitespace", config.get("str_strip_whitespace")):
        # A stripped text is its own stripping: what Pydantic then checks is what was written.
        parts.append(Complement(Concat((WHITE_SPACE, ANY_TEXT))))
        parts.append(Complement(Concat((ANY_TEXT, WHITE_SPACE))))
    for key, convert in (("to_lower", str.lower), ("to_upper", str.upper)):
        if core.get(key, config.get(f"str_{key}")):
            parts.append(Repeat(unchanged_by(convert), 0, None))
    language = None if not parts else parts[0] if len(parts) == 1 else Conjoin(tuple(parts))
    return Leaf(Shape(string=String(least, most, language)), "str", tuple(remarks))


def pattern_language(pattern: str | re.Pattern[str], engine: str, path: str) -> Expr:
    """The language of a pattern under search; a compiled pattern is Python's, with its flags."""
    from typeloom.regex.parse import Dialect, parse

    source, dialect = pattern, Dialect.PYTHON if engine == "python-re" else Dialect.RUST
    if isinstance(pattern, re.Pattern):
        letters = "".join(letter for letter, flag in zip("imsxa", (re.I, re.M, re.S, re.X, re.A)) if pattern.flags & flag)
        source, dialect = (f"(?{letters}){pattern.pattern}" if letters else pattern.pattern), Dialect.PYTHON
    try:
        return parse(source, dialect)
    except GrammarError as error:
        raise SchemaError(f"expected a regular expression that can be enforced, got {error}", path=path) from error


@cache
def unchanged_by(convert: Callable[[str], str]) -> Chars:
    """The characters that `str.lower` (or `str.upper`) leaves as they are. Cost: about 20 ms, once."""
    ranges: list[tuple[int, int]] = []
    start = 0
    for code in range(0x20000):  # no character past these planes has case
        if 0xD800 <= code <= 0xDFFF or convert(chr(code)) != chr(code):
            if start < code:
                ranges.append((start, code - 1))
            start = code + 1
    ranges.append((start, 0x10FFFF))
    return Chars(tuple(ranges))


def read_bytes(core: Core, config: Core, path: str) -> Leaf:
    least, most = lengths(core, path)
    encoding = config.get("val_json_bytes", "utf8")
    if encoding == "base64":
        return text(String(language=base64_texts("-_", least, most)), "bytes", reason="URL-safe base64")
    if encoding == "hex":
        return text(String(language=Repeat(Concat((HEX, HEX)), least, most)), "bytes", reason="hexadecimal")
    remarks = ()
    if core.get("min_length") is not None or most is not None:
        remarks = (wider("length", "counts bytes of UTF-8; the automaton counts characters"),)
    return text(String(-(-least // 4), most), "bytes", *remarks)


def base64_texts(extra: str, least: int = 0, most: int | None = None) -> Expr:
    """Padded base64 of `least` to `most` bytes, with the two characters of `extra` beside letters and digits."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789" + extra

    def one_of(letters: str) -> Chars:
        return Chars(_ranges(sorted(map(ord, letters))))

    any_letter = one_of(alphabet)
    endings: tuple[Expr, ...] = (
        Literal(""),
        Concat((any_letter, one_of(alphabet[::16]), Literal("=="))),
        Concat((any_letter, any_letter, one_of(alphabet[::4]), Literal("="))),
    )
    options: list[Expr] = []
    for rest, ending in enumerate(endings):
        fewest = max(0, -(-(least - rest) // 3))
        greatest = None if most is None else (most - rest) // 3
        if greatest is None or greatest >= fewest:
            options.append(Concat((Repeat(Repeat(any_letter, 4, 4), fewest, greatest), ending)))
    return Alternate(tuple(options))


def _ranges(codes: list[int]) -> tuple[tuple[int, int], ...]:
    ranges: list[tuple[int, int]] = []
    for code in codes:
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1] = (ranges[-1][0], code)
        else:
            ranges.append((code, code))
    return tuple(ranges)


def read_date(core: Core, config: Core, path: str) -> Leaf:
    remarks: list[Remark] = []
    if core.get("now_op"):
        remarks.append(wider(f"{core['now_op']} date", "is compared with the clock after decoding"))
    sides: dict[str, tuple[date, bool] | None] = {"low": None, "high": None}
    for key in ("ge", "gt", "le", "lt"):
        bound = core.get(key)
        if bound is None:
            continue
        side, strictly = ("low" if key in ("ge", "gt") else "high"), key in ("gt", "lt")
        old = sides[side]
        tighter = old is None or (bound > old[0] if side == "low" else bound < old[0]) or (bound == old[0] and strictly)
        if tighter:
            sides[side] = (bound, strictly)
    low, high = sides["low"], sides["high"]
    if low and high and (low[0] > high[0] or (low[0] == high[0] and (low[1] or high[1]))):
        raise SchemaError(f"expected bounds that some date satisfies, got {_said(core)}", path=path)
    also = None
    if low or high:
        also = date_texts(
            low and low[0].isoformat(), bool(low and low[1]), high and high[0].isoformat(), bool(high and high[1])
        )
    return formatted("python-date", "date", *remarks, also=also)


def _clock(core: Core, subject: str) -> tuple[Remark, ...]:
    """Bounds of times and durations, which many texts can write: compared after decoding."""
    remarks = [
        wider(f"{key}={core[key]}", "the bound is compared after decoding: one moment has many texts")
        for key in ("ge", "gt", "le", "lt", "multiple_of")
        if core.get(key) is not None
    ]
    if core.get("now_op"):
        remarks.append(wider(f"{core['now_op']} {subject}", "is compared with the clock after decoding"))
    if isinstance(core.get("tz_constraint"), int):
        remarks.append(wider("tz_constraint", "the offset is compared after decoding"))
    if core.get("microseconds_precision") == "error":
        remarks.append(wider("microseconds_precision", "digits past the sixth are refused after decoding"))
    return tuple(remarks)


def read_datetime(core: Core, config: Core, path: str) -> Leaf:
    zone = core.get("tz_constraint")
    name = {None: "python-datetime", "naive": "python-datetime-naive"}.get(zone, "python-datetime-aware")
    return formatted(name, "datetime", *_clock(core, "datetime"))


def read_time(core: Core, config: Core, path: str) -> Leaf:
    remarks = _clock(core, "time")
    if core.get("tz_constraint") in ("aware", "naive"):
        remarks = (*remarks, wider("tz_constraint", "the time zone is checked after decoding"))
    return formatted("python-time", "time", *remarks)


def read_timedelta(core: Core, config: Core, path: str) -> Leaf:
    return formatted("python-timedelta", "timedelta", *_clock(core, "timedelta"))


def read_uuid(core: Core, config: Core, path: str) -> Leaf:
    version = core.get("version")
    also = None
    if version is not None:
        dashes = (HEX, HEX, HEX, Literal("-"))
        variant = Chars(((0x38, 0x39), (0x41, 0x42), (0x61, 0x62)))
        also = Concat((Repeat(ANY_CHAR, 14, 14), Literal(str(version)), *dashes, variant, ANY_TEXT))
    return formatted("uuid", "UUID" if version is None else f"UUID{version}", also=also)


def read_complex(core: Core, config: Core, path: str) -> Leaf:
    digits = Repeat(DIGIT, 1, None)
    sign = Chars(((0x2B, 0x2B), (0x2D, 0x2D)))
    fraction = Repeat(Concat((Literal("."), digits)), 0, 1)
    exponent = Repeat(Concat((Literal("e"), sign, Repeat(DIGIT, 1, 3))), 0, 1)
    size = Concat((digits, fraction, exponent))
    minus = Repeat(Literal("-"), 0, 1)
    language = Concat((minus, Repeat(Concat((size, sign)), 0, 1), size, Literal("j")))
    return text(String(language=language), "complex", reason="with an imaginary part: 1+2j")


def read_fraction(core: Core, config: Core, path: str) -> Leaf:
    positive = Concat((Chars(((0x31, 0x39),)), Repeat(DIGIT, 0, None)))
    whole = Concat((Repeat(Literal("-"), 0, 1), Alternate((Literal("0"), positive))))
    remarks = tuple(
        wider(f"{key}={core[key]}", "the bound on a Fraction is compared after decoding")
        for key in ("ge", "gt", "le", "lt", "multiple_of")
        if core.get(key) is not None
    )
    language = Concat((whole, Repeat(Concat((Literal("/"), positive)), 0, 1)))
    return text(String(language=language), "Fraction", *remarks)


def read_url(core: Core, config: Core, path: str) -> Leaf:
    """Absolute URLs in the form Pydantic writes them; several hosts for a multi-host URL."""
    letters = Chars(((0x30, 0x39), (0x41, 0x5A), (0x61, 0x7A)))
    schemes = core.get("allowed_schemes")
    scheme: Expr
    if schemes:
        choice = text_choice(schemes).language
        assert choice is not None
        scheme = choice
    else:
        scheme = Concat((Chars(((0x61, 0x7A),)), Repeat(Chars(((0x2B, 0x2B), (0x2D, 0x2E), (0x30, 0x39), (0x61, 0x7A))), 0, None)))
    label = Concat((letters, Repeat(Chars(((0x2D, 0x2D), (0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A))), 0, None)))
    address = Concat((Literal("["), Repeat(Chars(((0x2E, 0x2E), (0x30, 0x3A), (0x41, 0x46), (0x61, 0x66))), 2, 45), Literal("]")))
    host = Alternate((Concat((label, Repeat(Concat((Literal("."), label)), 0, None))), address))
    port = Concat((Literal(":"), Repeat(DIGIT, 1, 4)))
    five = Concat((Literal(":"), Chars(((0x31, 0x35),)), Repeat(DIGIT, 4, 4)))
    sixty = Conjoin((Concat((Literal(":"), Repeat(DIGIT, 5, 5))), date_texts(":60000", False, ":65535", False)))
    place: Expr = Concat((host, Repeat(Alternate((port, five, sixty)), 0, 1)))
    # Unreserved, sub-delimiters, ":", "@", "%" (RFC 3986): what a path, query or fragment writes without escapes.
    visible = Chars(((0x21, 0x21), (0x24, 0x3B), (0x3D, 0x3D), (0x40, 0x5A), (0x5F, 0x5F), (0x61, 0x7A), (0x7E, 0x7E)))
    user = Chars(((0x21, 0x21), (0x24, 0x2E), (0x30, 0x3B), (0x3D, 0x3D), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A), (0x7E, 0x7E)))
    login = Repeat(Concat((Repeat(user, 1, None), Literal("@"))), 0, 1)
    authority: Expr = Concat((login, place))
    if core["type"] == "multi-host-url":
        authority = Concat((authority, Repeat(Concat((Literal(","), authority)), 0, None)))
    if core.get("host_required") is not True and (core.get("default_host") or schemes == ["file"]):
        authority = Repeat(authority, 0, 1)
    rest = Repeat(Alternate((visible, Literal("?"))), 0, None)
    query = Repeat(Concat((Chars(((0x3F, 0x3F),)), rest)), 0, 1)
    fragment = Repeat(Concat((Literal("#"), rest)), 0, 1)
    route = Repeat(Concat((Literal("/"), Repeat(visible, 0, None))), 0, 1)
    language: Expr = Concat((scheme, Literal("://"), authority, route, query, fragment))
    if not schemes and core["type"] == "url":  # mailto:a@b.co
        start = Chars(((0x24, 0x2E), (0x30, 0x3B), (0x3D, 0x3D), (0x40, 0x5A), (0x5F, 0x5F), (0x61, 0x7A), (0x7E, 0x7E)))
        language = Alternate((language, Concat((scheme, Literal(":"), start, Repeat(visible, 0, None), query, fragment))))
    reason = "host names are checked after decoding (IDNA, addresses written as numbers, defaults of the scheme)"
    return text(String(0, core.get("max_length"), language), "URL", wider("host", reason))


def read_literal(core: Core, config: Core, path: str) -> Leaf:
    """The values JSON can write. A member of an Enum that is not also a str or int is none: Pydantic takes it from no text."""
    known = [value for value in core["expected"] if value is None or isinstance(value, (str, int))]
    lost = [value for value in core["expected"] if not (value is None or isinstance(value, (str, int)))]
    if not known:
        raise SchemaError(
            f"expected a Literal with a value that Pydantic reads from JSON, got {core['expected']!r}: "
            "use the Enum itself, or an Enum that is also a str",
            path=path,
        )
    plain = [value.value if isinstance(value, Enum) else value for value in known]
    return Leaf(constants(plain, path), "Literal", tuple(_not_offered(value) for value in lost))


def read_enum(core: Core, config: Core, path: str) -> Leaf:
    members = list(core["members"])
    name = core["cls"].__name__
    offered: list[Any] = []
    remarks: list[Remark] = []
    validator: SchemaValidator | None = None
    for member in members:
        value = member.value
        if value is None or isinstance(value, (str, int)):
            offered.append(value)
            continue
        if isinstance(value, float) and math.isfinite(value):
            offered.append(value)
            continue
        validator = validator or SchemaValidator(dict(core))  # type: ignore[arg-type]
        written = to_jsonable_python(value, fallback=repr)
        try:
            found = validator.validate_json(_json(written))
        except ValidationError:
            found = None
        if found is member:
            offered.append(written)
        else:
            remarks.append(_not_offered(member))
    if issubclass(core["cls"], Flag):
        if len(members) > LARGEST_FLAG:
            remarks.append(Remark(name, Coverage.IGNORED, "combinations of flags are not offered, only the named members"))
        else:
            offered = _flag_values(core, members)
    if not offered:
        raise SchemaError(f"expected an Enum with a member that JSON can write, got {name} with {members!r}", path=path)
    return Leaf(constants(offered, path), name, tuple(remarks))


def _flag_values(core: Core, members: list[Any]) -> list[int]:
    """The combinations of flags that Pydantic takes."""
    values = {0}
    for member in members:
        values |= {value | member.value for value in values}
    validator = SchemaValidator(dict(core))  # type: ignore[arg-type]
    taken: list[int] = []
    for value in sorted(values):
        try:
            validator.validate_json(str(value))
        except ValidationError:
            continue
        taken.append(value)
    return taken


def _json(value: Any) -> str:
    from pydantic_core import to_json

    return to_json(value).decode()


def _not_offered(value: Any) -> Remark:
    return Remark(repr(value), Coverage.IGNORED, "not offered: Pydantic reads it from no JSON text")


def read_any(core: Core, config: Core, path: str) -> Leaf:
    return Leaf(ANY, "Any")


def read_none(core: Core, config: Core, path: str) -> Leaf:
    return Leaf(Shape(null=True), "None")


def read_bool(core: Core, config: Core, path: str) -> Leaf:
    return Leaf(Shape(booleans=(False, True)), "bool")


def read_json(core: Core, config: Core, path: str) -> Leaf:
    return text(String(), "Json", wider("Json", "the text inside the string is parsed and validated after decoding"))


SCALARS: Mapping[str, Callable[[Core, Core, str], Leaf]] = {
    "any": read_any,
    "none": read_none,
    "bool": read_bool,
    "int": read_int,
    "float": read_float,
    "decimal": read_decimal,
    "fraction": read_fraction,
    "complex": read_complex,
    "str": read_str,
    "bytes": read_bytes,
    "date": read_date,
    "time": read_time,
    "datetime": read_datetime,
    "timedelta": read_timedelta,
    "uuid": read_uuid,
    "url": read_url,
    "multi-host-url": read_url,
    "literal": read_literal,
    "enum": read_enum,
    "json": read_json,
}
