"""Samples as the model sees them: chat turns made by the library's own prompts."""

from __future__ import annotations

import importlib.util
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import choosing
import cues
import dictionary
import documents
import industries
import labels
import nearby
import opinions
import sentences
import topics
import worked
import written
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
    """Turns before the last answer (earlier answers among them), the last answer, and the schema it fits."""

    kind: str
    messages: list[dict[str, str]]
    answer: str
    schema: dict[str, Any]


INSTRUCTIONS = ["Copy names exactly as written.", "Be exact.", "Dates as YYYY-MM-DD.", "Do not guess.", "Only use what the text says.", "The text may contain typos."]


def sample(seed: int, held_out: bool = False) -> Sample:
    s = Source(seed, held_out)
    roll = s.r.random()
    said = s.any(INSTRUCTIONS) if s.chance(0.1) else ""
    if roll < 0.42:
        pairs, turns, ask = classified(s, roll)
        *before, (text, answer) = turns
        if s.chance(0.15):
            before = []
        return Sample("labels", prompt.classification(pairs, text, ask or said, before), answer, {"enum": [name for name, _ in pairs]})
    examples: list[tuple[str, str]] = []
    if roll < 0.49:
        schema, turns, kind = worked.sample(s) if roll < 0.44 else written.worked(s, s.any([2, 3]))
        *examples, (text, answer) = turns
    else:
        make = cues.drill if roll < 0.52 else documents.brief if roll < 0.55 else cues.sample if roll < 0.59 else written.sample if roll < 0.91 else documents.sample
        schema, text, answer, kind = make(s)
    json.loads(answer)
    return Sample(kind, prompt.extraction(prompt.outline(schema), text, said, examples), answer, schema)


def classified(s: Source, roll: float) -> tuple[list[tuple[str, str]], list[tuple[str, str]], str]:
    """Labels, texts with their answers, and what is asked about them, if anything."""
    if roll < 0.29:
        return (labels if roll < 0.26 else dictionary).sample(s)
    if roll < 0.34:
        return sentences.sample(s)
    if roll < 0.36:
        return (opinions if roll < 0.35 else industries).sample(s)
    if roll < 0.385:
        return nearby.sample(s)
    if roll < 0.395:
        pairs, text, answer, _ = choosing.sample(s)
        return pairs, [(text, answer)], ""
    pairs, turns, _ = (topics.drill if roll < 0.405 else topics.sample)(s)
    return pairs, turns, ""
