"""The verbs as mypy sees them: each line of `verbs.py` is revealed as its comment says, with no other error."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

api = pytest.importorskip("mypy.api")

SOURCE = Path(__file__).with_name("verbs.py")


def test_every_line_is_revealed_as_its_comment_says() -> None:
    out, _, _ = api.run(["--strict", "--no-error-summary", "--follow-imports=silent", str(SOURCE)])
    said: dict[int, str] = {}
    for found in re.finditer(r'verbs\.py:(\d+): (?:note: Revealed type is "(.*)"|error: .*\[([a-z-]+)\])', out):
        line, revealed, error = found.groups()
        said[int(line)] = short(revealed) if revealed else f"error: {error}"
    wanted = {
        number: line.split("  # ")[1]
        for number, line in enumerate(SOURCE.read_text().splitlines(), 1)
        if "  # " in line
    }
    assert len(wanted) > 25
    for number in sorted(wanted.keys() | said.keys()):
        assert said.get(number) in wanted.get(number, "nothing").split(" or "), (number, said.get(number), out)


def short(revealed: str) -> str:
    """The type without the modules of its names."""
    return re.sub(r"[\w.]+\.(\w+)", r"\1", revealed).removesuffix("?")
