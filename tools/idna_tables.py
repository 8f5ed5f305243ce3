"""Write `src/typeloom/regex/idna_tables.py`: what RFC 5892 and RFC 5893 ask of the Unicode character database.

    pip install unicodedata2 regex && python tools/idna_tables.py

Categories, normalisation, combining and bidirectional classes come from `unicodedata2`, which is newer than the
interpreter's own; scripts, joining types and the ignorable characters from `regex`. Both have to be of one version.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from unicodedata import category as known

import regex
import unicodedata2 as ucd

TARGET = Path(__file__).parents[1] / "src/typeloom/regex/idna_tables.py"
EVERY = [chr(point) for point in range(0x110000) if not 0xD800 <= point <= 0xDFFF]
CONTEXT = "\u00b7\u0375\u05f3\u05f4\u30fb\u200c\u200d" + "".join(
    chr(first + at) for first in (0x0660, 0x06F0) for at in range(10)
)
EXCEPTIONS = {  # RFC 5892, section 2.6
    "PVALID": "\u00df\u03c2\u06fd\u06fe\u0f0b\u3007",
    "DISALLOWED": "\u0640\u07fa\u302e\u302f\u3031\u3032\u3033\u3034\u3035\u303b",
}
BLOCKS = ((0x20D0, 0x20FF), (0x1D100, 0x1D1FF), (0x1D200, 0x1D24F))  # section 2.4: IgnorableBlocks
HEADER = '''"""The characters of internationalised host names. Written by `tools/idna_tables.py`; do not edit.

KINDS: what the rules know the characters by that a label may hold at all (PVALID and those with a contextual rule,
RFC 5892), and which these are, as ranges of code points in hexadecimal. The names: bidirectional and combining class,
scripts and joining types where they matter, single characters that the rules name, and by number, up to COMPOSITIONS,
which characters change under NFC behind which (each of `second-N` behind each of `first-N`).
"""

# ruff: noqa: E501

'''


def having(expression: str) -> set[str]:
    """The characters that match one of `regex`'s properties."""
    return set(regex.findall(expression, "".join(EVERY)))


def folded(text: str) -> str:
    """Case folding, which the interpreter does; it does not know the newest letters, of which the capitals change."""
    return "".join("?" if known(c) == "Cn" and ucd.category(c) in ("Lu", "Lt") else c.casefold() for c in text)


def valid() -> set[str]:
    """PVALID: RFC 5892, section 3."""
    ignorable = having(r"\p{Default_Ignorable_Code_Point}|\p{White_Space}|\p{Noncharacter_Code_Point}")
    jamo = having(r"[\u1100-\u11ff\ua960-\ua97c\ud7b0-\ud7fb]")
    found = set(EXCEPTIONS["PVALID"])
    for c in EVERY:
        if c in EXCEPTIONS["PVALID"] or c in EXCEPTIONS["DISALLOWED"] or c in CONTEXT:
            continue
        if c in "-0123456789abcdefghijklmnopqrstuvwxyz":
            found.add(c)
            continue
        if ucd.category(c) == "Cn" or c in jamo or c in ignorable:
            continue
        if ucd.normalize("NFKC", folded(ucd.normalize("NFKC", c))) != c:
            continue
        if any(low <= ord(c) <= high for low, high in BLOCKS):
            continue
        if ucd.category(c) in ("Ll", "Lu", "Lo", "Nd", "Lm", "Mn", "Mc"):
            found.add(c)
    return found


def compositions(allowed: list[str]) -> dict[tuple[str, ...], list[str]]:
    """By the characters that it must not follow, the characters that change what stands before them under NFC."""
    late = [c for c in EVERY if len(pair := ucd.decomposition(c).split()) == 2 and "<" not in pair[0]]
    seconds = {chr(int(ucd.decomposition(c).split()[1], 16)) for c in late} & set(allowed)
    found: dict[tuple[str, ...], list[str]] = {}
    for second in sorted(seconds):
        firsts = tuple(
            c for c in allowed if ucd.combining(c) == 0 and ucd.normalize("NFC", c + second) != c + second
        )
        if firsts:
            found.setdefault((str(ucd.combining(second)), *firsts), []).append(second)
    return found


def ranges(characters: Iterable[str]) -> str:
    points = sorted(map(ord, characters))
    runs: list[list[int]] = []
    for point in points:
        if runs and point == runs[-1][1] + 1:
            runs[-1][1] = point
        else:
            runs.append([point, point])
    return " ".join(f"{low:x}" if low == high else f"{low:x}-{high:x}" for low, high in runs)


def main() -> None:
    allowed = sorted(valid() | set(CONTEXT))
    assert all(ucd.normalize("NFC", c) == c for c in allowed)
    sets = {
        "ascii": {c for c in allowed if c.isascii()},
        "mark": {c for c in allowed if ucd.category(c)[0] == "M"},
        "Greek": having(r"\p{Script=Greek}"),
        "Hebrew": having(r"\p{Script=Hebrew}"),
        "kana-or-Han": having(r"[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]"),
        "joins-on": having(r"[\p{Joining_Type=L}\p{Joining_Type=D}]"),
        "joins-back": having(r"[\p{Joining_Type=R}\p{Joining_Type=D}]"),
        "joins-through": having(r"\p{Joining_Type=T}"),
        "Arabic-Indic": set(CONTEXT[7:17]),
        "Extended-Arabic-Indic": set(CONTEXT[17:]),
    }
    sets |= {f"U+{ord(c):04X}": {c} for c in "-l" + CONTEXT[:7]}
    composing = compositions(allowed)
    for at, ((_, *firsts), seconds) in enumerate(composing.items()):
        sets[f"first-{at}"], sets[f"second-{at}"] = set(firsts), set(seconds)
    kinds: dict[str, list[str]] = {}
    for c in allowed:
        names = [ucd.bidirectional(c), f"ccc-{ucd.combining(c)}", *(name for name, some in sets.items() if c in some)]
        kinds.setdefault(" ".join(names), []).append(c)
    text = HEADER.format(version=ucd.unidata_version)
    text += f'UNICODE = "{ucd.unidata_version}"\nCOMPOSITIONS = {len(composing)}\nKINDS = (\n'
    text += "".join(f'    ("{names}", "{ranges(some)}"),\n' for names, some in kinds.items())
    TARGET.write_text(text + ")\n", "utf-8")


if __name__ == "__main__":
    main()
