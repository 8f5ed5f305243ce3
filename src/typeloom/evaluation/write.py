"""An evaluation as files: the record as JSON, diagrams as SVG."""

from __future__ import annotations

import json
from pathlib import Path

from typeloom.evaluation import diagram
from typeloom.evaluation.run import Evaluation

RATES = ("field_exact", "field_f1")


def write(evaluation: Evaluation, folder: Path) -> list[Path]:
    """Write the `files` of an evaluation; returns them. Makes the folder, replaces files of the same name."""
    folder.mkdir(parents=True, exist_ok=True)
    made = files(evaluation)
    for file, content in made.items():
        (folder / file).write_text(content, encoding="utf-8")
    return [folder / file for file in made]


def files(evaluation: Evaluation) -> dict[str, str]:
    """The record, named after suite, mode and examples, and .svg diagrams, by file name.

    A suite of documents gives bars by kind and by type, a suite of labels bars by label set and a reliability diagram.
    """
    record = evaluation.record()
    name = evaluation.suite
    if evaluation.judged:
        name = f"{name}-{evaluation.mode.value}-{evaluation.examples}"
    made = {f"{name}.json": json.dumps(record, ensure_ascii=False, indent=1) + "\n"}
    title = f"{evaluation.suite}, {evaluation.model}"
    if evaluation.judged:
        for by in ("by_kind", "by_type"):
            groups = {
                key: {rate.replace("_", " "): values[rate] for rate in RATES} for key, values in record[by].items()
            }
            made[f"{name}-{by.replace('_', '-')}.svg"] = diagram.bars(title, groups)
    if evaluation.guesses:
        sets = {
            key: {step: values["accuracy"] for step, values in steps.items()}
            for key, steps in record["by_set"].items()
        }
        made[f"{name}-accuracy.svg"] = diagram.bars(f"{title}: accuracy", sets)
        made[f"{name}-reliability.svg"] = diagram.reliability(f"{title}: reliability", evaluation.guesses)
    return made
