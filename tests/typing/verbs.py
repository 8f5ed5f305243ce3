"""What a type checker makes of the verbs; read by `test_reveal.py`, never imported."""

from enum import Enum
from typing import Annotated, Literal

from pydantic import BaseModel, Field

import typeloom as tl


class Invoice(BaseModel):
    total: float


class Topic(Enum):
    BUG = "bug"


def verbs(m: tl.Model, text: str) -> None:
    reveal_type(m.extract(Invoice, text))  # Invoice
    reveal_type(m.extract(list[Invoice], text, max_tokens=9, temperature=0.0, seed=0))  # list[Invoice]
    reveal_type(m.extract(Invoice, text, detail=True))  # Result[Invoice]
    reveal_type(m.extract(Invoice, text, detail=True).value)  # Invoice
    reveal_type(m.extract(Topic, text))  # Topic
    reveal_type(m.extract(Annotated[int, Field(gt=0)], text))  # int or Any
    reveal_type(m.extract(Invoice | None, text))  # Any | Invoice
    reveal_type(m.classify(text, Topic))  # Topic
    reveal_type(m.classify(text, Topic, detail=True))  # Distribution[Topic]
    reveal_type(m.classify(text, bool))  # bool
    reveal_type(m.classify(text, ["a", "b"]))  # str
    reveal_type(m.classify(text, ["a", "b"], detail=True).label)  # str
    reveal_type(m.classify(text, Literal["a", "b"]))  # Any
    reveal_type(m.classify(text, Topic, multi=True))  # set[Topic]
    reveal_type(m.classify(text, ["a", "b"], multi=True, threshold=0.3, detail=True))  # Decisions[str]
    reveal_type(m.classifier(Topic, prior="content-free").fit([text], [Topic.BUG]).predict([text]))  # list[Topic]
    reveal_type(m.tagger(["a", "b"]).predict([text]))  # list[set[str]]
    reveal_type(m.task(Invoice).run(text))  # Invoice
    reveal_type(next(m.stream(Invoice, text)))  # Partial[Invoice]
    reveal_type(next(m.stream(Invoice, text)).result)  # Invoice
    reveal_type(m.task(Invoice).stream(text))  # Stream[Invoice]
    reveal_type(m.extract(Invoice, text, timeout=1.0))  # Invoice
    reveal_type(m.task(Invoice).run(text, detail=True))  # Result[Invoice]
    reveal_type(m.task(Invoice).map([text]))  # list[Invoice]
    reveal_type(m.task(Invoice).map([text], on_error="return"))  # list[Invoice | Error]
    reveal_type(tl.Task(Invoice, model="m.gguf").run(text))  # Invoice
    reveal_type(tl.Task(Invoice | None).run(text))  # Any
    with tl.load() as loaded:
        reveal_type(loaded)  # Model


async def coroutines(m: tl.Model, text: str) -> None:
    reveal_type(await m.aio.extract(Invoice, text))  # Invoice
    reveal_type(await m.aio.extract(Invoice, text, detail=True))  # Result[Invoice]
    reveal_type(await m.task(Invoice).aio(text))  # Invoice
    async for part in m.stream(Invoice, text):
        reveal_type(part)  # Partial[Invoice]


def functions(m: tl.Model) -> None:
    @m.fn
    def triage(ticket: str, days: int = 3) -> Invoice:
        raise NotImplementedError

    @m.fn(max_tokens=100)
    def short(ticket: str) -> list[str]:
        raise NotImplementedError

    reveal_type(triage("x", days=2))  # Invoice
    reveal_type(triage.map(["x"]))  # list[Invoice]
    reveal_type(short("x"))  # list[str]
    reveal_type(triage.task)  # Task[Invoice]
    reveal_type(triage.stream("x"))  # Stream[Invoice]
    triage(3)  # error: arg-type
    triage()  # error: call-arg


async def awaited(m: tl.Model) -> None:
    @m.fn
    def triage(ticket: str) -> Invoice:
        raise NotImplementedError

    reveal_type(await triage.aio("x"))  # Invoice


# ruff: noqa: F821 - reveal_type is known to type checkers only
