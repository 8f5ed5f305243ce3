"""What a model can find, and what it cannot: records of six fields whose values look alike.

A record says six invented facts in one way ("The {c} is {v}.") with values of
one sort (dates, say), so that nothing but the cue tells which value belongs
to which field: one in six is chance.  Each answer token is asked for with the
right ones before it; a value is right if all of its tokens are.  The average
of an evaluation hides what this table shows: a model may copy names and be
unable to tell two dates apart.

    python probe.py work/checkpoint.pt
    python probe.py ../../src/typeloom/embedded/model.gguf
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import cues
import tokens
import torch
from documents import Offered, answer_of, schema_of
from export import TARGET, loaded, read
from model import Llama
from samples import prompt
from values import Source, Value, quoted, words

FIELDS = 6
VALUES: dict[str, Callable[[Source], Value]] = {
    "name": lambda s: words(s.invented(1, 3)), "person": Source.person, "code": Source.code, "integer": lambda s: s.integer(10, 5000),
    "number": lambda s: s.number(1, 90_000, False), "date": Source.date, "time": Source.time,
}
WAYS: dict[str, tuple[str, Callable[[str], str]]] = {
    "cue: value": ("{c}: {v}\n", str), "Cue: value": ("{c}: {v}\n", str.title), "CUE: value": ("{c}: {v}\n", str.upper),
    "the cue is value": ("The {c} is {v}. ", str), "far apart": ("Our {c} happens to be {v}. ", str),
    "value is the cue": ("{v} is the {c}. ", str), "value within": ("They gave {v} as the {c}. ", str),
}


def record(s: Source, way: str, value: str) -> tuple[dict[str, Any], str, str]:
    """Schema, text and answer."""
    shape, spelled = WAYS[way]
    facts: dict[str, Value] = {}
    while len(facts) < FIELDS:
        facts.setdefault(s.any(cues.NOUNS).split("_")[0], VALUES[value](s))
    text = "".join(shape.replace("{c}", spelled(name)).replace("{v}", fact.text) for name, fact in facts.items())
    names = list(facts)
    s.r.shuffle(names)
    asked = [(name, "", facts[name], facts[name].schema) for name in names]
    return schema_of(asked, Offered.SOME), text.strip(), answer_of(asked, Offered.SOME)


@torch.no_grad()
def judged(model: Llama, schema: dict[str, Any], text: str, answer: str) -> Iterator[bool]:
    """For each field of an object without objects in it, whether the model would say its value."""
    head = tokens.prompt_ids(prompt.extraction(prompt.outline(schema), text))
    ids = tokens.encode(answer)
    hidden = model.hidden(torch.tensor([[*head, *ids[:-1]]]))[0, len(head) - 1 :]
    good = (model.logits(hidden).argmax(-1) == torch.tensor(ids)).tolist()
    ends = [0]
    for token in ids:
        ends.append(ends[-1] + len(tokens.piece(token)))
    at = 1
    for name in json.loads(answer):
        start = answer.index(f"{quoted(name)}:", at) + len(quoted(name)) + 1
        at = json.JSONDecoder().raw_decode(answer, start)[1]
        low, high = len(answer[:start].encode()), len(answer[:at].encode())
        yield all(ok for ok, (before, after) in zip(good, pairwise(ends), strict=True) if after > low and before < high)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("model", type=Path, nargs="?", default=TARGET, help="checkpoint (its average) or GGUF")
    parser.add_argument("--count", type=int, default=8, help="records of each sort")
    args = parser.parse_args()
    torch.set_num_threads(1)
    model = read(args.model) if args.model.suffix == ".gguf" else loaded(args.model, "average")
    print(" " * 18 + "".join(f"{value:>9}" for value in VALUES))
    for way in WAYS:
        cells = []
        for value in VALUES:
            found = [good for n in range(args.count) for good in judged(model, *record(Source(9_700_000 + n), way, value))]
            cells.append(f"{100 * sum(found) / len(found):7.0f} %")
        print(f"{way:18}" + "".join(cells), flush=True)


if __name__ == "__main__":
    main()
