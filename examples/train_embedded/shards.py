"""Write samples as tokens into numbered files, ahead of the training that reads them.

A shard is made from its number alone, so making them again gives the same
samples, and several processes may share the work (``--part 0/2``).  The first
shards hold short samples only: copying is learnt sooner from many short
examples than from few long ones.
"""

from __future__ import annotations

import argparse
import pickle
import random
from pathlib import Path

import tokens
from cues import some_value
from samples import sample
from values import WORK, Source

FOLDER = WORK / "shards"
SAMPLES = 3000
LONGEST = 1100
EARLY = 2
SHORT = 200

Pair = tuple[list[int], list[int]]
"""Tokens of the prompt, and of the answer with the end token."""


def path_of(number: int) -> Path:
    return FOLDER / f"{number:05d}.pickle"


def shard(number: int) -> list[Pair]:
    made: list[Pair] = []
    r = random.Random(number)
    seed = 1_000_000 + number * 100_000
    while len(made) < SAMPLES:
        seed += 1
        if r.random() < (0.15 if number < EARLY else 0.01):
            made.append(echo(seed))
            continue
        one = sample(seed)
        head, answer = tokens.prompt_ids(one.messages), [*tokens.encode(one.answer), tokens.END]
        if len(head) + len(answer) <= (SHORT if number < EARLY else LONGEST):
            made.append((head, answer))
    return made


def echo(seed: int) -> Pair:
    """Tokens to be said again as they are: copying and nothing else."""
    r = random.Random(seed)
    if r.random() < 0.5:
        said = [r.randrange(3, tokens.SIZE) for _ in range(r.randint(10, 70))]
        if r.random() < 0.5:  # few kinds of tokens: which one follows depends on more than one
            few = r.sample(said, min(len(said), 12))
            said = [r.choice(few) for _ in said]
    else:
        s = Source(seed)
        said = tokens.encode(", ".join(some_value(s).text for _ in range(r.randint(2, 7))))[:90]
    return [tokens.USER, *said, tokens.END, tokens.ASSISTANT], [*said, tokens.END]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--part", default="0/1", help="this process makes the shards whose number leaves this rest")
    args = parser.parse_args()
    rest, parts = map(int, args.part.split("/"))
    FOLDER.mkdir(parents=True, exist_ok=True)
    if not tokens.FILE.exists():
        tokens.learn()
    for number in range(args.first, args.first + args.count):
        target = path_of(number)
        if number % parts != rest or target.exists():
            continue
        data = pickle.dumps(shard(number))
        target.with_suffix(".tmp").write_bytes(data)
        target.with_suffix(".tmp").rename(target)


if __name__ == "__main__":
    main()
