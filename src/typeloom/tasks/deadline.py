"""The `timeout` of a call: a clock that ends it from another thread."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from typeloom.errors import Cancelled, Error
from typeloom.llama.decode import Interrupt, out_of_time


@contextmanager
def deadline(interrupt: Interrupt, seconds: float | None) -> Iterator[None]:
    """Cancels the interrupt once the block has run for so many seconds (None: never), and raises TimeoutExpired for the
    Cancelled that comes of it. A block that ends in spite of it has not expired. Costs a thread.

    >>> import time
    >>> interrupt = Interrupt()
    >>> with deadline(interrupt, 0.01):
    ...     while not interrupt.cancelled():
    ...         time.sleep(0.001)
    ...     raise Cancelled("cancelled")
    Traceback (most recent call last):
    typeloom.errors.TimeoutExpired: not done within 0.01 seconds; ...
    """
    if seconds is None:
        yield
        return
    expired = threading.Event()

    def expire() -> None:
        expired.set()
        interrupt.cancel()

    clock = threading.Timer(seconds, expire)
    clock.daemon = True
    clock.start()
    try:
        yield
    except Cancelled as error:
        if not expired.is_set():
            raise
        raise out_of_time(seconds) from error
    finally:
        clock.cancel()


def positive(seconds: float | None) -> None:
    """Refuse what is no timeout: 0 or less, or more than a clock can wait for."""
    if seconds is not None and not 0.0 < seconds <= threading.TIMEOUT_MAX:
        raise Error(f"expected a timeout of more than 0 seconds, or None for no timeout, got {seconds!r}")
