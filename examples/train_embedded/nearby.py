"""Which word a text has to do with, by what its words stand near to elsewhere.

A text is any sentence that people wrote for the other sources, whatever it was written for; a label is a noun whose vector is near the text's
(``vectors.py``), and far from those of the other texts.  So the model learns to use what it was given about words, for far more
words than any list of topics has.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from dictionary import dictionary
from industries import branches
from labels import label_sets, worn
from nouns import nouns, rows
from opinions import opinions
from topics import FEW
from values import Source, quoted
from vectors import Vectors, Words, words

NEAR, APART = 0.56, 0.16
"""How near a label must be to its text, and how much nearer than the others."""
ASKS = ["What is it about?", "Which word fits best?", "Topic of the text", "What has it to do with?"]

Turn = tuple[str, str]


@cache
def stocks() -> list[list[str]]:
    """Sentences by where they are from."""
    found = [
        [text for one in label_sets() for label in one.labels for text in label.texts],
        [text for entry in dictionary().entries for text in entry.examples],
        [entry.meaning for entry in dictionary().entries if len(entry.meaning) > 30],
        [text for _, _, text in opinions()],
        [text for _, texts in branches().values() for text in texts],
    ]
    return [texts for texts in found if texts]


def sample(s: Source) -> tuple[list[Turn], list[Turn], str]:
    """Labels, several texts with their answers, and an instruction, perhaps empty."""
    w: Words = words()
    count = s.any([2, 3, 4, 5, 6])
    texts: list[str] = []
    meant: list[Vectors] = []
    chosen: list[int] = []
    for _ in range(60):
        if len(chosen) == count:
            break
        text = s.pick(s.any(stocks())[: s.any([2000, 10**9])])
        vector = w.of(text)
        if vector is None or len(text) > 300:
            continue
        near = rows() @ vector
        lower = text.lower()
        said = s.chance(0.25)  # a label that the text itself names is the easy case
        able = [i for i in np.argsort(-near)[:16].tolist() if near[i] > NEAR and (said or w.words[nouns()[i]][:5] not in lower) and i not in chosen]
        if not able:
            continue
        label = s.any(able[:8])
        if all(near[label] - near[other] > APART and rows()[other] @ old - rows()[label] @ old > APART for other, old in zip(chosen, meant, strict=True)):
            texts.append(text)
            meant.append(vector)
            chosen.append(label)
    if len(chosen) < 2:
        return sample(s)
    names = [w.words[nouns()[i]] for i in chosen]
    notes = [""] * len(names)
    if s.chance(0.4):
        notes = [noted(s, i) for i in chosen]
        if s.chance(0.3):
            names = ["abcdef"[i] for i in range(len(names))]
    spelled = s.any([str, str, str.title, str.upper])
    turns = [(worn(s, text), quoted(spelled(name))) for text, name in zip(texts, names, strict=True)]
    s.r.shuffle(turns)
    order = s.r.sample(range(len(names)), len(names))
    return [(spelled(names[i]), notes[i]) for i in order], turns[:FEW], s.any(ASKS) if s.chance(0.4) else ""


def noted(s: Source, label: int) -> str:
    """Words near a label, as its description."""
    near = [words().words[nouns()[i]] for i in np.argsort(-(rows() @ rows()[label]))[1:12]]
    some = s.r.sample(near, s.r.randint(2, 4))
    note = ", ".join(some[:-1]) + s.any([", ", " and ", " or "]) + some[-1]
    return note[0].upper() + note[1:] if s.chance(0.5) else note


__all__ = ["sample"]
