"""The formats against Pydantic, datetime, ipaddress, jsonschema and jsonschema-rs, from both sides.

Soundness draws random texts of a language and has the validator read them; completeness draws values and looks for
their dumps in the language, or mutates texts and compares with a validator that decides the same thing.
"""

from __future__ import annotations

import base64
import json
import os
import random
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from functools import cache
from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Interface, IPv6Network
from pathlib import Path
from typing import Any

import jsonschema
import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import AwareDatetime, Base64Bytes, NaiveDatetime, TypeAdapter, ValidationError

import typeloom as tl
from laws.vocabularies import bytes_only
from oracles.expression import matches
from typeloom.regex.expr import ALabel, Alternate, Chars, Concat, Conjoin, Expr, Literal, Literals, Preimage, Repeat
from typeloom.regex.formats import FORMATS, WIDER, language


def _matches(name: str, text: str) -> bool:
    expr = language(name)
    assert expr is not None
    return matches(expr, text)


WORDS = (
    "m\u00fcller", "\u4e2d\u6587", "\uc2e4\ub840", "\u03c0\u03b1\u03c1\u03ac", "\u05d0\u05d1\u05d2", "\u0628\u064a",
)


def _sample(expr: Expr, chance: random.Random) -> str:
    """A random text; of a conjunction, one of the first part that the others hold."""
    if isinstance(expr, Chars):
        low, high = chance.choice(expr.ranges)
        return chr(chance.choice([low, high, chance.randint(low, high)]))
    if isinstance(expr, Literal):
        return expr.text
    if isinstance(expr, Literals):
        return chance.choice(expr.texts)
    if isinstance(expr, Concat):
        return "".join(_sample(part, chance) for part in expr.parts)
    if isinstance(expr, Alternate):
        return _sample(chance.choice(expr.parts), chance)
    if isinstance(expr, Repeat):
        most = expr.minimum + chance.choice([0, 0, 1, 2, 3, 9])
        count = most if expr.maximum is None else min(most, expr.maximum)
        if expr.maximum is not None and chance.random() < 0.1:
            count = min(expr.maximum, 400)
        return "".join(_sample(expr.part, chance) for _ in range(count))
    if isinstance(expr, Preimage):
        return chance.choice([word for word in WORDS if matches(expr, word)])
    if isinstance(expr, ALabel):
        return _sample(expr.label, chance).encode("punycode").decode()
    assert isinstance(expr, Conjoin)
    for _ in range(2000):
        text = _sample(expr.parts[0], chance)
        if all(matches(part, text) for part in expr.parts[1:]):
            return text
    raise AssertionError("no text of the conjunction found")


def _samples(name: str, count: int = 150) -> list[str]:
    chance = random.Random(name)
    expr = language(name)
    assert expr is not None
    return [_sample(expr, chance) for _ in range(count)]


# ---- Pydantic

KEYS = {"python-int-text": int, "python-float-text": float, "python-bool-text": bool}
TYPES: dict[str, Any] = {
    "python-date": date,
    "python-datetime": datetime,
    "python-datetime-aware": AwareDatetime,
    "python-datetime-naive": NaiveDatetime,
    "python-time": time,
    "python-timedelta": timedelta,
    "python-decimal": Decimal,
    "python-ipv4-network": IPv4Network,
    "python-ipv4-interface": IPv4Interface,
    "python-ipv6-interface": IPv6Interface,
    "python-base64": Base64Bytes,
    "python-bytes": bytes,
    "python-path": Path,
    "ipv4": IPv4Address,
    "ipv6": IPv6Address,
    **{name: dict[kind, int] for name, kind in KEYS.items()},  # type: ignore[valid-type]
}


@pytest.mark.parametrize("name", sorted(TYPES))
def test_every_text_validates_in_pydantic(name: str) -> None:
    adapter = TypeAdapter(TYPES[name])
    for text in _samples(name):
        value = adapter.validate_json(json.dumps({text: 1} if name in KEYS else text))
        if name == "python-float-text":
            assert abs(next(iter(value))) <= 1.7976931348623157e308, text


def test_python_names_are_all_tested() -> None:
    assert {name for name in FORMATS if name.startswith("python-")} - set(TYPES) == {"python-ipv6-network"}


offsets = st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))
aware = st.datetimes(timezones=st.one_of(offsets, st.just(UTC)))


def four(build: Callable[[int, int], Any]) -> st.SearchStrategy[Any]:
    return st.builds(build, st.integers(0, 2**32 - 1), st.integers(0, 32))


def six(build: Callable[[int, int], Any]) -> st.SearchStrategy[Any]:
    return st.builds(build, st.integers(0, 2**128 - 1), st.integers(0, 128))


VALUES: list[tuple[str, Any, st.SearchStrategy[Any]]] = [
    ("python-date", date, st.dates()),
    ("python-datetime", datetime, st.one_of(st.datetimes(), aware)),
    ("python-datetime-aware", datetime, aware),
    ("python-datetime-naive", datetime, st.datetimes()),
    ("python-time", time, st.one_of(st.times(), st.times(timezones=offsets))),
    ("python-timedelta", timedelta, st.one_of(st.timedeltas(), st.sampled_from([timedelta.min, timedelta.max]))),
    ("python-decimal", Decimal, st.decimals(allow_nan=False, allow_infinity=False)),
    ("python-ipv4-network", IPv4Network, four(lambda n, p: IPv4Network((n, p), strict=False))),
    ("python-ipv6-network", IPv6Network, six(lambda n, p: IPv6Network((n, p), strict=False))),
    ("python-ipv4-interface", IPv4Interface, four(lambda n, p: IPv4Interface((n, p)))),
    ("python-ipv6-interface", IPv6Interface, six(lambda n, p: IPv6Interface((n, p)))),
    ("python-int-text", dict[int, int], st.integers().map(lambda n: {n: 1})),
    ("python-float-text", dict[float, int], st.floats(allow_nan=False, allow_infinity=False).map(lambda x: {x: 1})),
    ("python-bool-text", dict[bool, int], st.booleans().map(lambda b: {b: 1})),
    ("python-base64", Base64Bytes, st.binary().map(base64.b64encode).map(TypeAdapter(Base64Bytes).validate_python)),
    ("python-bytes", bytes, st.text().map(str.encode)),
    ("python-path", Path, st.from_regex(r"/?[a-z]+(/[a-z ]+)*", fullmatch=True).map(Path)),
    ("ipv4", IPv4Address, st.ip_addresses(v=4)),
    ("ipv6", IPv6Address, st.integers(0, 2**128 - 1).map(IPv6Address)),
    ("uuid", Any, st.uuids().map(str)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "kind", "values"), VALUES, ids=[row[0] for row in VALUES])
@given(data=st.data())
def test_every_dump_is_a_text(name: str, kind: Any, values: st.SearchStrategy[Any], data: st.DataObject) -> None:
    dumped = json.loads(TypeAdapter(kind).dump_json(data.draw(values)))
    text = next(iter(dumped)) if isinstance(dumped, dict) else dumped
    assert _matches(name, text)


def test_common_forms_beside_the_dumps() -> None:
    accepted = {
        "python-datetime": ["2024-02-29T12:00:00Z", "2024-02-29T12:00:00+00:00", "2024-02-29T12:00:00.5"],
        "python-timedelta": ["P90D", "PT36H", "P2W", "PT90M", "-PT0.5S", "P0D", "P1DT2H3M4.5S", "PT0S"],
        "python-decimal": ["0.10", "1E+5", "-0", "12", "0E-8"],
    }
    refused = {
        "python-datetime": ["2023-02-29T12:00:00Z", "2024-02-29T24:00:00", "0000-01-01T00:00:00", "2024-02-29"],
        "python-timedelta": ["P", "PT", "P1DT", "P2739727Y", "P2739726Y10D", "-P2739726Y9DT1S", "1 day"],
        "python-decimal": ["NaN", "Infinity", "01", "+1", ".5", "1."],
        "python-ipv4-network": ["10.0.0.1/8", "10.0.0.0/33", "10.0.0.0", "128.0.0.0/0"],
        "python-int-text": ["01", "+1", "-0", "1" * 4301],
        "python-float-text": ["1e309", "nan", "1.7976931348623158e308", "01"],
        "python-base64": ["aGVsbG8", "aH==", "_-8="],
    }
    for name, texts in accepted.items():
        assert all(_matches(name, text) for text in texts), name
    for name, texts in refused.items():
        assert not [text for text in texts if _matches(name, text)], name


# ---- JSON Schema

CHECKER = jsonschema.Draft202012Validator.FORMAT_CHECKER
SCHEMA_FORMATS = sorted(name for name in FORMATS if not name.startswith("python-"))
FULL_ORACLES: dict[str, Callable[[str], object]] = {
    "date": lambda text: len(text) == 10 and bool(date.fromisoformat(text)),
    "ipv4": lambda text: IPv4Address(text) is not None,
    "ipv6": lambda text: "%" not in text and IPv6Address(text) is not None,
    "date-time": lambda text: _date_time(text),
    "time": lambda text: _date_time("2000-01-01T" + text),
}


def _date_time(text: str) -> bool:
    """RFC 3339 by a shape and datetime, which knows no leap seconds; jsonschema-rs reads `18:09:0+z`, too."""
    shape = r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:[0-5]\d)"
    if not re.fullmatch(shape, text, re.ASCII):
        return False
    if re.match(r".{17}60", text):
        return bool(_validator("date-time").is_valid(text))
    return bool(datetime.fromisoformat(re.sub(r"\.\d+", "", text.upper())))


def _validator(name: str) -> Any:
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", "format": name}
    return jsonschema_rs.validator_for(schema, validate_formats=True)


# `regex`: the validators read other dialects than ECMA-262; tests/regex_dialects/test_pattern_text.py is about it.
@pytest.mark.parametrize("name", [name for name in SCHEMA_FORMATS if name != "regex"])
def test_no_laxer_than_the_validators(name: str) -> None:
    validator = _validator(name)
    for text in _samples(name, 40 if name in ("hostname", "idn-hostname") else 150):
        if name in WIDER and ("xn--" in text.lower() or not text.isascii()):
            continue
        text = _small_prefixes(text)
        assert validator.is_valid(text) or (name in CHECKER.checkers and CHECKER.conforms(text, name)), text


def _small_prefixes(text: str) -> str:
    """The same host name (RFC 5890, section 2.3.2.1), as jsonschema-rs reads it, to whom XN-- is another prefix."""
    return re.sub(r"(?i)\bxn--", "xn--", text)


MUTATED = ["date", "date-time", "time", "ipv4", "ipv6", "uuid", "json-pointer", "uri", "uri-reference"]


@pytest.mark.parametrize("name", MUTATED)
def test_mutated_texts_agree_with_the_validators(name: str) -> None:
    chance = random.Random(name)
    validator = _validator(name)
    oracle = FULL_ORACLES.get(name)
    alphabet = "a/~01" if name == "json-pointer" else "ab:/?#[]@%0." if "uri" in name else "0123456789abf:.-+TZ"
    for text in _samples(name):
        at = chance.randint(0, len(text))
        mutated = text[:at] + chance.choice(["", *alphabet]) + text[at + chance.choice([0, 1]) :]
        try:
            expected = bool(oracle(mutated)) if oracle is not None else validator.is_valid(mutated)
        except ValueError:
            expected = False
        if mutated.startswith("0000"):
            continue  # a year that datetime does not have
        assert _matches(name, mutated) == expected, mutated


def test_every_day_of_the_calendar() -> None:
    for year in (1, 4, 100, 400, 1900, 2000, 2023, 2024, 9999):
        for month in range(14):
            for day in range(33):
                try:
                    expected = bool(date(year, month, day))
                except ValueError:
                    expected = False
                assert _matches("date", f"{year:04}-{month:02}-{day:02}") == expected


def test_leap_seconds_only_at_the_end_of_a_utc_day() -> None:
    for hour in range(24):
        for minute in (0, 1, 28, 29, 30, 57, 58, 59):  # those that an offset below takes to 23:59, and their neighbours
            for offset in ("Z", "+00:00", "+01:30", "-08:00", "+23:59", "-23:59"):
                text = f"{hour:02}:{minute:02}:60{offset}"
                sign = 0 if offset == "Z" else int(offset[0] + "1")
                shift = 0 if offset == "Z" else sign * (int(offset[1:3]) * 60 + int(offset[4:]))
                assert _matches("time", text) == ((hour * 60 + minute - shift) % 1440 == 1439), text


def test_host_names_keep_their_lengths() -> None:
    assert _matches("hostname", "a" * 63 + ".b")
    assert not _matches("hostname", "a" * 64 + ".b")
    assert _matches("hostname", ".".join(["a" * 61] * 4 + ["b" * 5]))
    assert not _matches("hostname", ".".join(["a" * 61] * 4 + ["b" * 6]))
    for text in ("-a", "a-", "a..b", "a.", ".a", "", "a_b", "ab--c"):
        assert not _matches("hostname", text), text


def test_unknown_formats_are_none() -> None:
    assert language("no-such-format") is None
    assert set(WIDER) <= set(FORMATS)
    assert language("date") is language("date")


@cache
def _constraint(name: str) -> tl.Constraint:
    schema = tl.JsonSchema({"type": "string", "format": name})
    return tl.compile(schema, bytes_only().vocabulary(), layout="flexible")


def _accepts(name: str, text: str) -> bool:
    return _constraint(name).accepts(json.dumps(text, ensure_ascii=False))


def test_the_json_schema_test_suite() -> None:
    data = os.environ.get("TYPELOOM_DATA")
    if data is None:
        pytest.skip("TYPELOOM_DATA is not set")
    checked = 0
    for path in sorted(Path(data).glob("json-schema-test-suite/draft2020-12/optional/format/*.json")):
        for group in json.loads(path.read_text()):
            name = group["schema"].get("format")
            if language(str(name)) is None:
                continue
            for case in group["tests"]:
                if isinstance(case["data"], str) and (case["valid"] or name not in WIDER or "hostname" in name):
                    checked += 1
                    assert _accepts(name, case["data"]) == case["valid"], (name, case)
    assert checked > 200


@pytest.mark.parametrize("name", ["python-datetime-aware", "python-datetime-naive"])
def test_aware_and_naive_do_not_meet(name: str) -> None:
    other = {"python-datetime-aware": NaiveDatetime, "python-datetime-naive": AwareDatetime}[name]
    for text in _samples(name, 50):
        with pytest.raises(ValidationError):
            TypeAdapter(other).validate_json(json.dumps(text))
