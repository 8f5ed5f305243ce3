"""The types that the demo reads out of the documents beside this file: one Pydantic model per kind of document.

What a document does not say is None; descriptions are what the model reads beside each field's name.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

Text = Annotated[str, Field(max_length=80)]
"""A short text. The bound is part of the mask: even a model that never wants to stop ends in a complete object."""


class Line(BaseModel):
    """One line of an invoice."""

    description: Text
    quantity: int | None = None
    price: float | None = Field(default=None, description="Price of one unit")


class Invoice(BaseModel):
    """An invoice, bill or receipt."""

    number: Text = Field(description="Number of the invoice")
    vendor: Text = Field(description="Company that issued the invoice")
    customer: Text | None = Field(default=None, description="Who has to pay")
    issued: date | None = Field(default=None, description="Date of the invoice")
    due: date | None = Field(default=None, description="Last day to pay")
    currency: Literal["EUR", "USD", "GBP"] | None = None
    total: float = Field(description="Amount to pay, tax included")
    lines: list[Line] = Field(default=[], description="What was bought", max_length=10)


class Email(BaseModel):
    """An e-mail about a meeting or about things to do."""

    sender: Text = Field(description="Name of the person who wrote it")
    meeting: datetime | None = Field(default=None, description="When the meeting takes place")
    location: Text | None = Field(default=None, description="Where it takes place")
    deadline: date | None = Field(default=None, description="Day by which something must be done")
    tasks: list[Text] = Field(default=[], description="What the reader is asked to do", max_length=6)
    urgent: bool = Field(description="Whether the writer calls it urgent")


class Ticket(BaseModel):
    """A message to customer support."""

    customer: Text | None = Field(default=None, description="Name of the customer")
    product: Text | None = Field(default=None, description="Product it is about")
    version: Text | None = Field(default=None, description="Software version in use")
    order_number: Text | None = None
    error_code: Text | None = Field(default=None, description="Error shown")
    category: Literal["technical", "payment", "access", "delivery", "refund"]
    priority: Literal["low", "normal", "high"] = Field(description="How urgent it is")


class Review(BaseModel):
    """A review of a product or of a place."""

    name: Text = Field(description="Product or place that is reviewed")
    reviewer: Text | None = Field(default=None, description="Who wrote the review")
    rating: int | None = Field(default=None, ge=1, le=5, description="Stars given")
    sentiment: Literal["positive", "mixed", "negative"]
    pros: list[Text] = Field(default=[], description="Good points", max_length=5)
    cons: list[Text] = Field(default=[], description="Bad points", max_length=5)
    price: float | None = Field(default=None, description="What it cost")
    recommended: bool | None = Field(default=None, description="Whether the reviewer recommends it")


class Booking(BaseModel):
    """A reservation of a room, a table or a seat."""

    confirmation: Text | None = Field(default=None, description="Booking code")
    guest: Text = Field(description="Name of the guest")
    venue: Text = Field(description="Where the booking is")
    starts: date = Field(description="First day")
    ends: date | None = Field(default=None, description="Last day")
    guests: int | None = Field(default=None, ge=1, le=500, description="Number of people")
    price: float | None = Field(default=None, description="Total price")
    refundable: bool | None = Field(default=None, description="Whether it can be cancelled free")


class Job(BaseModel):
    """A job advertisement."""

    title: Text = Field(description="Name of the job")
    company: Text = Field(description="Who is hiring")
    location: Text | None = Field(default=None, description="City of the job")
    employment_type: Literal["full-time", "part-time", "contract", "internship"] | None = None
    remote: bool | None = Field(default=None, description="Whether remote work is possible")
    skills: list[Text] = Field(default=[], description="Required skills", max_length=8)
    deadline: date | None = Field(default=None, description="Last day to apply")
    email: Text | None = Field(default=None, description="Where to send applications")


KINDS: dict[str, type[BaseModel]] = {
    "invoice": Invoice,
    "email": Email,
    "ticket": Ticket,
    "review": Review,
    "booking": Booking,
    "job": Job,
}
