"""Train the embedded model on the shards that ``shards.py`` writes.

On a processor everything goes by the number of tokens seen, nothing by the
clock, so a run that is slowed down or stopped (``--resume``) gives the same
weights as one that is not.  The learning rate warms up, stays, and falls to
nothing over the last part (``--fall``) of ``--tokens``.  ``--from model.gguf``
begins with the weights of an exported model.

On an accelerator (``--device cuda``) a run may have a time, too
(``--seconds``): whichever of the two is further gone says how far the rate has
fallen, so that the run always comes to its end.  Shards may still be written
while it runs; it takes what is there, and again what it had before if nothing
new is (``OpenShelf``).
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import queue
import random
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Idle threads that spin eat the machine when others want it too: measured
# here, on busy cores, a factor of five.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # NumPy's own, of `products`

import numpy as np
import shards
import torch
from grow import grown
from model import Block, Llama, Shape, multiplies_bfloat16
from muon import Muon, matrices_of
from torch import Tensor
from values import WORK


@dataclass(frozen=True)
class Pace:
    """What suits a device: tokens in a batch (padding included), shards whose samples are put in order of length together."""

    batch: int
    shards: int
    ahead: int
    """Batches made before they are wanted."""
    warm: int
    """Steps over which the rate rises."""
    prompt: float
    """Share of the prompt and of the forced tokens that is learnt too: it teaches the words without paying for all of their logits."""


PACES = {"cpu": Pace(8192, 1, 4, 50, 0.08), "cuda": Pace(65536, 16, 24, 150, 0.2)}
PROMPT_WEIGHT = 0.25
CHOSEN_WEIGHT = 2.5
MATRIX_RATE, OTHER_RATE = 0.02, 3e-3
AVERAGE = 0.005
"""Share of the present weights in the running average, which is what is exported."""
EVERY = 25
"""Steps between two lines of the curve."""
SAVED_EVERY = 120.0
"""Seconds between two checkpoints on an accelerator; a processor writes one behind each shard."""


@dataclass(frozen=True)
class Batch:
    ids: Tensor
    """(samples, tokens): what is read."""
    at: Tensor
    """Which places of the flattened batch are learnt,"""
    target: Tensor
    """what comes after each, and"""
    weight: Tensor
    """how much it counts."""
    done: int | None
    """Behind the last batch of some shards, the number of the next shard: where a run may be taken up again."""


class Shelf:
    """Which shards come next: one after the other."""

    def __init__(self, first: int) -> None:
        self.next = first

    def take(self, count: int) -> list[int]:
        """The next shards; those that are not there yet are waited for."""
        out = list(range(self.next, self.next + count))
        for number in out:
            while not shards.path_of(number).exists():
                time.sleep(2)
        self.next += count
        return out


class OpenShelf(Shelf):
    """Nobody waits: what is new is taken first, and what is missing is drawn from what was had before."""

    def __init__(self, first: int) -> None:
        super().__init__(first)
        self.had = set(range(first))

    def take(self, count: int) -> list[int]:
        while not (there := sorted(int(path.stem) for path in shards.FOLDER.glob("*.npz") if path.stem.isdigit())):
            time.sleep(0.2)
        out = [number for number in there if number not in self.had][:count]
        again = [number for number in there if number in self.had]
        self.had.update(out)
        self.next = max([self.next, *(number + 1 for number in out)])
        return out + random.Random(self.next).sample(again, min(len(again), count - len(out)))


def batches(numbers: list[int], following: int, pace: Pace) -> Iterator[Batch]:
    """The samples of some shards, those of like length together."""
    kept = [shards.load(shards.path_of(number)) for number in numbers]
    tokens = torch.from_numpy(np.concatenate([one.tokens for one in kept]).astype(np.int64))
    roles = torch.from_numpy(np.concatenate([one.roles for one in kept]))
    lengths = np.concatenate([one.lengths for one in kept])
    starts = np.cumsum(lengths) - lengths
    r = np.random.default_rng(numbers[0])
    order = np.argsort(lengths * r.uniform(0.93, 1.0, len(lengths)))
    groups: list[list[int]] = [[]]
    longest = 0
    for sample in order.tolist():
        longest = max(longest, int(lengths[sample]))
        if longest * (len(groups[-1]) + 1) > pace.batch and groups[-1]:
            groups.append([])
            longest = int(lengths[sample])
        groups[-1].append(sample)
    mask = torch.Generator().manual_seed(numbers[0])
    order = r.permutation(len(groups))
    for at in order:
        group = groups[at]
        length = torch.from_numpy(lengths[group])[:, None]
        place = torch.arange(int(length.max()))[None, :]
        inside = place < length
        index = torch.from_numpy(starts[group])[:, None] + torch.where(inside, place, 0)
        # The token at a place is what the place before it has to say.
        role, inside = roles[index][:, 1:], inside[:, 1:]
        seldom = (torch.rand(role.shape, generator=mask) < pace.prompt) * PROMPT_WEIGHT
        weight = (torch.where(role == shards.SAID, 1.0, torch.where(role == shards.CHOSEN, CHOSEN_WEIGHT, seldom)) * inside).flatten()
        learnt = weight.nonzero().squeeze(1)
        ids = tokens[index]
        yield Batch(ids[:, :-1].contiguous(), learnt, ids[:, 1:].flatten()[learnt], weight[learnt], done=following if at == order[-1] else None)


def ahead(batches: Iterator[Batch], count: int) -> Iterator[Batch]:
    """The same batches, made by a thread of their own, some before they are wanted.  What goes wrong there is raised here."""
    ready: queue.Queue[Batch | Exception] = queue.Queue(count)

    def make() -> None:
        try:
            for batch in batches:
                ready.put(batch)
        except Exception as error:
            ready.put(error)

    threading.Thread(target=make, daemon=True).start()
    while True:
        made = ready.get()
        if isinstance(made, Exception):
            raise made
        yield made


def coming(device: str, shard: int) -> Iterator[Batch]:
    """All batches from a shard on."""
    pace = PACES[device]
    shelf = (Shelf if device == "cpu" else OpenShelf)(shard)
    while True:
        numbers = shelf.take(pace.shards)
        yield from batches(numbers, shelf.next, pace)


def feed(ready: Any, device: str, shard: int) -> None:
    """What the process does that makes batches for an accelerator."""
    torch.set_num_threads(1)
    try:
        for one in coming(device, shard):
            ready.put((one.ids.int().numpy(), one.at.int().numpy(), one.target.int().numpy(), one.weight.numpy(), one.done))
    except Exception as error:
        ready.put(error)


def beside(shard: int) -> Iterator[Batch]:
    """The batches for an accelerator, made in a process of their own: a thread would hold the lock that launching kernels waits for."""
    context = multiprocessing.get_context("spawn")
    ready = context.Queue(PACES["cuda"].ahead)
    context.Process(target=feed, args=(ready, "cuda", shard), daemon=True).start()
    while True:
        made = ready.get()
        if isinstance(made, Exception):
            raise made
        *parts, done = made
        ids, at, target, weight = (torch.from_numpy(part).pin_memory().to("cuda", non_blocking=True) for part in parts)
        yield Batch(ids, at.long(), target.long(), weight, done)


def surprise(logits: Tensor, target: Tensor) -> Tensor:
    """How unlikely the model held each target, in nats.  Compiled, it takes a third of the time of ``F.cross_entropy`` on a CPU."""
    logits = logits.float()
    return torch.logsumexp(logits, -1) - logits.gather(1, target[:, None])[:, 0]


class Run:
    """A model, its optimisers, and how far they have come."""

    def __init__(self, model: Llama, device: str = "cpu") -> None:
        self.model = model.to(device)
        self.device = device
        self.surprise = surprise
        self.share = AVERAGE
        matrices = matrices_of(model)
        chosen = {id(p) for p in matrices}
        self.muon = Muon(matrices)
        others = [p for p in model.parameters() if id(p) not in chosen]
        self.adam = torch.optim.AdamW(others, lr=OTHER_RATE, betas=(0.9, 0.98), weight_decay=0.0, fused=device == "cuda")
        self.average = {name: t.detach().clone() for name, t in model.state_dict().items()}
        self.step = self.seen = self.shard = 0
        self.begun = 0  # the step at which the optimisers began, and with them the warming up

    def save(self, path: Path) -> None:
        state = {"shape": self.model.shape, "model": self.model.state_dict(), "average": self.average, "muon": self.muon.kept, "adam": self.adam.state_dict(),
                 "step": self.step, "begun": self.begun, "seen": self.seen, "shard": self.shard}
        torch.save(state, path.with_suffix(".tmp"))
        path.with_suffix(".tmp").rename(path)

    @classmethod
    def resumed(cls, path: Path, device: str) -> Run:
        state = torch.load(path, weights_only=False, map_location=device)
        model = Llama(state["shape"])
        model.load_state_dict(state["model"])
        run = cls(model, device)
        run.average, run.muon.kept = state["average"], state["muon"]
        run.adam.load_state_dict(state["adam"])
        run.step, run.begun, run.seen, run.shard = state["step"], state["begun"], state["seen"], state["shard"]
        return run

    def grown(self, size: int, layers: int) -> Run:
        """A run of a bigger model that begins with the average of this one's weights."""
        run = Run(grown({name: t.cpu() for name, t in self.average.items()}, self.model.shape, size, layers), self.device)
        run.step = run.begun = self.step
        run.seen, run.shard = self.seen, self.shard
        return run

    def half(self) -> AbstractContextManager[None]:
        """Matrix products are in bfloat16 where the device has them."""
        return torch.autocast(self.device, torch.bfloat16) if multiplies_bfloat16(self.device) else nullcontext()

    def learn(self, batch: Batch, rate: float) -> Tensor:
        """One step; returns loss summed over answer tokens, answer tokens right, and their number."""
        model = self.model
        with self.half():
            rows = model.rows()
            logits = model.logits(model.hidden(batch.ids, rows).flatten(0, 1)[batch.at], rows)
            each = self.surprise(logits, batch.target)
        model.zero_grad()
        ((each * batch.weight).sum() / batch.weight.sum()).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        self.muon.step(MATRIX_RATE * rate)
        for group in self.adam.param_groups:
            group["lr"] = OTHER_RATE * rate
        self.adam.step()
        self.step += 1
        self.seen += batch.ids.numel()
        with torch.no_grad():
            share = max(self.share, 1 / (self.step - self.begun + 1))
            torch._foreach_lerp_(list(self.average.values()), [t.detach() for t in model.state_dict().values()], share)
            answer = (batch.weight >= 1.0).float()
            return torch.stack((each.detach().float() @ answer, (logits.argmax(-1) == batch.target).float() @ answer, answer.sum()))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--tokens", type=float, default=20e6, help="tokens in all, those before --resume included")
    parser.add_argument("--fall", type=float, default=0.35, help="part of the run over which the rate falls")
    parser.add_argument("--resume", action="store_true", help="go on from work/checkpoint.pt")
    parser.add_argument("--from", dest="weights", type=Path, help="begin with the weights and the tokens of a GGUF")
    parser.add_argument("--grow", nargs=2, type=int, metavar=("SIZE", "LAYERS"), help="with --resume or --from: numbers a head and layers of a bigger model to go on with")
    parser.add_argument("--shape", type=int, nargs=4, metavar=("WIDTH", "LAYERS", "HEADS", "HIDDEN"), help="another shape than the shipped one")
    parser.add_argument("--know", type=float, help="what is known of words begins with this share of the length of the tokens' own rows (0.5; 0 with --from)")
    parser.add_argument("--peak", type=float, default=1.0, help="factor of all learning rates")
    parser.add_argument("--shard", type=int, help="go on with this shard")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    parser.add_argument("--seconds", type=float, help="come to the end within this time, all tokens seen or not (cuda)")
    parser.add_argument("--warm", type=int, help="steps over which the rate rises")
    parser.add_argument("--average", type=float, default=AVERAGE, help="share of the present weights in the running average, which is what is exported: more for short runs")
    parser.add_argument("--products", choices=("torch", "numpy"), default="torch", help="whose matrix products (cpu); NumPy's are faster on AMD")
    parser.add_argument("--name", default="checkpoint", help="of the file in work/")
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    checkpoint = WORK / f"{args.name}.pt"
    if args.resume:
        run = Run.resumed(checkpoint, args.device)
    elif args.weights:
        from export import read

        run = Run(informed(read(args.weights), args.know or 0.0), args.device)
    else:
        width, layers, heads, hidden = args.shape or (Shape.width, Shape.layers, Shape.heads, Shape.hidden)
        run = Run(informed(Llama(Shape(width=width, layers=layers, heads=heads, hidden=hidden)), 0.5 if args.know is None else args.know), args.device)
    if args.grow:
        run = run.grown(*args.grow)
    if args.shard is not None:
        run.shard = args.shard
    print(f"{sum(p.numel() for p in run.model.parameters()):,} parameters", flush=True)
    if multiplies_bfloat16(args.device):
        torch.set_float32_matmul_precision("high")
        torch.fx.experimental._config.use_duck_shape = False  # sizes that happen to be equal are not the same size
        for block in run.model.blocks:
            assert isinstance(block, Block)
            block.asked, block.told = (torch.compile(part, dynamic=True) for part in (block.asked, block.told))
        run.surprise = torch.compile(run.surprise, dynamic=True)
    if args.products == "numpy":
        from products import take_over

        take_over(run)
    run.share = args.average
    train(run, args.tokens, args.fall, args.peak, checkpoint, args.seconds, args.warm)


def informed(model: Llama, share: float) -> Llama:
    """The model, told what is known of its tokens as words."""
    import tokens

    model.know(torch.from_numpy(tokens.known()), share)
    return model


def train(run: Run, tokens: float, fall: float, peak: float, checkpoint: Path, seconds: float | None = None, warm: int | None = None) -> None:
    begun, before = time.time(), run.seen
    saved = begun
    told = torch.zeros(3, device=run.device)
    pace = PACES[run.device]

    def gone() -> float:
        """How much of the run is behind us."""
        return max(run.seen / tokens, (time.time() - begun) / seconds if seconds else 0.0)

    made = ahead(coming("cpu", run.shard), pace.ahead) if run.device == "cpu" else beside(run.shard)
    for batch in made:
        rate = peak * min(1.0, (run.step - run.begun + 1) / (warm or pace.warm), max(0.0, 1 - gone()) / fall)
        told += run.learn(batch, rate)
        if run.step % EVERY == 0:
            loss, right, count = told.tolist()
            told.zero_()
            line = {"step": run.step, "tokens": run.seen, "shard": run.shard, "rate": round(rate, 4), "loss": round(loss / count, 4), "answer_tokens": round(right / count, 4)}
            with checkpoint.with_suffix(".curve.jsonl").open("a") as file:
                file.write(json.dumps(line) + "\n")
            print(f"{(run.seen - before) / (time.time() - begun):6.0f}/s {line}", flush=True)
        if batch.done is not None:
            run.shard = batch.done
            if run.device == "cpu" or time.time() - saved > SAVED_EVERY:
                run.save(checkpoint)
                saved = time.time()
        if gone() >= 1:
            break
    run.save(checkpoint)


if __name__ == "__main__":
    main()
