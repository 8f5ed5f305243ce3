"""Sets of characters as sorted ranges of code points, and the named sets of each dialect.

A set is a tuple of inclusive pairs: sorted, disjoint, non-adjacent, without surrogates; the form that `expr.Chars`
wants. The Unicode sets come from the interpreter's own tables: `unicodedata` for general categories, `re` for what `re`
itself means by `\\w` and `\\s`. They are computed once, on first use (about 0.2 s for the general categories).

Source: ECMA-262 section 22.2; Unicode Standard Annex 44 (categories), Unicode Technical Standard 18 (`\\w` of Rust's
regex).
"""

from __future__ import annotations

import re
import sys
import unicodedata
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import lru_cache
from string import ascii_lowercase
from typing import TypeAlias

from typeloom.regex.expr import ANY_CHAR, MAX_CODE_POINT

Ranges: TypeAlias = tuple[tuple[int, int], ...]

EVERY: Ranges = ANY_CHAR.ranges


def union(pairs: Iterable[tuple[int, int]]) -> Ranges:
    """The set of all code points in `pairs`, in any order, overlapping or not.

    >>> union([(5, 9), (1, 3), (4, 6)])
    ((1, 9),)
    """
    in_order = sorted(pairs)
    if not in_order or (len(in_order) == 1 and in_order[0][0] <= in_order[0][1] < 0xD800):
        return tuple(in_order)
    merged: list[tuple[int, int]] = []
    for low, high in in_order:
        if low > high:
            continue
        if merged and low <= merged[-1][1] + 1:
            if high > merged[-1][1]:
                merged[-1] = (merged[-1][0], high)
        else:
            merged.append((low, high))
    if merged and merged[0][0] <= 0xDFFF and merged[-1][1] >= 0xD800:
        return intersection(tuple(merged), EVERY)
    return tuple(merged)


@lru_cache(maxsize=512)  # a word boundary asks for the same large sets again and again
def intersection(left: Ranges, right: Ranges) -> Ranges:
    """The code points in both sets; linear in their lengths."""
    out: list[tuple[int, int]] = []
    i = j = 0
    while i < len(left) and j < len(right):
        low, high = max(left[i][0], right[j][0]), min(left[i][1], right[j][1])
        if low <= high:
            out.append((low, high))
        if left[i][1] < right[j][1]:
            i += 1
        else:
            j += 1
    return tuple(out)


def complement(ranges: Ranges) -> Ranges:
    """All characters (no surrogates) that are not in `ranges`."""
    gaps: list[tuple[int, int]] = []
    after = 0
    for low, high in ranges:
        gaps.append((after, low - 1))
        after = high + 1
    gaps.append((after, MAX_CODE_POINT))
    return union(gaps)


def difference(left: Ranges, right: Ranges) -> Ranges:
    """The code points of `left` that are not in `right`."""
    return intersection(left, complement(right))


def contains(ranges: Ranges, code_point: int) -> bool:
    """Is the code point in the set? O(log n)."""
    i = bisect_right(ranges, (code_point, MAX_CODE_POINT + 1)) - 1
    return i >= 0 and ranges[i][0] <= code_point <= ranges[i][1]


def of_text(text: str) -> Ranges:
    """The set of the characters of `text`."""
    return union((ord(c), ord(c)) for c in text)


DIGITS: Ranges = ((0x30, 0x39),)
ASCII_WORD: Ranges = ((0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A))
ASCII_SPACE: Ranges = ((0x09, 0x0D), (0x20, 0x20))
ECMA_SPACE: Ranges = union((*of_text("\t\n\v\f\r \u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff"), (0x2000, 0x200A)))
WHITE_SPACE: Ranges = union(
    ((0x09, 0x0D), (0x20, 0x20), (0x85, 0x85), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029),
     (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000))
)  # fmt: skip
ECMA_LINE_END: Ranges = of_text("\n\r\u2028\u2029")
NEWLINE: Ranges = ((0x0A, 0x0A),)

POSIX: dict[str, Ranges] = {
    "alnum": ((0x30, 0x39), (0x41, 0x5A), (0x61, 0x7A)),
    "alpha": ((0x41, 0x5A), (0x61, 0x7A)),
    "ascii": ((0x00, 0x7F),),
    "blank": ((0x09, 0x09), (0x20, 0x20)),
    "cntrl": ((0x00, 0x1F), (0x7F, 0x7F)),
    "digit": DIGITS,
    "graph": ((0x21, 0x7E),),
    "lower": ((0x61, 0x7A),),
    "print": ((0x20, 0x7E),),
    "punct": ((0x21, 0x2F), (0x3A, 0x40), (0x5B, 0x60), (0x7B, 0x7E)),
    "space": ASCII_SPACE,
    "upper": ((0x41, 0x5A),),
    "word": ASCII_WORD,
    "xdigit": ((0x30, 0x39), (0x41, 0x46), (0x61, 0x66)),
}

_LONG_NAMES = {
    "other": "C", "control": "Cc", "format": "Cf", "unassigned": "Cn", "privateuse": "Co", "surrogate": "Cs",
    "letter": "L", "casedletter": "LC", "lowercaseletter": "Ll", "modifierletter": "Lm", "otherletter": "Lo",
    "titlecaseletter": "Lt", "uppercaseletter": "Lu", "mark": "M", "combiningmark": "M", "spacingmark": "Mc",
    "enclosingmark": "Me", "nonspacingmark": "Mn", "number": "N", "decimalnumber": "Nd", "digit": "Nd",
    "letternumber": "Nl", "othernumber": "No", "punctuation": "P", "punct": "P", "connectorpunctuation": "Pc",
    "dashpunctuation": "Pd", "closepunctuation": "Pe", "finalpunctuation": "Pf", "initialpunctuation": "Pi",
    "otherpunctuation": "Po", "openpunctuation": "Ps", "symbol": "S", "currencysymbol": "Sc", "modifiersymbol": "Sk",
    "mathsymbol": "Sm", "othersymbol": "So", "separator": "Z", "lineseparator": "Zl", "paragraphseparator": "Zp",
    "spaceseparator": "Zs",
}  # fmt: skip


@lru_cache(maxsize=1)
def _categories() -> dict[str, Ranges]:
    found: dict[str, list[tuple[int, int]]] = {}
    start, current = 0, unicodedata.category("\0")
    for code_point in range(1, MAX_CODE_POINT + 2):
        name = unicodedata.category(chr(code_point)) if code_point <= MAX_CODE_POINT else ""
        if name != current:
            found.setdefault(current, []).append((start, code_point - 1))
            start, current = code_point, name
    return {name: union(pairs) for name, pairs in found.items()}


@lru_cache(maxsize=64)
def general_category(name: str) -> Ranges | None:
    """The set of a general category, by its short (`Lu`, `L`) or long name (`Uppercase_Letter`); None if there is none.

    >>> contains(general_category("Lu"), ord("A")), general_category("Klingon")
    (True, None)
    """
    plain = re.sub(r"[\s_-]", "", name).lower()
    short = _LONG_NAMES.get(plain, name)
    if short in ("LC", "L&"):
        return union(pair for part in ("Lu", "Ll", "Lt") for pair in _categories()[part])
    parts = [pairs for key, pairs in _categories().items() if key == short or (len(short) == 1 and key[0] == short)]
    return union(pair for pairs in parts for pair in pairs) if parts else None


@lru_cache(maxsize=64)
def unicode_property(name: str) -> Ranges | None:
    """What `\\p{name}` holds, where the interpreter's tables can answer: categories, Any, ASCII, White_Space."""
    key, _, value = name.partition("=")
    if value:
        plain = key.replace("_", "").lower()
        return general_category(value) if plain in ("gc", "generalcategory") else None
    special = {"any": EVERY, "ascii": POSIX["ascii"], "whitespace": WHITE_SPACE, "space": WHITE_SPACE}
    special_set = special.get(re.sub(r"[\s_-]", "", name).lower())
    if special_set is not None:
        return special_set
    if name.lower() == "assigned":
        return complement(general_category("Cn") or ())
    return general_category(name)


@lru_cache(maxsize=1)
def _every_character() -> str:
    return array("I", range(MAX_CODE_POINT + 1)).tobytes().decode(f"utf-32-{sys.byteorder[0]}e", "surrogatepass")


@lru_cache(maxsize=4)
def python_class(escape: str) -> Ranges:
    """What `re` itself means by `\\w`, `\\d` or `\\s` on str patterns."""
    return union((m.start(), m.end() - 1) for m in re.finditer(escape + "+", _every_character()))


@lru_cache(maxsize=1)
def rust_word() -> Ranges:
    """`\\w` of Rust's regex: Alphabetic, Mark, Decimal_Number, Connector_Punctuation, Join_Control (UTS 18, annex C).

    Alphabetic is not in `unicodedata`; beyond letters, letter numbers and marks it holds the circled and squared
    letters.
    """
    parts = [general_category(name) or () for name in ("L", "Nl", "M", "Nd", "Pc")]
    alphabetic_symbols = ((0x24B6, 0x24E9), (0x1F130, 0x1F149), (0x1F150, 0x1F169), (0x1F170, 0x1F189))
    return union([*(pair for part in parts for pair in part), *alphabetic_symbols, (0x200C, 0x200D)])


# Simple foldings that Unicode 15.1 added; `str.casefold` knows only the full ones.
_LATE_FOLDINGS = ((0x0390, 0x1FD3), (0x03B0, 0x1FE3), (0xFB05, 0xFB06))


def _cased_characters() -> Iterator[str]:
    """The characters that are not their own folding, and others beside them: blocks without any are passed over."""
    for start in range(0, MAX_CODE_POINT + 1, _BLOCK):
        block = "".join(map(chr, range(start, start + _BLOCK)))
        if block.casefold() != block or block.lower() != block:
            yield from block


_BLOCK = 256


@lru_cache(maxsize=1)
def _case_variants() -> dict[int, tuple[int, ...]]:
    """For every cased character all characters with the same simple case folding."""
    groups: dict[str, list[int]] = {chr(low): [low, high] for low, high in _LATE_FOLDINGS}
    for c in _cased_characters():
        folded = c.casefold()
        key = folded if len(folded) == 1 else c.lower()
        if len(key) != 1:
            continue
        if key != c:
            groups.setdefault(key, [ord(key)]).append(ord(c))
    return {c: tuple(group) for group in groups.values() for c in group}


@lru_cache(maxsize=256)
def ignoring_case(ranges: Ranges) -> Ranges:
    """The set and all case variants of its members, by simple case folding.

    >>> ignoring_case(of_text("k")) == of_text("kK\u212a")
    True
    """
    extra = [(v, v) for c, variants in _case_variants().items() if contains(ranges, c) for v in variants]
    return union([*ranges, *extra])


_MORE_VARIANTS = {"i": "\u0130\u0131", "k": "\u212a", "s": "\u017f"}
_ASCII_VARIANTS = {c: c + c.upper() + _MORE_VARIANTS.get(c, "") for c in ascii_lowercase}


@lru_cache(maxsize=256)
def ignoring_case_like_re(ranges: Ranges) -> Ranges:
    """The set and all case variants of its members, as `re.IGNORECASE` sees them."""
    if not ranges:
        return ranges
    if ranges[-1][1] < 0x80:
        letters = [chr(c) for low, high in ranges for c in range(low, high + 1) if chr(c).isalpha()]
        return union([*ranges, *((ord(v), ord(v)) for c in letters for v in _ASCII_VARIANTS[c.lower()])])
    source = "".join(f"\\U{low:08x}-\\U{high:08x}" for low, high in ranges)
    candidates = "".join(map(chr, sorted({*_case_variants(), 0x130, 0x131})))
    extra = re.findall(f"[{source}]", candidates, re.IGNORECASE)
    return union([*ranges, *((ord(c), ord(c)) for c in extra)])
