"""One local Ray cluster for all tests of a run: it takes longer to start than any of them."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from types import ModuleType

import pytest

Cluster = Callable[[ModuleType], None]
"""Makes what a module of tests defines known to the actors, which cannot import it."""


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A running cluster of two cores. Skips where Ray is not installed or cannot start one."""
    ray = pytest.importorskip("ray")
    pytest.importorskip("ray.data")
    import pipelines.fakes

    # At Ray's own niceness, the workers would hardly run on a busy machine.
    os.environ.update({"RAY_DATA_DISABLE_PROGRESS_BARS": "1", "RAY_worker_niceness": "0"})
    try:
        ray.init(
            num_cpus=2,
            object_store_memory=100 * 2**20,
            include_dashboard=False,
            log_to_driver=False,
            configure_logging=False,
            runtime_env={"env_vars": {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}},
        )
    except Exception as error:  # Ray starts a handful of servers, which not every machine allows, or not in time
        ray.shutdown()
        pytest.skip(f"no Ray cluster can be started here: {type(error).__name__}: {error}")
    ray.cloudpickle.register_pickle_by_value(pipelines.fakes)
    ray.data.DataContext.get_current().enable_progress_bars = False
    yield ray.cloudpickle.register_pickle_by_value
    ray.shutdown()
