"""Text to tokens, so that text can never become a control token, and so that no text crashes llama.cpp.

Theory of operation. A prompt is a sequence of segments: *glue* that the template wrote, in which the texts of control
tokens mean those tokens, and *content* that somebody else wrote, in which they mean nothing. Control tokens are found
in the glue here, not in llama.cpp; what lies between two of them, glue and content alike, is tokenised as one run of
plain text (`parse_special=False`). So a prompt with harmless content has exactly the tokens that llama.cpp gives to
the rendered text, and a prompt with hostile content has no control token that the template did not write.

Two things in llama.cpp need care. Tokens marked USER_DEFINED are found in plain text even then; those that look like
markup of a conversation (`<|user|>`) are cut apart where they occur in content. And the pre-tokeniser of byte-level
BPE vocabularies runs std::regex, whose recursion overflows the stack on a long text without a break, so that runs are
cut into pieces of at most 4,096 characters, in front of a space where there is one: GPT-style pre-tokenisers begin a
word there as well, so the tokens are the same; a word longer than that is cut anywhere, which changes how it is split
into tokens, never its bytes.

Source: llama.cpp, src/llama-vocab.cpp (tokenizer_st_partition, token_to_piece), src/unicode.cpp.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from typeloom.errors import LimitError, ModelError, SchemaError
from typeloom.llama.library import api

_UNKNOWN, _CONTROL, _USER_DEFINED = 1, 8, 16  # llama.h: enum llama_token_attr
_LEFT_STRIP, _RIGHT_STRIP = 128, 256
_BYTE_PAIR = 2  # llama.h: LLAMA_VOCAB_TYPE_BPE
_PIECE_CHARACTERS = 4096
_MARKUP = re.compile(rb"<\|.*\|>|<\xef\xbd\x9c.*\xef\xbd\x9c>|</?s>|\[/?[A-Z_]+\]|<(?:start|end)_of_[a-z]+>", re.DOTALL)


@dataclass(frozen=True)
class Segment:
    """A part of a prompt: glue may name control tokens, content may not."""

    text: str
    is_content: bool


def encode(text: str) -> bytes:
    """The UTF-8 bytes of a text. O(n).

    Raises SchemaError where a lone surrogate stands, which no UTF-8 text can hold.

    >>> encode("é")
    b'\\xc3\\xa9'
    """
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        place = error.start
        raise SchemaError(
            f"expected text, character {place} is the lone surrogate U+{ord(text[place]):04X}, which UTF-8 cannot "
            "hold; "
            "decode the text with errors='replace'",
            path=f"$[{place}]",
        ) from None


class Tokenizer:
    """The tokeniser of one loaded vocabulary; valid as long as the model that owns `pointer` is.

    `pieces` and `attributes` are each token's bytes and attribute bits.
    """

    def __init__(self, pointer: int, pieces: Sequence[bytes], attributes: Sequence[int]) -> None:
        self._pointer = pointer
        self._type = int(api.llama_vocab_type(pointer))
        self._adds_bos = bool(api.llama_vocab_get_add_bos(pointer))
        self._bos = int(api.llama_vocab_bos(pointer))
        self._attributes = attributes
        self.longest_token = max((len(piece) for piece in pieces), default=1)
        control: dict[bytes, int] = {}
        guarded: list[bytes] = []
        for token, (piece, attribute) in enumerate(zip(pieces, attributes, strict=True)):
            if not piece or not attribute & (_CONTROL | _UNKNOWN | _USER_DEFINED):
                continue
            if attribute & (_CONTROL | _UNKNOWN):
                control[piece] = token
            elif _MARKUP.fullmatch(piece) or api.llama_vocab_is_eog(pointer, token):
                control[piece] = token
                guarded.append(piece)
        self._control = control
        self._control_pattern = _any_of(control)
        self._guard_pattern = _any_of(guarded)

    @property
    def control_tokens(self) -> dict[str, int]:
        """The texts that mean a token in glue, and the tokens."""
        return {text.decode("utf-8", "replace"): token for text, token in self._control.items()}

    def plain(self, text: str, *, longest: int | None = None) -> list[int]:
        """The tokens of a text that nobody vouches for: never a control token, no beginning-of-sentence token.

        `longest` is the number of tokens there is room for; a text that is certainly longer raises LimitError before
        llama.cpp sees it. Raises SchemaError for a lone surrogate. O(n log n) in bytes.
        """
        return self.prompt([Segment(text, is_content=True)], longest=longest, begin=False)

    def prompt(self, segments: Iterable[Segment], *, longest: int | None = None, begin: bool = True) -> list[int]:
        """The tokens of a prompt; `begin` puts the beginning-of-sentence token in front, once, if the vocabulary
        wants one.

        Raises like `plain`. O(n log n) in bytes.
        """
        parts = [(encode(segment.text), segment.is_content) for segment in segments]
        size = sum(len(part) for part, _ in parts)
        if longest is not None and size > longest * self.longest_token:
            raise LimitError(
                f"expected a prompt of at most {longest} tokens, was {size} bytes, which no {longest} tokens of this "
                f"vocabulary can hold (the longest has {self.longest_token} bytes); "
                "shorten the text, or load the model with a larger n_ctx",
                limit="n_ctx",
                value=size,
            )
        tokens: list[int] = [self._bos] if begin and self._adds_bos and self._bos >= 0 else []
        run: list[tuple[bytes, bool]] = []
        strip_left = False
        for part, is_content in parts:
            if is_content or self._control_pattern is None:
                run.append((part, is_content))
                continue
            at = 0
            for found in self._control_pattern.finditer(part):
                token = self._control[found.group()]
                run.append((part[at : found.start()], False))
                self._flush(run, tokens, strip_left, bool(self._attributes[token] & _LEFT_STRIP))
                strip_left = bool(self._attributes[token] & _RIGHT_STRIP)
                at = found.end()
                if not (token == self._bos and tokens == [token]):  # the template wrote the token that is there already
                    tokens.append(token)
            run.append((part[at:], False))
        self._flush(run, tokens, strip_left, False)
        return tokens

    def _flush(self, run: list[tuple[bytes, bool]], tokens: list[int], strip_left: bool, strip_right: bool) -> None:
        """Tokenise what lies between two control tokens and empty the run."""
        text = b"".join(part for part, _ in run)
        if strip_left or strip_right:
            text = text.lstrip() if strip_left else text
            text = text.rstrip() if strip_right else text
        hostile = any(is_content for _, is_content in run) and self._guard_pattern is not None
        run.clear()
        for piece in self._guarded(text) if hostile else (text,):
            for part in self._pieces(piece):
                tokens.extend(self._tokenize(part))

    def _guarded(self, text: bytes) -> Iterable[bytes]:
        """The text in parts none of which holds the whole text of a markup token."""
        assert self._guard_pattern is not None
        at = 0
        for found in self._guard_pattern.finditer(text):
            yield text[at : found.start() + 1]
            at = found.start() + 1
        yield text[at:]

    def _pieces(self, text: bytes) -> Iterable[bytes]:
        if self._type != _BYTE_PAIR or len(text) <= _PIECE_CHARACTERS:
            return (text,) if text else ()
        characters = text.decode()
        pieces: list[bytes] = []
        at = 0
        while len(characters) - at > _PIECE_CHARACTERS:
            cut = _last_word_start(characters, at + _PIECE_CHARACTERS // 2, at + _PIECE_CHARACTERS)
            pieces.append(characters[at:cut].encode())
            at = cut
        pieces.append(characters[at:].encode())
        return pieces

    def _tokenize(self, text: bytes) -> Sequence[int]:
        room = len(text) + 8
        buffer = (ctypes.c_int32 * room)()
        count = int(api.llama_tokenize(self._pointer, text, len(text), buffer, room, False, False))
        if count < -room and count != -(2**31):
            room = -count
            buffer = (ctypes.c_int32 * room)()
            count = int(api.llama_tokenize(self._pointer, text, len(text), buffer, room, False, False))
        if count < 0:
            raise ModelError(
                f"llama.cpp could not tokenise a text of {len(text)} bytes (llama_tokenize returned {count})"
            )
        return buffer[:count]


def _any_of(texts: Iterable[bytes]) -> re.Pattern[bytes] | None:
    """The longest of the texts wins, as in llama.cpp."""
    ordered = sorted(texts, key=lambda text: (-len(text), text))
    return re.compile(b"|".join(re.escape(text) for text in ordered)) if ordered else None


def _last_word_start(text: str, low: int, high: int) -> int:
    """The last place in [low, high] where a single space or a line break is followed by a word; `high` if there is
    none."""
    for place in range(high, low, -1):
        if text[place] in " \n" and not text[place - 1].isspace() and not text[place + 1 : place + 2].isspace():
            return place
    return high
