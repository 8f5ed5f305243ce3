"""The demo: read every document under `documents/` with the embedded model, and count how many fields are right.

Run `make demo`, or `python examples/demo.py [GGUF] [--only invoice]`. Each document is printed as the validated object
and the time it took; at the end, kind by kind, the share of fields that equal the hand-made truth in
`documents/expected.jsonl`.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from rich.console import Console
from rich.pretty import Pretty
from rich.table import Table

import typeloom as tl

DOCUMENTS = Path(__file__).parent / "documents"
sys.path.insert(0, str(DOCUMENTS))

from models import KINDS  # noqa: E402


def truths() -> Iterator[tuple[str, str, str, BaseModel]]:
    """File name, kind, text and true object of every document."""
    for line in (DOCUMENTS / "expected.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        text = (DOCUMENTS / row["file"]).read_text(encoding="utf-8")
        yield row["file"], row["type"], text, KINDS[row["type"]].model_validate(row["value"])


def same_fields(found: BaseModel | None, truth: BaseModel) -> dict[str, bool]:
    """Per top-level field whether it equals the truth; case and outer white space of text do not count."""
    return {
        name: found is not None and _folded(getattr(found, name)) == _folded(getattr(truth, name))
        for name in type(truth).model_fields
    }


def _folded(value: Any) -> Any:
    if isinstance(value, str):
        return " ".join(value.casefold().split())
    if isinstance(value, BaseModel):
        return {name: _folded(item) for name, item in value}
    if isinstance(value, list):
        return [_folded(item) for item in value]
    return value


def run(model: tl.Model, console: Console, only: str | None = None) -> tuple[int, int]:
    """Print every document's object and the table of fields; returns fields right and fields in all."""
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for name, kind, text, truth in truths():
        if only not in (None, kind):
            continue
        began = time.perf_counter()
        found: BaseModel | None = None
        try:
            found = model.extract(KINDS[kind], text)
        except tl.Error as error:
            console.print(f"[red]{name}: {type(error).__name__}: {error}")
        took = time.perf_counter() - began
        same = same_fields(found, truth)
        console.rule(f"[bold]{name}[/] · {took * 1000:.0f} ms · {sum(same.values())} of {len(same)} fields right")
        if found is not None:
            console.print(Pretty(found))
        for field, ok in same.items():
            if not ok:
                console.print(f"  [yellow]{field}[/]: the truth is {getattr(truth, field)!r}", highlight=False)
        right[kind] += sum(same.values())
        total[kind] += len(same)
    table = Table("kind", "fields right", "of", "share", title="field-level exact match")
    for kind in total:
        table.add_row(kind, str(right[kind]), str(total[kind]), f"{right[kind] / total[kind]:.0%}")
    everything = sum(right.values()), sum(total.values())
    if everything[1]:
        table.add_row("[bold]all", *map(str, everything), f"{everything[0] / everything[1]:.0%}")
    console.print(table)
    return everything


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("model", nargs="?", help="a GGUF; the embedded model if not given")
    parser.add_argument("--only", choices=sorted(KINDS), help="one kind of document")
    arguments = parser.parse_args()
    with tl.load(arguments.model) as model:
        run(model, Console(), arguments.only)


if __name__ == "__main__":
    main()
