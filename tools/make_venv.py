"""Make a virtual environment with pip, also where the system's Python comes without ensurepip (Debian without python3-venv).

In that case pip's own wheel is fetched from the package index, checked against the digest that the index states, and run to
install itself. Run by the system's Python: standard library only.
"""

import hashlib
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import urllib.request
import venv

INDEX = "https://pypi.org/pypi/pip/json"


def fetch_pip(folder: str) -> str:
    """The path of pip's newest wheel."""
    with urllib.request.urlopen(INDEX, timeout=60) as answer:
        files = json.load(answer)["urls"]
    wheel = next(entry for entry in files if entry["packagetype"] == "bdist_wheel")
    with urllib.request.urlopen(wheel["url"], timeout=60) as answer:
        data = answer.read()
    if hashlib.sha256(data).hexdigest() != wheel["digests"]["sha256"]:
        raise ValueError(f"{wheel['url']} does not have the digest that the index states")
    path = os.path.join(folder, wheel["filename"])
    with open(path, "wb") as stream:
        stream.write(data)
    return path


def main(target: str) -> int:
    has_pip = importlib.util.find_spec("ensurepip") is not None
    try:
        venv.create(target, with_pip=has_pip, symlinks=True)
        if not has_pip:
            with tempfile.TemporaryDirectory() as folder:
                command = [os.path.join(target, "bin", "python"), os.path.join(fetch_pip(folder), "pip"), "install", "--quiet", "pip"]
                subprocess.run(command, check=True)
    except (OSError, ValueError, subprocess.CalledProcessError) as error:
        print(f"cannot make the virtual environment {target}: {error}; try: sudo apt install python3-venv", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
