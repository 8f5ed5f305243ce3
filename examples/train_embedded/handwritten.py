"""A dozen documents written by hand, none of them from a template.

Held-out templates still come from the hand that wrote the others; these are
the check that the model reads documents and not the generator.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import tokens
from evaluate import Runner
from export import TARGET
from samples import prompt

T, I, N, B = {"type": "string"}, {"type": "integer"}, {"type": "number"}, {"type": "boolean"}
D, H, M = ({**T, "format": f} for f in ("date", "time", "date-time"))
L = {"type": "array", "items": T}


def maybe(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]}


def one(*names: str) -> dict[str, Any]:
    return {**T, "enum": list(names)}


def rows(**fields: Any) -> dict[str, Any]:
    return {"type": "array", "items": {"type": "object", "properties": fields}}


CASES: list[tuple[str, str, dict[str, tuple[dict[str, Any], Any]]]] = [
    ("invoice", """Blackwood & Finch Stationery
14 Market Row, Norwich

INVOICE

Invoice number: BF-20931
Invoice date: 3 February 2025
Payment due: 5 March 2025

To: Harbour Lane Primary School

Qty  Description            Price   Total
10   Exercise books A4      1.20    12.00
2    Whiteboard marker set  8.75    17.50

Subtotal: £29.50
VAT (20%): £5.90
Total: £35.40

Please pay within 30 days.""",
     {"invoice_number": (T, "BF-20931"), "vendor": (T, "Blackwood & Finch Stationery"), "customer": (T, "Harbour Lane Primary School"),
      "invoice_date": (D, "2025-02-03"), "due_date": (maybe(D), "2025-03-05"), "currency": (T, "GBP"), "total": (N, 35.4),
      "lines": (rows(description=T, quantity=I, unit_price=N), [{"description": "Exercise books A4", "quantity": 10, "unit_price": 1.2}, {"description": "Whiteboard marker set", "quantity": 2, "unit_price": 8.75}])}),
    ("invoice", """Hi Marta, here's the bill for last month's gardening at the Elm Street office. It's invoice 4471, dated 2024-11-02,
and comes to EUR 640.00 including VAT. Could you have it settled by 16 November 2024?
Thanks, Pieter Dekker, Groenwerk B.V.""",
     {"number": (T, "4471"), "supplier": (T, "Groenwerk B.V."), "issued": (D, "2024-11-02"), "due": (D, "2024-11-16"), "amount": (N, 640), "purchase_order": (maybe(T), None)}),
    ("email", """From: Oluwaseun Adeyemi <seun@northpier.example>
To: Claire Fontaine
Date: Mon, 7 Apr 2025
Subject: Floor plan for the new lab

Hi Claire,

thanks for the tour yesterday. Could we go over the floor plan on 10 April 2025 at 14:30? The small meeting room on level 2 is free.
I also attached sketch_v3.pdf.

Best,
Seun""",
     {"sender": (T, "Oluwaseun Adeyemi"), "recipient": (T, "Claire Fontaine"), "subject": (T, "Floor plan for the new lab"), "sent_on": (D, "2025-04-07"),
      "meeting_date": (maybe(D), "2025-04-10"), "meeting_time": (maybe(H), "14:30:00"), "attachments": (L, ["sketch_v3.pdf"])}),
    ("email", """Hello team,

before the audit we need three things: send the access list to Ingrid, archive the old tickets, and book the training room.
All of it must be finished by 21 May 2026.

This really can't wait, please start today.

Regards,
Tomasz Wilk
Head of Operations""",
     {"sender": (T, "Tomasz Wilk"), "deadline": (D, "2026-05-21"), "action_items": (L, ["send the access list to Ingrid", "archive the old tickets", "book the training room"]), "urgent": (B, True), "phone": (maybe(T), None)}),
    ("ticket", """Ticket #88213
Reporter: Priya Raman
Product: LedgerPro 4.2

Since the update on 12 January 2026 the monthly export just crashes with error E1042. I've tried it on two machines.
Our whole accounting department is blocked, we need this fixed right away!""",
     {"ticket_id": (T, "88213"), "customer": (T, "Priya Raman"), "priority": (one("low", "medium", "high", "urgent"), "urgent"), "category": (one("billing", "bug", "account", "feature"), "bug"),
      "error_code": (maybe(T), "E1042"), "since": (maybe(D), "2026-01-12")}),
    ("ticket", """Hello, my name is Jonas Lindqvist and I ordered a standing desk from you (order A-55120). It came with a big scratch across the top.
I'd like my money back please. You can reach me at jonas.lindqvist@mailbox.example.""",
     {"customer_name": (T, "Jonas Lindqvist"), "email": (maybe(T), "jonas.lindqvist@mailbox.example"), "order_number": (maybe(T), "A-55120"), "product": (T, "standing desk"),
      "refund_requested": (B, True), "phone": (maybe(T), None)}),
    ("review", """★★★★☆ Solid little speaker
Reviewed by Hannah Brook on 14 June 2025

The Tonewell Mini sounds much bigger than it is. Pros: clear bass, long battery life. Cons: no carrying case.
I paid $59.99 and would buy it again.""",
     {"product": (T, "Tonewell Mini"), "reviewer": (T, "Hannah Brook"), "rating": (I, 4), "date": (D, "2025-06-14"), "pros": (L, ["clear bass", "long battery life"]), "cons": (L, ["no carrying case"]),
      "price": (maybe(N), 59.99), "recommended": (B, True)}),
    ("review", """Went to Osteria Lungo on Saturday with friends. The waiter forgot our drinks twice and the risotto was cold. 2/5, we won't be back.
- Dario P.""",
     {"restaurant": (T, "Osteria Lungo"), "rating": (I, 2), "sentiment": (one("positive", "neutral", "negative"), "negative"), "would_recommend": (B, False), "price": (maybe(N), None)}),
    ("booking", """Dear Mr. Albright,

we are pleased to confirm your stay at the Seaview Lodge.

Confirmation number: SL99281
Arrival: Friday, 18 July 2025
Departure: Monday, 21 July 2025
Guests: 2
Room: Double with balcony
Rate: EUR 420 in total, breakfast included.

Kind regards,
Reservations""",
     {"hotel": (T, "Seaview Lodge"), "confirmation_number": (T, "SL99281"), "check_in": (D, "2025-07-18"), "check_out": (D, "2025-07-21"), "guests": (I, 2), "breakfast_included": (B, True), "total_price": (N, 420), "currency": (one("USD", "EUR", "GBP"), "EUR")}),
    ("booking", """Passenger: RIVERA/LUCIA
Booking ref QX7P2L
Flight KT 482 Lisbon (LIS) to Prague (PRG)
Departs 09 Sep 2025 06:55, arrives 11:20
Seat 14C - Economy""",
     {"booking_reference": (T, "QX7P2L"), "flight_number": (T, "KT 482"), "origin": (T, "Lisbon"), "destination": (T, "Prague"), "departure": (M, "2025-09-09T06:55:00"), "seat": (maybe(T), "14C"), "cabin": (one("economy", "business", "first"), "economy")}),
    ("booking", """Hi, could I get a table for five on 23 October 2025 at 7:30 pm? Name is Fiona Gallagher. One of us uses a wheelchair so a spot near the door would be great.""",
     {"name": (T, "Fiona Gallagher"), "party_size": (I, 5), "date": (D, "2025-10-23"), "time": (H, "19:30:00"), "email": (maybe(T), None)}),
    ("job", """Backend Developer (full-time)
Kestrel Mobility - Utrecht, hybrid (2 days in the office)

We build routing for shared bikes. You have 3+ years with Go or Rust, know PostgreSQL and Kubernetes, and like small teams.
Salary: €60,000 - €75,000 a year. 28 days of holiday and a bike, obviously.
Apply before 30 September 2025: jobs@kestrel-mobility.example""",
     {"title": (T, "Backend Developer"), "company": (T, "Kestrel Mobility"), "location": (T, "Utrecht"), "work_mode": (one("onsite", "hybrid", "remote"), "hybrid"), "employment_type": (one("full-time", "part-time", "contract"), "full-time"),
      "salary_min": (maybe(I), 60000), "salary_max": (maybe(I), 75000), "currency": (maybe(T), "EUR"), "deadline": (maybe(D), "2025-09-30"), "years_experience": (maybe(I), 3)}),
]


def main(path: Path = TARGET) -> None:
    run = Runner(path)
    right = total = 0
    for kind, text, fields in CASES:
        outline = prompt.outline({"type": "object", "properties": {k: s for k, (s, _) in fields.items()}})
        said = tokens.decode(run.greedy(tokens.prompt_ids(prompt.extraction(outline, text))))
        try:
            got = json.loads(said)
        except ValueError:
            got = {}
        wrong = {k: (got.get(k, "missing"), want) for k, (_, want) in fields.items() if got.get(k, "missing") != want}
        right += len(fields) - len(wrong)
        total += len(fields)
        print(kind, len(fields) - len(wrong), "of", len(fields), "wrong (got, want):", wrong)
    print(f"hand-written: {right} of {total} fields, {100 * right / total:.1f} %")


if __name__ == "__main__":
    main()
