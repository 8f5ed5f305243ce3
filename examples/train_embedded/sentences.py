"""Which label a sentence fits, by what an encoder of sentences says of both (``encoder.py``).

GloVe knows words (``nearby.py``); of "my suitcase went to Oslo, I did not" it knows nothing.  The encoder was taught by a thousand million pairs, and so
tells sentences by what they mean: of the label texts written by hand that no one trains on, it finds more without a single example than
the embedded model did.  ``learn`` takes sentences from the other sources, and as labels those that were written by hand, with their descriptions, and
common nouns with their meanings, and keeps what the encoder says of each in ``work/sentences.npz``:

    python sentences.py 12000     # of each source; ten minutes of one core

A sentence and a label belong together if they are near; the other labels of a sample must be clearly farther from it.  What the encoder
cannot tell well is left out, so that it teaches what it is sure of.
"""

from __future__ import annotations

import argparse
import random
from functools import cache
from typing import Any

import numpy as np
from labels import label_sets, worn
from topics import FEW
from values import WORK, Source, quoted

FILE = WORK / "sentences.npz"
NEAR, APART = 0.42, 0.15
"""How near a label must be to its sentence, and how much nearer than the other labels."""
ALIKE = 0.6
"""Labels nearer to each other are not offered together."""
RANKED, FEWEST = 60, 5
"""Sentences of a label: the nearest so many; a label with fewer than the second is not offered."""
ASKS = ["What is it about?", "Which label fits best?", "Sort the message.", "Topic of the text", "What has it to do with?"]

Turn = tuple[str, str]
Numbers = np.ndarray[Any, np.dtype[np.float32]]


def learn(each: int) -> None:
    """Write ``work/sentences.npz``: sentences, labels with descriptions, and the numbers of both in eight bits."""
    from dictionary import dictionary
    from encoder import Encoder
    from nearby import stocks

    r = random.Random(1)
    texts = sorted({text for stock in stocks() for text in r.sample(stock, min(each, len(stock))) if 20 <= len(text) <= 240})
    pairs = [(label.names[0], label.notes) for one in label_sets() for label in one.labels]
    common = [entry for entry in dictionary().entries if entry.part == "noun" and 15 <= len(entry.meaning) <= 90]
    pairs += [(entry.words[0], [entry.meaning]) for entry in r.sample(common, min(each // 4, len(common)))]
    encoder = Encoder()
    rows = encoder.of(texts)
    of_labels = encoder.of([f"{name}: {'; '.join(notes)}" for name, notes in pairs])
    np.savez_compressed(
        FILE,
        texts=np.array(texts),
        names=np.array([name for name, _ in pairs]),
        notes=np.array(["|".join(notes) for _, notes in pairs]),
        rows=eight_bits(rows),
        of_labels=eight_bits(of_labels),
    )


def eight_bits(rows: Numbers) -> np.ndarray[Any, np.dtype[np.int8]]:
    return np.round(rows / np.abs(rows).max() * 127).astype(np.int8)


class Known:
    """The sentences and the labels, and how near they are."""

    def __init__(self) -> None:
        with np.load(FILE) as file:
            self.texts: list[str] = file["texts"].tolist()
            self.names: list[str] = file["names"].tolist()
            self.notes: list[str] = file["notes"].tolist()
            self.rows, self.of_labels = (of / np.linalg.norm(of, axis=1, keepdims=True) for of in (file["rows"].astype(np.float32), file["of_labels"].astype(np.float32)))

        self.nearest: dict[int, list[int]] = {}
        """The sentences of each label that has enough, the nearest first."""
        for start in range(0, len(self.names), 512):
            near = self.of_labels[start : start + 512] @ self.rows.T
            best = np.argpartition(-near, min(RANKED, near.shape[1] - 1), axis=1)[:, :RANKED]
            for at, some in enumerate(best):
                kept = [int(one) for one in some[np.argsort(-near[at, some])] if near[at, one] > NEAR]
                if len(kept) >= FEWEST:
                    self.nearest[start + at] = kept
        self.labels = list(self.nearest)


@cache
def known() -> Known:
    return Known()


def sample(s: Source) -> tuple[list[Turn], list[Turn], str]:
    """Labels, most of them described, several texts with their answers, and an instruction, perhaps empty."""
    k = known()
    count = s.any([2, 3, 4, 5, 6])
    chosen: list[int] = []
    for _ in range(40):
        label = s.pick(k.labels)
        if len(chosen) < count and all(k.of_labels[label] @ k.of_labels[other] < ALIKE for other in chosen) and k.names[label].lower() not in {k.names[o].lower() for o in chosen}:
            chosen.append(label)
    described = s.chance(0.85)
    meaningless = described and s.chance(0.15)
    names = [("abcdef"[at] if meaningless else k.names[label]) for at, label in enumerate(chosen)]
    turns: list[Turn] = []
    taken: set[int] = set()
    for _ in range(FEW):
        at = s.r.randrange(len(chosen))
        for text in s.r.sample(near := k.nearest[chosen[at]], len(near)):
            to = k.of_labels[chosen] @ k.rows[text]
            if text not in taken and all(to[at] - to[other] > APART for other in range(len(chosen)) if other != at):
                taken.add(text)
                turns.append((worn(s, k.texts[text]), quoted(names[at])))
                break
    if len(turns) < 2:
        return sample(s)
    notes = [s.any(k.notes[label].split("|")) if described else "" for label in chosen]
    return list(zip(names, notes, strict=True)), turns, s.any(ASKS) if s.chance(0.3) else ""


def main() -> None:
    parser = argparse.ArgumentParser(description="Ask the encoder about sentences and labels.")
    parser.add_argument("each", type=int, nargs="?", default=12_000, help="sentences of each source at most")
    learn(parser.parse_args().each)


if __name__ == "__main__":
    main()

__all__ = ["sample"]
