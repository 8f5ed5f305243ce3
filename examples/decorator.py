"""A typed function whose body is the model: called once, mapped over a list, awaited.

A validator in the type has the last word. It is Python, so no mask can hold it, and `tl.check` calls its field "wider".
What it refuses is decoded again without that value, up to `tries` times; then it is a ValidationFailed, with the text
that was decoded and the validator's reasons.
"""

from __future__ import annotations

import asyncio
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field

import typeloom as tl

PRODUCTS = {"Halden Q2", "Tallybook Online"}


def known(product: str | None) -> str | None:
    """Refuse a product that we do not sell."""
    if product is not None and product not in PRODUCTS:
        raise ValueError(f"{product!r} is none of our products")
    return product


class Ticket(BaseModel):
    product: Annotated[str | None, Field(max_length=30), AfterValidator(known)] = None
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

        print(tl.check(Ticket))
        for ticket in triage.map(TICKETS, on_error="return"):
            print(f"refused: {ticket.json}" if isinstance(ticket, tl.ValidationFailed) else ticket)
        try:
            print(asyncio.run(triage.aio(TICKETS[1])))
        except tl.ValidationFailed as refused:
            print(f"refused: {refused.errors[0]['msg']}")


if __name__ == "__main__":
    main()
