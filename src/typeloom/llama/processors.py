"""How many threads a model gets: more than there are physical cores to use slow llama.cpp down."""

from __future__ import annotations

import os
from pathlib import Path

MAX_THREADS = 512

def default_threads() -> int:
    """Threads for a model where nobody says how many: OMP_NUM_THREADS if it holds a number, else `physical_cores()`.

    Whoever starts several processes on one machine sets that variable to each one's share, as Ray does for its actors.
    Without it, their threads would wait for each other at every layer.
    """
    stated = os.environ.get("OMP_NUM_THREADS", "").strip()
    return int(stated) if stated.isdecimal() and 1 <= int(stated) <= MAX_THREADS else physical_cores()


def physical_cores() -> int:
    """Physical cores among the processors this process may run on, within its control group's quota; at least 1.

    Where the system does not say which processors share a core, every processor counts as one. O(processors).
    """
    try:
        allowed = sorted(os.sched_getaffinity(0))
    except AttributeError:  # not Linux
        return max(1, os.cpu_count() or 1)
    cores = {_siblings(processor) for processor in allowed}
    quota = _quota()
    return max(1, min(len(cores), quota) if quota is not None else len(cores))


def _siblings(processor: int) -> str:
    """The processors that share a core with this one, as the kernel writes them."""
    try:
        return Path(f"/sys/devices/system/cpu/cpu{processor}/topology/thread_siblings_list").read_text().strip()
    except OSError:
        return str(processor)


def _quota() -> int | None:
    """Whole processors that control group v2 grants; None where there is no quota."""
    try:
        granted, period = Path("/sys/fs/cgroup/cpu.max").read_text().split()
        return None if granted == "max" else max(1, int(granted) // int(period))
    except (OSError, ValueError, ZeroDivisionError):
        return None
