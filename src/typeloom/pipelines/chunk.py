"""A long text cut into chunks that a model can read, at the ends of paragraphs or sentences.

Laws. A chunk is a piece of the text as it stands: `chunk.text == text[chunk.start:chunk.end]`. Together the chunks hold
every character; each begins and ends after the one before it. No chunk has more tokens than asked for, each sentence
counted by itself; only a single character may. A sentence that is too long is cut between words,
a word between characters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from typeloom.errors import LimitError

CountTokens = Callable[[str], int]

_PARAGRAPH = re.compile(r"\n[^\S\n]*\n\s*")
_SENTENCE = re.compile(r"""[.!?…]["'”’»)\]]*\s+(?![a-z])|[。！？]\s*|\n\s*""")
_WORD = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Chunk:
    """A part of a text. `start` and `end` are characters, half open; `byte_start` is in bytes of UTF-8."""

    text: str
    start: int
    byte_start: int

    @property
    def end(self) -> int:
        """Where the chunk ends in the text, in characters."""
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Chunks:
    """How a text is cut: chunks of at most `tokens`, each beginning with the last `overlap` tokens of the one before,
    in whole sentences.

    Raises LimitError unless 0 <= overlap < tokens.

    >>> [chunk.text for chunk in Chunks(4).cut("One two. Three four. Five.", lambda text: len(text.split()))]
    ['One two. Three four. ', 'Five.']
    """

    tokens: int
    overlap: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.overlap < self.tokens:
            raise LimitError(
                f"expected an overlap of 0 or more and less than the tokens of a chunk, got {self.overlap} and"
                f" {self.tokens}",
                limit="overlap",
                value=self.overlap,
            )

    def cut(self, text: str, count: CountTokens) -> list[Chunk]:
        """The chunks of a text, in order; none of an empty one. Counts each sentence once: linear in the text."""
        pieces = list(_pieces(text, self.tokens, count))
        chunks: list[Chunk] = []
        begin = end = 0
        while end < len(pieces):
            fits = _filled(pieces, begin, self.tokens)
            upto = fits if fits == len(pieces) else max(_last_paragraph(pieces, begin, fits), end + 1)
            start = pieces[begin].start
            chunks.append(Chunk(text[start : pieces[upto - 1].end], start, _bytes_before(text, start, chunks)))
            end = upto
            begin = _overlapping(pieces, begin + 1, end, self.overlap, self.tokens)
        return chunks


@dataclass(frozen=True, slots=True)
class _Piece:
    """A sentence with the white space after it, or a part of one that was too long."""

    start: int
    end: int
    tokens: int
    ends_paragraph: bool


def _pieces(text: str, most: int, count: CountTokens) -> Iterator[_Piece]:
    paragraphs = {match.end() for match in _PARAGRAPH.finditer(text)}
    for start, end in _between(text, 0, len(text), _SENTENCE):
        for one, other, tokens in _small(text, start, end, most, count):
            yield _Piece(one, other, tokens, other in paragraphs)


def _between(text: str, start: int, end: int, ends: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """The stretches of a text, each up to the end of a match."""
    for match in ends.finditer(text, start, end):
        if match.end() > start:
            yield start, match.end()
            start = match.end()
    if start < end:
        yield start, end


def _small(text: str, start: int, end: int, most: int, count: CountTokens) -> Iterator[tuple[int, int, int]]:
    """A stretch in parts of at most `most` tokens: as it is, or in halves, cut between words where there are any."""
    left = [(start, end)]
    while left:
        one, other = left.pop()
        tokens = count(text[one:other])
        if tokens <= most or other - one == 1:
            yield one, other, tokens
            continue
        middle = (one + other) // 2
        cuts = [match.end() for match in _WORD.finditer(text, one, other) if one < match.end() < other]
        at = min(cuts, key=lambda cut: abs(cut - middle)) if cuts else middle
        left += [(at, other), (one, at)]


def _filled(pieces: Sequence[_Piece], begin: int, most: int) -> int:
    """The end of the longest run of pieces from `begin` that has at most `most` tokens, at least one piece."""
    total = pieces[begin].tokens
    upto = begin + 1
    while upto < len(pieces) and total + pieces[upto].tokens <= most:
        total += pieces[upto].tokens
        upto += 1
    return upto


def _last_paragraph(pieces: Sequence[_Piece], begin: int, upto: int) -> int:
    """The end of the last paragraph in the second half of a run, or of the run where there is none."""
    for at in range(upto, begin + (upto - begin) // 2, -1):
        if pieces[at - 1].ends_paragraph:
            return at
    return upto


def _overlapping(pieces: Sequence[_Piece], first: int, end: int, overlap: int, most: int) -> int:
    """Where the next chunk begins: before its first new piece as many whole ones as the overlap and the chunk hold."""
    room = min(overlap, most - pieces[end].tokens) if end < len(pieces) else 0
    begin = end
    while begin > first and pieces[begin - 1].tokens <= room:
        room -= pieces[begin - 1].tokens
        begin -= 1
    return begin


def _bytes_before(text: str, start: int, chunks: Sequence[Chunk]) -> int:
    """The bytes of UTF-8 before a character, counted on from the last chunk."""
    known = chunks[-1] if chunks else Chunk("", 0, 0)
    return known.byte_start + len(text[known.start : start].encode("utf-8", "surrogatepass"))
