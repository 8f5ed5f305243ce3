"""Random vocabularies whose tokens straddle everything a lexer would like to cut between.

Every vocabulary holds all 256 single bytes, so a walk is never stuck for lack of tokens; on top come tokens across
quotes, punctuation, digits, escapes and parts of UTF-8 characters, equal-bytes duplicates, the empty token, special
tokens whose text looks like content, and one or two end ids, all in random order of ids.
"""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

import typeloom as tl

STRADDLING = (
    *(text.encode() for text in (
        '{"', '"}', '":', '": ', '":"', '": "', '","', '", "', '"],', "}}", "}]", "]]", "[[", "[{", "},{",
        "{}", "[]", '""',
        ', "', ",", ", ", "null", "true", "false", "tr", "ue,", "null}", "nu", "10", "00", "12", "1,", "0.", ".5",
        "e1", "1e",
        "-1", "-", "1]", "2}", '"a"', '"a":', 'a"', "ab", "a", "b", '"b":1', "aa", "ba", "é", '"é', "🙂",
        'é"', "\\n", '\\"',
        '"\\', "\\u00", "u00", "0a", "\\u", "\\\\", "  ", " \n", "\n", "  {", '"ab":', "first", '{"a":', "hello",
        "worl", '"}]',
    )),
    b"\xc3", b'\xa9"', b"\xf0\x9f", b"\x99\x82", b"\xf0\x9f\x99", b"a\xc3", b"\xa9a", b"\xff\xfe", b"\xe2\x82",
)  # fmt: skip


@dataclass(frozen=True)
class Tokens:
    """The pieces that a Vocabulary is made of; the tests cut and compare with them."""

    pieces: tuple[bytes, ...]
    end_ids: tuple[int, ...]
    special_ids: tuple[int, ...]

    def vocabulary(self) -> tl.Vocabulary:
        return tl.Vocabulary.from_tokens(
            list(self.pieces), end_ids=list(self.end_ids), special_ids=list(self.special_ids)
        )

    def cuts(self, data: bytes) -> list[list[int]]:
        """For each position of `data` the ordinary, non-empty tokens that begin there."""
        never = set(self.end_ids) | set(self.special_ids)
        ordinary = [(token, piece) for token, piece in enumerate(self.pieces) if piece and token not in never]
        return [[token for token, piece in ordinary if data.startswith(piece, at)] for at in range(len(data))]


@st.composite
def tokens(draw: st.DrawFn, most: int = 600) -> Tokens:
    """4 (plus the bytes) to `most` tokens."""
    pieces = [(bytes((byte,)), "plain") for byte in range(256)]
    extra = draw(st.lists(st.sampled_from(STRADDLING) | st.binary(max_size=4), min_size=4, max_size=most - 262))
    pieces += [(piece, "plain") for piece in extra]
    pieces += [(extra[0], "plain"), (b"a", "plain"), (b"", "plain")]  # duplicates and an empty token
    pieces += [(b'{"a":', "special"), (b"", "special")]
    pieces += [(b"</s>", "end")] + ([(b"}", "end")] if draw(st.booleans()) else [])
    pieces = draw(st.permutations(pieces))
    return Tokens(
        tuple(piece for piece, _ in pieces),
        tuple(token for token, (_, kind) in enumerate(pieces) if kind == "end"),
        tuple(token for token, (_, kind) in enumerate(pieces) if kind == "special"),
    )


def bytes_only() -> Tokens:
    """256 bytes, then one end id (256): a token is a byte, for laws that are about bytes."""
    return Tokens((*(bytes((byte,)) for byte in range(256)), b"</s>"), (256,), ())
