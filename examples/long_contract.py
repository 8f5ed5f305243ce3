"""A contract that is longer than the model's context, read part by part: map, then reduce.

`tl.Chunked` cuts the text at the ends of paragraphs, reads each part into a typed object, and makes one object of them:
first by a merge, which keeps for each value the place in the whole text that it was quoted from, then by a second
typed step that reads the objects of the parts.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

import typeloom as tl

Quoted = Annotated[str, tl.Verbatim(cut="word"), Field(max_length=40)]

PARTIES = ["Harlow & Pike Joinery", "Marsh Catering", "Lakeside Boats", "Ortega Transport"]
CONTRACT = "\n\n".join(
    f"Section {number}. {party} delivers by {number} June 2026 and is paid {number * 450} EUR. "
    f"Whoever is late pays 2 percent a week. Nothing in this section limits what {party} owes by law."
    for number, party in enumerate(PARTIES * 4, 1)
)


class Duty(BaseModel):
    party: Quoted = Field(description="Who has to do something")
    amount: Annotated[float, Field(ge=0)] | None = Field(default=None, description="What is paid, in EUR")


class Part(BaseModel):
    # The bound is that of the merged list, too: one that grew longer would be a ValidationFailed, never cut.
    duties: Annotated[list[Duty], Field(max_length=40)] = Field(description="Who owes what to whom")


class Summary(BaseModel):
    n_parties: Annotated[int, Field(ge=0, le=100)] = Field(description="How many parties there are")
    all_paid: bool = Field(description="Whether each of them is paid")


def main() -> None:
    with tl.load() as model:
        chunks = tl.Chunks(tokens=350, overlap=40)
        read = tl.Task(Part, "List the duties in this part of a contract.", model=model, max_tokens=200)

        merged = tl.Chunked(read, chunks, merge=tl.by("party"))
        result = merged.result(CONTRACT)
        print(f"{len(CONTRACT):,} characters, {result.usage.prompt_tokens:,} tokens in the prompts of the parts")
        for at, duty in enumerate(result.value.duties):
            span = result.fields[f"duties[{at}].party"].span
            assert span is not None and CONTRACT[span.start : span.end] == duty.party
            print(f"  {duty.party!r} (character {span.start}): {duty.amount}")

        summing = tl.Task(Summary, "Sum up the duties.", model=model)
        beginning = "\n\n".join(CONTRACT.split("\n\n")[:4])
        print(tl.Chunked(read, chunks, merge=summing).run(beginning))


if __name__ == "__main__":
    main()
