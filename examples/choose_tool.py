"""A loop of calls: each request becomes a validated call of one of three functions, which is shown and then run."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

import typeloom as tl

STOCK = {"A-104": 3, "B-220": 0}


def stock(article: Annotated[str, Field(pattern="^[A-Z]-[0-9]{3}$", description="Article number")]) -> str:
    """Look up how many pieces of an article there are."""
    return f"{article}: {STOCK.get(article, 0)} pieces"


def refund(
    order: Annotated[str, Field(description="Order number", max_length=12)],
    amount: Annotated[float | None, Field(ge=0, description="What to pay back; null for all of it")] = None,
) -> str:
    """Pay a customer back."""
    return f"order {order}: {'everything' if amount is None else f'{amount:.2f}'} paid back"


def hand_over(desk: Literal["sales", "repairs"]) -> str:
    """Pass the request on to people."""
    return f"passed on to {desk}"


REQUESTS = [
    "Do we have article A-104 in stock?",
    "Please refund 12.50 for order 7781, the cup was broken.",
    "My drill does not start any more, who can repair it?",
]


def main() -> None:
    with tl.load() as model:
        for request in REQUESTS:
            call = model.choose([stock, refund, hand_over], request)
            print(f"{request}\n  {call}")  # a place to ask a person, or to refuse
            print(f"  {call()}")


if __name__ == "__main__":
    main()
