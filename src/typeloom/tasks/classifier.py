"""A labelling task made once: a Classifier (one label a text) or a Tagger (any set of labels), fitted or not.

Both are frozen and pickle with their model. Scores (log-probabilities of the model, in nats) pass three steps in this
order: the content-free prior is subtracted, the calibration of `fit` is applied, the decision is made.

Each option, and what it is not:
- prior="content-free": takes out the liking for a label that the model shows of texts without content. No labelled text
  is needed; it does not make probabilities honest, `fit` does.
- `fit`: a temperature and a bias for each label from a few labelled texts. It corrects scores; it teaches nothing.
- none_of_the_above=True: one more label, for texts that no other fits; choosing it gives None. The model must
  understand the offer: a small one may take it too often or never. `fit` with texts labelled None sets it right.
- timeout: seconds for one text, over all that is asked about it; it bounds, and changes no answer.
- abstain_below=p: None where the best label has a probability below p. As good as the probabilities: calibrate first.
- a Tagger asks about each label by itself ("this label, or none of the above?"), one prompt a label. Its probabilities
  do not sum to 1, and labels that exclude each other may both be given.
- a hierarchy is scored by its leaves; a group's probability is the sum of its leaves' (`Distribution.groups`), and a
  text is never labelled with a group alone.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

import numpy as np
import numpy.typing as npt

from typeloom.errors import Error, SchemaError
from typeloom.llama.decode import Interrupt
from typeloom.tasks import calibration, classify
from typeloom.tasks.aio import interruptible
from typeloom.tasks.calibration import FLOOR, Calibration
from typeloom.tasks.deadline import deadline, positive
from typeloom.tasks.labels import STEP, Label, position, with_none
from typeloom.tasks.result import Decisions, Distribution, distribution
from typeloom.tasks.task import OnError, mapped

if TYPE_CHECKING:
    from typeloom.tasks.label_verbs import LabelVerbs

T = TypeVar("T")
Prior = Literal["content-free"] | None
Examples = Sequence[tuple[str, Any]]


@dataclass(frozen=True)
class Scorer:
    """How a model scores labels for a text: its words, and whether the content-free prior is taken out.

    Raises SchemaError for a prior that is neither None nor "content-free".
    """

    model: LabelVerbs
    labels: tuple[Label, ...]
    instructions: str = ""
    examples: Examples = ()
    prior: Prior = None

    def __post_init__(self) -> None:
        if self.prior not in (None, "content-free"):
            raise SchemaError(f"expected prior to be None or 'content-free', got {self.prior!r}")

    def scores(self, text: str, *, interrupt: Interrupt | None = None) -> list[float]:
        """One score a label, in nats, up to a common offset. Costs one prompt, at first those of the prior too.

        Raises as `classify.log_probabilities` does.
        """
        offered = sorted((label.name, label.description) for label in self.labels)
        asked = repr((offered, self.instructions, self.examples))
        raw = self._kept((asked, text), interrupt, classify.log_probabilities, text)
        if self.prior is None:
            return raw
        prior = self._kept((asked, None), interrupt, classify.content_free)
        return [max(value, FLOOR) - max(offset, FLOOR) for value, offset in zip(raw, prior, strict=True)]

    def _kept(
        self, key: tuple[str, str | None], interrupt: Interrupt | None, score: Callable[..., list[float]], *text: str
    ) -> list[float]:
        """The scores that the model kept under this key, evaluated now if it has none.

        Not for speed: with several slots, or on a GPU, the last digits depend on what else the memory holds, and the
        same question should get the same answer, in whatever order it names the labels.
        """
        names = [label.name for label in self.labels]

        def make() -> dict[str, float]:
            words: Any = {"instructions": self.instructions, "examples": self.examples, "interrupt": interrupt}
            return dict(zip(names, score(self.model.runtime, self.labels, *text, **words), strict=True))

        found = self.model.scores.get(key, make)
        return [found[name] for name in names]


@dataclass(frozen=True)
class Classifier(Generic[T]):
    """One label for each text; made by `Model.classifier`.

    calibration: of `fit`; None is the model's own probabilities. abstain_below: the least probability of a label that
    is given, else None is. timeout: seconds that one text may take; None is no limit.
    """

    scorer: Scorer
    abstain_below: float | None = None
    calibration: Calibration | None = None
    timeout: float | None = None

    def __post_init__(self) -> None:
        positive(self.timeout)
        if self.abstain_below is not None:
            _fraction("abstain_below", self.abstain_below)

    @property
    def labels(self) -> tuple[Label, ...]:
        """The labels, in declared order: the columns of `probs`."""
        return self.scorer.labels

    def distribution(self, text: str, *, interrupt: Interrupt | None = None) -> Distribution[T]:
        """The label of a text with the probability of every label. Raises as `Model.classify` does."""
        (scores,) = _scored((self.scorer,), text, self.timeout, interrupt)
        if self.calibration is not None:
            scores = self.calibration.logits(scores).tolist()
        found = distribution([label.value for label in self.labels], [label.name for label in self.labels], scores)
        if any(len(label.path) > 1 for label in self.labels):
            found = dataclasses.replace(found, groups=_groups(self.labels, found.probs))
        if self.abstain_below is not None and max(found.probs.values()) < self.abstain_below:
            found = dataclasses.replace(found, label=None)
        return found

    def predict(self, texts: Iterable[str]) -> list[T]:
        """The label of each text; None where the classifier abstains."""
        return [self.distribution(text).label for text in texts]

    def probs(self, texts: Iterable[str]) -> npt.NDArray[np.float64]:
        """Probabilities, [texts, labels]; each row sums to 1. The columns are in the order of `labels`."""
        rows = [list(self.distribution(text).probs.values()) for text in texts]
        return np.array(rows, dtype=np.float64).reshape(len(rows), len(self.labels))

    async def aio(self, text: str) -> Distribution[T]:
        """As `distribution`, in a thread, so that the event loop goes on meanwhile; cancelling the await ends it."""
        return await interruptible(lambda interrupt: self.distribution(text, interrupt=interrupt))

    def map(self, texts: Iterable[str], *, on_error: OnError = "raise", progress: bool = False) -> list[T | Error]:
        """The labels of the texts, in order; `on_error` and `progress` are as in `Task.map`."""
        return list(mapped(lambda text: self.distribution(text).label, texts, on_error=on_error, progress=progress))

    def fit(self, texts: Iterable[str], labels: Iterable[Any]) -> Classifier[T]:
        """This classifier, calibrated on labelled texts: a temperature and a bias for each label.

        labels: one for each text, by value or by name (None with `none_of_the_above`). Ten texts a label are a good
        number; with fewer the calibration stays close to none. Texts that were fitted on say nothing about how good it
        became: measure on others. Raises SchemaError for a label that is not offered, Error when there are no texts or
        the numbers differ. Costs one prompt a text.
        """
        read, given = _paired(texts, labels)
        correct = [position(self.labels, label, f"text {at}") for at, label in enumerate(given, 1)]
        scores = [_scored((self.scorer,), text, self.timeout, None)[0] for text in read]
        return dataclasses.replace(self, calibration=calibration.fit(scores, correct))


@dataclass(frozen=True)
class Tagger(Generic[T]):
    """A set of labels for each text, each decided by itself; made by `Model.tagger`.

    scorers: one a label, each between the label and none of the above. threshold: the least probability of a label that
    is given. calibrations: of `fit`, one a label. timeout: seconds that one text may take, over all labels; None is no
    limit.
    """

    scorers: tuple[Scorer, ...]
    threshold: float = 0.5
    calibrations: tuple[Calibration, ...] | None = None
    timeout: float | None = None
    labels: tuple[Label, ...] = field(init=False)

    def __post_init__(self) -> None:
        positive(self.timeout)
        _fraction("threshold", self.threshold)
        object.__setattr__(self, "labels", tuple(scorer.labels[0] for scorer in self.scorers))

    def decide(self, text: str, *, interrupt: Interrupt | None = None) -> Decisions[T]:
        """The labels of a text with the probability of each. Raises as `Model.classify` does."""
        rows = _scored(self.scorers, text, self.timeout, interrupt)
        chances = [self._chance(at, scores) for at, scores in enumerate(rows)]
        pairs = list(zip(self.labels, chances, strict=True))
        return Decisions(
            labels=frozenset(label.value for label, chance in pairs if chance >= self.threshold),
            probs={label.name: chance for label, chance in pairs},
            threshold=self.threshold,
        )

    async def aio(self, text: str) -> Decisions[T]:
        """As `decide`, in a thread, so that the event loop goes on meanwhile; cancelling the await ends it."""
        return await interruptible(lambda interrupt: self.decide(text, interrupt=interrupt))

    def map(self, texts: Iterable[str], *, on_error: OnError = "raise", progress: bool = False) -> list[set[T] | Error]:
        """The sets of labels of the texts, in order; `on_error` and `progress` are as in `Task.map`."""
        return list(mapped(lambda text: set(self.decide(text).labels), texts, on_error=on_error, progress=progress))

    def predict(self, texts: Iterable[str]) -> list[set[T]]:
        """The set of labels of each text."""
        return [set(self.decide(text).labels) for text in texts]

    def probs(self, texts: Iterable[str]) -> npt.NDArray[np.float64]:
        """The probability of each label, [texts, labels]; a row need not sum to 1."""
        rows = [list(self.decide(text).probs.values()) for text in texts]
        return np.array(rows, dtype=np.float64).reshape(len(rows), len(self.labels))

    def fit(self, texts: Iterable[str], labels: Iterable[Iterable[Any]]) -> Tagger[T]:
        """This tagger, each label calibrated by itself on labelled texts (Platt scaling).

        labels: a set of labels for each text. Raises as `Classifier.fit` does. Costs a prompt for each text and label.
        """
        read, given = _paired(texts, labels)
        sets = [{position(self.labels, one, f"text {at}") for one in many} for at, many in enumerate(given, 1)]
        rows = [_scored(self.scorers, text, self.timeout, None) for text in read]
        fitted = [
            calibration.fit([row[at] for row in rows], [int(at not in chosen) for chosen in sets])
            for at in range(len(self.scorers))
        ]
        return dataclasses.replace(self, calibrations=tuple(fitted))

    def _chance(self, at: int, scores: list[float]) -> float:
        logits = np.asarray(scores) if self.calibrations is None else self.calibrations[at].logits(scores)
        if not np.isfinite(logits).any():
            return 0.5  # neither is possible: no evidence
        return float(calibration.softmax(logits)[0])


def classifier(
    scorer: Scorer,
    *,
    none_of_the_above: bool = False,
    abstain_below: float | None = None,
    timeout: float | None = None,
) -> Classifier[Any]:
    """A Classifier over the scorer's labels, and one more for texts that none fits if asked for."""
    if none_of_the_above:
        scorer = dataclasses.replace(scorer, labels=with_none(scorer.labels))
    return Classifier(scorer, abstain_below, timeout=timeout)


def tagger(scorer: Scorer, *, threshold: float = 0.5, timeout: float | None = None) -> Tagger[Any]:
    """A Tagger over the scorer's labels. Examples are pairs of a text and the set of its labels."""
    shown: list[tuple[str, set[int]]] = []
    for number, example in enumerate(scorer.examples, 1):
        if not (isinstance(example, tuple) and len(example) == 2):
            raise SchemaError(f"example {number}: expected a pair (text, set of labels), got {type(example).__name__}")
        text, many = example
        if isinstance(many, str) or not isinstance(many, Iterable):
            raise SchemaError(f"example {number}: expected a set of labels, got {many!r}")
        shown.append((text, {position(scorer.labels, one, f"example {number}") for one in many}))
    scorers = []
    for at, label in enumerate(scorer.labels):
        two = with_none([label])
        examples = tuple((text, two[int(at not in chosen)].name) for text, chosen in shown)
        scorers.append(dataclasses.replace(scorer, labels=two, examples=examples))
    return Tagger(tuple(scorers), threshold, timeout=timeout)


def _scored(
    scorers: Sequence[Scorer], text: str, seconds: float | None, interrupt: Interrupt | None
) -> list[list[float]]:
    """The scores of each scorer, within so many seconds together."""
    ended_by = Interrupt() if interrupt is None else interrupt
    with deadline(ended_by, seconds):
        return [scorer.scores(text, interrupt=ended_by) for scorer in scorers]


def _groups(labels: Sequence[Label], probs: Any) -> dict[str, float]:
    """The probability of each group of a hierarchy, outer ones first."""
    sums: dict[tuple[str, ...], list[float]] = {}
    for label in labels:
        for depth in range(1, len(label.path)):
            sums.setdefault(label.path[:depth], []).append(probs[label.name])
    return {STEP.join(path): math.fsum(parts) for path, parts in sums.items()}


def _fraction(name: str, value: float) -> None:
    if not isinstance(value, (int, float)) or not 0.0 <= value <= 1.0:
        raise SchemaError(f"expected {name} from 0 to 1, got {value!r}")


def _paired(texts: Iterable[str], labels: Iterable[Any]) -> tuple[list[str], list[Any]]:
    read, given = list(texts), list(labels)
    if len(read) != len(given) or not read:
        raise Error(f"expected at least one text and one label for each, got {len(read)} texts and {len(given)} labels")
    return read, given
