"""A grammar inside a type: one field is held to a Lark grammar, another to a regular expression, the rest to JSON."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

import typeloom as tl

NOTE = "Please back up the shop's database every night at 2:30, ticket OPS-417, and tell Dana when it fails."
SCHEDULE = tl.grammars.load("cron")


class Job(BaseModel):
    schedule: Annotated[str, SCHEDULE] = Field(description="When it runs, as a cron line")
    ticket: Annotated[str, tl.Regex(r"[A-Z]{2,5}-[0-9]{1,5}")] = Field(description="Number of the ticket")
    contact: str = Field(description="Who is told of failures", max_length=30)


def main() -> None:
    print(tl.check(Job))
    with tl.load() as model:
        job = model.extract(Job, NOTE)
    print(job)
    print(SCHEDULE.parse(job.schedule).pretty())


if __name__ == "__main__":
    main()
