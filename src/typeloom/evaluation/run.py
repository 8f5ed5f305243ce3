"""Run a model over a suite: ask, compare, measure."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from typeloom.errors import Error
from typeloom.evaluation import ask, compare, measure, suite
from typeloom.evaluation.ask import Mode
from typeloom.evaluation.measure import Guess, Judged
from typeloom.evaluation.suite import Document, Labelled, Suite
from typeloom.tasks import calibration
from typeloom.tasks.model import Model
from typeloom.tasks.result import distribution

FOLDS = 3
"""Parts of the texts of a label set: each is judged by a classifier that was fitted on the others."""
MAX_TOKENS = 512

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Evaluation:
    """What came out of a suite.

    guesses: by "raw" (the model's own probabilities), "content-free" (the prior taken out), "fitted" (temperature and
    biases from the other folds; then the texts a label that it was fitted on are at least `fitted_on`).
    """

    suite: str
    model: str
    mode: Mode
    examples: int
    seen: frozenset[str]
    judged: tuple[Judged, ...]
    guesses: dict[str, tuple[Guess, ...]]
    fitted_on: dict[str, int]

    def record(self) -> dict[str, Any]:
        """Everything that was measured, as JSON."""
        found: dict[str, Any] = {"suite": self.suite, "model": self.model}
        if self.judged:
            groups = {"all": self.judged}
            if self.seen:
                groups["seen kinds"] = tuple(one for one in self.judged if one.kind in self.seen)
                groups["unseen kinds"] = tuple(one for one in self.judged if one.kind not in self.seen)
            kinds = sorted({one.kind for one in self.judged})
            found |= {
                "mode": self.mode.value,
                "examples": self.examples,
                "documents": {name: measure.documents(group) for name, group in groups.items() if group},
                "by_kind": {k: measure.documents([one for one in self.judged if one.kind == k]) for k in kinds},
                "by_type": measure.by_type(self.judged),
                "errors": {one.id: one.error for one in self.judged if one.error},
            }
        if self.guesses:
            sets = sorted({guess.labels for guess in self.guesses["raw"]})
            found |= {
                "labels": {step: measure.labels(guesses) for step, guesses in self.guesses.items()},
                "by_set": {
                    name: {
                        step: measure.labels([guess for guess in guesses if guess.labels == name])
                        for step, guesses in self.guesses.items()
                    }
                    for name in sets
                },
                "fitted_on_texts_a_label": self.fitted_on,
            }
        return found


def evaluate(
    model: Model,
    name: str | os.PathLike[str] = "documents",
    *,
    mode: Mode | str = Mode.CONSTRAINED,
    examples: int = 0,
    max_tokens: int = MAX_TOKENS,
    progress: Progress | None = None,
) -> Evaluation:
    """How well the model does on a suite: one of `typeloom.evaluation.suite.NAMES`, or a file of JSON lines.

    mode: how objects are asked for, by name or as a `Mode`; labels are always scored. examples: shown before each text,
    out of the other documents of its kind. progress: called with texts done and all texts. A text that fails (its
    prompt does not fit, there is no valid object) counts as one without an object.

    Raises Error for a suite or a mode that there is not. Costs one generation a document, one prompt and those of the
    content-free texts a labelled text.
    """
    mode = _mode(mode)
    read = suite.read(name)
    if examples < 0:
        raise Error(f"expected examples of 0 or more, got {examples}")
    total = len(read.documents) + len(read.labelled)
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        if progress is not None:
            progress(done, total)

    judged = _judge(model, read, mode, examples, max_tokens, step)
    guesses: dict[str, list[Guess]] = {}
    fitted_on: dict[str, int] = {}
    for labels in sorted({one.labels for one in read.labelled}):
        texts = [one for one in read.labelled if one.labels == labels]
        for kind, found in _guess(model, labels, read.label_sets[labels], texts, step).items():
            guesses.setdefault(kind, []).extend(found)
        fewest = min(sum(one.label == label for one in texts) for label in read.label_sets[labels])
        fitted_on[labels] = fewest - -(-fewest // FOLDS)
    return Evaluation(
        suite=read.name,
        model=repr(model).removeprefix("<typeloom.Model ").removesuffix(">"),
        mode=mode,
        examples=examples,
        seen=read.seen,
        judged=tuple(judged),
        guesses={kind: tuple(found) for kind, found in guesses.items()},
        fitted_on=fitted_on,
    )


def _mode(mode: Mode | str) -> Mode:
    try:
        return Mode(mode)
    except ValueError:
        raise Error(f"expected a mode, one of {', '.join(m.value for m in Mode)}, got {mode!r}") from None


def _judge(
    model: Model, read: Suite, mode: Mode, examples: int, max_tokens: int, step: Callable[[], None]
) -> list[Judged]:
    ways = {kind: ask.way(model, read.kinds[kind], mode, max_tokens) for kind in {one.kind for one in read.documents}}
    judged = []
    for document in read.documents:
        shown = [(other.text, other.truth) for other in _others(read.documents, document, examples)]
        start = time.perf_counter()
        answer = ways[document.kind](document.text, shown)
        seconds = time.perf_counter() - start
        fields = compare.fields(
            read.kinds[document.kind], document.truth, document.accept, answer.value, document.text
        )
        valid = answer.value is not None
        judged.append(
            Judged(document.id, document.kind, tuple(fields), valid, answer.tokens, seconds, answer.error)
        )
        step()
    return judged


def _others(documents: Sequence[Document], document: Document, count: int) -> list[Document]:
    """The documents of the same kind that follow this one, in a circle."""
    same = [one for one in documents if one.kind == document.kind]
    at = same.index(document)
    return [same[(at + offset) % len(same)] for offset in range(1, min(count, len(same) - 1) + 1)]


def _guess(
    model: Model, name: str, labels: Any, texts: Sequence[Labelled], step: Callable[[], None]
) -> dict[str, list[Guess]]:
    """The guesses of one label set, before and after calibration."""
    names = list(labels)
    plain = model.classifier(dict(labels)).scorer
    prior = model.classifier(dict(labels), prior="content-free").scorer
    raw, less = [], []
    for one in texts:
        raw.append(plain.scores(one.text))
        less.append(prior.scores(one.text))
        step()
    correct = [names.index(one.label) for one in texts]
    folds = np.empty(len(texts), dtype=np.int64)
    folds[np.argsort(correct, kind="stable")] = np.arange(len(texts)) % FOLDS
    fitted: list[list[float]] = [[] for _ in texts]
    for fold in range(FOLDS):
        inside = [at for at in range(len(texts)) if folds[at] != fold]
        outside = [at for at in range(len(texts)) if folds[at] == fold]
        if not inside or not outside:
            raise Error(f"label set {name}: expected at least {FOLDS} texts, got {len(texts)}")
        found = calibration.fit([raw[at] for at in inside], [correct[at] for at in inside])
        for at in outside:
            fitted[at] = found.logits(raw[at]).tolist()
    steps = {"raw": raw, "content-free": less, "fitted": fitted}
    return {
        kind: [_pick(name, names, one, row) for one, row in zip(texts, rows, strict=True)]
        for kind, rows in steps.items()
    }


def _pick(name: str, names: list[str], one: Labelled, scores: list[float]) -> Guess:
    found = distribution(names, names, scores)
    return Guess(name, one.label, found.label, found.probs[found.label])
