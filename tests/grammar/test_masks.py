"""Masks of the shipped grammars equal trying every token, over vocabularies of thousands of tokens, along walks that
end; and no walk meets a dead end."""

from __future__ import annotations

import os
from itertools import product
from pathlib import Path
from random import Random

import numpy as np
import pytest

import typeloom as tl
from grammar.shipped_texts import TEXTS

N_WALKS = int(os.environ.get("TYPELOOM_WALKS", "4"))
"""Of each grammar; 10,000 make 10^5 in all."""


def pieces_of_texts() -> list[bytes]:
    """4,096 tokens: the bytes, what stands in the texts, and other things that straddle their borders."""
    random = Random(7)
    everything = [text.encode() for good, bad in TEXTS.values() for text in (*good, *bad) if text]
    found = dict.fromkeys(bytes([b]) for b in range(256))
    while len(found) < 4095:
        one, other = random.choice(everything), random.choice(everything)
        at, to = random.randrange(len(one)), random.randrange(1, 9)
        piece = one[at : at + to]
        if random.random() < 0.3:
            piece += other[: random.randrange(1, 5)]
        if random.random() < 0.1:
            piece = piece[:2] + random.choice(["é", "漢", "😀"]).encode()[: random.randrange(1, 5)]
        found[piece] = None
    return [*found, b""]


@pytest.fixture(scope="module")
def large() -> tuple[tl.Vocabulary, list[bytes], list[int]]:
    pieces = pieces_of_texts()
    end = len(pieces) - 1
    return tl.Vocabulary.from_tokens(pieces, end_ids=[end], special_ids=[end]), pieces, [end]


def bits(mask: np.ndarray, n: int) -> np.ndarray:
    return np.unpackbits(mask.view(np.uint8), bitorder="little")[:n].astype(bool)


def compare(constraint: tl.Constraint, pieces: list[bytes], end_ids: list[int], text: bytes, steps: int) -> None:
    """The mask at the beginning and behind the first bytes of a text, against a copy that each token is given to."""
    vocabulary = constraint.vocabulary
    mask = vocabulary.new_mask()
    matcher = constraint.start()
    places = sorted({0, len(text), *(len(text) * i // steps for i in range(1, steps))})
    at = 0
    for place in places:
        matcher.core.accept_bytes(text[at:place])  # type: ignore[union-attr]
        at = place
        matcher.fill_mask(mask)
        found = bits(mask, len(pieces))
        for token, piece in enumerate(pieces):
            if token in end_ids:
                assert found[token] == matcher.is_accepting()
            else:
                taken = bool(piece) and matcher.accept(token)
                assert found[token] == taken, (text[:place], piece)
                if taken:
                    matcher.rollback(1)


@pytest.mark.parametrize("name", TEXTS)
def test_masks_equal_brute_force_over_4096_tokens(
    name: str, large: tuple[tl.Vocabulary, list[bytes], list[int]]
) -> None:
    vocabulary, pieces, end_ids = large
    constraint = tl.compile(tl.grammars.load(name), vocabulary)
    for text in sorted(TEXTS[name][0], key=len)[-2:]:
        compare(constraint, pieces, end_ids, text.encode(), 4)


@pytest.mark.parametrize("name", ["sql_select", "python_literal", "json"])
def test_masks_equal_brute_force_over_a_real_vocabulary(name: str) -> None:
    data = os.environ.get("TYPELOOM_DATA")
    if not data:
        pytest.skip("TYPELOOM_DATA: no vocabulary of a model")
    vocabulary = tl.Vocabulary.from_gguf(Path(data) / "vocabs" / "gpt-2.gguf")
    pieces = [vocabulary.token(i) for i in range(len(vocabulary))]
    constraint = tl.compile(tl.grammars.load(name), vocabulary)
    text = max(TEXTS[name][0], key=len).encode()
    compare(constraint, pieces, list(vocabulary.end_ids), text, 2)


NAMES = (
    "[a-z][a-z0-9]*",  # one character, then the loop
    "[a-z]{2,}",  # nothing is complete before the loop
    "[^ ();]+",  # characters above ASCII too
    "[a-z]+(?:-[a-z]+)*",  # out of the loop and into it again
    "[a-z]([a-z]{2})*",  # no loop: two states take turns
)


def words_of(random: Random) -> list[str]:
    """A few of two letters, some of which begin others."""
    return sorted({"".join(random.choices("ab", k=random.randrange(1, 6))) for _ in range(random.randrange(1, 9))})


def pieces_of_two_letters() -> list[bytes]:
    """All texts of two letters up to six, what may stand before and behind them, white space up to four."""
    found = dict.fromkeys([*(chr(c).encode() for c in range(32, 127)), "é".encode(), b"\xc3", b"\xa9", b""])
    words = ["".join(letters) for length in range(1, 7) for letters in product("ab", repeat=length)]
    for word in words:
        for behind in ("", " ", "(", ") ", ";a", " b", " (", "!;", "-", "c", "7", "é"):
            found[f"{word}{behind}".encode()] = None
            found[f" {word}{behind}".encode()] = None
    for letter in "cdefghijz":
        for behind in ("", "a", "b ", "ab(", "9;", "-a"):
            found[f"{letter}{behind}".encode()] = None
    for length in range(1, 5):
        for blanks in product(" \n\t", repeat=length):
            for behind in ("", "a", "bb ", "z(", ";", "7", "é"):
                found["".join((*blanks, behind)).encode()] = None
    return [*(piece for piece in found if piece), b""]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("seed", range(4))
def test_names_beside_words_that_are_none(name: str, seed: int) -> None:
    random = Random(f"{name} {seed}")
    pieces = pieces_of_two_letters()
    end = len(pieces) - 1
    vocabulary = tl.Vocabulary.from_tokens(pieces, end_ids=[end], special_ids=[end])
    none, said, used = words_of(random), words_of(random), words_of(random)
    gap = random.choice([" +", r"[ \n]+", r"[ \n\t]+", r"( |\n )+"])
    constraint = tl.compile(
        tl.Lark(f"""
            start: part (_GAP? ";" part)*
            part: SAID _GAP name [_GAP USED "!"] | name ["(" [name _GAP ("7" | USED) _GAP?] ")"] | name (_GAP name)+
            name: NAME
            NAME: /(?!(?:{"|".join(none)})(?![a-z0-9])){name}/
            SAID: {" | ".join(f'"{word}"' for word in said)}
            USED: {" | ".join(f'"{word}"' for word in used)}
            _GAP: /{gap}/
        """),
        vocabulary,
    )
    mask = vocabulary.new_mask()
    for _ in range(3):
        matcher = constraint.start()
        for _ in range(6):
            matcher.fill_mask(mask)
            found = bits(mask, len(pieces))
            for token, piece in enumerate(pieces[:-1]):
                taken = matcher.accept(token)
                assert found[token] == taken, (none, said, used, gap, piece)
                if taken:
                    matcher.rollback(1)
            allowed = np.flatnonzero(found[:-1])
            short = [token for token in allowed if len(pieces[token]) < 4]
            assert matcher.accept(int(random.choice(short)))


@pytest.mark.parametrize("name", TEXTS)
def test_walks_meet_no_dead_end_and_finish(name: str, large: tuple[tl.Vocabulary, list[bytes], list[int]]) -> None:
    vocabulary, pieces, end_ids = large
    constraint = tl.compile(tl.grammars.load(name), vocabulary)
    random = Random(name)
    mask = vocabulary.new_mask()
    for _ in range(N_WALKS):
        matcher = constraint.start()
        text = b""
        budget = constraint.min_tokens + random.randrange(30)
        for left in range(budget, 0, -1):
            matcher.core.fill_mask_within(mask, left)  # type: ignore[union-attr]
            allowed = np.flatnonzero(bits(mask, len(pieces)))
            assert len(allowed), (text, "a dead end")
            token = int(allowed[random.randrange(len(allowed))])
            assert matcher.accept(token)
            if token in end_ids:
                break
            text += pieces[token]
        assert matcher.is_accepting(), text
        assert constraint.accepts(text)
