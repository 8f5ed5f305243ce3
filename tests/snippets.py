"""The snippets of a page of Markdown, and how they are run: Python sessions, files, and commands with what they print.

- A `python` block with prompts is a session; those of a page go on in one another.
- A block with `title="mail/1.txt"` is a file, which the sessions and commands of the page find.
- A `console` block holds commands, each behind `$ `, and what they print on both streams; `...` stands for anything.
"""

from __future__ import annotations

import doctest
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import typeloom as tl

ROOT = Path(__file__).parents[1]
FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.IGNORE_EXCEPTION_DETAIL
_BLOCK = re.compile(r"^```(?P<language>\w*)(?: title=\"(?P<title>[^\"]+)\")?\n(?P<text>.*?)^```", re.M | re.S)


@dataclass(frozen=True, slots=True)
class Page:
    """The blocks of one page, in order."""

    name: str
    text: str

    def sessions(self) -> list[str]:
        """The Python sessions."""
        return [block["text"] for block in self._blocks() if block["language"] == "python" and not block["title"]]

    def write_files(self, folder: Path) -> None:
        """Write the files that the page shows."""
        for block in self._blocks():
            if block["title"]:
                path = folder / block["title"]
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(block["text"], encoding="utf-8")

    def commands(self) -> Iterator[tuple[str, str]]:
        """Each command, and what it prints."""
        for block in self._blocks():
            if block["language"] == "console":
                for part in re.split(r"^\$ (?=typeloom )", block["text"], flags=re.M)[1:]:
                    command, _, output = part.partition("\n")
                    yield command, output

    def lines_for_a_shell(self) -> list[list[str]]:
        """What is given to `typeloom` in the blocks without a language, up to a pipe or a redirection."""
        blocks = [block["text"] for block in self._blocks() if not block["language"]]
        lines = [line for block in blocks for line in block.split("\n") if line.startswith("typeloom ")]
        return [shlex.split(re.split(r" [|>] ", line)[0], comments=True)[1:] for line in lines]

    def _blocks(self) -> Iterator[re.Match[str]]:
        return _BLOCK.finditer(self.text)


def page(path: Path) -> Page:
    """The page of a file."""
    return Page(path.name, path.read_text(encoding="utf-8"))


def session(blocks: list[str], name: str) -> None:
    """Run the blocks one after the other; fails with what came out otherwise."""
    test = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, name, name, 0)
    assert test.examples
    found: list[str] = []
    doctest.DocTestRunner(verbose=False, optionflags=FLAGS).run(test, out=found.append, clear_globs=False)
    assert not found, "".join(found)


def embedded_model() -> bool:
    """Whether the package holds its model and llama.cpp is there to run it."""
    try:
        import llama_cpp  # noqa: F401

        from typeloom import embedded

        return embedded.path().is_file()
    except (ImportError, OSError, tl.Error):
        return False
