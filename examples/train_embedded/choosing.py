"""Classification samples: a text, some labels, the label that fits."""

from __future__ import annotations

from typing import Any

from documents import KINDS, document
from kinds import Kind
from kinds.tickets import ISSUES
from values import Source, quoted

KIND_NAMES = {
    "invoice": "invoice|bill|receipt", "email": "email|message|letter", "ticket": "ticket|support request|complaint",
    "review": "review|opinion|feedback", "booking": "booking|reservation|travel", "job": "job|job post|vacancy",
    "lease": "lease|tenancy|rental contract", "real estate": "real estate|property|home for sale", "recipe": "recipe|cooking|food", "product": "product|product sheet|article",
}
KIND_NOTES = {
    "invoice": "A bill that asks for payment|Invoices and receipts", "email": "A personal or business mail|Letters between people",
    "ticket": "A customer reports a problem|Requests for help", "review": "Somebody judges a product or a place|Opinions and ratings",
    "booking": "Hotel, flight or table reservations|A trip or table that was booked", "job": "An offer of work|Employment ads",
    "lease": "A contract between landlord and tenant|Flats that are let", "real estate": "A house or flat that is sold|Homes on the market",
    "recipe": "How a dish is cooked|Ingredients and steps", "product": "Something that is sold in shops|What an article can do",
}
ISSUE_NOTES = {
    "billing": "Charges, invoices and payments|Wrong amounts or double charges", "login": "Passwords and access|The user cannot sign in",
    "bug": "Crashes and errors|Software that misbehaves", "shipping": "Parcels and delivery|Late or lost packages",
    "refund": "The customer wants money back|Returns and reimbursements", "feature": "Wishes for new functions|Ideas for improvement",
    "account": "Profile changes|Change or close an account", "hardware": "Broken or damaged devices|Physical defects",
}
ISSUE_NAMES = {
    "billing": "billing|payment|charges", "login": "login|access|password", "bug": "bug|technical|crash|software",
    "shipping": "shipping|delivery|logistics", "refund": "refund|money back|returns", "feature": "feature|idea|suggestion",
    "account": "account|profile|account change", "hardware": "hardware|damage|defect",
}
CHOICES = [("ticket", "priority"), ("ticket", "sentiment"), ("review", "sentiment"), ("email", "intent"), ("job", "employment"),
           ("job", "workplace"), ("booking", "room"), ("invoice", "method"), ("ticket", "status"), ("booking", "cabin"), ("job", "level")]


def sample(s: Source) -> tuple[list[tuple[str, str]], str, str, str]:
    """Labels with descriptions, text, answer, and the word "labels"."""
    style = s.any([str, str, str.upper, str.title, lambda t: t.replace(" ", "_")])
    described = s.chance(0.6)
    roll = s.r.random()
    if roll < 0.3:
        kind = s.any(KINDS)
        text, _ = document(s, kind)
        right = kind.name
        names = {k.name: KIND_NAMES.get(k.name, k.name) for k in KINDS}
        notes = {k.name: KIND_NOTES.get(k.name, "") for k in KINDS}
    elif roll < 0.65:
        right, names, notes = s.any(list(ISSUES)), ISSUE_NAMES, ISSUE_NOTES
        said = s.pick(ISSUES[right].split("|"))
        around = by_name("ticket")
        lines = [said[0].upper() + said[1:] + "."]
        for _ in range(s.any([0, 1, 2])):
            lines.insert(s.r.randint(0, len(lines)), s.pick(around.fillers.split("|")))
        text = " ".join(lines)
    else:
        return enum_sample(s)
    labels = [right, *s.r.sample([n for n in names if n != right], s.r.randint(1, 5))]
    s.r.shuffle(labels)
    spelled = {n: style(s.any(names[n].split("|"))) for n in labels}
    pairs = [(spelled[n], s.any(notes[n].split("|")) if described else "") for n in labels]
    return pairs, text, quoted(spelled[right]), "labels"


def enum_sample(s: Source) -> tuple[list[tuple[str, str]], str, str, str]:
    name, key = s.any(CHOICES)
    kind = by_name(name)
    value = kind.concepts[key].make(s)
    lines = [s.pick(value.said)]
    for _ in range(s.any([0, 1, 2, 3])):
        lines.insert(s.r.randint(0, len(lines)), s.pick(kind.fillers.split("|")))
    options: list[Any] = value.schema["enum"]
    return [(o, "") for o in options], s.any([" ", "\n"]).join(lines), value.json, "labels"


def by_name(name: str) -> Kind:
    return next(k for k in KINDS if k.name == name)
