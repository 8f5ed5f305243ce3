"""Label sets and texts written by hand, in ``labels/``: what words mean, and how people say things.

One set is ``# its name``, ``? instructions``, and for each label ``@ names :: descriptions`` with a text a line below;
``|`` divides what means the same, ``\\n`` stands for a line break.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from nouns import like
from topics import FEW, FILLERS
from values import Source, quoted

FOLDER = Path(__file__).parent / "labels"
Turn = tuple[str, str]


@dataclass
class Label:
    names: list[str]
    notes: list[str]
    texts: list[str]


@dataclass
class LabelSet:
    name: str
    asks: list[str]
    labels: list[Label]


@cache
def label_sets() -> list[LabelSet]:
    return [one for path in sorted(FOLDER.glob("*.txt")) for one in read(path.read_text(encoding="utf-8"))]


def read(text: str) -> list[LabelSet]:
    """Raises ValueError for a line that stands where it must not."""
    sets: list[LabelSet] = []
    for number, line in enumerate(text.splitlines(), 1):
        try:
            if line.startswith("# "):
                sets.append(LabelSet(line[2:].strip(), [], []))
            elif line.startswith("? "):
                sets[-1].asks = divided(line[2:])
            elif line.startswith("@ "):
                names, notes = line[2:].split(" :: ", 1)
                sets[-1].labels.append(Label(divided(names), divided(notes), []))
            elif line.strip():
                sets[-1].labels[-1].texts.append(line.replace("\\n", "\n").strip())
        except (IndexError, ValueError) as error:
            raise ValueError(f"line {number}: {line!r} does not stand under a set or a label") from error
    return sets


def divided(line: str) -> list[str]:
    return [part for raw in line.split("|") if (part := raw.strip().strip('"').strip())]


def sample(s: Source) -> tuple[list[Turn], list[Turn], str]:
    """Labels with descriptions, several texts with their answers, and an instruction, perhaps empty."""
    if s.chance(0.35):
        return across(s)
    one = s.pick(label_sets())
    few = min(len(one.labels), s.any([2, 3, 4, 5, 6, 8]))
    labels = s.r.sample(one.labels, few)
    spelled = s.any([str, str, str, str.lower, str.upper, str.title, lambda t: t.replace(" ", "_"), lambda t: t.replace("_", " ").replace("-", " ").lower()])
    meaningless = s.chance(0.15)
    described = meaningless or s.chance(0.6)
    which = s.any(["abcdefgh", "12345678", "ABCDEFGH"])
    names = [which[i] if meaningless else spelled(s.any(label.names)) for i, label in enumerate(labels)]
    if len({*names}) < len(names):
        return sample(s)
    turns = []
    # Now and then what a label's own description says is a text, too: then no label is described.
    told = s.chance(0.12)
    described = described and not told
    kept = [s.r.sample(label.texts + label.notes if told else label.texts, len(label.texts)) for label in labels]
    for _ in range(s.r.randint(3, FEW)):
        at = s.r.randrange(few)
        if kept[at]:
            turns.append((worn(s, kept[at].pop()), quoted(names[at])))
    return [(name, s.any(label.notes) if described else "") for name, label in zip(names, labels, strict=True)], turns, s.any(one.asks) if one.asks and s.chance(0.4) else ""


def across(s: Source) -> tuple[list[Turn], list[Turn], str]:
    """Labels of several sets, each described: what fits is told by what a text means, not by the set that it is from."""
    chosen: list[Label] = []
    for one in (s.pick(label_sets()) for _ in range(s.any([2, 3, 4, 5]))):
        chosen.append(s.any(one.labels))
    names = [s.any(label.names) for label in chosen]
    if len({name.lower() for name in names}) < len(names):
        return across(s)
    turns = []
    for _ in range(s.r.randint(3, FEW)):
        at = s.r.randrange(len(chosen))
        turns.append((worn(s, varied(s, s.any(chosen[at].texts))), quoted(names[at])))
    return [(name, s.any(label.notes)) for name, label in zip(names, chosen, strict=True)], turns, ""


def varied(s: Source, text: str) -> str:
    """The text with some nouns changed for others like them.  Only where no label is about what tells the two apart: a dog may become a cat."""
    if s.chance(0.5):
        return text
    return re.sub(r"\b[a-z]{3,}\b", lambda found: s.any(others) if s.chance(0.5) and (others := like(found[0])) else found[0], text)


def worn(s: Source, text: str) -> str:
    """A text as it comes in: sometimes with idle words around it, in one case, without its last mark, with a slip."""
    if s.chance(0.1):
        text = f"{s.pick(FILLERS)} {text}"
    if s.chance(0.06):
        text = f"{text} {s.pick(FILLERS)}"
    roll = s.r.random()
    if roll < 0.12:
        text = text.lower()
    elif roll < 0.15:
        text = text.upper()
    if s.chance(0.1):
        text = text.rstrip(".!")
    if s.chance(0.1) and len(text) > 12:
        at = s.r.randrange(1, len(text) - 2)
        if text[at : at + 2].isalpha():
            text = text[:at] + s.any([text[at + 1], "", text[at] * 2]) + text[at + 1 :]
    return text


__all__ = ["Label", "LabelSet", "label_sets", "read", "sample"]
