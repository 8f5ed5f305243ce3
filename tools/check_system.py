"""Say in one line what has to be installed before anything can be built; silent and 0 if nothing is missing.

Run by the system's Python, before there is a virtual environment: standard library only.
"""

import importlib.util
import os
import shutil
import sys
import sysconfig


def missing() -> "list[str]":
    """Debian's names of the packages that are not there."""
    packages = []
    compilers = [os.environ.get("CXX", "").split(" ")[0], "c++", "g++", "clang++"]
    if not any(name and shutil.which(name) for name in compilers):
        packages.append("g++")
    if not os.path.exists(os.path.join(sysconfig.get_paths()["include"], "Python.h")):
        packages.append("python3-dev")
    if importlib.util.find_spec("venv") is None:
        packages.append("python3-venv")
    return packages


def main() -> int:
    if sys.version_info < (3, 11):
        version = ".".join(map(str, sys.version_info[:3]))
        print(f"typeloom needs Python 3.11 or newer, {sys.executable} is {version}; name another: make PYTHON=python3.12", file=sys.stderr)
        return 1
    packages = missing()
    if packages:
        names = " ".join(packages)
        print(f"to build typeloom, something is missing here; install it with: sudo apt install {names}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
