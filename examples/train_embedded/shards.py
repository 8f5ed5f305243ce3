"""Write samples as tokens into numbered files, ahead of the training that reads them.

A shard is made from its number alone, so making them again gives the same
samples, and several processes may share the work (``--part 0/2``).  The first
shards hold short samples only: copying is learnt sooner from many short
examples than from few long ones.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import tokens
from cues import some_value
from samples import Sample, sample
from values import WORK, Source

FOLDER = WORK / "shards"
SAMPLES = 500
LONGEST = 1100
EARLY = 12
SHORT = 200

Line = tuple[list[int], list[int]]
"""Tokens, and for each what it is: one of the four below."""
GIVEN, FORCED, SAID, CHOSEN = range(4)
"""Prompt; keys and marks that the grammar forces; the rest of a value; labels, and the beginning of a value, where it is decided
which one it is, or that there is none."""


@dataclass(frozen=True)
class Shelved:
    """The samples of a shard one behind the other."""

    tokens: np.ndarray[Any, np.dtype[np.uint16]]
    roles: np.ndarray[Any, np.dtype[np.uint8]]
    lengths: np.ndarray[Any, np.dtype[np.int32]]


def path_of(number: int) -> Path:
    return FOLDER / f"{number:05d}.npz"


def save(lines: list[Line], path: Path) -> None:
    """Under another name first: whoever waits for the file must not see half of it."""
    unfinished = path.with_suffix(".tmp.npz")
    np.savez(
        unfinished,
        tokens=np.concatenate([np.array(ids, np.uint16) for ids, _ in lines]),
        roles=np.concatenate([np.array(roles, np.uint8) for _, roles in lines]),
        lengths=np.array([len(ids) for ids, _ in lines], np.int32),
    )
    unfinished.rename(path)


def load(path: Path) -> Shelved:
    with np.load(path) as file:
        return Shelved(file["tokens"], file["roles"], file["lengths"])


def shard(number: int, longest: int = LONGEST) -> list[Line]:
    made: list[Line] = []
    r = random.Random(number)
    seed = 1_000_000 + number * 100_000
    while len(made) < SAMPLES:
        seed += 1
        if r.random() < (0.15 if number < EARLY else 0.02):
            made.append(echo(seed))
            continue
        one = sample(seed)
        line = labelled(one) if one.kind == "labels" else filled(one)
        if len(line[0]) <= (SHORT if number < EARLY else longest):
            made.append(line)
    return made


def labelled(one: Sample) -> Line:
    """Labels are short: all of one is the choice."""
    return learnt(one, lambda answer: [CHOSEN] * len(answer))


def filled(one: Sample) -> Line:
    """Objects: what the grammar forces is told from what the model has to say."""
    return learnt(one, spoken)


def learnt(one: Sample, roles_of: Callable[[list[int]], list[int]]) -> Line:
    """Every answer of the turns is learnt, those of the examples, too."""
    ids: list[int] = []
    roles: list[int] = []
    for turn in [*one.messages, {"role": "assistant", "content": one.answer}]:
        said = turn["role"] == "assistant"
        inner = tokens.encode(turn["content"])
        ids += [tokens.ASSISTANT if said else tokens.USER, *inner, tokens.END]
        roles += [GIVEN, *(roles_of(inner) if said else [GIVEN] * len(inner)), FORCED if said else GIVEN]
    return ids, roles


def spoken(answer: list[int]) -> list[int]:
    """For each token of an object's JSON whether the grammar forces it, decides or goes on.

    Two tokens decide, the quote and the beginning behind it.  Before null and numbers the token `":` does, too: it is
    said instead of `":"`, which begins a string.
    """
    pieces = [tokens.piece(token) for token in answer]
    forced = marks(b"".join(pieces).decode())
    roles, at = [], 0
    for piece in pieces:
        roles.append(FORCED if all(forced[at : at + len(piece)]) else SAID)
        at += len(piece)
    for at in range(len(roles) - 1):
        if roles[at] == FORCED and roles[at + 1] == SAID:
            if pieces[at].endswith(b":"):
                roles[at] = CHOSEN
            for after in range(at + 1, min(at + 3, len(roles))):
                roles[after] = CHOSEN if roles[after] == SAID else roles[after]
    return roles


def marks(answer: str) -> list[bool]:
    """For each byte of an object's JSON, whether the grammar leaves no choice: keys, colons, commas between fields."""
    out: list[bool] = []
    decoder = json.JSONDecoder()

    def mark(start: int, end: int, forced: bool) -> int:
        out.extend([forced] * len(answer[start:end].encode()))
        return end

    def value(at: int) -> int:
        opening = answer[at]
        if opening not in "{[":
            return mark(at, decoder.raw_decode(answer, at)[1], False)
        keyed = opening == "{"
        at = mark(at, at + 1, keyed)
        while answer[at] not in "}]":
            if answer[at] == ",":
                at = mark(at, at + 1, keyed)
            if keyed:  # the key and its colon
                at = mark(at, decoder.raw_decode(answer, at)[1] + 1, True)
            at = value(at)
        return mark(at, at + 1, keyed)

    value(0)
    return out


def echo(seed: int) -> Line:
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
    return [tokens.USER, *said, tokens.END, tokens.ASSISTANT, *said, tokens.END], [*[GIVEN] * (len(said) + 3), *[SAID] * (len(said) + 1)]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--part", default="0/1", help="this process makes the shards whose number leaves this rest")
    parser.add_argument("--longest", type=int, default=LONGEST, help="tokens of a sample at most")
    args = parser.parse_args()
    rest, parts = map(int, args.part.split("/"))
    FOLDER.mkdir(parents=True, exist_ok=True)
    if not tokens.FILE.exists():
        tokens.learn()
    for number in range(args.first, args.first + args.count):
        target = path_of(number)
        if number % parts != rest or target.exists():
            continue
        save(shard(number, args.longest), target)


if __name__ == "__main__":
    main()
