"""Quotations: what a Verbatim field says stands in the text word for word, and the result says where."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

import typeloom as tl

MAIL = """From: Jürgen Groß
To: Zoë Müller

Hallo Zoë, the oak table 🌲 has not arrived. Please send it by Friday. Jürgen
"""


class Mail(BaseModel):
    sender: Annotated[str, tl.Verbatim(cut="word")] = Field(description="Name of the person who wrote it")
    recipient: Annotated[str, tl.Verbatim(cut="word")] = Field(description="Name of the person it is addressed to")


def main() -> None:
    with tl.load() as model:
        result = model.extract(Mail, MAIL, detail=True)
    for name, field in result.fields.items():
        assert field.span is not None
        quoted = MAIL[field.span.start : field.span.end]
        assert quoted == getattr(result.value, name)  # by construction
        print(f"{name}: {quoted!r} at characters {field.span.start} to {field.span.end}")


if __name__ == "__main__":
    main()
