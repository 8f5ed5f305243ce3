"""Ctrl-C for a script of its own: a signal to this process would end the tests."""

from __future__ import annotations

import signal
import subprocess
import sys
import time


def interrupt(script: str, *arguments: str) -> None:
    """Run a script, send it SIGINT a while after it has printed "ready", and expect "interrupted" and a good end."""
    process = subprocess.Popen(
        [sys.executable, "-c", script, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=120)
    assert (out, process.returncode) == ("interrupted\n", 0), err
