"""Labels with probabilities: which desk a ticket belongs to, and how sure the model is."""

from __future__ import annotations

from enum import Enum

import typeloom as tl


class Desk(Enum):
    PAYMENT = "payment"
    DELIVERY = "delivery"
    ACCESS = "access"
    TECHNICAL = "technical"


TICKETS = [
    "My card was charged twice for the same month.",
    "The tracking has said 'in transit' for three weeks.",
    "I cannot log in, the reset mail never arrives.",
    "The export crashes with ERR-417 since the update.",
]


def main() -> None:
    with tl.load() as model:
        for ticket in TICKETS:
            found = model.classify(ticket, Desk, detail=True)
            shares = ", ".join(f"{name} {p:.2f}" for name, p in found.probs.items())
            print(f"{found.label.name:<10} margin {found.margin:.2f}  {ticket}\n           {shares}")


if __name__ == "__main__":
    main()
