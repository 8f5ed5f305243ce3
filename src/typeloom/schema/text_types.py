"""The types that one JSON string writes: str, bytes, complex, Fraction, UUID, URLs, and Json inside a string.

`strip_whitespace`, `to_lower` and `to_upper` change a text before it is checked. Offered are the texts that they leave
as they are: those are what such a field dumps, and for them checked and written are the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from typeloom.errors import GrammarError, SchemaError
from typeloom.regex.expr import ANY_CHAR, ANY_TEXT, Alternate, Chars, Complement, Concat, Conjoin, Expr, Literal, Repeat
from typeloom.regex.parse import Dialect, parse
from typeloom.schema.decimal_text import DIGIT, date_texts
from typeloom.schema.leaf import Core, Leaf, Remark, formatted, lengths, text, wider
from typeloom.schema.node import Shape, String
from typeloom.schema.shapes import text_choice

# What Rust's `str::trim` removes: the property White_Space.
WHITE_SPACE = Chars(
    (
        (0x09, 0x0D), (0x20, 0x20), (0x85, 0x85), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A),
        (0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000),
    )
)  # fmt: skip


HEX = Chars(((0x30, 0x39), (0x41, 0x46), (0x61, 0x66)))


ASCII_TEXT = Repeat(Chars(((0x00, 0x7F),)), 0, None)


def read_str(core: Core, config: Core, path: str) -> Leaf:
    least, most = lengths(core, path, config)
    parts: list[Expr] = []
    pattern = core.get("pattern")
    if pattern is not None:
        parts.append(
            pattern_language(pattern, core.get("regex_engine", config.get("regex_engine", "rust-regex")), path)
        )
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
    return Leaf(Shape(string=String(least, most, language)), "str")


def pattern_language(pattern: str | re.Pattern[str], engine: str, path: str) -> Expr:
    """The language of a pattern under search; a compiled pattern is Python's, with its flags."""
    if isinstance(pattern, re.Pattern):
        named = zip("imsxa", (re.I, re.M, re.S, re.X, re.A), strict=True)
        letters = "".join(letter for letter, flag in named if pattern.flags & flag)
        source = f"(?{letters}){pattern.pattern}" if letters else pattern.pattern
        dialect = Dialect.PYTHON
    else:
        source, dialect = pattern, Dialect.PYTHON if engine == "python-re" else Dialect.RUST
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
    remarks: tuple[Remark, ...] = ()
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
        scheme = Concat(
            (Chars(((0x61, 0x7A),)), Repeat(Chars(((0x2B, 0x2B), (0x2D, 0x2E), (0x30, 0x39), (0x61, 0x7A))), 0, None))
        )
    label = Concat(
        (letters, Repeat(Chars(((0x2D, 0x2D), (0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A))), 0, None))
    )
    address = Concat(
        (Literal("["), Repeat(Chars(((0x2E, 0x2E), (0x30, 0x3A), (0x41, 0x46), (0x61, 0x66))), 2, 45), Literal("]"))
    )
    host = Alternate((Concat((label, Repeat(Concat((Literal("."), label)), 0, None))), address))
    port = Concat((Literal(":"), Repeat(DIGIT, 1, 4)))
    five = Concat((Literal(":"), Chars(((0x31, 0x35),)), Repeat(DIGIT, 4, 4)))
    sixty = Conjoin((Concat((Literal(":"), Repeat(DIGIT, 5, 5))), date_texts(":60000", False, ":65535", False)))
    place: Expr = Concat((host, Repeat(Alternate((port, five, sixty)), 0, 1)))
    # Unreserved, sub-delimiters, ":", "@", "%" (RFC 3986): what a path, query or fragment writes without escapes.
    visible = Chars(((0x21, 0x21), (0x24, 0x3B), (0x3D, 0x3D), (0x40, 0x5A), (0x5F, 0x5F), (0x61, 0x7A), (0x7E, 0x7E)))
    user = Chars(
        ((0x21, 0x21), (0x24, 0x2E), (0x30, 0x3B), (0x3D, 0x3D), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A), (0x7E, 0x7E))
    )
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
        start = Chars(
            ((0x24, 0x2E), (0x30, 0x3B), (0x3D, 0x3D), (0x40, 0x5A), (0x5F, 0x5F), (0x61, 0x7A), (0x7E, 0x7E))
        )
        language = Alternate(
            (language, Concat((scheme, Literal(":"), start, Repeat(visible, 0, None), query, fragment)))
        )
    reason = "host names are checked after decoding (IDNA, addresses written as numbers, defaults of the scheme)"
    return text(String(0, core.get("max_length"), language), "URL", wider("host", reason))


def read_json(core: Core, config: Core, path: str) -> Leaf:
    return text(String(), "Json", wider("Json", "the text inside the string is parsed and validated after decoding"))
