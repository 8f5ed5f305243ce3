"""Labels of host names against the `idna` package, and the automaton of A-labels against itself.

Skipped without `idna`. The package asks the interpreter about classes and normal forms, so only characters that the
interpreter knows are drawn.
"""

from __future__ import annotations

import json
import unicodedata
from functools import cache
from random import Random
from typing import Any

import pytest

import typeloom as tl
from laws.vocabularies import bytes_only
from oracles.expression import decoded
from oracles.masks import allowed_by_mask, allowed_by_trial
from typeloom.regex import idna_tables

idna: Any = pytest.importorskip("idna")

LETTERS_AND_DIGITS = "abcdefghijklmnopqrstuvwxyz0123456789"
PIECES = (
    b"xn--", b"a", b"ab", b"kva", b"-", b"9n2", b'a"', b'-7a"', b".", b"a.", b'va"', b".xn--", b'."', b'a",',
    b"\\u0061",
)  # fmt: skip
BEGINNINGS = (
    "", "xn--", "xn--mller-kv", "xn--mller-", "a.xn--9n2bp8", "xn--9n2bp8q.x", "xn--" + "a" * 49, "xn--" + "a" * 51,
)  # fmt: skip


def _ranges(text: str) -> list[tuple[int, int]]:
    ends = [one.partition("-") for one in text.split()]
    return [(int(low, 16), int(high or low, 16)) for low, _, high in ends]


def _is_label(label: str) -> str:
    """Empty for a label that the package takes, else what it says against it."""
    try:
        idna.check_label(label)
    except idna.IDNAError as error:
        return str(error) or "no"
    return ""


@cache
def _kinds() -> list[list[tuple[int, int]]]:
    return [_ranges(text) for _, text in idna_tables.KINDS]


@cache
def _constraint(name: str) -> tl.Constraint:
    schema = {"type": "string", "format": name}
    return tl.compile(tl.JsonSchema(schema), bytes_only().vocabulary(), layout="flexible")


def _accepts(name: str, text: str) -> bool:
    return _constraint(name).accepts(json.dumps(text, ensure_ascii=False))


def _label(chance: Random) -> str:
    """A text of a few kinds of characters, so that rules about what stands beside what are met."""
    some = chance.sample(_kinds(), chance.randint(1, 3))
    if chance.random() < 0.6:
        some = [kind for kind in some if _common(kind)] or [[(0x61, 0x7A)]]
    marked = "\u00b7\u0375\u05f3\u30fb\u200c\u200d\u0661\u06f1l-\u094d\u0301"
    text = ""
    for _ in range(chance.randint(1, 6)):
        low, high = chance.choice(chance.choice(some))
        text += chance.choice(marked) if chance.random() < 0.3 else chr(chance.randint(low, high))
    return "".join(c for c in text if unicodedata.category(c) != "Cn") or "a"  # the package asks the interpreter


def _common(kind: list[tuple[int, int]]) -> bool:
    return kind[0][0] < 0x3100


@pytest.mark.skipif(idna.idnadata.__version__ != idna_tables.UNICODE, reason="another version of Unicode")
def test_the_characters_are_the_packages() -> None:
    mine = {point for _, text in idna_tables.KINDS for low, high in _ranges(text) for point in range(low, high + 1)}
    classes = ("PVALID", "CONTEXTJ", "CONTEXTO")
    theirs = {
        point
        for name in classes
        for one in idna.idnadata.codepoint_classes[name]
        for point in range(one >> 32, one & 0xFFFFFFFF)
    }
    assert mine == theirs


@pytest.mark.skipif(idna.idnadata.__version__ != idna_tables.UNICODE, reason="another version of Unicode")
def test_u_labels_are_the_packages() -> None:
    chance = Random("u-labels")
    valid = 0
    for _ in range(300):
        label = _label(chance)
        said = _is_label(label)
        valid += not said
        assert _accepts("idn-hostname", label) == (not said), (ascii(label), said)
    assert valid > 20


WORDS = (
    "m\u00fcller", "b\u00fccher-laden", "\u4e2d\u6587\u7f51", "\uc2e4\ub840", "\u03c0\u03b1\u03c1\u03ac",
    "\u05d0\u05d1\u05d2", "\u0628\u064a\u200c\u0628\u064a", "\u0915\u094d\u200d\u0937", "l\u00b7l",
    "\u30fb\u3041", "stra\u00dfe", "1\u00fc", "\u0627\u0661",
)  # fmt: skip


def _a_label(chance: Random) -> str:
    """What an A-label may look like behind its prefix: a true one, one that is changed a little, or anything."""
    word = "".join(chance.choice(WORDS) for _ in range(chance.choice([1, 1, 1, 2, 5, 9])))
    text = word.encode("punycode").decode() if chance.random() < 0.8 else ""
    for _ in range(chance.choice([0, 0, 0, 1, 2])):
        at = chance.randint(0, len(text))
        text = text[:at] + chance.choice(LETTERS_AND_DIGITS + "-") + text[at + chance.randint(0, 1) :]
    if not text:
        text = "".join(chance.choice(LETTERS_AND_DIGITS) for _ in range(chance.randint(1, 8)))
    return text


def test_a_labels_are_those_of_what_they_decode_to() -> None:
    chance = Random("a-labels")
    valid = 0
    for _ in range(400):
        text = _a_label(chance)
        said = decoded(text)
        if said and any(unicodedata.category(c) == "Cn" for c in said):
            continue  # the package asks the interpreter
        expected = bool(said) and not str(said).isascii() and not _is_label(str(said)) and 0 < len(text) <= 59
        valid += expected
        spelt = chance.choice(["xn--", "xn--", "XN--"]) + (text.upper() if chance.random() < 0.1 else text)
        for name in ("hostname", "idn-hostname"):
            assert _accepts(name, spelt) == expected, (spelt, ascii(said))
    assert valid > 80


def test_names_hold_the_bidi_rule_in_all_labels_or_in_none() -> None:
    hebrew, arabic = "xn--4dbc", "xn--ngba"
    for name in ("hostname", "idn-hostname"):
        assert _accepts(name, f"a.{hebrew}.{arabic}") and _accepts(name, "0a.b.xn--mller-kva")
        assert not _accepts(name, f"0a.{hebrew}") and not _accepts(name, f"{hebrew}.b.0a")
    assert _accepts("idn-hostname", "a.\u05d0") and not _accepts("idn-hostname", "\u05d0.0a")


def test_the_longest_u_labels() -> None:
    assert _accepts("idn-hostname", "\u00fc" * 55)
    assert len(("\u00fc" * 57).encode("punycode")) <= 59 and _accepts("idn-hostname", "\u00fc" * 57)
    assert not _accepts("idn-hostname", "\u00fc" * 58)


def test_no_beginning_of_an_a_label_is_a_dead_end() -> None:
    chance = Random("dead ends")
    constraint = tl.compile(tl.JsonSchema({"type": "string", "format": "hostname"}), bytes_only().vocabulary())
    closed = 0
    for _ in range(20):
        matcher = constraint.start()
        begun = _a_label(chance)[:59] if chance.random() < 0.5 else ""
        assert matcher.accept_bytes(b'"xn--')
        for letter in begun + "".join(chance.choice(LETTERS_AND_DIGITS + "-") for _ in range(59 - len(begun))):
            matcher.accept_bytes(letter.encode())  # what is not live is passed over
        for _ in range(12):
            candidates = b'"' + LETTERS_AND_DIGITS.encode() + b"-."
            live = [byte for byte in candidates if matcher.copy().accept_bytes(bytes((byte,)))]
            assert live
            matcher.accept_bytes(bytes((live[0],)))
            if live[0] == ord('"'):
                closed += 1
                break
    assert closed > 5


def test_masks_in_a_labels_equal_brute_force() -> None:
    pieces = [*(bytes((byte,)) for byte in range(256)), *PIECES, b"</s>"]
    end = len(pieces) - 1
    vocabulary = tl.Vocabulary.from_tokens(pieces, end_ids=[end])
    for layout in ("compact", "flexible"):
        constraint = tl.compile(tl.JsonSchema({"type": "string", "format": "hostname"}), vocabulary, layout=layout)
        for text in BEGINNINGS:
            matcher = constraint.start()
            assert matcher.accept_bytes(b'"' + text.encode())
            mask = vocabulary.new_mask()
            matcher.fill_mask(mask)
            expected = allowed_by_trial(matcher, pieces, end_ids=[end])
            assert allowed_by_mask(mask, len(pieces)) == expected, (layout, text)


def test_a_way_is_as_long_as_is_said() -> None:
    chance = Random("ways")
    constraint = tl.compile(tl.JsonSchema({"type": "string", "format": "hostname"}), bytes_only().vocabulary())
    for _ in range(8):
        matcher = constraint.start()
        matcher.accept_bytes(b'"xn--')
        for letter in _a_label(chance)[: chance.randint(0, 57)]:
            matcher.accept_bytes(letter.encode())
        for left in range(matcher.least_tokens, 0, -1):
            for byte in range(0x22, 0x7B):
                other = matcher.copy()
                if other.accept_bytes(bytes((byte,))) and other.least_tokens < left:
                    break
            else:
                raise AssertionError(f"no byte is nearer than {left}")
            matcher = other
            if matcher.is_accepting():
                break
        assert matcher.is_accepting()


HOST: dict[str, Any] = {"type": "string", "format": "hostname"}


@pytest.mark.parametrize(
    "schema",
    [
        {**HOST, "maxLength": 40},
        {**HOST, "minLength": 9},
        {**HOST, "pattern": "a"},
        {"anyOf": [HOST, {"type": "string", "format": "ipv6"}]},
        {"allOf": [HOST, {"type": "string", "maxLength": 40}]},
    ],
)
def test_beside_other_constraints_nothing_is_decoded(schema: dict[str, Any]) -> None:
    """What keeps masks there from making a state for each token; `check` says so."""
    constraint = tl.compile(tl.JsonSchema(schema), bytes_only().vocabulary())
    assert constraint.accepts('"xn--mller-kva"') and constraint.accepts('"xn--aaaaaaaaaaaaaaaa"')
    assert not constraint.accepts('"xn--"') and not constraint.accepts('"xn--a-"') and not constraint.accepts('"ab--c"')
    assert not _accepts("hostname", "xn--aaaaaaaaaaaaaaaa")
