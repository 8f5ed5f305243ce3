"""The command line: extract and classify files, run jobs over data sets, and check what of a type the automaton holds.

One line of JSON per document goes to stdout, in the order of the arguments; everything for people goes to stderr.
Exit codes: 0 all went well, 1 some document failed, 2 wrong usage, a type that cannot be read or a model that cannot be
loaded. A failed document is a line like the others, with "error" in the place of "value", and does not stop the rest.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import click

from typeloom.errors import Error
from typeloom.pipelines.named import imported
from typeloom.tasks.layout import WrittenLayout

EXAMPLES = """\b
Examples:
  typeloom check invoice.py:Invoice
  typeloom explain invoice.py:Invoice '{"number": 7}'
  typeloom extract invoice.py:Invoice mail/*.txt > invoices.jsonl
  pdftotext bill.pdf - | typeloom extract invoice.py:Invoice -
  typeloom classify --labels bug,question,idea tickets/*.txt
  typeloom run task.toml mails.jsonl -o invoices.jsonl
\b
where invoice.py is, for example,
  from pydantic import BaseModel
  class Invoice(BaseModel):
      number: str
      total: float | None = None
\b
Exit codes: 0 all went well, 1 some document failed, 2 wrong usage, type or model."""


def installed_version() -> str:
    """The version of the installed distribution."""
    try:
        return importlib.metadata.version("typeloom")
    except importlib.metadata.PackageNotFoundError:
        return "unknown (run from a source tree)"


model_option = click.option(
    "--model", metavar="GGUF", help="Model file; the small one that comes with typeloom if not given."
)
seed_option = click.option("--seed", type=int, default=0, show_default=True, help="Seed of the model.")
layout_option = click.option(
    "--layout", type=click.Choice(get_args(WrittenLayout)), default="compact", show_default=True,
    help="Of the JSON that the model is made to write.",
)  # fmt: skip
files_argument = click.argument("files", nargs=-1, metavar="[FILES or -]")


@click.group(epilog=EXAMPLES, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(installed_version())
def cli() -> None:
    """Turn text into typed objects and labels with a local model."""


@cli.command(
    epilog="""\b
Examples:
  typeloom extract invoice.py:Invoice mail/*.txt
  typeloom extract invoice.py:Invoice - < mail.txt
  typeloom extract shop.orders:Order --model qwen2.5-1.5b-q4.gguf --max-tokens 300 order.txt
\b
Prints, for each document, one line:
  {"file": "mail/1.txt", "value": {"number": "A-7", "total": 12.5}}
  {"file": "mail/2.txt", "error": {"kind": "BudgetError", "message": "..."}}"""
)
@click.argument("type_name", metavar="FILE.py:TYPE")
@files_argument
@model_option
@click.option("--max-tokens", type=click.IntRange(min=1), default=1024, show_default=True, help="Tokens of one object.")
@layout_option
@seed_option
@click.option("--instructions", default="", help="What to mind, in a sentence or two.")
def extract(
    type_name: str,
    files: Sequence[str],
    model: str | None,
    max_tokens: int,
    layout: WrittenLayout,
    seed: int,
    instructions: str,
) -> int:
    """Read each document into an object of TYPE, defined in FILE.py (or importable.module:TYPE)."""
    from typeloom.pipelines.step import dumped
    from typeloom.tasks.model import load

    source = imported(type_name)
    with load(model, seed=seed, layout=layout) as loaded:

        def value(text: str) -> dict[str, Any]:
            found = loaded.extract(source, text, max_tokens=max_tokens, instructions=instructions)
            return {"value": json.loads(dumped(source, found))}

        return lines(files, value)


@cli.command(
    epilog="""\b
Examples:
  typeloom classify --labels bug,question,idea tickets/*.txt
  echo "where is my parcel?" | typeloom classify --labels delivery,payment,other
\b
Prints, for each document, one line:
  {"file": "tickets/1.txt", "label": "bug", "probs": {"bug": 0.91, "question": 0.07, "idea": 0.02}}
or, with --multi, where each probability stands for itself:
  {"file": "tickets/1.txt", "labels": ["bug"], "probs": {"bug": 0.88, "question": 0.31, "idea": 0.02}}"""
)
@files_argument
@click.option("--labels", required=True, metavar="A,B,C", help="The labels, separated by commas.")
@model_option
@seed_option
@click.option("--instructions", default="", help="What to mind, in a sentence or two.")
@click.option("--prior", type=click.Choice(["content-free"]), help="Take out what the model says of empty texts.")
@click.option("--multi", is_flag=True, help="Any number of labels, each decided by itself.")
@click.option("--threshold", type=float, default=0.5, show_default=True, help="Least probability with --multi.")
@click.option("--abstain-below", type=float, metavar="P", help="The label is null below this probability.")
@click.option("--none-of-the-above", is_flag=True, help="Offer one label more, which gives null.")
def classify(
    files: Sequence[str],
    labels: str,
    model: str | None,
    seed: int,
    instructions: str,
    multi: bool,
    **options: Any,
) -> int:
    """Give each document the label that fits (with --multi: all that fit), with the probability of every label."""
    from typeloom.tasks import classify as steps
    from typeloom.tasks.model import load

    names = [name.strip() for name in labels.split(",") if name.strip()]
    steps.labels(names)
    with load(model, seed=seed) as loaded:

        def value(text: str) -> dict[str, Any]:
            found = loaded.classify(text, names, detail=True, instructions=instructions, multi=multi, **options)
            given = {"labels": sorted(found.labels)} if multi else {"label": found.label}
            return {**given, "probs": {name: round(p, 6) for name, p in found.probs.items()}}

        return lines(files, value)


@cli.command(
    "run",
    epilog="""\b
Examples:
  typeloom run task.toml mails.jsonl -o invoices.jsonl
  typeloom run task.toml letters/ -o invoices.jsonl --workers 4
\b
where task.toml is, for example,
  type = "invoice.py:Invoice"     # or labels = ["bug", "question"]
  text = "body"                   # the field with the text
  key = "id"                      # keep this field of each record only
  instructions = "Amounts are in euro."
  max_tokens = 512
\b
Writes one line for each record, in their order, as
  {"id": 7, "result": {"number": "A-7", "total": 12.5}}
  {"id": 8, "error": {"kind": "BudgetError", "message": "..."}}
and the lines with errors once more, beside it, to invoices.errors.jsonl. Run it again after an interruption of any kind
and it does what is left.""",
)
@click.argument("task", metavar="TASK.toml", type=click.Path(path_type=Path))
@click.argument("source", metavar="INPUT", type=click.Path(path_type=Path))
@click.option("-o", "--output", required=True, metavar="OUT.jsonl", type=click.Path(path_type=Path), help="The output.")
@click.option("--workers", type=click.IntRange(min=1), default=1, show_default=True, help="Processes, a model in each.")
@click.option("--slots", type=click.IntRange(min=1), help="Texts a process decodes together.  [default: the task's, 1]")
@click.option("--quiet", is_flag=True, help="No bar on stderr.")
def run_job(task: Path, source: Path, output: Path, workers: int, slots: int | None, quiet: bool) -> int:
    """Do the task for every record of INPUT: .jsonl, .csv, .tsv, .parquet, or a folder of .txt files."""
    from typeloom.pipelines import batch, job
    from typeloom.pipelines.journal import errors_beside
    from typeloom.tasks.progress import Bar, Silent

    asked = job.read(task)
    asked = asked if slots is None else replace(asked, slots=slots)
    done = batch.run(asked, source, output, workers=workers, progress=Silent() if quiet else Bar())
    before = f", {done.resumed} of them before" if done.resumed else ""
    errors = f", those in {errors_beside(output)} too" if done.failed else ""
    click.echo(f"typeloom: {done.records} records{before}, {done.failed} errors, in {output}{errors}", err=True)
    return 1 if done.failed else 0


@cli.command(
    "eval",
    epilog="""\b
Examples:
  typeloom eval
  typeloom eval --model qwen2.5-1.5b-q4.gguf --suite documents --mode all --examples 2 -o results
  typeloom eval --suite my/suite.jsonl
\b
Suites: documents, topics, absent, long, or a file of JSON lines with its types.py and labels.json beside it.
Modes: free (no constraint), again (free, invalid answers are sent back), constrained, verbatim (texts quote).""",
)
@model_option
@click.option("--suite", "suites", multiple=True, help="Name or file; may be given again.  [default: all four]")
@click.option("--mode", default="constrained", show_default=True, help="How objects are asked for; all compares them.")
@click.option("--examples", type=click.IntRange(min=0), default=0, show_default=True, help="Examples in the prompt.")
@click.option("--max-tokens", type=click.IntRange(min=1), default=512, show_default=True, help="Tokens of one object.")
@click.option("--threads", type=click.IntRange(min=1), help="Processor threads.  [default: OMP_NUM_THREADS, or cores]")
@layout_option
@seed_option
@click.option("-o", "--output", type=click.Path(file_okay=False, path_type=Path), help="Folder for records, diagrams.")
def evaluate(
    model: str | None,
    suites: Sequence[str],
    mode: str,
    examples: int,
    max_tokens: int,
    threads: int | None,
    layout: WrittenLayout,
    seed: int,
    output: Path | None,
) -> int:
    """Measure a model on texts written by hand: fields, labels, made-up values, nulls, calibration."""
    from typeloom.evaluation import report, write
    from typeloom.evaluation.ask import Mode
    from typeloom.evaluation.run import evaluate as run_suite
    from typeloom.evaluation.suite import NAMES
    from typeloom.tasks.model import load

    def shown(done: int, total: int) -> None:
        if sys.stderr.isatty():
            click.echo(f"\r{done} of {total} ", err=True, nl=done == total)

    with load(model, seed=seed, n_threads=threads, layout=layout) as loaded:
        for suite in suites or NAMES:
            modes = [m.value for m in Mode] if mode == "all" else [mode]
            records = []
            for one in modes:
                found = run_suite(loaded, suite, mode=one, examples=examples, max_tokens=max_tokens, progress=shown)
                records.append(found.record())
                click.echo(report.table(records[-1]) + "\n")
                if output is not None:
                    write.write(found, output)
                if not found.judged:  # labels are scored in one way only
                    break
            if len(records) > 1:
                click.echo(report.compared(records) + "\n")
    return 0


@cli.command(
    epilog="""\b
Example:
  typeloom check invoice.py:Invoice
\b
Exit code 0: it can be generated, 1: a part of it is refused."""
)
@click.argument("type_name", metavar="FILE.py:TYPE")
def check(type_name: str) -> int:
    """Say per field of TYPE what the automaton holds: exact, wider (validated after decoding) or refused, and why."""
    from typeloom.schema.check import check as report

    found = report(imported(type_name))
    click.echo(str(found))
    if found.caps:
        click.echo("\nleft open by the type, and capped when it is generated:\n  " + "\n  ".join(found.caps))
    return 1 if found.refused else 0


@cli.command(
    epilog="""\b
Examples:
  typeloom explain invoice.py:Invoice '{"number": 7}'
  typeloom explain invoice.py:Invoice - < answer.json
\b
White space between the parts of the text is allowed. Exit code 0: accepted, 1: refused."""
)
@click.argument("type_name", metavar="FILE.py:TYPE")
@click.argument("text", metavar="TEXT or -")
def explain(type_name: str, text: str) -> int:
    """Say where and why TEXT is no object of TYPE, and what was allowed there."""
    from typeloom.engine.constraint import compile
    from typeloom.testing import byte_vocabulary

    constraint = compile(imported(type_name), byte_vocabulary(), layout="flexible")
    explanation = constraint.explain(sys.stdin.read().strip() if text == "-" else text)
    click.echo(str(explanation))
    return 0 if explanation.accepted else 1


@cli.command(epilog="\b\nExample:\n  typeloom show invoice.py:Invoice | dot -Tsvg > invoice.svg")
@click.argument("type_name", metavar="FILE.py:TYPE")
@click.option("--max-states", type=click.IntRange(min=2), default=120, show_default=True, help="States to draw.")
def show(type_name: str, max_states: int) -> int:
    """Draw the automaton of a small TYPE as a Graphviz graph."""
    from typeloom.engine.constraint import compile
    from typeloom.testing import byte_vocabulary

    click.echo(compile(imported(type_name), byte_vocabulary()).to_dot(max_states))
    return 0


def lines(files: Sequence[str], value: Callable[[str], dict[str, Any]]) -> int:
    """Print one line of JSON per document; returns the exit code."""
    failed = 0
    for name, read in documents(files):
        try:
            line = {"file": name, **value(read())}
        except (Error, OSError, UnicodeDecodeError) as error:
            failed = 1
            line = {"file": name, "error": {"kind": type(error).__name__, "message": str(error)}}
            click.echo(f"typeloom: {name}: {_one_line(error)}", err=True)
        click.echo(json.dumps(line, ensure_ascii=False))
    return failed


def documents(files: Sequence[str]) -> Iterator[tuple[str, Callable[[], str]]]:
    """The name of each document and how to read it; no file at all is stdin, as `-` is."""
    for name in files or ["-"]:
        if name == "-":
            yield "-", lambda: sys.stdin.buffer.read().decode("utf-8-sig")
        else:
            yield name, lambda path=Path(name): path.read_text(encoding="utf-8-sig")  # type: ignore[misc]


def main(arguments: Sequence[str] | None = None) -> None:
    """The `typeloom` command; ends the process with its exit code."""
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code; errors are one line on stderr, never a traceback."""
    try:
        code = cli.main(list(arguments) if arguments is not None else None, "typeloom", standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help() if error.ctx else "", err=True)
        return 2
    except click.UsageError as error:
        hint = f"; see {error.ctx.command_path} --help" if error.ctx else ""
        click.echo(f"typeloom: {error.format_message().rstrip('.')}{hint}", err=True)
        return 2
    except Error as error:
        click.echo(f"typeloom: {type(error).__name__}: {_one_line(error)}", err=True)
        return 2
    except BrokenPipeError:
        # The reader (head, for one) has gone; keep Python from flushing into the closed pipe at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        click.echo(f"typeloom: {where}{error.strerror or _one_line(error)}", err=True)
        return 2
    except (KeyboardInterrupt, click.Abort):
        click.echo("typeloom: interrupted", err=True)
        return 130


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split())


if __name__ == "__main__":
    main()
