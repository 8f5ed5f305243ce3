"""Install llama-cpp-python into the environment of this Python, building only libllama and ggml, and show the progress.

An installed llama_cpp that can be imported is left as it is. The build's whole output goes to build/llama_cpp.log; a terminal
sees one line that moves, a file one line for every tenth. pip keeps the built wheel, so a second build is instant.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOG = ROOT / "build" / "llama_cpp.log"
OFF = (
    "LLAVA_BUILD",
    "LLAMA_BUILD_TOOLS",
    "LLAMA_BUILD_SERVER",
    "LLAMA_BUILD_EXAMPLES",
    "LLAMA_BUILD_TESTS",
    "LLAMA_BUILD_APP",
    "LLAMA_OPENSSL",
)
STEP = re.compile(r"^\s*\[(\d+)/(\d+)\]")


def requirement() -> str:
    """What pyproject.toml asks for."""
    with (ROOT / "pyproject.toml").open("rb") as stream:
        wanted = tomllib.load(stream).get("project", {}).get("dependencies", [])
    return next((entry for entry in wanted if entry.startswith("llama-cpp-python")), "llama-cpp-python")


def build_environment() -> dict[str, str]:
    """CMake arguments that leave out what typeloom does not call; what the user has set comes after them, and wins."""
    hook = ROOT / "tools" / "llama_library_only.cmake"
    arguments = [f'"-DCMAKE_PROJECT_llama_cpp_INCLUDE={hook}"', *(f"-D{name}=OFF" for name in OFF)]
    arguments.append(os.environ.get("CMAKE_ARGS", ""))
    return {**os.environ, "CMAKE_ARGS": " ".join(arguments).strip(), "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def show_progress(lines: Iterable[str], log: Path) -> None:
    """Copy the lines to the log, and say on standard output how far they have come."""
    start = time.monotonic()
    moving = sys.stdout.isatty()
    tenth = -1
    with log.open("w") as kept:
        for line in lines:
            kept.write(line)
            found = STEP.match(line)
            if found is None:
                continue
            done, total = int(found[1]), int(found[2])
            text = f"building llama.cpp (once): [{done}/{total}] {time.monotonic() - start:.0f} s"
            if moving:
                print(f"\r{text}", end="", flush=True)
            elif done * 10 // total > tenth:
                print(text, flush=True)
            tenth = done * 10 // total
    if moving and tenth >= 0:
        print()


def main() -> int:
    probe = [sys.executable, "-c", "import llama_cpp"]
    if subprocess.run(probe, capture_output=True, check=False).returncode == 0:
        return 0
    LOG.parent.mkdir(parents=True, exist_ok=True)
    print("installing llama-cpp-python; the first time, its C++ library is built here, which takes a few minutes", flush=True)
    command = [sys.executable, "-m", "pip", "install", "-v", requirement()]
    with subprocess.Popen(
        command, env=build_environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    ) as process:
        assert process.stdout is not None
        show_progress(process.stdout, LOG)
    done = subprocess.run(probe, capture_output=True, text=True, check=False)
    if process.returncode == 0 and done.returncode == 0:
        return 0
    print("".join(LOG.read_text(errors="replace").splitlines(keepends=True)[-25:]) + done.stderr, file=sys.stderr)
    print(f"llama-cpp-python could not be installed; all of the output is in {LOG.relative_to(ROOT)}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
