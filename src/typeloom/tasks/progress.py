"""What a run shows while it runs: a bar on stderr with documents and tokens per second, the time left, and errors."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Protocol, TypeVar

from typeloom.errors import Error

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress

Outcome = TypeVar("Outcome")


class Progress(Protocol):
    """Told what happens, in order: begin, a step for each record, end."""

    def begin(self, done: int, total: int | None) -> None: ...

    def step(self, tokens: int, is_error: bool) -> None: ...

    def end(self) -> None: ...


class Silent:
    """Shows nothing."""

    def begin(self, done: int, total: int | None) -> None:
        """Nothing."""

    def step(self, tokens: int, is_error: bool) -> None:
        """Nothing."""

    def end(self) -> None:
        """Nothing."""


class Bar:
    """A bar on stderr. Rates count what this run did; records that were done before it are where the bar begins."""

    def __init__(self) -> None:
        self._bar: RichProgress | None = None

    def begin(self, done: int, total: int | None) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as RichProgress

        self._bar = RichProgress(
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rates]}"),
            TimeRemainingColumn(),
            TextColumn("{task.fields[errors]} errors"),
            console=Console(stderr=True),
        )
        self._task = self._bar.add_task("", total=total, completed=done, rates="", errors=0)
        self._start = time.monotonic()
        self._records = self._tokens = self._errors = 0
        self._bar.start()

    def step(self, tokens: int, is_error: bool) -> None:
        if self._bar is None:
            return
        self._records += 1
        self._tokens += tokens
        self._errors += is_error
        seconds = max(time.monotonic() - self._start, 1e-6)
        rates = f"{self._records / seconds:.1f} documents/s"
        if self._tokens:
            rates += f", {self._tokens / seconds:.0f} tokens/s"
        self._bar.update(self._task, advance=1, rates=rates, errors=self._errors)

    def end(self) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None


def shown(
    outcomes: Iterable[Outcome], total: int | None, tokens: Callable[[Outcome], int], progress: Progress | None = None
) -> Iterator[Outcome]:
    """The outcomes as they come, with a bar (or what `progress` does) beside them; an Error among them counts as one.

    tokens: how many were decoded for an outcome.
    """
    told = progress or Bar()
    told.begin(0, total)
    try:
        for outcome in outcomes:
            told.step(tokens(outcome), isinstance(outcome, Error))
            yield outcome
    finally:
        told.end()
