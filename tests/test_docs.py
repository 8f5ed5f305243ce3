"""Every snippet of the README and of docs/ runs, every page is in the navigation, and every link leads somewhere."""

from __future__ import annotations

import doctest
import re
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import typeloom as tl
from snippets import ROOT, Page, embedded_model, page, session
from typeloom import cli
from typeloom.pipelines import job

FILES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
PAGES = [page(path) for path in FILES]
NEEDS = {"import polars": "polars", "import pandas": "pandas", "from sklearn": "sklearn"}


def needs(one: Page, text: str) -> None:
    """Skip by name what a page cannot run without."""
    for words, package in NEEDS.items():
        if words in text:
            pytest.importorskip(package)
    if not embedded_model():
        pytest.skip(f"{one.name}: the embedded model or llama_cpp is not installed")


@pytest.mark.parametrize("one", [one for one in PAGES if one.sessions()], ids=lambda one: one.name)
def test_the_sessions_of_a_page_run(one: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    one.write_files(tmp_path)
    blocks = one.sessions()
    if "tl.load(" in "".join(blocks):
        needs(one, "".join(blocks))
    session(blocks, one.name)


@pytest.fixture
def modules() -> Iterator[None]:
    before = dict(sys.modules), list(sys.path)
    yield
    sys.path[:] = before[1]
    for name in set(sys.modules) - set(before[0]):
        if name == "invoice":
            del sys.modules[name]


@pytest.mark.usefixtures("modules")
@pytest.mark.parametrize("one", [one for one in PAGES if any(one.commands())], ids=lambda one: one.name)
def test_the_commands_of_a_page_print_what_it_says(
    one: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    needs(one, "")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    one.write_files(tmp_path)
    for command, expected in one.commands():
        cli.run(shlex.split(command)[1:])
        out = capsys.readouterr()
        same = doctest.OutputChecker().check_output(expected, out.err + out.out, doctest.ELLIPSIS)
        assert same, f"$ {command}\n{out.err}{out.out}"


@pytest.mark.parametrize("one", [one for one in PAGES if one.lines_for_a_shell()], ids=lambda one: one.name)
def test_the_command_lines_of_a_page_can_be_given(one: Page) -> None:
    for name, *arguments in one.lines_for_a_shell():
        command = cli.cli.commands[name]
        assert isinstance(command, click.Command)
        with command.make_context(name, list(arguments)):
            pass


@pytest.mark.parametrize("one", [one for one in PAGES if "```toml" in one.text], ids=lambda one: one.name)
def test_the_task_files_of_a_page_are_read(one: Page, tmp_path: Path) -> None:
    for text in re.findall(r"^```toml[^\n]*\n(.*?)^```", one.text, re.M | re.S):
        (tmp_path / "task.toml").write_text(text)
        assert job.read(tmp_path / "task.toml").type


def test_every_page_is_in_the_navigation_once() -> None:
    listed = re.findall(r"^ +- [^:]+: (\S+\.md)$", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"), re.M)
    assert sorted(listed) == sorted(path.name for path in FILES[1:])


def test_links_lead_somewhere() -> None:
    for path in FILES:
        text = path.read_text(encoding="utf-8")
        for target in re.findall(r"\]\(([^)#:]+)[)#]", text):
            assert (path.parent / target).exists(), f"{path.name}: {target}"
        for target in re.findall(r'^--8<-- "([^"]+)"', text, re.M):
            assert (ROOT / target).is_file(), f"{path.name}: {target}"
        for name in re.findall(r"`((?:examples|src|benches|docs)/[\w/.]*)`", text):
            assert (ROOT / name).exists(), f"{path.name}: {name}"


def test_the_reference_names_all_that_is_public() -> None:
    listed = set(re.findall(r"^::: (\S+)$", (ROOT / "docs" / "reference.md").read_text(encoding="utf-8"), re.M))
    for name in tl.__all__:
        one = getattr(tl, name)
        path = one.__name__ if not hasattr(one, "__qualname__") else f"{one.__module__}.{one.__qualname__}"
        assert path in listed, name
