"""The named formats: JSON Schema's, and the texts in which Pydantic writes Python's types, as regular languages.

`language(name)` builds on first use and remembers. A name that is not known gives None: the reader reports it. A name
in `WIDER` is held wider than it is defined, and validated after decoding; the value says why.

For each `python-...` name: every text validates in Pydantic's JSON mode, and every value's JSON dump is a text of it,
up to what is stated at its function. Offered are the texts that Pydantic dumps and the few that people commonly write
(`Z` and `+00:00`, `P90D`), not all that lax validation reads.

Example:
    >>> language("ipv4") is language("ipv4")
    True
    >>> language("no-such-format") is None
    True
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from typeloom.regex import dates, network, pattern_text
from typeloom.regex.build import ALNUM, DIGIT, NONZERO, chars, either, exactly, many, maybe, merged, number_to, seq
from typeloom.regex.expr import ANY_TEXT, Expr, Literals

PYTHON_INT_DIGITS = 4300  # what int() reads
DECIMAL_EXPONENT_DIGITS = 17  # decimal.MAX_EMAX has 18; one less leaves room for the digits before the exponent
GREATEST_DOUBLE = "1.7976931348623157"  # times 10^308

_WHERE = "beside other constraints and in schemas with combinations"
_LONG = "an A-label of more than 54 characters could be refused, where its beginning is hard to complete"
WIDER: dict[str, str] = {
    "hostname": f"A-labels (xn--...) are not decoded {_WHERE}; {_LONG}",
    "idn-hostname": "the length of labels and names is that of their A-labels, which is held from below only; "
    f"IDNA's rules are not held {_WHERE}; {_LONG}",
    "email": "an A-label (xn--...) in the domain is not decoded",
    "idn-email": "which characters the domain may hold is for IDNA to say",
    "regex": f"groups more than {pattern_text.NESTING} deep may hold anything; names and references are not compared",
    "python-ipv6-network": "that the bits past the prefix are zero, however the address is shortened",
}


def json_pointer() -> Expr:
    """RFC 6901, section 3."""
    character = merged(((0, 0x2E), (0x30, 0x7D), (0x7F, 0xD7FF), (0xE000, 0x10FFFF)))
    return many(seq("/", many(either(character, "~0", "~1"))))


def relative_json_pointer() -> Expr:
    """draft-handrews-relative-json-pointer-01: no index manipulation, which the validators refuse."""
    return seq(either("0", seq(NONZERO, many(DIGIT))), either("#", json_pointer()))


def python_decimal() -> Expr:
    """What `str(Decimal)` gives for finite values, with exponents of up to 17 digits (of the 18 that decimal has)."""
    whole = either("0", seq(NONZERO, many(DIGIT)))
    exponent = seq(chars("eE"), maybe(chars("+-")), many(DIGIT, 1, DECIMAL_EXPONENT_DIGITS))
    return seq(maybe("-"), whole, maybe(".", many(DIGIT, 1)), maybe(exponent))


def python_int_text() -> Expr:
    """An int as the key of an object; up to 4,300 digits."""
    return either("0", seq(maybe("-"), NONZERO, many(DIGIT, 0, PYTHON_INT_DIGITS - 1)))


def python_float_text() -> Expr:
    """A finite float as the key of an object: up to 308 digits before the point, or one and an exponent."""
    fraction = maybe(".", many(DIGIT, 1))
    plain = seq(either("0", seq(NONZERO, many(DIGIT, 0, 307))), fraction)
    small = seq(DIGIT, fraction, "e", either(seq("-", many(DIGIT, 1, 3)), seq(maybe("+"), _padded_to(307))))
    digits = GREATEST_DOUBLE[2:]
    below: list[Expr | str] = ["1", seq("1.", digits)]
    for at, digit in enumerate(digits):
        if digit != "0":
            below.append(seq("1.", digits[:at], chars(f"0-{int(digit) - 1}"), many(DIGIT)))
    return seq(maybe("-"), either(plain, small, seq(either(*below), "e", maybe("+"), "308")))


def _padded_to(last: int) -> Expr:
    """0..last, where one digit may be written as two."""
    return either(number_to(last), seq("0", DIGIT))


def python_base64() -> Expr:
    """RFC 4648, section 4: standard alphabet, padded, the unused bits zero."""
    digit = chars(ALNUM, "+/")
    one_left = seq(digit, chars("AQgw"), "==")
    two_left = seq(exactly(digit, 2), chars("AEIMQUYcgkosw048"), "=")
    return seq(many(exactly(digit, 4)), maybe(either(one_left, two_left)))


FORMATS: dict[str, Callable[[], Expr]] = {
    "date": dates.date,
    "time": dates.time,
    "date-time": dates.date_time,
    "duration": dates.duration,
    "email": network.email,
    "idn-email": network.idn_email,
    "hostname": network.hostname,
    "idn-hostname": network.idn_hostname,
    "ipv4": network.ipv4,
    "ipv6": network.ipv6,
    "uri": network.uri,
    "uri-reference": network.uri_reference,
    "iri": network.iri,
    "iri-reference": network.iri_reference,
    "uri-template": network.uri_template,
    "uuid": network.uuid,
    "json-pointer": json_pointer,
    "relative-json-pointer": relative_json_pointer,
    "regex": pattern_text.pattern_text,
    "python-date": dates.date,
    "python-datetime": dates.python_datetime,
    "python-datetime-aware": dates.python_datetime_aware,
    "python-datetime-naive": dates.python_datetime_naive,
    "python-time": dates.python_time,
    "python-timedelta": dates.python_timedelta,
    "python-decimal": python_decimal,
    "python-ipv4-network": network.ipv4_network,
    "python-ipv6-network": network.ipv6_interface,
    "python-ipv4-interface": network.ipv4_interface,
    "python-ipv6-interface": network.ipv6_interface,
    "python-int-text": python_int_text,
    "python-float-text": python_float_text,
    "python-bool-text": lambda: Literals(("true", "false")),
    "python-base64": python_base64,
    "python-bytes": lambda: ANY_TEXT,
    "python-path": lambda: ANY_TEXT,
}


@cache
def language(name: str) -> Expr | None:
    """The texts of a format, or None if there is no such format or it is no regular language.

    Built on the first call for a name and kept; wider than the format where `WIDER` has the name.
    """
    build = FORMATS.get(name)
    return None if build is None else build()


__all__ = ["FORMATS", "WIDER", "language"]
