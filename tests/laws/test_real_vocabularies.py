"""Law: masks over real vocabularies equal brute force, on schemas of MaskBench; skipped by name without TYPELOOM_DATA.

Every vocabulary-only GGUF of the data folder meets some schemas (TYPELOOM_EXAMPLES of them, few by default). In each,
one of its texts is walked up to a place drawn by the schema's name, and there every token's bytes are tried on a copy
of the matcher. Tokens that begin alike fail alike, so what two bytes already refuse is not tried again.
"""

from __future__ import annotations

import gzip
import json
import os
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest

import typeloom as tl
from typeloom.llama.vocabulary import Pieces, Vocabulary

DATA = Path(os.environ.get("TYPELOOM_DATA") or "/nonexistent")
SCHEMAS = DATA / "maskbench-dev.jsonl.gz"
VOCABULARIES = sorted((DATA / "vocabs").glob("*.gguf"))
MOST = int(os.environ.get("TYPELOOM_EXAMPLES", "2"))
STEP = 19  # every 19th schema: 302 of them

pytestmark = pytest.mark.skipif(
    not (SCHEMAS.is_file() and VOCABULARIES), reason="TYPELOOM_DATA names no folder with MaskBench and vocabularies"
)


@cache
def rows() -> list[dict[str, Any]]:
    with gzip.open(SCHEMAS, "rt", encoding="utf-8") as stream:
        found = [json.loads(line) for number, line in enumerate(stream) if number % STEP == 7]
    chosen = [row for row in found if row["tests"]]
    return chosen if len(chosen) <= MOST else chosen[:: max(1, len(chosen) // MOST)][:MOST]


class Kept(Vocabulary):
    """A vocabulary that remembers the pieces it was read from."""

    pieces: Pieces

    @classmethod
    def from_pieces(cls, pieces: Pieces, *, space_prefix: bool) -> Any:
        made = super().from_pieces(pieces, space_prefix=space_prefix)
        made.pieces = pieces
        return made


def by_trial(matcher: tl.Matcher, pieces: Pieces) -> set[int]:
    """The definition of `oracles.masks`, for vocabularies that are too large for it as it stands."""
    refused_attributes = 1 | 2 | 8  # unknown, unused and control tokens are never text
    beginnings: dict[bytes, bool] = {}

    def taken(text: bytes) -> bool:
        if text not in beginnings:
            beginnings[text] = matcher.copy().accept_bytes(text)
        return beginnings[text]

    allowed = set(pieces.ends) if matcher.is_accepting() else set()
    for token, (piece, attributes) in enumerate(zip(pieces.texts, pieces.attributes, strict=True)):
        if not piece or attributes & refused_attributes or token in pieces.ends:
            continue
        if taken(piece[:1]) and taken(piece[:2]) and (len(piece) < 3 or matcher.copy().accept_bytes(piece)):
            allowed.add(token)
    return allowed


@pytest.mark.parametrize("path", VOCABULARIES, ids=lambda path: path.stem)
def test_masks_equal_brute_force(path: Path) -> None:
    vocabulary = Kept.from_gguf(path)
    mask = vocabulary.new_mask()
    for row in rows():
        random = Random(row["name"])
        text = json.dumps(random.choice(row["tests"])["data"], ensure_ascii=False).encode()
        try:
            constraint = tl.compile(tl.JsonSchema(row["schema"]), vocabulary, layout="flexible", order="any")
        except tl.Error:
            continue  # refused by name; which ones is in benches/record
        matcher = constraint.start()
        for byte in text[: random.randint(0, len(text))]:
            if not matcher.accept_bytes(bytes((byte,))):
                break
        matcher.fill_mask(mask)
        allowed = {int(token) for token in vocabulary.allowed(mask)}
        wrong = allowed ^ by_trial(matcher, vocabulary.pieces)
        assert not wrong, (row["name"], {token: vocabulary.token(token) for token in sorted(wrong)[:20]})
