"""Run a job over an input into an output file: resumed where an earlier run ended, however it ended.

Records flow through: read -> past what is done -> answered (here, or in workers) -> one line each. Nothing but the
records under way is held in memory.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from typeloom.errors import Error
from typeloom.pipelines import job as jobs
from typeloom.pipelines import records, step
from typeloom.pipelines.job import Job
from typeloom.pipelines.journal import Journal
from typeloom.pipelines.records import Record, json_text
from typeloom.pipelines.workers import Failure, in_order, in_turn, together
from typeloom.tasks.model import Model, load
from typeloom.tasks.progress import Progress, Silent


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run did. `resumed` records were done before it; `failed` counts the errors in the whole output."""

    records: int
    resumed: int
    failed: int


def run(
    job: Job,
    source: Path,
    output: Path,
    *,
    workers: int = 1,
    model: Model | None = None,
    progress: Progress | None = None,
) -> Summary:
    """Bring the output to one line for every record of the source, in order; a second call does what is left.

    workers: 1 answers in this process; more are processes that load the job's model each, with its slots and their
        share of the cores.
    model: answers instead of the job's own model; one worker only.
    Raises Error when the output is of another task or input, or another run is writing it.
    """
    if workers < 1:
        raise Error(f"expected 1 worker or more, got {workers}")
    if model is not None and workers > 1:
        raise Error(f"expected one worker for a model that is loaded already, got {workers}")
    type_or_labels = job.source()
    task = jobs.fingerprint(job, type_or_labels)
    left = records.read(source, job)
    shown = progress or Silent()
    with Journal(output, task, job.error) as journal:
        journal.done(left)
        resumed, failed = journal.n_done, journal.n_failed
        done = resumed
        shown.begin(done, records.count(source))
        try:
            for line, is_error, tokens in _lines(job, left, workers, model):
                (journal.append_error if is_error else journal.append)(line)
                done += 1
                failed += is_error
                shown.step(tokens, is_error)
        finally:
            shown.end()
    return Summary(done, resumed, failed)


def made(job: Job, workers: int) -> step.StepOverMany:
    """The step of a job in a worker: the type is imported and the model loaded in this process."""
    cores = os.cpu_count() or 1
    threads = None if workers == 1 else max(1, cores // workers)
    loaded = load(
        job.model_path(), slots=job.slots, n_ctx=job.n_ctx, n_threads=threads, seed=job.seed, layout=job.layout
    )
    return step.of_job(job, job.source(), loaded)


def _lines(job: Job, left: Iterator[Record], workers: int, model: Model | None) -> Iterator[tuple[str, bool, int]]:
    """The line of each record, whether it is an error, and the tokens decoded for it."""
    texts = ((record, None if record.fault else record.text) for record in left)
    if workers > 1:
        answers = in_order(partial(made, job, workers), texts, workers, job.slots)
    else:
        make = partial(made, job, workers) if model is None else partial(step.of_job, job, job.source(), model)
        answers = in_turn(make, texts) if job.slots == 1 else together(make, texts)
    for record, found in answers:
        answer = found if record.fault is None else Failure("Error", record.fault)
        if answer is None:
            yield record.line(job.result, "null"), False, 0
        elif isinstance(answer, Failure):
            error = json_text({"kind": answer.kind, "message": answer.message})
            yield record.line(job.error, error), True, 0
        else:
            yield record.line(job.result, answer.json), False, answer.tokens
