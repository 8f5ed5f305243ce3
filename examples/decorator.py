"""A typed function whose body is the model: called once, mapped over a list, awaited."""

from __future__ import annotations

import asyncio
from typing import Literal

from pydantic import BaseModel

import typeloom as tl


class Ticket(BaseModel):
    product: str | None = None
    category: Literal["technical", "payment", "access", "delivery"]


TICKETS = [
    "My Halden Q2 headphones arrived three weeks late.",
    "Tallybook Online does not let me log in.",
]


def main() -> None:
    with tl.load() as model:

        @model.fn
        def triage(ticket: str) -> Ticket:
            """Read a support ticket. Leave a field null when the text does not say."""
            raise NotImplementedError  # never run: the model is the body

        print(triage(TICKETS[0]))
        for ticket in triage.map(TICKETS, on_error="return"):
            print(ticket)
        print(asyncio.run(triage.aio(TICKETS[1])))


if __name__ == "__main__":
    main()
