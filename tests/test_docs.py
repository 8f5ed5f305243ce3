"""Every Python snippet of the documentation runs, every page is in the navigation, and every link leads somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from test_readme import ROOT, embedded_model, session

PAGES = sorted((ROOT / "docs").glob("*.md"))
NEEDS = {"polars": "polars", "sklearn": "sklearn"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_snippets_of_a_page_run(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", text, re.M | re.S)
    if not blocks:
        return
    for word, package in NEEDS.items():
        if word in "".join(blocks):
            pytest.importorskip(package)
    if "tl.load(" in "".join(blocks) and not embedded_model():
        pytest.skip(f"{page.name}: the embedded model or llama_cpp is not installed")
    session(blocks)


def test_every_page_is_in_the_navigation_once() -> None:
    listed = re.findall(r"^  - [^:]+: (\S+\.md)$", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"), re.M)
    assert sorted(listed) == [page.name for page in PAGES]


def test_links_between_pages_lead_somewhere() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#]+\.md)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).is_file(), f"{page.name}: {target}"
