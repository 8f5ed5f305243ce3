"""Watch an object while it is decoded: each field appears as soon as it can no longer change."""

from __future__ import annotations

import json
from datetime import date

from pydantic import BaseModel, Field
from rich.console import Console
from rich.live import Live
from rich.table import Table

import typeloom as tl

MAIL = """From: Priya Raman
To: Luis Ortega

Hi Luis, could you send me the travel numbers by 4 March 2026? And please book a table for six on
12 March 2026, the Trattoria Verde if you can. It is not urgent. Thanks, Priya
"""


class Mail(BaseModel):
    sender: str = Field(max_length=40)
    recipient: str = Field(max_length=40)
    deadline: date | None = Field(default=None, description="Day by which something must be done")
    guests: int | None = Field(default=None, ge=0, le=99, description="How many people the table is for")
    urgent: bool


def shown(settled: dict[str, object], is_complete: bool) -> Table:
    """The fields so far, as a table."""
    table = Table("field", "value", title="complete" if is_complete else "reading ...", min_width=50)
    for name in Mail.model_fields:
        table.add_row(name, json.dumps(settled[name]) if name in settled else "[dim]...")
    return table


def main() -> None:
    with tl.load() as model, Live(shown({}, False), console=Console()) as live:
        for part in model.stream(Mail, MAIL, timeout=60):
            live.update(shown(part.value, part.complete), refresh=True)
    print(part.result)


if __name__ == "__main__":
    main()
