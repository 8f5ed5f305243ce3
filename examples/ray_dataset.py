"""A Ray dataset read by a pool of actors, with one model each; the same task as on one machine.

Needs `pip install 'typeloom[ray]'`. `ray.init()` starts a cluster on this machine, or finds the one that you run.
"""

from __future__ import annotations

from typing import Literal

import ray
from pydantic import BaseModel, Field

import typeloom as tl
import typeloom.pipelines.ray as over_ray

TEXTS = [f"Order {number}: {number % 7 + 1} chairs, please hurry." for number in range(24)]


class Order(BaseModel):
    number: int = Field(ge=0, le=9999)
    pieces: int = Field(ge=1, le=99)
    urgency: Literal["low", "high"]


def main() -> None:
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    dataset = ray.data.from_items([{"id": at, "text": text} for at, text in enumerate(TEXTS)])
    orders = over_ray.extract(dataset, tl.Task(Order, "Read the order."), actors=2, on_error="return", num_cpus=1)
    rows = sorted(orders.take_all(), key=lambda row: row["id"])
    for row in rows[:5]:
        print(row)
    print(f"{len(rows)} rows, {sum(row['error'] is not None for row in rows)} errors")
    ray.shutdown()


if __name__ == "__main__":
    main()
