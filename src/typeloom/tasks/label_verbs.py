"""The verbs about labels: what a loaded model says of a text in the words of a caller.

Thin, and mostly their types: the steps live in `classifier`. They stand beside `extract` and its kin in `Model`.
"""

from __future__ import annotations

import builtins
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import TYPE_CHECKING, Any, Literal, TypedDict, TypeVar, Unpack, overload

from typeloom.errors import SchemaError
from typeloom.tasks import classifier as labelling
from typeloom.tasks.classifier import Classifier, Prior, Scorer, Tagger
from typeloom.tasks.labels import labels as read_labels

if TYPE_CHECKING:
    from typeloom.llama.decode import Interrupt
    from typeloom.tasks.kept import Kept
    from typeloom.tasks.result import Decisions, Distribution
    from typeloom.tasks.runtime import Runtime

E = TypeVar("E", bound=Enum)


class LabelWords(TypedDict, total=False):
    """What every verb about labels may be given beside them."""

    instructions: str
    examples: Sequence[tuple[str, Any]]
    prior: Prior
    timeout: float | None


class LabelVerbs:
    """`classify`, and what it uses made once: `classifier` and `tagger`."""

    runtime: Runtime
    scores: Kept[Mapping[str, float]]
    """The log-probabilities of labels, in nats, by what was asked."""

    @overload
    def classify(
        self,
        text: str,
        labels: builtins.type[E],
        *,
        detail: Literal[False] = False,
        **words: Unpack[LabelWords],
    ) -> E: ...
    @overload
    def classify(
        self,
        text: str,
        labels: builtins.type[E],
        *,
        detail: Literal[True],
        **words: Unpack[LabelWords],
    ) -> Distribution[E]: ...
    @overload
    def classify(
        self,
        text: str,
        labels: builtins.type[E],
        *,
        detail: Literal[False] = False,
        multi: Literal[True],
        threshold: float = 0.5,
        **words: Unpack[LabelWords],
    ) -> set[E]: ...
    @overload
    def classify(
        self,
        text: str,
        labels: builtins.type[E],
        *,
        detail: Literal[True],
        multi: Literal[True],
        threshold: float = 0.5,
        **words: Unpack[LabelWords],
    ) -> Decisions[E]: ...
    @overload
    def classify(
        self,
        text: str,
        labels: builtins.type[bool],
        *,
        detail: Literal[False] = False,
        **words: Unpack[LabelWords],
    ) -> bool: ...
    @overload
    def classify(
        self,
        text: str,
        labels: builtins.type[bool],
        *,
        detail: Literal[True],
        **words: Unpack[LabelWords],
    ) -> Distribution[bool]: ...
    @overload
    def classify(
        self,
        text: str,
        labels: Sequence[str] | Mapping[str, str],
        *,
        detail: Literal[False] = False,
        **words: Unpack[LabelWords],
    ) -> str: ...
    @overload
    def classify(
        self,
        text: str,
        labels: Sequence[str] | Mapping[str, str],
        *,
        detail: Literal[True],
        **words: Unpack[LabelWords],
    ) -> Distribution[str]: ...
    @overload
    def classify(
        self,
        text: str,
        labels: Sequence[str] | Mapping[str, str],
        *,
        detail: Literal[False] = False,
        multi: Literal[True],
        threshold: float = 0.5,
        **words: Unpack[LabelWords],
    ) -> set[str]: ...
    @overload
    def classify(
        self,
        text: str,
        labels: Sequence[str] | Mapping[str, str],
        *,
        detail: Literal[True],
        multi: Literal[True],
        threshold: float = 0.5,
        **words: Unpack[LabelWords],
    ) -> Decisions[str]: ...
    @overload
    def classify(
        self,
        text: str,
        labels: Any,
        *,
        detail: bool = False,
        multi: bool = False,
        threshold: float = 0.5,
        none_of_the_above: bool = False,
        abstain_below: float | None = None,
        interrupt: Interrupt | None = None,
        **words: Unpack[LabelWords],
    ) -> Any: ...
    def classify(
        self,
        text: str,
        labels: Any,
        *,
        detail: bool = False,
        multi: bool = False,
        threshold: float = 0.5,
        none_of_the_above: bool = False,
        abstain_below: float | None = None,
        interrupt: Interrupt | None = None,
        **words: Unpack[LabelWords],
    ) -> Any:
        """The label that fits the text best; with `detail=True` the Distribution over all of them.

        labels: an Enum class, a Literal, bool, a list of strings, or a dict of label to description. A hierarchy is a
        dict whose values are dicts or lists, or an Enum of tuples; its labels are the leaves, given as paths.
        examples: pairs of a text and its label. prior: "content-free" takes out what the model says of empty texts.
        multi: the set of labels whose own probability is at least `threshold`; with `detail=True` the Decisions.
        none_of_the_above: offer one more label, which gives None. abstain_below: None where the probability of the best
        label is below. `typeloom.tasks.classifier` says what each of these is and is not. timeout: seconds that scoring
        may take, the wait for a model that others use included. interrupt: cancelled by another thread, it ends the
        call.

        The result does not depend on the order of the labels. Costs one prompt; one for each label with `multi`.
        Raises SchemaError for labels that cannot be told apart and for options that do not go together, LimitError when
        the text does not fit the context, TimeoutExpired when the time is over, Cancelled, Error when the text is empty
        or no text.
        """
        if multi:
            if none_of_the_above or abstain_below is not None:
                raise SchemaError(
                    "expected neither none_of_the_above nor abstain_below with multi=True: a text that no label fits"
                    " gets the empty set there; leave them out, or use threshold"
                )
            decided = self.tagger(labels, threshold=threshold, **words).decide(text, interrupt=interrupt)
            return decided if detail else set(decided.labels)
        found = self.classifier(
            labels, none_of_the_above=none_of_the_above, abstain_below=abstain_below, **words
        ).distribution(text, interrupt=interrupt)
        return found if detail else found.label

    @overload
    def classifier(
        self,
        labels: builtins.type[E],
        **words: Unpack[LabelWords],
    ) -> Classifier[E]: ...
    @overload
    def classifier(
        self,
        labels: builtins.type[bool],
        **words: Unpack[LabelWords],
    ) -> Classifier[bool]: ...
    @overload
    def classifier(
        self,
        labels: Sequence[str] | Mapping[str, str],
        **words: Unpack[LabelWords],
    ) -> Classifier[str]: ...
    @overload
    def classifier(
        self,
        labels: Any,
        *,
        none_of_the_above: bool = False,
        abstain_below: float | None = None,
        **words: Unpack[LabelWords],
    ) -> Classifier[Any]: ...
    def classifier(
        self,
        labels: Any,
        *,
        instructions: str = "",
        examples: Sequence[tuple[str, Any]] = (),
        prior: Prior = None,
        timeout: float | None = None,
        none_of_the_above: bool = False,
        abstain_below: float | None = None,
    ) -> Classifier[Any]:
        """A classifier made once: it can be fitted to labelled texts, maps over texts, and pickles.

        Its arguments are those of `classify`, the `timeout` is for one text; raises SchemaError as that does.
        """
        scorer = Scorer(self, read_labels(labels), instructions, tuple(examples), prior)
        return labelling.classifier(
            scorer, none_of_the_above=none_of_the_above, abstain_below=abstain_below, timeout=timeout
        )

    @overload
    def tagger(
        self,
        labels: builtins.type[E],
        *,
        threshold: float = 0.5,
        **words: Unpack[LabelWords],
    ) -> Tagger[E]: ...
    @overload
    def tagger(
        self,
        labels: Sequence[str] | Mapping[str, str],
        *,
        threshold: float = 0.5,
        **words: Unpack[LabelWords],
    ) -> Tagger[str]: ...
    @overload
    def tagger(
        self,
        labels: Any,
        *,
        threshold: float = 0.5,
        **words: Unpack[LabelWords],
    ) -> Tagger[Any]: ...
    def tagger(
        self,
        labels: Any,
        *,
        threshold: float = 0.5,
        instructions: str = "",
        examples: Sequence[tuple[str, Any]] = (),
        prior: Prior = None,
        timeout: float | None = None,
    ) -> Tagger[Any]:
        """What `classify` with `multi=True` uses, made once; `examples` pair a text with the set of its labels."""
        scorer = Scorer(self, read_labels(labels), instructions, tuple(examples), prior)
        return labelling.tagger(scorer, threshold=threshold, timeout=timeout)
