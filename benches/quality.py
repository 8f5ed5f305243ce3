"""What a model gets right on the shipped suites, and what constraints buy: one model asked in four ways.

Runs every suite of `typeloom.evaluation`: documents, absent and long in each mode (free, invalid answers sent back,
constrained, quotations), documents also with examples in the prompt, topics once. Writes benches/record/quality.md (the
tables), quality.json (every record), and quality/ (diagrams of what is constrained, and of the labels). Takes minutes
with the embedded model; nothing in the numbers but `seconds` depends on the machine.

Run:  python benches/quality.py [--model other.gguf]
"""

from __future__ import annotations

import argparse
import datetime
import json
from pathlib import Path
from typing import Any

from decode import machine

import typeloom as tl
from typeloom.evaluation import report, write
from typeloom.evaluation.ask import Mode
from typeloom.evaluation.run import Evaluation, evaluate

RECORD = Path(__file__).parent / "record"
EXAMPLES = (1, 3)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, default=None, help="GGUF; the embedded one if not given")
    parser.add_argument("--record", type=Path, default=RECORD)
    chosen = parser.parse_args()
    folder = chosen.record / "quality"
    folder.mkdir(parents=True, exist_ok=True)
    everything: list[dict[str, Any]] = []
    parts = [f"# quality, {datetime.date.today().isoformat()}", "`python benches/quality.py`", about()]
    with tl.load(chosen.model, n_threads=1) as model:

        def run(suite: str, mode: Mode = Mode.CONSTRAINED, examples: int = 0) -> Evaluation:
            found = evaluate(model, suite, mode=mode, examples=examples)
            everything.append(found.record())
            if mode is Mode.CONSTRAINED and examples == 0:
                for file, content in write.files(found).items():
                    if file.endswith(".svg"):
                        (folder / file).write_text(content, encoding="utf-8")
            return found

        parts.append("## What constraints buy")
        details = []
        for suite in ("documents", "absent", "long"):
            records = [run(suite, mode).record() for mode in Mode]
            if suite == "documents":
                records += [run(suite, examples=count).record() for count in EXAMPLES]
            parts.append(report.compared(records))
            details.append(report.table(next(one for one in records if one["mode"] == "constrained")))
        parts += ["## Constrained, in detail", *details, "## Labels", report.table(run("topics").record())]
    text = "\n\n".join(parts) + "\n"
    print(text)
    (chosen.record / "quality.json").write_text(json.dumps(everything, ensure_ascii=False, indent=1) + "\n", "utf-8")
    (chosen.record / "quality.md").write_text(text, encoding="utf-8")


def about() -> str:
    told = machine(("typeloom", "llama-cpp-python", "gguf", "pydantic", "numpy"))
    versions = ", ".join(f"{package} {number}" for package, number in told["versions"].items())
    return f"{told['processor']}, one thread, Python {told['python']}, {versions}"


if __name__ == "__main__":
    main()
