"""A polars frame of letters becomes typed columns: dates are dates, nested models structs, null text stays null.

Needs `pip install 'typeloom[polars]'`; pandas works the same way.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

import polars
from pydantic import BaseModel, Field

import typeloom as tl
import typeloom.pipelines.frames  # registers df.typeloom


class Sender(BaseModel):
    name: str = Field(max_length=40)
    company: str | None = Field(default=None, max_length=40)


class Letter(BaseModel):
    sender: Sender
    kind: Literal["invoice", "reminder", "complaint"]
    amount: float | None = Field(default=None, description="What is to be paid")
    due: date | None = Field(default=None, description="Last day to pay")


LETTERS = polars.DataFrame(
    {
        "id": [1, 2, 3, 4],
        "text": [
            "Invoice 7. Total 120.50 EUR, payable by 2026-05-03. Harlow & Pike Joinery, Priya Raman",
            "Second reminder: 80.00 EUR are open since 2026-03-01. Luis Ortega",
            None,
            "The boat leaks. Repair it, or I want my money back! Ada Marsh",
        ],
    }
)


def main() -> None:
    with tl.load() as model:
        task = model.task(Letter, "Read the letter.")
        read = LETTERS.hstack(LETTERS.typeloom.extract("text", task, on_error="return"))
        kinds = LETTERS.typeloom.classify("text", ["invoice", "reminder", "complaint"], model=model)
    with polars.Config(tbl_cols=-1, fmt_str_lengths=24, tbl_width_chars=120):
        print(read.drop("text"))
        print(kinds)
        print(read.unnest("sender").group_by("kind").agg(polars.col("amount").sum()).sort("kind"))


if __name__ == "__main__":
    main()
