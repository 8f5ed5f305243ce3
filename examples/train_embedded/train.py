"""Train the embedded model for a number of minutes, from fixed seeds.

Samples are made while training goes on, in a process of their own, and never
repeat.  A checkpoint is written every few minutes; a run that is started
again with ``--resume`` goes on from it.  The learning rate follows the wall
clock: warm up, hold, then fall to nothing over the last 40 % of the time.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import time
from collections.abc import Iterator
from typing import Any

# Idle threads that spin eat the machine when others want it too: measured
# here, on busy cores, a factor of five.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

import tokens
import torch
import torch.nn.functional as F
from cues import some_value
from model import Llama, Shape
from samples import sample
from values import WORK, Source

LONGEST = 1100
SHORT = 190
BUDGET = 3600  # tokens in a batch, padding included


def batches(seed: int, queue: Any, short: int) -> None:
    """Make batches of samples of like length for ever.

    The first ``short`` samples are short ones: copying is learnt sooner from
    many short examples than from few long ones.  The long ones wait.
    """
    at = seed
    waiting: list[Any] = []
    while True:
        made: list[Any] = []
        while len(made) < 300:
            if short <= 0 and waiting and at % 2:
                made.append(waiting.pop())
            at += 1
            if random.Random(at).random() < (0.35 if short > 0 else 0.04):
                made.append(echo(at))
                short -= 1
                continue
            one = sample(at)
            head = tokens.prompt_ids(one.messages)
            answer = [*tokens.encode(one.answer), tokens.END]
            if len(head) + len(answer) <= (SHORT if short > 0 else LONGEST):
                made.append((head, answer))
                short -= 1
            elif len(head) + len(answer) <= LONGEST:
                waiting.append((head, answer))
        made.sort(key=lambda pair: len(pair[0]) + len(pair[1]))
        groups: list[list[Any]] = [[]]
        for pair in made:
            longest = len(pair[0]) + len(pair[1])
            if longest * (len(groups[-1]) + 1) > BUDGET:
                groups.append([])
            groups[-1].append(pair)
        random.Random(at).shuffle(groups)
        for group in groups:
            width = max(len(h) + len(a) for h, a in group)
            ids = torch.zeros(len(group), width, dtype=torch.long)
            weight = torch.zeros(len(group), width)
            for row, (head, answer) in enumerate(group):
                whole = head + answer
                ids[row, : len(whole)] = torch.tensor(whole)
                # A tenth of the prompt is learnt too, at little weight: it
                # teaches the words without paying for all of their logits.
                weight[row, : len(head) - 1] = (torch.rand(len(head) - 1) < 0.1) * 0.2
                weight[row, len(head) - 1 : len(whole) - 1] = 1.0
            queue.put((ids, weight))


def echo(seed: int) -> tuple[list[int], list[int]]:
    """Tokens to be said again as they are.

    Half of this answer is copying and nothing else, so the attention heads
    that copy form sooner than from objects alone.
    """
    r = random.Random(seed)
    if r.random() < 0.6:
        said = [r.randrange(3, 1024) for _ in range(r.randint(10, 70))]
        if r.random() < 0.5:  # few kinds of tokens: which one follows depends on more than one
            few = r.sample(said, min(len(said), 12))
            said = [r.choice(few) for _ in said]
    else:
        s = Source(seed)
        said = tokens.encode(", ".join(some_value(s).text for _ in range(r.randint(2, 7))))[:90]
    return [tokens.USER, *said, tokens.END, tokens.ASSISTANT], [*said, tokens.END]


class Muon:
    """Momentum made orthogonal, for the matrices.  In float32: CPUs without
    bfloat16 arithmetic run PyTorch's own (bfloat16) version a hundred times slower."""

    def __init__(self, matrices: list[torch.nn.Parameter], momentum: float = 0.95) -> None:
        self.groups: dict[Any, list[torch.nn.Parameter]] = {}
        for p in matrices:
            self.groups.setdefault(tuple(p.shape), []).append(p)
        self.kept = {shape: torch.zeros(len(ps), *shape) for shape, ps in self.groups.items()}
        self.momentum = momentum

    @torch.no_grad()
    def step(self, rate: float) -> None:
        for shape, ps in self.groups.items():
            grad = torch.stack([p.grad for p in ps])
            kept = self.kept[shape]
            kept.lerp_(grad, 1 - self.momentum)
            # Query, key and value are stacked in one matrix but are made
            # orthogonal one by one: at first the gradient of the value is far
            # larger, and together it would leave the other two untrained.
            parts = getattr(ps[0], "parts", 1)
            split = grad.lerp_(kept, self.momentum).view(-1, shape[0] // parts, shape[1])
            scale = max(1.0, split.shape[1] / split.shape[2]) ** 0.5
            update = orthogonal(split).reshape(len(ps), *shape)
            for p, u in zip(ps, update, strict=True):
                p.mul_(1 - rate * 0.05).add_(u, alpha=-rate * scale)


def orthogonal(g: torch.Tensor, steps: int = 5) -> torch.Tensor:
    """Newton-Schulz iteration towards the nearest orthogonal matrix."""
    a, b, c = 3.4445, -4.7750, 2.0315
    tall = g.shape[-2] > g.shape[-1]
    x = g.mT if tall else g
    x = x / (x.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    for _ in range(steps):
        s = x @ x.mT
        x = a * x + (b * s + c * s @ s) @ x
    return x.mT if tall else x


def matrices_of(model: Llama) -> list[torch.nn.Parameter]:
    return [p for n, p in model.named_parameters() if p.dim() == 2 and "embedding" not in n]


def stream(seed: int, short: int) -> Iterator[Any]:
    queue: Any = multiprocessing.get_context("spawn").Queue(40)
    worker = multiprocessing.get_context("spawn").Process(target=batches, args=(seed, queue, short), daemon=True)
    worker.start()
    while True:
        yield queue.get()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--fall", type=float, default=0.4, help="part of the time in which the rate falls")
    parser.add_argument("--data-seed", type=int, default=1_000_000)
    parser.add_argument("--short", type=int, default=12_000, help="short samples to begin with")
    args = parser.parse_args()

    torch.manual_seed(args.seed)
    torch.set_num_threads(2)
    WORK.mkdir(exist_ok=True)
    if not tokens.FILE.exists():
        tokens.learn()
    model = Llama(Shape())
    checkpoint = WORK / "checkpoint.pt"
    matrices = matrices_of(model)
    chosen = {id(p) for p in matrices}
    muon = Muon(matrices)
    adam = torch.optim.AdamW([p for p in model.parameters() if id(p) not in chosen], lr=3e-3, betas=(0.9, 0.98), weight_decay=0.0)
    step = seen = 0
    if args.resume:
        state = torch.load(checkpoint, weights_only=False)
        model.load_state_dict(state["model"])
        muon.kept = state["muon"]
        adam.load_state_dict(state["adam"])
        step, seen = state["step"], state["seen"]
    print(f"{sum(p.numel() for p in model.parameters()):,} parameters", flush=True)

    begun = saved = time.time()
    before = seen
    right = total = lost = 0.0
    for ids, weight in stream(args.data_seed + step * 1000, max(0, args.short - int(seen / 150))):
        done = (time.time() - begun) / (60 * args.minutes)
        if done >= 1:
            break
        rate = min(1.0, (step + 1) / 60 if not args.resume else 1.0, (1 - done) / args.fall)
        hidden = model.hidden(ids[:, :-1])
        weight = weight[:, :-1]
        at = weight > 0
        target, w = ids[:, 1:][at], weight[at]
        logits = model.logits(hidden[at])
        each = F.cross_entropy(logits, target, reduction="none")
        loss = (each * w).sum() / w.sum()
        for p in model.parameters():
            p.grad = None
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        muon.step(0.02 * rate)
        for group in adam.param_groups:
            group["lr"] = 3e-3 * rate
        adam.step()
        step += 1
        seen += ids.numel()
        sure = w == 1.0
        right += float((logits.argmax(-1) == target)[sure].sum())
        total += float(sure.sum())
        lost += float(each[sure].detach().sum())
        if step % 25 == 0:
            speed = (seen - before) / (time.time() - begun)
            print(f"{(time.time() - begun) / 60:6.1f} min  step {step}  {seen / 1e6:.2f}M tokens  {speed:.0f}/s  loss {lost / total:.4f}  answer tokens {right / total:.4f}", flush=True)
            right = total = lost = 0.0
        if time.time() - saved > 150:
            saved = time.time()
            save(checkpoint, model, muon, adam, step, seen)
    save(checkpoint, model, muon, adam, step, seen)


def save(path: Any, model: Llama, muon: Muon, adam: Any, step: int, seen: int) -> None:
    torch.save({"model": model.state_dict(), "muon": muon.kept, "adam": adam.state_dict(), "step": step, "seen": seen}, path.with_suffix(".tmp"))
    path.with_suffix(".tmp").rename(path)


if __name__ == "__main__":
    main()
