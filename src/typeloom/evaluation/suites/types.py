"""The types of the shipped suites, one a kind of document. Which kinds the embedded model was trained on is in `SEEN`.

Every field that a text may leave out can be null, and is null in the truth where the text does not say.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Annotated, Literal

from pydantic import BaseModel, Field

Text = Annotated[str, Field(min_length=1, max_length=100)]
Money = Annotated[float, Field(ge=0, le=100_000_000)]
Count = Annotated[int, Field(ge=0, le=10_000_000)]


class Invoice(BaseModel):
    """A bill, a receipt or a reminder."""

    number: Text | None = Field(description="Number of the invoice")
    seller: Text | None = Field(description="Who asks for the money")
    customer: Text | None = Field(description="Who has to pay")
    issued: date | None = Field(description="Date of the invoice")
    due: date | None = Field(description="Last day to pay")
    currency: Literal["EUR", "USD", "GBP", "CHF", "INR"] | None
    total: Money | None = Field(description="Amount to pay, tax included")


class Email(BaseModel):
    """A message between people."""

    sender: Text | None = Field(description="Name of the person who wrote it")
    recipient: Text | None = Field(description="Name of the person it is for")
    meeting: datetime | None = Field(description="When they are to meet")
    place: Text | None = Field(description="Where they are to meet")
    deadline: date | None = Field(description="Day by which something must be done")
    attachments: list[Text] = Field(description="Names of attached files", max_length=5)
    phone: Text | None = Field(description="Phone number to call")
    urgent: bool = Field(description="Whether the writer calls it urgent")


class Ticket(BaseModel):
    """A message to customer support."""

    customer: Text | None = Field(description="Name of the customer")
    product: Text | None = Field(description="Product or service it is about")
    version: Text | None = Field(description="Version of the software")
    order_number: Text | None
    error_code: Text | None = Field(description="Error shown")
    category: Literal["technical", "payment", "access", "delivery", "refund"]


class Review(BaseModel):
    """An opinion about a product or a place."""

    subject: Text = Field(description="Product or place that is reviewed")
    reviewer: Text | None = Field(description="Who wrote it")
    rating: Annotated[int, Field(ge=1, le=5)] | None = Field(description="Stars given")
    sentiment: Literal["positive", "mixed", "negative"]
    price: Money | None = Field(description="What was paid")
    recommended: bool | None = Field(description="Whether the reviewer tells others to buy or go")


class Booking(BaseModel):
    """A reservation of a room or a table."""

    code: Text | None = Field(description="Booking code")
    guest: Text | None = Field(description="Name of the guest")
    venue: Text | None = Field(description="Where the booking is")
    arrival: date | None = Field(description="First day")
    departure: date | None = Field(description="Last day")
    guests: Count | None = Field(description="Number of people")
    price: Money | None = Field(description="Total price")
    breakfast: bool | None = Field(description="Whether breakfast is included")


class Job(BaseModel):
    """A job advertisement."""

    title: Text = Field(description="Name of the job")
    company: Text | None = Field(description="Who is hiring")
    city: Text | None = Field(description="Where the job is")
    employment: Literal["full-time", "part-time", "contract", "internship"] | None
    salary_min: Count | None = Field(description="Lowest pay offered")
    salary_max: Count | None = Field(description="Highest pay offered")
    remote: bool | None = Field(description="Whether one may work from home")
    apply_by: date | None = Field(description="Last day to apply")
    contact: Text | None = Field(description="E-mail address for applications")


class Event(BaseModel):
    """An announcement of something one can go to."""

    name: Text = Field(description="Name of the event")
    day: date | None = Field(description="Day on which it takes place or begins")
    begins: time | None = Field(description="Time at which it begins")
    venue: Text | None = Field(description="Building or place where it is held")
    city: Text | None
    organiser: Text | None = Field(description="Who holds it")
    admission: Money | None = Field(description="Price of a full ticket, 0 if free")


class Rental(BaseModel):
    """A flat or house to let."""

    street: Text | None = Field(description="Street, with number if given")
    city: Text | None
    bedrooms: Count | None = Field(description="Number of bedrooms")
    area: float | None = Field(ge=0, le=100_000, description="Living space in square metres")
    rent: Money | None = Field(description="Rent per month")
    deposit: Money | None
    pets: bool | None = Field(description="Whether pets are allowed")
    available: date | None = Field(description="Free from this day")


class Car(BaseModel):
    """A used car for sale."""

    make: Text | None = Field(description="Manufacturer")
    model: Text | None = Field(description="Model, without the manufacturer")
    year: Annotated[int, Field(ge=1900, le=2100)] | None = Field(description="Year of first registration")
    mileage: Count | None = Field(description="Distance driven")
    fuel: Literal["petrol", "diesel", "electric", "hybrid"] | None
    price: Money | None = Field(description="Asking price")
    phone: Text | None = Field(description="Phone number of the seller")


class Recipe(BaseModel):
    """A dish and how it is made."""

    dish: Text = Field(description="Name of the dish")
    servings: Count | None = Field(description="For how many people")
    minutes: Count | None = Field(description="Time in the oven or on the stove, in minutes")
    oven: Count | None = Field(description="Temperature of the oven in degrees Celsius")
    author: Text | None = Field(description="Whose recipe it is")
    ingredients: list[Text] = Field(description="Ingredients without amounts", max_length=12)


class Match(BaseModel):
    """A report on a game of two teams."""

    home: Text | None = Field(description="Team that plays at home, or is named first")
    away: Text | None = Field(description="The other team")
    home_score: Count | None
    away_score: Count | None
    competition: Text | None = Field(description="League or cup")
    day: date | None
    attendance: Count | None = Field(description="Number of spectators")
    scorers: list[Text] = Field(description="Names of players who scored", max_length=8)


class Contact(BaseModel):
    """What a signature, a card or a listing says of a person."""

    name: Text | None
    role: Text | None = Field(description="Job or title")
    organisation: Text | None
    phone: Text | None = Field(description="Phone number, the first if there are several")
    email: Text | None
    city: Text | None


class Ride(BaseModel):
    """A drive in a car that people share, offered or wanted."""

    driver: Text | None = Field(description="Who drives")
    start: Text | None = Field(description="Town where the drive starts")
    destination: Text | None = Field(description="Town where it ends")
    day: date | None = Field(description="Day of the drive")
    seats: Count | None = Field(description="Seats that are still free")
    fare: Money | None = Field(description="What each passenger pays, 0 if nothing")
    stops: list[Text] = Field(description="Towns on the way where people may get in or out", max_length=6)
    smoking: bool | None = Field(description="Whether smoking in the car is allowed")


class Mandate(BaseModel):
    """A letter or a form by which one person lets another act for them."""

    principal: Text | None = Field(description="Who gives the power")
    agent: Text | None = Field(description="Who may act from now on")
    addressee: Text | None = Field(description="Office, firm or school at which it is used")
    matter: Literal["parcel", "bank", "property", "vehicle", "child"] = Field(description="What it is about")
    signed: date | None = Field(description="Day on which it was written or signed")
    until: date | None = Field(description="Last day on which it holds")
    limit: Money | None = Field(description="Most that the agent may spend or draw")
    delegable: bool | None = Field(description="Whether the agent may send or appoint somebody else")


class Tuning(BaseModel):
    """What a tuner notes of a piano, a harpsichord or an organ."""

    maker: Text | None = Field(description="Who built the instrument")
    serial: Text | None = Field(description="Serial number of the instrument")
    build: Literal["upright", "grand", "harpsichord", "organ"] | None
    tuner: Text | None = Field(description="Who tuned it last")
    tuned: date | None = Field(description="Day of the last tuning")
    pitch: float | None = Field(ge=0, le=1000, description="Pitch of the note A after the last tuning, in hertz")
    humidity: float | None = Field(ge=0, le=100, description="Relative humidity in the room, in per cent")
    replaced: list[Text] = Field(description="Parts that were replaced at the last tuning", max_length=5)


class Seed(BaseModel):
    """A lot of seed that somebody gathered and keeps."""

    lot: Text | None = Field(description="Number of the lot in the collection")
    species: Text | None = Field(description="Botanical name of the plant")
    collector: Text | None = Field(description="Who gathered the seed")
    collected: date | None = Field(description="Day on which it was gathered")
    altitude: Count | None = Field(description="Height above sea level of the place where it was gathered, in metres")
    amount: Count | None = Field(description="Number of seeds that are kept")
    germination: float | None = Field(ge=0, le=100, description="Per cent that germinated, in the latest test")
    storage: Literal["room", "fridge", "freezer", "nitrogen"] | None = Field(description="In what it is kept now")


SEEN = frozenset(
    {"Invoice", "Email", "Ticket", "Review", "Booking", "Job", "Recipe", "Rental", "Event", "Car", "Match"}
)
"""Kinds of document that the embedded model met in training, under other names and with other fields; the last three
since version 0.5, in a few documents each."""

KINDS: dict[str, type[BaseModel]] = {
    kind.__name__: kind
    for kind in (
        *(Invoice, Email, Ticket, Review, Booking, Job, Event, Rental, Car, Recipe, Match, Contact),
        *(Ride, Mandate, Tuning, Seed),
    )
}
