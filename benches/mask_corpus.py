"""The Pydantic half of the mask benchmark: some 120 models of the kind people extract, with one instance each.

A model is a line of `RECORDS`: its name and its fields, each `name=annotation`; the name of an earlier record is a
type, too.
A field whose name ends in `?` is optional. Instances are sampled from the annotations by `sample`, seeded by the
model's name, so every run on every machine sees the same texts. Words are real words, so that a tokenizer meets them as
it would in practice.
"""

from __future__ import annotations

import datetime
import enum
import json
import types
import uuid
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Annotated, Any, Literal, Optional, Union, get_args, get_origin

from pydantic import BaseModel, Field, TypeAdapter, create_model


class Priority(enum.Enum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    URGENT = "urgent"


class Severity(enum.IntEnum):
    INFO = 1
    WARNING = 2
    ERROR = 3


class Comment(BaseModel):
    author: str
    text: str
    replies: list[Comment] = []


class Folder(BaseModel):
    name: str = Field(min_length=1, max_length=64)
    size: int = Field(ge=0)
    children: list[Folder] = []


class Task(BaseModel):
    title: str
    done: bool
    after: Optional[Task] = None


class Plus(BaseModel):
    op: Literal["plus"]
    left: Expression
    right: Expression


class Constant(BaseModel):
    op: Literal["constant"]
    value: float


Expression = Annotated[Union[Plus, Constant], Field(discriminator="op")]
Plus.model_rebuild()

WORDS = """
invoice payment delivery the customer asked about a refund for late shipping of blue office chairs and wrote that
nobody answered quickly enough während Zürich café naïve résumé quarterly revenue grew against expectations in
north region please review attached contract before Friday meeting server returned unexpected error code while
loading page
""".split()
TYPES: dict[str, Any] = {
    "Str": str, "Int": int, "Float": float, "Bool": bool, "Date": datetime.date, "Time": datetime.time,
    "DateTime": datetime.datetime, "UUID": uuid.UUID, "Decimal": Decimal, "Priority": Priority, "Severity": Severity,
    "Short": Annotated[str, Field(min_length=1, max_length=20)], "Title": Annotated[str, Field(max_length=80)],
    "Text": Annotated[str, Field(max_length=1000)], "Code": Annotated[str, Field(pattern=r"^[A-Z]{2,4}-\d{3,6}$")],
    "Slug": Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")],
    "Zip": Annotated[str, Field(pattern=r"^\d{5}$")],
    "Phone": Annotated[str, Field(pattern=r"^\+[0-9]{7,14}$")], "Hex": Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$")],
    "Count": Annotated[int, Field(ge=0)], "Percent": Annotated[int, Field(ge=0, le=100)],
    "Stars": Annotated[int, Field(ge=1, le=5)],
    "Year": Annotated[int, Field(ge=1900, le=2100)], "Port": Annotated[int, Field(ge=1, le=65535)],
    "Even": Annotated[int, Field(multiple_of=2, ge=0)], "Amount": Annotated[float, Field(ge=0)],
    "Score": Annotated[float, Field(ge=0, le=1)], "Latitude": Annotated[float, Field(ge=-90, le=90)],
    "Longitude": Annotated[float, Field(ge=-180, le=180)], "Celsius": Annotated[float, Field(gt=-273.15)],
    "Currency": Literal["EUR", "USD", "GBP", "CHF", "JPY"],
    "Country": Literal["DE", "FR", "IT", "ES", "US", "GB", "CH", "AT"],
    "Sentiment": Literal["positive", "neutral", "negative"], "Language": Literal["en", "de", "fr", "es", "it"],
    "Status": Literal["open", "in progress", "closed"], "Unit": Literal["piece", "kg", "l", "m", "h"],
    "Mood": Literal["calm", "angry", "confused", "satisfied"], "Method": Literal["GET", "POST", "PUT", "DELETE"],
    "Comment": Comment, "Folder": Folder, "Task": Task, "Expression": Expression,
    "Strs": list[str], "Ints": list[int], "Floats": list[float], "Tags": Annotated[list[str], Field(max_length=8)],
    "Labels": dict[str, str], "Counts": dict[str, int], "Vector": tuple[float, float, float], "Pair": tuple[str, int],
    "Matrix": list[list[float]], "Sizes": set[int], "ByPriority": dict[Priority, int],
    "Scalar": Union[int, str, bool, None],
}  # fmt: skip

RECORDS = """
Address street=Str city=Str zip=Zip country=Country
Person first_name=Str last_name=Str birth_date?=Date email?=Str
Party name=Title address=Address vat?=Code
Money amount=Amount currency=Currency
Line description=Title quantity=Amount unit=Unit price=Money
Invoice number=Code issued=Date due?=Date seller=Party buyer=Party lines=list[Line] total=Money
Receipt merchant=Str date=Date items=list[Line] total=Money card?=Bool
Order id=UUID customer=Person lines=list[Line] status=Status placed=DateTime
Refund order=UUID reason=Text amount=Money approved=Bool
Ticket title=Title body=Text priority=Priority tags=Tags
Triage category=Status priority=Priority team=Short confidence=Score
Review product=Str stars=Stars text=Text sentiment=Sentiment
Aspect aspect=Short sentiment=Sentiment quote=Str
Opinion overall=Sentiment aspects=list[Aspect]
Feedback mood=Mood summary=Title follow_up=Bool
Event title=Title start=DateTime end?=DateTime place?=Address attendees=list[Person]
Meeting topic=Title date=Date time=Time decisions=Strs
Reminder text=Title at=DateTime repeat=Bool
Contact person=Person phone?=Phone address?=Address
Company name=Str founded?=Year employees=Count country=Country
Job title=Title company=Company salary?=Money remote=Bool
Skill name=Short years=Count
Experience employer=Str role=Str since=Date until?=Date
Resume person=Person skills=list[Skill] experience=list[Experience] languages=list[Language]
Education school=Str degree=Str year=Year
Candidate resume=Resume score=Score notes=Text
Product sku=Code name=Title price=Money stock=Count colours=list[Hex]
Catalog products=list[Product] updated=DateTime
Category slug=Slug name=Str parent?=Str
Inventory warehouse=Short counts=Counts
Shipment tracking=Code from_=Address to=Address weight=Amount delivered=Bool
Package length=Amount width=Amount height=Amount fragile=Bool
Route stops=list[Address] distance=Amount
Place name=Str latitude=Latitude longitude=Longitude
Trip start=Place end=Place days=Count
Flight number=Code departure=DateTime arrival=DateTime seats=Count
Booking flight=Flight passengers=list[Person] price=Money
Hotel name=Str stars=Stars address=Address rooms=Count
Stay hotel=Hotel check_in=Date check_out=Date guests=Count
Weather place=Place temperature=Celsius humidity=Percent
Forecast days=list[Weather]
Recipe title=Title servings=Count ingredients=list[Pair] steps=Strs
Nutrition calories=Count protein=Amount fat=Amount sugar=Amount
Meal recipe=Recipe nutrition=Nutrition vegetarian=Bool
Patient person=Person blood?=Short allergies=Strs
Dose drug=Str amount=Amount unit=Unit times=list[Time]
Prescription patient=Patient doses=list[Dose] issued=Date
Vital name=Short value=Float measured=DateTime
Visit patient=Patient date=Date diagnosis=Strs vitals=list[Vital]
Lab test=Short value=Float low?=Float high?=Float
Claim policy=Code person=Person damage=Text amount=Money date=Date
Policy number=Code holder=Person premium=Money starts=Date
Contract parties=list[Party] signed?=Date clauses=Strs value?=Money
Clause heading=Title text=Text risky=Bool
Citation title=Title authors=Strs year=Year
Paper title=Title abstract=Text citations=list[Citation] keywords=Tags
Book title=Title author=Person year=Year isbn=Code
Library books=list[Book] address=Address
Song title=Title artist=Str seconds=Count
Playlist name=Short songs=list[Song] public=Bool
Film title=Title year=Year cast=list[Person] rating?=Score
Article headline=Title body=Text language=Language published=DateTime
Summary title=Title points=Strs sentiment=Sentiment
Entity text=Str kind=Status start=Count end=Count
Entities entities=list[Entity]
Relation subject=Entity predicate=Short object=Entity
Graph entities=list[Entity] relations=list[Relation]
Fact claim=Title supported=Bool evidence=Strs
Question text=Title answers=Strs correct=Count
Quiz title=Title questions=list[Question]
Grade student=Person points=Percent comment?=Text
Course code=Code title=Title grades=list[Grade]
LogLine at=DateTime severity=Severity message=Text
Incident title=Title severity=Severity log=list[LogLine] resolved=Bool
Endpoint path=Str method=Method port=Port
Service name=Slug endpoints=list[Endpoint] labels=Labels
Container image=Str ports=list[Port] environment=Labels replicas=Count
Deployment service=Service containers=list[Container] priority=Priority
Alert name=Slug threshold=Float severity=Severity
Metric name=Slug values=Floats unit=Unit
Dashboard title=Title metrics=list[Metric] alerts=list[Alert]
User id=UUID name=Str email=Str roles=Tags
Session user=User started=DateTime valid=Bool
Permission user=UUID action=Method allowed=Bool
Setting key=Slug value=Scalar
Config settings=list[Setting] version=Code
Commit hash=Str author=Person message=Text files=Strs
Pull title=Title commits=list[Commit] merged=Bool
Issue title=Title body=Text labels=Tags priority=Priority assignee?=User
Release version=Code date=Date issues=list[Issue]
Column name=Slug type=Short nullable=Bool
Table name=Slug columns=list[Column] rows=Count
Query table=Str columns=Strs limit?=Count
Point x=Float y=Float
Polygon points=list[Point] fill=Hex
Transform position=Vector rotation=Vector scale=Float
Scene transforms=list[Transform] matrix=Matrix
Sensor id=UUID place=Place readings=Floats
Machine name=Short even=Even sizes=Sizes
Ledger entries=list[Money] balance=Money
Account iban=Str owner=Person ledger=Ledger
Transfer source=Str target=Str money=Money on=Date
Budget year=Year posts=dict[str,Money]
Tax year=Year income=Amount rate=Percent
Quote symbol=Short price=Decimal at=DateTime
Portfolio quotes=list[Quote] risk=Score
Vote topic=Title yes=Count no=Count
Poll question=Title counts=Counts closed=Bool
Team name=Short members=list[Person] points=Count
Match home=Team away=Team goals=Ints
League name=Str matches=list[Match]
Thread topic=Title comments=list[Comment]
Drive root=Folder quota=Count
Plan name=Title first=Task
Formula name=Short body=Expression
Workload by_priority=ByPriority total=Count
Animal name=Short legs=Count wild=Bool
Zoo animals=list[Animal] address=Address
Car brand=Str year=Year electric=Bool range_?=Count
Garage cars=list[Car] owner=Person
House address=Address rooms=Count price=Money
Survey answers=dict[str,Stars] comment?=Text
"""


@dataclass(frozen=True)
class Case:
    """One type with the compact JSON of one value of it."""

    name: str
    annotation: Any
    text: str


def cases() -> list[Case]:
    """Every model of the corpus, in order of writing, then a few bare annotations."""
    known = dict(TYPES)
    found = []
    for line in RECORDS.strip().splitlines():
        name, *fields = line.split()
        definitions: dict[str, Any] = {}
        for one in fields:
            key, annotation = one.split("=")
            read = _annotation(annotation, known)
            definitions[key.rstrip("?")] = (Optional[read], None) if key.endswith("?") else (read, ...)
        known[name] = create_model(name, **definitions)
        found.append((name, known[name]))
    found += [
        (name, TYPES[name]) for name in ("Comment", "Folder", "Expression", "Currency", "Priority", "Matrix", "Scalar")
    ]
    found += [
        ("list of Invoice", _annotation("list[Invoice]", known)),
        ("Ticket or Refund", Union[tuple(known[name] for name in ("Ticket", "Refund"))]),
    ]
    return [Case(name, annotation, _instance(name, annotation)) for name, annotation in found]


def _annotation(text: str, known: dict[str, Any]) -> Any:
    if text.startswith("list["):
        return list[_annotation(text[5:-1], known)]  # type: ignore[misc]
    if text.startswith("dict[str,"):
        return dict[str, _annotation(text[9:-1], known)]  # type: ignore[misc]
    return known[text]


def _instance(name: str, annotation: Any) -> str:
    adapter: TypeAdapter[Any] = TypeAdapter(annotation)
    value = adapter.validate_python(sample(annotation, Random(name), 0))
    return json.dumps(adapter.dump_python(value, mode="json"), ensure_ascii=False, separators=(",", ":"))


PATTERNS = {
    r"^[A-Z]{2,4}-\d{3,6}$": lambda random: f"{random.choice(('INV', 'AB', 'CASE'))}-{random.randint(100, 999999)}",
    r"^[a-z0-9]+(-[a-z0-9]+)*$": lambda random: "-".join(
        random.choice(("api", "user", "v2", "main")) for _ in range(2)
    ),
    r"^\d{5}$": lambda random: f"{random.randint(0, 99999):05d}",
    r"^\+[0-9]{7,14}$": lambda random: f"+{random.randint(10**8, 10**11)}",
    r"^#[0-9a-f]{6}$": lambda random: f"#{random.randrange(1 << 24):06x}",
}


def sample(annotation: Any, random: Random, depth: int) -> Any:
    """A value of `annotation`, as plain Python for Pydantic to validate."""
    constraints: list[Any] = []
    while get_origin(annotation) is Annotated:
        for extra in annotation.__metadata__:
            constraints += getattr(extra, "metadata", [extra])
        annotation = annotation.__origin__
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (Union, types.UnionType):
        if type(None) in arguments and (depth > 4 or random.random() < 0.3):
            return None
        last = [one for one in arguments if one is not type(None)]
        return sample(last[-1] if depth > 3 else random.choice(last), random, depth + 1)
    if origin is Literal:
        return random.choice(arguments)
    if origin in (list, set):
        count = 0 if depth > 4 else random.randint(1, 3)
        return origin(sample(arguments[0], random, depth + 1) for _ in range(count))
    if origin is tuple:
        return tuple(sample(one, random, depth + 1) for one in arguments)
    if origin is dict:
        return {sample(arguments[0], random, depth + 1): sample(arguments[1], random, depth + 1) for _ in range(3)}
    if isinstance(annotation, type) and issubclass(annotation, enum.Enum):
        return random.choice(list(annotation))
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        made = {}
        for name, field in annotation.model_fields.items():
            inner = Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation  # type: ignore[misc]
            made[name] = sample(inner, random, depth + 1)
        return made
    return _scalar(annotation, constraints, random)


def _scalar(annotation: Any, constraints: list[Any], random: Random) -> Any:
    bounds: dict[str, Any] = {}
    for one in constraints:
        for name in ("ge", "gt", "le", "lt", "multiple_of", "max_length", "pattern"):
            if getattr(one, name, None) is not None:
                bounds[name] = getattr(one, name)
    low, high = bounds.get("ge", bounds.get("gt", -100)), bounds.get("le", bounds.get("lt", 5000))
    if annotation is str:
        if "pattern" in bounds:
            return PATTERNS[bounds["pattern"]](random)
        words = " ".join(
            random.choice(WORDS) for _ in range(random.randint(1, 3 if "max_length" not in bounds else 12))
        )
        return words[: bounds.get("max_length", 1000)].strip()
    if annotation is int:
        step = bounds.get("multiple_of", 1)
        return random.randint(int(low), int(high)) // step * step
    if annotation in (float, Decimal):
        return annotation(str(round(random.uniform(float(low) + 0.5 if high > 1 else 0.0, float(high)), 2)))
    if annotation is bool:
        return random.random() < 0.5
    if annotation is uuid.UUID:
        return uuid.UUID(int=random.getrandbits(128), version=4)
    if annotation is type(None):
        return None
    moment = datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC) + datetime.timedelta(
        seconds=random.randrange(2 * 365 * 86400)
    )
    return {datetime.datetime: moment, datetime.date: moment.date(), datetime.time: moment.time()}[annotation]
