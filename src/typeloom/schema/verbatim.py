"""`Annotated[str, Verbatim]`: a field that quotes. Its value stands in the text it was read from, word for word.

The mark (see `schema.marks`) becomes an `Excerpt` of a document that is only known when the type is compiled. Nothing
is validated afterwards: a text that is not in the document cannot be produced.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from typeloom.errors import SchemaError
from typeloom.regex.expr import Excerpt
from typeloom.schema.marks import OnText

Cut = Literal["character", "word"]
Whitespace = Literal["keep", "collapse"]
Hyphens = Literal["keep", "join"]
_CHOICES = {"cut": ("character", "word"), "whitespace": ("keep", "collapse"), "hyphens": ("keep", "join")}


@dataclass(frozen=True, slots=True)
class Verbatim:
    """A mark for `str` fields: the value is a quotation of the text, by construction; it is never empty.

    cut: where a quotation may begin and end: at every "character", or at the boundaries of a "word" (after Unicode
        Standard Annex 29, with each ideograph, kana and syllable of scripts without blanks a word of its own).
    whitespace: "keep" quotes white space as it stands, "collapse" writes every run of it, line ends included, as one
        blank.
    hyphens: "join" leaves out a hyphen at the end of a line, with the line end, between two letters.

    What "collapse" and "join" change is what the value says; its positions are those of the text as it was given.
    Raises SchemaError for another word than these.

    >>> from typing import Annotated
    >>> import typeloom as tl
    >>> vocab = tl.Vocabulary.from_tokens([bytes([b]) for b in range(256)] + [b""], end_ids=[256], special_ids=[256])
    >>> con = tl.compile(Annotated[str, Verbatim(cut="word")], vocab, document="the old oak tree")
    >>> con.accepts('"old oak"'), con.accepts('"old oa"'), con.accepts('"new oak"')
    (True, False, False)
    """

    says: ClassVar[str] = "stands in the text word for word"

    cut: Cut = "character"
    whitespace: Whitespace = "keep"
    hyphens: Hyphens = "keep"

    def __post_init__(self) -> None:
        for name, choices in _CHOICES.items():
            if getattr(self, name) not in choices:
                raise SchemaError(f"expected Verbatim({name}=) to be one of {choices}, got {getattr(self, name)!r}")

    def expression(self) -> Excerpt:
        """The language of the quotations."""
        return Excerpt(self.cut, self.whitespace, self.hyphens)

    __get_pydantic_core_schema__ = OnText()
