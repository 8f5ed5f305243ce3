"""Hypothesis profiles and the import path of the oracles (`from oracles.interpreter import accepts`).

The number of examples is a profile, not a number in a test: `default` for every run, `laws` for the long one
(`pytest --hypothesis-profile=laws`, or TYPELOOM_EXAMPLES=2000). The default run draws the same examples every time, so
that a change is judged by what it changed; the long run draws new ones, and what it finds becomes a case.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

_SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]

settings.register_profile(
    "default",
    max_examples=int(os.environ.get("TYPELOOM_EXAMPLES", "60")),
    deadline=None,
    derandomize="TYPELOOM_EXAMPLES" not in os.environ,
    suppress_health_check=_SLOW,
    print_blob=True,
)
settings.register_profile(
    "laws", settings.get_profile("default"), max_examples=2000, derandomize=False
)
settings.load_profile("default")
