"""A document that is quoted from: its text, where quotations may begin and end, and where one stands.

Theory of operation. The text is *read* first, as the mark `Verbatim` says: white space collapsed or not, hyphens at
line ends joined or not. Reading only leaves characters out or puts a blank in the place of some, so each character of
the reading has one place in the text, and the end of a quotation is the end of its last character's place. The
reading's bytes, with a bit for each place where a quotation may begin or end, make the core's Document
(`src/core/document.h`); positions that it finds are carried back.

Words are found after Unicode Standard Annex 29: letters with digits, marks and connectors, a full stop or apostrophe
between two letters or digits (`U.S`, `don't`, `1.5`), a comma between two digits. Where scripts are written without
blanks (Han, kana, Thai, Lao, Khmer, Myanmar), every character with its marks is a word. Any other character that is not
white space is one, with the marks, joiners and modifiers of an emoji sequence.

Invariants. Without collapsing and joining, `text[span.start:span.end]` is the quotation. Everything is immutable.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import compress

import numpy as np
from numpy.typing import NDArray

from typeloom import _core
from typeloom.errors import LimitError, SchemaError
from typeloom.regex import charset
from typeloom.regex.expr import Excerpt
from typeloom.schema.verbatim import Verbatim

MAX_BYTES = 1 << 26
"""The longest document, in bytes of UTF-8; the index takes about 20 bytes for each."""

PLAIN = Verbatim()
_START, _END = 1, 2  # document.h: kStart, kEnd
_LETTER, _MARK, _DIGIT, _SPACE, _MIDDLE, _MODIFIER, _SYMBOL = (1 << i for i in range(7))
_HYPHEN = re.compile(r"(?<=[^\W\d_])[-\u2010\u00ad][^\S\n]*\n\s*(?=[^\W\d_])")
_BLANKS = re.compile(r"\s{2,}|[^\S ]")
# Scripts without blanks between words: Thai, Lao, Myanmar, Khmer, Tai scripts; Han, kana, Yi.
_UNSPACED: charset.Ranges = (
    (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x1950, 0x19DF), (0x1A20, 0x1AAF), (0x2E80, 0x2FDF),
    (0x3005, 0x3007), (0x3021, 0x3029), (0x3040, 0x30FF), (0x31F0, 0x31FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF),
    (0xA000, 0xA4CF), (0xAA60, 0xAADF), (0xF900, 0xFAFF), (0x1B000, 0x1B16F), (0x20000, 0x3FFFF),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Span:
    """Where a quotation stands in the text as it was given: half-open offsets in characters and in bytes of UTF-8."""

    start: int
    end: int
    byte_start: int
    byte_end: int


class Document:
    """A text that is quoted from. It is indexed once for each way of reading it, when that is first asked for.

    Pass one Document to several `compile` calls to share its indices. Indexing is linear in the text; 1 MB takes about
    a fifth of a second. Raises SchemaError for a text with lone surrogates, LimitError for more than MAX_BYTES bytes.

    >>> document = Document("to be or not to be")
    >>> document.find("to be")
    (Span(start=0, end=5, byte_start=0, byte_end=5), Span(start=13, end=18, byte_start=13, byte_end=18))
    >>> document.find("o b", Verbatim(cut="word"))
    ()
    """

    def __init__(self, text: str) -> None:
        self._text = text
        n_bytes = len(_utf8(text))
        if n_bytes > MAX_BYTES:
            raise LimitError(
                f"expected a document of at most {MAX_BYTES} bytes, got {n_bytes}; cut it into parts",
                limit="document bytes",
                value=n_bytes,
            )
        self._indices: dict[Verbatim, Index] = {}
        self._lock = threading.Lock()

    @property
    def text(self) -> str:
        """The text as it was given."""
        return self._text

    def index(self, how: Verbatim = PLAIN) -> Index:
        """The index of the text read as `how` says, made now if it has not been."""
        with self._lock:
            if how not in self._indices:
                self._indices[how] = Index(self._text, how)
            return self._indices[how]

    def find(self, quotation: str, how: Verbatim = PLAIN) -> tuple[Span, ...]:
        """Every place where the quotation stands, in order; none if it is no quotation. O(log text + places)."""
        return self.index(how).find(quotation)

    def plain(self, part: str) -> Iterator[Span]:
        """Every place where the part stands as it is, without an index. O(text)."""
        at = self._text.find(part)
        while part and at >= 0:
            yield self.span(at, at + len(part))
            at = self._text.find(part, at + 1)

    def span(self, start: int, end: int) -> Span:
        """The Span of the characters from `start` to before `end`."""
        begin = len(self._text[:start].encode())
        return Span(start, end, begin, begin + len(self._text[start:end].encode()))

    def excerpts(self, language: Excerpt) -> _core.Document:
        """What the core needs to step through the quotations of this text."""
        how = Verbatim(language.cut, language.whitespace, language.hyphens)  # type: ignore[arg-type]
        return self.index(how).core


class Index:
    """One reading of a text; made by `Document.index`."""

    def __init__(self, text: str, how: Verbatim) -> None:
        reading, places = _read(text, how)
        self._begins = _character_bytes(reading)  # of each character of the reading, and of the end
        self._places = places
        self._text_begins = self._begins if places is None else _character_bytes(text)
        self.core = _core.Document(_utf8(reading), _cuts(reading, self._begins, how).tobytes())

    def find(self, quotation: str) -> tuple[Span, ...]:
        """As `Document.find`."""
        try:
            data = quotation.encode("utf-8")
        except UnicodeEncodeError:
            return ()
        starts = np.asarray(self.core.find(data), dtype=np.int64)
        first = np.searchsorted(self._begins, starts)
        last = np.searchsorted(self._begins, starts + len(data)) - 1
        return tuple(self._span(int(a), int(b)) for a, b in zip(first, last, strict=True))

    def _span(self, first: int, last: int) -> Span:
        """The span of the characters `first` to `last` of the reading, both included."""
        if self._places is None:
            start, end = first, last + 1
        else:
            start, end = int(self._places[0][first]), int(self._places[1][last])
        return Span(start, end, int(self._text_begins[start]), int(self._text_begins[end]))


def _cuts(reading: str, begins: NDArray[np.int64], how: Verbatim) -> NDArray[np.uint8]:
    """For each byte place of the reading whether a quotation may start and end there."""
    starts = ends = np.ones(len(reading), dtype=bool)
    if how.cut == "word":
        starts, ends = _word_cuts(np.frombuffer(reading.encode("utf-32-le"), dtype=np.uint32))
    cuts = np.zeros(int(begins[-1]) + 1, dtype=np.uint8)
    cuts[begins[:-1]] |= starts * np.uint8(_START)
    cuts[begins[1:]] |= ends * np.uint8(_END)
    return cuts


def _utf8(text: str) -> bytes:
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise SchemaError(
            f"expected a document of Unicode text, got a lone surrogate at character {error.start}; remove it"
        ) from error


def _character_bytes(text: str) -> NDArray[np.int64]:
    """The byte offset of each character in UTF-8, and of the end."""
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    sizes = 1 + (points >= 0x80).astype(np.int64) + (points >= 0x800) + (points >= 0x10000)
    return np.concatenate(([0], np.cumsum(sizes)))


def _read(text: str, how: Verbatim) -> tuple[str, tuple[NDArray[np.int64], NDArray[np.int64]] | None]:
    """The reading, and where each of its characters begins and ends in the text; None where they are the same."""
    if how.whitespace == "keep" and how.hyphens == "keep":
        return text, None
    kept = np.ones(len(text), dtype=bool)
    ends = np.arange(1, len(text) + 1)
    if how.hyphens == "join":
        for match in _HYPHEN.finditer(text):
            kept[match.start() : match.end()] = False
    characters = list(text)
    if how.whitespace == "collapse":
        for match in _BLANKS.finditer(text):
            start, end = match.span()
            if kept[start]:
                kept[start + 1 : end] = False
                characters[start] = " "
                ends[start] = end
    places = np.flatnonzero(kept)
    return "".join(compress(characters, kept)), (places, ends[places])


def _word_cuts(points: NDArray[np.uint32]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """For each character whether a word starts at it, and whether one ends behind it.

    A character goes on with the word before it if it is a mark; if it is a letter and the last character that is no
    mark is one too; if it stands between two letters or digits as the annex says; if it continues an emoji.
    """
    n = len(points)
    kinds = _kinds()[points]
    is_mark = kinds & _MARK > 0
    base = np.maximum.accumulate(np.where(is_mark, 0, np.arange(n)))  # the last character that is no mark
    before = np.concatenate(([0], base[:-1]))
    kinds_before, kinds_after = kinds[before], np.concatenate((kinds[1:], [0]))
    letters = (kinds_before & _LETTER > 0) & (kinds_after & _LETTER > 0)
    digits = (kinds_before & _DIGIT > 0) & (kinds_after & _DIGIT > 0)
    between = ((kinds & _MIDDLE > 0) & letters) | ((points == ord(",")) & digits)
    joins = is_mark | between
    joins |= (kinds & _LETTER > 0) & ((kinds_before & _LETTER > 0) | between[before])
    after_joiner = np.concatenate(([False], points[:-1] == 0x200D))
    joins |= (kinds & _SYMBOL > 0) & (after_joiner | (kinds & _MODIFIER > 0))
    # Regional indicators make flags two by two.
    regional = (points >= 0x1F1E6) & (points <= 0x1F1FF)
    run_start = np.maximum.accumulate(np.where(regional, 0, np.arange(1, n + 1)))
    joins |= regional & ((np.arange(n) - run_start) % 2 == 1)
    is_space = kinds & _SPACE > 0
    if n:
        joins[0] = False
        joins[1:] &= ~is_space[:-1]
    return ~joins & ~is_space, ~np.concatenate((joins[1:], [False])) & ~is_space


@lru_cache(maxsize=1)
def _kinds() -> NDArray[np.uint8]:
    """What each code point is, as bits. Cost: about 0.2 s, once."""
    kinds = np.full(charset.EVERY[-1][1] + 1, _SYMBOL, dtype=np.uint8)
    marks = charset.union([*(charset.general_category("M") or ()), (0x200C, 0x200D), (0xAD, 0xAD)])
    letters = charset.difference(charset.python_class(r"\w"), charset.union([*_UNSPACED, *marks]))
    sets = [(letters, _LETTER), (marks, _MARK), (charset.python_class(r"\s"), _SPACE)]
    for ranges, kind in sets:
        for low, high in ranges:
            kinds[low : high + 1] = kind
    for ranges, kind in (
        (charset.python_class(r"\d"), _DIGIT),
        (charset.of_text(".'\u2019"), _MIDDLE),
        (((0x1F3FB, 0x1F3FF),), _MODIFIER),
    ):
        for low, high in ranges:
            kinds[low : high + 1] |= kind
    return kinds
