"""One e-mail in, one typed object out, and the evidence beside it."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, Field

import typeloom as tl

MAIL = """From: Priya Raman
To: Luis Ortega

Hi Luis, could you send me the travel numbers by 4 March 2026? It is not urgent.
Thanks, Priya
"""


class Request(BaseModel):
    sender: str = Field(description="Name of the person who wrote it")
    recipient: str = Field(description="Name of the person it is addressed to")
    deadline: date | None = Field(default=None, description="Day by which something must be done")
    urgent: bool = Field(description="Whether the writer calls it urgent")


def main() -> None:
    with tl.load() as model:
        result = model.extract(Request, MAIL, detail=True)
    print(result.value)
    print(f"{result.usage.prompt_tokens} tokens read, {result.usage.completion_tokens} written, {result.finish}")


if __name__ == "__main__":
    main()
