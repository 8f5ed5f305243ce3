"""Samples as the model sees them: chat turns made by the library's own prompts."""

from __future__ import annotations

import importlib.util
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import choosing
import cues
import documents
import topics
import worked
from values import Source

# Loaded by path, so that training needs neither the library's other
# dependencies nor an installation.
_file = Path(__file__).resolve().parents[2] / "src/typeloom/tasks/prompt.py"
_spec = importlib.util.spec_from_file_location("typeloom_prompt", _file)
assert _spec and _spec.loader
prompt: Any = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(prompt)


@dataclass
class Sample:
    """Turns before the last answer (earlier answers among them), the last answer, and its schema if it is an object."""

    kind: str
    messages: list[dict[str, str]]
    answer: str
    schema: dict[str, Any]


INSTRUCTIONS = ["Copy names exactly as written.", "Be exact.", "Dates as YYYY-MM-DD.", "Do not guess.", "Only use what the text says.", "The text may contain typos."]


def sample(seed: int, held_out: bool = False) -> Sample:
    s = Source(seed, held_out)
    roll = s.r.random()
    said = s.any(INSTRUCTIONS) if s.chance(0.1) else ""
    if roll < 0.03:
        labels, text, answer, kind = choosing.sample(s)
        return Sample(kind, prompt.classification(labels, text, said), answer, {})
    if roll < 0.22:
        labels, turns, kind = (topics.drill if roll < 0.16 else topics.sample)(s)
        *before, (text, answer) = turns
        if s.chance(0.15):
            before = []
        return Sample(kind, prompt.classification(labels, text, said, before), answer, {})
    examples: list[tuple[str, str]] = []
    if roll < 0.27:
        schema, turns, kind = worked.sample(s)
        *examples, (text, answer) = turns
    else:
        make = cues.drill if roll < 0.42 else documents.brief if roll < 0.6 else cues.sample if roll < 0.67 else documents.sample
        schema, text, answer, kind = make(s)
    json.loads(answer)
    return Sample(kind, prompt.extraction(prompt.outline(schema), text, said, examples), answer, schema)
